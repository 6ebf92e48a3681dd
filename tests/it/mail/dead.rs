//! Mail that could not be delivered.

use serde_json::json;
use uuid::Uuid;

use crate::{graphql_desk::Desk, graphql_operations::assert_snapshot, graphql_statements::counted};

/// One of them.
pub const DEAD_LETTER: Uuid = Uuid::from_u128(7);

/// Leaves a mail behind that could not be delivered.
pub async fn dead_letter(desk: &Desk, mail_id: Uuid) {
    sqlx::query(
        "insert into mails (mail_id, kind, about, person, created_at, due_at, attempts, state, ended_at, reason)
         values ($1, 'case_opened', $2, $1, $3, $3, 16, 'dead', $3, 'the mail server is out of reach')",
    )
    .bind(mail_id)
    .bind(mail_id.to_string())
    .bind(desk.app.clock.now())
    .execute(&desk.app.pool)
    .await
    .unwrap();
}

/// What the API calls a mail.
pub fn global_id_of_mail(mail_id: Uuid) -> String {
    api::graphql::global_mail_id(mail_id).to_string()
}

#[tokio::test]
async fn operations_of_mail_take_as_many_statements_as_the_table_says() {
    let desk = Desk::open().await;
    dead_letter(&desk, DEAD_LETTER).await;
    let admin = desk.app.staff(domain::Role::Administrator).await;
    let document = "{ mailDeadLetters { id kind reason attempts person { name } createdAt failedAt } }";
    let listed = counted("mailDeadLetters", &admin, document, &json!({})).await;
    assert_snapshot("mailDeadLetters", document, &json!({}), &listed);
    let mail_id = global_id_of_mail(DEAD_LETTER);
    assert_eq!(listed["mailDeadLetters"][0]["id"], mail_id);
    let input = json!({ "input": { "mailId": mail_id } });
    let document = "mutation($input: MailRetryInput!) { mailRetry(input: $input) { mailId userErrors { message } } }";
    let retried = counted("mailRetry", &admin, document, &input).await;
    assert_snapshot("mailRetry", document, &input, &retried);
    assert_eq!(retried["mailRetry"], json!({ "mailId": mail_id, "userErrors": [] }));
    let input = json!({ "input": { "language": "SPANISH", "timeZone": "Europe/Madrid", "unwanted": ["CASE_FILE"] } });
    let document = "mutation($input: PreferencesSetInput!) { preferencesSet(input: $input) {
        preferences { language timeZone unwanted } userErrors { message } } }";
    let set = counted("preferencesSet", &desk.contact, document, &input).await;
    let expected = json!({ "preferences": { "language": "SPANISH", "timeZone": "Europe/Madrid", "unwanted": ["CASE_FILE"] },
                           "userErrors": [] });
    assert_snapshot("preferencesSet", document, &input, &set);
    assert_eq!(set["preferencesSet"], expected);
}
