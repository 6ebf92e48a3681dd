//! Commands on more than one case: links, follow-ups, merges, splits and their undoing; what is addressed to a case that
//! goes on in another; and what is to be destroyed in each case that has it.
//!
//! Whether a command is one of these, its first case tells, in the walk that every command takes. What it takes from
//! another case, above all words, is read before the cases are loaded, and read again where they have moved on by then.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    CaseId, KeyId,
    case::{
        Case, CaseAction, CaseCommand, CaseError, CaseEvent, CaseFact, CaseState, Pair, Words, pair::destroy_everywhere,
    },
};
use event_log::{AnyEvent, FileKey, Loaded, LogError, MAX_ATTEMPTS, StreamId, read_stream};

use super::{
    CommandFailure, Commands, Intention, Outcome, Refusal, RefusalCode, Subject as _,
    cases::Asked as _,
    guard, refusal_of, refused,
    walk::{self, Order},
};

/// Which of an intention's cases are asked beside the first, and what for.
pub(super) trait Concerns {
    /// Whether cases beside this one have to be asked.
    fn concerns_others(&self, intention: &Intention) -> bool;
}

impl Concerns for Case {
    fn concerns_others(&self, intention: &Intention) -> bool {
        let through = &intention.brings.through;
        // Whatever was merged into this one may have been taken back since.
        let lost_its_way = |state: &CaseState| through.last().is_some_and(|last| !state.absorbed.contains_key(last));
        match &intention.action {
            CaseAction::Link { .. }
            | CaseAction::Unlink { .. }
            | CaseAction::Merge { .. }
            | CaseAction::UndoMerge
            | CaseAction::Split { .. }
            | CaseAction::UndoSplit => true,
            CaseAction::Open(_) => intention.brings.follow_up_of.is_some(),
            action => {
                self.redirects(action).is_some()
                    || self
                        .state
                        .as_ref()
                        .is_some_and(|state| lost_its_way(state) || !state.copies_concerned(action).is_empty())
            }
        }
    }
}

/// What a command takes from the case that gives words away.
#[derive(Default)]
struct Source {
    case_id: Option<CaseId>,
    events: Vec<CaseEvent>,
    file_keys: Vec<FileKey>,
}

impl Commands {
    /// Carries out a command that more than one case has to answer.
    pub(super) async fn beyond_one_case(&self, intention: &Intention) -> Result<Outcome, CommandFailure> {
        let case: Case = self.log.latest(&intention.id.to_string()).await?;
        if let Some(next) = case.redirects(&intention.action) {
            let mut onward = Intention { id: next, expected_version: None, ..intention.clone() };
            onward.brings.through.push(intention.id);
            return Box::pin(self.execute(&onward)).await;
        }
        if let [first, ..] = intention.brings.through[..] {
            let mut again = Intention { id: first, ..intention.clone() };
            again.brings.through.clear();
            return Box::pin(self.execute(&again)).await;
        }
        for _ in 0..MAX_ATTEMPTS {
            if let Some(outcome) = self.attempt_across(intention).await? {
                return Ok(outcome);
            }
        }
        Ok(refused(intention, Refusal::new(RefusalCode::Contended, "others kept changing these cases: try again")))
    }

    /// Nothing when the cases have moved on since their words were read.
    async fn attempt_across(&self, intention: &Intention) -> Result<Option<Outcome>, CommandFailure> {
        let expected = match self.expected(intention) {
            Ok(expected) => expected,
            Err(refusal) => return Ok(Some(refused(intention, refusal))),
        };
        let others = self.others(intention).await?;
        let source = self.source(intention, &others).await?;
        let known = Case::gather(self, intention).await?;
        let stamp = self.stamp(intention);
        let command = CaseCommand { by: stamp.by, at: stamp.at, action: intention.action.clone() };
        let file_keys = [intention.brings.keys.as_slice(), &source.file_keys].concat();
        let order = Order {
            idempotency: intention.idempotency.clone(),
            reservations: intention.reservations.clone(),
            file_keys: &file_keys,
            makes: match &intention.action {
                CaseAction::Split { into, .. } => Some(into.0),
                _ => None,
            },
            ..Order::new(intention.id, stamp)
        };
        let new_key = || KeyId(self.ids.next());
        let words = Words { events: &source.events, new_key: &new_key };
        let decide = |loaded: &[Loaded<Case>]| {
            let cases: Vec<_> = loaded.iter().map(|loaded| &*loaded.aggregate).collect();
            let [first, rest @ ..] = cases.as_slice() else { unreachable!("a command is on a case") };
            guard(intention, expected, *first)?;
            source.check(intention.id, &others, loaded)?;
            match (rest, &intention.action) {
                ([other], CaseAction::Open(_)) => {
                    if let Some(answer) = first.answer_to_files(intention) {
                        return answer.map(|events| vec![events, vec![]]);
                    }
                    check_other(intention, other)?;
                    let pair = Pair { this: (intention.id, first), other: (others[0], other) };
                    let events = pair.follow_up(&command, &known.of_others)?;
                    known.check(&intention.action, &events[0])?;
                    Ok(events.into())
                }
                (
                    _,
                    CaseAction::RedactMessage { .. }
                    | CaseAction::RemoveAttachment { .. }
                    | CaseAction::RedactAttachment { .. },
                ) => {
                    let ids = [intention.id].into_iter().chain(others.iter().copied());
                    let named: Vec<_> = ids.zip(cases.iter().copied()).collect();
                    let states = || cases.iter().filter_map(|case| case.state.as_ref());
                    let concerned = states().flat_map(|state| state.copies_concerned(&intention.action));
                    if !concerned.into_iter().all(|id| named.iter().any(|(known, _)| *known == id)) {
                        return Err(Refusal::beyond());
                    }
                    Ok(destroy_everywhere(&named, &command)?)
                }
                ([other], _) => {
                    check_other(intention, other)?;
                    let pair = Pair { this: (intention.id, first), other: (others[0], other) };
                    Ok(pair.decide(&command, &words)?.into())
                }
                // There is none: the rules say why.
                _ => Ok(vec![first.decide(&command)?]),
            }
        };
        let ids: Vec<_> = others.iter().map(ToString::to_string).collect();
        let carried = match walk::carry_out_across(&self.log, order, &ids, decide).await {
            Ok(carried) => carried,
            Err(error) => return refusal_of(error).map(|refusal| Some(refused(intention, refusal))),
        };
        match &carried.refusal {
            Some(refusal) if refusal.is_beyond => return Ok(None),
            Some(_) => {}
            None => {
                Case::settle(self, intention, stamp, &carried).await?;
            }
        }
        let walk::Carried { id, made, position, refusal, .. } = carried;
        Ok(Some(Outcome { id: id.parse().unwrap_or(intention.id), made, position, refusal }))
    }

