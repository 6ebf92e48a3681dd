//! How an error is told on the command line.

use std::error::Error;

/// One sentence: what failed, then cause by cause why.
///
/// Libraries differ in whether an error repeats its cause; a cause that has been told already is not told again.
pub(super) fn sentence(error: &dyn Error) -> String {
    let mut sentence = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !sentence.contains(&words) {
            sentence.push_str(": ");
            sentence.push_str(&words);
        }
        cause = error.source();
    }
    sentence
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::cli::CommandError;

    #[test]
    fn causes_follow_once_each() {
        let error = CommandError::System { action: "wait for signals", source: io::Error::other("no more signals") };
        assert_eq!(sentence(&error), "cannot wait for signals: no more signals");
    }
}
