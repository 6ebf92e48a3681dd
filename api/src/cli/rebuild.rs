//! `casestream rebuild`.

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use projections::{ProjectionError, ReadModels, RebuildProgress, rebuild};
use sqlx::{PgPool, postgres::PgPoolOptions};

use super::{CommandError, output};
use crate::{
    settings::Settings,
    store::{Store, check_owner},
};

#[derive(Debug, Args)]
pub(super) struct Rebuild {
    /// Build the next version beside the one that serves, and switch when it has caught up
    #[arg(long, required = true)]
    prepare: bool,
}

/// Builds the read models anew while the old ones serve.
pub(super) async fn run(settings: Settings, Rebuild { prepare: _ }: Rebuild) -> Result<(), CommandError> {
    let store = Store::open(&settings).await?;
    let owner = PgPoolOptions::new().max_connections(3).connect_with(store.database.owner_options()).await?;
    check_owner(&owner).await?;
    let bar = ProgressBar::new(0).with_style(
        ProgressStyle::with_template("{msg} {bar:40} {pos} of {len} ({per_sec}, {eta} left)")
            .expect("a valid template"),
    );
    let rebuilt = each(&owner, &store, &bar).await;
    bar.finish_and_clear();
    owner.close().await;
    store.close().await?;
    rebuilt?;
    Ok(())
}

/// Builds one group after the other. Names come first, so that nothing is named in vain meanwhile.
async fn each(owner: &PgPool, store: &Store, bar: &ProgressBar) -> Result<(), ProjectionError> {
    for (name, models) in [("directory", ReadModels::Directory), ("case", ReadModels::Cases)] {
        bar.set_message(format!("{name}: reading events"));
        let progress = |progress| match progress {
            RebuildProgress::Events { position, of } => {
                bar.set_length(of.unsigned_abs());
                bar.set_position(position.unsigned_abs());
            }
            RebuildProgress::Indexes => bar.set_message(format!("{name}: making indexes")),
            RebuildProgress::Switched { version } => bar.set_message(format!("{name}: version {version} is live")),
        };
        let live = rebuild(owner, &store.pool, store.log.codec(), models, progress).await?;
        let line =
            format!("{name}: version {} is live, with every event up to position {}", live.version, live.position);
        bar.suspend(|| output::line(format_args!("{line}")));
    }
    Ok(())
}
