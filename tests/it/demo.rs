//! The demo: all of it, once, whatever cut an earlier run off; and only where nobody else has anything.

use std::collections::{BTreeMap, BTreeSet};

use api::demo::{Demo, DemoError, Filled, people::SignIn};
use domain::{Role, settings::Settings};
use event_log::verify;
use harness::{TestApp, TestCaller, until};
use serde_json::{Value, json};

async fn fill(app: &TestApp) -> Filled {
    Demo::with(app.service.services(), app.clock.now()).fill(|_| ()).await.expect("an empty installation takes it")
}

async fn count(app: &TestApp, of: &str) -> i64 {
    sqlx::query_scalar(&format!("select count(*) from {of}")).fetch_one(&app.pool).await.expect("the database answers")
}

async fn sign_in(app: &TestApp, who: &SignIn, filled: &Filled) -> TestCaller {
    let input = json!({ "name": who.username, "password": filled.password.reveal(), "transport": "TOKEN" });
    let payload = app.nobody().succeed("signIn", input, "token").await;
    app.bearer(payload["token"].as_str().expect("a token"))
}

/// How many cases somebody sees; nothing where they are refused the list.
async fn seen(caller: &TestCaller) -> u64 {
    let answer = caller.data("{ cases(first: 1) { totalCount } }", json!({})).await;
    answer["cases"]["totalCount"].as_u64().expect("a count")
}

/// All cases that somebody sees.
async fn cases(caller: &TestCaller) -> Vec<Value> {
    const PAGE: &str = "query($after: String) { cases(first: 100, after: $after) { pageInfo { hasNextPage endCursor }
        nodes { status type category owner { id } account { name } } } }";
    let (mut cases, mut after) = (vec![], Value::Null);
    loop {
        let mut page = caller.data(PAGE, json!({ "after": after })).await["cases"].take();
        cases.append(page["nodes"].as_array_mut().expect("a list"));
        if page["pageInfo"]["hasNextPage"] == false {
            return cases;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}

#[tokio::test]
async fn everybody_signs_in_and_sees_what_their_roles_should() {
    let app = TestApp::start().await;
    let filled = fill(&app).await;
    assert!(!filled.was_there && filled.new_cases > 450, "{}", filled.new_cases);
    let all = u64::try_from(filled.new_cases).unwrap();
    let mut of_roles: BTreeSet<Role> = BTreeSet::new();
    let mut customers = vec![];
    for who in &filled.sign_ins {
        let caller = sign_in(&app, who, &filled).await;
        let answer = caller.data("{ viewer { roles user { status } } }", json!({})).await;
        let roles: Vec<_> = who.roles.iter().map(|role| role.to_string().to_uppercase()).collect();
        assert_eq!(answer["viewer"]["roles"], json!(roles), "{}", who.name);
        assert_eq!(answer["viewer"]["user"]["status"], "ACTIVE", "{}", who.name);
        of_roles.extend(&who.roles);
        let sees = seen(&caller).await;
        let reads_all = [Role::Agent, Role::Supervisor, Role::Auditor].iter().any(|role| who.roles.contains(role));
        if reads_all {
            assert_eq!(sees, all, "{}", who.name);
        } else if who.roles == [Role::Contact] {
            assert!(sees > 0 && sees < all / 4, "{} sees {sees}", who.name);
            customers.push((who, sees));
        } else {
            assert_eq!(sees, 0, "{} works no cases", who.name);
        }
    }
    let roles = [Role::Contact, Role::Agent, Role::Supervisor, Role::Administrator, Role::Auditor, Role::Analyst];
    assert_eq!(of_roles, roles.into());
    assert!(customers.len() >= 36);
    let of = |name: &str| customers.iter().find(|(who, _)| who.name == name).expect("a contact").1;
    assert!(of("Tess Harrow") < of("Greta Moss"), "one of them sees a single place");
    assert_eq!(of("Nadia Quill"), of("Greta Moss"), "who runs an account sees what one without a limit does");
    assert_eq!(count(&app, "mails").await, 0);
}

#[tokio::test]
async fn there_is_something_of_everything_and_the_log_holds() {
    let app = TestApp::start().await;
    let filled = fill(&app).await;
    let robin = filled.sign_ins.iter().find(|who| who.username == "robin").expect("an agent");
    let caller = sign_in(&app, robin, &filled).await;
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    let (mut kinds, mut owners) = (BTreeSet::new(), BTreeSet::new());
    for case in cases(&caller).await {
        let word = |key: &str| case[key].as_str().expect("a word").to_owned();
        *states.entry(word("status")).or_default() += 1;
        kinds.insert((word("type"), word("category")));
        owners.insert(case["owner"]["id"].to_string());
    }
    assert_eq!(
        states.keys().map(String::as_str).collect::<Vec<_>>(),
        ["CANCELED", "CLOSED", "NEW", "OPEN", "RESOLVED"]
    );
    let catalogue = Settings::default().catalogue;
    let offered = catalogue
        .types
        .iter()
        .flat_map(|(of, it)| it.categories.keys().map(move |key| (of.to_string(), key.to_string())));
    assert_eq!(kinds, offered.collect());
    let mine = caller.data("{ viewer { person { id } } }", json!({})).await["viewer"]["person"]["id"].to_string();
    assert!(owners.contains(&mine), "an agent has cases");

    assert!(replies(&caller).await.len() >= 5, "an agent has what to answer with");
    let simone = filled.sign_ins.iter().find(|who| who.username == "simone").expect("a supervisor");
    let document = "{ accessRequests(first: 10) { nodes {
        type decided accountName description people { name email knownAs { id } decision { outcome } } } } }";
    let asked = sign_in(&app, simone, &filled).await.data(document, json!({})).await["accessRequests"]["nodes"].take();
    let asked = asked.as_array().expect("a list");
    assert!((2..=3).contains(&asked.len()), "{asked:?}");
    for request in asked {
        assert!(request["accountName"].is_string() && request["description"].is_string(), "{request}");
        assert_eq!(request["decided"], false, "{request}");
        let [asker] = &request["people"].as_array().expect("people")[..] else { panic!("{request}") };
        assert!(asker["name"].is_string() && asker["email"].as_str().expect("an address").ends_with(".example"));
        assert_eq!((&asker["knownAs"], &asker["decision"]), (&json!([]), &Value::Null), "nobody knows them yet");
    }
    let types: BTreeSet<_> = asked.iter().map(|request| request["type"].to_string()).collect();
    assert!(types.len() > 1, "{types:?}");

    let verification = verify(&app.pool, |_| ()).await.expect("the database answers");
    assert_eq!(verification.first_bad, None);
    app.assert_rebuild_equals_live().await;
}

