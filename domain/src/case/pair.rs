//! What one command does to two cases at once: links, follow-ups, merges, splits, and their undoing.
//!
//! The case that the command is given to decides first, by the table and rules that every action obeys; what the other one
//! has to say is added here. Both sides are recorded together, or neither is.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Case, CaseAction, CaseCommand, CaseError, CaseEvent, CaseFact, CaseState, Contents, Decision, Facts, LinkKind,
    Opened, Status, TextKind, WaitReason, Watcher, WatcherId, Words, words::contents_of,
};
use crate::{CaseId, MessageId, Side, Timestamp};

/// Two cases as they are now.
pub struct Pair<'a> {
    /// The one that the command is given to.
    pub this: (CaseId, &'a Case),
    /// The other one.
    pub other: (CaseId, &'a Case),
}

/// The events of both, in this order.
type Both = Result<[Vec<CaseEvent>; 2], CaseError>;

impl Pair<'_> {
    /// What follows from a command that concerns both cases, for each of them. `words` are those of the case that gives
    /// some away: of the other one when a merge is undone, else of this one.
    ///
    /// # Errors
    /// [`CaseError`], as for any command, and for what the other case has against it.
    pub fn decide(&self, command: &CaseCommand, words: &Words<'_>) -> Both {
        let (this_id, this) = self.this;
        let (other_id, other) = self.other;
        let mut mine = this.decide(command)?;
        if mine.is_empty() {
            return Ok([mine, vec![]]);
        }
        if this_id == other_id {
            return Err(CaseError::SameCase);
        }
        let here = this.state.as_ref().ok_or(CaseError::NotFound)?;
        let there = || other.state.as_ref().ok_or(CaseError::NotFound);
        let (more, theirs) = match &command.action {
            CaseAction::Link { .. } => {
                there()?;
                (vec![], vec![CaseFact::LinkedTo { case: this_id, kind: LinkKind::Related }])
            }
            CaseAction::Unlink { .. } => (vec![], vec![CaseFact::Unlinked { case: this_id }]),
            CaseAction::Merge { .. } => (vec![], absorb(this_id, here, there()?, words)?),
            CaseAction::UndoMerge => {
                let (more, theirs) = release(this_id, here, (other_id, there()?), words)?;
                // The answer that was waited for may be among what comes back.
                if more.iter().any(is_customers_word) {
                    mine.retain(|event| !waits_for_customer(&event.fact));
                }
                (more, theirs)
            }
            CaseAction::Split { .. } => (vec![], begin(this_id, here, command, &given(&mine), words)?),
            CaseAction::UndoSplit => {
                let contents = there()?.contents_at(this_id);
                let returned = CaseFact::ContentsReturned { case: this_id, contents, of_notes: false };
                (vec![], vec![CaseFact::SplitUndone { case: this_id }, returned])
            }
            _ => (vec![], vec![]),
        };
        let at = mine.last().map_or(command.at, |event| event.occurred_at);
        let mine = mine.into_iter().chain(events(at, more)).collect();
        let theirs_at = other.state.as_ref().map_or(command.at, |state| state.last_occurred_at.max(command.at));
        Ok([mine, events(theirs_at, theirs)])
    }

    /// What follows from opening `this` as the follow-up of `other`, for each of them.
    ///
    /// # Errors
    /// [`CaseError`], as for any opening, [`CaseError::NotOver`], [`CaseError::OtherAccount`].
    pub fn follow_up(&self, command: &CaseCommand, facts: &Facts) -> Both {
        let ((this_id, this), (other_id, other)) = (self.this, self.other);
        let mut mine = this.decide_knowing(command, facts)?;
        let (CaseAction::Open(opening), false) = (&command.action, mine.is_empty()) else { return Ok([mine, vec![]]) };
        let there = other.state.as_ref().ok_or(CaseError::NotFound)?;
        let number = there.number;
        if there.account != opening.account {
            return Err(CaseError::OtherAccount { number });
        }
        if !there.status.is_final() {
            return Err(CaseError::NotOver { number, status: there.status });
        }
        mine.extend(events(command.at, vec![CaseFact::LinkedTo { case: other_id, kind: LinkKind::FollowUpOf }]));
        let linked = CaseFact::LinkedTo { case: this_id, kind: LinkKind::FollowedUpBy };
        Ok([mine, events(there.last_occurred_at.max(command.at), vec![linked])])
    }
}

