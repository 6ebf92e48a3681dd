//! The shape of a mapping file, as TOML.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::field::Field;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingFile {
    pub source: Source,
    pub columns: BTreeMap<Field, String>,
    #[serde(default)]
    pub values: BTreeMap<Field, BTreeMap<String, String>>,
    #[serde(default)]
    pub defaults: BTreeMap<Field, String>,
    #[serde(default)]
    pub placeholders: PlaceholderTexts,
}

/// Where the export comes from, and how it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub system: String,
    pub time_format: String,
    #[serde(default = "utc")]
    pub zone: String,
    #[serde(default)]
    pub unknown: Vec<String>,
    #[serde(default = "comma")]
    pub delimiter: char,
}

/// Texts of the mapping's own.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceholderTexts {
    pub description: Option<String>,
    pub resolution: Option<String>,
    pub reopening: Option<String>,
    pub canceling: Option<String>,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn comma() -> char {
    ','
}
