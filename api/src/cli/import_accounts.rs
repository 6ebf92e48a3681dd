//! `casestream import accounts`.

use std::{io::BufReader, path::PathBuf};

use clap::Args;
use domain::RequestId;

use super::{
    CommandError,
    import::{ImportCommandError, Progress, all_taken, open, tell_refused},
    output,
};
use crate::{
    import::{
        accounts::{run::AccountsImport, source::AccountsFile},
        report::Refused,
    },
    settings::Settings,
    store::Store,
};

#[derive(Debug, Args)]
pub(super) struct Accounts {
    /// Write the refused rows to this file, as CSV with line, reference and reason
    #[arg(long, value_name = "FILE")]
    refused: Option<PathBuf>,
    /// The file: CSV whose first line names the columns, or NDJSON, by its extension
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Accounts {
    /// Reads the whole file first, so that a wrong one is found before anything is recorded.
    pub(super) async fn run(self, settings: Settings) -> Result<(), CommandError> {
        let file = self.read()?;
        let progress = Progress::of(file.count());
        let store = Store::open(&settings).await?;
        let import = AccountsImport {
            log: store.log.clone(),
            clock: store.clock.clone(),
            ids: store.ids.clone(),
            request: RequestId(store.ids.next()),
        };
        let imported = import.run(file, |rows| progress.add(rows)).await;
        progress.end();
        store.close().await?;
        let report = imported.map_err(|error| ImportCommandError::Accounts(Box::new(error)))?;
        let refused: Vec<_> = report.refused.iter().map(Refused::from).collect();
        tell_refused(&refused, self.refused.as_deref())?;
        output::line(format_args!("{report}"));
        Ok(all_taken(refused.len(), report.rows)?)
    }

    fn read(&self) -> Result<AccountsFile, ImportCommandError> {
        let path = &self.file;
        let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
        let read = match extension.as_deref() {
            Some("csv") => AccountsFile::read_csv(open(path)?),
            Some("ndjson" | "jsonl") => AccountsFile::read_ndjson(BufReader::new(open(path)?)),
            _ => return Err(ImportCommandError::UnknownForm(path.clone())),
        };
        read.map_err(|source| ImportCommandError::AccountsFile { path: path.clone(), source })
    }
}
