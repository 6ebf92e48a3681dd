//! People who sign in, and their browsers.

use api::{
    credentials::{CredentialRules, worker},
    graphql::GlobalId as _,
    identity::{LinkPurpose, links},
};
use async_graphql::ID;
use domain::{PersonId, Role};
use harness::{TestApp, TestCaller, cheap_rules, mutation_document};
use reqwest::header::{COOKIE, ORIGIN, RETRY_AFTER, SET_COOKIE};
use serde_json::{Value, json};

/// A password that every policy takes.
pub const PASSWORD: &str = "tin lantern over wet gravel";
/// Another one.
pub const OTHER_PASSWORD: &str = "seven crows beside a kiln";

pub struct World {
    pub app: TestApp,
    pub administrator: TestCaller,
}

/// Somebody who may sign in.
pub struct User {
    pub person: PersonId,
    pub email: String,
}

/// What a browser remembers.
#[derive(Clone, Default)]
pub struct Browser {
    pub session: Option<String>,
    pub device: Option<String>,
}

impl World {
    pub async fn begin() -> Self {
        Self::begin_with(cheap_rules()).await
    }

    pub async fn begin_with(rules: CredentialRules) -> Self {
        let app = TestApp::start_with(rules).await;
        let administrator = app.staff(Role::Administrator).await;
        Self { app, administrator }
    }

    /// Invites somebody as an agent; they have no password yet.
    pub async fn invite(&self, name: &str, email: &str) -> User {
        let person = json!({ "new": { "name": name, "email": email } });
        let input = json!({ "person": person, "roles": ["AGENT"] });
        let invited = self.administrator.succeed("userInvite", input, "pending user { person { id } }").await;
        assert_eq!(invited["pending"], false);
        let id = ID(invited["user"]["person"]["id"].as_str().expect("an id").to_owned());
        User { person: PersonId::from_global(&id).expect("a person's id"), email: email.to_owned() }
    }

    /// Somebody who has activated.
    pub async fn user(&self, name: &str, email: &str) -> User {
        let user = self.invite(name, email).await;
        let token = self.link(&user, LinkPurpose::Activation).await;
        let input = json!({ "token": token, "newPassword": PASSWORD });
        let activated = self.app.nobody().mutate("accountActivate", input, ERRORS).await;
        assert_eq!(activated["userErrors"], json!([]), "{activated}");
        self.see().await;
        user
    }

    /// A link of somebody's, in place of the one that was mailed.
    pub async fn link(&self, user: &User, purpose: LinkPurpose) -> String {
        let mut conn = self.app.pool.acquire().await.expect("a connection");
        let token = links::issue(&mut conn, user.person, purpose, self.app.clock.now()).await.expect("it is issued");
        token.reveal().to_owned()
    }

    /// Has the worker do what it has to, and waits until all that was recorded can be read.
    pub async fn work(&self) {
        worker::step(self.app.service.services()).await.expect("the worker works");
        self.see().await;
    }

    /// Waits until all that was recorded can be read.
    pub async fn see(&self) {
        let last: i64 = sqlx::query_scalar("select coalesce(max(position), 0) from events")
            .fetch_one(&self.app.pool)
            .await
            .expect("the log answers");
        self.app.until_visible(last).await;
    }

    /// Events of somebody, by their types.
    pub async fn events(&self, user: &User) -> Vec<String> {
        sqlx::query_scalar(
            "select event_type from events where aggregate_type = 'user' and aggregate_id = $1 order by sequence",
        )
        .bind(user.person.to_string())
        .fetch_all(&self.app.pool)
        .await
        .expect("the log answers")
    }

    /// Asks something from a page of the portal in a browser, which keeps the cookies that come back.
    pub async fn ask(&self, browser: &mut Browser, mutation: &str, input: Option<Value>, selection: &str) -> Value {
        let document = match &input {
            Some(_) => mutation_document(mutation, selection),
            None => format!("mutation {{ {mutation} {{ {selection} }} }}"),
        };
        let mut answer = self.send(browser, &document, &json!({ "input": input })).await;
        assert!(answer.get("errors").is_none(), "{mutation}: {answer:#}");
        answer["data"][mutation].take()
    }

    /// Sends a document from a browser.
    pub async fn send(&self, browser: &mut Browser, document: &str, variables: &Value) -> Value {
        let mut request = self.app.nobody().request(document, variables);
        request = request.header(ORIGIN, format!("http://{}", self.app.address));
        if let Some(cookies) = browser.cookies() {
            request = request.header(COOKIE, cookies);
        }
        let response = request.send().await.expect("the service answers");
        for line in response.headers().get_all(SET_COOKIE) {
            browser.keep(line.to_str().expect("ASCII"));
        }
        response.json().await.expect("JSON")
    }

    /// Signs in, or does not; answers the payload.
    pub async fn sign_in(&self, browser: &mut Browser, name: &str, password: &str) -> Value {
        let input = json!({ "name": name, "password": password });
        self.ask(browser, "signIn", Some(input), "token retryAt userErrors { code field message }").await
    }

    /// A browser in which somebody has signed in.
    pub async fn signed_in(&self, user: &User) -> Browser {
        let mut browser = Browser::default();
        let payload = self.sign_in(&mut browser, &user.email, PASSWORD).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
        browser
    }

    /// Whether a browser is signed in.
    pub async fn is_in(&self, browser: &Browser) -> bool {
        let answer = self.send(&mut browser.clone(), "{ viewer { person { id } } }", &json!({})).await;
        answer["data"]["viewer"]["person"]["id"].is_string()
    }
}

/// What every payload has.
pub const ERRORS: &str = "userErrors { code field message }";

/// The code of a payload's one user error; none when there is none.
pub fn code(payload: &Value) -> Option<&str> {
    payload["userErrors"][0]["code"].as_str()
}

/// What somebody is told whose request is to come again later: the status, the code, and after how many seconds.
pub async fn refused_for_now(caller: &TestCaller, mutation: &str, input: Value) -> (u16, String, u64) {
    let request = caller.request(&mutation_document(mutation, ERRORS), &json!({ "input": input }));
    let response = request.send().await.expect("the service answers");
    let (status, wait) = (response.status().as_u16(), response.headers().get(RETRY_AFTER).cloned());
    let answer: Value = response.json().await.expect("JSON");
    let error = &answer["errors"][0]["extensions"];
    let code = error["code"].as_str().unwrap_or_else(|| panic!("it is refused: {answer}")).to_owned();
    let wait = wait.and_then(|wait| wait.to_str().ok()?.parse().ok()).expect("when to come back");
    assert_eq!(error["retryAfter"], wait, "{answer}");
    (status, code, wait)
}

impl Browser {
    pub fn cookies(&self) -> Option<String> {
        let cookie = |name, value: &Option<String>| value.as_ref().map(|value| format!("{name}={value}"));
        let cookies: Vec<_> = [cookie("casestream", &self.session), cookie("casestream-device", &self.device)]
            .into_iter()
            .flatten()
            .collect();
        (!cookies.is_empty()).then(|| cookies.join("; "))
    }

    fn keep(&mut self, line: &str) {
        let (name, rest) = line.split_once('=').expect("a cookie");
        let (value, attributes) = rest.split_once(';').expect("with attributes");
        assert!(
            attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax") && attributes.contains("Path=/"),
            "{line}"
        );
        let value = (!value.is_empty()).then(|| value.to_owned());
        match name {
            "casestream" => self.session = value,
            "casestream-device" => self.device = value,
            other => panic!("an unknown cookie {other}"),
        }
    }
}
