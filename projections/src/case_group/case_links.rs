//! `case_links`: what a case has to do with others.

use std::collections::HashMap;

use domain::{
    CaseId, Timestamp,
    case::{CaseEvent, CaseFact, LinkKind},
};
use sqlx::{Postgres, QueryBuilder};

use super::links::Relation;
use crate::{
    column::Columns,
    writes::{Statement, WHERE_MOVED},
};

/// What a page of events makes of links: the rows that are there afterwards, and those that are not.
#[derive(Debug, Default)]
pub(super) struct LinkChanges(pub(super) HashMap<LinkKey, Option<Timestamp>>);

/// One case, the other, and what they have to do with each other.
pub(super) type LinkKey = (CaseId, CaseId, Relation);

impl LinkChanges {
    /// Notes what an event does to the links of its case.
    pub(super) fn apply(&mut self, case_id: CaseId, event: &CaseEvent) {
        let at = event.occurred_at;
        match &event.fact {
            CaseFact::LinkedTo { case, kind } => self.set(case_id, *case, (*kind).into(), Some(at)),
            CaseFact::Unlinked { case } => {
                for kind in [LinkKind::Related, LinkKind::FollowUpOf, LinkKind::FollowedUpBy] {
                    self.set(case_id, *case, kind.into(), None);
                }
            }
            CaseFact::MergedInto { case } => self.set(case_id, *case, Relation::MergedInto, Some(at)),
            CaseFact::MergeUndone { case, .. } => self.set(case_id, *case, Relation::MergedInto, None),
            CaseFact::Absorbed { case, .. } => self.set(case_id, *case, Relation::Absorbed, Some(at)),
            CaseFact::AbsorptionUndone { case } => self.set(case_id, *case, Relation::Absorbed, None),
            CaseFact::SplitFrom { case } => self.set(case_id, *case, Relation::SplitFrom, Some(at)),
            CaseFact::SplitInto { case } => self.set(case_id, *case, Relation::SplitInto, Some(at)),
            CaseFact::SplitUndone { case } => {
                self.set(case_id, *case, Relation::SplitFrom, None);
                self.set(case_id, *case, Relation::SplitInto, None);
            }
            CaseFact::Opened(_)
            | CaseFact::TakenUp { .. }
            | CaseFact::OwnerAssigned { .. }
            | CaseFact::OwnerReleased {}
            | CaseFact::MovedToQueue { .. }
            | CaseFact::WaitStarted { .. }
            | CaseFact::WaitEnded { .. }
            | CaseFact::PriorityChanged { .. }
            | CaseFact::Reclassified { .. }
            | CaseFact::LocationChanged { .. }
            | CaseFact::ProductChanged { .. }
            | CaseFact::TriageCleared {}
            | CaseFact::SubjectChanged { .. }
            | CaseFact::ContactChanged { .. }
            | CaseFact::MessagePosted { .. }
            | CaseFact::InternalNoteAdded { .. }
            | CaseFact::MessageRedacted { .. }
            | CaseFact::TextRedacted { .. }
            | CaseFact::RedactedTextDestroyed { .. }
            | CaseFact::AttachmentAdded(_)
            | CaseFact::AttachmentRemoved { .. }
            | CaseFact::AttachmentRedacted { .. }
            | CaseFact::RedactedAttachmentDestroyed { .. }
            | CaseFact::WatcherAdded { .. }
            | CaseFact::WatcherConfirmed { .. }
            | CaseFact::WatcherRemoved { .. }
            | CaseFact::WatcherLeft { .. }
            | CaseFact::Resolved { .. }
            | CaseFact::ResolutionAccepted {}
            | CaseFact::ResolutionRejected { .. }
            | CaseFact::Reopened { .. }
            | CaseFact::ReopeningUndone {}
            | CaseFact::Canceled { .. }
            | CaseFact::Closed { .. }
            | CaseFact::SatisfactionRated { .. }
            | CaseFact::LegalHoldPlaced { .. }
            | CaseFact::ReminderDue {}
            | CaseFact::LegalHoldLifted {}
            | CaseFact::Redirected { .. }
            | CaseFact::CarriedOver { .. }
            | CaseFact::ContentsMoved { .. }
            | CaseFact::ContentsReturned { .. } => {}
        }
    }

    fn set(&mut self, case_id: CaseId, other: CaseId, relation: Relation, since: Option<Timestamp>) {
        self.0.insert((case_id, other, relation), since);
    }

    /// Adds to a statement that it writes the changes.
    pub(super) fn push_write<'a>(&'a self, statement: &mut Statement<'a>) {
        let gone: Vec<_> = self.0.iter().filter(|(_, since)| since.is_none()).map(|(key, _)| key).collect();
        statement.part("links_gone", &gone, push_remove);
        let there: Vec<_> = self.0.iter().filter_map(|(key, since)| since.map(|since| (key, since))).collect();
        statement.part("links_there", &there, push_add);
    }
}

fn push_remove<'a>(sql: &mut QueryBuilder<'a, Postgres>, gone: &[&'a LinkKey]) {
    sql.push("delete from case_links using (");
    Columns::of(sql, gone)
        .add(|(case_id, _, _)| case_id.0)
        .add(|(_, other, _)| other.0)
        .add(|(_, _, relation)| relation.to_string());
    sql.push(
        ") as gone (case_id, other_id, kind)
         where case_links.case_id = gone.case_id and case_links.other_id = gone.other_id
             and case_links.kind = gone.kind and exists (select from moved)",
    );
}

fn push_add<'a>(sql: &mut QueryBuilder<'a, Postgres>, there: &[(&'a LinkKey, Timestamp)]) {
    sql.push("insert into case_links (case_id, other_id, kind, since)");
    Columns::of(sql, there)
        .add(|((case_id, _, _), _)| case_id.0)
        .add(|((_, other, _), _)| other.0)
        .add(|((_, _, relation), _)| relation.to_string())
        .add(|(_, since)| since);
    sql.push(WHERE_MOVED).push(" on conflict (case_id, other_id, kind) do update set since = excluded.since");
}
