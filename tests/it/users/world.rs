//! A desk, an administrator, and what tests do to portal users that the API has no operation for.

use api::graphql::GlobalId as _;
use async_graphql::ID;
use domain::{
    Actor, Channel, Metadata, PersonId, RequestId, Role,
    user::{PasswordOccasion, User, UserAction, UserCommand},
};
use event_log::{AppendOptions, Loaded};
use harness::TestCaller;
use serde_json::{Value, json};
use sqlx::Row as _;

use crate::graphql_desk::Desk;

/// What of a user is read.
pub const USER: &str = "user { person { id name } username email status roles lockedUntil invitedAt } pending";

pub struct World {
    pub desk: Desk,
    pub administrator: TestCaller,
}

impl World {
    pub async fn new() -> Self {
        let desk = Desk::open().await;
        let administrator = desk.app.staff(Role::Administrator).await;
        Self { desk, administrator }
    }

    /// Invites somebody new, called after their address; answers their person's id.
    pub async fn invite(&self, email: &str, roles: &[&str]) -> Value {
        let input = json!({ "person": { "new": { "name": email, "email": email } }, "roles": roles });
        let payload = self.administrator.succeed("userInvite", input, USER).await;
        payload["user"]["person"]["id"].clone()
    }

    /// The same for somebody who has a token, and a password from then on.
    pub async fn invite_caller(&self, caller: &TestCaller, email: &str, roles: &[&str]) -> Value {
        let person = crate::graphql_desk::viewer(caller).await["person"]["id"].take();
        let input = json!({ "person": { "person": person }, "email": email, "roles": roles });
        self.administrator.succeed("userInvite", input, USER).await;
        self.activate(&person).await;
        person
    }

    /// Somebody who activated, with a token of theirs.
    pub async fn active(&self, role: Role, email: &str) -> (TestCaller, Value) {
        let caller = self.desk.app.staff(role).await;
        let id = self.invite_caller(&caller, email, &[&role.to_string().to_uppercase()]).await;
        (caller, id)
    }

    /// Has somebody choose their first password.
    pub async fn activate(&self, id: &Value) {
        let user = person(id);
        let by = Actor::new(user, Role::Contact);
        self.act(id, by, UserAction::SetPassword { occasion: PasswordOccasion::Activation }).await;
    }

    /// Does what happens to a user beside this API, and waits until that shows.
    pub async fn act(&self, id: &Value, by: Actor, action: UserAction) {
        act(&self.desk, id, by, action).await;
    }

    /// A mutation about somebody.
    pub async fn ask(&self, by: &TestCaller, mutation: &str, id: &Value) -> Value {
        by.succeed(mutation, json!({ "personId": id }), USER).await["user"].take()
    }

    /// The types of events of a user, in their order.
    pub async fn events(&self, id: &Value) -> Vec<String> {
        let sql = "select event_type from events where aggregate_type = 'user' and aggregate_id = $1 order by sequence";
        let events = sqlx::query_scalar(sql).bind(person(id).to_string()).fetch_all(&self.desk.app.pool);
        events.await.unwrap()
    }

    /// The state of each mail with a link for somebody, the oldest first: its kind and how it stands.
    pub async fn mails(&self, id: &Value) -> Vec<String> {
        let sql =
            "select kind, state, sealed is null as is_gone from mails where person = $1 order by created_at, mail_id";
        let rows = sqlx::query(sql).bind(person(id).0).fetch_all(&self.desk.app.pool).await.unwrap();
        let words = |row: sqlx::postgres::PgRow| {
            let (kind, state): (String, String) = (row.get("kind"), row.get("state"));
            assert_eq!(row.get::<bool, _>("is_gone"), state != "waiting", "{kind} {state}");
            format!("{kind} {state}")
        };
        rows.into_iter().map(words).collect()
    }

    /// The links of somebody: for which purpose, and what stands for the token.
    pub async fn links(&self, id: &Value) -> Vec<(String, Vec<u8>)> {
        let sql = "select purpose, token_hash from links where person = $1 order by purpose";
        sqlx::query_as(sql).bind(person(id).0).fetch_all(&self.desk.app.pool).await.unwrap()
    }

    /// How many rows there are, of a table and condition on the person `$1`.
    pub async fn count(&self, what: &str, id: &Value) -> i64 {
        let sql = format!("select count(*) from {what}");
        sqlx::query_scalar(&sql).bind(person(id).0).fetch_one(&self.desk.app.pool).await.unwrap()
    }
}

/// The person below a global id.
pub fn person(id: &Value) -> PersonId {
    PersonId::from_global(&ID(id.as_str().expect("a global id").to_owned())).expect("a person's id")
}

/// Whether the token of a caller is good.
pub async fn is_let_in(caller: &TestCaller) -> bool {
    let answer = caller.graphql("{ viewer { roles } }", json!({})).await;
    let refused = answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED";
    assert!(refused || answer.get("errors").is_none(), "{answer:#}");
    !refused
}

/// Does what happens to a user beside this API, and waits until that shows.
pub async fn act(desk: &Desk, id: &Value, by: Actor, action: UserAction) {
    let (user, commands) = (person(id), &desk.app.service.services().commands);
    let loaded: Loaded<User> = commands.log.load(&user.to_string()).await.unwrap();
    let at = commands.clock.now();
    let command = UserCommand { user, by, at, action, has_another_administrator: true };
    let metadata = Metadata::of(&by, RequestId(commands.ids.next()), Channel::Portal);
    let events = loaded.aggregate.decide(&command).unwrap().into_iter().map(|event| (event, metadata.clone()));
    let appended = commands.log.append(&loaded, events.collect(), AppendOptions::at(at)).await.unwrap();
    desk.app.until_visible(appended.position.expect("something happened")).await;
}
