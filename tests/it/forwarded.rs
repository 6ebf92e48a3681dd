//! What a client writes about itself into headers: it changes neither where links lead nor as whom it is counted, but for
//! what a trusted proxy has written.

use api::{
    access_requests::BY_NETWORK,
    http::{ForwardedHeader, Limits, RequestRates, SecurityOptions, ServerLimits, Trusted, TrustedProxies, serve},
    service::Service,
    settings::Mode,
};
use harness::{TestApp, TestCaller};
use serde_json::{Value, json};
use std::num::NonZeroU32;
use tokio::net::TcpListener;

use crate::{access_requests::form, graphql_desk::Desk};

/// Every header by which a client could say where it thinks the service is.
pub const SPOOFS: [(&str, &str); 9] = [
    ("host", "evil.example"),
    ("x-forwarded-host", "evil.example"),
    ("x-original-host", "evil.example"),
    ("x-host", "evil.example"),
    ("x-forwarded-server", "evil.example"),
    ("x-forwarded-proto", "evil"),
    ("x-original-url", "https://evil.example/"),
    ("x-rewrite-url", "https://evil.example/"),
    ("forwarded", "for=203.0.113.7;host=evil.example;proto=evil"),
];

/// The service again, on another port, behind proxies and with rates of its own.
pub async fn behind(app: &TestApp, proxies: TrustedProxies, rates: RequestRates) -> String {
    serving(&app.service, proxies, rates).await
}

/// A service on a port, as in production.
pub async fn serving(service: &Service, proxies: TrustedProxies, rates: RequestRates) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let security =
        SecurityOptions { mode: Mode::Production, origin: "https://desk.example".to_owned(), proxies, rates };
    let router = service.router(Limits::default(), security);
    tokio::spawn(serve(listener, router, ServerLimits::default(), std::future::pending()));
    format!("http://{address}/graphql")
}

/// Submits the form with a header; answers the code of the refusal, if there is one.
async fn submit(caller: &TestCaller, n: usize, header: (&str, &str)) -> Option<String> {
    let document = "mutation($input: AccessRequestSubmitInput!) { accessRequestSubmit(input: $input) { received } }";
    let input = json!({ "input": form(&format!("p{n}@example.com")) });
    let response = caller.request(document, &input).header(header.0, header.1).send().await.unwrap();
    let answer: Value = response.json().await.unwrap();
    answer["errors"][0]["extensions"]["code"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn a_client_is_counted_as_whom_trusted_proxies_name_and_not_as_whom_it_names_itself() {
    let app = TestApp::start().await;
    let one_proxy = TrustedProxies { trusted: Trusted::Hops(1), header: ForwardedHeader::XForwardedFor };
    let plain = app.nobody();
    let proxied = app.nobody().at(&behind(&app, one_proxy, RequestRates::UNREACHED).await);
    let limit = usize::try_from(BY_NETWORK.tries).unwrap();
    for n in 0..limit {
        // Without trust, a new name each time is the same client each time.
        assert_eq!(submit(&plain, n, ("x-forwarded-for", &format!("192.0.2.{n}"))).await, None);
    }
    let spoofed = submit(&plain, 900, ("x-forwarded-for", "192.0.2.250")).await;
    assert_eq!(spoofed.as_deref(), Some("RATE_LIMITED"));

    let as_client = async |n: usize, line: &str| submit(&proxied, n, ("x-forwarded-for", line)).await;
    for n in 0..limit {
        // What the client wrote stands before what the proxy wrote.
        assert_eq!(as_client(100 + n, &format!("198.51.100.{n}, 203.0.113.7")).await, None);
    }
    assert_eq!(as_client(901, "198.51.100.200, 203.0.113.7").await.as_deref(), Some("RATE_LIMITED"));
    assert_eq!(as_client(902, "203.0.113.8").await, None, "another client of the same proxy");
    let other_header = submit(&proxied, 903, ("forwarded", "for=203.0.113.9")).await;
    assert_eq!(other_header.as_deref(), Some("RATE_LIMITED"), "it counts as the proxy, whose address had its share");
}

#[tokio::test]
async fn load_is_shed_by_network_and_person_with_what_a_client_needs_to_come_back() {
    let desk = Desk::open().await;
    let rate = |n| NonZeroU32::new(n).unwrap();
    let by_person = RequestRates { person: rate(1), ..RequestRates::UNREACHED };
    let by_network = RequestRates { network: rate(1), ..RequestRates::UNREACHED };
    for (rates, by) in [(by_person, "person"), (by_network, "network")] {
        let url = behind(&desk.app, TrustedProxies::default(), rates).await;
        let agent = desk.agent.at(&url);
        let mut refused = None;
        for _ in 0..40 {
            let response = agent.request("{ viewer { roles } }", &json!({})).send().await.unwrap();
            if response.status() != 200 {
                refused = Some(response);
                break;
            }
        }
        let response = refused.expect("ten go on, and one a second");
        assert_eq!(response.status(), 429);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("retry-after"), "1");
        assert_eq!(header("ratelimit"), format!("\"{by}\";r=0;t=1"));
        assert_eq!(
            header("content-security-policy"),
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        assert_eq!(header("strict-transport-security"), "max-age=63072000; includeSubDomains");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED");
        assert_eq!(answer.get("data"), None);
        let other = desk.supervisor.at(&url).request("{ viewer { roles } }", &json!({})).send().await.unwrap();
        assert_eq!(other.status(), if by == "person" { 200 } else { 429 }, "others of the network share its lot");
    }
}

#[tokio::test]
async fn no_link_leads_where_a_client_says_the_service_is() {
    let desk = Desk::open().await;
    let url = behind(
        &desk.app,
        TrustedProxies { trusted: Trusted::Hops(1), ..TrustedProxies::default() },
        RequestRates::UNREACHED,
    )
    .await;
    let stage =
        "mutation($input: UploadStageInput!) { uploadStage(input: $input) { upload { url } userErrors { code } } }";
    let input = json!({ "input": { "accountId": desk.account_id, "fileName": "router.log", "sizeBytes": 5 } });
    for (name, value) in SPOOFS {
        for (document, variables) in
            [(stage, &input), ("{ viewer { person { id } } }", &json!({})), ("{ nonsense", &json!({}))]
        {
            let request = desk.contact.at(&url).request(document, variables).header(name, value);
            let response = request.send().await.unwrap();
            let headers = format!("{:?}", response.headers());
            let body = response.text().await.unwrap();
            assert!(!headers.contains("evil") && !body.contains("evil"), "{name}: {headers} {body}");
        }
        let followed = desk.app.nobody().at(&url).fetch("/watch/nothing").header(name, value).send().await.unwrap();
        let said = format!("{:?} {}", followed.headers().clone(), followed.text().await.unwrap());
        assert!(!said.contains("evil"), "{name}: {said}");
    }
}
