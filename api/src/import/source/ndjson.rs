//! Exports in our own words: one JSON object a line, whose keys are the names of [`Field`].

use std::{collections::BTreeMap, io};

use serde_json::Value;

use super::{
    super::{
        field::{Field, Fields},
        refusal::RowRefusal,
        row::Row,
        time::TimeFormat,
    },
    Export, RefusedRow, SourceError,
};

/// Reads an NDJSON export. Blank lines are no rows.
///
/// # Errors
/// [`SourceError::Unreadable`]. A single bad line is no error: it is among the [`Export::refused`].
pub fn read_ndjson(mut input: impl io::BufRead) -> Result<Export, SourceError> {
    let mut rows = vec![];
    let mut bytes = vec![];
    for line in 1.. {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        if !bytes.trim_ascii().is_empty() {
            rows.push(read_line(line, &bytes));
        }
    }
    Ok(Export::gather(rows))
}

fn read_line(line: u64, bytes: &[u8]) -> Result<Row, RefusedRow> {
    let refused = |reference, reason| RefusedRow { line, reference, reason };
    let text = str::from_utf8(bytes).map_err(|_| refused(None, RowRefusal::NotUtf8))?;
    let object: BTreeMap<Field, Value> =
        serde_json::from_str(text).map_err(|error| refused(None, RowRefusal::NotAnObject(error.to_string())))?;
    let reference = object.get(&Field::Reference).and_then(Value::as_str).map(str::to_owned);
    texts(object)
        .and_then(|fields| Row::check(line, &fields, &TimeFormat::Rfc3339))
        .map_err(|reason| refused(reference, reason))
}

fn texts(object: BTreeMap<Field, Value>) -> Result<Fields, RowRefusal> {
    let text = |(field, value)| match value {
        Value::Null => None,
        Value::String(text) => Some(Ok((field, text))),
        Value::Number(number) if number.is_i64() => Some(Ok((field, number.to_string()))),
        _ => Some(Err(RowRefusal::NotText(field))),
    };
    object.into_iter().filter_map(text).collect()
}
