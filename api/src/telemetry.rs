//! What an operator sees of the running process: the log on standard error, and the metrics recorder.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people: one line each, in color on a terminal.
    Pretty,
    /// For machines: one JSON object a line, with the fields of the spans around it.
    Json,
}

/// Why telemetry could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not one.
    #[error(
        "log filter {filter:?} is not valid: {source}; write levels and targets like \"info,api=debug\""
    )]
    Filter {
        /// What was given.
        filter: String,
        /// What is wrong with it.
        source: ParseError,
    },
    /// The log was set up before.
    #[error("logging is already set up: {0}")]
    Log(#[from] TryInitError),
    /// The metrics recorder was set up before, or its buckets are wrong.
    #[error("metrics could not be set up: {0}")]
    Metrics(#[from] BuildError),
}

/// Starts logging. `filter` is a list of levels by target, as `info,api=debug` (the syntax of `RUST_LOG`).
///
/// # Errors
/// A filter that can't be read, or logging that has been started before.
pub fn start_logging(format: LogFormat, filter: &str) -> Result<(), TelemetryError> {
    let env_filter = EnvFilter::try_new(filter).map_err(|source| TelemetryError::Filter {
        filter: filter.to_owned(),
        source,
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(env_filter)
        .with_writer(io::stderr);
    match format {
        LogFormat::Pretty => builder
            .with_ansi(io::stderr().is_terminal())
            .finish()
            .try_init()?,
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .finish()
            .try_init()?,
    }
    Ok(())
}

/// Upper edges of the buckets of every histogram whose name ends in `_seconds`, from half a millisecond to the
/// longest execution.
const SECONDS_BUCKETS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// How often the recorder folds what it has gathered.
const UPKEEP: Duration = Duration::from_secs(5);

/// Installs the process' metrics recorder and returns the handle that renders it.
///
/// [`keep_up_metrics`] must run beside it.
///
/// # Errors
/// A recorder is installed already.
pub fn start_metrics() -> Result<PrometheusHandle, TelemetryError> {
    let seconds = Matcher::Suffix("_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(seconds, &SECONDS_BUCKETS)?;
    Ok(builder.install_recorder()?)
}

/// Folds gathered samples every few seconds, for ever; without it they pile up until somebody asks for them.
pub async fn keep_up_metrics(metrics: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        metrics.run_upkeep();
    }
}

#[cfg(test)]
mod tests {
    use super::{LogFormat, start_logging};

    #[test]
    fn a_wrong_filter_is_refused_by_name() {
        let error = start_logging(LogFormat::Json, "api=loud").expect_err("no such level");
        assert!(error.to_string().contains("api=loud"), "{error}");
    }
}
