//! Cross-site request forgery: with a session's cookie, whatever another site can make a browser send does nothing.

use reqwest::{Client, Method, header};
use serde_json::json;

use super::world::World;

const DOCUMENT: &str = "mutation { signOut { userErrors { code } } }";

#[tokio::test]
async fn csrf_matrix_content_type_origin_and_method() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let own = format!("http://{}", world.app.address);
    let client = Client::new();
    let types = [
        Some("application/json"),
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        None,
    ];
    let origins: [&[(&str, &str)]; 9] = [
        &[("origin", own.as_str())],
        &[("sec-fetch-site", "same-origin")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", own.as_str())],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")],
    ];
    let (mut worked, mut browser) = (0, world.signed_in(&ana).await);
    for method in [Method::POST, Method::GET, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD] {
        for content_type in types {
            for origin in origins {
                let mut request = client.request(method.clone(), world.app.url());
                request = request.header(header::COOKIE, browser.cookies().expect("cookies"));
                for (name, value) in origin {
                    request = request.header(*name, *value);
                }
                if let Some(content_type) = content_type {
                    request = request.header(header::CONTENT_TYPE, content_type);
                }
                let body = json!({ "query": DOCUMENT }).to_string();
                request = match method {
                    Method::GET | Method::HEAD => request.query(&[("query", DOCUMENT)]),
                    _ => request.body(body),
                };
                let status = request.send().await.expect("the service answers").status();
                let is_ours = method == Method::POST
                    && content_type == Some("application/json")
                    && (*origin == *origins[0] || *origin == *origins[1]);
                let is_out = !world.is_in(&browser).await;
                assert_eq!(is_out, is_ours, "{method} {content_type:?} {origin:?}: {status}");
                assert_eq!(status.is_success(), is_ours, "{method} {content_type:?} {origin:?}");
                if is_ours {
                    worked += 1;
                    browser = world.signed_in(&ana).await;
                }
            }
        }
    }
    assert_eq!(worked, 2);
}

#[tokio::test]
async fn no_other_site_signs_somebody_in() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let input = json!({ "name": ana.email, "password": super::world::PASSWORD });
    let document = harness::mutation_document("signIn", "userErrors { code }");
    for origin in [None, Some("https://evil.example"), Some("null")] {
        let mut request = world.app.nobody().request(&document, &json!({ "input": input }));
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        let response = request.send().await.expect("the service answers");
        assert!(response.headers().get(header::SET_COOKIE).is_none(), "{origin:?}");
        let answer: serde_json::Value = response.json().await.expect("JSON");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "CROSS_ORIGIN", "{origin:?}");
    }
    let sessions: i64 =
        sqlx::query_scalar("select count(*) from sessions").fetch_one(&world.app.pool).await.expect("a count");
    assert_eq!(sessions, 0);
}
