//! Which mail people want, and the mail that could not be delivered.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use domain::{PersonId, Role, Timestamp, settings::TimeZone};
use projections::Kind;
use serde::Serialize;
use uuid::Uuid;

use super::{
    context::{RequestContext, error},
    directory::Person,
    enums::{Language, MailKind},
    history,
    ids::parts,
    payload::UserError,
};
use crate::{
    commands::{Refusal, RefusalCode},
    mail::{
        self,
        dead_letters::{self, DeadLetter},
    },
};

/// What can be asked of mail.
#[derive(Default)]
pub struct MailMutations;

/// Which mail somebody wants.
#[derive(SimpleObject)]
pub struct Preferences {
    /// The language of their mail; null when they chose none, and the installation's is taken.
    language: Option<Language>,
    /// The time zone of the times in it, by its name in the IANA database; null when they chose none, and the desk's is taken.
    time_zone: Option<String>,
    /// The kinds of mail that they do not want.
    unwanted: Vec<MailKind>,
}

impl From<mail::Preferences> for Preferences {
    fn from(preferences: mail::Preferences) -> Self {
        Self {
            language: preferences.language.map(Language::from),
            time_zone: preferences.time_zone.map(String::from),
            unwanted: preferences.unwanted.into_iter().map(MailKind::from).collect(),
        }
    }
}

/// Which mail somebody wants from now on. What is left out stays as it is; null takes a choice back.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct PreferencesSetInput {
    /// The language of their mail.
    #[graphql(default)]
    #[serde(skip)]
    language: MaybeUndefined<Language>,
    /// The time zone of the times in it, by its name in the IANA database, such as `Europe/Madrid`.
    #[graphql(default)]
    #[serde(skip)]
    time_zone: MaybeUndefined<String>,
    /// All kinds of mail that they do not want. Mail about signing in is sent in any case.
    unwanted: Option<Vec<MailKind>>,
}

/// What came of it.
#[derive(Default, SimpleObject)]
pub struct PreferencesPayload {
    /// What holds now; null when it was refused.
    preferences: Option<Preferences>,
    /// Why nothing was done.
    user_errors: Vec<UserError>,
}

/// A mail that could not be delivered, and is not tried any more.
#[derive(SimpleObject)]
pub struct MailDeadLetter {
    /// What to name it by.
    id: ID,
    /// What kind of mail it is.
    kind: MailKind,
    /// Whom it was for; null for an address that belongs to nobody who is known.
    person: Option<Person>,
    /// When it was to be sent first.
    created_at: Timestamp,
    /// When it was given up.
    failed_at: Timestamp,
    /// How often it was tried.
    attempts: i32,
    /// Why it could not be delivered, as the mail server said or in our words; without anybody's address.
    reason: String,
}

/// A mail to be tried again.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct MailRetryInput {
    /// The mail.
    mail_id: ID,
}

/// What came of it.
#[derive(Default, SimpleObject)]
pub struct MailRetryPayload {
    /// The mail's id; null when it was refused.
    mail_id: Option<ID>,
    /// Why nothing was done. Empty, too, for a mail that is under way already.
    user_errors: Vec<UserError>,
}

#[Object]
impl MailMutations {
    /// Choose which mail to get, in which language and with the times of which place.
    async fn preferences_set(&self, ctx: &Context<'_>, input: PreferencesSetInput) -> Result<PreferencesPayload> {
        let request = RequestContext::of(ctx)?;
        let failed = |error: &sqlx::Error| request.internal(error);
        let mut tx = request.services.pool.begin().await.map_err(|error| failed(&error))?;
        let known = mail::Preferences::of(&mut tx, request.person()).await.map_err(|error| failed(&error))?;
        let chosen = match chosen(known, &input) {
            Ok(chosen) => chosen,
            Err(refusal) => return Ok(PreferencesPayload { preferences: None, user_errors: vec![refusal.into()] }),
        };
        chosen.set(&mut tx, request.person()).await.map_err(|error| failed(&error))?;
        tx.commit().await.map_err(|error| failed(&error))?;
        Ok(PreferencesPayload { preferences: Some(chosen.into()), user_errors: vec![] })
    }

