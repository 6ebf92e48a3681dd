//! Who sends: takes what is due, makes it, hands it over, and notes what came of it. Any instance may.
//!
//! A mail goes out at least once. Whoever is killed after it was handed over and before that is noted leaves it to somebody
//! else, who sends it once more: under the same Message-ID, by which mail programs know it for the same.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::Timestamp;
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio::{
    sync::Notify,
    time::{MissedTickBehavior, interval, timeout},
};
use uuid::Uuid;

use super::{
    Language, Transport,
    backlog::{self, Backlog},
    history::Outlines,
    make::{Made, MakeError, Maker},
    notices,
    outbox::{self, Claimed, Outcome},
    transport::AT_ONCE,
    words,
};
use crate::{graphql::Services, settings::BaseUrl};

/// How often it looks for what is due.
const TICK: Duration = Duration::from_secs(1);
/// How often it says how much there is to do.
const SAYS: Duration = Duration::from_secs(5);
/// How many mails are looked for at a time. What somebody waits for stands behind no more than these.
const ROUND: i64 = 16;
/// How long making and sending one mail may take.
const WITHIN: Duration = Duration::from_secs(150);
/// For how long a mail is its claimer's: longer than that.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// How often a mail is tried: over about two days.
pub const MAX_ATTEMPTS: i32 = 16;
/// The longest time between two tries.
const LONGEST: TimeDelta = TimeDelta::hours(6);
/// How often it forgets what was sent before that.
const FORGETS: Duration = Duration::from_hours(1);
/// For how long it is known what was sent.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Sends mail for one instance. Clones are handles to the same one.
#[derive(Clone)]
pub struct Mailer {
    maker: Maker,
    transport: Transport,
    news: Arc<Notify>,
}

/// How mail leaves, and what it says of where it comes from.
#[derive(Clone)]
pub struct MailOptions {
    /// How it leaves.
    pub transport: Transport,
    /// What links begin with.
    pub base_url: BaseUrl,
    /// The language of those who chose none.
    pub language: Language,
}

impl Mailer {
    /// Sends for a service.
    #[must_use]
    pub fn new(services: Arc<Services>, options: MailOptions) -> Self {
        words::check();
        let MailOptions { transport, base_url, language } = options;
        Self {
            maker: Maker { services, cases: Outlines::default(), base_url, language },
            transport,
            news: Arc::default(),
        }
    }

    /// Tells whom something happened to, and sends what is due, for ever.
    pub async fn run(self) {
        tokio::join!(self.follow(), self.deliver(), self.say_how_much(), self.forget());
    }

    /// Follows the log, for ever.
    async fn follow(&self) {
        let services = &self.maker.services;
        let mut safe = services.tailer.subscribe();
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let up_to = *safe.borrow_and_update();
            if let Err(error) = self.tell(up_to).await {
                tracing::warn!(%error, "who is to be told of what happened cannot be worked out; trying again");
                ticks.tick().await;
                continue;
            }
            // The checkpoint may have been another instance's to move: it is looked at again in any case.
            tokio::select! {
                changed = safe.changed() => if changed.is_err() { return },
                _ = ticks.tick() => {}
            }
        }
    }

    /// Queues what is to be told of all that happened up to a position that is safe to read.
    ///
    /// # Errors
    /// [`notices::NoticeError`].
    pub async fn tell(&self, up_to: i64) -> Result<(), notices::NoticeError> {
        while let Some((reached, queued)) = notices::step(&self.maker.services, &self.maker.cases, up_to).await? {
            if queued > 0 {
                self.news.notify_one();
            }
            if reached >= up_to {
                break;
            }
        }
        Ok(())
    }

    /// Sends what is due, for ever. A mail that takes long keeps one of several places, and holds nothing else up.
    async fn deliver(&self) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut next, mut under_way) = (VecDeque::new(), FuturesUnordered::new());
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = self.news.notified() => {}
                Some(()) = under_way.next() => {}
            }
            self.begin(&mut next, &mut under_way, Self::send_claimed).await;
        }
    }

    /// Says how much there is to do, for ever, whatever the others are at.
    async fn say_how_much(&self) {
        let mut ticks = interval(SAYS);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
            if let Ok(backlog) = self.backlog().await {
                let now = self.maker.services.commands.clock.now();
                let lag = backlog.since.map_or(0, |since| (now - since).num_milliseconds().max(0));
                metrics::gauge!("casestream_mails_waiting").set(backlog.waiting as f64);
                metrics::gauge!("casestream_mails_dead").set(backlog.dead as f64);
                metrics::gauge!("casestream_mails_unread_events").set(backlog.unread as f64);
                metrics::gauge!("casestream_mails_lag_seconds").set(lag as f64 / 1000.0);
            }
        }
    }

    /// How much there is to do.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn backlog(&self) -> Result<Backlog, sqlx::Error> {
        let services = &self.maker.services;
        backlog::read(&services.pool, notices::KINDS, services.commands.clock.now()).await
    }

    /// Sends everything that is due now, several at a time.
    pub async fn deliver_due(&self) {
        let (mut next, mut under_way) = (VecDeque::new(), FuturesUnordered::new());
        loop {
            self.begin(&mut next, &mut under_way, Self::send_claimed).await;
            if under_way.next().await.is_none() {
                return;
            }
        }
    }

    /// Begins to send what is due, as long as there is a place.
    async fn begin<'s, F>(
        &'s self,
        next: &mut VecDeque<Uuid>,
        under_way: &mut FuturesUnordered<F>,
        send: impl Fn(&'s Self, Claimed) -> F,
    ) {
        while under_way.len() < AT_ONCE {
            let Some(mail) = self.claim_next(next).await else { return };
            under_way.push(send(self, mail));
        }
    }

    /// Claims the next of the mails that are due, in their order. Whatever others were faster at is passed over.
    async fn claim_next(&self, next: &mut VecDeque<Uuid>) -> Option<Claimed> {
        let services = &self.maker.services;
        let (pool, clock) = (&services.pool, &services.commands.clock);
        let mut claim = async || -> Result<Option<Claimed>, sqlx::Error> {
            // Somebody may hold rows for longer than a moment: those are looked for again later.
            for _ in 0..ROUND {
                if next.is_empty() {
                    *next = outbox::due(pool, clock.now(), ROUND).await?.into();
                }
                let Some(mail_id) = next.pop_front() else { return Ok(None) };
                if let Some(mail) = outbox::claim(pool, clock.now(), LEASE, mail_id).await? {
                    return Ok(Some(mail));
                }
            }
            Ok(None)
        };
        claim().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the outbox is out of reach; trying again");
            None
        })
    }

    /// Sends a mail, and notes what came of it.
    async fn send_claimed(&self, mail: Claimed) {
        let services = &self.maker.services;
        let (pool, clock) = (&services.pool, &services.commands.clock);
        let outcome = match timeout(WITHIN, self.send(&mail)).await {
            Ok(outcome) => outcome,
            Err(_) => again(&mail, "it took too long".to_owned(), clock.now()),
        };
        match outbox::settle(pool, &mail, &outcome, clock.now()).await {
            Ok(is_noted) => note(&mail, &outcome, is_noted),
            Err(error) => tracing::warn!(%error, "what came of a mail cannot be noted; it is sent once more"),
        }
    }

    /// Makes a mail and hands it over.
    async fn send(&self, mail: &Claimed) -> Outcome {
        let now = || self.maker.services.commands.clock.now();
        let letter = match self.maker.make(mail).await {
            Ok(Made::Letter(letter)) => letter,
            Ok(Made::Nothing(why)) => return Outcome::Dropped(why),
            Err(MakeError::Letter(error)) => return Outcome::Dead(error.to_string()),
            Err(error) => return again(mail, format!("it could not be made: {error}"), now()),
        };
        let formed = match letter.mail() {
            Ok(formed) => formed,
            Err(error) => return Outcome::Dead(error.to_string()),
        };
        match self.transport.send(mail.mail_id, formed).await {
            Ok(()) => Outcome::Sent,
            Err(refused) if refused.for_good => Outcome::Dead(refused.reason),
            Err(refused) => again(mail, refused.reason, now()),
        }
    }

    /// Forgets what was sent long ago, for ever.
    async fn forget(&self) {
        let mut ticks = interval(FORGETS);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let services = &self.maker.services;
            let now = services.commands.clock.now();
            match outbox::forget_old(&services.pool, now - KEPT, now).await {
                Ok(forgotten) => tracing::debug!(forgotten, "forgot mails that were sent"),
                Err(error) => tracing::warn!(%error, "mails that were sent could not be forgotten; trying again"),
            }
        }
    }
}

