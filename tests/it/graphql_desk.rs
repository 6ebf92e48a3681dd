//! A desk with people on both sides, and cases that have come as far as a test needs.

use chrono::TimeDelta;
use harness::{TestApp, TestCaller};
use serde_json::{Value, json};

/// Who is there. All names are what the harness calls them.
pub struct Desk {
    pub app: TestApp,
    pub agent: TestCaller,
    pub supervisor: TestCaller,
    pub auditor: TestCaller,
    /// A contact of the account ACME.
    pub contact: TestCaller,
    /// A contact of the account GLOBEX.
    pub stranger: TestCaller,
    /// Global ids of the account ACME and of people.
    pub account_id: Value,
    pub contact_id: Value,
    pub agent_id: Value,
}

/// How far a case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    New,
    Open,
    Resolved,
    Closed,
}

impl Desk {
    pub async fn open() -> Self {
        Self::on(TestApp::start().await).await
    }

    /// The desk of a service that runs.
    pub async fn on(app: TestApp) -> Self {
        let contact = app.contact("ACME").await;
        let agent = app.agent().await;
        let ours = viewer(&contact).await;
        Self {
            account_id: ours["accounts"][0]["id"].clone(),
            contact_id: ours["person"]["id"].clone(),
            agent_id: viewer(&agent).await["person"]["id"].clone(),
            supervisor: app.supervisor().await,
            auditor: app.auditor().await,
            stranger: app.contact("GLOBEX").await,
            app,
            agent,
            contact,
        }
    }

    /// What the contact fills in to open a case, of a type that need not know where and with what.
    pub fn opening(&self, subject: &str) -> Value {
        json!({
            "accountId": self.account_id,
            "type": "billing",
            "category": "other",
            "subject": subject,
            "description": "The line has been silent since Monday.\nAll lights are on.",
        })
    }

    /// Opens a case as the contact of ACME; answers its id.
    pub async fn new_case(&self) -> Value {
        open_case(&self.contact, self.opening("Silent line")).await
    }

    /// A case that has come to a stage.
    pub async fn case_in(&self, stage: Stage) -> Value {
        let case_id = self.new_case().await;
        let agent = async |mutation: &str, input: Value| self.step(&self.agent, mutation, &case_id, input).await;
        match stage {
            Stage::New => {}
            Stage::Open => agent("caseTakeUp", json!({})).await,
            Stage::Resolved => agent("caseResolve", resolution()).await,
            Stage::Closed => {
                agent("caseResolve", resolution()).await;
                agent("caseClose", json!({})).await;
            }
        }
        case_id
    }

    /// Announces a file for the account ACME; answers its id, and where to send it.
    pub async fn stage(&self, caller: &TestCaller, name: &str, size: usize) -> (Value, String) {
        let input = json!({ "accountId": self.account_id, "fileName": name, "sizeBytes": size });
        let mut staged = caller.succeed("uploadStage", input, "upload { attachmentId url }").await["upload"].take();
        (staged["attachmentId"].take(), staged["url"].as_str().expect("an address").to_owned())
    }

    /// Uploads a file for the account ACME; answers its id.
    pub async fn upload(&self, caller: &TestCaller, name: &str, bytes: &[u8]) -> Value {
        let (id, url) = self.stage(caller, name, bytes.len()).await;
        let response = caller.send(&url, bytes.to_vec()).send().await.expect("the service answers");
        assert_eq!(response.status(), 201, "{:?}", response.text().await);
        id
    }

    /// One successful mutation of a case, a minute after the one before.
    pub async fn step(&self, caller: &TestCaller, mutation: &str, case_id: &Value, input: Value) {
        self.app.clock.advance(TimeDelta::minutes(1));
        caller.succeed(mutation, with_case(case_id, input), "case { id }").await;
    }

    /// Posts a message; answers its id.
    pub async fn message(&self, caller: &TestCaller, case_id: &Value, body: &str) -> Value {
        self.step(caller, "casePostMessage", case_id, json!({ "body": body })).await;
        let document = "query($id: ID!) { case(id: $id) { activity(first: 3) { nodes { kind messageId } } } }";
        let found = caller.data(document, json!({ "id": case_id })).await;
        let entries = found["case"]["activity"]["nodes"].as_array().expect("entries").clone();
        let entry = entries.iter().find(|entry| entry["kind"] == "MESSAGE_POSTED").expect("it was just posted");
        entry["messageId"].clone()
    }

    /// The version of a case as a caller sees it.
    pub async fn version(&self, caller: &TestCaller, case_id: &Value) -> Value {
        let document = "query($id: ID!) { case(id: $id) { version } }";
        caller.data(document, json!({ "id": case_id })).await["case"]["version"].take()
    }
}

/// Opens a case; answers its id.
pub async fn open_case(caller: &TestCaller, opening: Value) -> Value {
    let payload = caller.succeed("caseOpen", opening, "pending case { id }").await;
    assert_eq!(payload["pending"], false);
    payload["case"]["id"].clone()
}

/// Who a caller is: person and accounts.
pub async fn viewer(caller: &TestCaller) -> Value {
    caller.data("{ viewer { person { id } accounts { id reference } } }", json!({})).await["viewer"].take()
}

/// An input with the case that it is about.
pub fn with_case(case_id: &Value, mut input: Value) -> Value {
    input["caseId"] = case_id.clone();
    input
}

pub fn resolution() -> Value {
    json!({ "code": "fixed", "resolution": "We replaced the line card." })
}