    /// Try a mail again that could not be delivered. For administrators.
    async fn mail_retry(&self, ctx: &Context<'_>, input: MailRetryInput) -> Result<MailRetryPayload> {
        let request = RequestContext::of(ctx)?;
        let refused = |refusal: Refusal| MailRetryPayload { mail_id: None, user_errors: vec![refusal.into()] };
        if !request.caller.roles.has(Role::Administrator) {
            let words = "only administrators have mail tried again";
            return Ok(refused(Refusal::new(RefusalCode::NotPermitted, words.to_owned())));
        }
        let Some(mail_id) = id_of(&input.mail_id) else {
            let words = "this is no id of a mail: take one from an answer of this API";
            return Ok(refused(Refusal::of_field("mailId", words)));
        };
        let (pool, now) = (&request.services.pool, request.services.commands.clock.now());
        let is_there = dead_letters::retry(pool, mail_id, now).await.map_err(|error| request.internal(&error))?;
        if !is_there {
            let refusal = Refusal::new(RefusalCode::NotFound, "there is no such mail".to_owned());
            return Ok(refused(Refusal { field: Some("mailId".to_owned()), ..refusal }));
        }
        Ok(MailRetryPayload { mail_id: Some(input.mail_id), user_errors: vec![] })
    }
}

fn chosen(known: mail::Preferences, input: &PreferencesSetInput) -> Result<mail::Preferences, Refusal> {
    let language = match &input.language {
        MaybeUndefined::Undefined => known.language,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(language) => Some((*language).into()),
    };
    let time_zone = match &input.time_zone {
        MaybeUndefined::Undefined => known.time_zone,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(name) => {
            let parsed: Result<TimeZone, _> = name.parse();
            Some(parsed.map_err(|error| Refusal::of_field("timeZone", error.to_string()))?)
        }
    };
    let unwanted = match &input.unwanted {
        None => known.unwanted,
        Some(kinds) => kinds.iter().map(|kind| mail::MailKind::from(*kind)).collect(),
    };
    if let Some(kind) = unwanted.iter().find(|kind| !kind.is_optional()) {
        let words = format!("mail of the kind {} is sent in any case", kind.to_string().to_uppercase());
        return Err(Refusal::of_field("unwanted", words));
    }
    Ok(mail::Preferences { language, time_zone, unwanted })
}

/// What the caller chose.
pub(super) async fn preferences(request: &RequestContext) -> Result<Preferences> {
    let read = async {
        let mut conn = request.services.pool.acquire().await?;
        mail::Preferences::of(&mut conn, request.person()).await
    };
    read.await.map(Preferences::from).map_err(|error| request.internal(&error))
}

/// What could not be delivered, the newest first.
pub(super) async fn dead(request: &RequestContext, first: i32, after: Option<ID>) -> Result<Vec<MailDeadLetter>> {
    if !request.caller.roles.has(Role::Administrator) {
        return Err(error("FORBIDDEN", "only administrators see which mail could not be delivered"));
    }
    let limit = history::limit(first)?;
    let after = match after {
        None => None,
        Some(id) => Some(id_of(&id).ok_or_else(super::paging::bad_cursor)?),
    };
    let found = dead_letters::list(&request.services.pool, after, limit.into()).await;
    let found = found.map_err(|error| request.internal(&error))?;
    let people = found.iter().filter_map(|mail| Some(mail.person?.0)).collect();
    let names = request.named::<PersonId>(Kind::Person, people).await?;
    let shown = |mail: DeadLetter| MailDeadLetter {
        id: global_mail_id(mail.mail_id),
        kind: mail.kind.into(),
        person: mail.person.and_then(|person| names.iter().find(|it| it.id == person).cloned()).map(Person::from),
        created_at: mail.created_at,
        failed_at: mail.failed_at,
        attempts: mail.attempts,
        reason: mail.reason,
    };
    Ok(found.into_iter().map(shown).collect())
}

const KIND: &str = "Mail";

/// What a mail is named by.
#[must_use]
pub fn global_mail_id(mail_id: Uuid) -> ID {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    ID(URL_SAFE_NO_PAD.encode(format!("{KIND}:{mail_id}")))
}

fn id_of(id: &ID) -> Option<Uuid> {
    parts(id).filter(|(kind, _)| kind == KIND).map(|(_, mail_id)| mail_id)
}