fn events(at: Timestamp, facts: Vec<CaseFact>) -> Vec<CaseEvent> {
    facts.into_iter().map(|fact| CaseEvent { occurred_at: at, fact }).collect()
}

/// The survivor of a merge takes over whom the other case told.
fn absorb(merged_id: CaseId, merged: &CaseState, survivor: &CaseState, words: &Words<'_>) -> Decision {
    let number = survivor.number;
    if survivor.account != merged.account {
        return Err(CaseError::OtherAccount { number });
    }
    if !matches!(survivor.status, Status::New | Status::Open) {
        return Err(CaseError::OtherNotWorkedOn { number, status: survivor.status });
    }
    let contact = WatcherId::Contact(merged.contact);
    let mut brought = merged.watchers.clone();
    brought.insert(contact.clone());
    // Contact and opener are told without being on the list.
    let is_told = |id: &WatcherId| {
        let its_people = [survivor.contact, survivor.opener].map(WatcherId::Contact);
        survivor.watchers.contains(id) || its_people.contains(id)
    };
    let mut known = words.watchers();
    known.insert(contact, Watcher::Contact { person: merged.contact });
    let joining: Vec<_> = brought.iter().filter(|id| !is_told(id)).filter_map(|id| known.remove(id)).collect();
    let absorbed = CaseFact::Absorbed {
        case: merged_id,
        brought: brought.into_iter().collect(),
        added: joining.iter().map(Watcher::id).collect(),
    };
    // Whoever has yet to confirm, or left the survivor by a link, has to confirm here, too.
    let added = |watcher: Watcher| {
        let id = watcher.id();
        let is_asked = merged.watchers.contains(&id) && !merged.is_confirmed(&id);
        CaseFact::WatcherAdded { watcher, unconfirmed: is_asked || survivor.left_by_link.contains(&id) }
    };
    // What had been split off into the other case is read here again.
    let contents = survivor.contents_at(merged_id);
    let back =
        (!contents.is_empty()).then_some(CaseFact::ContentsReturned { case: merged_id, contents, of_notes: false });
    Ok([absorbed].into_iter().chain(joining.into_iter().map(added)).chain(back).collect())
}

/// The survivor of a merge that is undone gives back what was addressed to the other case.
fn release(
    merged_id: CaseId,
    merged: &CaseState,
    (survivor_id, survivor): (CaseId, &CaseState),
    words: &Words<'_>,
) -> Result<(Vec<CaseFact>, Vec<CaseFact>), CaseError> {
    if survivor.merge.as_ref().is_some_and(|merge| merge.stands) {
        return Err(CaseError::SurvivorMerged { number: survivor.number });
    }
    let mut here = vec![];
    let mut there = vec![CaseFact::AbsorptionUndone { case: merged_id }];
    there.extend(survivor.only_for(merged_id).map(|watcher| CaseFact::WatcherRemoved { watcher }));
    if merged.split.as_ref().is_some_and(|split| split.stands && split.from == survivor_id) {
        let contents = survivor.split_into(merged_id);
        if !contents.is_empty() {
            there.push(CaseFact::ContentsMoved { case: merged_id, contents, of_notes: false });
        }
    }
    for of_notes in [false, true] {
        let copies = returned(merged_id, survivor, words, of_notes);
        let contents = contents_of(&copies);
        if contents.is_empty() {
            continue;
        }
        there.push(CaseFact::ContentsMoved { case: merged_id, contents: contents.clone(), of_notes });
        here.extend(copies);
        here.extend(survivor.redirected_before(merged_id, &contents));
        here.push(CaseFact::CarriedOver { case: survivor_id, contents });
    }
    Ok((here, there))
}

