//! Erasing a person: everything that is theirs goes, wherever it stands.
//!
//! One transaction ends their access, destroys their keys and records that they were erased. From then on nobody can read
//! their words in the log. What stands in the clear in the read models goes right after, stream by stream; when the process
//! is killed in between, any other one goes on with it.

use std::sync::Arc;

use domain::{
    AccountId, Actor, CaseId, Channel, Fingerprint, KeyId, Metadata, PersonId, PlainText, RequestId, Role, Scope,
    Timestamp,
    account::{Account, AccountAction, AccountCommand},
    case::CaseNumber,
    person::{Person, PersonAction, PersonCommand},
    user::{User, UserAction, UserCommand, UserState},
};
use event_log::{
    AppendError, AppendOptions, CommandRecord, EraseError, Erasure, EventLog, ExecuteError, Loaded, LogError,
    StreamAppend, Words, execute::MAX_ATTEMPTS, safe_position_now,
};
use futures_util::FutureExt as _;
use projections::{ProjectionError, VISIBLE_WITHIN, Visibility, accounts_of_contact, cases_of_person, people_by_email};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    commands::{Refusal, RefusalCode},
    files::RESERVED,
    graphql::Services,
    identity,
    users::{UsersError, administrators, ending},
};

/// How much of somebody there is, or went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, async_graphql::SimpleObject)]
#[graphql(name = "PersonErasure")]
pub struct Extent {
    /// Texts: their name, e-mail address and phone number, and all that they wrote, names of files included.
    pub texts: i32,
    /// Files that they attached.
    pub files: i32,
    /// Cases in which these were.
    pub cases: i32,
    /// Accounts whose contact they were.
    pub accounts: i32,
    /// Uploads that no case had yet.
    pub uploads: i32,
    /// Tokens that were good.
    pub tokens: i32,
}

/// A wish to have somebody erased.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Who.
    pub person: PersonId,
    /// Who asks.
    pub by: Actor,
    /// In which request.
    pub request: RequestId,
    /// By which way.
    pub channel: Channel,
    /// The key under which a retry is the same wish, with the bytes that tell whether it is.
    pub idempotency: Option<(String, Vec<u8>)>,
}

/// What came of a wish.
#[derive(Clone, Copy, Debug)]
pub struct Erased {
    /// What went. Nothing, when it was repeated and nothing had come since.
    pub extent: Extent,
    /// Whether somebody may still see it for a moment, because an instance is behind.
    pub pending: bool,
}

/// Nobody could be erased, for no reason that whoever asked could mend. What has happened is gone on with by itself.
#[derive(Debug, thiserror::Error)]
pub enum ErasureError {
    /// The log did not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The read models did not answer.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// The task of the erasure ended without an answer.
    #[error("the erasure's task ended without an answer")]
    Lost(#[from] tokio::task::JoinError),
}

impl From<UsersError> for ErasureError {
    fn from(error: UsersError) -> Self {
        match error {
            UsersError::Log(error) => Self::Log(error),
            UsersError::Projection(error) => Self::Projection(error),
            UsersError::Lost(error) => Self::Lost(error),
        }
    }
}

impl From<sqlx::Error> for ErasureError {
    fn from(error: sqlx::Error) -> Self {
        Self::Log(error.into())
    }
}

/// What stands for an e-mail address in comparisons, and as whose it is sealed where nobody knows whose it is.
#[must_use]
pub fn subject_of_address(log: &EventLog, address: &PlainText) -> (Fingerprint, PersonId) {
    let fingerprint = log.fingerprint("e-mail address", &address.as_str().to_lowercase());
    let subject = PersonId::of_fingerprint(&fingerprint);
    (fingerprint, subject)
}

/// Erases people, with the parts of a service.
#[derive(Clone)]
pub struct Erasing(Arc<Services>);

/// Somebody, as they are at one moment.
struct Subject {
    loaded: Loaded<Person>,
    /// As whom their addresses are sealed.
    also: Vec<PersonId>,
    accounts: Vec<AccountId>,
    cases: Vec<CaseId>,
}

/// One attempt at the transaction.
enum Attempt {
    Done {
        extent: Extent,
        files: Vec<KeyId>,
        position: i64,
    },
    Refused(Refusal),
    /// Somebody else was faster.
    Again,
}

impl Erasing {
    /// With the parts of a running service.
    #[must_use]
    pub fn with(services: &Arc<Services>) -> Self {
        Self(Arc::clone(services))
    }

    /// The people who have an e-mail address, however it is spelled.
    ///
    /// # Errors
    /// [`ProjectionError`].
    pub async fn people_by_email(&self, address: &str) -> Result<Vec<PersonId>, ProjectionError> {
        let found = self.0.reads.read(&Scope::Administrator, |tx| {
            let address = address.to_owned();
            async move { people_by_email(tx, &address).await }.boxed()
        });
        found.await
    }

