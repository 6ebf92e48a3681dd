//! What one setting is, and how the table of all of them is printed.

use std::fmt::Write as _;

use super::declared;

/// One environment variable that Casestream reads: what it is called, what it means, how its text becomes a `T`.
#[derive(Debug)]
pub struct Setting<T: 'static> {
    /// What an operator reads about it.
    pub about: About,
    /// Turns the variable's text into a value, or says what the text must be (completing the sentence "it must be …").
    pub parse: fn(&str) -> Result<T, String>,
}

/// The part of a [`Setting`] that is for people.
#[derive(Debug)]
pub struct About {
    /// The name of the environment variable.
    pub name: &'static str,
    /// What holds when the variable is unset or empty.
    pub fallback: Fallback,
    /// One or two sentences for an operator.
    pub description: &'static str,
    /// Whether the value may hold a password, and so is never repeated in a message.
    pub secret: bool,
}

/// What a setting is when nobody sets it.
#[derive(Debug)]
pub enum Fallback {
    /// This text, which the setting's own parser reads.
    Text(&'static str),
    /// A value that depends on other things; described in words.
    Derived(&'static str),
}

/// Prints all settings as a Markdown table, in the order in which an operator meets them.
#[must_use]
pub fn markdown_table() -> String {
    let mut table = String::from("| setting | default | what it does |\n|---|---|---|\n");
    for about in declared::ALL {
        let fallback = match about.fallback {
            Fallback::Text(text) => format!("`{text}`"),
            Fallback::Derived(words) => words.to_owned(),
        };
        writeln!(table, "| `{}` | {fallback} | {} |", about.name, about.description)
            .expect("writing to a string does not fail");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operations_page_shows_this_table() {
        let page = include_str!("../../../docs/operations.md");
        assert!(
            page.contains(&markdown_table()),
            "docs/operations.md differs from the declared settings; paste the output of `casestream settings`:\n{}",
            markdown_table()
        );
    }
}
