//! The kinds of mail.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

/// A kind of mail. The name is what its templates are called and what stands in the outbox.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumIter, EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MailKind {
    /// An invitation, with the link that activates it.
    Activation,
    /// The link to set another password.
    PasswordReset,
    /// The link that ends a lock.
    Unlock,
}