/// The keys of what agents answer with, once this instance has heard that there is something.
async fn replies(caller: &TestCaller) -> Vec<Value> {
    until("replies", async || {
        let mut answer = caller.data("{ desk { cannedReplies { replies { key title body } } } }", json!({})).await;
        let replies = answer["desk"]["cannedReplies"]["replies"].take();
        replies.as_array().filter(|replies| !replies.is_empty()).cloned()
    })
    .await
}

#[tokio::test]
async fn a_second_run_changes_nothing_and_says_the_same() {
    let app = TestApp::start().await;
    let filled = fill(&app).await;
    // A reply that somebody takes away is not brought back.
    let simone = filled.sign_ins.iter().find(|who| who.username == "simone").expect("a supervisor");
    let simone = sign_in(&app, simone, &filled).await;
    let key = replies(&simone).await[0]["key"].clone();
    simone.succeed("cannedReplyRemove", json!({ "key": key }), "cannedReplies { replies { key } }").await;
    let events = count(&app, "events").await;
    app.clock.advance(chrono::TimeDelta::days(40));
    let again = fill(&app).await;
    assert!(again.was_there);
    assert_eq!(count(&app, "events").await, events);
    assert_eq!(again.password.reveal(), filled.password.reveal());
    assert_eq!(again.sign_ins.len(), filled.sign_ins.len());
}

#[tokio::test]
async fn a_run_that_was_cut_off_is_completed_by_the_next() {
    let app = TestApp::start().await;
    let stages = [
        ("streams where aggregate_type = 'account'", 3),
        ("passwords", 5),
        ("streams where aggregate_type = 'case'", 40),
        ("streams where aggregate_type = 'case'", 200),
    ];
    for (what, enough) in stages {
        let demo = Demo::with(app.service.services(), app.clock.now());
        // Whichever comes first, and the other is dropped where it is.
        tokio::select! {
            done = demo.fill(|_| ()) => panic!("it was not cut off: {done:?}"),
            () = until("the demo to get on", async || (count(&app, what).await >= enough).then_some(())) => {}
        }
    }
    let before = count(&app, "streams where aggregate_type = 'case'").await;
    let filled = fill(&app).await;
    assert!(!filled.was_there && filled.new_cases > 0);
    let requests = count(&app, "streams where aggregate_type = 'access_request'").await;
    assert!(requests >= 2, "{requests}");
    let cases = count(&app, "streams where aggregate_type = 'case'").await;
    assert!(cases > 450 && before < cases);
    let numbers = "select count(distinct number) from case_v1.case_list";
    let numbers: i64 = sqlx::query_scalar(numbers).fetch_one(&mut app.owner().await).await.expect("the table is there");
    assert_eq!(numbers, cases, "each has a number of its own");
    for who in &filled.sign_ins {
        sign_in(&app, who, &filled).await;
    }
    assert!(fill(&app).await.was_there);
    assert_eq!(verify(&app.pool, |_| ()).await.expect("the database answers").first_bad, None);
}

#[tokio::test]
async fn where_somebody_else_has_accounts_nothing_is_recorded() {
    let app = TestApp::start().await;
    app.contact("Bakery").await;
    let events = count(&app, "events").await;
    let refused = Demo::with(app.service.services(), app.clock.now()).fill(|_| ()).await;
    assert!(matches!(refused, Err(DemoError::InUse)), "{refused:?}");
    assert_eq!(count(&app, "events").await, events);
}
