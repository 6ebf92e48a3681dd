//! What is asked for of a portal user, and what came of it.

use std::collections::BTreeSet;

use domain::{
    AccountId, Actor, Channel, PersonId, PlainText, RequestId, Role,
    account::ContactAccess,
    person::Details,
    user::{UserAction, UserActionKind},
};

use crate::identity::LinkPurpose;

/// A wish about a portal user.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Whose portal user it is.
    pub user: PersonId,
    /// Who asks.
    pub by: Actor,
    /// In which request.
    pub request: RequestId,
    /// By which way.
    pub channel: Channel,
    /// The key under which a retry is the same wish, with the bytes that tell whether it is.
    pub idempotency: Option<(String, Vec<u8>)>,
    /// What they ask for.
    pub asks: Asks,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub enum Asks {
    /// To let somebody sign in.
    Invite(Box<Invitation>),
    /// Anything else, of somebody who was invited.
    Do(UserAction),
}

/// An invitation, with all that it brings along.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Where mail about their credentials goes.
    pub email: PlainText,
    /// What they sign in with, beside the address.
    pub username: PlainText,
    /// What they are to the desk.
    pub roles: BTreeSet<Role>,
    /// What is to be written down of them, for somebody who may not be yet.
    pub details: Option<Details>,
    /// The account whose contact they become, unless they are.
    pub account: Option<(AccountId, ContactAccess)>,
}

/// What came of a wish that was not refused.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    /// It is recorded, and not readable yet: an instance is behind.
    pub pending: bool,
}

impl Asks {
    /// What it is called in metrics.
    pub(super) fn name(&self) -> String {
        let kind = match self {
            Self::Invite(_) => UserActionKind::Invite,
            Self::Do(action) => action.into(),
        };
        format!("user-{kind}")
    }

    /// The link that goes with it.
    pub(super) fn link(&self) -> Option<LinkPurpose> {
        match self {
            Self::Invite(_) | Self::Do(UserAction::ResendInvitation) => Some(LinkPurpose::Activation),
            // Without a second factor the password must be able to stand alone, and nobody can tell that of a hash.
            Self::Do(UserAction::SendReset | UserAction::RemoveFactor { .. }) => Some(LinkPurpose::PasswordReset),
            Self::Do(_) => None,
        }
    }
}
