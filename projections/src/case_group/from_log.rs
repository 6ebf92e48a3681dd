//! A case without its rows: folded from the log in memory, and shown to a scope as its rows would be.
//!
//! For a case whose stream is parked. Its rows stand still at the event that the tables did not take, and nothing that
//! people do to it from then on reaches them; the fold takes every event that can be read.

use std::collections::HashMap;

use domain::{
    Audience, CaseId, Fingerprint, PersonId, Scope, Side,
    case::{CaseNumber, Status, WatcherId},
};
use event_log::{AnyEvent, Codec, FeedEvent, StreamId, read_stream};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    activity::{EntriesOf, Entry, EntryOrder, EntryPage},
    attachments::{AttachmentEntry, left},
    case::{Cancellation, Case, ResolutionGiven, close_cause},
    case_activity::{EntryRow, inferred_word},
    case_attachments::AttachmentRow,
    case_details::DetailsRow,
    case_list::ListRow,
    case_watchers::WatcherRow,
    departed::{needs_contact, still_contacts},
    fold::{Fold, RecordedCaseEvent},
    summary::CaseSummary,
    watchers::WatcherEntry,
};
use crate::{Kind, Named, ProjectionError, ScopedTx, named, tables::Tables as _};

/// What the tables would hold of a case.
pub(crate) struct FoldedCase {
    list: ListRow,
    details: DetailsRow,
    entries: Vec<EntryRow>,
    watchers: Vec<(String, WatcherRow)>,
    attachments: Vec<AttachmentRow>,
}

impl FoldedCase {
    /// Folds a case from its first event up to the first one that cannot be read. What comes after that is left out, since
    /// nobody knows what it changed; only texts are taken away by it. None when not even the opening can be read.
    ///
    /// `conn` is the service's own; what it reads is for nobody in particular yet.
    pub(crate) async fn read(
        conn: &mut PgConnection,
        codec: &Codec,
        case_id: CaseId,
    ) -> Result<Option<Self>, ProjectionError> {
        let stream = StreamId::of::<domain::case::Case>(case_id.to_string());
        let mut fold = Fold::default();
        let mut is_whole = true;
        for FeedEvent { sequence, recorded_at, event, .. } in read_stream(conn, codec, &stream).await? {
            let Ok((AnyEvent::Case { case_id, event }, metadata)) = event else {
                is_whole = false;
                continue;
            };
            let recorded = RecordedCaseEvent { case_id, sequence, recorded_at, event, metadata };
            if is_whole {
                is_whole = fold.apply(recorded).is_ok();
            } else {
                fold.withdraw(&recorded);
            }
        }
        let Some((list, details)) = fold.cases.remove(&case_id) else { return Ok(None) };
        let watchers = fold.watchers.rows.into_iter().filter_map(|((_, watcher), row)| Some((watcher, row?))).collect();
        let mut attachments: Vec<_> = fold.attachments.added.into_values().collect();
        attachments.sort_by_key(|row| row.sequence);
        Ok(Some(Self { list, details, entries: fold.entries, watchers, attachments }))
    }

    /// Whether the scope sees the case at all.
    pub(crate) fn is_seen_by(&self, scope: &Scope) -> bool {
        let list = &self.list;
        scope.sees_case(list.account, list.location.picked(), &[list.contact, list.opener])
    }

    /// The case as [`super::case::case_by_id`] answers it, marked as degraded.
    pub(crate) async fn case(&self, tx: &mut ScopedTx) -> Result<Case, ProjectionError> {
        let (audience, details) = (tx.audience(), &self.details);
        let summary = self.summary(tx).await?;
        let needs_contact = match audience {
            Audience::Internal => {
                Some(needs_contact(tx, self.list.account, self.list.contact, self.list.status).await?)
            }
            Audience::Public => None,
        };
        let stands = matches!(summary.status, Status::Resolved | Status::Closed);
        let first = self.entries.first().map(|entry| &entry.content);
        Ok(Case {
            description: first.and_then(|content| content.text.clone()),
            description_redacted: first.is_some_and(|content| content.redacted),
            description_message: first.and_then(|content| content.message.message()),
            resolution: details.resolved_at.filter(|_| stands).map(|at| ResolutionGiven {
                at,
                code: details.resolution_code.clone(),
                text: details.resolution.clone(),
                satisfaction_score: details.satisfaction_score,
                satisfaction_comment: details.satisfaction_comment.clone(),
            }),
            closed: details.closed_at.map(|at| (at, close_cause(details.close_cause.as_deref()))),
            canceled: details.canceled_at.map(|at| Cancellation {
                at,
                reason: details.cancel_reason.as_ref().and_then(|reason| reason.parse().ok()),
                comment: details.cancel_comment.clone(),
            }),
            reopen_count: details.reopen_count,
            legal_hold: (audience == Audience::Internal).then_some(details.legal_hold),
            needs_contact,
            is_degraded: true,
            summary,
        })
    }

