//! The end of the log, read and opened once for everybody in this process who reads on from there.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use crate::{FeedEvent, Span};

/// For how long events are kept: words that an erasure takes away leave the memory, too.
const KEEP: Duration = Duration::from_secs(1);

/// The events that became safe to read lately. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Tail(Arc<Mutex<VecDeque<Piece>>>);

/// All events after one position up to another.
pub(crate) struct Piece {
    /// After which position.
    pub after: i64,
    /// Up to which.
    pub up_to: i64,
    /// When they began to be read.
    pub read_from: Instant,
    /// They.
    pub events: Vec<FeedEvent>,
}

impl Tail {
    /// Adds what comes next. What does not continue the rest takes its place.
    pub(crate) fn push(&self, piece: Piece) {
        let mut pieces = self.0.lock().expect("nobody panics while holding it");
        if pieces.back().is_some_and(|last| last.up_to != piece.after) {
            pieces.clear();
        }
        pieces.push_back(piece);
    }

    /// Lets go of what is old.
    pub(crate) fn forget_old(&self) {
        let mut pieces = self.0.lock().expect("nobody panics while holding it");
        while pieces.front().is_some_and(|first| first.read_from.elapsed() > KEEP) {
            pieces.pop_front();
        }
    }

    /// The wanted events, when all of them are here and began to be read after `since`.
    pub(crate) fn read(&self, wanted: Span<'_>, since: Instant) -> Option<Vec<FeedEvent>> {
        let Span { aggregate_types, after, up_to, limit } = wanted;
        let limit = usize::try_from(limit).unwrap_or_default();
        let pieces = self.0.lock().expect("nobody panics while holding it");
        let begun = pieces.iter().position(|piece| piece.after <= after && after < piece.up_to)?;
        let pieces = || pieces.range(begun..).take_while(|piece| piece.after < up_to);
        if pieces().any(|piece| piece.read_from <= since) || pieces().last()?.up_to < up_to {
            return None;
        }
        let is_wanted = |event: &&FeedEvent| {
            event.position > after
                && event.position <= up_to
                && aggregate_types.contains(&event.stream.aggregate_type.as_str())
        };
        Some(pieces().flat_map(|piece| &piece.events).filter(is_wanted).take(limit).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;
    use crate::{DecodeError, StreamId};

    fn event(position: i64, aggregate_type: &str) -> FeedEvent {
        let stream = StreamId { aggregate_type: aggregate_type.into(), aggregate_id: "a".into() };
        let event = Err(DecodeError::Damaged { reason: "there is none".into() });
        FeedEvent { position, stream, sequence: 1, recorded_at: Timestamp::UNIX_EPOCH, event }
    }

    fn piece(after: i64, up_to: i64) -> Piece {
        let events = (after + 1..=up_to).map(|at| event(at, if at % 2 == 0 { "case" } else { "person" })).collect();
        Piece { after, up_to, read_from: Instant::now(), events }
    }

    fn cases(after: i64, up_to: i64, limit: i64) -> Span<'static> {
        Span { aggregate_types: &["case"], after, up_to, limit }
    }

    fn read(tail: &Tail, wanted: Span<'_>, since: Instant) -> Option<Vec<i64>> {
        Some(tail.read(wanted, since)?.iter().map(|event| event.position).collect())
    }

    #[test]
    fn it_answers_what_it_covers_wholly_and_nothing_else() {
        let (tail, before) = (Tail::default(), Instant::now());
        tail.push(piece(10, 14));
        tail.push(piece(14, 20));
        assert_eq!(read(&tail, cases(10, 20, 100), before), Some(vec![12, 14, 16, 18, 20]));
        assert_eq!(read(&tail, cases(12, 17, 100), before), Some(vec![14, 16]));
        assert_eq!(read(&tail, cases(10, 20, 2), before), Some(vec![12, 14]));
        assert_eq!(read(&tail, cases(9, 20, 100), before), None, "it begins too late");
        assert_eq!(read(&tail, cases(10, 21, 100), before), None, "it ends too early");
        tail.push(piece(30, 32));
        assert_eq!(read(&tail, cases(14, 20, 100), before), None, "what is before a gap is gone");
        assert_eq!(read(&tail, cases(30, 32, 100), before), Some(vec![32]));
    }

    #[test]
    fn what_was_read_before_a_moment_is_not_answered_after_it() {
        let tail = Tail::default();
        tail.push(piece(10, 14));
        let between = Instant::now();
        tail.push(piece(14, 20));
        assert_eq!(read(&tail, cases(10, 20, 100), between), None);
        assert_eq!(read(&tail, cases(14, 20, 100), between), Some(vec![16, 18, 20]));
    }

    #[test]
    fn old_events_are_forgotten() {
        let long_ago = Instant::now().checked_sub(2 * KEEP).expect("the machine is up for some seconds");
        let tail = Tail::default();
        tail.push(Piece { read_from: long_ago + Duration::from_nanos(1), ..piece(10, 14) });
        tail.push(piece(14, 20));
        assert!(tail.read(cases(10, 20, 100), long_ago).is_some());
        tail.forget_old();
        assert!(tail.read(cases(10, 20, 100), long_ago).is_none());
        assert_eq!(read(&tail, cases(14, 20, 100), long_ago), Some(vec![16, 18, 20]), "what is new stays");
    }
}
