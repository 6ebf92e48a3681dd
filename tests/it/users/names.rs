//! No two users sign in with the same name, however it is spelled, and however many ask at once.

use api::identity::user_named;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::world::*;

fn invitation(email: &str, username: Option<&str>) -> Value {
    json!({ "person": { "new": { "name": "Somebody", "email": email } }, "username": username, "roles": ["AGENT"] })
}

#[tokio::test]
async fn a_name_is_one_users_in_any_case_and_unicode_form() {
    let world = World::new().await;
    let admin = &world.administrator;
    let invited = admin.succeed("userInvite", invitation("jose@example.com", Some("José")), USER).await;
    let id = &invited["user"]["person"]["id"];
    for (email, username, field) in [
        ("other@example.com", Some("jose\u{301}"), "username"),
        ("other@example.com", Some("JOSÉ"), "username"),
        ("other@example.com", Some("ｊｏｓé"), "username"),
        ("JOSE@EXAMPLE.COM", Some("other"), "email"),
    ] {
        // Written down under another address, so that they are another person.
        let mut input = invitation("somebody.else@example.com", username);
        input["email"] = json!(email);
        let refusal = admin.refusal("userInvite", input).await;
        assert_eq!((&refusal["code"], &refusal["field"]), (&json!("TAKEN"), &json!(field)), "{refusal}");
    }
    // Nor does anybody's address serve as another's username.
    admin.succeed("userInvite", invitation("kim@example.com", Some("kim")), USER).await;
    let refusal = admin.refusal("userInvite", invitation("other@example.com", Some("kim@example.com"))).await;
    assert_eq!(refusal["code"], "INVALID_INPUT");
    // Both find the user, as they are typed.
    let log = &world.desk.app.service.services().commands.log;
    for typed in ["josé", " JOSE\u{301} ", "Jose@Example.com"] {
        assert_eq!(user_named(log, typed).await.unwrap(), Some(person(id)), "{typed}");
    }
    assert_eq!(user_named(log, "nobody").await.unwrap(), None);
}

#[tokio::test]
async fn of_many_who_ask_for_one_name_at_once_one_gets_it() {
    let world = World::new().await;
    for round in 0..3 {
        let name = format!("wanted{round}");
        let invite = async |number: usize| {
            let input = invitation(&format!("somebody{number}.{round}@example.com"), Some(&name));
            let payload = world.administrator.mutate("userInvite", input, "userErrors { code field }").await;
            payload["userErrors"][0]["code"].as_str().map(str::to_owned)
        };
        let answers = join_all((0..8).map(invite)).await;
        let won = answers.iter().filter(|answer| answer.is_none()).count();
        let lost = answers.iter().flatten().filter(|code| *code == "TAKEN").count();
        assert_eq!((won, lost), (1, 7), "{answers:?}");
    }
    let sql = "select count(distinct aggregate_id) from events where event_type = 'UserInvited'";
    let invited: i64 = sqlx::query_scalar(sql).fetch_one(&world.desk.app.pool).await.unwrap();
    assert_eq!(invited, 3);
}

#[tokio::test]
async fn of_many_same_invitations_at_once_one_is_made() {
    let world = World::new().await;
    let invite = async |_: usize| {
        let input = invitation("ana@example.com", None);
        world.administrator.succeed("userInvite", input, USER).await["user"]["person"]["id"].take()
    };
    let ids = join_all((0..8).map(invite)).await;
    assert!(ids.iter().all(|id| *id == ids[0]));
    assert_eq!((world.events(&ids[0]).await, world.mails(&ids[0]).await.len()), (vec!["UserInvited".to_owned()], 1));
}
