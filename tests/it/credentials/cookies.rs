//! The cookies of production, over the real router.

use api::http::{RequestRates, TrustedProxies};
use harness::{TestCaller, mutation_document};
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};

use super::world::{ERRORS, PASSWORD, World, code};
use crate::forwarded::behind;

/// The origin that [`behind`] is reached at.
const OWN: &str = "https://desk.example";

/// Sends a document from a page; answers what comes back, and the lines that set cookies.
async fn send(
    caller: &TestCaller,
    origin: &str,
    cookies: Option<&str>,
    document: &str,
    input: Value,
) -> (Value, Vec<String>) {
    let mut request = caller.request(document, &json!({ "input": input })).header(ORIGIN, origin);
    if let Some(cookies) = cookies {
        request = request.header(COOKIE, cookies);
    }
    let response = request.send().await.expect("the service answers");
    let line = |line: &reqwest::header::HeaderValue| line.to_str().expect("ASCII").to_owned();
    let lines = response.headers().get_all(SET_COOKIE).iter().map(line).collect();
    (response.json().await.expect("JSON"), lines)
}

/// Name, value and attributes of a line that sets a cookie.
fn parts(line: &str) -> (&str, &str, Vec<&str>) {
    let mut parts = line.split("; ");
    let (name, value) = parts.next().and_then(|first| first.split_once('=')).expect("a cookie");
    (name, value, parts.collect())
}

#[tokio::test]
async fn cookies_of_production_are_secure_for_this_host_alone_and_unknown_by_other_names() {
    let world = World::begin().await;
    world.user("Ana Torres", "ana@example.com").await;
    let url = behind(&world.app, TrustedProxies::default(), RequestRates::UNREACHED).await;
    let caller = world.app.nobody().at(&url);
    let sign_in = mutation_document("signIn", ERRORS);
    let claim = json!({ "name": "ana@example.com", "password": PASSWORD });

    let elsewhere = ["http://desk.example", "https://desk.example.evil.example", "https://desk.example:8443", "null"];
    for origin in elsewhere {
        let (answer, lines) = send(&caller, origin, None, &sign_in, claim.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "CROSS_ORIGIN", "{origin}");
        assert_eq!(lines, Vec::<String>::new());
    }
    let (answer, lines) = send(&caller, OWN, None, &sign_in, claim.clone()).await;
    assert_eq!(code(&answer["data"]["signIn"]), None, "{answer}");
    let [session, device] = &lines[..] else { panic!("{lines:?}") };
    let ((session_name, session, session_is), (device_name, device, device_is)) = (parts(session), parts(device));
    assert_eq!((session_name, device_name), ("__Host-casestream", "__Host-casestream-device"));
    assert_eq!(session_is, ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"], "no domain; it ends with the browser");
    assert_eq!(device_is, ["Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=34560000"]);
    assert!(session.len() > 43 && device.len() > 43 && session != device, "256 bits each");

    let viewer = "{ viewer { roles } }";
    let own = format!("__Host-casestream={session}; __Host-casestream-device={device}");
    let (answer, _) = send(&caller, OWN, Some(&own), viewer, json!({})).await;
    assert_eq!(answer["data"]["viewer"]["roles"], json!(["AGENT"]), "{answer}");
    for (cookies, code) in [
        (format!("casestream={session}"), "UNAUTHENTICATED"),
        (format!("__host-casestream={session}"), "UNAUTHENTICATED"),
        (format!("__Host-casestream={device}"), "UNAUTHENTICATED"),
        (format!("__Host-casestream-device={session}"), "UNAUTHENTICATED"),
        (format!("__Host-casestream={session}; __Host-casestream=css_planted"), "UNAUTHENTICATED"),
    ] {
        let (answer, _) = send(&caller, OWN, Some(&cookies), viewer, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{cookies}: {answer}");
    }
    let (answer, _) = send(&caller, elsewhere[0], Some(&own), viewer, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "CROSS_ORIGIN", "{answer}");

    let sign_out = "mutation { signOut { userErrors { code } } }";
    let (_, lines) = send(&caller, OWN, Some(&own), sign_out, json!({})).await;
    assert_eq!(lines, ["__Host-casestream=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"]);
}
