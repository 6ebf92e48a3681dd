//! `/mailbox` of development mode, through the real program, and what a pepper file can keep it from.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    process::{Command, Output},
};

use reqwest::{Client, Response, header::HOST};
use serde_json::{Value, json};

use crate::service::{Place, READY, free_port, until};

const ADDRESS: &str = "ana@example.com";
const PASSWORD: &str = "tin lantern over wet gravel";

/// A service in development mode on a port that is known before.
struct Desk {
    place: Place,
    port: u16,
    client: Client,
}

impl Desk {
    fn new() -> Self {
        Self { place: Place::new(), port: free_port(), client: Client::new() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.place.command(arguments);
        command.env("CASESTREAM_LISTEN", format!("127.0.0.1:{}", self.port));
        command
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap()
    }

    async fn mutate(&self, mutation: &str, input: &str, values: Value) -> Value {
        let query = format!("mutation($input: {input}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}");
        let body = json!({ "query": query, "variables": { "input": values } });
        let answer: Value =
            self.client.post(self.url("/graphql")).json(&body).send().await.unwrap().json().await.unwrap();
        answer["data"][mutation]["userErrors"].clone()
    }

    /// Invites somebody, who activates by the link that is printed.
    async fn user(&self) {
        let arguments = ["user", "create", "--email", ADDRESS, "--name", "Ana Torres", "--role", "agent"];
        let Output { status, stdout, stderr } = self.command(&arguments).output().unwrap();
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
        let link = String::from_utf8(stdout).unwrap();
        let token = link.trim().split_once('#').unwrap().1;
        let input = json!({ "token": token, "newPassword": PASSWORD });
        assert_eq!(self.mutate("accountActivate", "AccountActivateInput", input).await, json!([]));
    }
}

#[tokio::test]
async fn the_mailbox_shows_mail_as_text_and_as_html_in_a_sandbox_to_this_machine_alone() {
    let desk = Desk::new();
    let service = desk.place.start_until(desk.command(&["serve"]), READY).await;
    assert!(desk.page("/mailbox").await.contains("Nothing yet."));
    desk.user().await;
    let input = json!({ "name": ADDRESS });
    assert_eq!(desk.mutate("passwordResetRequest", "PasswordResetRequestInput", input).await, json!([]));
    let list = until("the mail", async || {
        let list = desk.page("/mailbox").await;
        list.contains("Set another password").then_some(list)
    })
    .await;
    assert!(list.contains(ADDRESS));
    let path = list.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();

    let answer = desk.get(&path).await;
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");
    let text = answer.text().await.unwrap();
    let link = text.split('"').find(|part| part.contains("/reset-password#")).expect("a link that can be followed");
    assert!(link.starts_with(&desk.url("/reset-password#csl_")), "{link}");
    assert!(text.contains("Auto-Submitted: auto-generated"), "its headers, too");

    let answer = desk.get(&format!("{path}/html")).await;
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().starts_with("sandbox;"));
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert!(answer.text().await.unwrap().contains(link.split_once('#').unwrap().1));

    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080"] {
        for path in ["/mailbox", &path] {
            let answer = desk.client.get(desk.url(path)).header(HOST, host).send().await.unwrap();
            assert_eq!(answer.status(), 404, "a name that was made to lead here: {host} {path}");
        }
    }
    for path in [
        "/mailbox/01980000-0000-7000-8000-000000000001",
        "/mailbox/..%2f..%2fmaster.key",
        "/mailbox/x",
        "/mailbox/x/html",
    ] {
        let status = desk.get(path).await.status();
        assert!(status.is_client_error(), "{path}: {status}");
    }
    // The link that was shown works.
    let input = json!({ "token": link.split_once('#').unwrap().1, "newPassword": "seven crows beside a kiln" });
    assert_eq!(desk.mutate("passwordReset", "PasswordResetInput", input).await, json!([]));
    assert!(service.terminate().await.success());
}

#[tokio::test]
async fn the_service_does_not_start_with_a_pepper_file_that_is_wrong_or_lacks_a_pepper_that_is_in_use() {
    let desk = Desk::new();
    let path = desk.place.path().join("peppers");
    let write = |text: &str, mode| {
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    };
    let with_file = || {
        let mut serve = desk.command(&["serve"]);
        serve.env("CASESTREAM_PEPPER_FILE", &path);
        serve
    };
    let refused = |mut serve: Command, words: &str| {
        let Output { status, stderr, .. } = serve.output().unwrap();
        let complaint = String::from_utf8(stderr).unwrap();
        let last = complaint.lines().last().unwrap_or_default();
        assert!(status.code() == Some(1) && last.contains(words), "{complaint}");
        assert!(!complaint.contains("cGVwcGVy"), "{complaint}");
    };
    let pepper = "2 cGVwcGVycGVwcGVycGVwcGVycGVwcGVycGVwcGVyMDE=\n";
    refused(with_file(), "cannot read the pepper file");
    write(pepper, 0o644);
    refused(with_file(), "is open to others: run `chmod 600");
    write(&format!("{pepper}2 cGVwcGVy\n"), 0o600);
    refused(with_file(), "line 2 of the pepper file is not `VERSION KEY`");
    write(pepper, 0o600);
    let service = desk.place.start_until(with_file(), READY).await;
    desk.user().await;
    assert!(service.terminate().await.success());
    refused(desk.command(&["serve"]), "the pepper of version 2 is missing");
    let service = desk.place.start_until(with_file(), READY).await;
    assert!(service.terminate().await.success());
}