    /// How much of somebody there is; nothing where nobody has this id.
    ///
    /// # Errors
    /// [`ErasureError`].
    pub async fn extent(&self, person: PersonId) -> Result<Result<Extent, Refusal>, ErasureError> {
        let log = &self.0.commands.log;
        let (loaded, _) = log.load_and_recall(&person.to_string(), None).await.map_err(unexpected)?;
        let subject = self.subject(person, loaded).await?;
        if !self.is_somebody(person, &subject.loaded).await? {
            return Ok(Err(nobody()));
        }
        let subjects = [&[person], subject.also.as_slice()].concat();
        let words = log.words_of(&subjects, RESERVED).await?;
        let cases: Vec<_> = cases_of(&words).chain(subject.cases.iter().copied()).collect();
        let held = log.held_among(&cases).await?;
        if !held.is_empty() {
            return Ok(Err(under_hold(&held)));
        }
        let uploads = self.0.commands.stages.count_of(person).await?;
        let tokens = identity::good_tokens(&self.0.pool, person).await?;
        Ok(Ok(extent(&words, subject.accounts.len(), uploads, tokens)))
    }

    /// Erases somebody, or says why not. Erasing them again succeeds, and takes what has come since.
    ///
    /// # Errors
    /// [`ErasureError`]: whether it was done is unknown, and repeating it is right.
    pub async fn erase(&self, wish: Wish) -> Result<Result<Erased, Refusal>, ErasureError> {
        let erasing = self.clone();
        // Whoever asked may leave; it is done to its end.
        tokio::spawn(async move { erasing.carry_out(&wish).await }).await?
    }

    async fn carry_out(&self, wish: &Wish) -> Result<Result<Erased, Refusal>, ErasureError> {
        if !wish.by.roles.has(Role::Administrator) {
            let error = domain::person::PersonError::NotPermitted { role: wish.by.acting_as() };
            return Ok(Err(Refusal::new(RefusalCode::NotPermitted, error.to_string())));
        }
        let command =
            wish.idempotency.as_ref().map(|(key, request)| (wish.by.person, key.as_str(), request.as_slice()));
        for _ in 0..MAX_ATTEMPTS {
            let loaded = self.0.commands.log.load_and_recall(&wish.person.to_string(), command).await;
            let (loaded, recorded) = match loaded {
                Ok(loaded) => loaded,
                Err(error @ ExecuteError::KeyReused) => {
                    let refusal = Refusal::new(RefusalCode::IdempotencyKeyReused, error.to_string());
                    return Ok(Err(Refusal { field: Some("idempotencyKey".to_owned()), ..refusal }));
                }
                Err(error) => return Err(unexpected(error)),
            };
            if let Some(recorded) = recorded {
                if let Ok(refusal) = serde_json::from_value(recorded.outcome["refusal"].clone()) {
                    return Ok(Err(refusal));
                }
                let extent = serde_json::from_value(recorded.outcome["erased"].clone()).unwrap_or_default();
                return self.end(wish.person, extent, recorded.position.unwrap_or(0)).await.map(Ok);
            }
            if !self.is_somebody(wish.person, &loaded).await? {
                return self.refuse(wish, nobody()).await.map(Err);
            }
            let subject = self.subject(wish.person, loaded).await?;
            match self.attempt(wish, &subject).await? {
                Attempt::Done { extent, files, position } => {
                    self.remove(&files).await;
                    return self.end(wish.person, extent, position).await.map(Ok);
                }
                Attempt::Refused(refusal) => return self.refuse(wish, refusal).await.map(Err),
                Attempt::Again => {}
            }
        }
        Ok(Err(Refusal::new(RefusalCode::Contended, ExecuteError::Contended.to_string())))
    }

    /// Goes on with erasures that were begun and not ended, because their process was killed.
    ///
    /// # Errors
    /// [`ErasureError`]; the next time goes on with the rest.
    pub async fn go_on(&self) -> Result<usize, ErasureError> {
        let unfinished = self.0.commands.log.unfinished_erasures().await?;
        for person in &unfinished {
            self.project(*person).await?;
        }
        Ok(unfinished.len())
    }

    /// Whether anything was ever written down of somebody or by them. An account is nobody, although its names are
    /// sealed as if they were a person's; nor is whoever runs the installation, or its clock.
    async fn is_somebody(&self, person: PersonId, loaded: &Loaded<Person>) -> Result<bool, LogError> {
        if person == PersonId::CLOCK || person == PersonId::OPERATOR {
            return Ok(false);
        }
        if loaded.version() > 0 {
            return Ok(true);
        }
        let log = &self.0.commands.log;
        let is_account = log.latest::<Account>(&person.to_string()).await?.state.is_some();
        Ok(!is_account && log.has_words(person).await?)
    }

