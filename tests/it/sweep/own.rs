//! What is the caller's own, of each kind that an id is taken of.

use domain::AccessRequestId;
use harness::TestCaller;
use serde_json::{Value, json};
use uuid::Uuid;

use super::theirs::{like, signed_in};
use crate::{
    graphql_desk::{Desk, Stage, open_case, resolution, viewer, with_case},
    graphql_roles::some_id,
    mail::dead::global_id_of_mail,
};

/// A contact with something of everything, and a case on which nothing has been tried yet.
pub struct Own<'a> {
    desk: &'a Desk,
    pub caller: TestCaller,
    /// Themselves, and their session in another browser.
    person: Value,
    session: Value,
    location: Value,
    product: Value,
    /// Cases of the same account: one that is worked on, one that is closed.
    other: Value,
    over: Value,
    /// An upload that no case has.
    upload: Value,
    case: OwnCase,
}

/// A case with a message and a file, and the state that it was brought into.
#[derive(Default)]
struct OwnCase {
    state: Option<State>,
    id: Value,
    message: Value,
    file: Value,
}

/// The state in which a case has to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Resolved,
    Watched,
}

impl State {
    fn before(operation: &str) -> Self {
        match operation {
            "caseRate" | "caseResolutionAccept" | "caseResolutionReject" => Self::Resolved,
            "caseWatcherRemove" => Self::Watched,
            _ => Self::Open,
        }
    }
}

impl<'a> Own<'a> {
    pub async fn of(desk: &'a Desk) -> Self {
        let (caller, session) = signed_in(desk, &desk.app.contact("ACME").await, "own@acme.example").await;
        Self {
            person: viewer(&caller).await["person"]["id"].take(),
            caller,
            session,
            location: json!(desk.app.location(&desk.account_id, "1 Fictional Street").await),
            product: json!(desk.app.product(&desk.account_id, "Fictional Line").await),
            other: desk.case_in(Stage::Open).await,
            over: desk.case_in(Stage::Closed).await,
            upload: Value::Null,
            case: OwnCase::default(),
            desk,
        }
    }

    /// A case for an operation, in the state in which it is taken, and an upload.
    pub async fn prepare(&mut self, operation: &str) {
        if self.case.state != Some(State::before(operation)) {
            self.renew(State::before(operation)).await;
        }
        if self.upload.is_null() {
            self.upload = self.desk.upload(&self.caller, "next.log", b"own bytes").await;
        }
    }

    /// Something was done with what was asked: the next is to find something new.
    pub fn used(&mut self, asked: &Value) {
        self.case.state = None;
        let upload = self.upload.as_str().unwrap_or_default();
        if asked.to_string().contains(upload) {
            self.upload = Value::Null;
        }
    }

    async fn renew(&mut self, state: State) {
        let mut opening = self.desk.opening("Own line");
        opening["locationId"] = self.location.clone();
        let id = open_case(&self.caller, opening).await;
        self.desk.agent.succeed("caseTakeUp", with_case(&id, json!({})), "caseId").await;
        let message = self.desk.message(&self.caller, &id, "Own words.").await;
        let file = self.desk.upload(&self.caller, "own.log", b"own bytes").await;
        self.caller.succeed("caseAttachmentAdd", with_case(&id, json!({ "uploads": [file] })), "caseId").await;
        match state {
            State::Open => {}
            State::Resolved => self.desk.step(&self.desk.agent, "caseResolve", &id, resolution()).await,
            State::Watched => {
                let watcher = json!({ "watcher": { "contact": self.desk.contact_id } });
                self.desk.step(&self.caller, "caseWatcherAdd", &id, watcher).await;
            }
        }
        self.case = OwnCase { state: Some(state), id, message, file };
    }

    /// What of their own goes into a field of an operation; of what contacts have nothing of, an id of nothing.
    pub fn id(&self, operation: &str, field: &str) -> Value {
        match field {
            "id" | "ids" => match operation {
                "account" => self.desk.account_id.clone(),
                "case" | "node" | "nodes" => self.case.id.clone(),
                "user" | "accessRequest" => like(&self.person),
                new => panic!("say what of the caller's own `{new}` is asked for by its id"),
            },
            "caseId" => self.case.id.clone(),
            "otherCaseId" | "intoCaseId" => self.other.clone(),
            "followUpOf" => self.over.clone(),
            "accountId" | "accountIds" => self.desk.account_id.clone(),
            "contactId" | "contactIds" | "person" | "personId" => self.person.clone(),
            // Somebody else of the same account; whoever works their cases.
            "contact" => self.desk.contact_id.clone(),
            "ownerId" | "ownerIds" => self.desk.agent_id.clone(),
            "locationId" | "locationIds" => self.location.clone(),
            "productId" => self.product.clone(),
            "messageId" | "messageIds" => self.case.message.clone(),
            "attachmentId" | "attachmentIds" => self.case.file.clone(),
            "uploads" => self.upload.clone(),
            "sessionId" => self.session.clone(),
            // Of these contacts have none.
            "accessRequestId" => some_id::<AccessRequestId>(),
            "after" | "mailId" => json!(global_id_of_mail(Uuid::from_u128(0xdead))),
            "tokenId" => json!(Uuid::from_u128(0xdead)),
            new => panic!("say what of the caller's own goes into `{new}`"),
        }
    }
}
