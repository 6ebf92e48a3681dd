//! A request for access as mail needs it.

use domain::access_request::{AccessRequest, AccessRequestEvent, AccessRequestFact, NamedPerson};
use event_log::{AnyEvent, Codec, LogError, StreamId, read_stream};
use sqlx::PgConnection;

/// What happened to a request, in order, with the words that are still there.
pub(super) struct Request {
    pub(super) happened: Vec<(i64, AccessRequestEvent)>,
}

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    /// [`LogError`], also when an event of it cannot be read.
    pub(super) async fn read(conn: &mut PgConnection, codec: &Codec, id: &str) -> Result<Self, LogError> {
        let stream = StreamId::of::<AccessRequest>(id);
        let mut happened = vec![];
        for event in read_stream(conn, codec, &stream).await? {
            let (position, sequence) = (event.position, event.sequence);
            match event.event {
                Ok((AnyEvent::AccessRequest { event, .. }, _)) => happened.push((position, event)),
                Ok(_) => unreachable!("a request's stream has no event of another aggregate"),
                Err(source) => return Err(LogError::Unreadable { stream, sequence, source }),
            }
        }
        Ok(Self { happened })
    }

    /// Somebody for whom access is asked, by their number.
    pub(super) fn person(&self, wanted: u32) -> Option<&NamedPerson> {
        self.happened.iter().find_map(|(_, event)| match &event.fact {
            AccessRequestFact::AccessRequested(submission) => (wanted == 1).then_some(&submission.asker),
            AccessRequestFact::AccessPersonAdded { number, person } => (*number == wanted).then_some(person),
            _ => None,
        })
    }
}
