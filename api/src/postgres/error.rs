//! What keeps the database from being used, and what to do about it.

use std::{io, path::PathBuf};

use thiserror::Error;

/// The database cannot be opened, started or stopped.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// Something that must be a folder is not.
    #[error("{} is not a folder: remove it, or set CASESTREAM_DATA_DIR to another place", .path.display())]
    NotAFolder {
        /// What is in the way.
        path: PathBuf,
    },
    /// The operating system does not let this user work in the data folder.
    #[error(
        "cannot use {}: give the user of this process the right to read and write there, or set CASESTREAM_DATA_DIR to another folder",
        .path.display()
    )]
    NoRights {
        /// The folder or file.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// The unprivileged account of PostgreSQL cannot enter the data folder.
    #[error(
        "the account {account}, which runs PostgreSQL because root may not, cannot enter {}: choose a CASESTREAM_DATA_DIR whose parent folders everybody may enter, such as /var/lib/casestream",
        .path.display()
    )]
    Unreachable {
        /// The data folder.
        path: PathBuf,
        /// The account's name.
        account: String,
    },
    /// The folder of the cluster holds something else.
    #[error(
        "{} holds files, but no PostgreSQL cluster: empty it, or set CASESTREAM_DATA_DIR to another folder",
        .path.display()
    )]
    NotACluster {
        /// The folder of the cluster.
        path: PathBuf,
    },
    /// The cluster belongs to another user, and PostgreSQL runs for its owner only.
    #[error(
        "{} belongs to {owner}: run casestream as that user, or set CASESTREAM_DATA_DIR to another folder",
        .path.display()
    )]
    ForeignOwner {
        /// The folder of the cluster.
        path: PathBuf,
        /// The name of its owner.
        owner: String,
    },
    /// This process is root, PostgreSQL refuses to be, and there is nobody else to run it.
    #[error(
        "PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody to run it: create one, or run casestream as an ordinary user"
    )]
    NoAccount,
    /// There are no usable PostgreSQL programs.
    #[error(
        "no PostgreSQL server of version {oldest} or newer was found in {searched}: install one (Debian, Ubuntu: apt-get install postgresql; Fedora, Red Hat: dnf install postgresql-server; macOS: brew install postgresql@17), set PG_BIN to the folder that holds initdb and postgres, or set DATABASE_URL to a PostgreSQL that runs elsewhere",
        oldest = super::OLDEST_MAJOR
    )]
    NoBinaries {
        /// Where they were looked for.
        searched: String,
    },
    /// The cluster is of a PostgreSQL version that is not installed.
    #[error(
        "{} was made by PostgreSQL {found}, and here is only PostgreSQL {installed}: install version {found} (or set PG_BIN to its folder), or move the data over with pg_upgrade",
        .path.display()
    )]
    OtherVersion {
        /// The folder of the cluster.
        path: PathBuf,
        /// The version that made it.
        found: String,
        /// The versions that are installed.
        installed: String,
    },
    /// One of PostgreSQL's programs could not be run.
    #[error("cannot run {}", .program.display())]
    Program {
        /// The program.
        program: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// `initdb` failed.
    #[error("initdb could not make a cluster in {}: {output}", .path.display())]
    Initialize {
        /// The folder of the cluster.
        path: PathBuf,
        /// What initdb said.
        output: String,
    },
    /// PostgreSQL did not start.
    #[error(
        "PostgreSQL did not start in {}: {log}",
        .path.display()
    )]
    Start {
        /// The folder of the cluster.
        path: PathBuf,
        /// The end of its log.
        log: String,
    },
    /// PostgreSQL did not stop.
    #[error("PostgreSQL in {} did not stop: {output}", .path.display())]
    Stop {
        /// The folder of the cluster.
        path: PathBuf,
        /// What `pg_ctl` said.
        output: String,
    },
    /// Another casestream has been starting or stopping this cluster for too long.
    #[error(
        "another casestream has been starting or stopping the PostgreSQL in {} for {waited_seconds} s: wait for it, or end it",
        .path.display()
    )]
    Busy {
        /// The data folder.
        path: PathBuf,
        /// How long it was waited for.
        waited_seconds: u64,
    },
    /// The server that the cluster's lock file names serves another cluster.
    #[error(
        "the lock file in {} names a PostgreSQL that serves {served}: the folder was probably copied from there while that ran; remove postmaster.pid from the copy",
        .path.display()
    )]
    ForeignServer {
        /// The folder of the cluster.
        path: PathBuf,
        /// The folder that the running server serves.
        served: String,
    },
    /// The private socket's folder exists and is not ours alone.
    #[error(
        "{} is not a private folder of the user that runs PostgreSQL: remove it, or set CASESTREAM_DATA_DIR to a folder with a shorter path",
        .path.display()
    )]
    SocketFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The server refuses us or cannot be reached.
    #[error(
        "cannot connect to PostgreSQL {place}: check that it runs, and the role, password and database that DATABASE_URL names"
    )]
    Connect {
        /// Which server, without any secret.
        place: String,
        /// What went wrong.
        #[source]
        source: sqlx::Error,
    },
    /// The server is older than what Casestream is made for.
    #[error("PostgreSQL {place} is version {found}; casestream needs {oldest} or newer", oldest = super::OLDEST_MAJOR)]
    TooOld {
        /// Which server.
        place: String,
        /// Its version.
        found: String,
    },
    /// Production mode, and the role could bypass every protection.
    #[error(
        "the database role {role} is a superuser, for whom neither row-level security nor the append-only log holds: in production let DATABASE_URL name {writer} (or the owner, for migrate), made as docs/operations.md shows",
        writer = super::WRITER_ROLE
    )]
    Superuser {
        /// The role that `DATABASE_URL` names.
        role: String,
    },
    /// The server answered a question about itself with an error.
    #[error("PostgreSQL {place} refused to {action}")]
    Refused {
        /// Which server.
        place: String,
        /// What was tried.
        action: &'static str,
        /// What it said.
        #[source]
        source: sqlx::Error,
    },
}
