//! Links in mail: they lead to the base address of the settings, whatever the request that they were asked for by says of itself.

use std::time::Duration;

use api::{
    credentials::CredentialRules,
    http::{ForwardedHeader, RequestRates, Trusted, TrustedProxies},
    identity::AttemptRules,
};
use chrono::TimeDelta;
use harness::{TestCaller, cheap_rules, mutation_document};
use serde_json::{Value, json};

use crate::{
    account_pages::Pages,
    credentials::world::{Browser, OTHER_PASSWORD, code},
    forwarded::{SPOOFS, behind},
    graphql_desk::{open_case, with_case},
    mail::smtp::{BASE_URL, Taken},
};

const KNOWN: &str = "ana@example.com";
const LOCKED: &str = "lou@example.com";

/// Asks with headers; is refused nothing.
async fn ask(caller: &TestCaller, headers: &[(&str, &str)], mutation: &str, input: &Value) {
    let request =
        caller.request(&mutation_document(mutation, "userErrors { code message }"), &json!({ "input": input }));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["data"][mutation]["userErrors"], json!([]), "{mutation} {headers:?}: {answer}");
}

/// Every address of the web that a mail has anywhere.
fn addresses(mail: &Taken) -> Vec<String> {
    let html = mail.html().replace("&#x2f;", "/");
    let all = format!("{} {html} {}", mail.text(), mail.header("List-Unsubscribe").unwrap_or_default());
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ')');
    all.match_indices("://")
        .map(|(at, _)| {
            let start = all[..at].rfind(is_end).map_or(0, |before| before + 1);
            all[start..].split(is_end).next().expect("there is a first").to_owned()
        })
        .collect()
}

#[tokio::test]
async fn spoofed_host_and_forwarded_headers_are_in_no_mailed_link() {
    let attempts = AttemptRules { lock: Duration::from_hours(24 * 300), ..AttemptRules::default() };
    let mut pages = Pages::open_with(CredentialRules { attempts, ..cheap_rules() }).await;
    pages.world.user("Ana Torres", KNOWN).await;
    pages.world.user("Lou Brandt", LOCKED).await;
    for _ in 0..10 {
        pages.world.sign_in(&mut Browser::default(), LOCKED, OTHER_PASSWORD).await;
        pages.world.app.clock.advance(TimeDelta::minutes(1));
    }
    let refused = pages.world.sign_in(&mut Browser::default(), LOCKED, OTHER_PASSWORD).await;
    assert_eq!(code(&refused), Some("LOCKED"));
    let trusting = |header| TrustedProxies { trusted: Trusted::Hops(1), header };
    let proxies = [
        ("nobody", TrustedProxies::default()),
        ("one proxy", trusting(ForwardedHeader::XForwardedFor)),
        ("one proxy by the other header", trusting(ForwardedHeader::Forwarded)),
    ];
    for (which, (trusted, proxies)) in proxies.into_iter().enumerate() {
        let url = behind(&pages.world.app, proxies, RequestRates::UNREACHED).await;
        let opening = json!({ "accountId": pages.account_id, "type": "billing", "category": "other",
                              "subject": "Silent line", "description": "Since Monday." });
        let case_id = open_case(&pages.contact, opening).await;
        pages.mails().await;
        // All at once for each kind of trust; each by itself where least is trusted, and where a proxy is.
        let alone = SPOOFS.iter().filter(|_| which < 2).map(|spoof| vec![*spoof]);
        for (round, headers) in alone.chain([SPOOFS.to_vec()]).enumerate() {
            let headers = [headers, vec![("x-forwarded-for", "203.0.113.7")]].concat();
            // Past what one name and one network may ask for in an hour.
            pages.world.app.clock.advance(TimeDelta::days(1));
            let nobody = pages.world.app.nobody().at(&url);
            let [guest, watcher] = ["guest", "watcher"].map(|who| format!("{who}-{which}-{round}@example.com"));
            ask(&nobody, &headers, "passwordResetRequest", &json!({ "name": KNOWN })).await;
            ask(&nobody, &headers, "unlockRequest", &json!({ "name": LOCKED })).await;
            let invited = json!({ "person": { "new": { "name": "Some Guest", "email": guest } }, "roles": ["AGENT"] });
            ask(&pages.world.administrator.at(&url), &headers, "userInvite", &invited).await;
            let watched = with_case(&case_id, json!({ "watcher": { "email": watcher } }));
            ask(&pages.contact.at(&url), &headers, "caseWatcherAdd", &watched).await;

            let mails = pages.mails().await;
            let what = format!("{headers:?}, trusting {trusted}");
            let links: Vec<_> =
                [(&*guest, "/activate#"), (KNOWN, "/reset-password#"), (LOCKED, "/unlock#"), (&*watcher, "/watch/")]
                    .map(|(to, path)| {
                        let mail = mails.iter().find(|mail| mail.to == [to]);
                        mail.unwrap_or_else(|| panic!("no mail to {to}: {what}")).link(path)
                    })
                    .into();
            assert_eq!((links.len(), mails.len()), (4, 4), "{what}");
            for mail in &mails {
                let addresses = addresses(mail);
                assert!(addresses.len() > 1, "in text and HTML: {addresses:?} of {}\n{}", mail.text(), mail.html());
                for address in addresses {
                    assert!(address.starts_with(&format!("{BASE_URL}/")), "{address}: {what}");
                }
                let sent = [String::from_utf8_lossy(&mail.bytes).into_owned(), mail.text(), mail.html()].concat();
                assert!(!sent.contains("evil"), "{what}");
            }
        }
    }
}