/// Whether a customer wrote or sent it.
fn is_customers_word(fact: &CaseFact) -> bool {
    match fact {
        CaseFact::MessagePosted { side, .. } => *side == Side::Customer,
        CaseFact::AttachmentAdded(added) => added.side == Side::Customer && !added.of_note,
        _ => false,
    }
}

fn waits_for_customer(fact: &CaseFact) -> bool {
    matches!(fact, CaseFact::WaitStarted { wait } if wait.reason == WaitReason::Customer)
}

/// Copies of what was addressed to a case that had been merged into the survivor.
fn returned(merged_id: CaseId, survivor: &CaseState, words: &Words<'_>, of_notes: bool) -> Vec<CaseFact> {
    let is_its = |it: &super::Elsewhere| it.through.contains(&merged_id) && it.moved_to.is_none();
    let texts = survivor
        .texts
        .iter()
        .filter(|(_, text)| is_its(&text.elsewhere) && !text.redacted && (text.kind == TextKind::Note) == of_notes);
    let messages: BTreeSet<MessageId> = texts.map(|(message, _)| *message).collect();
    let files = survivor
        .attachments
        .iter()
        .filter(|(_, file)| is_its(&file.elsewhere) && file.left == super::FileLeft::All && file.of_note == of_notes);
    let files: Vec<_> = files.map(|(attachment, _)| *attachment).collect();
    let mut copies: Vec<_> = words.written(&messages).iter().map(|written| words.copied(written)).collect();
    copies.extend(words.files(&files));
    copies
}

/// What a case gives away.
fn given(events: &[CaseEvent]) -> Contents {
    let given = events.iter().find_map(|event| match &event.fact {
        CaseFact::ContentsMoved { contents, .. } => Some(contents.clone()),
        _ => None,
    });
    given.unwrap_or_default()
}

/// A case begins with messages and files of another: the first message is its description.
fn begin(from_id: CaseId, from: &CaseState, command: &CaseCommand, contents: &Contents, words: &Words<'_>) -> Decision {
    let CaseAction::Split { number, subject, .. } = &command.action else { return Err(CaseError::NotSplit) };
    let written = words.written(&contents.texts().collect());
    let (Some((first, rest)), true) = (written.split_first(), written.len() == contents.texts().count()) else {
        return Err(CaseError::NoSuchMessage);
    };
    let opened = Opened {
        number: *number,
        account: from.account,
        location: from.location,
        product: from.product,
        case_type: from.case_type.clone(),
        category: from.category.clone(),
        contact: from.contact,
        opener: if first.side == Side::Customer { first.author } else { command.by.person },
        subject: subject.clone(),
        message: first.message,
        description: words.copy(first.body),
        queue: from.queue.clone(),
        priority: from.priority,
        external_reference: None,
        written_at: Some(first.at),
    };
    let mut facts = vec![CaseFact::Opened(Box::new(opened))];
    facts.extend(rest.iter().map(|written| words.copied(written)));
    facts.extend(words.files(&contents.attachments));
    let contents = contents_of(&facts);
    facts.push(CaseFact::SplitFrom { case: from_id });
    facts.push(CaseFact::CarriedOver { case: from_id, contents });
    Ok(facts)
}

impl CaseState {
    /// The watchers who are on the list for the sake of one merge alone.
    fn only_for(&self, merged: CaseId) -> impl Iterator<Item = WatcherId> + '_ {
        let others = move |id: &WatcherId| {
            self.absorbed.iter().any(|(case, absorption)| *case != merged && absorption.brought.contains(id))
        };
        let added = self.absorbed.get(&merged).into_iter().flat_map(|absorption| &absorption.added);
        added.filter(move |id| self.watchers.contains(id) && !others(id)).cloned()
    }

    /// How what returns to a case had come to it: through the cases that were merged into it.
    fn redirected_before(&self, merged: CaseId, contents: &Contents) -> Vec<CaseFact> {
        let mut ways: BTreeMap<Vec<CaseId>, Contents> = BTreeMap::new();
        let before =
            |through: &[CaseId]| through.iter().copied().take_while(|case| *case != merged).collect::<Vec<_>>();
        for message in &contents.messages {
            let text = self.texts.get(message).map(|text| before(&text.elsewhere.through));
            ways.entry(text.unwrap_or_default()).or_default().messages.push(*message);
        }
        for attachment in &contents.attachments {
            let file = self.attachments.get(attachment).map(|file| before(&file.elsewhere.through));
            ways.entry(file.unwrap_or_default()).or_default().attachments.push(*attachment);
        }
        ways.remove(&vec![]);
        ways.into_iter().map(|(through, contents)| CaseFact::Redirected { through, contents }).collect()
    }
}

