//! What a command answers, on standard output.

use std::{
    fmt::Display,
    io::{Write as _, stdout},
};

/// Writes a line. A reader that has left (`| head`) wants no more; the command goes on to its orderly end all the same.
pub(super) fn line(text: impl Display) {
    let _ = writeln!(stdout(), "{text}");
}
