//! What is decided of requests for access. Who is let in is told by an invitation, or as a portal user; who is not, by a mail to
//! the address that came with the request.

use std::sync::Arc;

use domain::{
    AccessRequestId,
    access_request::{AccessRequestEvent, AccessRequestFact},
};
use sqlx::PgConnection;

use super::NoticeError;
use crate::{
    graphql::Services,
    mail::{
        MailKind,
        outbox::{NewMail, Recipient},
        requests::Request,
    },
};

/// The mails that an event leads to.
pub(super) async fn notices(
    conn: &mut PgConnection,
    services: &Arc<Services>,
    position: i64,
    request_id: AccessRequestId,
    event: &AccessRequestEvent,
) -> Result<Vec<NewMail>, NoticeError> {
    let number = match &event.fact {
        AccessRequestFact::AccessDeclined { number, .. } => *number,
        AccessRequestFact::AccessRequested(_)
        | AccessRequestFact::AccessPersonAdded { .. }
        | AccessRequestFact::AccessApproved { .. }
        | AccessRequestFact::AccessMadeCase { .. }
        | AccessRequestFact::AccessCarriedOut { .. }
        | AccessRequestFact::AccessRequestRedacted { .. } => return Ok(vec![]),
    };
    let commands = &services.commands;
    let request = Request::read(conn, commands.log.codec(), &request_id.to_string()).await?;
    let Some(person) = request.person(number) else { return Ok(vec![]) };
    let to = Recipient::Address(person.address().clone());
    Ok(vec![NewMail {
        mail_id: commands.ids.next(),
        kind: MailKind::RequestDeclined,
        about: format!("event {position}"),
        to,
        told_as: None,
        case_id: None,
        position: Some(position),
        sealed: None,
        due_at: event.occurred_at,
        expires_at: None,
    }])
}
