//! What a command answers, on standard output, and what it has to say besides, on standard error.

use std::{
    fmt::Display,
    io::{Write as _, stderr, stdout},
};

/// Writes a line. A reader that has left (`| head`) wants no more; the command goes on to its orderly end all the same.
pub(super) fn line(text: impl Display) {
    let _ = writeln!(stdout(), "{text}");
}

/// Writes a line for whoever gave the command, beside its answer.
pub(super) fn note(text: impl Display) {
    let _ = writeln!(stderr(), "{text}");
}
