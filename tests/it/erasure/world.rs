//! A desk with two people whose every word can be told from all others, and a second instance of the service.

use std::sync::Arc;

use api::{
    graphql::GlobalId as _,
    http::{Limits, SecurityOptions, ServerLimits, serve},
    identity::NewToken,
    registry::Registry,
    service::{Parts, Service},
    settings::Mode,
};
use async_graphql::ID;
use domain::{CaseId, Channel, Line, PersonId, PlainText, RequestId, Role, person::Details};
use event_log::{EventLog, MasterKey};
use harness::{TestCaller, until};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    access_requests::submitted,
    graphql_desk::{Desk, open_case, viewer},
};

/// In everything that is the contact's or the supervisor's, and in nothing else.
pub const MARK: &str = "qanary";
/// What the contact and the supervisor have, a word for each kind.
pub const KINDS: [&str; 20] = [
    "qanaryname",
    "qanarymail",
    "qanaryphone",
    "qanarysubject",
    "qanarydescription",
    "qanarymessage",
    "qanaryreason",
    "qanarycomment",
    "qanaryrating",
    "qanaryfilename",
    "qanaryfilebytes",
    "qanarystaged",
    "qanarykey",
    "qanarynote",
    "qanaryresolution",
    "qanaryreopening",
    "qanaryhold",
    "qanarynewsubject",
    "qanaryrequest",
    "qanarydecline",
];
/// Those that the API shows before.
pub const SHOWN: [&str; 17] = [
    "qanaryname",
    "qanarymail",
    "qanarysubject",
    "qanarydescription",
    "qanarymessage",
    "qanaryreason",
    "qanarycomment",
    "qanaryrating",
    "qanaryfilename",
    "qanarynote",
    "qanaryresolution",
    "qanaryreopening",
    "qanaryhold",
    "qanarynewsubject",
    "qanaryfilebytes",
    "qanaryrequest",
    "qanarydecline",
];

/// Their words, and those of others beside them.
pub struct World {
    pub desk: Desk,
    pub administrator: TestCaller,
    /// The contact, with name, address and number.
    pub ana: TestCaller,
    pub ana_id: Value,
    /// The supervisor.
    pub bo: TestCaller,
    pub bo_id: Value,
    pub file: Value,
    /// Cases of both, and one of others on which somebody typed the contact's address.
    pub cases: Vec<Value>,
    pub other: Service,
    /// Where the other instance is.
    pub other_url: String,
}

impl World {
    pub async fn new() -> Self {
        let desk = Desk::open().await;
        let administrator = desk.app.staff(Role::Administrator).await;
        let token = |name: &str, role, accounts: &[&str]| NewToken {
            name: name.to_owned(),
            roles: vec![role],
            accounts: accounts.iter().map(|&account| account.to_owned()).collect(),
            scopes: vec![],
            expires_at: None,
        };
        let ana = desk.app.caller(&token("Ana Qanaryname", Role::Contact, &["ACME"])).await;
        let bo = desk.app.caller(&token("Bo Qanaryname", Role::Supervisor, &[])).await;
        let ana_id = viewer(&ana).await["person"]["id"].clone();
        let bo_id = viewer(&bo).await["person"]["id"].clone();
        let (other, other_url) = second_instance(&desk).await;
        let mut world =
            Self { desk, administrator, ana, ana_id, bo, bo_id, file: Value::Null, cases: vec![], other, other_url };
        world.reach_ana().await;
        world.live().await;
        world
    }

    /// Gives the contact an address and a number.
    async fn reach_ana(&self) {
        let (app, person) = (&self.desk.app, person(&self.ana_id));
        let commands = &app.service.services().commands;
        let line = |kind: &str, text: &str| -> Line {
            commands.log.line(kind, commands.ids.next().into(), person, PlainText::parse(text, 100).unwrap())
        };
        let registry =
            Registry::new(commands.log.clone(), RequestId(commands.ids.next()), Channel::Desk, app.clock.now());
        let details = Details {
            name: line("person name", "Ana Qanaryname"),
            email: Some(line("person e-mail", "Ana.QanaryMail@acme.example")),
            phone: Some(line("person phone", "qanaryphone 7946")),
        };
        app.until_visible(registry.details(person, details, app.clock.now()).await.unwrap().position).await;
    }

