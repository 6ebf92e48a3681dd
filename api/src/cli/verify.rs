//! `casestream verify`.

use event_log::{Verification, verify::BadEvent};
use indicatif::{ProgressBar, ProgressStyle};

use super::{CommandError, output};
use crate::{
    identity::{BadAccess, verify_access_log},
    settings::Settings,
    store::Store,
};

/// What the chains cannot show, said each time, so that nobody takes the answer for more than it is.
const BLIND_SPOT: &str = "a chain shows every altered, missing or inserted event, and a tail that was cut off its stream; \
it cannot show a key that was deleted beside the service (an erased text that nobody redacted), a stream whose end \
and head were cut back together, one that was removed with its head, one that was rewritten whole with new hashes, or \
two cases whose events changed places in the log without leaving their own order";

/// Checks every chain; names the first bad event and fails if there is one.
pub(super) async fn run(settings: Settings) -> Result<(), CommandError> {
    let store = Store::open(&settings).await?;
    let checked = check(&store).await;
    store.close().await?;
    let (Verification { streams, events, first_bad }, accesses) = checked?;
    output::line(format_args!("{events} events in {streams} streams checked"));
    if let Some(BadEvent { stream, sequence, position, reason }) = first_bad {
        let position = position.map_or_else(String::new, |position| format!(" (position {position})"));
        return Err(CommandError::NotAsRecorded {
            what: format!("event {sequence}{position} of stream {stream} is not as it was recorded: {reason}"),
        });
    }
    match accesses {
        Ok(rows) => output::line(format_args!("{rows} rows of the access log checked")),
        Err(BadAccess { sequence, reason }) => {
            return Err(CommandError::NotAsRecorded {
                what: format!("row {sequence} of the access log is not as it was recorded: {reason}"),
            });
        }
    }
    output::line(format_args!("all chains hold; {BLIND_SPOT}"));
    Ok(())
}

async fn check(store: &Store) -> Result<(Verification, Result<i64, BadAccess>), CommandError> {
    let bar = ProgressBar::new_spinner()
        .with_style(ProgressStyle::with_template("{spinner} {pos} events checked").expect("a valid template"));
    let verification = event_log::verify(&store.pool, |events| bar.set_position(events)).await?;
    bar.finish_and_clear();
    let accesses = verify_access_log(&store.pool).await?;
    Ok((verification, accesses))
}
