//! The account pages as a guide for customers tells them, from the form for access to a lock that a mailed link ends: everything through
//! GraphQL over HTTP, every mail from a real mail server, every link out of a mail.

use std::sync::Arc;

use api::{credentials::CredentialRules, mail::Mailer};
use chrono::TimeDelta;
use harness::{TestCaller, cheap_rules};
use serde_json::{Value, json};

use crate::{
    credentials::world::{Browser, ERRORS, OTHER_PASSWORD, PASSWORD, World, code},
    graphql_desk::viewer,
    mail::smtp::{MailServer, Taken},
};

const ANA: &str = "ana@acme.example";
const BEN: &str = "ben@acme.example";
const USERNAME: &str = "cleo-at-acme";
const CLEO: &str = "cleo@acme.example";
/// Who sends mail, as the settings name them.
const COMMUNICATIONS: &str = "communications@example.com";
const ADMIN: &str = "admin@example.com";
/// The password after the first, and the one after that.
const CHANGED: &str = OTHER_PASSWORD;
const RESET: &str = "nine kettles on a slow ferry";
const ANSWER: &str = "The Patient Heron";
const ASKED: &str = "challengeQuestion { name text } userErrors { code field message }";

/// The service, a mail server, and who reads what comes there.
pub struct Pages {
    pub world: World,
    /// A contact of ACME, and a supervisor.
    pub contact: TestCaller,
    supervisor: TestCaller,
    pub account_id: Value,
    server: MailServer,
    mailer: Mailer,
    read: usize,
}

impl Pages {
    pub async fn open_with(rules: CredentialRules) -> Self {
        let (world, server) = (World::begin_with(rules).await, MailServer::start().await);
        let contact = world.app.contact("ACME").await;
        let account_id = viewer(&contact).await["accounts"][0]["id"].clone();
        let supervisor = world.app.supervisor().await;
        for (sender, name, address) in
            [("SUPPORT", "Example Communications", COMMUNICATIONS), ("ADMIN", "Example Admin", ADMIN)]
        {
            let sender = json!({ "sender": sender, "name": name, "address": address });
            world.administrator.succeed("brandSenderSet", sender, "brand { portalName }").await;
        }
        let mailer = Mailer::new(Arc::clone(world.app.service.services()), server.options());
        let mut this = Self { world, contact, supervisor, account_id, server, mailer, read: 0 };
        assert!(this.mails().await.is_empty(), "what came before is nobody's news");
        this
    }

    /// All mail that has come since the last time, in the order of who it is for.
    pub async fn mails(&mut self) -> Vec<Taken> {
        self.world.work().await;
        let safe = event_log::safe_position_now(&self.world.app.pool).await.expect("the log answers");
        self.mailer.tell(safe).await.expect("mail can be worked out");
        self.mailer.deliver_due().await;
        let mut mails = self.server.taken().split_off(self.read);
        self.read += mails.len();
        mails.sort_by_key(|mail| (mail.to.clone(), mail.text()));
        mails
    }

    /// The same, which is exactly this much: to whom, from whom, and what it says first.
    async fn mailed(&mut self, expected: &[(&str, &str, &str)]) -> Vec<Taken> {
        let mails = self.mails().await;
        let seen: Vec<_> = mails.iter().map(|mail| (mail.to.concat(), sender(mail), first_line(mail))).collect();
        let owned = |text: &str| text.to_owned();
        let expected: Vec<_> = expected.iter().map(|(to, from, says)| (owned(to), owned(from), owned(says))).collect();
        assert_eq!(seen, expected);
        mails
    }

    /// Asks something from a page and is refused nothing.
    async fn succeed(&self, browser: &mut Browser, mutation: &str, input: Value) {
        let payload = self.world.ask(browser, mutation, Some(input), ERRORS).await;
        assert_eq!(code(&payload), None, "{mutation}: {payload}");
    }

    /// Signs in; answers the code of the refusal, if there is one.
    async fn sign_in(&self, browser: &mut Browser, name: &str, password: &str) -> Option<String> {
        let payload = self.world.sign_in(browser, name, password).await;
        assert_eq!(code(&payload).is_none(), self.world.is_in(browser).await, "{payload}");
        code(&payload).map(str::to_owned)
    }

