//! What time does: waits end, and resolved cases are closed when nobody objected.
//!
//! When it is due stands in the read models; whether it still is, the case's stream decides, as for any command. So any number
//! of instances may look, and none needs to be told that another has done it.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::{CaseId, Scope};
use futures_util::FutureExt as _;
use projections::{ProjectionError, VISIBLE_WITHIN, due_cases};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::graphql::Services;

/// How often it looks.
const TICK: Duration = Duration::from_secs(1);
/// How many cases it takes at a time; at the next tick the others.
const AT_A_TIME: i64 = 100;
/// How long a case that failed is left alone.
const AGAIN_AFTER: Duration = Duration::from_mins(1);

/// Does what is due, for ever. Every instance may.
pub async fn run(services: Arc<Services>) {
    let mut failed: HashMap<CaseId, Instant> = HashMap::new();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        failed.retain(|_, since| since.elapsed() < AGAIN_AFTER);
        if let Err(error) = act(&services, &mut failed).await {
            tracing::warn!(error = %error, "what is due could not be read; trying again");
        }
    }
}

/// Does what is due now, but for the cases that have just failed; waits until the read models show it, so that it is
/// not found again.
async fn act(services: &Services, failed: &mut HashMap<CaseId, Instant>) -> Result<(), ProjectionError> {
    let (commands, now) = (&services.commands, services.commands.clock.now());
    // Those that have just failed must not stand before the others.
    let limit = AT_A_TIME + i64::try_from(failed.len()).unwrap_or(i64::MAX / 2);
    let due = services.reads.read(&Scope::Staff, move |tx| due_cases(tx, now, limit).boxed()).await?;
    let mut last = 0;
    for case_id in due {
        if failed.contains_key(&case_id) {
            continue;
        }
        match commands.act_on_time(case_id).await.map(|outcome| (outcome.position, outcome.refusal)) {
            Ok((position, None)) => {
                last = last.max(position);
                metrics::counter!("casestream_timers_total").increment(1);
                tracing::debug!(%case_id, "did what was due");
            }
            Ok((_, Some(refusal))) => {
                failed.insert(case_id, Instant::now());
                tracing::error!(%case_id, reason = refusal.message, "the rules refuse what is due");
            }
            Err(error) => {
                failed.insert(case_id, Instant::now());
                tracing::warn!(%case_id, error = %error, "what is due could not be done; trying again in a minute");
            }
        }
    }
    services.projector.wait_until(last, VISIBLE_WITHIN).await;
    Ok(())
}
