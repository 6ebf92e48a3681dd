//! Giving somebody access: an invitation, or, for whoever signs in already, the account.

use domain::{
    AccessRequestId, AccountId, Actor, Channel, PersonId, PlainText, RequestId, Role, Sealed,
    access_request::{AccessRequestError, Outcome},
    account::{AccountAction, ContactAccess},
    person::Details,
    user::{User, UserAction},
};
use futures_util::FutureExt as _;
use projections::people_by_email;

use super::{AccessRequests, AccessRequestsError, opened::Opened};
use crate::{
    commands::{Refusal, RefusalCode, walk::Stamp},
    identity::user_named,
    registry::{Registry, RegistryError, identities},
    users::{Asks, Invitation, Users, Wish},
};

impl AccessRequests {
    /// Who somebody is here who has an e-mail address: whoever signs in with it; else the one person who was written down with it,
    /// or the one of several who was chosen; else somebody new.
    ///
    /// # Errors
    /// [`AccessRequestsError`]. The refusal says that several have it.
    async fn who_has(
        &self,
        address: &PlainText,
        chosen: Option<PersonId>,
    ) -> Result<Result<PersonId, Refusal>, AccessRequestsError> {
        let log = &self.0.commands.log;
        let user = user_named(log, address.as_str()).await?;
        let text = address.as_str().to_owned();
        let known = self.0.reads.read(&domain::Scope::Administrator, move |tx| {
            let text = text.clone();
            async move { people_by_email(tx, &text).await }.boxed()
        });
        let known = known.await?;
        let refused = |message: &str| Ok(Err(Refusal::of_field("personId", message)));
        match (user, chosen, known.as_slice()) {
            (Some(user), Some(chosen), _) if user != chosen => refused("somebody else signs in with this address"),
            (Some(user), _, _) => Ok(Ok(user)),
            (None, Some(chosen), known) if known.contains(&chosen) => Ok(Ok(chosen)),
            (None, Some(_), _) => refused("this person has another e-mail address: name one who has this one"),
            (None, None, []) => Ok(Ok(identities(log).person(&address.as_str().to_lowercase()))),
            (None, None, [one]) => Ok(Ok(*one)),
            (None, None, _) => refused("several people have this e-mail address: say which of them it is"),
        }
    }

    /// Who somebody is here for whom access is asked, by their number in a request; and whether they were approved already.
    ///
    /// # Errors
    /// [`AccessRequestsError`]. The refusal says why nobody can be approved.
    pub async fn whom_to_approve(
        &self,
        request: AccessRequestId,
        number: u32,
        chosen: Option<PersonId>,
    ) -> Result<Result<(PersonId, bool), Refusal>, AccessRequestsError> {
        let Some(opened) = Opened::read(&self.0.commands.log, request).await? else {
            return Ok(Err(AccessRequestError::NotFound.into()));
        };
        if let Some(Outcome::Approved { person, .. }) =
            opened.state.people.get(&number).and_then(|known| known.outcome.as_ref())
        {
            return Ok(Ok((*person, true)));
        }
        match opened.person(number).map(|named| named.email.text.value()) {
            None => Ok(Err(AccessRequestError::NoSuchPerson { number }.into())),
            Some(None) => Ok(Err(words_are_gone())),
            Some(Some(address)) => Ok(self.who_has(address, chosen).await?.map(|person| (person, false))),
        }
    }

    /// Makes somebody a contact who signs in: invited, or, where they sign in already, given the account.
    pub(super) async fn grant(
        &self,
        opened: &Opened,
        (number, id): (u32, RequestId),
        by: Actor,
        (person, account, access): (PersonId, AccountId, &ContactAccess),
    ) -> Result<Result<i64, Refusal>, AccessRequestsError> {
        let commands = &self.0.commands;
        let user: User = commands.log.latest(&person.to_string()).await?;
        let asks = if user.state.is_some() {
            let stamp = Stamp { by, on_behalf_of: None, request: id, channel: Channel::Desk, at: commands.clock.now() };
            let join = |_: &_| vec![(stamp.at, AccountAction::Join { person, access: access.clone() })];
            match Registry::by(commands.log.clone(), stamp).change(account, stamp.at, vec![], join).await {
                Ok(_) => {}
                Err(RegistryError::Refused(refusal)) => return Ok(Err(refusal)),
                Err(error) => return Err(error.into()),
            }
            Asks::Do(UserAction::Grant { roles: [Role::Contact].into() })
        } else {
            match self.invitation(opened, number, (person, account, access)) {
                Some(invitation) => Asks::Invite(Box::new(invitation)),
                None => return Ok(Err(words_are_gone())),
            }
        };
        let wish = Wish { user: person, by, request: id, channel: Channel::Desk, idempotency: None, asks };
        let done = Users::with(&self.0).carry_out(wish).await?;
        Ok(done.map(|_| 0))
    }

    /// What an invitation says, unless the words of the request are gone.
    fn invitation(
        &self,
        opened: &Opened,
        number: u32,
        (person, account, access): (PersonId, AccountId, &ContactAccess),
    ) -> Option<Invitation> {
        let commands = &self.0.commands;
        let named = opened.person(number)?;
        let (name, email) = (named.name.text.value()?, named.email.text.value()?);
        let line = |kind, text: &PlainText| commands.log.line(kind, commands.ids.next().into(), person, text.clone());
        let details = Details {
            name: line("person name", name),
            email: Some(line("person e-mail", email)),
            phone: named.phone.as_ref().and_then(|phone| phone.text.value()).map(|phone| line("person phone", phone)),
        };
        Some(Invitation {
            email: email.clone(),
            username: email.clone(),
            roles: [Role::Contact].into(),
            details: Some(details),
            account: Some((account, access.clone())),
        })
    }
}

/// Nothing can be made of a request whose words were destroyed meanwhile.
pub(super) fn words_are_gone() -> Refusal {
    let message = "the words of this request were erased meanwhile: nothing can be made of them";
    Refusal::new(RefusalCode::NotInState, message)
}

/// The words of a text, if they are there.
pub(super) fn said(text: Option<&Sealed<PlainText>>) -> Option<&str> {
    text.and_then(Sealed::value).map(PlainText::as_str)
}