    /// The other cases that a command concerns, as far as its first case knows now.
    async fn others(&self, intention: &Intention) -> Result<Vec<CaseId>, LogError> {
        let first: Case = self.log.latest(&intention.id.to_string()).await?;
        let state = first.state.as_ref();
        Ok(match &intention.action {
            CaseAction::Link { other } | CaseAction::Unlink { other } => vec![*other],
            CaseAction::Merge { into } | CaseAction::Split { into, .. } => vec![*into],
            CaseAction::UndoMerge => {
                state.and_then(|state| state.merge.as_ref()).map(|it| it.into).into_iter().collect()
            }
            CaseAction::UndoSplit => {
                state.and_then(|state| state.split.as_ref()).map(|it| it.from).into_iter().collect()
            }
            CaseAction::Open(_) => intention.brings.follow_up_of.into_iter().collect(),
            action => self.copies(intention.id, first, action).await?,
        })
    }

    /// The cases that have a copy of something, this one apart.
    async fn copies(&self, case_id: CaseId, case: Case, action: &CaseAction) -> Result<Vec<CaseId>, LogError> {
        let mut known = BTreeMap::from([(case_id, case)]);
        loop {
            let states = known.values().filter_map(|case| case.state.as_ref());
            let concerned: Vec<_> = states.flat_map(|state| state.copies_concerned(action)).collect();
            let Some(next) = concerned.into_iter().find(|id| !known.contains_key(id)) else { break };
            known.insert(next, self.log.latest(&next.to_string()).await?);
        }
        known.remove(&case_id);
        Ok(known.into_keys().collect())
    }

    /// Reads the words of the case that gives some away, if one does, and the keys of its files.
    async fn source(&self, intention: &Intention, others: &[CaseId]) -> Result<Source, LogError> {
        let case_id = match &intention.action {
            CaseAction::Merge { .. } | CaseAction::Split { .. } => Some(intention.id),
            CaseAction::UndoMerge => others.first().copied(),
            _ => None,
        };
        let Some(case_id) = case_id else { return Ok(Source::default()) };
        let stream = StreamId::of::<Case>(case_id.to_string());
        let mut connection = self.log.pool().acquire().await?;
        let read = read_stream(&mut connection, self.log.codec(), &stream).await?;
        drop(connection);
        // What cannot be read is missing, and its stream is then longer than what was read.
        let events: Vec<_> = read
            .into_iter()
            .filter_map(|it| match it.event {
                Ok((AnyEvent::Case { event, .. }, _)) => Some(event),
                _ => None,
            })
            .collect();
        let mut file_keys = vec![];
        if !matches!(intention.action, CaseAction::Merge { .. }) {
            for event in &events {
                let CaseFact::AttachmentAdded(added) = &event.fact else { continue };
                if let Some(key) = self.log.file_key(&stream, added.key).await? {
                    file_keys.push(FileKey { key_id: added.key, key: Arc::new(key) });
                }
            }
        }
        Ok(Source { case_id: Some(case_id), events, file_keys })
    }
}

/// Refuses another case that the caller may not see. One that is to be begun is not there yet; one that was split or
/// merged before need not be seen to undo that.
fn check_other(intention: &Intention, other: &Case) -> Result<(), Refusal> {
    let field = match &intention.action {
        CaseAction::Link { .. } | CaseAction::Unlink { .. } => "otherCaseId",
        CaseAction::Merge { .. } => "intoCaseId",
        CaseAction::Open(_) => "followUpOf",
        _ => return Ok(()),
    };
    let is_seen = other.state.as_ref().is_some_and(|state| intention.caller.scope().sees(state));
    if is_seen { Ok(()) } else { Err(Refusal::from(CaseError::NotFound).about(Some(field))) }
}

impl Source {
    /// Refuses to go on with words that were read before their case moved on.
    fn check(&self, first: CaseId, others: &[CaseId], loaded: &[Loaded<Case>]) -> Result<(), Refusal> {
        let Some(case_id) = self.case_id else { return Ok(()) };
        let place =
            if case_id == first { Some(0) } else { others.iter().position(|other| *other == case_id).map(|it| it + 1) };
        let version = place.and_then(|place| loaded.get(place)).map(Loaded::version);
        if version == i64::try_from(self.events.len()).ok() { Ok(()) } else { Err(Refusal::beyond()) }
    }
}
