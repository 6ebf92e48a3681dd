//! Mail about cases: to whom it may still go, and what they may see.

use std::{collections::HashMap, sync::Arc};

use domain::{
    AccountId, Fingerprint, PersonId, Scope,
    case::{CaseFact, CaseState, WatcherId},
};
use futures_util::FutureExt as _;
use projections::{Correspondent as Known, SettingsNow, VISIBLE_WITHIN, Visibility, correspondents, has_left};

use super::{Made, MakeError, Maker, Shown, contents};
use crate::{
    mail::{
        MailKind, Preferences,
        history::{Happening, History, Outline},
        letter::Correspondent,
        outbox::{Claimed, Recipient, ToldAs},
        staff,
        words::{common, said},
    },
    watch::WatcherLinks,
};

/// To whom a mail goes, and what they see.
struct Addressee {
    to: Correspondent,
    /// What they may read of cases.
    scope: Scope,
    /// Their links, if they are on the watch list.
    links: Option<WatcherLinks>,
}

impl Maker {
    /// Makes a mail about a case.
    pub(super) async fn about_a_case(
        &self,
        mail: &Claimed,
        preferences: &Preferences,
        settings: &SettingsNow,
    ) -> Result<Made, MakeError> {
        let (Some(case_id), Some(position)) = (mail.case_id, mail.position) else {
            return Ok(Made::Nothing("it is about no case"));
        };
        self.catch_up().await?;
        let Some(case) = self.case(case_id).await? else { return Ok(Made::Nothing("there is no such case")) };
        let Some((place, happening)) = case.at(position) else { return Ok(Made::Nothing("it did not happen")) };
        if let Some(why) = is_over(&case, mail, happening) {
            return Ok(Made::Nothing(why));
        }
        let history = self.history(&case, (place, mail)).await?;
        let people = self.people(&case, mail, happening).await?;
        let addressee = match self.addressee(&history, mail, &people).await? {
            Ok(addressee) => addressee,
            Err(why) => return Ok(Made::Nothing(why)),
        };
        let preferences = match mail.to {
            Recipient::Person(_) => preferences.clone(),
            // Nobody asked whoever has no more than an address here: they read what the contact of the case does.
            Recipient::Address(_) => {
                let mut conn = self.services.pool.acquire().await?;
                Preferences { unwanted: [].into(), ..Preferences::of(&mut conn, case.state().contact).await? }
            }
        };
        let reader = self.reader(&preferences, settings);
        let mut shown = Shown {
            case_id: Some(case_id),
            leave: addressee.links.as_ref().map(|links| self.at_home(&links.leave)),
            ..Shown::default()
        };
        let mut known = Self::known(settings);
        known.case.number = case.state().number.to_string();
        known.at = reader.time(happening.event.occurred_at);
        if mail.kind == MailKind::WatchConfirm {
            // Somebody who has not said that they want mail gets no word that somebody else has chosen.
            let Some(confirm) = addressee.links.and_then(|links| links.confirm) else {
                return Ok(Made::Nothing("they have answered, or are asked no more"));
            };
            shown.url = Some(self.at_home(&confirm));
            shown.footer = vec![common(reader.language, "automatic")];
            let said = said(mail.kind, reader.language, &known);
            return Ok(self.letter(mail, addressee.to, &reader, settings, (said, shown)));
        }
        known.actor = contents::name(&people, happening, &addressee.scope, reader.language);
        known.until = contents::until(&happening.event.fact, &case).map(|at| reader.time(at));
        known.other = match &happening.event.fact {
            CaseFact::MergedInto { case } => self.number_of(*case, mail, &addressee.scope).await?,
            _ => None,
        };
        if contents::fill(&mut shown, &history, place, &known.actor, &addressee.scope, reader.language).is_none() {
            return Ok(Made::Nothing("what it tells of was taken away"));
        }
        if addressee.scope.sees(case.state()) {
            shown.url = Some(self.at_home(&format!("/cases/{}", case.state().number)));
        }
        shown.footer = contents::footer(mail, reader.language);
        let said = said(mail.kind, reader.language, &known);
        Ok(self.letter(mail, addressee.to, &reader, settings, (said, shown)))
    }

