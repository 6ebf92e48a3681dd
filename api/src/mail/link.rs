//! Mail with a link that somebody asked for: to activate an invitation, to set another password, to end a lock.
//!
//! Whoever issues the link queues its mail in the same transaction: there is no link without a mail, and no mail without a link.
//! The link's token and the address stand sealed in the outbox until the mail is gone.

use std::fmt;

use domain::{PersonId, PlainText, Timestamp};
use event_log::{EventLog, Sealing};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{MailKind, outbox};
use crate::{clock::Ids, identity::Secret};

pub use crate::identity::LinkPurpose;

impl LinkPurpose {
    /// The kind of mail that brings it.
    #[must_use]
    pub fn kind(self) -> MailKind {
        match self {
            Self::Activation => MailKind::Activation,
            Self::PasswordReset => MailKind::PasswordReset,
            Self::Unlock => MailKind::Unlock,
        }
    }
}

/// A link that was issued, to be mailed. `Debug` shows neither the token nor the address.
#[derive(Clone)]
pub struct LinkMail {
    /// Whose it is.
    pub person: PersonId,
    /// Where it goes: the address of the portal user, not that of the person.
    pub to: PlainText,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The token itself.
    pub token: Zeroizing<String>,
    /// When it was issued.
    pub at: Timestamp,
    /// When it ends. A mail that could not leave before is not sent.
    pub expires_at: Timestamp,
}

impl fmt::Debug for LinkMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { person, purpose, at, expires_at, .. } = self;
        f.debug_struct("LinkMail")
            .field("person", person)
            .field("purpose", purpose)
            .field("at", at)
            .field("expires_at", expires_at)
            .finish_non_exhaustive()
    }
}

/// What of a link's mail could not be read again when it is made.
#[derive(Serialize, Deserialize)]
pub(super) struct Sealed {
    /// Where it goes.
    pub(super) to: PlainText,
    /// The token.
    token: Zeroizing<String>,
}

impl Sealed {
    fn seal(&self, log: &EventLog, mail_id: Uuid) -> Vec<u8> {
        let clear = Zeroizing::new(serde_json::to_vec(self).expect("two texts"));
        key(log).seal(mail_id.as_bytes(), &clear)
    }

    /// Opens it in its place; nothing when it was sealed for another mail or under another master key.
    pub(super) fn open(log: &EventLog, mail_id: Uuid, sealed: &[u8]) -> Option<Self> {
        let clear = Zeroizing::new(key(log).open(mail_id.as_bytes(), sealed)?);
        serde_json::from_slice(&clear).ok()
    }

    /// The token.
    pub(super) fn token(&self) -> Secret {
        Secret::new(self.token.as_str())
    }
}

/// What mails with a link are sealed for while they wait.
pub(crate) const MAILS: &str = "mails";

fn key(log: &EventLog) -> Sealing {
    log.sealing(MAILS)
}

/// What the link is for that mails of a kind bring, if they bring one.
pub(super) fn purpose(kind: MailKind) -> Option<LinkPurpose> {
    match kind {
        MailKind::Activation => Some(LinkPurpose::Activation),
        MailKind::PasswordReset => Some(LinkPurpose::PasswordReset),
        MailKind::Unlock => Some(LinkPurpose::Unlock),
        _ => None,
    }
}

/// Queues the mail of a link that was issued in the transaction of `conn`. One of the same kind that still waits for the same
/// person is dropped: its link is no good any more.
///
/// # Errors
/// When the database does not answer: roll back.
pub async fn queue_link(
    conn: &mut PgConnection,
    log: &EventLog,
    ids: &Ids,
    mail: &LinkMail,
) -> Result<(), sqlx::Error> {
    let kind = mail.purpose.kind();
    outbox::drop_waiting(conn, mail.person, &[kind], mail.at, "a newer link replaces this one").await?;
    let mail_id = ids.next();
    let new = outbox::NewMail {
        mail_id,
        kind,
        about: format!("link {mail_id}"),
        to: outbox::Recipient::Person(mail.person),
        told_as: None,
        case_id: None,
        position: None,
        sealed: Some(Sealed { to: mail.to.clone(), token: mail.token.clone() }.seal(log, mail_id)),
        due_at: mail.at,
        expires_at: Some(mail.expires_at),
    };
    outbox::queue(conn, &[new], mail.at).await.map(drop)
}
