//! Lists of users: filtered, sorted, in pages.

use serde_json::{Value, json};

use super::world::*;

async fn names(world: &World, arguments: &str) -> Vec<String> {
    let document = format!("{{ users({arguments}) {{ nodes {{ username }} }} }}");
    let found = world.administrator.data(&document, json!({})).await;
    let users = found["users"]["nodes"].as_array().unwrap();
    users.iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
}

/// `b` is called before `a`.
async fn people() -> World {
    let world = World::new().await;
    for (name, username, roles) in [
        ("Zoe", "a", json!(["AGENT"])),
        ("Yan", "b", json!(["AGENT", "SUPERVISOR"])),
        ("Xin", "c", json!(["CONTACT"])),
        ("Wim", "D", json!(["AUDITOR"])),
    ] {
        let person = json!({ "new": { "name": name, "email": format!("{name}@example.com") } });
        let input = json!({ "person": person, "username": username, "roles": roles });
        world.administrator.succeed("userInvite", input, USER).await;
    }
    world
}

#[tokio::test]
async fn users_are_found_by_words_roles_and_status() {
    let world = people().await;
    for (arguments, expected) in [
        ("first: 10", vec!["D", "c", "b", "a"]),
        ("orderBy: { field: NAME, direction: DESC }", vec!["a", "b", "c", "D"]),
        ("orderBy: { field: USERNAME, direction: ASC }", vec!["a", "b", "c", "D"]),
        ("orderBy: { field: USERNAME, direction: DESC }", vec!["D", "c", "b", "a"]),
        ("filter: { roles: [AGENT] }", vec!["b", "a"]),
        ("filter: { roles: [CONTACT, AUDITOR] }", vec!["D", "c"]),
        ("filter: { text: \"YAN example\" }", vec!["b"]),
        ("filter: { text: \"100%\" }", vec![]),
        ("filter: { statuses: [ACTIVE, DEACTIVATED] }", vec![]),
        ("filter: { statuses: [INVITED], roles: [SUPERVISOR] }", vec!["b"]),
        ("filter: { roles: [] }", vec![]),
    ] {
        assert_eq!(names(&world, arguments).await, expected, "{arguments}");
    }
    let count = "{ users(filter: { roles: [AGENT] }) { totalCount } }";
    assert_eq!(world.administrator.data(count, json!({})).await["users"]["totalCount"], 2);
}

#[tokio::test]
async fn pages_go_forth_and_back_and_take_no_foreign_cursor() {
    let world = people().await;
    for (order, expected) in [("NAME", ["D", "c", "b", "a"]), ("USERNAME", ["a", "b", "c", "D"])] {
        for direction in ["ASC", "DESC"] {
            let mut expected = expected.map(str::to_owned).to_vec();
            if direction == "DESC" {
                expected.reverse();
            }
            let by = format!("orderBy: {{ field: {order}, direction: {direction} }}");
            let page = async |arguments: String| {
                let document = format!(
                    "{{ users({by}, {arguments}) {{ nodes {{ username }} pageInfo {{
                        hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
                );
                world.administrator.data(&document, json!({})).await["users"].take()
            };
            let of = |page: &Value| {
                let users = page["nodes"].as_array().unwrap().clone();
                users.iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
            };
            let first = page("first: 3".to_owned()).await;
            assert_eq!((of(&first), &first["pageInfo"]["hasNextPage"]), (expected[..3].to_vec(), &json!(true)));
            let second = page(format!("first: 3, after: {}", first["pageInfo"]["endCursor"])).await;
            assert_eq!((of(&second), &second["pageInfo"]["hasNextPage"]), (expected[3..].to_vec(), &json!(false)));
            let back = page(format!("last: 2, before: {}", second["pageInfo"]["startCursor"])).await;
            assert_eq!(of(&back), expected[1..3].to_vec());
            let foreign =
                format!("{{ users(first: 3, after: {}) {{ nodes {{ username }} }} }}", first["pageInfo"]["endCursor"]);
            let is_same = (order, direction) == ("NAME", "ASC");
            if !is_same {
                assert_eq!(world.administrator.error_code(&foreign, json!({})).await, "BAD_CURSOR");
            }
        }
    }
}

#[tokio::test]
async fn an_auditors_look_at_users_is_recorded() {
    let world = people().await;
    let auditor = &world.desk.auditor;
    auditor.data("{ users { nodes { email } } }", json!({})).await;
    let sql = "select operation || ' ' || object from access_log order by sequence desc limit 1";
    let recorded: String = sqlx::query_scalar(sql).fetch_one(&world.desk.app.pool).await.unwrap();
    assert_eq!(recorded, "users list");
}