    fn at_home(&self, path: &str) -> String {
        format!("{}{path}", self.base_url.as_str())
    }

    /// Waits until the read models know of all that has happened: whoever has left is to be known as such.
    async fn catch_up(&self) -> Result<(), MakeError> {
        let safe = self.services.tailer.safe_position();
        match self.services.projector.wait_until(safe, VISIBLE_WITHIN).await {
            Visibility::Visible => Ok(()),
            Visibility::Pending => Err(MakeError::Behind),
        }
    }

    async fn case(&self, case_id: domain::CaseId) -> Result<Option<Arc<Outline>>, MakeError> {
        let mut conn = self.services.pool.acquire().await?;
        Ok(self.cases.read(&mut conn, self.services.commands.log.codec(), case_id).await?)
    }

    async fn history(&self, case: &Arc<Outline>, of: (usize, &Claimed)) -> Result<History, MakeError> {
        let mut conn = self.services.pool.acquire().await?;
        Ok(History::read(&mut conn, self.services.commands.log.codec(), Arc::clone(case), of).await?)
    }

    /// What is known of whom the mail names, and of its recipient.
    async fn people(
        &self,
        case: &Outline,
        mail: &Claimed,
        happening: &Happening,
    ) -> Result<HashMap<PersonId, Known>, MakeError> {
        let mut people = vec![happening.metadata.actor];
        if let Recipient::Person(person) = mail.to {
            people.push(person);
        }
        let account = case.state().account;
        let read = self.services.reads.read(&Scope::Staff, |tx| {
            let people = people.clone();
            async move { correspondents(tx, Some(account), &people).await }.boxed()
        });
        Ok(read.await?)
    }

