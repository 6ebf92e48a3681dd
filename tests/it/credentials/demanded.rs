//! Where a second factor is demanded.

use api::{
    credentials::CredentialRules,
    graphql::GlobalId as _,
    http::{RequestRates, TrustedProxies},
    identity::{LinkPurpose, SecondFactor, links},
};
use async_graphql::ID;
use domain::{PersonId, Role};
use harness::{TestCaller, cheap_rules};
use serde_json::{Value, json};

use super::{
    factors::shown_at,
    world::{ERRORS, PASSWORD, code},
};
use crate::{
    access_requests::{form, submitted},
    forwarded::serving,
    graphql_desk::{Desk, Stage},
    graphql_roles::{mutation_cell, query_cell, subscription_cell},
    graphql_schema::operations,
    live::{end, event, follow},
    timers::instance_with,
};

/// What whoever has to add a second factor can ask, beside what needs no session at all: to see so, to add one, and to leave.
const OPEN: [&str; 6] = ["viewer", "signOut", "sessionRevoke", "passwordChange", "totpEnroll", "totpConfirm"];

/// Invites somebody with these roles, who activates; answers their address.
async fn user(desk: &Desk, roles: &[&str]) -> String {
    let email = format!("{}@example.com", roles.join("-").to_lowercase());
    let administrator = desk.app.staff(Role::Administrator).await;
    let input = json!({ "person": { "new": { "name": "Robin Vale", "email": email } }, "roles": roles });
    let invited = administrator.succeed("userInvite", input, "user { person { id } }").await;
    let id = ID(invited["user"]["person"]["id"].as_str().expect("an id").to_owned());
    let person = PersonId::from_global(&id).expect("a person's id");
    let mut conn = desk.app.pool.acquire().await.expect("a connection");
    let now = desk.app.clock.now();
    let token = links::issue(&mut conn, person, LinkPurpose::Activation, now).await.expect("it is issued");
    let input = json!({ "token": token.reveal(), "newPassword": PASSWORD });
    let activated = desk.app.nobody().mutate("accountActivate", input, ERRORS).await;
    assert_eq!(code(&activated), None, "{activated}");
    email
}

/// The service with another rule, beside the one that the desk has: where it answers.
async fn demanding(desk: &Desk, second_factor: SecondFactor) -> (api::service::Service, String) {
    let service = instance_with(&desk.app, CredentialRules { second_factor, ..cheap_rules() }).await;
    let url = serving(&service, TrustedProxies::default(), RequestRates::UNREACHED).await;
    (service, url)
}

async fn signed_in(desk: &Desk, url: &str, email: &str, code: Option<String>) -> TestCaller {
    let claim = json!({ "name": email, "password": PASSWORD, "code": code, "transport": "TOKEN" });
    let payload = desk.app.nobody().at(url).mutate("signIn", claim, "token userErrors { code }").await;
    desk.app.bearer(payload["token"].as_str().unwrap_or_else(|| panic!("{payload}"))).at(url)
}

async fn lacks(caller: &TestCaller) -> Value {
    caller.data("{ viewer { lacksSecondFactor roles } }", json!({})).await["viewer"].take()
}

#[tokio::test]
async fn whoever_lacks_a_second_factor_can_ask_nothing_but_to_add_one() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let request = submitted(&desk.app, &desk.supervisor, form("ana@acme.example")).await;
    let email = user(&desk, &["AGENT", "SUPERVISOR", "ADMINISTRATOR", "AUDITOR"]).await;
    let (_service, url) = demanding(&desk, SecondFactor::Staff).await;
    let nobody = desk.app.nobody().at(&url);
    let caller = signed_in(&desk, &url, &email, None).await;
    let mut refused = 0;
    for (kind, operation) in operations().await {
        if OPEN.contains(&operation.as_str()) {
            continue;
        }
        let cell = async |caller: &TestCaller| match kind {
            "query" => query_cell(&desk, caller, &operation, (&case_id, &request)).await,
            "mutation" => mutation_cell(&desk, caller, &operation, (&case_id, &request)).await,
            _ => subscription_cell(caller, &operation, &case_id).await,
        };
        // What is open to nobody is open to them, too.
        if cell(&nobody).await == "u" {
            assert_eq!(cell(&caller).await, "s", "{operation}");
            refused += 1;
        }
    }
    assert!(refused > 80, "{refused}");
    for (method, path) in [(reqwest::Method::PUT, "/uploads/anything"), (reqwest::Method::GET, "/attachments/anything")]
    {
        let answer: Value = caller.call(method, path).send().await.expect("it answers").json().await.expect("JSON");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "SECOND_FACTOR_DEMANDED", "{path}: {answer}");
    }
    assert_eq!(lacks(&caller).await, json!({ "lacksSecondFactor": true, "roles": [] }));
    let own = "{ viewer { person { name } accounts { id } preferences { language } user { email roles }
                         credentials { hasSecondFactor sessions { isCurrent } } } }";
    let own = caller.data(own, json!({})).await["viewer"].take();
    assert_eq!(own["user"]["email"], json!(email), "{own}");
}