    /// Asks for a link with nothing but a name, and takes it out of the mail.
    async fn mailed_link(&mut self, mutation: &str, name: &str, to: &str, says: &str, path: &str) -> String {
        self.succeed(&mut Browser::default(), mutation, json!({ "name": name })).await;
        let mails = self.mailed(&[(to, COMMUNICATIONS, says)]).await;
        token(&mails[0], path)
    }

    /// Sets a password by a link, asked from a browser that nobody knows.
    async fn reset(&self, token: &str, answer: Option<&str>) -> Value {
        let input = json!({ "token": token, "newPassword": RESET, "answer": answer });
        self.world.ask(&mut Browser::default(), "passwordReset", Some(input), ASKED).await
    }

    fn later(&self, by: TimeDelta) {
        self.world.app.clock.advance(by);
    }
}

fn first_line(mail: &Taken) -> String {
    mail.text().lines().next().expect("a text").to_owned()
}

/// The address in the `From` of a mail.
fn sender(mail: &Taken) -> String {
    mail.parsed().from().and_then(|from| from.first()?.address.as_deref().map(str::to_owned)).expect("a sender")
}

/// The token in the one link that a mail brings.
fn token(mail: &Taken, path: &str) -> String {
    let link = mail.link(path);
    let token = link.split_once('#').expect("a token behind the address").1;
    assert!(mail.html().contains(token), "the same link in both");
    token.to_owned()
}

#[tokio::test]
async fn account_pages_from_the_form_for_access_to_the_end_of_a_lock() {
    let mut pages = Pages::open_with(cheap_rules()).await;
    request_access(&mut pages).await;
    let mut laptop = activate(&mut pages).await;
    change_password(&mut pages, &mut laptop).await;
    reset_a_forgotten_password(&mut pages).await;
    reset_by_username(&mut pages).await;
    unlock_an_account(&mut pages, &mut laptop).await;
}

/// A stranger fills in the form, for herself and for a colleague whom only the description names.
async fn request_access(pages: &mut Pages) {
    let form = json!({
        "type": "PORTAL_ACCESS", "name": "Ana Torres", "email": ANA, "phone": "+1 555 0100",
        "accountName": "Acme Hardware", "serviceAddress": "12 Mill Road",
        "description": format!("Access for me and for Ben Ito ({BEN}), please."),
    });
    let nobody = pages.world.app.nobody();
    let received = nobody.mutate("accessRequestSubmit", form, "received userErrors { code }").await;
    assert_eq!(received, json!({ "received": true, "userErrors": [] }));
    pages.mailed(&[]).await;

    let list = "{ accessRequests(first: 10) { nodes { id accountName description people { number name email } } } }";
    let mut listed = pages.supervisor.data(list, json!({})).await["accessRequests"]["nodes"].take();
    let request = listed[0].take();
    assert_eq!(request["description"], format!("Access for me and for Ben Ito ({BEN}), please."));
    assert_eq!(request["people"], json!([{ "number": 1, "name": "Ana Torres", "email": ANA }]));
    let colleague = json!({ "accessRequestId": request["id"], "name": "Ben Ito", "email": BEN });
    pages.supervisor.succeed("accessRequestAddPerson", colleague, "accessRequest { id }").await;
    for (number, decided) in [(1, false), (2, true)] {
        let approve = json!({ "accountId": pages.account_id, "role": "MEMBER", "authority": "Called Acme back." });
        let input = json!({ "accessRequestId": request["id"], "number": number, "decision": { "approve": approve } });
        let payload = pages.supervisor.succeed("accessRequestDecide", input, "accessRequest { decided }").await;
        assert_eq!(payload["accessRequest"]["decided"], decided, "person by person");
    }
}

