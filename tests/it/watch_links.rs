//! Watchers who are asked first, and the links by which they answer.

use api::watch::WatcherLinks;
use chrono::TimeDelta;
use domain::{
    CaseId, PersonId, Role,
    case::{Case, WatcherId},
};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    graphql_access::id_of,
    graphql_desk::{Desk, Stage, open_case, resolution, viewer, with_case},
};

const ANA: &str = "Ana@shop.example";

fn email(address: &str) -> Value {
    json!({ "watcher": { "email": address } })
}

impl Desk {
    async fn links_of(&self, case_id: &Value, watcher: &WatcherId) -> Option<WatcherLinks> {
        let (commands, case_id) = (&self.app.service.services().commands, id_of::<CaseId>(case_id));
        let case: Case = commands.log.latest(&case_id.to_string()).await.unwrap();
        WatcherLinks::of(&commands.opaque, case_id, &case.state.unwrap(), watcher)
    }

    async fn links(&self, case_id: &Value, address: &str) -> WatcherLinks {
        let log = &self.app.service.services().commands.log;
        let watcher = WatcherId::Address(log.fingerprint("e-mail address", &address.to_lowercase()));
        self.links_of(case_id, &watcher).await.expect("they are on the list")
    }

    async fn ask(&self, path: &str) -> Response {
        self.app.nobody().fetch(path).send().await.unwrap()
    }

    async fn follow(&self, path: &str) -> Response {
        let followed = self.app.nobody().submit(path).send().await.unwrap();
        let safe = event_log::safe_position_now(&self.app.pool).await.unwrap();
        self.app.until_visible(safe).await;
        followed
    }

    /// Who watches a case, and whether they get mail.
    async fn watching(&self, case_id: &Value) -> Value {
        let document = "query($id: ID!) { case(id: $id) { watchers { email person { id } confirmed } } }";
        self.agent.data(document, json!({ "id": case_id })).await["case"]["watchers"].take()
    }

    async fn add(&self, case_id: &Value, input: Value) {
        self.step(&self.agent, "caseWatcherAdd", case_id, input).await;
    }
}

fn ana(confirmed: bool) -> Value {
    json!([{ "email": ANA, "person": null, "confirmed": confirmed }])
}

async fn whole(response: Response) -> (StatusCode, Vec<String>, String) {
    let told = |name: &str| !matches!(name, "x-request-id" | "date");
    let headers = response.headers().iter().filter(|(name, _)| told(name.as_str()));
    let headers = headers.map(|(name, value)| format!("{name}: {value:?}")).collect();
    (response.status(), headers, response.text().await.unwrap())
}

#[tokio::test]
async fn an_address_is_asked_by_a_page_that_changes_nothing_and_answers_once() {
    let desk = Desk::open().await;
    let mut opening = desk.opening("Secret subject");
    opening["watchers"] = json!([{ "email": ANA }]);
    let case_id = open_case(&desk.contact, opening).await;
    assert_eq!(desk.watching(&case_id).await, ana(false));
    let path = desk.links(&case_id, ANA).await.confirm.unwrap();
    for _ in 0..2 {
        let page = desk.ask(&path).await;
        assert_eq!(page.status(), StatusCode::OK);
        let policy = page.headers()["content-security-policy"].to_str().unwrap();
        assert_eq!(policy, "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        for (name, value) in [("cache-control", "no-store"), ("referrer-policy", "no-referrer")] {
            assert_eq!(page.headers()[name], value);
        }
        let text = page.text().await.unwrap();
        assert!(text.contains("CS-000001") && text.contains("<form method=\"post\">"), "{text}");
        assert!(!text.contains("Secret") && !text.contains("silent") && !text.contains("ACME"), "{text}");
    }
    assert_eq!(desk.watching(&case_id).await, ana(false), "looking is not answering");

    assert_eq!(desk.follow(&path).await.status(), StatusCode::OK);
    assert_eq!(desk.watching(&case_id).await, ana(true));
    let document = "query($id: ID!) { case(id: $id) { activity(first: 1) {
        nodes { kind actorRole actor { name } via internal } } } }";
    let entry = desk.contact.data(document, json!({ "id": case_id })).await["case"]["activity"]["nodes"][0].take();
    let expected = json!({ "kind": "WATCHER_CONFIRMED", "actorRole": "WATCHER", "actor": { "name": null }, "via": "EMAIL",
                           "internal": false });
    assert_eq!(entry, expected);
}

#[tokio::test]
async fn whatever_is_wrong_with_a_link_the_answer_is_the_same() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    desk.add(&case_id, email(ANA)).await;
    let path = desk.links(&case_id, ANA).await.confirm.unwrap();
    desk.follow(&path).await;
    let mut foreign = path.clone();
    foreign.replace_range(8..9, if &path[8..9] == "A" { "B" } else { "A" });
    let removed = {
        desk.add(&case_id, email("bo@shop.example")).await;
        let links = desk.links(&case_id, "bo@shop.example").await;
        desk.step(&desk.agent, "caseWatcherRemove", &case_id, email("bo@shop.example")).await;
        links
    };
    let late = {
        desk.add(&case_id, email("cy@shop.example")).await;
        let links = desk.links(&case_id, "cy@shop.example").await;
        desk.app.clock.advance(TimeDelta::days(7) + TimeDelta::seconds(1));
        links
    };
    let unknown = whole(desk.ask("/watch/unknown").await).await;
    assert_eq!(unknown.0, StatusCode::NOT_FOUND);
    let removed = [removed.confirm.unwrap(), removed.leave];
    for path in removed.iter().chain([&path, &foreign, &late.confirm.unwrap()]) {
        assert_eq!(whole(desk.ask(path).await).await, unknown, "{path}");
        assert_eq!(whole(desk.follow(path).await).await, unknown, "{path}");
    }
    let all = json!([{ "email": ANA, "person": null, "confirmed": true },
                     { "email": "cy@shop.example", "person": null, "confirmed": false }]);
    assert_eq!(desk.watching(&case_id).await, all);
    let leave = late.leave;
    assert_eq!(desk.follow(&leave).await.status(), StatusCode::OK, "a link to leave has no end");
}

