//! Where log lines go and how they look.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{
    EnvFilter, fmt,
    fmt::{
        SubscriberBuilder,
        format::{DefaultFields, Format, Json, JsonFields},
    },
};

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
        LogFormat::Json => for_machines(lines).try_init(),
    };
}

/// One JSON object a line, whatever is in it.
fn for_machines<F, W>(
    lines: SubscriberBuilder<DefaultFields, Format, F, W>,
) -> SubscriberBuilder<JsonFields, Format<Json>, F, W> {
    lines.json().flatten_event(true)
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl MakeWriter<'_> for Log {
        type Writer = Self;

        fn make_writer(&self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn nobody_writes_a_line_of_their_own_into_the_log_of_machines() {
        let log = Log::default();
        let forged = "gone\n{\"level\":\"INFO\",\"message\":\"all is well\"}\r\n\u{1b}[2J\u{2028}";
        let subscriber = for_machines(fmt().with_writer(log.clone())).finish();
        tracing::subscriber::with_default(subscriber, || {
            let span = tracing::info_span!("request", said = forged);
            span.in_scope(|| tracing::error!(error = %forged, "{forged}"));
        });
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 1, "{text}");
        let line: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
        assert_eq!(
            (&line["level"], &line["error"], &line["span"]["said"]),
            (&"ERROR".into(), &forged.into(), &forged.into())
        );
        assert!(line["timestamp"].as_str().is_some_and(|at| at.ends_with('Z')), "{line}: times are in UTC");
        assert!(!text.trim_end().contains(|c: char| c.is_ascii_control()), "{text}");
    }
}
