//! What follows from requests that must not say whether a name is known: links that were asked for are issued and mailed, and people are
//! told of locks. Any instance does it.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::{
    Actor, PersonId, PlainText, RequestId, Scope, Timestamp,
    text::MAX_EMAIL_CHARS,
    user::{UserAction, UserStatus},
};
use futures_util::FutureExt as _;
use sqlx::{FromRow, PgConnection};
use tokio::time::{MissedTickBehavior, interval};
use zeroize::Zeroizing;

use super::{
    CredentialError,
    unit::{TRIES, Unit},
};
use crate::{
    graphql::Services,
    identity::{
        LinkPurpose, RateError, RateLimit, SIGN_IN_NAME,
        attempts::{self, Lock},
        links, sessions,
    },
    mail::{LinkMail, queue_link},
};

/// How often it looks without being woken.
const TICK: Duration = Duration::from_secs(1);
/// How many locks it takes at a time.
const AT_A_TIME: i64 = 100;
/// A second link for the same is not mailed before this has passed: a form must not fill a mailbox.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);
/// How many links somebody is mailed in an hour, of all purposes together, from however many networks they are asked for. The newest is
/// in their mailbox then.
pub const BY_PERSON: RateLimit = RateLimit { kind: "link_request.person", tries: 10, window: Duration::from_hours(1) };
/// What waited for longer is not mailed any more: nobody expects it.
const TOO_OLD: TimeDelta = TimeDelta::hours(1);

#[derive(FromRow)]
struct Request {
    name: Vec<u8>,
    purpose: String,
    requested_at: Timestamp,
}

/// Does what is to be done, for ever.
pub async fn run(services: Arc<Services>) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = services.credentials.wake.notified() => {}
        }
        if let Err(error) = step(&services).await {
            tracing::warn!(%error, "links that were asked for wait; trying again");
        }
    }
}

/// Does what is to be done now; answers how much that was.
///
/// # Errors
/// [`CredentialError`]: the rest is done the next time.
pub async fn step(services: &Services) -> Result<usize, CredentialError> {
    let mut done = 0;
    while next_link(services).await? {
        done += 1;
    }
    Ok(done + tell_of_locks(services).await?)
}

/// Issues and mails the link that was asked for first; answers whether there was one.
async fn next_link(services: &Services) -> Result<bool, CredentialError> {
    let mut tx = services.pool.begin().await?;
    let request: Option<Request> = sqlx::query_as(
        "delete from link_requests where id = (
             select id from link_requests order by requested_at, id limit 1 for update skip locked
         ) returning name, purpose, requested_at",
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(request) = request else { return Ok(false) };
    let commands = &services.commands;
    let now = commands.clock.now();
    let person: Option<String> =
        sqlx::query_scalar("select aggregate_id from reservations where kind = $1 and value = $2")
            .bind(SIGN_IN_NAME)
            .bind(&request.name)
            .fetch_optional(&mut *tx)
            .await?;
    let person = person.and_then(|id| id.parse::<PersonId>().ok());
    let purpose = request.purpose.parse::<LinkPurpose>().ok().filter(|_| now - request.requested_at < TOO_OLD);
    if let (Some(person), Some(purpose)) = (person, purpose) {
        let issued_at: Option<Timestamp> =
            sqlx::query_scalar("select issued_at from links where person = $1 and purpose = $2")
                .bind(person.0)
                .bind(purpose.to_string())
                .fetch_optional(&mut *tx)
                .await?;
        let is_soon = issued_at.is_some_and(|issued_at| now - issued_at < AGAIN_AFTER);
        let to = address_of(services, person).await?.filter(|_| !is_soon);
        if let Some(to) = to
            && is_few(services, &mut tx, person, now).await?
        {
            let token = links::issue(&mut tx, person, purpose, now).await?;
            let token = Zeroizing::new(token.reveal().to_owned());
            let mail = LinkMail { person, to, purpose, token, at: now, expires_at: now + purpose.lasts() };
            queue_link(&mut tx, &commands.log, &commands.ids, &mail).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

/// Whether somebody was not mailed enough links already.
async fn is_few(
    services: &Services,
    conn: &mut PgConnection,
    person: PersonId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    match services.rates.count(conn, &[BY_PERSON.by(person.to_string())], now).await {
        Ok(()) => Ok(true),
        Err(RateError::TooMany { .. }) => Ok(false),
        Err(RateError::Database(error)) => Err(error),
    }
}

/// Where mail about somebody's credentials goes; nowhere, unless they may sign in.
async fn address_of(services: &Services, person: PersonId) -> Result<Option<PlainText>, CredentialError> {
    let user = services.reads.read(&Scope::Administrator, move |tx| projections::user_of(tx, person).boxed()).await?;
    let active = user.filter(|user| user.status == UserStatus::Active);
    Ok(active.and_then(|user| PlainText::parse(&user.email?, MAX_EMAIL_CHARS).ok()))
}

/// Records locks that nobody was told of yet.
async fn tell_of_locks(services: &Services) -> Result<usize, CredentialError> {
    let now = services.commands.clock.now();
    let locks = attempts::untold(&services.pool, now, AT_A_TIME).await?;
    for lock in &locks {
        if let Err(error) = tell(services, lock).await {
            tracing::warn!(%error, "somebody could not be told of a lock; trying again");
        }
    }
    Ok(locks.len())
}

async fn tell(services: &Services, lock: &Lock) -> Result<(), CredentialError> {
    let (person, until) = (lock.person(), lock.until());
    for _ in 0..TRIES {
        let request = RequestId(services.commands.ids.next());
        let actions = [UserAction::Lock { until }];
        let by = Some(Actor::clock());
        let begun = Unit::begin_as(services, (request, None), person, by, &actions).await?;
        // Whom the rules know nothing of cannot be locked; nor is there anybody to tell.
        let mut unit = match begun {
            Ok(unit) => unit,
            Err(_) => match Unit::begin_as(services, (request, None), person, by, &[]).await? {
                Ok(unit) => unit,
                Err(_) => return Ok(()),
            },
        };
        lock.told(unit.conn()).await?;
        if unit.commit(person, &[]).await?.is_some() {
            return Ok(());
        }
    }
    Err(CredentialError::Contended)
}

/// Forgets what counts no more; answers how many rows there were.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(services: &Services) -> Result<u64, sqlx::Error> {
    let (mut conn, now) = (services.pool.acquire().await?, services.commands.clock.now());
    let counts = attempts::sweep(&mut conn, now).await?;
    let sessions = sessions::sweep(&mut conn, services.credentials.rules.sessions, now).await?;
    let devices = sessions::sweep_devices(&mut conn, now).await?;
    let links = sqlx::query("delete from links where expires_at <= $1").bind(now).execute(&mut *conn).await?;
    Ok(counts + sessions + devices + links.rows_affected())
}
