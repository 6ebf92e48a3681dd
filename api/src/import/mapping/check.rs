//! What a mapping file must get right before a row is read.

use std::{collections::BTreeMap, fmt};

use domain::{
    PlainText, Slug,
    text::{MAX_BODY_CHARS, MAX_REASON_CHARS},
};

use super::{
    super::{
        defaults::{Defaults, Placeholders},
        field::{Field, listed},
        row::{priority, standing},
        time::{TimeFormat, TimeFormatError},
    },
    Mapping,
    file::{MappingFile, PlaceholderTexts, Source},
};

/// A mistake in the file: at which key, and what to do about it.
#[derive(Debug)]
pub(super) struct Mistake {
    pub key: String,
    pub problem: String,
}

type Checked<T> = Result<T, Mistake>;

fn mistake<T>(key: impl Into<String>, problem: impl fmt::Display) -> Checked<T> {
    Err(Mistake { key: key.into(), problem: problem.to_string() })
}

/// What a row must always say.
const IN_EVERY_ROW: [Field; 3] = [Field::Reference, Field::UpdatedAt, Field::State];
/// What it takes to open a case and to record who did something.
const TO_OPEN: [Field; 6] = [Field::Account, Field::Contact, Field::Agent, Field::Queue, Field::Type, Field::Category];

pub(super) fn check(file: MappingFile) -> Checked<Mapping> {
    let MappingFile { source, columns, values, defaults, placeholders } = file;
    check_columns(&columns, &defaults)?;
    check_values(&columns, &values)?;
    Ok(Mapping {
        system: system(&source)?,
        times: times(&source)?,
        delimiter: delimiter(&source)?,
        columns,
        defaults: check_defaults(&defaults, placeholders)?,
        unknown: source.unknown,
        values,
    })
}

fn check_columns(columns: &BTreeMap<Field, String>, defaults: &BTreeMap<Field, String>) -> Checked<()> {
    if columns.contains_key(&Field::System) {
        return mistake("columns.system", "the system is named once, as source.system: remove this line");
    }
    for field in IN_EVERY_ROW {
        if !columns.contains_key(&field) {
            return mistake(format!("columns.{field}"), "every row must say this: name the column that does");
        }
    }
    for field in TO_OPEN {
        if !columns.contains_key(&field) && !defaults.contains_key(&field) {
            let problem = format!("no case opens without this: name a column, or give it a value as defaults.{field}");
            return mistake(format!("columns.{field}"), problem);
        }
    }
    Ok(())
}

fn check_values(columns: &BTreeMap<Field, String>, values: &BTreeMap<Field, BTreeMap<String, String>>) -> Checked<()> {
    for (field, meanings) in values {
        let section = format!("values.{field}");
        if matches!(field, Field::Reference | Field::UpdatedAt | Field::OpenedAt | Field::Order | Field::System) {
            return mistake(section, "these are read as they are: remove the section");
        }
        if !columns.contains_key(field) {
            return mistake(section, format!("no column is named for it: add columns.{field}, or remove the section"));
        }
        for (value, meaning) in meanings {
            let key = || format!("{section}.{value:?}");
            match field {
                Field::State => standing(meaning).map(|_| ()).or_else(|error| mistake(key(), error))?,
                Field::Priority => priority(meaning).map(|_| ()).or_else(|error| mistake(key(), error))?,
                Field::Queue | Field::Type | Field::Category | Field::ResolutionCode => {
                    slug(&key(), meaning)?;
                }
                _ if meaning.trim().is_empty() => return mistake(key(), "it means nothing: name what it means"),
                _ => {}
            }
        }
    }
    Ok(())
}

fn system(source: &Source) -> Checked<Slug> {
    source.system.parse().or_else(|error| mistake("source.system", error))
}

fn times(source: &Source) -> Checked<TimeFormat> {
    if source.time_format == "rfc3339" {
        return Ok(TimeFormat::Rfc3339);
    }
    TimeFormat::local(&source.time_format, &source.zone).or_else(|error| match error {
        TimeFormatError::Format(_) => mistake("source.time_format", error),
        TimeFormatError::Zone(_) => mistake("source.zone", error),
    })
}

fn delimiter(source: &Source) -> Checked<u8> {
    match u8::try_from(source.delimiter) {
        Ok(byte) if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\"\r\n".contains(&byte) => Ok(byte),
        _ => mistake("source.delimiter", "use one character such as `,`, `;` or a tab"),
    }
}

/// The fields that can have a stand-in.
const WITH_DEFAULT: [Field; 8] = [
    Field::Account,
    Field::Contact,
    Field::Agent,
    Field::Queue,
    Field::Priority,
    Field::Type,
    Field::Category,
    Field::ResolutionCode,
];

