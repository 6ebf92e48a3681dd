//! `casestream import`.

use std::{
    cell::Cell,
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, IsTerminal, Read},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use domain::RequestId;
use indicatif::{ProgressBar, ProgressStyle};

use super::{CommandError, import_accounts::Accounts, output};
use crate::{
    import::{
        accounts::source::AccountsFileError,
        defaults::Defaults,
        mapping::{Mapping, MappingError},
        report::{Refused, Report, write_refused},
        run::{Import, ImportError},
        source::{Export, SourceError, read_csv, read_ndjson},
    },
    registry::RegistryError,
    settings::Settings,
    store::Store,
};

/// What the program ends with when some rows were refused and all others taken.
pub(super) const EXIT_REFUSED: u8 = 3;
/// Refused rows that are told on the terminal; `--refused` writes them all.
const REFUSED_SHOWN: usize = 20;

/// What can be imported.
#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// Bring in whole case histories from another system's export
    #[command(
        after_help = "Run it again after it was cut off, or with a longer export: rows that are in are recognised. \
        Ends with 0 when every row was taken, with 3 when some were refused, with 1 when it could not go on."
    )]
    Cases(Cases),
    /// Bring in accounts with their locations, installed products and contacts
    #[command(after_help = "Run it again after it was cut off, or with a longer file: what is in is recognised. \
        Ends with 0 when every row was taken, with 3 when some were refused, with 1 when it could not go on.")]
    Accounts(Accounts),
}

#[derive(Debug, Args)]
pub(super) struct Cases {
    /// The TOML file that says what the columns and values of a CSV export mean; NDJSON needs none
    #[arg(long, value_name = "MAPPING.toml")]
    mapping: Option<PathBuf>,
    /// Say what would happen, and record nothing
    #[arg(long)]
    dry_run: bool,
    /// Leave out rows with states and priorities that the mapping does not know; without it such a row stops the import
    /// before anything is recorded
    #[arg(long)]
    skip_unmapped: bool,
    /// Write the refused rows to this file, as CSV with line, reference and reason
    #[arg(long, value_name = "FILE")]
    refused: Option<PathBuf>,
    /// The export, or - for standard input: with --mapping CSV, without it NDJSON
    #[arg(value_name = "FILE")]
    export: PathBuf,
}

/// The import could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum ImportCommandError {
    /// The mapping is wrong.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// A CSV file without a mapping.
    #[error("{} is CSV, which needs --mapping: see docs/import.md for how to write one", .0.display())]
    NoMapping(PathBuf),
    /// An NDJSON file with a mapping.
    #[error("{} is NDJSON, which is read as it is: leave --mapping out", .0.display())]
    NeedlessMapping(PathBuf),
    /// A file cannot be opened or written.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file is no export.
    #[error("{}: {source}", path.display())]
    Source {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: SourceError,
    },
    /// Values of the file that the mapping does not know.
    #[error("nothing was recorded: {}; or leave such rows out with --skip-unmapped", .0.join("; "))]
    Unmapped(Vec<String>),
    /// The file is none of accounts.
    #[error("{}: {source}", path.display())]
    AccountsFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: AccountsFileError,
    },
    /// A file of accounts that is named as neither form.
    #[error("{} is to end in .csv or .ndjson, which says how it is written", .0.display())]
    UnknownForm(PathBuf),
    /// The import stopped.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The import of accounts stopped.
    #[error("the import stopped: run it again, it goes on where it was")]
    Accounts(#[source] Box<RegistryError>),
    /// Some rows were not taken, all others were.
    #[error("{refused} of {rows} rows were refused, for the reasons above")]
    Refused {
        /// How many were not.
        refused: usize,
        /// Of how many.
        rows: u64,
    },
}

/// Reads the whole export first, so that a wrong mapping or file is found before anything is recorded.
pub(super) async fn run(settings: Settings, command: ImportCommand) -> Result<(), CommandError> {
    let cases = match command {
        ImportCommand::Cases(cases) => cases,
        ImportCommand::Accounts(accounts) => return accounts.run(settings).await,
    };
    let (export, defaults) = cases.read()?;
    eprintln!("{} rows of {} cases read", export.rows, export.cases.len());
    let store = Store::open(&settings).await?;
    let imported = cases.import(&store, export, defaults).await;
    store.close().await?;
    Ok(cases.tell(&imported?)?)
}

