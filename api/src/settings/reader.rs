//! Reads one variable after the other and gathers what is wrong.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::{
    declared,
    error::{Problem, SettingsError},
    setting::{About, Fallback, Setting},
};
use crate::secret_file::{self, open_to_others};

/// Looks settings up by name, and remembers every problem instead of stopping at the first.
pub(super) struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<OsString>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(lookup: &'a dyn Fn(&str) -> Option<OsString>) -> Self {
        Self { lookup, problems: Vec::new() }
    }

    /// The setting's value; its default when it is unset, and also when it is wrong, so that reading can go on.
    pub(super) fn value<T>(&mut self, setting: &Setting<T>) -> T {
        if let Some(value) = self.set_value(setting) {
            return value;
        }
        let Fallback::Text(text) = setting.about.fallback else {
            unreachable!("{} has no default of its own", setting.about.name)
        };
        (setting.parse)(text).expect("a declared default is read by its own parser")
    }

    /// The setting's value if it is set and right.
    pub(super) fn set_value<T>(&mut self, setting: &Setting<T>) -> Option<T> {
        let text = self.text(&setting.about)?;
        match (setting.parse)(&text) {
            Ok(value) => Some(value),
            Err(expected) if setting.about.secret => {
                self.refuse(&setting.about, format!("is not usable: it must be {expected}"));
                None
            }
            Err(expected) => {
                self.refuse(&setting.about, format!("is `{text}`: it must be {expected}"));
                None
            }
        }
    }

    /// The value of a secret that is set itself, or is in a file that another setting names.
    pub(super) fn secret<T>(&mut self, setting: &Setting<T>, file: &Setting<PathBuf>) -> Option<T> {
        let (value, path) = (self.set_value(setting), self.set_value(file));
        let Some(path) = path else { return value };
        if self.is_set(&setting.about) {
            self.refuse(&file.about, format!("is set, and {} is, too: set one of them", setting.about.name));
            return None;
        }
        let read = secret_of(&path).and_then(|text| {
            (setting.parse)(&text).map_err(|expected| format!("what is in it is not usable: it must be {expected}"))
        });
        read.map_err(|words| self.refuse(&file.about, format!("is {}: {words}", path.display()))).ok()
    }

    /// Whether something was set, be it right or wrong.
    pub(super) fn is_set(&self, about: &About) -> bool {
        (self.lookup)(about.name).is_some_and(|value| !value.is_empty())
    }

    /// Notes that a setting's value cannot stand; `words` follow its name in the report.
    pub(super) fn refuse(&mut self, about: &About, words: String) {
        self.problems.push(Problem { name: about.name.to_owned(), words });
    }

    /// Refuses names that look like ours and are not: a misspelled setting would otherwise silently do nothing.
    pub(super) fn refuse_unknown(&mut self, names: impl Iterator<Item = String>) {
        let unknown = names
            .filter(|name| name.starts_with("CASESTREAM_") && !declared::ALL.iter().any(|about| about.name == name));
        for name in unknown {
            let words = "is not a setting: correct its name or unset it (`casestream settings` lists all)";
            self.problems.push(Problem { name, words: words.to_owned() });
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Everything that was refused on the way.
    pub(super) fn finish(self) -> Result<(), SettingsError> {
        if self.problems.is_empty() {
            return Ok(());
        }
        Err(SettingsError { problems: self.problems })
    }

    /// The variable's text; an empty one counts as unset, since that is how environment files switch a setting off.
    fn text(&mut self, about: &About) -> Option<String> {
        let value = (self.lookup)(about.name).filter(|value| !value.is_empty())?;
        let text = value.into_string();
        if text.is_err() {
            self.refuse(about, "is not valid UTF-8: write it in UTF-8".to_owned());
        }
        text.ok()
    }
}

/// What a file holds, without the end of its line; or what is wrong with it.
fn secret_of(path: &Path) -> Result<Zeroizing<String>, String> {
    if let Some(mode) = open_to_others(path).map_err(|error| format!("it cannot be read ({error})"))? {
        return Err(format!("it is open to others (mode {mode:o}): run `chmod 600 {}`", path.display()));
    }
    let text = secret_file::read(path).map(Zeroizing::new).map_err(|error| format!("it cannot be read ({error})"))?;
    let text = str::from_utf8(&text).map_err(|_| "it is not valid UTF-8: write it in UTF-8".to_owned())?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err("it is empty".to_owned()),
        text => Ok(Zeroizing::new(text.to_owned())),
    }
}
