//! Files of theirs over HTTP: each is answered like one of nobody's, whatever is asked of it.

use harness::TestCaller;
use reqwest::{
    Method, RequestBuilder,
    header::{IF_MATCH, IF_NONE_MATCH, IF_RANGE, RANGE},
};
use serde_json::Value;

use super::{
    CANARY,
    theirs::{Theirs, like},
};
use crate::graphql_secrecy::whole_answer;

/// Ways to fetch a file, where `etag` is what the service says it is called.
fn fetches(caller: &TestCaller, id: &Value, etag: &str) -> Vec<RequestBuilder> {
    let path = format!("/attachments/{}", id.as_str().expect("an id"));
    let with = |headers: &[(reqwest::header::HeaderName, &str)]| {
        headers.iter().fold(caller.fetch(&path), |request, (name, value)| request.header(name, *value))
    };
    let mut all = vec![
        with(&[]),
        with(&[(RANGE, "bytes=0-3")]),
        with(&[(RANGE, "bytes=-3")]),
        with(&[(RANGE, "bytes=9999-")]),
        with(&[(IF_NONE_MATCH, "*")]),
        with(&[(IF_NONE_MATCH, etag)]),
        with(&[(IF_MATCH, "\"another\"")]),
        with(&[(IF_RANGE, etag), (RANGE, "bytes=0-3")]),
        with(&[(IF_RANGE, "\"another\""), (RANGE, "bytes=0-3")]),
    ];
    all.extend([Method::HEAD, Method::PUT, Method::POST, Method::DELETE].map(|method| caller.call(method, &path)));
    all
}

/// Ways to send bytes where a file was announced.
fn sends(caller: &TestCaller, url: &str) -> Vec<RequestBuilder> {
    let bodies: [&'static [u8]; 4] = [CANARY.as_bytes(), b"", b"more than was announced", b"\x89PNG\r\n\x1a\n"];
    let mut all: Vec<_> = bodies.into_iter().map(|body| caller.send(url, body)).collect();
    all.extend([Method::GET, Method::HEAD, Method::POST, Method::DELETE].map(|method| caller.call(method, url)));
    all
}

/// A token like another that nobody was given.
fn like_token(url: &str) -> String {
    let (first, last) = url.split_at(url.len() - 1);
    format!("{first}{}", if last == "A" { "B" } else { "A" })
}

pub async fn visit(stranger: &TestCaller, theirs: &Theirs) {
    let known = theirs.canary.fetch(&format!("/attachments/{}", theirs.file.as_str().unwrap())).send().await.unwrap();
    let etag = known.headers()["etag"].to_str().unwrap().to_owned();
    assert!(known.text().await.unwrap().contains(CANARY));
    // Whoever may see a file is answered in many ways: so each way could tell.
    let mut told = vec![];
    for request in fetches(&theirs.canary, &theirs.file, &etag) {
        told.push(whole_answer(request).await.0);
    }
    assert_eq!(told, [200, 206, 206, 416, 304, 304, 200, 206, 200, 200, 405, 405, 405]);

    for id in &theirs.files {
        let (asked, nothing) = (fetches(stranger, id, &etag), fetches(stranger, &like(id), &etag));
        for (which, (asked, nothing)) in asked.into_iter().zip(nothing).enumerate() {
            let (asked, nothing) = (whole_answer(asked).await, whole_answer(nothing).await);
            assert_eq!(asked, nothing, "{id} asked for in way {which}");
            assert_eq!(asked.0, if told[which] == 405 { 405 } else { 404 });
        }
    }
    let (asked, nothing) = (sends(stranger, &theirs.upload), sends(stranger, &like_token(&theirs.upload)));
    for (which, (asked, nothing)) in asked.into_iter().zip(nothing).enumerate() {
        let (asked, nothing) = (whole_answer(asked).await, whole_answer(nothing).await);
        assert_eq!(asked, nothing, "sent in way {which}");
        assert_eq!(asked.0, if which < 4 { 404 } else { 405 });
    }
}
