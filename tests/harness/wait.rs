//! Waiting for something to become true, without guessing how long it takes.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long anything may take on a machine that builds and tests at the same time.
const DEADLINE: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(20);

/// Asks again and again until `question` answers with a value, and returns that.
///
/// # Panics
/// After a minute, saying for what was waited.
pub async fn until<T>(what: &str, mut question: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(answer) = question().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited {DEADLINE:?} in vain for {what}");
        sleep(POLL).await;
    }
}
