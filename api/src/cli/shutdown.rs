//! How the operating system says that it is time to stop.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::CommandError;

/// A token that is cancelled by the first SIGTERM or SIGINT (Ctrl-C). A second one ends the process at once, for whoever cannot wait.
///
/// # Errors
/// [`CommandError::System`] if the signals cannot be waited for.
pub(super) fn on_signal() -> Result<CancellationToken, CommandError> {
    let listen = |kind| signal(kind).map_err(|source| CommandError::System { action: "wait for signals", source });
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
    let token = CancellationToken::new();
    let cancelled = token.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if cancelled.is_cancelled() {
                std::process::exit(1);
            }
            tracing::info!("stopping; a second signal stops at once");
            cancelled.cancel();
        }
    });
    Ok(token)
}
