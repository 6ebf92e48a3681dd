//! The words of mail, and the layouts that they are put into.
//!
//! What a kind of mail says in a language stands in `templates/en.toml` and `templates/es.toml`, as plain text. Both the text and the
//! HTML of a mail are made of these same words, so neither says what the other does not; the layout escapes whatever it is
//! given.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{Language, MailKind};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, value::Serde};
use serde::{Deserialize, Serialize};

/// What a template can name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Known {
    /// What the portal is called.
    pub portal: String,
    /// When it happened.
    pub at: String,
    /// Until when something is good, or when something will happen.
    pub until: Option<String>,
    /// Who did it.
    pub actor: String,
    /// The case.
    pub case: KnownCase,
    /// The number of another case.
    pub other: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// What a template can name of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct KnownCase {
    /// Its number.
    pub number: String,
}

/// What a mail says, in the words of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// A line.
    pub title: String,
    /// What is to be said.
    pub paragraphs: Vec<String>,
    /// What one does about it.
    pub action: Option<String>,
}

/// All that a layout shows.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct View {
    pub language: Language,
    pub portal: String,
    pub primary: String,
    pub on_primary: &'static str,
    pub title: String,
    pub paragraphs: Vec<String>,
    pub facts: Vec<ShownFact>,
    pub quote: Option<Quote>,
    pub action: Option<ShownLink>,
    pub signed: Option<&'static str>,
    pub footer: Vec<&'static str>,
    pub leave: Option<ShownLink>,
}

/// Something that is known of the case.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ShownFact {
    pub label: &'static str,
    pub value: String,
}

/// Somebody's words.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Quote {
    pub by: Option<String>,
    pub lines: Vec<String>,
    pub goes_on: Option<&'static str>,
}

/// Somewhere to go.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ShownLink {
    pub label: String,
    pub url: String,
}

/// The words of one kind, as they stand in the file.
#[derive(Deserialize)]
struct Entry {
    title: String,
    #[serde(default)]
    text: String,
    action: Option<String>,
}

#[derive(Deserialize)]
struct File {
    common: BTreeMap<String, String>,
    status: BTreeMap<String, String>,
    #[serde(flatten)]
    kinds: BTreeMap<String, Entry>,
}

struct Words {
    templates: Environment<'static>,
    common: BTreeMap<(String, String), String>,
    actions: BTreeMap<(String, String), String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(Words::read);

impl Words {
    fn read() -> Self {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        templates.set_auto_escape_callback(|name| match name.rsplit_once('.') {
            Some((_, "html")) => AutoEscape::Html,
            _ => AutoEscape::None,
        });
        let (mut common, mut actions) = (BTreeMap::new(), BTreeMap::new());
        for (language, text) in [
            (Language::English, include_str!("templates/en.toml")),
            (Language::Spanish, include_str!("templates/es.toml")),
        ] {
            let file: File = toml::from_str(text).expect("a test reads the files of words");
            let of = |key: String| (language.to_string(), key);
            common.extend(file.common.into_iter().map(|(key, words)| (of(key), words)));
            common.extend(file.status.into_iter().map(|(key, words)| (of(format!("status {key}")), words)));
            for (kind, entry) in file.kinds {
                for (part, words) in [("title", entry.title), ("text", entry.text)] {
                    let name = format!("{language}/{kind}/{part}");
                    templates.add_template_owned(name, words).expect("a test reads the files of words");
                }
                actions.extend(entry.action.map(|words| (of(kind), words)));
            }
        }
        for (name, text) in [
            ("layout.html", include_str!("templates/layout.html")),
            ("layout.txt", include_str!("templates/layout.txt")),
        ] {
            templates.add_template(name, text).expect("a test reads the layouts");
        }
        Self { templates, common, actions }
    }

    fn render(&self, name: &str, context: impl Serialize) -> String {
        let template = self.templates.get_template(name).expect("each kind has its words, as a test sees");
        template.render(Serde(&context)).expect("templates name what is known, as a test sees")
    }
}

/// Reads the words, so that a mistake in them shows when the program starts and not with the first mail.
pub(crate) fn check() {
    LazyLock::force(&WORDS);
}

/// What a mail of a kind says.
pub(crate) fn said(kind: MailKind, language: Language, known: &Known) -> Said {
    let part = |part: &str| WORDS.render(&format!("{language}/{kind}/{part}"), known);
    let text = part("text");
    let paragraphs = text.split("\n\n").map(one_line).filter(|text| !text.is_empty());
    Said {
        title: one_line(&part("title")),
        paragraphs: paragraphs.collect(),
        action: WORDS.actions.get(&(language.to_string(), kind.to_string())).cloned(),
    }
}

/// Words that mails of several kinds share.
pub(crate) fn common(language: Language, key: &str) -> &'static str {
    WORDS.common.get(&(language.to_string(), key.to_owned())).map_or("", String::as_str)
}

