//! A request with its words, for those who make something of them.

use std::collections::BTreeMap;

use cqrs_es::Aggregate as _;
use domain::{
    AccessRequestId, Actor, PersonId, Role, Slug,
    access_request::{ASKER, AccessRequest, AccessRequestFact, AccessRequestState, NamedPerson, Submission},
};
use event_log::{AnyEvent, EventLog, LogError, StreamId, read_stream};

/// A request, opened.
pub(super) struct Opened {
    /// What it has come to.
    pub state: AccessRequestState,
    /// What was submitted.
    pub submission: Submission,
    /// Those who were added.
    added: BTreeMap<u32, NamedPerson>,
    /// Who decided of whom.
    deciders: BTreeMap<u32, PersonId>,
    /// What kind of case it becomes.
    pub kind_of_case: Option<(Slug, Slug)>,
}

impl Opened {
    /// Reads a request from the log; none where nothing was ever recorded under the id.
    pub(super) async fn read(log: &EventLog, request: AccessRequestId) -> Result<Option<Self>, LogError> {
        let stream = StreamId::of::<AccessRequest>(request.to_string());
        let mut conn = log.pool().acquire().await?;
        let (mut folded, mut submission) = (AccessRequest::default(), None);
        let (mut added, mut deciders, mut kind_of_case) = (BTreeMap::new(), BTreeMap::new(), None);
        for event in read_stream(&mut conn, log.codec(), &stream).await? {
            let sequence = event.sequence;
            let (event, metadata) = match event.event {
                Ok((AnyEvent::AccessRequest { event, .. }, metadata)) => (event, metadata),
                // Its stream has no event of another aggregate.
                Ok(_) => continue,
                Err(source) => return Err(LogError::Unreadable { stream, sequence, source }),
            };
            match &event.fact {
                AccessRequestFact::AccessRequested(of) => submission = Some((**of).clone()),
                AccessRequestFact::AccessPersonAdded { number, person } => {
                    added.insert(*number, person.clone());
                }
                AccessRequestFact::AccessApproved { number, .. } => {
                    deciders.insert(*number, metadata.actor);
                }
                AccessRequestFact::AccessMadeCase { case_type, category, .. } => {
                    deciders.insert(ASKER, metadata.actor);
                    kind_of_case = Some((case_type.clone(), category.clone()));
                }
                AccessRequestFact::AccessDeclined { .. }
                | AccessRequestFact::AccessCarriedOut { .. }
                | AccessRequestFact::AccessRequestRedacted { .. } => {}
            }
            folded.apply(event);
        }
        let both = folded.state.zip(submission);
        Ok(both.map(|(state, submission)| Self { state, submission, added, deciders, kind_of_case }))
    }

    /// Somebody who is named in it.
    pub(super) fn person(&self, number: u32) -> Option<&NamedPerson> {
        if number == ASKER { Some(&self.submission.asker) } else { self.added.get(&number) }
    }

    /// In whose name what was decided of somebody is carried out: whoever decided it, a supervisor then.
    pub(super) fn decided_by(&self, number: u32) -> Actor {
        let person = self.deciders.get(&number).copied().unwrap_or(PersonId::OPERATOR);
        Actor::new(person, Role::Supervisor)
    }
}
