//! What people say: stories of each category, and what is said whatever the trouble is. All of it stands in data files.

use std::collections::BTreeMap;

use domain::{Slug, case::Priority};
use serde::Deserialize;

const STORIES: [&str; 6] = [
    include_str!("data/billing.toml"),
    include_str!("data/network.toml"),
    include_str!("data/fraud.toml"),
    include_str!("data/managed.toml"),
    include_str!("data/voice.toml"),
    include_str!("data/changes.toml"),
];
const PHRASES: &str = include_str!("data/phrases.toml");

/// A kind of trouble, with what is said about it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// The kind of request.
    pub r#type: Slug,
    /// The kind within its kind.
    pub category: Slug,
    /// How often it happens beside the others.
    #[serde(default = "once")]
    pub weight: u32,
    /// How urgent it is, where that is not what its category says.
    pub priority: Option<Priority>,
    /// The catalogue's products that it may be about; any if none is named.
    #[serde(default)]
    pub products: Vec<String>,
    /// What it begins with.
    pub openings: Vec<Opening>,
    /// What the desk asks.
    pub exchanges: Vec<Exchange>,
    /// What the desk tells the customer on the way.
    pub progress: Vec<String>,
    /// What the desk writes down for itself.
    pub notes: Vec<String>,
    /// What is asked of somebody else.
    pub vendor: Option<Exchange>,
    /// How it ends.
    pub resolutions: Vec<Answer>,
}

fn once() -> u32 {
    1
}

/// A description, and the line above it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// In a line.
    pub subject: String,
    /// In words.
    pub text: String,
}

/// Something that is asked, and what comes back.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// The question.
    pub ask: String,
    /// The answer.
    pub answer: String,
}

/// An answer of the desk.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Its kind, one of the catalogue's codes.
    pub code: Slug,
    /// In words.
    pub text: String,
}

impl Story {
    /// Whether it may be about a product of the catalogue.
    #[must_use]
    pub fn may_be_about(&self, product: &str) -> bool {
        self.products.is_empty() || self.products.iter().any(|name| name == product)
    }

    /// Whether its words are about a product or a place of the customer's.
    #[must_use]
    pub fn names_a_place(&self) -> bool {
        let names_it = |text: &String| ["{place}", "{product}", "{circuit}"].iter().any(|name| text.contains(name));
        self.openings.iter().any(|opening| names_it(&opening.subject) || names_it(&opening.text))
    }
}

/// What is said whatever the trouble is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// The desk's first words.
    pub greetings: Vec<String>,
    /// What the desk says to somebody who called, of whom it opened the case.
    pub called: Vec<String>,
    /// A customer wants news, and what the desk says to that.
    pub nudges: Vec<Exchange>,
    /// The desk wants an answer.
    pub reminders: Vec<String>,
    /// To whoever takes a case over.
    pub handovers: Vec<String>,
    /// To the queue that a case is moved to.
    pub moved: Vec<String>,
    /// Why it is more urgent now.
    pub urgent: Vec<String>,
    /// What is looked for beyond this case.
    pub problems: Vec<String>,
    /// What the customer is to send, and what comes of it.
    pub evidence: Vec<Exchange>,
    /// It works again.
    pub thanks: Vec<String>,
    /// It does not.
    pub rejections: Vec<String>,
    /// What was done then.
    pub second_answers: Vec<Answer>,
    /// Why the desk takes a case up again.
    pub reopenings: Vec<String>,
    /// Why it is not needed any more.
    pub cancels: Vec<String>,
    /// That somebody else has asked already.
    pub duplicates: Vec<Opening>,
    /// That it goes on in another case.
    pub elsewhere: Vec<String>,
    /// How it was, by the score.
    pub ratings: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoryFile {
    story: Vec<Story>,
}

/// All stories, in the order of their files.
#[must_use]
pub fn stories() -> Vec<Story> {
    STORIES
        .iter()
        .flat_map(|file| toml::from_str::<StoryFile>(file).expect("the shipped stories are read").story)
        .collect()
}

/// All phrases.
#[must_use]
pub fn phrases() -> Phrases {
    toml::from_str(PHRASES).expect("the shipped phrases are read")
}

/// What names in braces stand for in one case.
#[derive(Clone, Debug, Default)]
pub struct Names(Vec<(&'static str, String)>);

/// The names that may stand in braces.
pub const NAMES: [&str; 11] =
    ["place", "product", "circuit", "contact", "agent", "phone", "number", "amount", "invoice", "ticket", "person"];

impl Names {
    /// Says what one stands for.
    pub fn set(&mut self, name: &'static str, means: impl Into<String>) {
        debug_assert!(NAMES.contains(&name), "{name} is none of the names");
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, means.into()));
    }

    /// A text with everything in its place.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, means)| text.replace(&format!("{{{name}}}"), means))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::settings::Settings;

    use super::*;

    #[test]
    fn there_is_a_story_of_every_category_and_each_is_in_the_catalogue() {
        let catalogue = Settings::default().catalogue;
        let told: BTreeSet<_> = stories().into_iter().map(|story| (story.r#type, story.category)).collect();
        let offered: BTreeSet<_> = catalogue
            .types
            .iter()
            .flat_map(|(of, it)| it.categories.keys().map(move |category| (of.clone(), category.clone())))
            .collect();
        assert_eq!(told, offered);
        let answers = stories().into_iter().flat_map(|story| story.resolutions).chain(phrases().second_answers);
        for answer in answers {
            assert!(catalogue.resolution_codes.contains_key(&answer.code), "{}", answer.code);
        }
        let names: BTreeSet<_> = catalogue.products.values().map(|entry| entry.is.to_string()).collect();
        for product in stories().into_iter().flat_map(|story| story.products) {
            assert!(names.contains(&product), "{product}");
        }
    }

    #[test]
    fn every_name_in_braces_means_something() {
        let mut names = Names::default();
        for name in NAMES {
            names.set(name, "x");
        }
        for file in STORIES.iter().chain([&PHRASES]) {
            let mut texts = vec![];
            gather(&toml::from_str(file).unwrap(), &mut texts);
            assert!(texts.len() > 20);
            for text in texts {
                let filled = names.fill(&text);
                assert!(!filled.contains(['{', '}']), "{text}");
            }
        }
    }

    /// Every text of a file, wherever it stands.
    fn gather(value: &toml::Value, texts: &mut Vec<String>) {
        match value {
            toml::Value::String(text) => texts.push(text.clone()),
            toml::Value::Array(values) => values.iter().for_each(|value| gather(value, texts)),
            toml::Value::Table(table) => table.values().for_each(|value| gather(value, texts)),
            _ => {}
        }
    }
}