/// Both follow the link of their mail, set a password and sign in. Nothing more is mailed than what they wait for.
async fn activate(pages: &mut Pages) -> Browser {
    let expected = [ANA, BEN].map(|to| (to, COMMUNICATIONS, "Welcome to Support Portal"));
    let mails = pages.mailed(&expected).await;
    let mut laptops = vec![];
    for (mail, email) in mails.iter().zip([ANA, BEN]) {
        let mut laptop = Browser::default();
        let token = token(mail, "/activate");
        assert_eq!(pages.sign_in(&mut laptop, email, PASSWORD).await.as_deref(), Some("SIGN_IN_REFUSED"), "not yet");
        let weak = json!({ "token": token, "newPassword": "ACME support portal" });
        let refused = pages.world.ask(&mut laptop, "accountActivate", Some(weak), ERRORS).await;
        assert_eq!(code(&refused), Some("WEAK_PASSWORD"), "and the link is still good");
        let input = json!({ "token": token, "newPassword": PASSWORD });
        pages.succeed(&mut laptop, "accountActivate", input.clone()).await;
        assert!(!pages.world.is_in(&laptop).await, "activating signs nobody in");
        let again = pages.world.ask(&mut Browser::default(), "accountActivate", Some(input), ERRORS).await;
        assert_eq!(code(&again), Some("LINK_NOT_GOOD"), "it works once");
        assert_eq!(pages.sign_in(&mut laptop, email, PASSWORD).await, None);
        let me = pages.world.send(&mut laptop, "{ viewer { roles accounts { id } } }", &json!({})).await;
        let expected = json!({ "roles": ["CONTACT"], "accounts": [{ "id": pages.account_id }] });
        assert_eq!(me["data"]["viewer"], expected);
        laptops.push(laptop);
    }
    pages.mailed(&[]).await;
    laptops.swap_remove(0)
}

/// My Account: a question is chosen, the password changed; all other sessions end, and a mail confirms each.
async fn change_password(pages: &mut Pages, laptop: &mut Browser) {
    let mut phone = Browser::default();
    assert_eq!(pages.sign_in(&mut phone, ANA, PASSWORD).await, None);
    pages.mailed(&[(ANA, ADMIN, "A sign-in from a new device")]).await;

    let questions = pages.world.send(laptop, "{ challengeQuestions { name text } }", &json!({})).await;
    let question = &questions["data"]["challengeQuestions"][0]["name"];
    let input = json!({ "currentPassword": PASSWORD, "question": question, "answer": ANSWER });
    pages.succeed(laptop, "challengeQuestionSet", input).await;
    pages.mailed(&[(ANA, ADMIN, "Your challenge question was set")]).await;

    let wrong = json!({ "currentPassword": CHANGED, "newPassword": CHANGED });
    let refused = pages.world.ask(laptop, "passwordChange", Some(wrong), ERRORS).await;
    assert_eq!(refused["userErrors"][0]["field"], "currentPassword");
    assert!(pages.world.is_in(&phone).await, "nothing has happened");
    pages.succeed(laptop, "passwordChange", json!({ "currentPassword": PASSWORD, "newPassword": CHANGED })).await;
    assert!(pages.world.is_in(laptop).await && !pages.world.is_in(&phone).await);
    pages.mailed(&[(ANA, ADMIN, "Your password was changed")]).await;
    assert_eq!(pages.sign_in(&mut phone, ANA, PASSWORD).await.as_deref(), Some("SIGN_IN_REFUSED"));
    assert_eq!(pages.sign_in(&mut phone, ANA, CHANGED).await, None);
}

/// *Need help signing in?*, *Forgot password?*: a link by mail, good for one hour, and the question.
async fn reset_a_forgotten_password(pages: &mut Pages) {
    let mut session = Browser::default();
    assert_eq!(pages.sign_in(&mut session, ANA, CHANGED).await, None);
    pages.mailed(&[(ANA, ADMIN, "A sign-in from a new device")]).await;
    let (says, path) = ("Set another password", "/reset-password");
    let late = pages.mailed_link("passwordResetRequest", ANA, ANA, says, path).await;
    pages.later(TimeDelta::minutes(61));
    assert_eq!(code(&pages.reset(&late, Some(ANSWER)).await), Some("LINK_NOT_GOOD"), "an hour has passed");

    let link = pages.mailed_link("passwordResetRequest", ANA, ANA, says, path).await;
    pages.later(TimeDelta::minutes(59));
    let asked = pages.reset(&link, None).await;
    assert_eq!(code(&asked), Some("ANSWER_REQUIRED"));
    assert!(asked["challengeQuestion"]["text"].as_str().is_some_and(|text| text.ends_with('?')), "{asked}");
    assert_eq!(code(&pages.reset(&link, Some("The Hasty Heron")).await), Some("SIGN_IN_REFUSED"));
    assert_eq!(code(&pages.reset(&link, Some("the patient heron")).await), None);
    assert_eq!(code(&pages.reset(&link, Some(ANSWER)).await), Some("LINK_NOT_GOOD"), "it works once");
    assert!(!pages.world.is_in(&session).await);
    pages.mailed(&[(ANA, ADMIN, "Your password was changed")]).await;
    assert_eq!(pages.sign_in(&mut session, ANA, CHANGED).await.as_deref(), Some("SIGN_IN_REFUSED"), "the old one");
    assert_eq!(pages.sign_in(&mut session, ANA, RESET).await, None);
    pages.mailed(&[]).await;
}

