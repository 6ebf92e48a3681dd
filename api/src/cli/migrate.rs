//! `casestream migrate`.

use super::{CommandError, output};
use crate::{postgres::Database, settings::Settings, store};

/// Brings the schema up to date, as the database's owner.
pub(super) async fn run(settings: Settings) -> Result<(), CommandError> {
    let database = Database::open(&settings).await?;
    let migrated = store::migrate(&database).await;
    database.close().await?;
    migrated?;
    output::line(format_args!("the database is up to date"));
    Ok(())
}
