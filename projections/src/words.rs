//! What somebody types into a search box, as patterns.

/// The most words that count.
const MAX_WORDS: usize = 8;

/// For each word of a text the pattern of what has it, for `ilike`.
pub(crate) fn words_of(text: &str) -> Vec<String> {
    let pattern = |word: &str| {
        let literal = word.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        format!("%{literal}%")
    };
    text.split_whitespace().take(MAX_WORDS).map(pattern).collect()
}
