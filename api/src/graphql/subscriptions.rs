//! The subscriptions. Each is asked again and again, a round at a time: see [`Follow`].

use async_graphql::{Context, ID, Result, SimpleObject, Subscription};
use domain::{CaseId, Scope};
use futures_util::{Stream, StreamExt as _, stream};
use projections::{EntriesOf, Entry, EntryOrder};

use super::{
    activity::{ActivityEntry, ActivityOrder, purpose},
    case::Case,
    context::{RequestContext, error},
    ids::GlobalId,
    paging::{bad_cursor, seal},
};
use crate::http::Follow;

/// What can be followed.
#[derive(Default)]
pub struct Subscriptions;

/// Something new in the activity stream of a case.
#[derive(SimpleObject)]
pub struct CaseActivityEvent {
    /// What happened.
    entry: ActivityEntry,
    /// The case as it is now: its status, its version.
    case: Case,
    /// Where to go on after this: `after`, here or in `Case.activity` with `OLDEST_FIRST`.
    cursor: String,
}

/// Something happened to cases.
#[derive(SimpleObject)]
pub struct DeskChange {
    /// Where to go on after this: `after`.
    cursor: String,
}

/// How many entries a round reads.
const ROUND: u16 = 20;

#[Subscription(name = "Subscription")]
#[expect(clippy::unused_async, reason = "what needs no waiting is a method all the same")]
impl Subscriptions {
    /// What happens to a case, one entry after the other, as far as the caller may know: from now on, or from a cursor of its
    /// activity on. Ends with `NOT_FOUND` when the caller loses sight of the case.
    async fn case_activity(
        &self,
        ctx: &Context<'_>,
        case_id: ID,
        after: Option<String>,
    ) -> Result<impl Stream<Item = CaseActivityEvent> + use<>> {
        let request = RequestContext::of(ctx)?;
        let follow = following(ctx)?;
        let case_id =
            CaseId::from_global(&case_id).ok_or_else(|| error("BAD_USER_INPUT", "`caseId` is no id of a case"))?;
        request.record_read("caseActivity", &case_id.to_string()).await?;
        // Before anything is read: what comes after that is news.
        let news = request.services.news.of(case_id);
        let after = match follow.cursor().or(after) {
            Some(cursor) => Some(open(request, case_id, &cursor)?),
            None => None,
        };
        let found = read(request, case_id, after).await?;
        let place = purpose(request, case_id, ActivityOrder::OldestFirst);
        let cursor = |sequence: i64| seal(request, &place, &sequence);
        if after.is_none() {
            follow.went_to(cursor(found.last));
        }
        follow.wait_for(news);
        if found.has_more {
            follow.has_more();
        }
        let follow = follow.clone();
        let events: Vec<_> = found.entries.into_iter().map(|entry| (cursor(entry.sequence), entry)).collect();
        Ok(stream::iter(events).map(move |(cursor, entry)| {
            follow.went_to(cursor.clone());
            CaseActivityEvent { entry: entry.into(), case: found.case.clone().into(), cursor }
        }))
    }

    /// That something happened to cases, so that lists and counts may be others: one event for all that happened since the one before, at
    /// most one a second. The first comes at once, or with `after` when something has happened since. For whoever works cases.
    async fn desk_changes(
        &self,
        ctx: &Context<'_>,
        after: Option<String>,
    ) -> Result<impl Stream<Item = DeskChange> + use<>> {
        const PURPOSE: &str = "deskChanges";
        let (request, follow) = (RequestContext::of(ctx)?, following(ctx)?);
        if !matches!(request.scope(), Scope::Staff) {
            return Err(error("FORBIDDEN", "only those who work cases follow all of them"));
        }
        let opaque = &request.services.commands.opaque;
        let known = match follow.cursor().or(after) {
            Some(cursor) => Some(opaque.open::<i64>(PURPOSE, &cursor).map_err(|_| bad_cursor())?),
            None => None,
        };
        // Before it is looked how far the read models are: what comes after that is news.
        follow.wait_for(request.services.news.of_any());
        let now = request.services.projector.progress().borrow().position;
        // Another instance may have been further.
        let event = known.is_none_or(|known| known < now).then(|| seal(request, PURPOSE, &now));
        let follow = follow.clone();
        Ok(stream::iter(event).map(move |cursor| {
            follow.went_to(cursor.clone());
            DeskChange { cursor }
        }))
    }
}

/// Where the subscription is.
fn following<'a>(ctx: &Context<'a>) -> Result<&'a Follow> {
    let follow = ctx.data_opt::<Follow>();
    follow.ok_or_else(|| error("SUBSCRIPTION_NOT_SUPPORTED", "follow on a socket or stream"))
}

/// What a round reads.
struct Found {
    case: projections::Case,
    entries: Vec<Entry>,
    has_more: bool,
    /// The last entry that the case has, as far as the caller may know.
    last: i64,
}

/// Reads what comes after an entry, or nothing, and the case as it is then.
async fn read(request: &RequestContext, case_id: CaseId, after: Option<i64>) -> Result<Found> {
    let not_found = || error("NOT_FOUND", "there is no such case, or not for you");
    let Some(after) = after else {
        let case = request.case(case_id).await?.ok_or_else(not_found)?;
        let last = case.summary.version;
        return Ok(Found { case, entries: vec![], has_more: false, last });
    };
    let wanted = EntriesOf { case_id, order: EntryOrder::OldestFirst, after: Some(after), size: ROUND };
    let (mut case, mut page) = request.case_with_entries(wanted).await?.ok_or_else(not_found)?;
    if case.is_degraded {
        page = request.entries(wanted, true).await?;
    }
    let last = page.entries.last().map_or(after, |entry| entry.sequence);
    // They were read side by side, and the case is to be no older than what happened to it.
    if case.summary.version < last && !case.is_degraded {
        case = request.case(case_id).await?.ok_or_else(not_found)?;
    }
    Ok(Found { case, entries: page.entries, has_more: page.has_more, last })
}

/// The place of an entry in the stream by its cursor, in whichever order it was listed.
fn open(request: &RequestContext, case_id: CaseId, cursor: &str) -> Result<i64> {
    let orders = [ActivityOrder::OldestFirst, ActivityOrder::NewestFirst];
    let opaque = &request.services.commands.opaque;
    let mut opened = orders.iter().filter_map(|order| opaque.open(&purpose(request, case_id, *order), cursor).ok());
    opened.next().ok_or_else(bad_cursor)
}
