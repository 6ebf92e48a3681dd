//! `casestream settings`.

use std::io::{Write as _, stdout};

use super::CommandError;
use crate::settings::markdown_table;

/// Prints the table of all settings. It needs no environment, so that it helps where that is wrong.
pub(super) fn run() -> Result<(), CommandError> {
    let mut output = stdout().lock();
    output
        .write_all(markdown_table().as_bytes())
        .map_err(|source| CommandError::System { action: "write to standard output", source })
}
