//! A file of accounts read as rows.

use std::io;

use csv::ReaderBuilder;

use super::row::{AccountRow, AccountRowRefusal, COLUMNS, RawRow};
use crate::import::report::Refused;

/// A whole file.
#[derive(Debug, Default)]
pub struct AccountsFile {
    /// Its rows, in their order.
    pub rows: Vec<AccountRow>,
    /// The rows that cannot be read.
    pub refused: Vec<RefusedAccountRow>,
}

/// A row that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedAccountRow {
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// The account, where the row says it.
    pub reference: Option<String>,
    /// Why not.
    pub reason: AccountRowRefusal,
}

impl From<&RefusedAccountRow> for Refused {
    fn from(row: &RefusedAccountRow) -> Self {
        Self { line: row.line, reference: row.reference.clone(), reason: row.reason.to_string() }
    }
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum AccountsFileError {
    /// The file breaks off, or was never one.
    #[error("cannot read the file: {0}")]
    Unreadable(#[from] io::Error),
    /// CSV whose first line names something else.
    #[error("the first line is to name the columns; `{column}` is none of {}", COLUMNS.join(", "))]
    UnknownColumn {
        /// What it names.
        column: String,
    },
    /// CSV without the one column that must be there.
    #[error("the first line does not name the column `account`, which says whose row each one is")]
    NoAccountColumn,
}

impl AccountsFile {
    /// How many rows there are in all.
    #[must_use]
    pub fn count(&self) -> u64 {
        (self.rows.len() + self.refused.len()) as u64
    }

    /// Reads CSV whose first line names the columns.
    ///
    /// # Errors
    /// [`AccountsFileError`]. A single bad record is no error: it is among the [`AccountsFile::refused`].
    pub fn read_csv(input: impl io::Read) -> Result<Self, AccountsFileError> {
        let mut reader = ReaderBuilder::new().from_reader(input);
        let header = reader.headers().map_err(io::Error::other)?.clone();
        let mut names = header.iter().map(str::trim);
        if let Some(column) = names.clone().find(|name| !COLUMNS.contains(name)) {
            return Err(AccountsFileError::UnknownColumn { column: column.to_owned() });
        }
        if !names.any(|name| name == "account") {
            return Err(AccountsFileError::NoAccountColumn);
        }
        let mut file = Self::default();
        for record in reader.into_records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    file.add(line, record.deserialize(Some(&header)).map_err(|error| error.to_string()));
                }
                Err(error) if error.is_io_error() => return Err(io::Error::other(error).into()),
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    file.add(line, Err(error.to_string()));
                }
            }
        }
        Ok(file)
    }

    /// Reads NDJSON, whose keys are called as the columns. Blank lines are no rows.
    ///
    /// # Errors
    /// [`AccountsFileError::Unreadable`]. A single bad line is no error: it is among the [`AccountsFile::refused`].
    pub fn read_ndjson(mut input: impl io::BufRead) -> Result<Self, AccountsFileError> {
        let mut file = Self::default();
        let mut bytes = vec![];
        for line in 1.. {
            bytes.clear();
            if input.read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
            if !bytes.trim_ascii().is_empty() {
                file.add(line, serde_json::from_slice(&bytes).map_err(|error| error.to_string()));
            }
        }
        Ok(file)
    }

    fn add(&mut self, line: u64, read: Result<RawRow, String>) {
        let reference = read.as_ref().ok().and_then(|row| row.account.clone());
        match read.map_err(AccountRowRefusal::Unreadable).and_then(|row| row.check(line)) {
            Ok(row) => self.rows.push(row),
            Err(reason) => self.refused.push(RefusedAccountRow { line, reference, reason }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(file: &AccountsFile) -> Vec<(u64, String)> {
        file.refused.iter().map(|row| (row.line, row.reason.to_string())).collect()
    }

    #[test]
    fn a_bad_row_is_refused_alone_with_its_line_and_reason() {
        let csv = "account,location,location_address,contact,contact_email,contact_role\n\
                   A-1,L-1,1 Example Street,,,\n\
                   ,L-1,1 Example Street,,,\n\
                   A-1,,2 Example Street,,,\n\
                   A-1,,,Ana Torres,nowhere,\n\
                   A-1,,,Ana Torres,ana@larch.example,boss\n\
                   A-1,L-2\n\
                   A-1,,,Ana Torres,ana@larch.example,admin\n";
        let file = AccountsFile::read_csv(csv.as_bytes()).expect("readable");
        assert_eq!(file.count(), 7);
        assert_eq!(file.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 8]);
        let reasons = reasons(&file);
        assert_eq!(reasons.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 5, 6, 7]);
        for ((_, reason), part) in reasons.iter().zip(["`account`", "`location`", "contact_email", "boss", "fields"]) {
            assert!(reason.contains(part), "{reason}");
        }
    }

    #[test]
    fn columns_are_known_and_the_accounts_are_among_them() {
        let said = |csv: &str| AccountsFile::read_csv(csv.as_bytes()).expect_err(csv).to_string();
        assert!(said("account,colour\n").contains("`colour`"));
        assert!(said("location\n").contains("`account`"));
    }

    #[test]
    fn ndjson_says_the_same_in_other_form() {
        let json = "{\"account\":\"A-1\",\"product\":\"P-1\",\"product_name\":\"SmartVoice\"}\n\n{\"colour\":1}\n[]\n";
        let file = AccountsFile::read_ndjson(json.as_bytes()).expect("readable");
        assert_eq!(file.rows.len(), 1);
        assert!(file.rows[0].product.is_some());
        assert_eq!(reasons(&file).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4]);
    }
}
