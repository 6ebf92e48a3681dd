//! Making a case of a request that asks for something else than access.
//!
//! The case is an ordinary one of the account that the supervisor chose, in triage: nobody knows yet which place or product it is about. Its
//! description is what was asked, with who asked and how they are reached, as their words: erasing them reaches it.

use domain::{
    AccountId, Actor, CaseId, PersonId, PlainText, RequestId, Sealed,
    case::{Case, CaseAction, Choice, NewAttachments, OpenCase},
    text::MAX_BODY_CHARS,
};

use super::{
    AccessRequests, AccessRequestsError,
    granting::{said, words_are_gone},
    opened::Opened,
};
use crate::{
    commands::{Intention, Refusal, cases::Files},
    identity::Caller,
};

impl AccessRequests {
    /// Opens the case that a request becomes, unless it is open.
    pub(super) async fn make_case(
        &self,
        opened: &Opened,
        id: RequestId,
        by: Actor,
        (case_id, account, contact): (CaseId, AccountId, PersonId),
    ) -> Result<Result<i64, Refusal>, AccessRequestsError> {
        let commands = &self.0.commands;
        let known: Case = commands.log.latest(&case_id.to_string()).await?;
        if known.state.is_some() {
            return Ok(Ok(0));
        }
        let (Some(words), Some((case_type, category))) = (words(opened), opened.kind_of_case.clone()) else {
            return Ok(Err(words_are_gone()));
        };
        let knows = |settings: &domain::settings::Settings| settings.catalogue.route(&case_type, &category).is_ok();
        let settings = commands.settings.that(knows).await?;
        let route = match settings.settings.catalogue.route(&case_type, &category) {
            Ok(route) => route,
            Err(error) => return Ok(Err(error.into())),
        };
        let asker = opened.submission.description.subject();
        let opening = OpenCase {
            number: commands.next_case_number().await?,
            account,
            location: Choice::NotListed,
            product: Choice::NotListed,
            case_type,
            category,
            contact,
            subject: None,
            message: commands.ids.next().into(),
            description: Sealed::new(commands.ids.next().into(), asker, words),
            watchers: vec![],
            attachments: NewAttachments::default(),
            queue: route.queue,
            priority: route.priority,
            external_reference: None,
        };
        let caller = Caller::by_roles(by.person, by.roles);
        let intention: Intention = Intention {
            on_behalf_of: Some(contact),
            brings: Files::default(),
            ..Intention::new(&caller, id, case_id, CaseAction::Open(Box::new(opening)))
        };
        let outcome = commands.carry_out(intention).await?;
        Ok(outcome.refusal.map_or(Ok(outcome.position), Err))
    }
}

/// What was asked, and who asked.
fn words(opened: &Opened) -> Option<PlainText> {
    let submission = &opened.submission;
    let asker = &submission.asker;
    let description = said(Some(&submission.description))?;
    let about = [
        ("Name", said(Some(&asker.name.text))),
        ("E-mail", said(Some(&asker.email.text))),
        ("Phone", said(asker.phone.as_ref().map(|phone| &phone.text))),
        ("Account", said(Some(&submission.account_name))),
        ("Service address", said(submission.service_address.as_ref())),
    ];
    let lines = about.into_iter().filter_map(|(what, said)| Some(format!("{what}: {}", said?)));
    let text = format!("{description}\n\n{}", lines.collect::<Vec<_>>().join("\n"));
    PlainText::parse(&text, MAX_BODY_CHARS).ok()
}
