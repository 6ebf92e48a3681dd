//! How wrong settings are reported: all of them, each by name.

use std::fmt;

use thiserror::Error;

/// One or more settings are wrong; nothing was started.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{}", render(.problems))]
pub struct SettingsError {
    /// What is wrong, in the order of the settings' table; never empty.
    pub problems: Vec<Problem>,
}

/// One wrong setting.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// The name of the environment variable.
    pub name: String,
    /// What is wrong with it, and what it must be instead.
    pub words: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.name, self.words)
    }
}

fn render(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    match lines.as_slice() {
        [only] => format!("the setting {only}"),
        several => format!("{} settings are wrong:\n  {}", several.len(), several.join("\n  ")),
    }
}