fn check_defaults(texts: &BTreeMap<Field, String>, placeholders: PlaceholderTexts) -> Checked<Defaults> {
    if let Some(field) = texts.keys().find(|field| !WITH_DEFAULT.contains(field)) {
        return mistake(format!("defaults.{field}"), format!("only these have one: {}", listed(WITH_DEFAULT)));
    }
    let built_in = Defaults::default();
    let short_name = |field: Field| texts.get(&field).map(|text| slug(&format!("defaults.{field}"), text)).transpose();
    let name = |field: Field| match texts.get(&field).map(|text| text.trim()) {
        Some("") => mistake(format!("defaults.{field}"), "it is empty: give it a value or remove it"),
        name => Ok(name.map(str::to_owned)),
    };
    Ok(Defaults {
        account: name(Field::Account)?,
        contact: name(Field::Contact)?,
        agent: name(Field::Agent)?,
        queue: short_name(Field::Queue)?,
        priority: match texts.get(&Field::Priority) {
            None => built_in.priority,
            Some(text) => priority(text).or_else(|error| mistake("defaults.priority", error))?,
        },
        case_type: short_name(Field::Type)?,
        category: short_name(Field::Category)?,
        resolution_code: short_name(Field::ResolutionCode)?.unwrap_or(built_in.resolution_code),
        placeholders: check_placeholders(placeholders, built_in.placeholders)?,
    })
}

fn check_placeholders(texts: PlaceholderTexts, built_in: Placeholders) -> Checked<Placeholders> {
    let or_built_in = |key: &str, text: Option<String>, limit_chars, built_in| match text {
        None => Ok(built_in),
        Some(text) => {
            PlainText::parse(&text, limit_chars).or_else(|error| mistake(format!("placeholders.{key}"), error))
        }
    };
    Ok(Placeholders {
        description: or_built_in("description", texts.description, MAX_BODY_CHARS, built_in.description)?,
        resolution: or_built_in("resolution", texts.resolution, MAX_REASON_CHARS, built_in.resolution)?,
        reopening: or_built_in("reopening", texts.reopening, MAX_REASON_CHARS, built_in.reopening)?,
        canceling: or_built_in("canceling", texts.canceling, MAX_REASON_CHARS, built_in.canceling)?,
    })
}

fn slug(key: &str, text: &str) -> Checked<Slug> {
    match Slug::from_name(text) {
        Some(slug) => Ok(slug),
        None => mistake(key, format!("`{text}` has no letter a-z or digit: write a name that has")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Mapping;

    const SOUND: &str = r#"
[source]
system = "old-desk"
time_format = "%d-%m-%Y %H:%M"
unknown = ["?"]

[columns]
reference = "number"
updated_at = "updated"
state = "state"
contact = "caller"
agent = "by"
queue = "group"
category = "category"

[values.state]
Active = "Open"

[defaults]
account = "Example Company"
type = "Incident"
"#;

    fn refused(find: &str, replace: &str) -> String {
        assert!(SOUND.contains(find), "{find}");
        let text = SOUND.replacen(find, replace, 1);
        Mapping::parse(Path::new("desk.toml"), &text).expect_err(replace).to_string()
    }

    #[test]
    fn a_sound_mapping_is_taken() {
        let mapping = Mapping::parse(Path::new("desk.toml"), SOUND).expect("sound");
        assert_eq!(mapping.system.as_str(), "old-desk");
        assert_eq!(mapping.defaults.case_type.as_ref().map(domain::Slug::as_str), Some("incident"));
    }

    #[test]
    fn a_mistake_is_named_with_its_file_and_key() {
        for (find, replace, says) in [
            ("state = \"state\"\n", "", "desk.toml has a mistake at columns.state: every row must say this"),
            ("queue = \"group\"\n", "", "at columns.queue: no case opens without this: name a column"),
            ("\"Open\"", "\"Pending\"", "at values.state.\"Active\": the state `Pending` is none of New, Open"),
            ("[values.state]", "[values.priority]", "at values.priority: no column is named for it"),
            ("[values.state]", "[values.updated_at]", "at values.updated_at: these are read as they are"),
            ("account = ", "owner = \"Bo\"\naccount = ", "at defaults.owner: only these have one: account, contact"),
            ("\"Incident\"", "\"?\"", "at defaults.type: `?` has no letter a-z or digit"),
            ("old-desk", "Old Desk", "at source.system: `Old Desk` is not a short name"),
            ("%d-%m-%Y %H:%M", "%d-%m-%Y", "at source.time_format: `%d-%m-%Y` does not write day and time"),
            ("unknown = ", "zone = \"Mars\"\nunknown = ", "at source.zone: there is no time zone `Mars`"),
            ("unknown = ", "delimiter = \"x\"\nunknown = ", "at source.delimiter: use one character such as"),
            (
                "[defaults]",
                "[placeholders]\nresolution = \" \"\n[defaults]",
                "at placeholders.resolution: the text is empty",
            ),
            ("number", "number\"\nnumbers = \"x", "unknown variant `numbers`, expected one of `system`, `reference`"),
            ("[defaults]", "[default]", "unknown field `default`"),
            ("system = ", "system ", "desk.toml is not understood: TOML parse error at line 3, column 8"),
        ] {
            let said = refused(find, replace);
            assert!(said.contains(says), "{said}");
        }
    }

    #[test]
    fn a_missing_file_is_named() {
        let said = Mapping::read(Path::new("no-such.toml")).expect_err("missing").to_string();
        assert!(said.starts_with("cannot read the mapping no-such.toml: "), "{said}");
    }
}
