//! One row of an export, checked.

use domain::{
    PlainText, Slug, Timestamp,
    case::Priority,
    text::{MAX_BODY_CHARS, MAX_REASON_CHARS, MAX_SUBJECT_CHARS, TextError},
};

use super::{
    field::{Field, Fields, Standing},
    refusal::RowRefusal,
    time::TimeFormat,
};

/// The longest reference, in characters.
const MAX_REFERENCE_CHARS: usize = 100;
/// The longest name of a person, account, place or product, in characters.
const MAX_NAME_CHARS: usize = 200;

/// How a case stood after one update. What the row does not know is absent, and changes nothing.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// The other system.
    pub system: Slug,
    /// The case there.
    pub reference: String,
    /// When the update was made.
    pub at: Timestamp,
    /// What orders updates made at the same time.
    pub order: Option<i64>,
    /// Where the case stood.
    pub standing: Standing,
    /// Who made the update.
    pub agent: Option<String>,
    /// When the case was opened.
    pub opened_at: Option<Timestamp>,
    /// Who opened it.
    pub opener: Option<String>,
    /// The customer.
    pub account: Option<String>,
    /// The customer's person.
    pub contact: Option<String>,
    /// The agent responsible.
    pub owner: Option<String>,
    /// Where it waits for one.
    pub queue: Option<Slug>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// The kind of request.
    pub case_type: Option<Slug>,
    /// The kind within its kind.
    pub category: Option<Slug>,
    /// Where the trouble is.
    pub location: Option<String>,
    /// With what.
    pub product: Option<String>,
    /// What it is about, in a line.
    pub subject: Option<PlainText>,
    /// What it is about.
    pub description: Option<PlainText>,
    /// The kind of answer.
    pub resolution_code: Option<Slug>,
    /// The answer.
    pub resolution: Option<PlainText>,
}

impl Row {
    /// Checks what a row says.
    ///
    /// # Errors
    /// [`RowRefusal`], naming the first field that says nothing it must, or something it may not.
    pub fn check(line: u64, fields: &Fields, times: &TimeFormat) -> Result<Self, RowRefusal> {
        let time = |field| text_of(fields, field).map(|text| times.read(field, text)).transpose();
        Ok(Self {
            line,
            system: slug(fields, Field::System)?.ok_or(RowRefusal::Missing(Field::System))?,
            reference: line_of_text(fields, Field::Reference, MAX_REFERENCE_CHARS)?
                .ok_or(RowRefusal::Missing(Field::Reference))?,
            at: time(Field::UpdatedAt)?.ok_or(RowRefusal::Missing(Field::UpdatedAt))?,
            order: order(fields)?,
            standing: standing(required(fields, Field::State)?)?,
            agent: name(fields, Field::Agent)?,
            opened_at: time(Field::OpenedAt)?,
            opener: name(fields, Field::Opener)?,
            account: name(fields, Field::Account)?,
            contact: name(fields, Field::Contact)?,
            owner: name(fields, Field::Owner)?,
            queue: slug(fields, Field::Queue)?,
            priority: text_of(fields, Field::Priority).map(priority).transpose()?,
            case_type: slug(fields, Field::Type)?,
            category: slug(fields, Field::Category)?,
            location: name(fields, Field::Location)?,
            product: name(fields, Field::Product)?,
            subject: text(fields, Field::Subject, MAX_SUBJECT_CHARS)?,
            description: text(fields, Field::Description, MAX_BODY_CHARS)?,
            resolution_code: slug(fields, Field::ResolutionCode)?,
            resolution: text(fields, Field::Resolution, MAX_REASON_CHARS)?,
        })
    }
}

