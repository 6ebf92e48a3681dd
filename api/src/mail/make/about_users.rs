//! Mail about signing in. It goes to the address of the portal user, whatever became of the person's.

use domain::{
    PersonId, Timestamp,
    user::{User, UserEvent, UserFact, UserState, UserStatus},
};
use event_log::{AnyEvent, StreamId, read_stream};
use projections::SettingsNow;

use super::{Made, MakeError, Maker, Shown};
use crate::mail::{
    MailKind, Preferences,
    letter::Correspondent,
    link,
    link::Sealed,
    outbox::{Claimed, Recipient},
    words::{common, said},
};

/// A portal user as mail needs them.
pub(super) struct Account {
    /// Where mail goes.
    pub(super) email: Option<String>,
    /// What they have come to.
    pub(super) state: UserState,
    events: Vec<(i64, UserEvent)>,
}

impl Maker {
    /// Makes a mail about signing in.
    pub(super) async fn about_a_user(
        &self,
        mail: &Claimed,
        preferences: &Preferences,
        settings: &SettingsNow,
    ) -> Result<Made, MakeError> {
        if mail.kind == MailKind::RequestDeclined {
            return self.about_a_request(mail, settings).await;
        }
        let Recipient::Person(person) = mail.to else { return Ok(Made::Nothing("it is for nobody")) };
        let reader = self.reader(preferences, settings);
        let mut known = Self::known(settings);
        let mut shown = Shown { footer: vec![common(reader.language, "automatic")], ..Shown::default() };
        let address = if let Some(purpose) = link::purpose(mail.kind) {
            let opened = mail
                .sealed
                .as_deref()
                .and_then(|sealed| Sealed::open(&self.services.commands.log, mail.mail_id, sealed));
            let Some(sealed) = opened else { return Ok(Made::Nothing("its link cannot be read")) };
            known.until = mail.expires_at.map(|at| reader.time(at));
            shown.url = Some(purpose.address(self.base_url.as_str(), &sealed.token()));
            sealed.to.as_str().to_owned()
        } else {
            let Some(user) = self.user(person).await? else { return Ok(Made::Nothing("they do not sign in")) };
            let Some(email) = user.email.clone() else { return Ok(Made::Nothing("nobody knows their address")) };
            let at = match mail.kind {
                MailKind::AccessGranted if user.state.status != UserStatus::Active => {
                    return Ok(Made::Nothing("they are told by their invitation"));
                }
                MailKind::AccessGranted => {
                    shown.url = Some(self.base_url.as_str().to_owned());
                    self.recorded_at(mail).await?
                }
                _ => {
                    let happened = user.events.iter().find(|(position, _)| Some(*position) == mail.position);
                    let Some((_, event)) = happened else { return Ok(Made::Nothing("it did not happen")) };
                    if let UserFact::UserLocked { until } = &event.fact {
                        known.until = Some(reader.time(*until));
                    }
                    Some(event.occurred_at)
                }
            };
            let Some(at) = at else { return Ok(Made::Nothing("it did not happen")) };
            known.at = reader.time(at);
            if may_be_somebody_else(mail.kind) {
                shown.signed = Some(common(reader.language, "not_you"));
            }
            email
        };
        let said = said(mail.kind, reader.language, &known);
        let to = Correspondent { name: None, address };
        Ok(self.letter(mail, to, &reader, settings, (said, shown)))
    }

    /// A portal user from their events; nobody who was never invited, or was erased.
    pub(super) async fn user(&self, person: PersonId) -> Result<Option<Account>, MakeError> {
        let stream = StreamId::of::<User>(person.to_string());
        let mut conn = self.services.pool.acquire().await?;
        let (mut state, mut email, mut events) = (None, None, vec![]);
        for event in read_stream(&mut conn, self.services.commands.log.codec(), &stream).await? {
            let (position, sequence) = (event.position, event.sequence);
            match event.event {
                Ok((AnyEvent::User { event, .. }, _)) => {
                    if let UserFact::UserInvited { email: line, .. } = &event.fact {
                        email = line.text.value().map(|address| address.as_str().to_owned());
                    }
                    state = UserState::fold(state, &event);
                    events.push((position, event));
                }
                Ok(_) => unreachable!("a portal user's stream has no event of another aggregate"),
                Err(source) => return Err(event_log::LogError::Unreadable { stream, sequence, source }.into()),
            }
        }
        Ok(state.map(|state| Account { email, state, events }))
    }

    /// When the event was recorded that a mail tells of.
    async fn recorded_at(&self, mail: &Claimed) -> Result<Option<Timestamp>, MakeError> {
        let recorded = sqlx::query_scalar("select recorded_at from events where position = $1");
        Ok(recorded.bind(mail.position).fetch_optional(&self.services.pool).await?)
    }
}

/// Whether whoever did it may be somebody else, who must be found out.
fn may_be_somebody_else(kind: MailKind) -> bool {
    matches!(
        kind,
        MailKind::PasswordChanged
            | MailKind::ChallengeQuestionSet
            | MailKind::ChallengeQuestionRemoved
            | MailKind::FactorEnrolled
            | MailKind::FactorRemoved
            | MailKind::RecoveryCodesReplaced
            | MailKind::RecoveryCodeUsed
            | MailKind::Unlocked
            | MailKind::NewDevice
    )
}
