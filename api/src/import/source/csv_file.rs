//! Exports as CSV (RFC 4180), read by way of a mapping.

use std::{collections::BTreeMap, io};

use csv::{ByteRecord, ErrorKind, ReaderBuilder, StringRecord};

use super::{
    super::{
        field::{Field, listed},
        mapping::Mapping,
        refusal::RowRefusal,
        row::Row,
    },
    Export, RefusedRow, SourceError,
};

/// Reads a CSV export in UTF-8, whose first line names the columns.
///
/// # Errors
/// [`SourceError`] when it cannot be read, or lacks a column that the mapping names. A single bad record is no
/// error: it is among the [`Export::refused`].
pub fn read_csv(mut input: impl io::Read, mapping: &Mapping) -> Result<Export, SourceError> {
    let mut bytes = vec![];
    input.read_to_end(&mut bytes)?;
    let mut reader = ReaderBuilder::new().delimiter(mapping.delimiter).flexible(true).from_reader(&bytes[..]);
    let header = reader.byte_headers().map_err(into_io)?.clone();
    let places = places_of_columns(&header, mapping)?;
    let mut rows = vec![];
    let mut record = ByteRecord::new();
    let mut lines = Lines { rest: &bytes, read: 0, line: 1 };
    while reader.read_byte_record(&mut record).map_err(into_io)? {
        let line = lines.beginning_at(record.position().map_or(0, csv::Position::byte));
        rows.push(read_record(line, &record, header.len(), &places, mapping));
    }
    Ok(Export::gather(rows))
}

type Places = BTreeMap<Field, usize>;

fn places_of_columns(header: &ByteRecord, mapping: &Mapping) -> Result<Places, SourceError> {
    let names: Vec<_> = header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    if names.iter().all(String::is_empty) {
        return Err(SourceError::NoHeader);
    }
    let place_of = |field: Field, column: &str| {
        let mut places = names.iter().enumerate().filter(|(_, name)| *name == column).map(|(place, _)| place);
        match (places.next(), places.next()) {
            (Some(place), None) => Ok((field, place)),
            (None, _) => Err(SourceError::NoSuchColumn { field, column: column.to_owned(), header: listed(&names) }),
            (Some(_), Some(_)) => Err(SourceError::ColumnTwice { field, column: column.to_owned() }),
        }
    };
    mapping.columns.iter().map(|(field, column)| place_of(*field, column.trim())).collect()
}

fn read_record(
    line: u64,
    record: &ByteRecord,
    width: usize,
    places: &Places,
    mapping: &Mapping,
) -> Result<Row, RefusedRow> {
    let refused = |reference, reason| RefusedRow { line, reference, reason };
    if record.len() != width {
        return Err(refused(None, RowRefusal::FieldCount { found: record.len(), expected: width }));
    }
    let record = StringRecord::from_byte_record(record.clone()).map_err(|_| refused(None, RowRefusal::NotUtf8))?;
    let fields = mapping.translate(|field| record.get(*places.get(&field)?));
    Row::check(line, &fields, &mapping.times).map_err(|reason| refused(fields.get(&Field::Reference).cloned(), reason))
}

/// Counts lines. The reader's own count is behind by one where lines end in CR and LF, and by more after blank lines.
struct Lines<'a> {
    rest: &'a [u8],
    read: u64,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first record that begins at or after a byte.
    fn beginning_at(&mut self, byte: u64) -> u64 {
        let is_over = |lines: &Self, next: u8| lines.read >= byte && !matches!(next, b'\r' | b'\n');
        while let Some((next, rest)) = self.rest.split_first().filter(|(next, _)| !is_over(self, **next)) {
            self.line += u64::from(*next == b'\n');
            self.read += 1;
            self.rest = rest;
        }
        self.line
    }
}

/// With bytes for fields and any number of them, only the reading itself can fail.
fn into_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
