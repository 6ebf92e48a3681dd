//! The challenge question: an extra step behind a mailed link, never enough alone.
//!
//! The questions ask for something made up, and for no fact about a person or an account (47 CFR 64.2010 allows no such): what can be
//! looked up is no answer. Answers are hashed as passwords are.

use domain::{PersonId, Slug, Timestamp};
use sqlx::{FromRow, PgConnection};
use unicode_normalization::UnicodeNormalization as _;

use super::{Hashed, Secret};

/// The questions there are: a name, and how it is put in English.
pub const QUESTIONS: [(&str, &str); 6] = [
    ("imaginary-town", "What is the town called that exists in your imagination alone?"),
    ("made-up-word", "Which word have you made up that nobody else uses?"),
    ("pet-dragon", "What would you call a dragon if you kept one?"),
    ("secret-recipe", "Which two ingredients would nobody expect in your invented dish?"),
    ("ship-name", "What name would you paint on a ship?"),
    ("unwritten-book", "What is the title of the book that you have not written yet?"),
];

/// The least and most characters of an answer.
pub const ANSWER_CHARS: std::ops::RangeInclusive<usize> = 4..=100;

/// A question that somebody chose, with what is kept of their answer.
#[derive(Clone, Debug, FromRow)]
pub struct Challenge {
    /// Which question.
    pub question: String,
    /// The answer's hash.
    #[sqlx(flatten)]
    pub answer: Hashed,
}

/// A question by its name.
#[must_use]
pub fn question(name: &str) -> Option<(Slug, &'static str)> {
    let (name, text) = QUESTIONS.iter().find(|(known, _)| *known == name)?;
    Some((Slug::parse(name).expect("the names are slugs"), text))
}

/// An answer in the form in which it is hashed: without regard to case, to blanks, and to how its characters are encoded.
#[must_use]
pub fn normalize(answer: &Secret) -> Secret {
    let text: String = answer.reveal().chars().take(4 * ANSWER_CHARS.end()).nfkc().collect();
    Secret::new(text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What somebody chose, if they did.
///
/// # Errors
/// When the database does not answer.
pub async fn of(conn: &mut PgConnection, person: PersonId) -> Result<Option<Challenge>, sqlx::Error> {
    sqlx::query_as("select question, hash, pepper_version from challenge_answers where person = $1")
        .bind(person.0)
        .fetch_optional(conn)
        .await
}

/// Sets a question and its answer.
///
/// # Errors
/// When the database does not answer.
pub async fn set(
    conn: &mut PgConnection,
    person: PersonId,
    question: &Slug,
    answer: &Hashed,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into challenge_answers (person, question, hash, pepper_version, set_at) values ($1, $2, $3, $4, $5)
         on conflict (person) do update
         set question = excluded.question, hash = excluded.hash, pepper_version = excluded.pepper_version,
             set_at = excluded.set_at",
    )
    .bind(person.0)
    .bind(question.to_string())
    .bind(&answer.hash)
    .bind(answer.pepper_version)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// Removes it.
///
/// # Errors
/// When the database does not answer.
pub async fn remove(conn: &mut PgConnection, person: PersonId) -> Result<(), sqlx::Error> {
    sqlx::query("delete from challenge_answers where person = $1").bind(person.0).execute(conn).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_has_a_name_and_asks_for_nothing_that_could_be_looked_up() {
        for (name, text) in QUESTIONS {
            assert_eq!(question(name).map(|(slug, text)| (slug.to_string(), text)), Some((name.to_owned(), text)));
            for fact in ["born", "birth", "mother", "father", "school", "street", "account", "invoice", "number", "pet's"] {
                assert!(!text.to_lowercase().contains(fact), "{text}");
            }
        }
        assert_eq!(question("first-concert"), None);
    }

    #[test]
    fn an_answer_is_the_same_however_it_is_typed() {
        let forms = ["Saint  Élodie ", "saint élodie", "SAINT E\u{301}LODIE"];
        for form in forms {
            assert_eq!(normalize(&Secret::new(form)).reveal(), "saint élodie");
        }
    }
}
