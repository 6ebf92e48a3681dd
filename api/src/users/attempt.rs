//! One attempt at the transaction of a wish.

use domain::{
    KeyId, Line, Metadata, PlainText, Timestamp,
    user::{User, UserAction, UserCommand, UserState},
};
use event_log::{AppendError, AppendOptions, EventLog, ExecuteError, Loaded, Reservation, StreamAppend};
use serde_json::json;
use sqlx::{PgConnection, Postgres, Transaction};
use zeroize::Zeroizing;

use super::{
    Asks, Done, Invitation, Users, UsersError, Wish, address_of, administrators,
    ending::{end_credentials, end_factor},
    record_of, streams,
};
use crate::{
    commands::{Refusal, RefusalCode},
    erasure::prepared,
    identity::{LinkPurpose, Secret, attempts, links, reservations, user_named},
    mail::{self, LinkMail},
};

/// What came of an attempt.
pub(super) enum Attempt {
    Done {
        /// The position that a reader must reach to see it.
        position: i64,
        /// The link, where it is handed over and not mailed.
        link: Option<Secret>,
    },
    Refused(Refusal),
    /// It was done, or refused, before.
    Repeated(Result<Done, Refusal>),
    /// Somebody else was faster.
    Again,
}

/// What is to be recorded, all at once.
struct Decided {
    streams: Vec<StreamAppend>,
    reservations: Vec<Reservation>,
    /// Whether anything happened to the user.
    is_news: bool,
}

impl Users {
    pub(super) async fn attempt(&self, wish: &Wish, mails: bool) -> Result<Attempt, UsersError> {
        let (commands, pool) = (&self.0.commands, &self.0.pool);
        let (log, at) = (&commands.log, commands.clock.now());
        let command =
            wish.idempotency.as_ref().map(|(key, request)| (wish.by.person, key.as_str(), request.as_slice()));
        let (loaded, recorded) = match log.load_and_recall::<User>(&wish.user.to_string(), command).await {
            Ok(loaded) => loaded,
            Err(ExecuteError::Log(error)) => return Err(error.into()),
            Err(error) => return Ok(Attempt::Repeated(Err(Refusal::of_execution(&error).expect("it is a refusal")))),
        };
        if let Some(recorded) = recorded {
            let refusal = serde_json::from_value(recorded.outcome["refusal"].clone()).ok();
            let position = recorded.position.unwrap_or(0).max(loaded.position());
            return Ok(match refusal {
                Some(refusal) => Attempt::Repeated(Err(refusal)),
                None => Attempt::Done { position, link: None },
            });
        }
        let action = self.action(wish);
        let mut tx = pool.begin().await?;
        let is_administrator = loaded.aggregate.state.as_ref().is_some_and(UserState::is_active_administrator);
        let mut has_another_administrator = true;
        if is_administrator && action.may_take_the_last_administrator() {
            if !administrators::try_lock(&mut tx).await? {
                return Ok(Attempt::Again);
            }
            has_another_administrator = administrators::is_another(&self.0, wish.user).await?;
        }
        let (user, by) = (wish.user, wish.by);
        let command = UserCommand { user, by, at, action, has_another_administrator };
        match self.decide(wish, &loaded, &command).await? {
            Ok(decided) => self.record(tx, wish, &loaded, (&command, decided), mails).await,
            Err(refusal) => Ok(Attempt::Refused(refusal)),
        }
    }

    /// The action that the user's rules decide on.
    fn action(&self, wish: &Wish) -> UserAction {
        let commands = &self.0.commands;
        match &wish.asks {
            Asks::Do(action) => action.clone(),
            Asks::Invite(invitation) => {
                let line = |kind, text: &PlainText| -> Line {
                    let key: KeyId = commands.ids.next().into();
                    commands.log.line(kind, key, wish.user, text.clone())
                };
                UserAction::Invite {
                    email: line("user e-mail", &invitation.email),
                    username: line("username", &invitation.username),
                    roles: invitation.roles.clone(),
                }
            }
        }
    }