impl Case {
    /// What follows from an action that was addressed to a case which goes on in this one, through the cases named, each
    /// merged into the next.
    ///
    /// # Errors
    /// As [`Case::decide`].
    pub fn decide_redirected(&self, command: &CaseCommand, through: &[CaseId]) -> Result<Vec<CaseEvent>, CaseError> {
        let mut decided = self.decide(command)?;
        let facts: Vec<_> = decided.iter().map(|event| event.fact.clone()).collect();
        let contents = contents_of(&facts);
        if let (Some(last), false) = (decided.last(), contents.is_empty()) {
            let fact = CaseFact::Redirected { through: through.to_vec(), contents };
            decided.push(CaseEvent { occurred_at: last.occurred_at, fact });
        }
        Ok(decided)
    }

    /// Where a message, note or file goes that is addressed to this case: to another one, where that one goes on in its
    /// place.
    #[must_use]
    pub fn redirects(&self, action: &CaseAction) -> Option<CaseId> {
        let is_reply = matches!(
            action,
            CaseAction::PostMessage { .. } | CaseAction::AddNote { .. } | CaseAction::AddAttachments { .. }
        );
        let merge = self.state.as_ref()?.merge.as_ref()?;
        (is_reply && merge.stands).then_some(merge.into)
    }
}

/// What follows from destroying something that other cases have, too, for each case that has it: the first is the one that
/// the command is given to. A legal hold on one of them keeps it in all.
///
/// # Errors
/// [`CaseError`], as for any command to the first.
pub fn destroy_everywhere(cases: &[(CaseId, &Case)], command: &CaseCommand) -> Result<Vec<Vec<CaseEvent>>, CaseError> {
    let on_hold = cases.iter().filter_map(|(_, case)| case.state.as_ref()).any(|state| state.on_hold);
    let held = |case: &Case| {
        let state = case.state.clone().map(|state| CaseState { on_hold, ..state });
        Case { state }
    };
    let Some(((_, this), others)) = cases.split_first() else { return Ok(vec![]) };
    let mut decided = vec![held(this).decide(command)?];
    for (_, other) in others {
        decided.push(held(other).state.map_or_else(|| Ok(vec![]), |state| state.destroy_copy(command))?);
    }
    Ok(decided)
}