    async fn live(&mut self) {
        let desk = &self.desk;
        let mut opening = desk.opening("A qanarysubject");
        opening["description"] = json!("The qanarydescription says it.");
        opening["watchers"] = json!([{ "email": "ana.qanarymail@acme.example" }, { "contact": self.ana_id }]);
        opening["idempotencyKey"] = json!("qanarykey");
        let first = open_case(&self.ana, opening).await;
        self.file = desk.upload(&self.ana, "qanaryfilename.txt", b"qanaryfilebytes\n").await;
        let posted = json!({ "body": "A qanarymessage.", "uploads": [self.file] });
        let step = async |caller: &TestCaller, case_id: &Value, mutation: &str, input: Value| {
            desk.step(caller, mutation, case_id, input).await;
        };
        step(&self.ana, &first, "casePostMessage", posted).await;
        step(&desk.agent, &first, "casePostMessage", json!({ "body": "Kept: an answer." })).await;
        step(&self.bo, &first, "caseAddNote", json!({ "body": "A qanarynote." })).await;
        step(&self.bo, &first, "caseLegalHoldPlace", json!({ "reason": "A qanaryhold." })).await;
        step(&self.bo, &first, "caseLegalHoldLift", json!({})).await;
        let resolution = json!({ "code": "fixed", "resolution": "A qanaryresolution." });
        step(&self.bo, &first, "caseResolve", resolution).await;
        step(&self.ana, &first, "caseRate", json!({ "score": 2, "comment": "A qanaryrating." })).await;
        step(&self.ana, &first, "caseResolutionReject", json!({ "reason": "A qanaryreason." })).await;
        let again = json!({ "code": "fixed", "resolution": "Kept: another answer." });
        step(&desk.agent, &first, "caseResolve", again).await;
        step(&self.bo, &first, "caseReopen", json!({ "reason": "A qanaryreopening." })).await;

        let second = desk.new_case().await;
        step(&self.bo, &second, "caseSetSubject", json!({ "subject": "A qanarynewsubject" })).await;
        let canceled = json!({ "reason": "OTHER", "comment": "A qanarycomment." });
        step(&self.ana, &second, "caseCancel", canceled).await;

        let account = viewer(&desk.stranger).await["accounts"][0]["id"].take();
        let mut opening = desk.opening("Kept: of others");
        opening["accountId"] = account;
        let third = open_case(&desk.stranger, opening).await;
        let watcher = json!({ "watcher": { "email": "ANA.qanarymail@ACME.example" } });
        step(&desk.stranger, &third, "caseWatcherAdd", watcher).await;
        step(&desk.stranger, &third, "caseWatcherAdd", json!({ "watcher": { "email": "kept@globex.example" } })).await;
        desk.upload(&self.ana, "qanarystaged.txt", b"qanarystaged\n").await;
        let asked = json!({ "type": "PORTAL_ACCESS", "name": "Ana Qanaryname", "email": "ana.qanarymail@ACME.example",
                            "accountName": "Acme", "description": "A qanaryrequest." });
        let request = submitted(&desk.app, &self.bo, asked).await;
        let declined =
            json!({ "accessRequestId": request, "number": 1, "decision": { "decline": "A qanarydecline." } });
        self.bo.succeed("accessRequestDecide", declined, "pending").await;
        self.cases = vec![first, second, third];
    }

    /// Erases somebody who can be erased.
    pub async fn erase(&self, person_id: &Value) -> Value {
        let selection = "pending person { id name } erased { texts files cases accounts uploads tokens }";
        self.administrator.succeed("personErase", json!({ "personId": person_id }), selection).await
    }

    /// The same caller at the other instance.
    pub fn elsewhere(&self, caller: &TestCaller) -> TestCaller {
        caller.at(&self.other_url)
    }

    /// Everything in the live tables of both groups, as text.
    pub async fn rows(&self) -> String {
        let mut owner = self.desk.app.owner().await;
        let tables: Vec<(String, String)> = sqlx::query_as(
            "select schemaname::text, tablename::text from pg_tables
             join projection_checkpoints on schemaname = group_name || '_v' || version and state = 'live'
             order by 2",
        )
        .fetch_all(&mut owner)
        .await
        .unwrap();
        let mut dump = vec![];
        for (schema, table) in tables {
            let sql = format!("select row_to_json(t)::text from {schema}.{table} as t order by 1");
            dump.push(table);
            dump.extend(sqlx::query_scalar::<_, String>(&sql).fetch_all(&mut owner).await.unwrap());
        }
        dump.join("\n")
    }
}

pub async fn second_instance(desk: &Desk) -> (Service, String) {
    let app = &desk.app;
    let (master, services) = (Arc::new(MasterKey::from_bytes([7; 32])), app.service.services());
    let log = EventLog::new(app.pool.clone(), Arc::clone(&master));
    let (ids, files) = (services.commands.ids.clone(), services.files.clone());
    let credentials = harness::credentials_with(&master, harness::cheap_rules());
    let parts = Parts { pool: app.pool.clone(), log, master, clock: app.clock.clone(), ids, files, credentials };
    let service = Service::start(parts).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let security = SecurityOptions {
        mode: Mode::Development,
        origin: format!("http://{address}"),
        proxies: api::http::TrustedProxies::default(),
        rates: api::http::RequestRates::UNREACHED,
    };
    let router = service.router(Limits::default(), security);
    tokio::spawn(serve(listener, router, ServerLimits::default(), std::future::pending()));
    (service, format!("http://{address}/graphql"))
}

/// The id behind a global id.
pub fn person(id: &Value) -> PersonId {
    PersonId::from_global(&ID(id.as_str().unwrap().to_owned())).unwrap()
}

/// Waits until the other instance has what this one has.
pub async fn until_level(world: &World) {
    let here = || world.desk.app.service.services().tailer.safe_position();
    until("the other instance to follow", async || {
        (world.other.services().tailer.safe_position() >= here()).then_some(())
    })
    .await;
}

/// The case behind a global id.
pub fn case(id: &Value) -> CaseId {
    CaseId::from_global(&ID(id.as_str().unwrap().to_owned())).unwrap()
}