/// The same for somebody with a username and without a question; and nobody is mailed whom nobody knows.
async fn reset_by_username(pages: &mut Pages) {
    let invitation = json!({
        "person": { "new": { "name": "Cleo Marsh", "email": CLEO } }, "roles": ["CONTACT"], "username": USERNAME,
        "account": { "accountId": pages.account_id, "role": "MEMBER" },
    });
    pages.world.administrator.succeed("userInvite", invitation, "pending").await;
    let mails = pages.mailed(&[(CLEO, COMMUNICATIONS, "Welcome to Support Portal")]).await;
    let mut browser = Browser::default();
    let input = json!({ "token": token(&mails[0], "/activate"), "newPassword": PASSWORD });
    pages.succeed(&mut browser, "accountActivate", input).await;
    let link = pages
        .mailed_link("passwordResetRequest", &USERNAME.to_uppercase(), CLEO, "Set another password", "/reset-password")
        .await;
    assert_eq!(code(&pages.reset(&link, None).await), None, "no question was chosen");
    pages.mailed(&[(CLEO, ADMIN, "Your password was changed")]).await;
    for name in [USERNAME, CLEO] {
        assert_eq!(pages.sign_in(&mut browser, name, RESET).await, None);
    }
    for mutation in ["passwordResetRequest", "unlockRequest"] {
        let unknown = json!({ "name": "nobody@acme.example" });
        pages.succeed(&mut Browser::default(), mutation, unknown).await;
    }
    pages.mailed(&[]).await;
}

/// Too many tries lock; *Unlock account?* mails a link, which asks the question and signs nobody in.
async fn unlock_an_account(pages: &mut Pages, laptop: &mut Browser) {
    let mut elsewhere = Browser::default();
    for _ in 0..10 {
        assert_eq!(pages.sign_in(&mut elsewhere, ANA, CHANGED).await.as_deref(), Some("SIGN_IN_REFUSED"));
        pages.later(TimeDelta::minutes(1));
    }
    assert_eq!(pages.sign_in(&mut elsewhere, ANA, RESET).await.as_deref(), Some("LOCKED"), "the right one, too");
    assert_eq!(pages.sign_in(laptop, ANA, RESET).await, None, "but not where she signed in before");
    pages.mailed(&[(ANA, ADMIN, "Your access is locked")]).await;

    let link = pages.mailed_link("unlockRequest", ANA, ANA, "Unlock your access", "/unlock").await;
    for (answer, expected) in
        [(None, Some("ANSWER_REQUIRED")), (Some("The Hasty Heron"), Some("SIGN_IN_REFUSED")), (Some(ANSWER), None)]
    {
        assert_eq!(pages.sign_in(&mut elsewhere, ANA, RESET).await.as_deref(), Some("LOCKED"), "still");
        let input = json!({ "token": link, "answer": answer });
        let payload = pages.world.ask(&mut elsewhere, "unlock", Some(input), ASKED).await;
        assert_eq!(code(&payload), expected, "{payload}");
    }
    assert!(!pages.world.is_in(&elsewhere).await, "unlocking signs nobody in");
    pages.mailed(&[(ANA, ADMIN, "Your access is unlocked")]).await;
    assert_eq!(pages.sign_in(&mut elsewhere, ANA, RESET).await, None);
    pages.mailed(&[(ANA, ADMIN, "A sign-in from a new device")]).await;
}
