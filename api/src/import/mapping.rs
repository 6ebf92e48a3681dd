//! The mapping file: what the columns and values of a CSV export mean.

mod check;
mod file;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use domain::Slug;

use super::{
    defaults::Defaults,
    field::{Field, Fields},
    time::TimeFormat,
};

/// A mapping that was found to be sound; whether a file has its columns shows when the file is read.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The system that the export comes from.
    pub system: Slug,
    /// How it writes times.
    pub times: TimeFormat,
    /// What stands between the fields of a record.
    pub delimiter: u8,
    /// Which column says what.
    pub columns: BTreeMap<Field, String>,
    /// What stands in for what a row does not say.
    pub defaults: Defaults,
    unknown: Vec<String>,
    values: BTreeMap<Field, BTreeMap<String, String>>,
}

/// What is wrong with a mapping file.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// It cannot be read.
    #[error("cannot read the mapping {path}: {source}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It is no TOML, or has keys that a mapping does not have.
    #[error("the mapping {path} is not understood: {problem}", path = path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What stands where, over several lines.
        problem: String,
    },
    /// A key holds something that it cannot.
    #[error("the mapping {path} has a mistake at {key}: {problem}", path = path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The key, as in `columns.state`.
        key: String,
        /// What is wrong and what to do.
        problem: String,
    },
}

impl Mapping {
    /// Reads and checks a mapping file.
    ///
    /// # Errors
    /// [`MappingError`], naming the file and the first key that is wrong.
    pub fn read(path: &Path) -> Result<Self, MappingError> {
        let text =
            fs::read_to_string(path).map_err(|source| MappingError::Unreadable { path: path.to_owned(), source })?;
        Self::parse(path, &text)
    }

    /// Checks the text of a mapping file.
    ///
    /// # Errors
    /// [`MappingError`], naming the file and the first key that is wrong.
    pub fn parse(path: &Path, text: &str) -> Result<Self, MappingError> {
        let file: file::MappingFile = toml::from_str(text)
            .map_err(|error| MappingError::Syntax { path: path.to_owned(), problem: error.to_string() })?;
        check::check(file).map_err(|check::Mistake { key, problem }| MappingError::Invalid {
            path: path.to_owned(),
            key,
            problem,
        })
    }

    /// What a record says, in our words. Values that mean *unknown* are left out.
    #[must_use]
    pub fn translate<'a>(&self, mut value_of: impl FnMut(Field) -> Option<&'a str>) -> Fields {
        let known = |value: &&str| !value.is_empty() && !self.unknown.iter().any(|unknown| unknown == value);
        let meaning = |field: &Field, value: &str| {
            let listed = self.values.get(field).and_then(|values| values.get(value));
            listed.map_or_else(|| value.to_owned(), Clone::clone)
        };
        let mut fields: Fields = self
            .columns
            .keys()
            .filter_map(|field| Some((*field, value_of(*field)?.trim())))
            .filter(|(_, value)| known(value))
            .map(|(field, value)| (field, meaning(&field, value)))
            .collect();
        fields.insert(Field::System, self.system.to_string());
        fields
    }
}
