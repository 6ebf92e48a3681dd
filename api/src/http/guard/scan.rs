//! Counts brackets before any parser sees the text.
//!
//! The GraphQL parser descends one stack frame per bracket and has no bound of its own while it matches the grammar:
//! ten thousand brackets overflow the stack and end the process. One pass over the bytes, without recursion, tells
//! how deep the text nests.

/// Which language's strings and comments hide brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// A GraphQL document: `"…"` on one line, `"""…"""` block strings, `#` comments.
    Graphql,
    /// A JSON text (RFC 8259): `"…"`.
    Json,
}

/// The deepest nesting of `{`, `[` and `(` outside strings and comments.
///
/// `None` when a string is never closed: no parser accepts such a text, and where it would have ended is a guess.
pub fn nesting(text: &str, language: Language) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut deepest, mut at) = (0_usize, 0_usize, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' | b'(' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            b'#' if language == Language::Graphql => {
                at += bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len() - at);
            }
            b'"' if language == Language::Graphql && bytes[at..].starts_with(b"\"\"") => {
                at = end_of_block_string(bytes, at + 2)?;
            }
            b'"' => at = end_of_string(bytes, at)?,
            _ => {}
        }
    }
    Some(deepest)
}

fn end_of_string(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' | b'\r' => return None,
            b'\\' if matches!(bytes.get(at + 1), Some(b'\n' | b'\r')) => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn end_of_block_string(bytes: &[u8], mut at: usize) -> Option<usize> {
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"\\\"\"\"") {
            at += 4;
        } else if rest.starts_with(b"\"\"\"") {
            return Some(at + 3);
        } else {
            at += 1;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Language, nesting};

    #[test]
    fn counts_brackets_outside_strings_and_comments() {
        for (text, expected) in [
            ("{ a(b: [1]) }", Some(3)),
            ("{ a } # {{{{\n { b }", Some(1)),
            ("# {{{{", Some(0)),
            (r#"{ a(b: "[[[[\"[[[[") }"#, Some(2)),
            ("{ a(b: \"\"\"[[[ \\\"\"\" [[[\n\"\"\") }", Some(2)),
            (r#"{ a(b: "", c: [1]) }"#, Some(3)),
            ("{ a(b: \"never closed\n\") }", None),
            ("{ a(b: \"\"\"  \"[[[[", None),
            ("}}}} {", Some(1)),
        ] {
            assert_eq!(nesting(text, Language::Graphql), expected, "{text}");
        }
    }

    #[test]
    fn json_has_no_comments_and_no_block_strings() {
        assert_eq!(nesting(r#"{"a": "[[[", "b": ["""#, Language::Json), Some(2));
        assert_eq!(nesting("{\"#\": [[]]}", Language::Json), Some(3));
        assert_eq!(nesting(r#"{"a"#, Language::Json), None);
    }
}
