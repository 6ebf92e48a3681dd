//! `casestream links`.

use clap::Args;
use domain::{Scope, case::Case};
use futures_util::FutureExt as _;
use projections::{Reads, watchers};

use super::{CommandError, history, output};
use crate::{opaque::Opaque, settings::Settings, store::Store, watch::WatcherLinks};

#[derive(Debug, Args)]
pub(super) struct Links {
    /// A number (CS-000123), an id, or what the case is called in the system that it comes from
    case: String,
}

/// Prints who watches a case, and the links by which they confirm and leave.
pub(super) async fn run(settings: Settings, Links { case }: Links) -> Result<(), CommandError> {
    let store = Store::open(&settings).await?;
    let printed = match history::catch_up(&store).await {
        Ok(()) => print(&store, &settings, &case).await,
        Err(error) => Err(error),
    };
    store.close().await?;
    printed
}

async fn print(store: &Store, settings: &Settings, name: &str) -> Result<(), CommandError> {
    let found = history::find(store, name).await?.ok_or_else(|| CommandError::NoSuchCase { name: name.to_owned() })?;
    let case_id = found.summary.case_id;
    let case: Case = store.log.latest(&case_id.to_string()).await?;
    let Some(state) = case.state else { return Ok(()) };
    let (opaque, origin) = (Opaque::new(&store.master), settings.base_url.as_str());
    let reads = Reads::open(store.pool.clone(), store.log.codec().clone()).await?;
    for entry in reads.read(&Scope::Auditor, move |tx| watchers(tx, vec![case_id]).boxed()).await? {
        let Some(links) = WatcherLinks::of(&opaque, case_id, &state, &entry.watcher) else { continue };
        let name = entry.person.and_then(|person| person.name).or(entry.address);
        output::line(name.as_deref().unwrap_or("[erased]"));
        if let Some(confirm) = links.confirm {
            output::line(format_args!("  confirm {origin}{confirm}"));
        }
        output::line(format_args!("  leave   {origin}{}", links.leave));
    }
    Ok(())
}
