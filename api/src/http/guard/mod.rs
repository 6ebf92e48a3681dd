//! Refuses documents that would cost too much, by name, before the library validates or executes them.
//!
//! The library's own validation expands every fragment where it is spread, so that a document of 753 bytes can keep
//! it busy for seconds. Here each fragment is measured once, whatever it is spread; what passes has a bounded size
//! when expanded, and so costs validation no more than that. The document is parsed once, here, and goes on parsed.

mod admission;
mod known;
mod measure;
mod refusal;
mod scan;
#[cfg(test)]
mod tests;
mod values;

pub use self::admission::{Admitted, Guard, check_brackets};
pub use self::known::Known;
pub use self::refusal::{Counted, Refusal};
pub use self::scan::Language;
