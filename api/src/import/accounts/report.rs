//! What came of an import of accounts, row by row.

use std::fmt;

use super::source::RefusedAccountRow;

/// What came of it. Every row made events, or was unchanged, or is among the refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountsReport {
    /// Rows in the file.
    pub rows: u64,
    /// Rows that made events.
    pub rows_with_events: u64,
    /// Rows that the log has already.
    pub rows_unchanged: u64,
    /// Rows that were not taken, by their lines.
    pub refused: Vec<RefusedAccountRow>,
    /// Events recorded.
    pub events: usize,
}

impl fmt::Display for AccountsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, rows_with_events, rows_unchanged, refused, events } = self;
        writeln!(
            f,
            "rows:   {rows} in = {rows_with_events} made events + {rows_unchanged} unchanged + {} refused",
            refused.len()
        )?;
        write!(f, "events: {events}")
    }
}
