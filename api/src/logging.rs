//! Where log lines go and how they look.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{EnvFilter, fmt};

use crate::settings::{LogFormat, Settings};

/// Starts logging to standard error, as the settings say; standard output belongs to a command's result.
///
/// A second call in one process changes nothing, so that tests may start as many servers as they like.
pub fn start(settings: &Settings) {
    let filter = EnvFilter::try_new(&settings.log_filter).expect("the filter was read when the settings were");
    let lines = fmt().with_env_filter(filter).with_writer(stderr);
    // The only failure is that logging has been started before.
    let _ = match settings.log_format {
        LogFormat::Pretty => lines.with_ansi(stderr().is_terminal()).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
}