    async fn summary(&self, tx: &mut ScopedTx) -> Result<CaseSummary, ProjectionError> {
        let list = &self.list;
        let (location, product) = (list.location.picked(), list.product.picked());
        let people = [Some(list.contact), Some(list.opener), list.owner].into_iter().flatten();
        let wanted = [(Kind::Account, list.account.0)].into_iter();
        let wanted = wanted.chain(location.map(|location| (Kind::Location, location.0)));
        let wanted = wanted.chain(product.map(|product| (Kind::Product, product.0)));
        let names = Names::read(tx, wanted.chain(people.map(|person| (Kind::Person, person.0))).collect()).await?;
        let internal = tx.audience() == Audience::Internal;
        Ok(CaseSummary {
            case_id: list.case_id,
            number: CaseNumber(list.number),
            status: list.status,
            case_type: list.case_type.clone(),
            category: list.category.clone(),
            subject: list.subject.clone(),
            account: names.of(Kind::Account, list.account.0),
            location: location.map(|location| names.of(Kind::Location, location.0)),
            location_not_listed: list.location.is_not_listed(),
            product: product.map(|product| names.of(Kind::Product, product.0)),
            product_not_listed: list.product.is_not_listed(),
            contact: names.person(list.contact),
            opener: names.person(list.opener),
            owner: list.owner.map(|owner| names.person(owner)),
            queue: internal.then(|| list.queue.clone()),
            priority: internal.then_some(list.priority),
            wait: if internal { list.wait } else { list.customer_wait() },
            opened_at: list.opened_at,
            updated_at: if internal { list.updated_at } else { list.public_updated_at },
            version: if internal { list.version } else { list.public_version },
            message_count: list.message_count,
            note_count: internal.then_some(list.note_count),
            external: list.external.clone(),
        })
    }

    /// A page of its activity stream, as [`super::activity::activities`] answers it.
    pub(crate) async fn activity(&self, tx: &mut ScopedTx, wanted: &EntriesOf) -> Result<EntryPage, ProjectionError> {
        let audience = tx.audience();
        let place = |entry: &EntryRow| match audience {
            Audience::Internal => Some(entry.sequence),
            Audience::Public => entry.public_sequence,
        };
        let mut found: Vec<_> = self.entries.iter().filter_map(|entry| Some((place(entry)?, entry))).collect();
        match wanted.order {
            EntryOrder::OldestFirst => found.retain(|(place, _)| wanted.after.is_none_or(|after| *place > after)),
            EntryOrder::NewestFirst => {
                found.retain(|(place, _)| wanted.after.is_none_or(|after| *place < after));
                found.reverse();
            }
        }
        let has_more = found.len() > usize::from(wanted.size);
        found.truncate(usize::from(wanted.size));
        let people = found.iter().flat_map(|(_, entry)| {
            let behalf = entry.metadata.on_behalf_of;
            [Some(entry.metadata.actor), behalf, entry.content.about].into_iter().flatten()
        });
        let names = Names::read(tx, people.map(|person| (Kind::Person, person.0)).collect()).await?;
        let reads_withheld = matches!(tx.scope(), Scope::Auditor);
        let entries = found.into_iter().map(|(place, row)| shown(place, row, &names, reads_withheld)).collect();
        Ok(EntryPage { entries, has_more })
    }

