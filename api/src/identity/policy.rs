//! Which passwords are taken: long enough, and none that a guesser would try soon.
//!
//! After NIST SP 800-63B-4, section 3.1.1: length and a blocklist, any character, no rules of composition and no expiry. Passwords are
//! compared in Unicode's normalization form KC, so that it does not matter which keyboard made them.

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;
use zxcvbn::{Score, feedback::Warning, zxcvbn};

use super::Secret;

/// How long passwords are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRules {
    /// The least characters of a password that stands alone.
    pub alone: usize,
    /// The least characters of one beside which there is a second factor.
    pub with_second_factor: usize,
}

impl Default for PasswordRules {
    fn default() -> Self {
        Self { alone: 15, with_second_factor: 8 }
    }
}

/// The most characters of a password. Far more than anybody types, far less than makes hashing take long.
pub const MAX_PASSWORD_CHARS: usize = 256;
/// The least that a guesser must be kept busy: 10^8 guesses and more.
const LEAST_SCORE: Score = Score::Three;
/// The least characters that are none of the words that everybody knows who knows the owner.
const LEAST_CHARS_OF_THEIR_OWN: usize = 8;
/// Words of this length and more are looked for in a password. Shorter ones are in any text.
const LEAST_WORD_CHARS: usize = 3;
/// What everybody knows who is about to guess.
const PRODUCT: [&str; 4] = ["casestream", "support", "portal", "customer"];

/// Why a password is not taken. `Display` says what to do, and nothing of the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefusal {
    /// Too short.
    #[error("a password has at least {least} characters, this one has {chars}: add a word or two")]
    TooShort {
        /// How many it has.
        chars: usize,
        /// How many it must have.
        least: usize,
    },
    /// Too long.
    #[error("a password has at most {MAX_PASSWORD_CHARS} characters, this one has {chars}")]
    TooLong {
        /// How many it has.
        chars: usize,
    },
    /// A character that cannot be typed reliably.
    #[error("a password has no control characters: leave line breaks and tabs out")]
    ControlCharacter,
    /// A guesser would have it soon.
    #[error("this password is easy to guess: {reason}")]
    Guessable {
        /// Why, and what to do.
        reason: &'static str,
    },
}

/// A password in the form in which it is hashed.
#[must_use]
pub fn normalize(password: &Secret) -> Secret {
    // Whatever is longer than a password is cut: it equals none, and normalizing it must not take long.
    Secret::new(password.reveal().chars().take(MAX_PASSWORD_CHARS + 1).nfkc().collect::<String>())
}

/// Checks a new password. `context` are texts about its owner: name, e-mail address, names of their accounts, of the portal.
///
/// Takes milliseconds: not for the threads of requests.
///
/// # Errors
/// [`PasswordRefusal`].
pub fn check(password: &Secret, least_chars: usize, context: &[String]) -> Result<(), PasswordRefusal> {
    let given = password.reveal().chars().count();
    if given > MAX_PASSWORD_CHARS {
        return Err(PasswordRefusal::TooLong { chars: given });
    }
    let normalized = normalize(password);
    let chars = normalized.reveal().chars().count();
    // A single character may become many: those that were typed count, too.
    let chars = chars.min(given);
    if chars < least_chars {
        return Err(PasswordRefusal::TooShort { chars, least: least_chars });
    }
    if normalized.reveal().chars().any(char::is_control) {
        return Err(PasswordRefusal::ControlCharacter);
    }
    let words = words(context);
    if chars_of_their_own(normalized.reveal(), &words) < LEAST_CHARS_OF_THEIR_OWN {
        return Err(PasswordRefusal::Guessable { reason: reason(None) });
    }
    let inputs: Vec<&str> = words.iter().map(String::as_str).collect();
    let estimate = zxcvbn(normalized.reveal(), &inputs);
    if estimate.score() >= LEAST_SCORE {
        return Ok(());
    }
    let warning = estimate.feedback().and_then(zxcvbn::feedback::Feedback::warning);
    Err(PasswordRefusal::Guessable { reason: reason(warning) })
}

/// How many characters are left when the words are taken out, the longest first, and blanks.
fn chars_of_their_own(password: &str, words: &[String]) -> usize {
    let mut rest = Zeroizing::new(password.to_lowercase());
    for word in words {
        rest = Zeroizing::new(rest.replace(word.as_str(), " "));
    }
    rest.chars().filter(|c| !c.is_whitespace()).count()
}

