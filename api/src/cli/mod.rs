//! The command line: one file per subcommand, and here what they have in common.
//!
//! A result goes to standard output, everything else to standard error. The program ends with 0 if the command did what it was asked
//! to, with 1 if it could not, with 2 if it did not understand the question, with 3 if an import refused some rows and took the others.

mod demo;
mod history;
mod import;
mod import_accounts;
mod links;
mod master_key;
mod migrate;
mod output;
mod person;
mod rebuild;
mod report;
mod schema;
mod serve;
mod settings;
mod shutdown;
mod token;
mod user;
mod verify;

use std::{io, process::ExitCode};

use clap::{Parser, Subcommand};
use thiserror::Error;

use event_log::LogError;
use metrics_exporter_prometheus::BuildError;
use projections::ProjectionError;

use crate::{
    access_requests::AccessRequestsError,
    demo::DemoError,
    erasure::ErasureError,
    files::FileStoreError,
    http::TlsError,
    identity::{PepperFileError, TokenError},
    listen::ListenError,
    logging,
    mail::TransportError,
    postgres::DatabaseError,
    settings::{Settings, SettingsError},
    store::StoreError,
    users::UsersError,
};

pub use import::ImportCommandError;

#[derive(Debug, Parser)]
#[command(
    name = "casestream",
    version,
    about = "Event-sourced case management: one log of everything that happened, read as you need it",
    after_help = "Settings are environment variables; `casestream settings` lists them."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service until it is told to stop (SIGTERM or Ctrl-C)
    Serve,
    /// Bring the database's schema up to date, as its owner
    Migrate,
    /// Exchange the key that protects all other keys
    MasterKey {
        #[command(subcommand)]
        command: master_key::MasterKeyCommand,
    },
    /// Bring in what another system recorded
    Import {
        #[command(subcommand)]
        command: import::ImportCommand,
    },
    /// Make API tokens
    Token {
        #[command(subcommand)]
        command: token::TokenCommand,
    },
    /// Erase people
    Person {
        #[command(subcommand)]
        command: person::PersonCommand,
    },
    /// Invite those who sign in, and list them
    User {
        #[command(subcommand)]
        command: user::UserCommand,
    },
    /// Fill a development installation with a fictional telecom, and print how its people sign in
    #[command(
        after_help = "Run it again after it was cut off, or to see the sign-ins again. It refuses in production, and where there are \
        accounts that are not the demo's."
    )]
    Demo,
    /// Print every event of a case
    History(history::History),
    /// Print who watches a case, with the links by which they confirm and leave
    Links(links::Links),
    /// Build the read models anew while the old ones serve
    Rebuild(rebuild::Rebuild),
    /// Print the GraphQL schema
    Schema,
    /// Check that every recorded event is as it was recorded
    Verify,
    /// List every setting with its default, as a Markdown table
    Settings,
}

