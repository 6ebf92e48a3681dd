//! `casestream master-key`.

use clap::Subcommand;
use event_log::exchange;
use sqlx::postgres::PgPoolOptions;

use super::{CommandError, output};
use crate::{
    master_key::SEALED_COLUMNS,
    settings::Settings,
    store::{Store, check_owner},
};

#[derive(Debug, Subcommand)]
pub(super) enum MasterKeyCommand {
    /// Take the last key of the file into use, and seal anew what earlier ones have sealed
    #[command(
        after_help = "Add a line to the file first (`openssl rand -base64 32`), have it on every machine and start every instance anew; \
        run this as the owner of the tables; start every instance anew once more, and run it again until nothing is left to do."
    )]
    Exchange,
}

pub(super) async fn run(settings: Settings, MasterKeyCommand::Exchange: MasterKeyCommand) -> Result<(), CommandError> {
    let store = Store::open(&settings).await?;
    let exchanged = exchanged(&store).await;
    store.close().await?;
    exchanged
}

async fn exchanged(store: &Store) -> Result<(), CommandError> {
    let owner = PgPoolOptions::new().max_connections(3).connect_with(store.database.owner_options()).await?;
    check_owner(&owner).await?;
    let exchanged = exchange::exchange(&owner, &store.master, &SEALED_COLUMNS).await;
    owner.close().await;
    let exchanged = exchanged?;
    if exchanged.unreadable > 0 {
        let what =
            format!("{} sealed values open under no key of the file: it is not all of them", exchanged.unreadable);
        return Err(CommandError::NotAsRecorded { what });
    }
    output::line(match exchanged.anew {
        0 => "everything is sealed under the last key of the file".to_owned(),
        anew => format!("{anew} values sealed anew; start every instance anew and run this again"),
    });
    Ok(())
}
