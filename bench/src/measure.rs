//! Closed loops of clients, each of which sends its next request when it has the answer to the last.

use std::time::{Duration, Instant};

use crate::{Error, Result};

/// Rounds of every row. The sides of a row take turns, so that whatever else the machine does meets all of them.
pub const ROUNDS: usize = 3;
/// How long a round lasts.
pub const ROUND: Duration = Duration::from_secs(5);

/// Somebody who does the same thing over and over.
pub trait Client: Send + 'static {
    /// Does it once. What goes wrong ends the run: a benchmark of failures measures nothing.
    fn call(&mut self) -> impl Future<Output = Result<()>> + Send;
}

/// What a round came to.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Calls per second, of all clients together.
    pub per_second: f64,
    /// The median of a call's time in milliseconds.
    pub p50_ms: f64,
    /// What one call in twenty exceeds, in milliseconds.
    pub p95_ms: f64,
    /// What one call in a hundred exceeds, in milliseconds.
    pub p99_ms: f64,
}

/// Lets clients work side by side for one [`ROUND`]; answers them, too, for the next one.
pub async fn drive<C: Client>(clients: Vec<C>) -> Result<(Load, Vec<C>)> {
    let started = Instant::now();
    let run = |mut client: C| async move {
        let mut times = vec![];
        while started.elapsed() < ROUND {
            let begun = Instant::now();
            client.call().await?;
            times.push(begun.elapsed());
        }
        Ok::<_, Error>((client, times))
    };
    let tasks: Vec<_> = clients.into_iter().map(|client| tokio::spawn(run(client))).collect();
    let (mut clients, mut times) = (vec![], vec![]);
    for task in tasks {
        let (client, taken) = task.await??;
        clients.push(client);
        times.extend(taken);
    }
    let per_second = count(times.len()) / started.elapsed().as_secs_f64();
    times.sort_unstable();
    Ok((
        Load {
            per_second,
            p50_ms: percentile_ms(&times, 50),
            p95_ms: percentile_ms(&times, 95),
            p99_ms: percentile_ms(&times, 99),
        },
        clients,
    ))
}

/// The value below which `percent` of the sorted times lie, in milliseconds.
fn percentile_ms(sorted: &[Duration], percent: usize) -> f64 {
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
}

/// The value in the middle.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A number of things as a float.
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
pub fn count(things: usize) -> f64 {
    things as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_whatever_the_order() {
        assert!((median([3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
    }

    #[test]
    fn percentiles_stay_within_the_times() {
        let times: Vec<_> = (1..=100).map(Duration::from_millis).collect();
        assert!((percentile_ms(&times, 50) - 51.0).abs() < f64::EPSILON);
        assert!((percentile_ms(&times[..1], 99) - 1.0).abs() < f64::EPSILON);
    }
}
