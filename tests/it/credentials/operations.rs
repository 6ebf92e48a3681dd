//! One document and one snapshot per operation on credentials, with its statements counted.

use api::identity::LinkPurpose;
use chrono::TimeDelta;
use harness::{TestCaller, mutation_document};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use super::world::{OTHER_PASSWORD, PASSWORD, User, World};
use crate::{graphql_operations::assert_snapshot, graphql_statements::counted};

const ERRORS: &str = "retryAt challengeQuestion { name text } userErrors { field message code }";

/// What is another one in each run, or is nobody's to read in a repository.
const SECRET: [&str; 9] =
    ["token", "secret", "uri", "code", "recoveryCode", "currentPassword", "newPassword", "password", "answer"];
const DRAWN: [&str; 3] = ["id", "sessionId", "tokenId"];

fn redacted(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.as_str();
                if name == "recoveryCodes" {
                    *value = json!(format!("[{} codes]", value.as_array().map_or(0, Vec::len)));
                } else if value.is_string() && SECRET.contains(&name) && !is_error_code(value) {
                    *value = json!("[secret]");
                } else if value.is_string() && DRAWN.contains(&name) {
                    *value = json!("[id]");
                } else {
                    *value = redacted(value.take());
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = redacted(item.take())),
        _ => {}
    }
    value
}

fn is_error_code(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains('_') && text == text.to_uppercase())
}

async fn check_document(
    world: &World,
    caller: &TestCaller,
    operation: &str,
    document: &str,
    variables: Value,
) -> Value {
    // What projects the events of the step before is nobody's statement here.
    world.see().await;
    let answer = counted(operation, caller, document, &variables).await;
    assert_snapshot(operation, document, &redacted(variables), &redacted(answer.clone()));
    answer[operation].clone()
}

async fn check(world: &World, caller: &TestCaller, mutation: &str, input: Value, selection: &str) -> Value {
    let payload =
        check_document(world, caller, mutation, &mutation_document(mutation, selection), json!({ "input": input }))
            .await;
    assert_eq!(payload["userErrors"], json!([]), "{mutation}: {payload:#}");
    payload
}

/// A program in which somebody has signed in.
async fn program(world: &World, user: &User, password: &str, recovery_code: Option<&Value>) -> TestCaller {
    let input =
        json!({ "name": user.email, "password": password, "recoveryCode": recovery_code, "transport": "TOKEN" });
    let payload = world.app.nobody().succeed("signIn", input, "token").await;
    world.app.bearer(payload["token"].as_str().expect("a token"))
}

