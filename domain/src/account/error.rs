//! Why an account refuses an action.

use super::AccountActionKind;
use crate::Role;

/// A refusal: what stands in the way, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Nothing was ever recorded under this id.
    #[error("there is no such account")]
    NotFound,
    /// The id is taken.
    #[error("an account with this id is already there, under another reference")]
    AlreadyOpen,
    /// The caller's roles do not include the action.
    #[error("as {role} you may not {} in an account", action.words())]
    NotPermitted {
        /// What was asked for.
        action: AccountActionKind,
        /// In which role.
        role: Role,
    },
    /// The account has no such place, or has it no more.
    #[error("the account has no such location")]
    NoSuchLocation,
    /// The id belongs to a place with another address.
    #[error("a location with this id is already there, with another address: move it instead")]
    LocationIdTaken,
    /// The account never had such a product.
    #[error("the account has no such product")]
    NoSuchProduct,
    /// The id belongs to a product at another place.
    #[error("this product is already installed at another location: remove it there first")]
    InstalledElsewhere,
    /// The person is no contact of the account.
    #[error("the account has no such contact")]
    NoSuchContact,
    /// The person is a contact already, with another access.
    #[error("the person is already a contact of the account: set their access instead")]
    AlreadyContact,
    /// A limit to no place at all.
    #[error("a limit names at least one location: leave it out for all of them, or end the contact's access")]
    EmptyLimit,
}
