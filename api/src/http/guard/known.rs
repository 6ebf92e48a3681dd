//! Documents that are known: programs send the same few over and over, with other variables.

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};

/// How much text of documents is kept, in bytes.
const BYTES: u64 = 1024 * 1024;

/// What was made of documents, by their text.
pub struct Known<T>(Cache<String, Arc<T>, ByLength>);

#[derive(Clone)]
struct ByLength;

impl<T> Weighter<String, Arc<T>> for ByLength {
    fn weight(&self, text: &String, _: &Arc<T>) -> u64 {
        text.len() as u64
    }
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        const DOCUMENTS: usize = 1_000;
        Self(Cache::with_weighter(DOCUMENTS, BYTES, ByLength))
    }
}

impl<T> Known<T> {
    /// What was made of a text.
    #[must_use]
    pub fn get(&self, text: &str) -> Option<Arc<T>> {
        self.0.get(text)
    }

    /// Keeps what was made of a text, if it may be kept: a string in a document may be somebody's words, which are not to stay here
    /// when they are erased. Programs send those in variables.
    pub fn keep(&self, text: &str, made: &Arc<T>) {
        if !text.contains('"') {
            self.0.insert(text.to_owned(), Arc::clone(made));
        }
    }
}