    /// To whom it goes; or why it goes to nobody.
    async fn addressee(
        &self,
        history: &History,
        mail: &Claimed,
        people: &HashMap<PersonId, Known>,
    ) -> Result<Result<Addressee, &'static str>, MakeError> {
        let (state, opaque) = (history.case.state(), &self.services.commands.opaque);
        let told_as = mail.told_as.unwrap_or(ToldAs::Watcher);
        let person = match &mail.to {
            Recipient::Address(fingerprint) => return self.address(history, mail, fingerprint).await,
            Recipient::Person(person) => *person,
        };
        let known = people.get(&person);
        let name = known.and_then(|known| known.name.clone());
        let works_cases = match told_as {
            ToldAs::Owner | ToldAs::Queue => true,
            ToldAs::Opener => history.case.was_opened_by_staff(),
            ToldAs::Contact | ToldAs::Watcher => false,
        };
        if works_cases {
            if let Err(why) = is_still(told_as, person, state) {
                return Ok(Err(why));
            }
            let Some(to) = self.staff_address(person, known).await? else {
                return Ok(Err("they do not work cases any more"));
            };
            return Ok(match to {
                Some(address) => {
                    Ok(Addressee { to: Correspondent { name, address }, scope: Scope::Staff, links: None })
                }
                None => Err("nobody knows their address"),
            });
        }
        let Some(access) = known.and_then(|known| known.access.clone()) else {
            return Ok(Err("they have left the account"));
        };
        if let Err(why) = is_still(told_as, person, state) {
            return Ok(Err(why));
        }
        let watcher = WatcherId::Contact(person);
        let links =
            WatcherLinks::of(opaque, history.case.case_id, state, &watcher).filter(|_| told_as == ToldAs::Watcher);
        if told_as == ToldAs::Watcher {
            let Some(links) = &links else { return Ok(Err("they are not on the watch list any more")) };
            if links.confirm.is_some() != (mail.kind == MailKind::WatchConfirm) {
                return Ok(Err("they have answered, or have yet to"));
            }
        }
        let Some(address) = known.and_then(|known| known.email.clone()) else {
            return Ok(Err("nobody knows their address"));
        };
        let scope = Scope::Contact { person, accounts: [(state.account, access)].into() };
        Ok(Ok(Addressee { to: Correspondent { name, address }, scope, links }))
    }

    /// The same for somebody of whom no more than an address is known.
    async fn address(
        &self,
        history: &History,
        mail: &Claimed,
        fingerprint: &Fingerprint,
    ) -> Result<Result<Addressee, &'static str>, MakeError> {
        let watcher = WatcherId::Address(fingerprint.clone());
        let (case_id, state) = (history.case.case_id, history.case.state());
        let links = WatcherLinks::of(&self.services.commands.opaque, case_id, state, &watcher);
        let Some(links) = links else { return Ok(Err("they are not on the watch list any more")) };
        if links.confirm.is_some() != (mail.kind == MailKind::WatchConfirm) {
            return Ok(Err("they have answered, or have yet to"));
        }
        let Some(address) = history.address_of(fingerprint) else { return Ok(Err("nobody knows their address")) };
        if self.has_left(state.account, &address).await? {
            return Ok(Err("they have left the account"));
        }
        Ok(Ok(Addressee { to: Correspondent { name: None, address }, scope: Scope::Nothing, links: Some(links) }))
    }

    async fn has_left(&self, account: AccountId, address: &str) -> Result<bool, MakeError> {
        let read = self.services.reads.read(&Scope::Staff, |tx| {
            let address = address.to_owned();
            async move { has_left(tx, account, &address).await }.boxed()
        });
        Ok(read.await?)
    }

    /// The address of somebody who works cases, if one is known; nothing when they don't any more.
    async fn staff_address(
        &self,
        person: PersonId,
        known: Option<&Known>,
    ) -> Result<Option<Option<String>>, MakeError> {
        let (pool, reads) = (&self.services.pool, &self.services.reads);
        if staff::desk(pool, reads, self.services.commands.clock.now(), Some(person)).await?.is_empty() {
            return Ok(None);
        }
        let user = self.user(person).await?.and_then(|user| user.email);
        Ok(Some(user.or_else(|| known.and_then(|known| known.email.clone()))))
    }

    /// The number of another case, for those who may know of it.
    async fn number_of(
        &self,
        case_id: domain::CaseId,
        mail: &Claimed,
        scope: &Scope,
    ) -> Result<Option<String>, MakeError> {
        let Some(other) = self.case(case_id).await? else { return Ok(None) };
        let other = other.state();
        let watches = match &mail.to {
            Recipient::Address(fingerprint) => other.watchers.contains(&WatcherId::Address(fingerprint.clone())),
            Recipient::Person(_) => false,
        };
        Ok((watches || scope.sees(other)).then(|| other.number.to_string()))
    }
}

/// Whether there is nothing to tell any more.
fn is_over(case: &Outline, mail: &Claimed, happening: &Happening) -> Option<&'static str> {
    match &happening.event.fact {
        CaseFact::MergedInto { case: into } => {
            let stands = case.state().merge.as_ref().is_some_and(|merge| merge.stands && merge.into == *into);
            (!stands).then_some("the merge was undone")
        }
        CaseFact::OwnerAssigned { owner } => {
            (case.state().owner != Some(*owner)).then_some("somebody else is responsible by now")
        }
        CaseFact::ReminderDue {} => {
            (case.state().status != domain::case::Status::Resolved).then_some("the answer does not stand any more")
        }
        CaseFact::Opened(_) if mail.told_as == Some(ToldAs::Opener) => {
            let by_desk = case.was_opened_by_staff() && happening.metadata.actor == case.state().opener;
            by_desk.then_some("they did it themselves")
        }
        _ => None,
    }
}

/// Whether somebody still is to the case what they were to be told as.
fn is_still(told_as: ToldAs, person: PersonId, case: &CaseState) -> Result<(), &'static str> {
    match told_as {
        ToldAs::Owner if case.owner != Some(person) => Err("somebody else is responsible by now"),
        ToldAs::Queue if case.owner.is_some_and(|owner| owner != person) => Err("somebody is responsible by now"),
        ToldAs::Contact if case.contact != person => Err("somebody else is the contact by now"),
        ToldAs::Owner | ToldAs::Queue | ToldAs::Contact | ToldAs::Opener | ToldAs::Watcher => Ok(()),
    }
}