/// The text of a mail.
pub(crate) fn text(view: &View) -> String {
    WORDS.render("layout.txt", view)
}

/// Its HTML.
pub(crate) fn html(view: &View) -> String {
    WORDS.render("layout.html", view)
}

/// A text as one line, without what no line shows.
pub(crate) fn one_line(text: &str) -> String {
    let visible = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    visible.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    fn known() -> Known {
        Known {
            portal: "Example Portal".to_owned(),
            at: "March 2, 2026, 09:00 UTC".to_owned(),
            until: Some("March 9, 2026, 09:00 UTC".to_owned()),
            actor: "Some agent".to_owned(),
            case: KnownCase { number: "CS-000001".to_owned() },
            other: Some("CS-000002".to_owned()),
            reason: Some("No such account.".to_owned()),
        }
    }

    #[test]
    fn each_kind_has_its_words_in_each_language() {
        for language in Language::iter() {
            for kind in MailKind::iter() {
                let all = said(kind, language, &known());
                let bare = Known { until: None, other: None, reason: None, ..known() };
                for Said { title, paragraphs, action } in [all, said(kind, language, &bare)] {
                    assert!(!title.is_empty() && !paragraphs.is_empty(), "{language} {kind}");
                    assert!(
                        !paragraphs.concat().contains(['{', '}']) && action.as_deref() != Some(""),
                        "{language} {kind}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_languages_say_the_same_things_in_other_words() {
        let keys = |of: Language| {
            let mine = |(language, key): &(String, String)| (*language == of.to_string()).then(|| key.clone());
            let common: Vec<_> = WORDS.common.keys().filter_map(mine).collect();
            let actions: Vec<_> = WORDS.actions.keys().filter_map(mine).collect();
            (common, actions)
        };
        assert_eq!(keys(Language::English), keys(Language::Spanish));
        for kind in MailKind::iter() {
            assert_ne!(said(kind, Language::English, &known()), said(kind, Language::Spanish, &known()), "{kind}");
        }
    }

    fn view() -> View {
        View {
            language: Language::English,
            portal: "<b>Portal</b>".to_owned(),
            primary: "#1a5fb4".to_owned(),
            on_primary: "#ffffff",
            title: "Title & more".to_owned(),
            paragraphs: vec!["One.".to_owned(), "Two <script>".to_owned()],
            facts: vec![ShownFact { label: "Case", value: "CS-000001".to_owned() }],
            quote: Some(Quote {
                by: Some("Ana \"A\" Sample".to_owned()),
                lines: vec![
                    "<img src=x onerror=alert(1)>".to_owned(),
                    String::new(),
                    "-- ".to_owned(),
                    "{{ 6 * 7 }}".to_owned(),
                ],
                goes_on: None,
            }),
            action: Some(ShownLink { label: "See it".to_owned(), url: "https://example.com/a?b&c".to_owned() }),
            signed: None,
            footer: vec!["You get this mail."],
            leave: None,
        }
    }

    #[test]
    fn html_escapes_what_it_is_given_and_text_quotes_it() {
        let (html, text) = (html(&view()), text(&view()));
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>"), "{html}");
        assert!(
            html.contains("Two &lt;script&gt;") && html.contains("https:&#x2f;&#x2f;example.com&#x2f;a?b&amp;c"),
            "{html}"
        );
        assert!(text.contains("Title & more\n\nOne.\n\nTwo <script>\n\nCase: CS-000001\n\n"), "{text}");
        let quoted = "Ana \"A\" Sample:\n> <img src=x onerror=alert(1)>\n> \n> -- \n> {{ 6 * 7 }}\n\nSee it:\n";
        assert!(text.contains(quoted), "{text}");
        assert!(html.contains("{{ 6 * 7 }}"), "what is put into a template is none: {html}");
    }

    #[test]
    fn a_line_is_one() {
        assert_eq!(one_line(" a\r\n\tBcc: x\u{2028}y \u{0}"), "a Bcc: x y");
    }
}
