//! Desk hours, canned replies, brand and rules, as their caller may see them. The catalogue has a file of its own.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use domain::{
    Slug,
    settings::{Section, Span},
};
use futures_util::FutureExt as _;
use projections::{SettingsNow, desk_people};

use super::{
    context::RequestContext,
    directory::Person,
    enums::{Day, MailSender, WatchListPolicy},
    scalars::Date,
};

/// How the desk works. For the desk, administrators and auditors.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Desk {
    /// The time zone of the hours, by its name in the IANA database.
    time_zone: String,
    /// When it is open in a week without holidays, from Monday morning on.
    hours: Vec<OpenHours>,
    /// The days on which it is closed all the same, in their order.
    holidays: Vec<Holiday>,
    /// How far hours and holidays have come: for `expectedVersion`.
    version: String,
    /// Texts to answer with.
    canned_replies: CannedReplies,
}

/// A span of a day on which the desk is open.
#[derive(SimpleObject)]
struct OpenHours {
    /// The day.
    day: Day,
    /// From when, as `08:30`.
    from: String,
    /// Until when; the end of the day is `24:00`.
    to: String,
}

/// A day on which the desk is closed.
#[derive(SimpleObject)]
struct Holiday {
    /// The day.
    date: Date,
    /// What it is called.
    name: String,
}

/// Texts to answer with.
#[derive(SimpleObject)]
pub struct CannedReplies {
    /// The texts, by their keys.
    replies: Vec<CannedReply>,
    /// How far they have come: for `expectedVersion`.
    version: String,
}

/// A text to answer with.
#[derive(SimpleObject)]
struct CannedReply {
    /// The key, which never changes.
    key: String,
    /// What it is called; null once its words are gone.
    title: Option<String>,
    /// The text; null once its words are gone.
    body: Option<String>,
}

/// How the portal looks. For everybody, before they sign in, too.
#[derive(SimpleObject)]
pub struct Brand {
    /// What the portal is called.
    portal_name: String,
    /// The color of what one acts with, as `#1a5fb4`.
    primary_color: String,
    /// The color of what stands out.
    accent_color: String,
    /// The logo as a `data:` URL, if there is one.
    logo: Option<String>,
    /// As whom mail goes out, as far as that was set. For the desk, administrators and auditors; null for everybody else.
    senders: Option<Vec<BrandSender>>,
    /// How far it has come: for `expectedVersion`. Null for whoever has not signed in.
    version: Option<String>,
}

/// As whom mail of a kind goes out.
#[derive(SimpleObject)]
struct BrandSender {
    /// Which mail.
    sender: MailSender,
    /// The name; null once it was erased.
    name: Option<String>,
    /// The address; null once it was erased.
    address: Option<String>,
}

/// Rules of cases that the installation chose.
#[derive(SimpleObject)]
pub struct CaseRules {
    /// After so many days without an objection the customer is reminded of an answer.
    remind_after_days: i32,
    /// After so many days without an objection the case is closed.
    close_after_days: i32,
    /// Who may be put on a watch list.
    watch_list: WatchListPolicy,
    /// How many files a case takes, those of notes counted apart.
    files_per_case: i32,
    /// How many bytes one file may have.
    file_size_limit_bytes: i32,
    /// How far they have come: for `expectedVersion`.
    version: String,
}

#[ComplexObject]
impl Desk {
    /// Whom a case can be given to, by name: whoever signs in as an agent or supervisor. Whoever was invited and has not come yet, or was
    /// deactivated, is none of them.
    async fn people(&self, ctx: &Context<'_>) -> Result<Vec<Person>> {
        let request = RequestContext::of(ctx)?;
        request.record_read("desk.people", "list").await?;
        // What people are to the desk stands beside what they sign in with, which agents have no use for: these names alone.
        let found = request.read_users(|tx| desk_people(tx).boxed()).await?;
        Ok(found.into_iter().map(Person::from).collect())
    }
}

impl Desk {
    /// The desk as it is in force.
    pub(super) fn of(request: &RequestContext, now: &SettingsNow) -> Self {
        let desk = &now.settings.desk;
        let spans = desk.hours.week.iter().flat_map(|(day, spans)| spans.iter().map(|span| (*day, *span)));
        let hours = |(day, Span { from, to }): (domain::settings::Day, Span)| OpenHours {
            day: day.into(),
            from: from.to_string(),
            to: to.to_string(),
        };
        let holidays = desk.holidays.iter();
        Self {
            time_zone: desk.hours.time_zone.0.name().to_owned(),
            hours: spans.map(hours).collect(),
            holidays: holidays.map(|(date, name)| Holiday { date: Date(*date), name: name.to_string() }).collect(),
            version: request.settings_version(&now.settings, Section::Desk),
            canned_replies: CannedReplies::of(request, now),
        }
    }
}

impl CannedReplies {
    /// The replies as they are in force.
    pub(super) fn of(request: &RequestContext, now: &SettingsNow) -> Self {
        let reply = |(key, [title, body]): (&Slug, &[Option<String>; 2])| CannedReply {
            key: key.to_string(),
            title: title.clone(),
            body: body.clone(),
        };
        Self {
            replies: now.replies.iter().map(reply).collect(),
            version: request.settings_version(&now.settings, Section::Replies),
        }
    }
}

impl Brand {
    /// The brand as it is in force, for somebody who may not have signed in.
    pub(super) fn of(request: Option<&RequestContext>, now: &SettingsNow) -> Self {
        let brand = &now.settings.brand;
        let sender = |(sender, [name, address]): (&domain::settings::Sender, &[Option<String>; 2])| BrandSender {
            sender: (*sender).into(),
            name: name.clone(),
            address: address.clone(),
        };
        let sees_senders = request.is_some_and(RequestContext::sees_the_desk);
        Self {
            portal_name: brand.portal_name.to_string(),
            primary_color: brand.colors.primary.to_string(),
            accent_color: brand.colors.accent.to_string(),
            logo: brand.logo.as_ref().map(|logo| format!("data:{};base64,{}", logo.media_type, logo.data)),
            senders: sees_senders.then(|| now.senders.iter().map(sender).collect()),
            version: request.map(|request| request.settings_version(&now.settings, Section::Brand)),
        }
    }
}

impl CaseRules {
    /// The rules as they are in force.
    pub(super) fn of(request: &RequestContext, now: &SettingsNow) -> Self {
        let rules = &now.settings.rules;
        let files = request.services.files.limits;
        Self {
            remind_after_days: rules.resolution.remind_after_days.into(),
            close_after_days: rules.resolution.close_after_days.into(),
            watch_list: rules.watch_list.into(),
            files_per_case: i32::try_from(files.per_case).unwrap_or(i32::MAX),
            file_size_limit_bytes: i32::try_from(files.file_bytes).unwrap_or(i32::MAX),
            version: request.settings_version(&now.settings, Section::Rules),
        }
    }
}