impl CaseState {
    /// Destroys its copy of something, wherever it stands and whether or not anybody sees it here.
    fn destroy_copy(mut self, command: &CaseCommand) -> Result<Vec<CaseEvent>, CaseError> {
        let CaseCommand { by, at, action } = command;
        let at = self.last_occurred_at.max(*at);
        let facts = match action {
            CaseAction::RedactMessage { message } => {
                let Some(text) = self.texts.get_mut(message) else { return Ok(vec![]) };
                text.elsewhere.moved_to = None;
                if self.already_holds(by, at, action) { vec![] } else { self.redact_message(*message)? }
            }
            CaseAction::RemoveAttachment { attachment } | CaseAction::RedactAttachment { attachment } => {
                let Some(file) = self.attachments.get_mut(attachment) else { return Ok(vec![]) };
                file.elsewhere.moved_to = None;
                match action {
                    _ if self.already_holds(by, at, action) => vec![],
                    CaseAction::RemoveAttachment { .. } => self.remove_attachment(by, *attachment)?,
                    _ => self.redact_attachment(*attachment)?,
                }
            }
            _ => vec![],
        };
        Ok(events(at, facts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Actor, KeyId,
        case::{CancelReason, CaseNumber, attachments::BelongsTo, testing::*},
    };
    use cqrs_es::Aggregate as _;
    use uuid::Uuid;

    /// Two cases, their ids and their events.
    struct World {
        cases: [(CaseId, Case, Vec<CaseEvent>); 2],
    }

    fn id(n: u128) -> CaseId {
        CaseId(Uuid::from_u128(n))
    }

    fn world(first: Vec<CaseFact>, second: Vec<CaseFact>) -> World {
        let history = |n, facts: Vec<CaseFact>| {
            let events: Vec<_> = facts.into_iter().map(|fact| CaseEvent { occurred_at: time(NOW), fact }).collect();
            let mut case = Case::default();
            events.iter().cloned().for_each(|event| case.apply(event));
            (id(n), case, events)
        };
        World { cases: [history(1, first), history(2, second)] }
    }

    impl World {
        /// Gives the first case a command, and records what follows.
        fn give(&mut self, by: Actor, action: CaseAction, words_of: usize) -> Result<[Vec<CaseFact>; 2], CaseError> {
            let command = CaseCommand { by, at: time(NOW), action };
            let [(this_id, this, _), (other_id, other, _)] = &self.cases;
            let pair = Pair { this: (*this_id, this), other: (*other_id, other) };
            let new_key = || KeyId(Uuid::from_u128(77_000));
            let words = Words { events: &self.cases[words_of].2, new_key: &new_key };
            let decided = pair.decide(&command, &words)?;
            for ((_, case, history), events) in self.cases.iter_mut().zip(&decided) {
                events.iter().cloned().for_each(|event| case.apply(event));
                history.extend(events.iter().cloned());
            }
            Ok(decided.map(|events| events.into_iter().map(|event| event.fact).collect()))
        }

        fn add(&mut self, which: usize, facts: Vec<CaseFact>) {
            for fact in facts {
                let event = CaseEvent { occurred_at: time(NOW), fact };
                self.cases[which].1.apply(event.clone());
                self.cases[which].2.push(event);
            }
        }

        fn state(&self, which: usize) -> &CaseState {
            self.cases[which].1.state.as_ref().expect("it was opened")
        }
    }

    fn merge() -> CaseAction {
        CaseAction::Merge { into: id(2) }
    }

    fn survivor() -> Vec<CaseFact> {
        let CaseFact::Opened(mut opened) = opened() else { unreachable!("an opening opens") };
        (opened.contact, opened.opener) = (person(31), person(31));
        vec![CaseFact::Opened(opened)]
    }

    fn posted(facts: &[CaseFact]) -> Vec<MessageId> {
        contents_of(facts).texts().collect()
    }

    #[test]
    fn both_sides_of_a_link_know_of_it_and_of_its_end() {
        let mut world = world(vec![opened()], vec![opened()]);
        let linked = |n| CaseFact::LinkedTo { case: id(n), kind: LinkKind::Related };
        assert_eq!(world.give(agent(), CaseAction::Link { other: id(2) }, 0), Ok([vec![linked(2)], vec![linked(1)]]));
        assert_eq!(world.give(agent(), CaseAction::Link { other: id(2) }, 0), Ok([vec![], vec![]]));
        let unlinked = |n| CaseFact::Unlinked { case: id(n) };
        let unlink = || CaseAction::Unlink { other: id(2) };
        assert_eq!(world.give(agent(), unlink(), 0), Ok([vec![unlinked(2)], vec![unlinked(1)]]));
        assert_eq!(world.give(agent(), unlink(), 0), Ok([vec![], vec![]]));
    }

    #[test]
    fn a_merged_case_is_canceled_and_its_people_join_the_survivors_list() {
        let first = vec![opened(), watcher_added(contact_watcher(7)), watcher_added(address("ana@example.com"))];
        let second = [survivor(), vec![watcher_added(contact_watcher(7))]].concat();
        let mut world = world(first, second);
        let [mine, theirs] = world.give(agent(), merge(), 0).expect("both are new");
        let canceled = CaseFact::Canceled { reason: CancelReason::Merged, comment: None };
        assert_eq!(mine, vec![CaseFact::MergedInto { case: id(2) }, canceled]);
        let contact = WatcherId::Contact(person(CONTACT));
        assert_eq!(world.state(1).absorbed[&id(1)].added, [contact, address("ana@example.com").id()].into());
        assert!(world.state(1).watchers.contains(&address("ANA@example.com").id()), "{theirs:?}");
        assert_eq!(world.give(agent(), merge(), 0), Ok([vec![], vec![]]), "it holds");
    }

    #[test]
    fn a_merge_takes_two_cases_of_one_account_that_are_worked_on() {
        let status = |facts: Vec<CaseFact>| world(vec![opened()], facts).give(agent(), merge(), 0);
        let over = |status| Err(CaseError::OtherNotWorkedOn { number: CaseNumber(123), status });
        assert_eq!(status(vec![opened(), canceled()]), over(Status::Canceled));
        assert_eq!(status(vec![opened(), taken_up(AGENT), resolved("fixed")]), over(Status::Resolved));
        assert_eq!(status(vec![]), Err(CaseError::NotFound));
        let CaseFact::Opened(mut elsewhere) = opened() else { unreachable!("an opening opens") };
        elsewhere.account = crate::AccountId(Uuid::from_u128(9));
        let refusal = CaseError::OtherAccount { number: CaseNumber(123) };
        assert_eq!(status(vec![CaseFact::Opened(elsewhere)]), Err(refusal));
        let mut itself = world(vec![opened()], vec![opened()]);
        itself.cases[1].0 = id(1);
        assert_eq!(itself.give(agent(), CaseAction::Merge { into: id(1) }, 0), Err(CaseError::SameCase));
    }

    #[test]
    fn undoing_a_merge_gives_everything_back_and_nothing_more() {
        let wait =
            CaseFact::WaitStarted { wait: crate::case::Wait { reason: crate::case::WaitReason::Vendor, until: None } };
        let mut world =
            world(vec![opened(), taken_up(AGENT), wait.clone(), watcher_added(contact_watcher(7))], survivor());
        let before = world.state(0).clone();
        world.give(agent(), merge(), 0).expect("both are worked on");
        // Somebody joins by themselves, somebody leaves, and somebody writes to the merged case.
        world.add(
            1,
            vec![watcher_added(contact_watcher(8)), CaseFact::WatcherRemoved { watcher: contact_watcher(7).id() }],
        );
        let contents = Contents { messages: vec![message(5)], ..Contents::default() };
        world.add(
            1,
            vec![
                customer_message(5, "Any news?"),
                CaseFact::Redirected { through: vec![id(1)], contents: contents.clone() },
                customer_message(6, "Meant for the survivor."),
            ],
        );
        let [mine, theirs] = world.give(agent(), CaseAction::UndoMerge, 1).expect("it stands");
        assert_eq!(mine[..2], [CaseFact::MergeUndone { case: id(2), status: Status::Open }, wait]);
        assert_eq!(posted(&mine), [message(5)]);
        let moved = CaseFact::ContentsMoved { case: id(1), contents, of_notes: false };
        let left = CaseFact::WatcherRemoved { watcher: WatcherId::Contact(person(CONTACT)) };
        assert_eq!(theirs, vec![CaseFact::AbsorptionUndone { case: id(1) }, left, moved]);
        let after = world.state(0);
        assert_eq!(
            (after.status, after.wait, after.owner, &after.watchers),
            (before.status, before.wait, before.owner, &before.watchers)
        );
        assert_eq!(world.state(1).watchers, [contact_watcher(8).id()].into());
        assert_eq!(world.give(agent(), CaseAction::UndoMerge, 1), Ok([vec![], vec![]]), "it is undone");
    }

    #[test]
    fn whom_two_merges_brought_stays_until_both_are_undone() {
        let shared = watcher_added(contact_watcher(7));
        let mut world = world(vec![opened(), shared.clone()], survivor());
        world.give(agent(), merge(), 0).expect("both are new");
        let brought = vec![contact_watcher(7).id()];
        world.add(1, vec![CaseFact::Absorbed { case: id(3), brought, added: vec![] }]);
        world.give(agent(), CaseAction::UndoMerge, 1).expect("it stands");
        assert!(world.state(1).watchers.contains(&contact_watcher(7).id()));
        assert_eq!(world.state(1).absorbed[&id(3)].added, [contact_watcher(7).id()].into());
    }

    #[test]
    fn a_chain_of_merges_is_undone_from_its_end() {
        let mut world = world(vec![opened()], survivor());
        world.give(agent(), merge(), 0).expect("both are new");
        world.add(1, vec![CaseFact::MergedInto { case: id(3) }, canceled()]);
        let refusal = CaseError::SurvivorMerged { number: CaseNumber(123) };
        assert_eq!(world.give(agent(), CaseAction::UndoMerge, 1), Err(refusal));
    }

    #[test]
    fn a_reply_to_a_merged_case_is_marked_with_its_way() {
        let mut world = world(vec![opened()], survivor());
        world.give(agent(), merge(), 0).expect("both are new");
        assert_eq!(world.cases[0].1.redirects(&post(5, "Any news?")), Some(id(2)));
        assert_eq!(world.cases[0].1.redirects(&cancel()), None);
        let command = CaseCommand { by: contact(), at: time(NOW), action: post(5, "Any news?") };
        let decided = world.cases[1].1.decide_redirected(&command, &[id(1)]).expect("the survivor takes it");
        let contents = Contents { messages: vec![message(5)], ..Contents::default() };
        assert_eq!(
            decided.into_iter().map(|event| event.fact).collect::<Vec<_>>(),
            vec![customer_message(5, "Any news?"), CaseFact::Redirected { through: vec![id(1)], contents }]
        );
    }

    fn split(messages: &[u128], files: &[u128]) -> CaseAction {
        let contents = Contents {
            description: None,
            messages: messages.iter().map(|n| message(*n)).collect(),
            attachments: files.iter().map(|n| attachment(*n)).collect(),
        };
        CaseAction::Split { into: id(2), number: CaseNumber(124), subject: None, contents }
    }

    fn to_be_split() -> Vec<CaseFact> {
        vec![
            opened(),
            customer_message(1, "And the other line is noisy."),
            attached(1, CONTACT, BelongsTo::Message(message(1))),
            staff_message(2, "Since when?"),
            noted(3, "Two faults, I think."),
        ]
    }

    #[test]
    fn a_split_begins_a_case_with_what_was_chosen_and_is_undone() {
        let mut world = world(to_be_split(), vec![]);
        let [mine, theirs] = world.give(agent(), split(&[1, 2], &[]), 0).expect("they are there");
        let moved =
            Contents { messages: vec![message(1), message(2)], attachments: vec![attachment(1)], description: None };
        let went = CaseFact::ContentsMoved { case: id(2), contents: moved.clone(), of_notes: false };
        assert_eq!(mine, vec![CaseFact::SplitInto { case: id(2) }, went]);
        assert_eq!(posted(&theirs), [message(1), message(2)]);
        let begun = world.state(1);
        assert_eq!((begun.status, begun.contact, begun.opener), (Status::New, person(CONTACT), person(CONTACT)));
        assert_eq!(world.state(0).texts[&message(1)].elsewhere.moved_to, Some(id(2)));
        // Now from the side of the new case.
        world.cases.reverse();
        let [mine, theirs] = world.give(agent(), CaseAction::UndoSplit, 0).expect("it stands");
        assert_eq!(mine.last(), Some(&CaseFact::Canceled { reason: CancelReason::SplitUndone, comment: None }));
        let returned = CaseFact::ContentsReturned { case: id(2), contents: moved, of_notes: false };
        assert_eq!(theirs, vec![CaseFact::SplitUndone { case: id(2) }, returned]);
        assert_eq!(world.state(1).texts[&message(1)].elsewhere.moved_to, None);
    }

    #[test]
    fn only_public_messages_that_are_there_are_split_off_and_at_least_one() {
        let refused = |action| world(to_be_split(), vec![]).give(agent(), action, 0);
        assert_eq!(refused(split(&[], &[1])), Err(CaseError::NothingToSplit));
        assert_eq!(refused(split(&[3], &[])), Err(CaseError::NoSuchMessage), "a note");
        assert_eq!(refused(split(&[9], &[])), Err(CaseError::NoSuchMessage));
        assert_eq!(refused(split(&[1], &[9])), Err(CaseError::NoSuchAttachment));
        let mut twice = world(to_be_split(), vec![]);
        twice.give(agent(), split(&[1], &[]), 0).expect("it is there");
        assert_eq!(twice.give(agent(), split(&[1], &[]), 0), Ok([vec![], vec![]]), "it holds");
        assert_eq!(twice.give(agent(), split(&[1, 2], &[]), 0), Err(CaseError::NoSuchMessage), "one is elsewhere");
    }

    #[test]
    fn a_split_that_went_on_is_not_undone() {
        let mut world = world(to_be_split(), vec![]);
        world.give(agent(), split(&[1], &[]), 0).expect("it is there");
        world.add(1, vec![customer_message(9, "One more thing.")]);
        world.cases.reverse();
        assert_eq!(world.give(agent(), CaseAction::UndoSplit, 0), Err(CaseError::SplitWentOn));
    }

    #[test]
    fn what_is_destroyed_in_one_case_is_destroyed_in_the_other_unless_either_is_held() {
        for held in [false, true] {
            let mut world = world(to_be_split(), vec![]);
            world.give(agent(), split(&[1], &[]), 0).expect("it is there");
            if held {
                world.add(0, vec![hold_placed()]);
            }
            let command = CaseCommand { by: supervisor(), at: time(NOW), action: redact(1) };
            assert_eq!(world.cases[0].1.decide(&command), Err(CaseError::MovedAway), "it is in the other case");
            assert_eq!(world.state(1).copies_concerned(&redact(1)), [id(1)].into());
            let [(first_id, first, _), (second_id, second, _)] = &world.cases;
            let decided =
                destroy_everywhere(&[(*second_id, second), (*first_id, first)], &command).expect("it is there");
            for events in decided {
                let [CaseEvent { fact: CaseFact::MessageRedacted { destroyed, .. }, .. }] = events.as_slice() else {
                    panic!("one redaction each: {events:?}")
                };
                assert_eq!(*destroyed, !held);
            }
        }
    }

    #[test]
    fn a_follow_up_goes_on_with_a_case_that_is_over() {
        let account = crate::AccountId(Uuid::from_u128(1));
        let place = crate::case::Place { account, is_retired: false };
        let facts = Facts {
            has_account: true,
            location: Some(place),
            product: Some(crate::case::Installed { account, location: None, is_removed: false }),
            contacts: [(person(CONTACT), [account].into())].into(),
            addresses: BTreeMap::new(),
        };
        let follow = |there: Vec<CaseFact>| {
            let [(_, _, _), (other_id, other, _)] = world(vec![], there).cases;
            let command = CaseCommand { by: contact(), at: time(NOW), action: open_with(vec![]) };
            Pair { this: (id(1), &Case::default()), other: (other_id, &other) }.follow_up(&command, &facts)
        };
        let [mine, theirs] = follow(vec![opened(), canceled()]).expect("it is over");
        let linked = |n, kind| CaseFact::LinkedTo { case: id(n), kind };
        assert_eq!(mine.last().map(|event| &event.fact), Some(&linked(2, LinkKind::FollowUpOf)));
        assert_eq!(theirs.last().map(|event| &event.fact), Some(&linked(1, LinkKind::FollowedUpBy)));
        let refusal = CaseError::NotOver { number: CaseNumber(123), status: Status::New };
        assert_eq!(follow(vec![opened()]), Err(refusal));
        assert_eq!(follow(vec![]), Err(CaseError::NotFound));
    }
}
