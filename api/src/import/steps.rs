//! The commands that bring a case to where a row says it stands, each put to the rules.

use cqrs_es::Aggregate;
use domain::{
    Actor, Channel, Metadata, PersonId, PlainText, Role, Sealed, Timestamp,
    case::{
        CancelReason, Case, CaseAction, CaseCommand, CaseEvent, CaseFact, CaseState, Choice, CloseCause,
        ExternalReference, NewAttachments, OpenCase, Status, Wait, WaitReason,
    },
    metadata::Inferred,
};

use super::{
    derive::Context,
    field::{Field, Standing},
    identity::Identities,
    refusal::RowRefusal,
    row::Row,
};

/// An event that is to be recorded, and what is recorded beside it.
pub type NewEvent = (CaseEvent, Metadata);

/// What the rules make of a row, given how the case stood before; no events when it stood so already.
///
/// # Errors
/// [`RowRefusal`]; then nothing of the row is to be recorded.
pub(super) fn steps(
    case: &Case,
    row: &Row,
    source_row: &str,
    context: &Context<'_>,
) -> Result<Vec<NewEvent>, RowRefusal> {
    let ids = Identities::of(&row.system, context.people);
    let agent = row.agent.as_ref().or(context.defaults.agent.as_ref()).ok_or(RowRefusal::Missing(Field::Agent))?;
    let agent = ids.person(agent);
    let mut steps = Steps { case: case.clone(), row, source_row, context, ids, agent, events: vec![] };
    if steps.case.state.is_none() {
        steps.open()?;
    }
    steps.settle_particulars()?;
    steps.settle_owner()?;
    steps.settle_standing()?;
    Ok(steps.events)
}

struct Steps<'a> {
    /// As it stands after the events so far.
    case: Case,
    row: &'a Row,
    source_row: &'a str,
    context: &'a Context<'a>,
    ids: Identities,
    agent: PersonId,
    events: Vec<NewEvent>,
}

type Step = Result<(), RowRefusal>;