    /// Reads whom it is about. The read models tell of which accounts they are a contact, and which cases name them; they
    /// are brought to the end of the log before.
    async fn subject(&self, person: PersonId, loaded: Loaded<Person>) -> Result<Subject, ErasureError> {
        let Services { commands, projector, reads, pool, .. } = &*self.0;
        let log = &commands.log;
        let mut also = vec![];
        for details in log.details_of(person).await? {
            let email = details.email.as_ref().and_then(|line| line.text.value());
            also.extend(email.map(|address| subject_of_address(log, address).1));
        }
        projector.wait_until(safe_position_now(pool).await?, VISIBLE_WITHIN).await;
        let scope = Scope::Auditor;
        let accounts = reads.read(&scope, move |tx| accounts_of_contact(tx, person).boxed()).await?;
        let cases = reads.read(&scope, move |tx| cases_of_person(tx, person).boxed()).await?;
        Ok(Subject { loaded, also, accounts, cases })
    }

    async fn attempt(&self, wish: &Wish, subject: &Subject) -> Result<Attempt, ErasureError> {
        let Services { commands, pool, .. } = &*self.0;
        let (log, at) = (&commands.log, commands.clock.now());
        let mut tx = pool.begin().await?;
        let user: Loaded<User> = log.load(&wish.person.to_string()).await?;
        let mut has_another_administrator = true;
        if user.aggregate.state.as_ref().is_some_and(UserState::is_active_administrator) {
            if !administrators::try_lock(&mut tx).await? {
                tx.rollback().await?;
                tokio::time::sleep(administrators::wait_before(1)).await;
                return Ok(Attempt::Again);
            }
            has_another_administrator = administrators::is_another(&self.0, wish.person).await?;
        }
        let streams = match self.events(wish, subject, (&user, has_another_administrator), at).await? {
            Ok(streams) => streams,
            Err(refusal) => return Ok(Attempt::Refused(refusal)),
        };
        let erasure = Erasure { person: wish.person, also: &subject.also, concerned: &subject.cases, at };
        let words = match log.destroy(&mut tx, &erasure, RESERVED).await {
            Ok(words) => words,
            Err(EraseError::Held { cases }) => return Ok(Attempt::Refused(under_hold(&cases))),
            Err(EraseError::Busy) => return Ok(Attempt::Again),
            Err(EraseError::Log(error)) => return Err(error.into()),
        };
        let tokens = identity::revoke_tokens(&mut tx, wish.person, at).await?;
        ending::forget_all_of(&mut tx, wish.person).await?;
        let uploads = commands.stages.forget_all_of(&mut tx, wish.person).await?;
        let extent = extent(&words, subject.accounts.len(), uploads.len(), tokens);
        let command = record_of(wish, &json!({ "code": "recorded", "erased": extent }));
        let options = AppendOptions { command, ..AppendOptions::at(at) };
        let appended = match log.append_in(&mut tx, streams, options).await {
            Ok(appended) => appended,
            Err(AppendError::Conflict | AppendError::CommandRecorded) => return Ok(Attempt::Again),
            Err(AppendError::Log(error)) => return Err(error.into()),
            Err(error @ (AppendError::TooMany { .. } | AppendError::Reserved { .. } | AppendError::Erased)) => {
                return Ok(Attempt::Refused(Refusal::new(RefusalCode::LimitReached, error.to_string())));
            }
        };
        tx.commit().await?;
        let files = words.files.into_iter().chain(uploads.into_iter().flatten()).collect();
        Ok(Attempt::Done { extent, files, position: appended.position.unwrap_or(subject.loaded.position()) })
    }

    /// What is recorded: that they were erased, with what let them sign in, and that they left their accounts, as far as that is
    /// news.
    async fn events(
        &self,
        wish: &Wish,
        subject: &Subject,
        (user, has_another_administrator): (&Loaded<User>, bool),
        at: Timestamp,
    ) -> Result<Result<Vec<StreamAppend>, Refusal>, ErasureError> {
        let log = &self.0.commands.log;
        let by = wish.by;
        let metadata = Metadata::of(&by, wish.request, wish.channel);
        let command = PersonCommand { by, at, action: PersonAction::Erase };
        let events = match subject.loaded.aggregate.decide(&command) {
            Ok(events) => events,
            Err(error) => return Ok(Err(Refusal::new(RefusalCode::NotPermitted, error.to_string()))),
        };
        let events: Vec<_> = events.into_iter().map(|event| (event, metadata.clone())).collect();
        let mut streams = vec![];
        if !events.is_empty() {
            streams.push(prepared(log.prepare(&subject.loaded, &events, &[], at))?);
        }
        let command = UserCommand { user: wish.person, by, at, action: UserAction::Erase, has_another_administrator };
        let events = match user.aggregate.decide(&command) {
            Ok(events) => events,
            Err(error) => return Ok(Err(error.into())),
        };
        let events: Vec<_> = events.into_iter().map(|event| (event, metadata.clone())).collect();
        if !events.is_empty() {
            streams.push(prepared(log.prepare(user, &events, &[], at))?);
        }
        for account in &subject.accounts {
            let loaded: Loaded<Account> = log.load(&account.to_string()).await?;
            let leave = AccountCommand { by, at, action: AccountAction::Leave { person: wish.person } };
            let events = match loaded.aggregate.decide(&leave) {
                Ok(events) => events,
                Err(error) => return Ok(Err(Refusal::new(RefusalCode::NotPermitted, error.to_string()))),
            };
            let events: Vec<_> = events.into_iter().map(|event| (event, metadata.clone())).collect();
            if !events.is_empty() {
                streams.push(prepared(log.prepare(&loaded, &events, &[], at))?);
            }
        }
        Ok(Ok(streams))
    }

