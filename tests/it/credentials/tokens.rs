//! An API token and the service that it is of are there together, or neither is.

use serde_json::json;

use super::world::World;

#[tokio::test]
async fn a_service_without_its_token_is_never_seen() {
    let world = World::begin().await;
    let mut owner = world.app.owner().await;
    for statement in [
        "create function lose() returns trigger language plpgsql as $$ begin raise 'lost'; end $$",
        "create trigger lose before insert on tokens for each row execute function lose()",
    ] {
        sqlx::query(statement).execute(&mut owner).await.expect("the owner may");
    }
    let people = async || -> Vec<String> {
        let sql = "select event_type from events where aggregate_type = 'person' order by position";
        sqlx::query_scalar(sql).fetch_all(&world.app.pool).await.expect("the log answers")
    };
    let before = people().await;
    let document = "mutation($input: ApiTokenCreateInput!) { apiTokenCreate(input: $input) { token } }";
    let input = json!({ "name": "Monitoring", "scopes": ["CASES_READ"] });
    let code = world.administrator.error_code(document, json!({ "input": input })).await;
    assert_eq!(code, "INTERNAL_SERVER_ERROR");
    assert_eq!(people().await, before, "nobody was written down");

    sqlx::query("drop trigger lose on tokens").execute(&mut owner).await.expect("the owner may");
    let made = world.administrator.succeed("apiTokenCreate", input, "token apiToken { person { name } }").await;
    assert_eq!(made["apiToken"]["person"]["name"], "Monitoring");
    assert_eq!(people().await.len(), before.len() + 1, "once, after a retry");
    let token = world.app.bearer(made["token"].as_str().expect("a token"));
    assert_eq!(token.data("{ viewer { roles } }", json!({})).await["viewer"]["roles"], json!(["SERVICE"]));
}