/// Another try later, unless there were enough.
fn again(mail: &Claimed, reason: String, now: Timestamp) -> Outcome {
    if mail.attempts >= MAX_ATTEMPTS {
        Outcome::Dead(reason)
    } else {
        Outcome::Again(reason, now + pause(mail.mail_id, mail.attempts))
    }
}

/// How long a mail rests after its nth try: a minute, doubled each time, up to [`LONGEST`], and a quarter more or less, other for each
/// mail, so that those that failed together are not tried together.
fn pause(mail_id: Uuid, attempts: i32) -> TimeDelta {
    let doubled = TimeDelta::minutes(1 << (attempts - 1).clamp(0, 9)).min(LONGEST);
    let seed = mail_id
        .as_u128()
        .wrapping_add(attempts.unsigned_abs().into())
        .wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    let per_mille = i32::try_from((seed >> 96) % 501).expect("below 501") - 250;
    doubled + doubled * per_mille / 1000
}

/// Counts what came of a mail, and says so; never to whom it went.
fn note(mail: &Claimed, outcome: &Outcome, is_noted: bool) {
    let (mail_id, kind, attempts) = (mail.mail_id, mail.kind.to_string(), mail.attempts);
    let word = match outcome {
        Outcome::Sent => {
            tracing::debug!(%mail_id, %kind, attempts, is_noted, "a mail left");
            "sent"
        }
        Outcome::Dropped(reason) => {
            tracing::debug!(%mail_id, %kind, reason, "a mail is not sent");
            "dropped"
        }
        Outcome::Again(reason, at) => {
            tracing::warn!(%mail_id, %kind, attempts, reason, again_at = %at, "a mail could not leave; trying again");
            "retried"
        }
        Outcome::Dead(reason) => {
            tracing::error!(%mail_id, %kind, attempts, reason, "a mail cannot be delivered; see mailDeadLetters");
            "dead"
        }
    };
    metrics::counter!("casestream_mails_total", "kind" => kind, "outcome" => word).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_rests_longer_each_time_and_others_not_as_long() {
        let at = |n: u128, attempts| pause(Uuid::from_u128(n << 64), attempts).num_seconds();
        for n in 1..50 {
            assert!((45..=75).contains(&at(n, 1)) && (90..=150).contains(&at(n, 2)), "{} {}", at(n, 1), at(n, 2));
            assert!((16_200..=27_000).contains(&at(n, 15)), "{}", at(n, 15));
        }
        let different: std::collections::BTreeSet<_> = (1..50).map(|n| at(n, 8)).collect();
        assert!(different.len() > 40, "{different:?}");
        let days: i64 = (1..MAX_ATTEMPTS).map(|attempts| at(1, attempts)).sum::<i64>() / 86_400;
        assert!((1..=3).contains(&days), "{days}");
    }
}