#[tokio::test]
async fn every_operation_on_credentials_answers_what_it_did() {
    let world = World::begin().await;
    let nobody = world.app.nobody();
    let ana = world.invite("Ana Torres", "ana@example.com").await;
    let token = world.link(&ana, LinkPurpose::Activation).await;
    check(&world, &nobody, "accountActivate", json!({ "token": token, "newPassword": PASSWORD }), ERRORS).await;
    world.see().await;
    let input = json!({ "name": "ana@example.com", "password": PASSWORD, "transport": "TOKEN" });
    let payload = "token expiresAt retryAt userErrors { field message code }";
    let signed_in = check(&world, &nobody, "signIn", input, payload).await;
    let ana_here = world.app.bearer(signed_in["token"].as_str().expect("a token"));
    let there = program(&world, &ana, PASSWORD, None).await;
    let document = "{ viewer { credentials { sessions { id isCurrent } } } }";
    let sessions = ana_here.data(document, json!({})).await["viewer"]["credentials"]["sessions"].take();
    let other = sessions.as_array().expect("a list").iter().find(|session| session["isCurrent"] == false);
    check(
        &world,
        &ana_here,
        "sessionRevoke",
        json!({ "sessionId": other.expect("the other")["id"], "currentPassword": PASSWORD }),
        ERRORS,
    )
    .await;
    assert_eq!(there.error_code("{ viewer { roles } }", json!({})).await, "UNAUTHENTICATED");
    check_document(&world, &nobody, "challengeQuestions", "{ challengeQuestions { name text } }", json!({})).await;
    let input = json!({ "currentPassword": PASSWORD, "question": "ship-name", "answer": "The Patient Heron" });
    check(&world, &ana_here, "challengeQuestionSet", input, ERRORS).await;
    check(&world, &nobody, "passwordResetRequest", json!({ "name": "ana@example.com" }), ERRORS).await;
    check(&world, &nobody, "unlockRequest", json!({ "name": "ana@example.com" }), ERRORS).await;
    let token = world.link(&ana, LinkPurpose::Unlock).await;
    check(&world, &nobody, "unlock", json!({ "token": token, "answer": "the patient heron" }), ERRORS).await;
    check(&world, &ana_here, "challengeQuestionRemove", json!({ "currentPassword": PASSWORD }), ERRORS).await;
    let input = json!({ "currentPassword": PASSWORD, "newPassword": OTHER_PASSWORD });
    check(&world, &ana_here, "passwordChange", input, ERRORS).await;
    let token = world.link(&ana, LinkPurpose::PasswordReset).await;
    check(&world, &nobody, "passwordReset", json!({ "token": token, "newPassword": PASSWORD }), ERRORS).await;

    let here = program(&world, &ana, PASSWORD, None).await;
    let payload = "secret uri retryAt userErrors { field message code }";
    let enrolled = check(&world, &here, "totpEnroll", json!({ "currentPassword": PASSWORD }), payload).await;
    let secret = Secret::try_from_base32(enrolled["secret"].as_str().expect("a secret")).expect("base 32");
    let app = Builder::new().with_secret(secret).build().expect("the defaults of every app");
    let code = app.generate(u64::try_from(world.app.clock.now().timestamp()).expect("after 1970")).to_string();
    let payload = "recoveryCodes retryAt userErrors { field message code }";
    let confirmed = check(&world, &here, "totpConfirm", json!({ "code": code }), payload).await;
    let input = json!({ "currentPassword": PASSWORD, "recoveryCode": confirmed["recoveryCodes"][0] });
    let codes = check(&world, &here, "recoveryCodesReplace", input, payload).await;
    world.app.clock.advance(TimeDelta::minutes(2));
    let input = json!({ "currentPassword": PASSWORD, "recoveryCode": codes["recoveryCodes"][0] });
    check(&world, &here, "totpRemove", input, ERRORS).await;
    let document = format!("mutation {{ signOut {{ {ERRORS} }} }}");
    check_document(&world, &here, "signOut", &document, json!({})).await;
    assert_eq!(here.error_code("{ viewer { roles } }", json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn administrators_make_list_and_end_tokens() {
    let world = World::begin().await;
    let administrator = &world.administrator;
    let ends = world.app.clock.now() + TimeDelta::days(90);
    let input = json!({ "name": "Monitoring", "scopes": ["CASES_READ"], "expiresAt": ends });
    let entry = "id person { name } scopes createdAt expiresAt";
    let payload = format!("token apiToken {{ {entry} }} userErrors {{ field message code }}");
    // The newest comes first.
    world.app.clock.advance(TimeDelta::minutes(1));
    let made = check(&world, administrator, "apiTokenCreate", input, &payload).await;
    let machine = world.app.bearer(made["token"].as_str().expect("a token"));
    assert_eq!(machine.data("{ viewer { roles } }", json!({})).await["viewer"]["roles"], json!(["SERVICE"]));
    check_document(&world, administrator, "apiTokens", &format!("{{ apiTokens {{ {entry} }} }}"), json!({})).await;
    check(&world, administrator, "apiTokenRevoke", json!({ "tokenId": made["apiToken"]["id"] }), ERRORS).await;
    assert_eq!(machine.error_code("{ viewer { roles } }", json!({})).await, "UNAUTHENTICATED");
    for (field, input) in [
        ("scopes", json!({ "name": "Monitoring", "scopes": [] })),
        ("expiresAt", json!({ "name": "Monitoring", "scopes": ["CASES_READ"], "expiresAt": "2026-03-02T08:00:00Z" })),
        ("name", json!({ "name": "Two\nlines", "scopes": ["CASES_READ"] })),
    ] {
        assert_eq!(administrator.refusal("apiTokenCreate", input).await["field"], field);
    }
}
