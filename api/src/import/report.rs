//! What came of an import, row by row and case by case.

use std::{fmt, io};

use domain::{case::CaseFact, metadata::Inferred};

use super::{derive::NewEvent, source::RefusedRow};

/// What came of an import. Every row made events, or was unchanged, or is among the refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows in the file.
    pub rows: u64,
    /// Rows that made events.
    pub rows_with_events: u64,
    /// Rows that changed nothing, or that the log knew.
    pub rows_unchanged: u64,
    /// Rows that were not taken, by their lines.
    pub refused: Vec<RefusedRow>,
    /// Events recorded.
    pub events: u64,
    /// Events among them that the source does not speak of, but its rows imply.
    pub inferred_steps: u64,
    /// Events among them with a text that stands in for one that the source lacks.
    pub placeholders: u64,
    /// Cases that were opened.
    pub cases_created: u64,
    /// Cases that were there and went on.
    pub cases_extended: u64,
    /// Cases that were there and did not.
    pub cases_untouched: u64,
    /// Cases of which no row was taken.
    pub cases_left_out: u64,
}

impl Report {
    /// Counts events that were recorded.
    pub(super) fn count_events(&mut self, events: &[NewEvent]) {
        self.events += events.len() as u64;
        for (event, metadata) in events {
            match metadata.inferred {
                Some(Inferred::Step) => self.inferred_steps += 1,
                Some(Inferred::Text) => self.placeholders += 1,
                None => {}
            }
            self.cases_created += u64::from(matches!(event.fact, CaseFact::Opened(_)));
        }
    }

    /// Adds what came of other cases.
    pub(super) fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.rows_with_events += other.rows_with_events;
        self.rows_unchanged += other.rows_unchanged;
        self.refused.extend(other.refused);
        self.events += other.events;
        self.inferred_steps += other.inferred_steps;
        self.placeholders += other.placeholders;
        self.cases_created += other.cases_created;
        self.cases_extended += other.cases_extended;
        self.cases_untouched += other.cases_untouched;
        self.cases_left_out += other.cases_left_out;
    }
}

/// A row that is not taken, as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The line on which it begins.
    pub line: u64,
    /// What the row is about, where it says so.
    pub reference: Option<String>,
    /// Why it is not taken.
    pub reason: String,
}

impl From<&RefusedRow> for Refused {
    fn from(row: &RefusedRow) -> Self {
        Self { line: row.line, reference: row.reference.clone(), reason: row.reason.to_string() }
    }
}

/// Writes refused rows as CSV: line, reference, reason.
///
/// A value that a spreadsheet would take for a formula gets an apostrophe in front.
///
/// # Errors
/// When the output does not take it.
pub fn write_refused(rows: &[Refused], output: impl io::Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(["line", "reference", "reason"])?;
    for row in rows {
        let reference = inert(row.reference.as_deref().unwrap_or_default());
        writer.write_record([&row.line.to_string(), &reference, &inert(&row.reason)])?;
    }
    writer.flush()
}

fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, rows_with_events, rows_unchanged, events, inferred_steps, placeholders, .. } = self;
        let Self { cases_created, cases_extended, cases_untouched, cases_left_out, .. } = self;
        let rows_refused = self.refused.len();
        writeln!(
            f,
            "rows:   {rows} in = {rows_with_events} made events + {rows_unchanged} unchanged + {rows_refused} refused"
        )?;
        writeln!(
            f,
            "cases:  {cases_created} created, {cases_extended} extended, {cases_untouched} untouched, \
             {cases_left_out} left out"
        )?;
        write!(
            f,
            "events: {events}, of which {inferred_steps} inferred steps and {placeholders} with a placeholder text"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{super::refusal::RowRefusal, *};

    #[test]
    fn refused_rows_are_csv_that_no_spreadsheet_calculates() {
        let refused = [
            RefusedRow { line: 7, reference: Some("=T-1".to_owned()), reason: RowRefusal::Order("a,b".to_owned()) },
            RefusedRow { line: 9, reference: None, reason: RowRefusal::NotUtf8 },
        ];
        let mut written = vec![];
        write_refused(&refused.each_ref().map(Refused::from), &mut written).expect("memory takes it");
        assert_eq!(
            String::from_utf8(written).expect("UTF-8"),
            "line,reference,reason\n\
             7,'=T-1,\"`order` is `a,b`, which is no whole number\"\n\
             9,,\"the row is not UTF-8: convert the file, for example with `iconv -t UTF-8`\"\n"
        );
    }
}