#[tokio::test]
async fn the_newest_confirmation_alone_is_good() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    desk.add(&case_id, email(ANA)).await;
    let older = desk.links(&case_id, ANA).await.confirm.unwrap();
    desk.step(&desk.agent, "caseWatcherRemove", &case_id, email(ANA)).await;
    desk.add(&case_id, email(ANA)).await;
    assert_eq!(desk.follow(&older).await.status(), StatusCode::NOT_FOUND);
    let newest = desk.links(&case_id, ANA).await.confirm.unwrap();
    assert_eq!(desk.follow(&newest).await.status(), StatusCode::OK);
    assert_eq!(desk.watching(&case_id).await, ana(true));
}

#[tokio::test]
async fn whoever_leaves_by_a_link_comes_back_by_confirming_alone() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    desk.add(&case_id, email(ANA)).await;
    desk.follow(&desk.links(&case_id, ANA).await.confirm.unwrap()).await;
    let leave = desk.links(&case_id, ANA).await.leave;
    assert!(desk.ask(&leave).await.text().await.unwrap().contains("Mail me no more"));
    desk.follow(&leave).await;
    assert_eq!(desk.watching(&case_id).await, json!([]));
    desk.step(&desk.contact, "caseWatcherAdd", &case_id, email("ANA@shop.example")).await;
    let again = json!([{ "email": "ANA@shop.example", "person": null, "confirmed": false }]);
    assert_eq!(desk.watching(&case_id).await, again);
    desk.follow(&desk.links(&case_id, ANA).await.confirm.unwrap()).await;
    assert_eq!(desk.watching(&case_id).await[0]["confirmed"], true);

    let contact = || json!({ "watcher": { "contact": desk.contact_id } });
    let me = WatcherId::Contact(id_of::<PersonId>(&desk.contact_id));
    let other = desk.case_in(Stage::Open).await;
    desk.add(&other, contact()).await;
    let leave = desk.links_of(&other, &me).await.unwrap().leave;
    desk.step(&desk.agent, "caseResolve", &other, resolution()).await;
    desk.follow(&leave).await;
    desk.add(&other, contact()).await;
    assert_eq!(desk.watching(&other).await[0]["confirmed"], false, "a contact who left is asked, too");
    desk.step(&desk.agent, "caseWatcherRemove", &other, contact()).await;
    desk.step(&desk.contact, "caseWatcherAdd", &other, contact()).await;
    assert_eq!(desk.watching(&other).await[0]["confirmed"], true, "adding oneself is saying so");
}

#[tokio::test]
async fn whoever_leaves_a_case_that_was_merged_leaves_the_one_that_goes_on_for_it() {
    let desk = Desk::open().await;
    let (case_id, survivor) = (desk.case_in(Stage::Open).await, desk.case_in(Stage::Open).await);
    desk.add(&case_id, email(ANA)).await;
    let leave = desk.links(&case_id, ANA).await.leave;
    desk.step(&desk.agent, "caseMerge", &case_id, json!({ "intoCaseId": survivor })).await;
    let on_it = |watching: &Value| watching.as_array().unwrap().iter().filter(|it| it["email"] == ANA).count();
    assert_eq!(on_it(&desk.watching(&survivor).await), 1);
    desk.follow(&leave).await;
    assert_eq!(on_it(&desk.watching(&survivor).await), 0);
}

#[tokio::test]
async fn an_address_that_is_a_contacts_is_not_asked() {
    let desk = Desk::open().await;
    let admin = desk.app.staff(Role::Administrator).await;
    let join = json!({ "accountId": desk.account_id, "role": "MEMBER",
                       "contact": { "new": { "name": "Ana Sample", "email": "ana@SHOP.example" } } });
    admin.succeed("accountContactJoin", join, "accountId").await;
    let case_id = desk.case_in(Stage::Open).await;
    desk.add(&case_id, email(ANA)).await;
    assert_eq!(desk.watching(&case_id).await, ana(true));
    desk.follow(&desk.links(&case_id, ANA).await.leave).await;
    desk.add(&case_id, email(ANA)).await;
    assert_eq!(desk.watching(&case_id).await, ana(false), "unless they left by a link");

    let mut opening = desk.opening("Of GLOBEX");
    opening["accountId"] = viewer(&desk.stranger).await["accounts"][0]["id"].take();
    let theirs = open_case(&desk.stranger, opening).await;
    desk.stranger.succeed("caseWatcherAdd", with_case(&theirs, email(ANA)), "caseId").await;
    assert_eq!(desk.watching(&theirs).await, ana(false), "another account's contact is a stranger");
}