/// A command could not do what it was asked to.
#[derive(Debug, Error)]
pub enum CommandError {
    /// The environment holds wrong settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// An address cannot be listened on.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// There is no certificate to serve with.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The database is not ready.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The import did not go as asked.
    #[error(transparent)]
    Import(#[from] ImportCommandError),
    /// No token was made.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The log did not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The database did not answer.
    #[error("the database did not answer as it should")]
    Query(#[from] sqlx::Error),
    /// The read models are not there.
    #[error(transparent)]
    Projections(#[from] ProjectionError),
    /// The peppers of passwords cannot be had.
    #[error(transparent)]
    Peppers(#[from] PepperFileError),
    /// The folder of attachments cannot be used.
    #[error(transparent)]
    Files(#[from] FileStoreError),
    /// Mail has no way out.
    #[error(transparent)]
    Mail(#[from] TransportError),
    /// Metrics cannot be gathered.
    #[error("metrics cannot be gathered")]
    Metrics(#[source] BuildError),
    /// The service would run as the owner of its tables, or as a role that may become it.
    #[error(
        "DATABASE_URL signs in as the owner of the tables, or as a member of that role, and could undo what protects the \
         log: in production sign in as casestream_writer; the owner is for `migrate` and `rebuild`"
    )]
    ServesAsOwner,
    /// No case has this name.
    #[error("there is no case `{name}`: give its number (CS-000123), its id, or its reference in the other system")]
    NoSuchCase {
        /// The name.
        name: String,
    },
    /// Nobody has this address or id.
    #[error("there is no such person: give their e-mail address, or their id")]
    NoSuchPerson,
    /// Several people have this address.
    #[error("several people have this address: give the id of one of them, {ids}")]
    SeveralPeople {
        /// Their ids.
        ids: String,
    },
    /// The person is as they were.
    #[error("{reason}")]
    NotErased {
        /// Why.
        reason: String,
    },
    /// Nobody was invited.
    #[error("{reason}")]
    NotInvited {
        /// Why.
        reason: String,
    },
    /// The invitation could not be carried out.
    #[error(transparent)]
    Users(#[from] UsersError),
    /// The demo is for trying things.
    #[error("the demo is for development: CASESTREAM_MODE is production here, and nothing was recorded")]
    DemoInProduction,
    /// The demo is not there.
    #[error(transparent)]
    Demo(Box<DemoError>),
    /// Nobody said that they mean it.
    #[error("nobody was erased: confirm at a terminal, or give --yes")]
    NotConfirmed,
    /// The erasure did not come to its end.
    #[error("the erasure did not come to its end: run it again, it goes on where it was")]
    Erasure(#[from] ErasureError),
    /// The words of requests for access could not be destroyed.
    #[error(transparent)]
    AccessRequests(Box<AccessRequestsError>),
    /// Something in the log is not as it was recorded.
    #[error("{what}")]
    NotAsRecorded {
        /// What, and how it differs.
        what: String,
    },
    /// The operating system refuses something that every command needs.
    #[error("cannot {action}")]
    System {
        /// What was tried.
        action: &'static str,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
}

impl From<AccessRequestsError> for CommandError {
    fn from(error: AccessRequestsError) -> Self {
        Self::AccessRequests(Box::new(error))
    }
}

/// Runs the program with this process's arguments and environment.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("casestream: {}", report::sentence(&error));
            error.exit_code()
        }
    }
}

impl CommandError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Import(ImportCommandError::Refused { .. }) => ExitCode::from(import::EXIT_REFUSED),
            _ => ExitCode::FAILURE,
        }
    }
}

fn run(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Settings => settings::run(),
        Command::Serve => with_runtime(serve::run),
        Command::Migrate => with_runtime(migrate::run),
        Command::MasterKey { command } => with_runtime(|settings| master_key::run(settings, command)),
        Command::Import { command } => with_runtime(|settings| import::run(settings, command)),
        Command::Token { command } => with_runtime(|settings| token::run(settings, command)),
        Command::Person { command } => with_runtime(|settings| person::run(settings, command)),
        Command::User { command } => with_runtime(|settings| user::run(settings, command)),
        Command::History(arguments) => with_runtime(|settings| history::run(settings, arguments)),
        Command::Links(arguments) => with_runtime(|settings| links::run(settings, arguments)),
        Command::Rebuild(arguments) => with_runtime(|settings| rebuild::run(settings, arguments)),
        Command::Demo => with_runtime(demo::run),
        Command::Schema => {
            schema::run();
            Ok(())
        }
        Command::Verify => with_runtime(verify::run),
    }
}

/// Reads the settings, starts logging, and runs a command that needs both.
fn with_runtime<Work, Done>(work: Work) -> Result<(), CommandError>
where
    Work: FnOnce(Settings) -> Done,
    Done: Future<Output = Result<(), CommandError>>,
{
    let settings = Settings::from_environment()?;
    logging::start(&settings);
    let runtime = settings
        .runtime()
        .map_err(|source| CommandError::System { action: "start the threads of the program", source })?;
    runtime.block_on(work(settings))
}