/// The texts themselves, and their words, the longest first.
fn words(context: &[String]) -> Vec<String> {
    let mut words = vec![];
    for text in context {
        let text: String = text.nfkc().collect::<String>().to_lowercase();
        words.extend(text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
        words.push(text);
    }
    words.extend(PRODUCT.map(str::to_owned));
    words.retain(|word| word.chars().count() >= LEAST_WORD_CHARS);
    words.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    words.dedup();
    words
}

fn reason(warning: Option<Warning>) -> &'static str {
    match warning {
        Some(Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess) => {
            "it follows the keyboard; put words together that have nothing to do with each other"
        }
        Some(Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess) => {
            "it repeats itself; put words together that have nothing to do with each other"
        }
        Some(Warning::SequencesLikeAbcAreEasyToGuess) => {
            "it goes on in an order that everybody knows; mix other words in"
        }
        Some(Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess) => {
            "dates and years are tried first; put words together that have nothing to do with each other"
        }
        Some(
            Warning::ThisIsATop10Password
            | Warning::ThisIsATop100Password
            | Warning::ThisIsACommonPassword
            | Warning::ThisIsSimilarToACommonlyUsedPassword,
        ) => "many people use it, or one like it; put words together that have nothing to do with each other",
        Some(
            Warning::AWordByItselfIsEasyToGuess
            | Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
            | Warning::CommonNamesAndSurnamesAreEasyToGuess,
        ) => "it is made of names or a single word; put several words together that have nothing to do with each other",
        None => {
            "it is made of few words, or of names that belong to you, your organization or this portal; add words that have nothing \
             to do with them"
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ana() -> Vec<String> {
        ["Ana Torres", "ana.torres@northwind.example", "Northwind Traders"].map(str::to_owned).to_vec()
    }

    fn refusal(password: &str) -> Option<PasswordRefusal> {
        check(&Secret::new(password), 15, &ana()).err()
    }

    #[test]
    fn long_phrases_of_any_script_are_taken() {
        for good in [
            "river candle orbit muffin",
            "correct horse battery staple",
            "l0ud-Violet%Anchor",
            "летающая тарелка над рекой",
            "川の上を飛ぶ古い船と三匹の猫たち",
            "🦀🌧️ dancing under a tin roof",
        ] {
            assert_eq!(refusal(good), None, "{good}");
        }
    }

    #[test]
    fn what_a_guesser_tries_first_is_refused() {
        for bad in [
            "aaaaaaaaaaaaaaaaaaaa",
            "passwordpassword",
            "qwertyuiopasdfghjkl",
            "1234567890123456789",
            "anatorresnorthwind",
            "Ana Torres Northwind",
            "ana.torres@northwind.example",
            "Casestream Support Portal",
            "northwind2026!!",
        ] {
            assert!(matches!(refusal(bad), Some(PasswordRefusal::Guessable { .. })), "{bad}: {:?}", refusal(bad));
        }
        assert_eq!(check(&Secret::new("Tractor orchard north"), 15, &[]), Ok(()));
    }

    /// Some of those that breaches have shown most often, of the lengths that are asked for.
    #[test]
    fn what_many_people_use_is_refused() {
        for bad in [
            "12345678",
            "password",
            "123456789",
            "baseball",
            "football",
            "qwertyuiop",
            "1234567890",
            "superman",
            "1qaz2wsx",
            "trustno1",
            "sunshine",
            "iloveyou",
            "computer",
            "starwars",
            "princess",
            "11111111",
            "corvette",
            "1234qwer",
            "samantha",
            "q1w2e3r4t5",
            "maverick",
            "whatever",
            "mercedes",
            "steelers",
            "midnight",
            "password1",
            "1q2w3e4r",
            "cocacola",
            "jordan23",
            "liverpoo",
            "passw0rd",
            "P@ssw0rd1",
        ] {
            let refused = check(&Secret::new(bad), 8, &[]);
            assert!(matches!(refused, Err(PasswordRefusal::Guessable { .. })), "{bad}: {refused:?}");
        }
        for bad in [
            "123456789987654321",
            "1qaz2wsx3edc4rfv",
            "momsanaladventure",
            "qazwsxedcrfvtgb",
            "qwerty123456789",
            "q1w2e3r4t5y6u7i8o9p0",
            "passwordstandard",
            "1234qwerasdfzxcv",
            "bpgjldsgjldthnf",
            "polniypizdec110211",
            "lhbjkjubz2957704",
            "nemvxyheqdd5oqxyxyzi",
        ] {
            let refused = check(&Secret::new(bad), 15, &[]);
            assert!(matches!(refused, Err(PasswordRefusal::Guessable { .. })), "{bad}: {refused:?}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_of_the_normalized_form() {
        let short = |chars| Some(PasswordRefusal::TooShort { chars, least: 15 });
        assert_eq!(refusal("x7 kelp ovn 2q"), short(14));
        assert_eq!(refusal("e\u{301}tude kelp ov"), short(13), "an e with an accent is one character");
        assert_eq!(check(&Secret::new("x7 kelp ovn 2q"), 8, &ana()), Ok(()), "with a second factor less is enough");
        assert_eq!(refusal(&"a1".repeat(129)), Some(PasswordRefusal::TooLong { chars: 258 }));
        assert_eq!(refusal("\u{fdfa}"), short(1), "one character that becomes eighteen");
        assert_eq!(refusal("river candle\norbit muffin"), Some(PasswordRefusal::ControlCharacter));
    }

    #[test]
    fn nothing_of_a_password_is_left_out() {
        for (one, other) in
            [("Tin Lantern", "tin lantern"), (" tin lantern", "tin lantern"), ("tin  lantern", "tin lantern")]
        {
            assert_ne!(normalize(&Secret::new(one)), normalize(&Secret::new(other)), "{one:?}");
        }
        let long = |chars: usize, last: char| {
            let words = "tin lantern over wet gravel beside seven crows ".repeat(6);
            Secret::new(words.chars().take(chars - 1).chain([last]).collect::<String>())
        };
        for chars in [64, 128, MAX_PASSWORD_CHARS] {
            assert_eq!(check(&long(chars, 'x'), 15, &[]), Ok(()), "{chars} characters");
            assert_ne!(normalize(&long(chars, 'x')), normalize(&long(chars, 'y')), "{chars} characters");
        }
    }

    #[test]
    fn a_refusal_says_what_to_do_and_nothing_of_the_password() {
        for bad in ["Ana Torres Northwind", "qwertyuiopasdfghjkl", "kelp"] {
            let text = refusal(bad).expect("a refusal").to_string();
            assert!(!text.contains(bad) && text.contains(':'), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_same_password_from_another_keyboard_is_the_same(text in "\\PC{0,60}") {
            let composed: String = text.nfc().collect();
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(normalize(&Secret::new(composed)), normalize(&Secret::new(decomposed)));
        }

        #[test]
        fn nothing_breaks_it(text in "\\PC{0,300}") {
            let _ = check(&Secret::new(text), 15, &ana());
        }
    }
}