fn text_of(fields: &Fields, field: Field) -> Option<&str> {
    fields.get(&field).map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn required(fields: &Fields, field: Field) -> Result<&str, RowRefusal> {
    text_of(fields, field).ok_or(RowRefusal::Missing(field))
}

fn text(fields: &Fields, field: Field, limit_chars: usize) -> Result<Option<PlainText>, RowRefusal> {
    let parse = |text| PlainText::parse(text, limit_chars).map_err(|source| RowRefusal::Text { field, source });
    text_of(fields, field).map(parse).transpose()
}

/// A text in which a line feed or a tab would be a mistake.
fn line_of_text(fields: &Fields, field: Field, limit_chars: usize) -> Result<Option<String>, RowRefusal> {
    let Some(text) = text(fields, field, limit_chars)? else { return Ok(None) };
    match text.as_str().chars().enumerate().find(|(_, c)| c.is_control()) {
        None => Ok(Some(text.as_str().to_owned())),
        Some((at, c)) => {
            let source = TextError::ControlCharacter { code: u32::from(c), at: at + 1 };
            Err(RowRefusal::Text { field, source })
        }
    }
}

fn name(fields: &Fields, field: Field) -> Result<Option<String>, RowRefusal> {
    line_of_text(fields, field, MAX_NAME_CHARS)
}

fn slug(fields: &Fields, field: Field) -> Result<Option<Slug>, RowRefusal> {
    let make = |value: &str| {
        let value_start = || value.chars().take(80).collect();
        Slug::from_name(value).ok_or_else(|| RowRefusal::NoSlug { field, value: value_start() })
    };
    text_of(fields, field).map(make).transpose()
}

fn order(fields: &Fields) -> Result<Option<i64>, RowRefusal> {
    let parse = |text: &str| text.parse().map_err(|_| RowRefusal::Order(text.chars().take(80).collect()));
    text_of(fields, Field::Order).map(parse).transpose()
}

pub(super) fn standing(text: &str) -> Result<Standing, RowRefusal> {
    Standing::named(text).ok_or_else(|| RowRefusal::State(text.chars().take(80).collect()))
}

pub(super) fn priority(text: &str) -> Result<Priority, RowRefusal> {
    text.parse().map_err(|_| RowRefusal::Priority(text.chars().take(80).collect()))
}

#[cfg(test)]
mod tests {
    use domain::case::WaitReason;

    use super::*;

    fn fields(more: &[(Field, &str)]) -> Fields {
        let least = [
            (Field::System, "old-desk"),
            (Field::Reference, "T-1"),
            (Field::UpdatedAt, "2026-03-14T09:26:53Z"),
            (Field::State, "Waiting for vendor"),
        ];
        least.iter().chain(more).map(|(field, text)| (*field, (*text).to_owned())).collect()
    }

    fn check(more: &[(Field, &str)]) -> Result<Row, RowRefusal> {
        Row::check(7, &fields(more), &TimeFormat::Rfc3339)
    }

    #[test]
    fn four_fields_make_a_row_and_names_become_short_names() {
        let row = check(&[(Field::Queue, "Group 56"), (Field::Owner, "  "), (Field::Order, "3")]).expect("a row");
        assert_eq!(row.standing, Standing::Waiting(WaitReason::Vendor));
        assert_eq!(row.queue.as_ref().map(Slug::as_str), Some("group-56"));
        assert_eq!((row.owner, row.order), (None, Some(3)));
    }

    #[test]
    fn what_every_row_must_say_is_asked_for_by_name() {
        for field in [Field::System, Field::Reference, Field::UpdatedAt, Field::State] {
            let refusal = check(&[(field, " ")]).map(|_| ()).expect_err("incomplete");
            assert_eq!(refusal, RowRefusal::Missing(field));
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (field, text, reason) in [
            (
                Field::UpdatedAt,
                "yesterday",
                "`updated_at` is `yesterday`, which is no time written as `2026-03-14T09:26:53Z`",
            ),
            (Field::OpenedAt, "x", "`opened_at` is `x`, which is no time written as `2026-03-14T09:26:53Z`"),
            (Field::Order, "third", "`order` is `third`, which is no whole number"),
            (
                Field::State,
                "Pending",
                "the state `Pending` is none of New, Open, Waiting for customer, Waiting for vendor, Waiting for problem, \
                 Waiting for evidence, Resolved, Closed, Canceled: add it to [values.state]",
            ),
            (
                Field::Priority,
                "P1",
                "the priority `P1` is none of Low, Normal, High, Critical: add it to [values.priority]",
            ),
            (
                Field::Category,
                "?!",
                "`category` is `?!`, which has no letter a-z or digit: add it to [values.category]",
            ),
            (Field::Owner, "Ana\nBo", "`owner`: the text has the control character U+000A at character 4: remove it"),
        ] {
            assert_eq!(check(&[(field, text)]).map(|_| ()).expect_err(text).to_string(), reason);
        }
    }
}
