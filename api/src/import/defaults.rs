//! What stands in where a row does not say what the rules need.

use domain::{PlainText, Slug, case::Priority};

/// Stand-ins. They never change a case: they fill what opening, resolving, reopening or canceling it requires.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// The customer.
    pub account: Option<String>,
    /// The customer's person.
    pub contact: Option<String>,
    /// Who made an update.
    pub agent: Option<String>,
    /// Where a case waits for an owner.
    pub queue: Option<Slug>,
    /// How urgent a case is.
    pub priority: Priority,
    /// The kind of request.
    pub case_type: Option<Slug>,
    /// The kind within its kind.
    pub category: Option<Slug>,
    /// The kind of answer.
    pub resolution_code: Slug,
    /// The texts that are marked as not the source's.
    pub placeholders: Placeholders,
}

/// Texts for what the source does not say in words. An event that carries one is marked.
#[derive(Clone, Debug)]
pub struct Placeholders {
    /// What a case is about.
    pub description: PlainText,
    /// The answer.
    pub resolution: PlainText,
    /// Why it was opened again.
    pub reopening: PlainText,
    /// Why it was withdrawn.
    pub canceling: PlainText,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            account: None,
            contact: None,
            agent: None,
            queue: None,
            priority: Priority::Normal,
            case_type: None,
            category: None,
            resolution_code: "not-stated".parse().expect("lower-case letters and a hyphen make a slug"),
            placeholders: Placeholders::default(),
        }
    }
}

impl Default for Placeholders {
    fn default() -> Self {
        let text = |text| PlainText::parse(text, 100).expect("a short line of print is a text");
        Self {
            description: text("(the system this case comes from has no description of it)"),
            resolution: text("(the system this case comes from has no text of the resolution)"),
            reopening: text("(the system this case comes from does not say why it was reopened)"),
            canceling: text("(the system this case comes from does not say why it was canceled)"),
        }
    }
}
