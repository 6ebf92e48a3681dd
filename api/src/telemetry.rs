//! The process' metrics: what `/metrics` renders.

use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper edges of the buckets of every histogram whose name ends in `_seconds`, from half a millisecond to the
/// longest execution.
const SECONDS_BUCKETS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// How often the recorder folds what it has gathered.
const UPKEEP: Duration = Duration::from_secs(5);

/// Installs the process' metrics recorder and returns the handle that renders it.
///
/// [`keep_up_metrics`] must run beside it.
///
/// # Errors
/// A recorder is installed already.
pub fn start_metrics() -> Result<PrometheusHandle, BuildError> {
    let seconds = Matcher::Suffix("_seconds".to_owned());
    PrometheusBuilder::new().set_buckets_for_metric(seconds, &SECONDS_BUCKETS)?.install_recorder()
}

/// Folds gathered samples every few seconds, for ever; without it they pile up until somebody asks for them.
pub async fn keep_up_metrics(metrics: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        metrics.run_upkeep();
    }
}
