//! An export read as rows, gathered by case and put in order.
//!
//! The rows of a case may stand anywhere in a file, so all of them are held in memory.

mod csv_file;
mod ndjson;

use std::{collections::HashMap, io};

use domain::Slug;

use super::{field::Field, refusal::RowRefusal, row::Row};

pub use csv_file::read_csv;
pub use ndjson::read_ndjson;

/// A whole export.
#[derive(Debug, Default)]
pub struct Export {
    /// The cases, in the order in which the file first names them.
    pub cases: Vec<SourceCase>,
    /// The rows that cannot be read.
    pub refused: Vec<RefusedRow>,
    /// How many rows there are in all.
    pub rows: u64,
}

/// The history of one case in the other system.
#[derive(Debug)]
pub struct SourceCase {
    /// The system.
    pub system: Slug,
    /// The case there.
    pub reference: String,
    /// Its rows, ordered by time, then by order number, then by line; never none.
    pub rows: Vec<Row>,
}

/// A row that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// The case in the other system, where the row says it.
    pub reference: Option<String>,
    /// Why not.
    pub reason: RowRefusal,
}

/// Why a file cannot be read as an export at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file breaks off, or was never one.
    #[error("cannot read the export: {0}")]
    Unreadable(#[from] io::Error),
    /// CSV without a first line that names the columns.
    #[error("the export is empty: its first line must name the columns")]
    NoHeader,
    /// The mapping speaks of a column that is not there.
    #[error(
        "the export has no column `{column}`, which the mapping names as columns.{field}; its columns are {header}"
    )]
    NoSuchColumn {
        /// What the mapping wants there.
        field: Field,
        /// The column.
        column: String,
        /// The columns there are.
        header: String,
    },
    /// Two columns of one name.
    #[error("the export has two columns `{column}`, which the mapping names as columns.{field}: rename one of them")]
    ColumnTwice {
        /// What the mapping wants there.
        field: Field,
        /// The column.
        column: String,
    },
}

impl Export {
    fn gather(rows: Vec<Result<Row, RefusedRow>>) -> Self {
        let mut export = Self { rows: rows.len() as u64, ..Self::default() };
        let mut places: HashMap<(Slug, String), usize> = HashMap::new();
        for row in rows {
            match row {
                Err(refused) => export.refused.push(refused),
                Ok(row) => {
                    let place = *places.entry((row.system.clone(), row.reference.clone())).or_insert_with(|| {
                        let (system, reference) = (row.system.clone(), row.reference.clone());
                        export.cases.push(SourceCase { system, reference, rows: vec![] });
                        export.cases.len() - 1
                    });
                    export.cases[place].rows.push(row);
                }
            }
        }
        for case in &mut export.cases {
            case.rows.sort_by_key(|row| (row.at, row.order, row.line));
        }
        export
    }
}