impl Steps<'_> {
    /// Opens the case at the time the row gives for it, or at the row's own when that is earlier: the row shows
    /// that the case was there by then.
    fn open(&mut self) -> Step {
        let Self { row, context, ids, agent, .. } = *self;
        let defaults = context.defaults;
        let at = row.opened_at.map_or(row.at, |opened_at| opened_at.min(row.at));
        context.check_time(at)?;
        let contact = needed(row.contact.as_ref().or(defaults.contact.as_ref()), Field::Contact)?;
        let contact = ids.person(contact);
        let opener = row.opener.as_deref().map_or(agent, |opener| ids.person(opener));
        let description =
            self.words("description", opener, row.description.as_ref().unwrap_or(&defaults.placeholders.description));
        let account = context.account(ids, needed(row.account.as_ref().or(defaults.account.as_ref()), Field::Account)?);
        let opening = OpenCase {
            number: context.number,
            account,
            location: row.location.as_deref().map_or(Choice::None, |name| Choice::Picked(ids.location(account, name))),
            product: row.product.as_deref().map_or(Choice::None, |name| Choice::Picked(ids.product(account, name))),
            case_type: needed(row.case_type.as_ref().or(defaults.case_type.as_ref()), Field::Type)?.clone(),
            category: needed(row.category.as_ref().or(defaults.category.as_ref()), Field::Category)?.clone(),
            contact,
            subject: row.subject.as_ref().map(|subject| self.words("subject", opener, subject)),
            message: ids.message(self.source_row),
            description,
            watchers: vec![],
            attachments: NewAttachments::default(),
            queue: needed(row.queue.as_ref().or(defaults.queue.as_ref()), Field::Queue)?.clone(),
            priority: row.priority.unwrap_or(defaults.priority),
            external_reference: Some(ExternalReference {
                system: row.system.clone(),
                reference: row.reference.clone(),
            }),
        };
        let role = if opener == contact { Role::Contact } else { Role::Agent };
        let stated = row.opened_at.is_some() || row.standing == Standing::New;
        let inferred = if stated { mark_text(row.description.as_ref()) } else { Some(Inferred::Step) };
        let doing = Doing { by: Actor::new(opener, role), recorded_as: opener, on_behalf_of: contact, at, inferred };
        self.put(doing, CaseAction::Open(Box::new(opening)))
    }

    /// Says what the row says of the case besides its owner and standing. What it does not know stays.
    fn settle_particulars(&mut self) -> Step {
        let (row, ids) = (self.row, self.ids);
        if row.account.as_deref().is_some_and(|name| self.context.account(ids, name) != self.state().account) {
            return Err(RowRefusal::OtherAccount);
        }
        if let Some(queue) = row.queue.as_ref().filter(|queue| **queue != self.state().queue) {
            self.act(CaseAction::MoveToQueue { queue: queue.clone() }, None)?;
        }
        if let Some(priority) = row.priority {
            self.change(CaseAction::SetPriority { priority })?;
        }
        let case_type = row.case_type.as_ref().unwrap_or(&self.state().case_type).clone();
        let category = row.category.as_ref().unwrap_or(&self.state().category).clone();
        self.change(CaseAction::Reclassify { case_type, category })?;
        let account = self.state().account;
        if let Some(name) = &row.location {
            self.change(CaseAction::SetLocation { location: Choice::Picked(ids.location(account, name)) })?;
        }
        if let Some(name) = &row.product {
            self.change(CaseAction::SetProduct { product: Choice::Picked(ids.product(account, name)) })?;
        }
        if let Some(name) = &row.contact {
            self.change(CaseAction::SetContact { contact: ids.person(name) })?;
        }
        Ok(())
    }

    /// Makes the row's owner responsible, unless taking up will.
    fn settle_owner(&mut self) -> Step {
        let will_be_taken_up =
            self.state().status == Status::New && !matches!(self.row.standing, Standing::New | Standing::Canceled);
        match &self.row.owner {
            Some(name) if !will_be_taken_up => self.change(CaseAction::Assign { owner: self.ids.person(name) }),
            _ => Ok(()),
        }
    }

    /// Moves the case to where the row says it stands, by way of the states in between.
    fn settle_standing(&mut self) -> Step {
        let status = self.state().status;
        match self.row.standing {
            Standing::New if status == Status::New => Ok(()),
            Standing::New | Standing::Open => self.work_on(),
            Standing::Waiting(reason) => self.wait(reason),
            Standing::Resolved => self.resolve(),
            Standing::Closed => self.close(),
            Standing::Canceled => self.cancel(),
        }
    }

    /// Brings the case to Open without a wait. A case that was once taken up never is New again: there, what the
    /// source calls New is work that goes on.
    fn work_on(&mut self) -> Step {
        match self.state().status {
            Status::New => self.take_up(None),
            Status::Open => self.change(CaseAction::EndWait),
            Status::Resolved | Status::Closed | Status::Canceled => self.reopen(Some(Inferred::Text)),
        }
    }

    fn wait(&mut self, reason: WaitReason) -> Step {
        match self.state().status {
            Status::New => self.take_up(Some(Inferred::Step))?,
            Status::Resolved => self.reopen(Some(Inferred::Step))?,
            Status::Open if self.state().wait.is_some_and(|wait| wait.reason == reason) => return Ok(()),
            Status::Open | Status::Closed | Status::Canceled => {}
        }
        self.act(CaseAction::StartWait { wait: Wait { reason, until: None } }, None)
    }

    fn resolve(&mut self) -> Step {
        match self.state().status {
            Status::Resolved => return Ok(()),
            Status::New => self.take_up(Some(Inferred::Step))?,
            Status::Open | Status::Closed | Status::Canceled => {}
        }
        self.answer(mark_text(self.row.resolution.as_ref()))
    }

    fn close(&mut self) -> Step {
        match self.state().status {
            Status::New => {
                self.take_up(Some(Inferred::Step))?;
                self.answer(Some(Inferred::Step))?;
            }
            Status::Open => self.answer(Some(Inferred::Step))?,
            Status::Resolved | Status::Closed | Status::Canceled => {}
        }
        self.act(CaseAction::Close { cause: CloseCause::NotStated }, None)
    }

    fn cancel(&mut self) -> Step {
        let comment = self.words("comment", self.agent, &self.context.defaults.placeholders.canceling);
        self.act(CaseAction::Cancel { reason: CancelReason::Other, comment: Some(comment) }, Some(Inferred::Text))
    }

    /// Has the case taken up by whom the row calls its owner: taking up is one's own act, so where somebody else
    /// wrote it down they did so on the owner's behalf.
    fn take_up(&mut self, inferred: Option<Inferred>) -> Step {
        let named = self.row.owner.as_deref().map(|name| self.ids.person(name));
        let owner = named.or(self.state().owner).unwrap_or(self.agent);
        let doing = Doing { by: Actor::new(owner, Role::Agent), on_behalf_of: owner, ..self.doing(inferred) };
        self.put(doing, CaseAction::TakeUp)
    }

    fn reopen(&mut self, inferred: Option<Inferred>) -> Step {
        let reason = self.words("reason", self.agent, &self.context.defaults.placeholders.reopening);
        self.act(CaseAction::Reopen { reason }, inferred)
    }

    fn answer(&mut self, inferred: Option<Inferred>) -> Step {
        let defaults = self.context.defaults;
        let code = self.row.resolution_code.as_ref().unwrap_or(&defaults.resolution_code).clone();
        let text = self.row.resolution.as_ref().unwrap_or(&defaults.placeholders.resolution);
        let resolution = self.words("resolution", self.agent, text);
        self.act(CaseAction::Resolve { code, resolution, closes_after: None }, inferred)
    }

    /// An action that changes what the source says changed; the rules record nothing where it holds already.
    fn change(&mut self, action: CaseAction) -> Step {
        self.act(action, None)
    }

    fn act(&mut self, action: CaseAction, inferred: Option<Inferred>) -> Step {
        self.put(self.doing(inferred), action)
    }

    /// By the row's agent, at the row's time.
    fn doing(&self, inferred: Option<Inferred>) -> Doing {
        let agent = self.agent;
        Doing { by: Actor::new(agent, Role::Agent), recorded_as: agent, on_behalf_of: agent, at: self.row.at, inferred }
    }

    fn put(&mut self, doing: Doing, action: CaseAction) -> Step {
        let Doing { by, recorded_as, on_behalf_of, at, inferred } = doing;
        let metadata = Metadata {
            actor: recorded_as,
            on_behalf_of: (on_behalf_of != recorded_as).then_some(on_behalf_of),
            source_row: Some(self.source_row.to_owned()),
            ..Metadata::of(&by, self.context.request, Channel::Import)
        };
        for event in self.case.decide(&CaseCommand { by, at, action })? {
            self.case.apply(event.clone());
            let is_marked = inferred == Some(Inferred::Step) || has_text(&event.fact);
            let metadata = Metadata { inferred: inferred.filter(|_| is_marked), ..metadata.clone() };
            self.events.push((event, metadata));
        }
        Ok(())
    }

    fn words(&self, kind: &str, subject: PersonId, text: &PlainText) -> Sealed<PlainText> {
        Sealed::new(self.ids.key(kind, self.source_row), subject, text.clone())
    }

    fn state(&self) -> &CaseState {
        self.case.state.as_ref().expect("a case is opened before anything else is done to it")
    }
}

/// Who does something, how that is recorded, and when.
#[derive(Clone, Copy)]
struct Doing {
    by: Actor,
    recorded_as: PersonId,
    on_behalf_of: PersonId,
    at: Timestamp,
    inferred: Option<Inferred>,
}

fn needed<T>(value: Option<T>, field: Field) -> Result<T, RowRefusal> {
    value.ok_or(RowRefusal::MissingToOpen(field))
}

/// Whether an event has a text of its own, which a placeholder may stand in for: the end of a wait that comes with a
/// resolution has none.
fn has_text(fact: &CaseFact) -> bool {
    matches!(
        fact,
        CaseFact::Opened(_) | CaseFact::Resolved { .. } | CaseFact::Reopened { .. } | CaseFact::Canceled { .. }
    )
}

fn mark_text(text: Option<&PlainText>) -> Option<Inferred> {
    text.is_none().then_some(Inferred::Text)
}