impl Cases {
    fn read(&self) -> Result<(Export, Defaults), ImportCommandError> {
        let path = &self.export;
        let is_named = |extensions: &[&str]| {
            path.extension()
                .is_some_and(|extension| extensions.iter().any(|known| extension.eq_ignore_ascii_case(known)))
        };
        if self.mapping.is_some() && is_named(&["ndjson", "jsonl"]) {
            return Err(ImportCommandError::NeedlessMapping(path.clone()));
        }
        if self.mapping.is_none() && is_named(&["csv", "tsv", "txt"]) {
            return Err(ImportCommandError::NoMapping(path.clone()));
        }
        let mapping = self.mapping.as_deref().map(Mapping::read).transpose()?;
        let input = open(path)?;
        let export = match &mapping {
            Some(mapping) => read_csv(input, mapping),
            None => read_ndjson(BufReader::new(input)),
        };
        let export = export.map_err(|source| ImportCommandError::Source { path: path.clone(), source })?;
        let unmapped = if mapping.is_some() { unmapped(&export) } else { vec![] };
        // Histories that were made without some of their rows stay without them.
        if !unmapped.is_empty() && !self.skip_unmapped && !self.dry_run {
            return Err(ImportCommandError::Unmapped(unmapped));
        }
        Ok((export, mapping.map_or_else(Defaults::default, |mapping| mapping.defaults)))
    }

    async fn import(&self, store: &Store, export: Export, defaults: Defaults) -> Result<Report, ImportCommandError> {
        let import = Import {
            log: store.log.clone(),
            clock: store.clock.clone(),
            request: RequestId(store.ids.next()),
            defaults,
            dry_run: self.dry_run,
        };
        let progress = Progress::of(export.rows);
        let report = import.run(export, |rows| progress.add(rows)).await;
        progress.end();
        Ok(report?)
    }

    /// The report goes to standard output, refused rows to standard error and the file that was asked for.
    fn tell(&self, report: &Report) -> Result<(), ImportCommandError> {
        let refused: Vec<_> = report.refused.iter().map(Refused::from).collect();
        tell_refused(&refused, self.refused.as_deref())?;
        if self.dry_run {
            output::line(format_args!("dry run, nothing was recorded; this is what would happen"));
        }
        output::line(format_args!("{report}"));
        all_taken(refused.len(), report.rows)
    }
}

/// The values that the mapping does not know, each with how often and where it stands first.
fn unmapped(export: &Export) -> Vec<String> {
    let mut values: BTreeMap<String, (usize, u64)> = BTreeMap::new();
    for row in export.refused.iter().filter(|row| row.reason.is_of_mapping()) {
        let (rows, first) = values.entry(row.reason.to_string()).or_insert((0, row.line));
        (*rows, *first) = (*rows + 1, row.line.min(*first));
    }
    values
        .into_iter()
        .map(|(reason, (rows, first))| format!("{reason} ({rows} rows, the first in line {first})"))
        .collect()
}

/// Tells which rows were refused: the first ones on standard error, all in the file that was asked for.
pub(super) fn tell_refused(refused: &[Refused], file: Option<&Path>) -> Result<(), ImportCommandError> {
    if let Some(path) = file {
        let failed = |source| ImportCommandError::File { action: "write", path: path.to_owned(), source };
        File::create(path).and_then(|file| write_refused(refused, file)).map_err(failed)?;
    }
    for row in refused.iter().take(REFUSED_SHOWN) {
        let reference = row.reference.as_ref().map_or_else(String::new, |reference| format!(" ({reference})"));
        eprintln!("line {}{reference}: {}", row.line, row.reason);
    }
    if refused.len() > REFUSED_SHOWN {
        eprintln!("and {} more: --refused FILE writes them all", refused.len() - REFUSED_SHOWN);
    }
    Ok(())
}

/// What the command ends with.
pub(super) fn all_taken(refused: usize, rows: u64) -> Result<(), ImportCommandError> {
    match refused {
        0 => Ok(()),
        refused => Err(ImportCommandError::Refused { refused, rows }),
    }
}

pub(super) fn open(path: &Path) -> Result<Box<dyn Read>, ImportCommandError> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(source) => Err(ImportCommandError::File { action: "open", path: path.to_owned(), source }),
    }
}

/// A bar on a terminal; elsewhere a line for each tenth of the rows.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    rows: u64,
    done: Cell<u64>,
}

impl Progress {
    pub(super) fn of(rows: u64) -> Self {
        let style = ProgressStyle::with_template("{bar:40} {pos} of {len} rows, {eta} left").expect("a valid template");
        let bar = io::stderr().is_terminal().then(|| ProgressBar::new(rows).with_style(style));
        Self { bar, rows, done: Cell::new(0) }
    }

    pub(super) fn add(&self, rows: u64) {
        let before = self.done.replace(self.done.get() + rows);
        let tenth = |done: u64| done * 10 / self.rows.max(1);
        match &self.bar {
            Some(bar) => bar.inc(rows),
            None if tenth(self.done.get()) > tenth(before) => eprintln!("{} of {} rows", self.done.get(), self.rows),
            None => {}
        }
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
