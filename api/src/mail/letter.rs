//! A mail as it goes over the wire (RFC 5322, MIME), made of a letter.
//!
//! Whatever may be somebody's words stands in one header alone, the subject, as one line and encoded. Addresses are parsed, so
//! that none can hold a line break.

use chrono::{DateTime, Utc};
use domain::CaseId;
use lettre::{
    Address, Message,
    address::AddressError,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use uuid::Uuid;

use super::words::{self, View, one_line};

/// A mail before it has a form.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    /// Its id: what its Message-ID is made of, the same whenever it is sent.
    pub mail_id: Uuid,
    /// The domain in ids and in senders' addresses where none was chosen.
    pub domain: String,
    /// As whom it is sent.
    pub from: Correspondent,
    /// To whom.
    pub to: Correspondent,
    /// The subject.
    pub subject: String,
    /// The case whose thread it stands in.
    pub case_id: Option<CaseId>,
    /// Where one says that one wants no more of it.
    pub leave: Option<String>,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// What it shows.
    pub view: View,
}

/// A name and an address.
#[derive(Clone, Debug)]
pub(crate) struct Correspondent {
    pub name: Option<String>,
    pub address: String,
}

/// Why a letter cannot be a mail.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LetterError {
    /// One of the addresses is none.
    #[error("the address of the {whose} is none that mail can be sent to")]
    Address {
        /// Whose.
        whose: &'static str,
        /// Why.
        #[source]
        source: AddressError,
    },
    /// Another part of it.
    #[error("the mail cannot be put together")]
    Form(#[from] lettre::error::Error),
}

impl Correspondent {
    fn mailbox(&self, whose: &'static str) -> Result<Mailbox, LetterError> {
        let address: Address = self.address.parse().map_err(|source| LetterError::Address { whose, source })?;
        let name = self.name.as_deref().map(one_line).filter(|name| !name.is_empty());
        Ok(Mailbox::new(name, address))
    }
}

/// Defines headers of which the library knows nothing. Their values are made here, of ASCII without line breaks.
macro_rules! headers {
    ($($(#[$doc:meta])+ $name:ident = $text:literal;)+) => {$(
        $(#[$doc])+
        #[derive(Clone)]
        struct $name(String);

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($text)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(text.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::dangerous_new_pre_encoded(Self::name(), self.0.clone(), self.0.clone())
            }
        }
    )+};
}

headers! {
    /// Says that a machine sent it, so that no other machine answers (RFC 3834).
    AutoSubmitted = "Auto-Submitted";
    /// The same, for those who never read that.
    SuppressAnswers = "X-Auto-Response-Suppress";
    /// Where one leaves a list (RFC 2369).
    ListUnsubscribe = "List-Unsubscribe";
    /// That one request does (RFC 8058).
    ListUnsubscribePost = "List-Unsubscribe-Post";
}

impl Letter {
    /// The mail's Message-ID.
    pub(crate) fn message_id(&self) -> String {
        format!("<{}@{}>", self.mail_id, self.domain)
    }

    /// The mail.
    ///
    /// # Errors
    /// [`LetterError`], which no other try changes.
    pub(crate) fn mail(&self) -> Result<Message, LetterError> {
        let mut builder = Message::builder()
            .message_id(Some(self.message_id()))
            .date(self.at.into())
            .from(self.from.mailbox("sender")?)
            .to(self.to.mailbox("recipient")?)
            .subject(one_line(&self.subject))
            .header(AutoSubmitted("auto-generated".to_owned()))
            .header(SuppressAnswers("All".to_owned()));
        if let Some(case_id) = self.case_id {
            // There is no mail of this id: all mails about a case answer the same one, so they stand together.
            let thread = format!("<case-{case_id}@{}>", self.domain);
            builder = builder.in_reply_to(thread.clone()).references(thread);
        }
        if let Some(url) = &self.leave {
            builder = builder
                .header(ListUnsubscribe(format!("<{url}>")))
                .header(ListUnsubscribePost("List-Unsubscribe=One-Click".to_owned()));
        }
        Ok(builder.multipart(MultiPart::alternative_plain_html(words::text(&self.view), words::html(&self.view)))?)
    }
}
