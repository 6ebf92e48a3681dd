//! The command line: one file per subcommand, and here what they have in common.
//!
//! A result goes to standard output, everything else to standard error. The program ends with 0 if the command did what it was asked
//! to, with 1 if it could not, with 2 if it did not understand the question.

mod report;
mod serve;
mod settings;
mod shutdown;

use std::{io, process::ExitCode};

use clap::{Parser, Subcommand};
use thiserror::Error;

use crate::{
    listen::ListenError,
    logging,
    postgres::DatabaseError,
    settings::{Settings, SettingsError},
};

pub use serve::Server;

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

/// Runs the program with this process's arguments and environment.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("casestream: {}", report::sentence(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<(), CommandError> {
    match command {
        Command::Settings => settings::run(),
        Command::Serve => with_runtime(serve::run),
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
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|source| CommandError::System {
            action: "start the threads of the program",
            source,
        })?;
    runtime.block_on(work(settings))
}