#[tokio::test]
async fn adding_one_gives_back_what_they_hold_and_removing_it_takes_that_away() {
    let desk = Desk::open().await;
    let email = user(&desk, &["AGENT"]).await;
    let (_service, url) = demanding(&desk, SecondFactor::Everyone).await;
    let caller = signed_in(&desk, &url, &email, None).await;
    let enrolled = json!({ "currentPassword": PASSWORD });
    let enrolled = caller.mutate("totpEnroll", enrolled, "secret userErrors { code }").await;
    let secret = enrolled["secret"].as_str().unwrap_or_else(|| panic!("{enrolled}"));
    let shown = async || shown_at(secret, desk.app.clock.now());
    assert_eq!(lacks(&caller).await["lacksSecondFactor"], true, "it counts for nothing until it is confirmed");
    let confirmed = caller.mutate("totpConfirm", json!({ "code": shown().await }), ERRORS).await;
    assert_eq!(code(&confirmed), None, "{confirmed}");
    assert_eq!(lacks(&caller).await, json!({ "lacksSecondFactor": false, "roles": ["AGENT"] }));
    desk.app.clock.advance(chrono::TimeDelta::seconds(60));
    let again = signed_in(&desk, &url, &email, Some(shown().await)).await;
    assert_eq!(lacks(&again).await["lacksSecondFactor"], false);

    desk.app.clock.advance(chrono::TimeDelta::seconds(60));
    let input = json!({ "currentPassword": PASSWORD, "code": shown().await });
    let removed = caller.mutate("totpRemove", input, ERRORS).await;
    assert_eq!(code(&removed), None, "{removed}");
    assert_eq!(lacks(&caller).await, json!({ "lacksSecondFactor": true, "roles": [] }));
}

#[tokio::test]
async fn it_is_demanded_of_whom_the_setting_says() {
    let desk = Desk::open().await;
    let (contact, agent) = (user(&desk, &["CONTACT"]).await, user(&desk, &["AGENT"]).await);
    let found = async |rule| {
        let (_service, url) = demanding(&desk, rule).await;
        let mut found = [false; 2];
        for (found, email) in found.iter_mut().zip([&contact, &agent]) {
            let caller = signed_in(&desk, &url, email, None).await;
            *found = lacks(&caller).await["lacksSecondFactor"] == true;
        }
        // Tokens are for programs, which have nothing to show a second time.
        let program = desk.agent.clone().at(&url);
        assert_eq!(lacks(&program).await, json!({ "lacksSecondFactor": false, "roles": ["AGENT"] }));
        found
    };
    assert_eq!(found(SecondFactor::Offered).await, [false, false]);
    assert_eq!(found(SecondFactor::Staff).await, [false, true]);
    assert_eq!(found(SecondFactor::Everyone).await, [true, true]);
}

#[tokio::test]
async fn a_subscription_ends_when_the_second_factor_is_taken_away() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let email = user(&desk, &["AGENT"]).await;
    let (_service, url) = demanding(&desk, SecondFactor::Everyone).await;
    let caller = signed_in(&desk, &url, &email, None).await;
    let enrolled = caller.mutate("totpEnroll", json!({ "currentPassword": PASSWORD }), "secret").await;
    let secret = enrolled["secret"].as_str().expect("a secret").to_owned();
    let code_now = json!({ "code": shown_at(&secret, desk.app.clock.now()) });
    assert_eq!(code(&caller.mutate("totpConfirm", code_now, ERRORS).await), None);
    let mut stream = follow(&caller, &case_id).await;
    desk.step(&desk.agent, "caseAddNote", &case_id, json!({ "body": "Words." })).await;
    assert_eq!(event(&mut stream).await["entry"]["text"], "Words.");

    desk.app.clock.advance(chrono::TimeDelta::seconds(60));
    let input = json!({ "currentPassword": PASSWORD, "code": shown_at(&secret, desk.app.clock.now()) });
    assert_eq!(code(&caller.mutate("totpRemove", input, ERRORS).await), None);
    desk.step(&desk.agent, "caseAddNote", &case_id, json!({ "body": "More words." })).await;
    assert_eq!(end(&mut stream).await, "SECOND_FACTOR_DEMANDED");
}
