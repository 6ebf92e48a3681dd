//! `casestream serve`.

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{CommandError, shutdown};
use crate::{
    listen::listen,
    postgres::Database,
    settings::{LISTEN, OPERATIONS_LISTEN, Settings},
};

/// Everything that the service runs with.
#[derive(Debug)]
pub struct Server {
    /// The checked settings.
    pub settings: Settings,
    /// The open database.
    pub database: Database,
    /// Where the API is served.
    pub listener: TcpListener,
    /// Where health and metrics are served.
    pub operations_listener: TcpListener,
    /// Cancelled when the service is to finish what it has accepted and end.
    pub shutdown: CancellationToken,
}

/// Takes the addresses first, since a port in use is the commonest mistake and the cheapest to find, then opens the database; closes
/// it when the service has ended, however it has.
pub(super) async fn run(settings: Settings) -> Result<(), CommandError> {
    let shutdown = shutdown::on_signal()?;
    let listener = listen(&LISTEN, settings.listen)?;
    let operations_listener = listen(&OPERATIONS_LISTEN, settings.operations_listen)?;
    // Not cut short by a signal: a PostgreSQL that is half started could not be stopped in order.
    let database = Database::open(&settings).await?;
    let server = Server {
        settings,
        database,
        listener,
        operations_listener,
        shutdown,
    };
    let served = serve(&server).await;
    let closed = server.database.close().await;
    served.and(closed.map_err(CommandError::from))
}

async fn serve(server: &Server) -> Result<(), CommandError> {
    tracing::info!(
        mode = ?server.settings.mode,
        address = %server.settings.listen,
        operations_address = %server.settings.operations_listen,
        "ready"
    );
    server.shutdown.cancelled().await;
    Ok(())
}
