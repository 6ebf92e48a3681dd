//! A mail is made when it is about to be sent: its words, its address, and whether there is still something to tell.
//!
//! So nothing is sent that was erased or redacted meanwhile, nobody is told who has left, and a subject, a name or a color is what it
//! is now.
//!
//! | file | what it holds |
//! |---|---|
//! | `about_users`, `about_requests` | mail about signing in, and about being let in |
//! | `about_cases` | mail about cases: to whom it may still go |
//! | `contents` | mail about cases: what it shows |

mod about_cases;
mod about_requests;
mod about_users;
mod contents;

use std::sync::Arc;

use chrono_tz::Tz;
use domain::{Timestamp, settings::Sender};
use event_log::LogError;
use projections::{ProjectionError, SettingsNow};

use super::{
    Language, Preferences,
    history::Outlines,
    letter::{Correspondent, Letter, LetterError},
    outbox::{Claimed, Recipient},
    words::{Known, Said, View, common},
};
use crate::{graphql::Services, settings::BaseUrl};

/// What came of making a mail.
pub(super) enum Made {
    /// A letter.
    Letter(Box<Letter>),
    /// Nothing: there is nothing to tell, or nobody to tell it.
    Nothing(&'static str),
}

/// Why a mail could not be made now.
#[derive(Debug, thiserror::Error)]
pub(super) enum MakeError {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Reads(#[from] ProjectionError),
    #[error("the read models are behind")]
    Behind,
    /// No other try changes that.
    #[error(transparent)]
    Letter(#[from] LetterError),
}

impl From<sqlx::Error> for MakeError {
    fn from(error: sqlx::Error) -> Self {
        Self::Log(error.into())
    }
}

/// Makes mails.
#[derive(Clone)]
pub(super) struct Maker {
    pub services: Arc<Services>,
    /// The cases that mail was about lately.
    pub cases: Outlines,
    pub base_url: BaseUrl,
    pub language: Language,
}

/// For whom a mail is made.
struct Reader {
    language: Language,
    zone: Tz,
}

impl Reader {
    fn time(&self, at: Timestamp) -> String {
        self.language.time(at, self.zone)
    }
}

/// What a letter shows beside the words of its kind.
#[derive(Default)]
struct Shown {
    subject: Option<String>,
    case_id: Option<domain::CaseId>,
    facts: Vec<super::words::ShownFact>,
    quote: Option<super::words::Quote>,
    /// Where the button leads, if there is one.
    url: Option<String>,
    signed: Option<&'static str>,
    footer: Vec<&'static str>,
    leave: Option<String>,
}

impl Maker {
    /// Makes a mail that was claimed.
    ///
    /// # Errors
    /// [`MakeError`].
    pub(super) async fn make(&self, mail: &Claimed) -> Result<Made, MakeError> {
        if mail.expires_at.is_some_and(|at| at <= self.services.commands.clock.now()) {
            return Ok(Made::Nothing("its time is over"));
        }
        let preferences = match &mail.to {
            Recipient::Person(person) => Preferences::of(&mut *self.services.pool.acquire().await?, *person).await?,
            Recipient::Address(_) => Preferences::default(),
        };
        if !preferences.wants(mail.kind) {
            return Ok(Made::Nothing("they do not want mail of this kind"));
        }
        let settings = self.services.commands.settings.now();
        if mail.kind.is_about_a_case() {
            self.about_a_case(mail, &preferences, &settings).await
        } else {
            self.about_a_user(mail, &preferences, &settings).await
        }
    }

    fn reader(&self, preferences: &Preferences, settings: &SettingsNow) -> Reader {
        let zone = preferences.time_zone.unwrap_or(settings.settings.desk.hours.time_zone);
        Reader { language: preferences.language.unwrap_or(self.language), zone: zone.0 }
    }

    /// What every template may name, of this portal.
    fn known(settings: &SettingsNow) -> Known {
        Known { portal: settings.settings.brand.portal_name.to_string(), ..Known::default() }
    }

    /// Puts a letter together.
    fn letter(
        &self,
        mail: &Claimed,
        to: Correspondent,
        reader: &Reader,
        settings: &SettingsNow,
        (said, shown): (Said, Shown),
    ) -> Made {
        let brand = &settings.settings.brand;
        let primary = brand.colors.primary.to_string();
        let action = said.action.zip(shown.url).map(|(label, url)| super::words::ShownLink { label, url });
        let view = View {
            language: reader.language,
            portal: brand.portal_name.to_string(),
            on_primary: on(&primary),
            primary,
            title: said.title.clone(),
            paragraphs: said.paragraphs,
            facts: shown.facts,
            quote: shown.quote,
            action,
            signed: shown.signed,
            footer: shown.footer,
            leave: shown
                .leave
                .clone()
                .map(|url| super::words::ShownLink { label: common(reader.language, "leave").to_owned(), url }),
        };
        let domain = self.base_url.domain().unwrap_or("localhost").to_owned();
        Made::Letter(Box::new(Letter {
            mail_id: mail.mail_id,
            from: sender(settings, mail.kind.sender(), &domain),
            domain,
            to,
            subject: shown.subject.unwrap_or(said.title),
            case_id: shown.case_id,
            leave: shown.leave,
            at: self.services.commands.clock.now(),
            view,
        }))
    }
}

/// As whom mail is sent: as the settings say, else in the name of the portal.
fn sender(settings: &SettingsNow, sender: Sender, domain: &str) -> Correspondent {
    let [name, address] = settings.senders.get(&sender).cloned().unwrap_or_default();
    Correspondent {
        name: Some(name.unwrap_or_else(|| settings.settings.brand.portal_name.to_string())),
        address: address.unwrap_or_else(|| format!("{sender}@{domain}")),
    }
}

/// What is read best on a color, `#rrggbb`: black or white, whichever has the greater contrast (WCAG 2.2, relative luminance).
fn on(color: &str) -> &'static str {
    let channel = |at: usize| {
        let value = color.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(0);
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
    if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) { "#000000" } else { "#ffffff" }
}

#[cfg(test)]
mod tests {
    use super::on;

    #[test]
    fn words_on_a_color_can_be_read() {
        assert_eq!(
            [on("#1a5fb4"), on("#000000"), on("#ffffff"), on("#ffdd00")],
            ["#ffffff", "#ffffff", "#000000", "#000000"]
        );
    }
}