    async fn decide(
        &self,
        wish: &Wish,
        loaded: &Loaded<User>,
        command: &UserCommand,
    ) -> Result<Result<Decided, Refusal>, UsersError> {
        let log = &self.0.commands.log;
        let events = match loaded.aggregate.decide(command) {
            Ok(events) => events,
            Err(error) => return Ok(Err(error.into())),
        };
        let is_news = !events.is_empty();
        let metadata = Metadata::of(&wish.by, wish.request, wish.channel);
        let events: Vec<_> = events.into_iter().map(|event| (event, metadata.clone())).collect();
        let mut streams = vec![];
        if is_news {
            streams.push(prepared(log.prepare(loaded, &events, &[], command.at))?);
        }
        let Asks::Invite(invitation) = &wish.asks else {
            return Ok(Ok(Decided { streams, reservations: vec![], is_news }));
        };
        let Invitation { email, username, details, account, .. } = &**invitation;
        match streams::of_person(log, wish, details.as_ref(), command.at).await? {
            Ok(person) => streams.extend(person),
            Err(refusal) => return Ok(Err(refusal)),
        }
        if let Some(account) = account {
            match streams::of_account(log, wish, account, command.at).await? {
                Ok(account) => streams.extend(account),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        // They are the user's, whose stream is the first then.
        let reservations = if is_news { reservations(email, username) } else { vec![] };
        Ok(Ok(Decided { streams, reservations, is_news }))
    }

    async fn record(
        &self,
        mut tx: Transaction<'static, Postgres>,
        wish: &Wish,
        loaded: &Loaded<User>,
        (UserCommand { at, action, .. }, decided): (&UserCommand, Decided),
        mails: bool,
    ) -> Result<Attempt, UsersError> {
        let (log, at) = (&self.0.commands.log, *at);
        let Decided { streams, reservations, is_news } = decided;
        let command = record_of(wish, &json!({ "code": if is_news { "recorded" } else { "unchanged" } }));
        let unlocks = matches!(action, UserAction::Unlock { .. });
        let is_nothing = streams.is_empty() && command.is_none();
        if is_nothing && !unlocks {
            return Ok(Attempt::Done { position: loaded.position(), link: None });
        }
        let mut link = None;
        if unlocks {
            // Tries may have been counted, and nobody locked yet.
            attempts::unlock(&mut tx, wish.user, at).await?;
        }
        if is_news {
            match action {
                UserAction::Deactivate => end_credentials(&mut tx, wish.user, at).await?,
                UserAction::RemoveFactor { .. } => end_factor(&mut tx, wish.user).await?,
                _ => {}
            }
            if let Some(purpose) = wish.asks.link() {
                link = Some(links::issue(&mut tx, wish.user, purpose, at).await?);
            }
            if let (Some(token), true) = (&link, mails) {
                self.queue(&mut tx, wish, token, at).await?;
            }
        }
        if is_nothing {
            tx.commit().await?;
            return Ok(Attempt::Done { position: loaded.position(), link });
        }
        let options = AppendOptions { recorded_at: at, reservations, command };
        let appended = match log.append_in(&mut tx, streams, options).await {
            Ok(appended) => appended,
            Err(AppendError::Conflict | AppendError::CommandRecorded) => return Ok(Attempt::Again),
            Err(AppendError::Log(error)) => return Err(error.into()),
            Err(AppendError::Reserved { .. }) => {
                drop(tx);
                return Ok(Attempt::Refused(taken(log, wish).await?));
            }
            Err(AppendError::Erased) => {
                let refusal = Refusal::of_execution(&ExecuteError::Erased).expect("it is a refusal");
                return Ok(Attempt::Refused(refusal));
            }
            Err(error @ AppendError::TooMany { .. }) => unreachable!("a wish makes few events: {error}"),
        };
        tx.commit().await?;
        Ok(Attempt::Done { position: appended.position.unwrap_or(loaded.position()), link })
    }

    /// Queues the mail of a link, to the address that the user was invited at.
    async fn queue(&self, tx: &mut PgConnection, wish: &Wish, token: &Secret, at: Timestamp) -> Result<(), UsersError> {
        let commands = &self.0.commands;
        let purpose = wish.asks.link().expect("there is a link");
        let to = match &wish.asks {
            Asks::Invite(invitation) => Some(invitation.email.clone()),
            Asks::Do(_) => address_of(&commands.log, wish.user).await?,
        };
        // Nobody is mailed whose address is gone; whoever was erased is refused anything by the rules.
        let Some(to) = to else { return Ok(()) };
        let mail = LinkMail {
            person: wish.user,
            to,
            purpose: match purpose {
                LinkPurpose::Activation => mail::LinkPurpose::Activation,
                LinkPurpose::PasswordReset => mail::LinkPurpose::PasswordReset,
                LinkPurpose::Unlock => mail::LinkPurpose::Unlock,
            },
            token: Zeroizing::new(token.reveal().to_owned()),
            at,
            expires_at: at + purpose.lasts(),
        };
        Ok(mail::queue_link(tx, &commands.log, &commands.ids, &mail).await?)
    }
}

/// Which of the two names is another's.
async fn taken(log: &EventLog, wish: &Wish) -> Result<Refusal, UsersError> {
    let Asks::Invite(invitation) = &wish.asks else { unreachable!("only an invitation reserves names") };
    let whose = user_named(log, invitation.username.as_str()).await?;
    let is_username = whose.is_some_and(|whose| whose != wish.user) && invitation.username != invitation.email;
    let field = if is_username { "username" } else { "email" };
    let message =
        format!("another user signs in with this {}", if is_username { "username" } else { "e-mail address" });
    Ok(Refusal::new(RefusalCode::Taken, message).about(Some(field)))
}