impl SourceCase {
    /// What tells each row from every other: its place in the history of the case, not its wording, so that a
    /// correction of the mapping does not bring it in a second time.
    #[must_use]
    pub fn row_identities(&self) -> Vec<String> {
        let mut same_before = 0;
        let mut last = None;
        let identity = |row: &Row| {
            let place = (row.at, row.order);
            same_before = if last == Some(place) { same_before + 1 } else { 0 };
            last = Some(place);
            let order = row.order.map_or_else(String::new, |order| order.to_string());
            format!("{}\n{}\n{}\n{order}\n{same_before}", self.system, self.reference, row.at.timestamp_micros())
        };
        self.rows.iter().map(identity).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{super::mapping::Mapping, *};

    fn mapping() -> Mapping {
        let text = r#"
            source = { system = "old-desk", time_format = "%Y-%m-%d %H:%M", unknown = ["?"] }
            columns = { reference = "number", updated_at = "updated", state = "state", order = "count", owner = "who" }
            values.state = { Active = "Open" }
            defaults = { account = "A", contact = "C", agent = "B", queue = "q", type = "t", category = "c" }
        "#;
        Mapping::parse(Path::new("desk.toml"), text).expect("sound")
    }

    fn lines(case: &SourceCase) -> Vec<u64> {
        case.rows.iter().map(|row| row.line).collect()
    }

    #[test]
    fn rows_are_gathered_by_case_and_put_in_order() {
        let csv = "number,updated,state,count,who\n\
                   T-2,2026-01-02 10:00,Active,1,?\n\
                   T-1,2026-01-01 10:00,New,2,Ana\n\
                   T-2,2026-01-01 10:00,New,0,\n\
                   T-1,2026-01-01 10:00,New,1,Bo\n\
                   T-1,2026-01-01 10:00,New,1,Bo\n";
        let export = read_csv(csv.as_bytes(), &mapping()).expect("readable");
        assert_eq!(export.rows, 5);
        assert_eq!(lines(&export.cases[0]), [4, 2]);
        assert_eq!(lines(&export.cases[1]), [5, 6, 3]);
        assert_eq!(export.cases[0].rows[1].owner, None);
        let identities = export.cases[1].row_identities();
        assert_ne!(identities[0], identities[1], "two rows of one place are told apart");
    }

    #[test]
    fn a_quoted_line_feed_does_not_shift_the_lines_and_a_bad_row_is_alone() {
        let csv = "\u{feff}number,updated,state,count,who\r\n\
                   T-1,2026-01-01 10:00,\"New\r\n\",0,Ana\r\n\
                   T-1,2026-01-01,New,0,Ana\r\n\r\n\
                   T-1,2026-01-01 11:00,New\r\n\
                   T-1,2026-01-01 12:00,Active,1,\"Ana\n\"\r\n";
        let export = read_csv(csv.as_bytes(), &mapping()).expect("readable");
        let refused: Vec<_> = export.refused.iter().map(|row| (row.line, row.reference.as_deref())).collect();
        assert_eq!(refused, [(4, Some("T-1")), (6, None)]);
        assert_eq!(lines(&export.cases[0]), [2, 7]);
    }

    #[test]
    fn a_row_that_is_not_utf_8_is_refused_and_the_next_one_read() {
        let mut csv = b"number,updated,state,count,who\nT-1,2026-01-01 10:00,New,0,Jos\xe9\n".to_vec();
        csv.extend(b"T-1,2026-01-01 10:00,New,1,Ana\n");
        let export = read_csv(&csv[..], &mapping()).expect("readable");
        assert_eq!(export.refused[0].reason, RowRefusal::NotUtf8);
        assert_eq!(lines(&export.cases[0]), [3]);
    }

    #[test]
    fn the_columns_of_the_mapping_must_be_there_once() {
        let said = |csv: &str| read_csv(csv.as_bytes(), &mapping()).expect_err(csv).to_string();
        assert_eq!(said(""), "the export is empty: its first line must name the columns");
        assert_eq!(
            said("number,updated,state,count\n"),
            "the export has no column `who`, which the mapping names as columns.owner; \
             its columns are number, updated, state, count"
        );
        assert!(said("number,updated,state,count,who,who\n").starts_with("the export has two columns `who`"));
    }

    #[test]
    fn ndjson_needs_no_mapping() {
        let lines_of_json = concat!(
            r#"{"system":"old-desk","reference":"T-1","updated_at":"2026-01-01T10:00:00Z","order":2,"state":"Open"}"#,
            "\n\n",
            r#"{"system":"old-desk","reference":"T-1","updated_at":"2026-01-01T10:00:00Z","order":1,"state":"New","owner":null}"#,
            "\n[1]\n",
            r#"{"reference":"T-1","colour":"red"}"#,
            "\n",
            r#"{"system":"old-desk","reference":"T-1","state":true}"#,
        );
        let export = read_ndjson(lines_of_json.as_bytes()).expect("readable");
        assert_eq!(export.rows, 5);
        assert_eq!(lines(&export.cases[0]), [3, 1]);
        let reasons: Vec<_> = export.refused.iter().map(|row| (row.line, row.reason.to_string())).collect();
        assert!(reasons[0].1.starts_with("the line is not a JSON object of known fields: "), "{reasons:?}");
        assert!(reasons[1].1.contains("unknown variant `colour`"), "{reasons:?}");
        assert_eq!(reasons[2], (6, "`state` is neither text nor a whole number".to_owned()));
    }
}