    /// Who watches it, as [`super::watchers::watchers`] answers it.
    pub(crate) async fn watchers(&self, tx: &mut ScopedTx) -> Result<Vec<WatcherEntry>, ProjectionError> {
        let people: Vec<Uuid> = self.watchers.iter().filter_map(|(_, row)| Some(row.person?.0)).collect();
        let names = Names::read(tx, people.iter().map(|person| (Kind::Person, *person)).collect()).await?;
        let there = still_contacts(tx, self.list.account, people).await?;
        let watches = |row: &WatcherRow| row.person.is_none_or(|person| there.contains(&person.0));
        let mut rows: Vec<_> = self.watchers.iter().filter(|(_, row)| watches(row)).collect();
        rows.sort_by(|(one, a), (other, b)| (a.added_at, one).cmp(&(b.added_at, other)));
        let entry = |(watcher, row): &(String, WatcherRow)| WatcherEntry {
            case_id: self.list.case_id,
            watcher: match row.person {
                Some(person) => WatcherId::Contact(person),
                None => WatcherId::Address(Fingerprint(watcher.clone())),
            },
            person: row.person.map(|person| names.person(person)),
            address: row.address.clone(),
            added_at: row.added_at,
            confirmed: row.confirmed,
        };
        Ok(rows.into_iter().map(entry).collect())
    }

    /// Its files, as [`super::attachments::attachments`] answers them.
    pub(crate) async fn attachments(&self, tx: &mut ScopedTx) -> Result<Vec<AttachmentEntry>, ProjectionError> {
        let audience = tx.audience();
        let seen: Vec<_> = self
            .attachments
            .iter()
            .filter(|row| !row.left.moved.unwrap_or_default() && (audience == Audience::Internal || !row.added.of_note))
            .collect();
        let people = seen.iter().map(|row| (Kind::Person, row.added.uploader.0)).collect();
        let names = Names::read(tx, people).await?;
        let reads_withheld = matches!(tx.scope(), Scope::Auditor);
        let entry = |row: &AttachmentRow| AttachmentEntry {
            attachment_id: row.added.attachment,
            case_id: self.list.case_id,
            name: row.name().map(str::to_owned),
            withheld_name: row.withheld_name().filter(|_| reads_withheld).map(str::to_owned),
            media_type: row.added.media_type.clone(),
            size_bytes: i64::try_from(row.added.size_bytes).expect("files are far below 2^63 bytes"),
            sha256: row.sha256(),
            key: row.added.key,
            of_note: row.added.of_note,
            message_id: row.added.message,
            uploader: names.person(row.added.uploader),
            from_desk: row.added.side == Side::Staff,
            added_at: row.added_at,
            left: left(row.left.removed, row.left.redacted),
        };
        Ok(seen.into_iter().map(entry).collect())
    }
}

fn shown(place: i64, row: &EntryRow, names: &Names, reads_withheld: bool) -> Entry {
    let EntryRow { metadata, content, .. } = row;
    Entry {
        sequence: place,
        audience: if row.public_sequence.is_some() { Audience::Public } else { Audience::Internal },
        kind: row.kind.to_owned(),
        actor: names.person(metadata.actor),
        actor_role: metadata.role,
        on_behalf_of: metadata.on_behalf_of.map(|person| names.person(person)),
        channel: metadata.channel,
        inferred: metadata.inferred.map(|inferred| inferred_word(inferred).to_owned()),
        occurred_at: row.occurred_at,
        written_at: row.written_at,
        recorded_at: row.recorded_at,
        message_id: content.message.message(),
        about: content.about.map(|person| names.person(person)),
        text: content.text.clone(),
        redacted: content.redacted,
        moved: content.moved,
        withheld_text: content.withheld_text.clone().filter(|_| reads_withheld),
        detail: content.detail.clone(),
    }
}

/// References and names by kind and id.
struct Names(HashMap<(Kind, Uuid), Named<Uuid>>);

impl Names {
    async fn read(tx: &mut ScopedTx, wanted: Vec<(Kind, Uuid)>) -> Result<Self, ProjectionError> {
        let mut names = HashMap::new();
        for kind in [Kind::Account, Kind::Person, Kind::Location, Kind::Product] {
            let ids: Vec<_> = wanted.iter().filter(|(of, _)| *of == kind).map(|(_, id)| *id).collect();
            if !ids.is_empty() {
                names.extend(named::<Uuid>(tx, kind, ids).await?.into_iter().map(|named| ((kind, named.id), named)));
            }
        }
        Ok(Self(names))
    }

    fn of<T: From<Uuid>>(&self, kind: Kind, id: Uuid) -> Named<T> {
        let known = self.0.get(&(kind, id)).cloned();
        let (reference, name) = known.map_or((None, None), |named| (named.reference, named.name));
        Named { id: id.into(), reference, name }
    }

    fn person(&self, person: PersonId) -> Named<PersonId> {
        self.of(Kind::Person, person.0)
    }
}