    /// Records a refusal under its key.
    async fn refuse(&self, wish: &Wish, refusal: Refusal) -> Result<Refusal, ErasureError> {
        let Some(command) = record_of(wish, &json!({ "code": "refused", "refusal": refusal })) else {
            return Ok(refusal);
        };
        let commands = &self.0.commands;
        let options = AppendOptions { command: Some(command), ..AppendOptions::at(commands.clock.now()) };
        match commands.log.append_all(vec![], options).await {
            Err(AppendError::Log(error)) => Err(error.into()),
            // A retry that was faster was refused alike.
            _ => Ok(refusal),
        }
    }

    /// Takes what went out of the read models, and waits until everybody sees that.
    async fn end(&self, person: PersonId, extent: Extent, position: i64) -> Result<Erased, ErasureError> {
        self.project(person).await?;
        let seen = self.0.projector.wait_until(position, VISIBLE_WITHIN).await;
        Ok(Erased { extent, pending: seen == Visibility::Pending })
    }

    /// Projects the streams again in which an erased person had words, unless that was done.
    async fn project(&self, person: PersonId) -> Result<(), ErasureError> {
        let Services { commands, projector, .. } = &*self.0;
        let Some((streams, asked_at)) = commands.log.to_project(person).await? else { return Ok(()) };
        for stream in &streams {
            projector.reproject(stream).await?;
        }
        commands.log.projected(person, asked_at, commands.clock.now()).await?;
        tracing::info!(streams = streams.len(), "the read models have nothing of an erased person any more");
        Ok(())
    }

    /// Removes the bytes of files, which nobody can open any more. Those that cannot be removed now are left to the sweep.
    async fn remove(&self, files: &[KeyId]) {
        for key_id in files {
            if let Err(error) = self.0.files.store.remove(*key_id).await {
                tracing::warn!(%error, %key_id, "the bytes of an erased person's file are left to the sweep");
            }
        }
    }
}

fn record_of(wish: &Wish, outcome: &serde_json::Value) -> Option<CommandRecord> {
    let (key, request) = wish.idempotency.clone()?;
    Some(CommandRecord { principal: wish.by.person, key, request, outcome: outcome.clone() })
}

fn extent(words: &Words, accounts: usize, uploads: usize, tokens: u64) -> Extent {
    let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    Extent {
        texts: count(words.keys.len() - words.files.len()),
        files: count(words.files.len()),
        cases: count(cases_of(words).count()),
        accounts: count(accounts),
        uploads: count(uploads),
        tokens: i32::try_from(tokens).unwrap_or(i32::MAX),
    }
}

fn cases_of(words: &Words) -> impl Iterator<Item = CaseId> {
    let is_case = |stream: &&event_log::StreamId| stream.aggregate_type == "case";
    words.streams.iter().filter(is_case).filter_map(|stream| stream.aggregate_id.parse().ok())
}

fn nobody() -> Refusal {
    Refusal {
        field: Some("personId".to_owned()),
        ..Refusal::new(RefusalCode::NotFound, domain::person::PersonError::NotFound.to_string())
    }
}

fn under_hold(cases: &[CaseNumber]) -> Refusal {
    let cases = cases.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let message =
        format!("nothing was erased, for a legal hold is in force on {cases}: once it is lifted, erase again");
    Refusal::new(RefusalCode::LegalHold, message)
}

pub(crate) fn prepared(prepared: Result<StreamAppend, AppendError>) -> Result<StreamAppend, LogError> {
    prepared.map_err(|error| match error {
        AppendError::Log(error) => error,
        other => unreachable!("preparing asks nobody but the log: {other}"),
    })
}

fn unexpected(error: ExecuteError) -> ErasureError {
    match error {
        ExecuteError::Log(error) => error.into(),
        other => unreachable!("loading refuses nothing else: {other}"),
    }
}
