//! Without challenge questions.

use api::{credentials::CredentialRules, http::RequestRates, identity::LinkPurpose};
use harness::{cheap_rules, mutation_document};
use reqwest::header::{AUTHORIZATION, ORIGIN};
use serde_json::{Value, json};

use super::world::{ERRORS, OTHER_PASSWORD, PASSWORD, World, code};
use crate::{forwarded::serving, timers::instance_with};

#[tokio::test]
async fn nobody_can_choose_a_question_and_those_that_were_chosen_are_not_asked() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut browser = world.signed_in(&ana).await;
    let chosen = json!({ "currentPassword": PASSWORD, "question": "ship-name", "answer": "The Patient Heron" });
    let set = world.ask(&mut browser, "challengeQuestionSet", Some(chosen.clone()), ERRORS).await;
    assert_eq!(code(&set), None);

    let rules = CredentialRules { challenge_questions: false, ..cheap_rules() };
    let without = instance_with(&world.app, rules).await;
    let url = serving(&without, api::http::TrustedProxies::default(), RequestRates::UNREACHED).await;
    let nobody = world.app.nobody().at(&url);
    let claim = json!({ "name": ana.email, "password": PASSWORD, "transport": "TOKEN" });
    let signed_in = nobody.mutate("signIn", claim, "token userErrors { code }").await;
    let token = signed_in["token"].as_str().expect("a token");
    let ask = async |document: &str, input: Value| -> Value {
        let request = nobody.request(document, &json!({ "input": input })).header(ORIGIN, "https://desk.example");
        let response = request.header(AUTHORIZATION, format!("Bearer {token}")).send().await.expect("it answers");
        response.json::<Value>().await.expect("JSON")["data"].take()
    };
    let offered =
        ask("{ challengeQuestions { name } viewer { credentials { challengeQuestion { name } } } }", json!({})).await;
    assert_eq!(offered["challengeQuestions"], json!([]), "{offered}");
    let refused = ask(&mutation_document("challengeQuestionSet", ERRORS), chosen).await;
    assert!(code(&refused["challengeQuestionSet"]).is_some(), "{refused}");

    for (mutation, purpose, input) in [
        ("unlock", LinkPurpose::Unlock, json!({})),
        ("passwordReset", LinkPurpose::PasswordReset, json!({ "newPassword": OTHER_PASSWORD })),
    ] {
        let mut input = input;
        input["token"] = json!(world.link(&ana, purpose).await);
        // Where questions are asked the same link asks for the answer.
        let with = world.app.nobody().mutate(mutation, input.clone(), ERRORS).await;
        assert_eq!(code(&with), Some("ANSWER_REQUIRED"), "{with}");
        let without = nobody.mutate(mutation, input, ERRORS).await;
        assert_eq!(code(&without), None, "{mutation}: {without}");
    }
}
