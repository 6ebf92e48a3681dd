//! Brings the private PostgreSQL back when it dies under a running service.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{
    net::UnixStream,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{DatabaseError, cluster::Cluster, lock::StartingLock, socket};

/// How often the socket is tried. A connection without a word costs the server one short-lived process and no log line.
const PERIOD: Duration = Duration::from_secs(1);

/// The task that watches one cluster until this value is ended or dropped.
#[derive(Debug)]
pub(super) struct Supervisor {
    ended: DropGuard,
    task: JoinHandle<()>,
}

impl Supervisor {
    /// Watches the server on the socket in `socket_folder`.
    pub(super) fn start(cluster: Cluster, socket_folder: PathBuf) -> Self {
        let ended = CancellationToken::new();
        let until = ended.clone();
        let task = tokio::spawn(async move {
            until.run_until_cancelled(watch(cluster, socket_folder)).await;
        });
        Self { ended: ended.drop_guard(), task }
    }

    /// Ends the watch; when this returns the supervisor starts nothing more.
    pub(super) async fn end(self) {
        drop(self.ended);
        // The task either ended by the cancellation or panicked, which its own report has told.
        let _ = self.task.await;
    }
}

async fn watch(cluster: Cluster, socket_folder: PathBuf) {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if is_listening(&socket_folder).await {
            continue;
        }
        tracing::warn!(folder = %cluster.folder().root().display(), "PostgreSQL does not answer; starting it again");
        if let Err(error) = revive(&cluster).await {
            tracing::error!(error = &error as &dyn std::error::Error, "PostgreSQL could not be started again");
        }
    }
}

/// A refused connection means that nobody listens; any other failure (such as no free file descriptors here) says nothing about the
/// server.
async fn is_listening(socket_folder: &Path) -> bool {
    match UnixStream::connect(socket::socket_path(socket_folder)).await {
        Ok(_) => true,
        Err(error) => !matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound),
    }
}

async fn revive(cluster: &Cluster) -> Result<(), DatabaseError> {
    let starting = StartingLock::take(cluster.folder()).await?;
    cluster.ensure_running(&starting).await?;
    Ok(())
}
