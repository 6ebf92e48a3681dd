//! Redaction reaches every text, whatever it is: its id stands beside it in the activity stream.

use projections::{ReadModels, rebuild};
use serde_json::{Value, json};

use super::{
    walk::everything,
    world::{World, until_level},
};

/// Those of the marked texts that are redacted one by one.
const TEXTS: [&str; 12] = [
    "qanarysubject",
    "qanarydescription",
    "qanarymessage",
    "qanaryreason",
    "qanarycomment",
    "qanaryrating",
    "qanarynote",
    "qanaryresolution",
    "qanaryreopening",
    "qanaryhold",
    "qanarynewsubject",
    "silent line",
];

/// The ids of all texts of a case, that of the subject which it was opened with included, as the supervisor sees them.
async fn texts(world: &World, case_id: &Value) -> Vec<Value> {
    let document = "query($id: ID!) { case(id: $id) { activity(first: 100) {
        nodes { kind messageId redacted values { name value } }
    } } }";
    let answer = world.desk.supervisor.data(document, json!({ "id": case_id })).await;
    let entries = answer["case"]["activity"]["nodes"].as_array().unwrap().clone();
    let taken = ["MESSAGE_REDACTED", "TEXT_REDACTED", "REDACTED_TEXT_DESTROYED"];
    entries
        .iter()
        .filter(|entry| !taken.contains(&entry["kind"].as_str().unwrap()))
        .flat_map(|entry| {
            let values = entry["values"].as_array().unwrap().iter();
            let subject =
                values.filter(|value| value["name"] == "subjectMessageId").map(|value| value["value"].clone());
            subject.chain((!entry["messageId"].is_null()).then(|| entry["messageId"].clone())).collect::<Vec<_>>()
        })
        .collect()
}

async fn redact_all(world: &World) {
    for case_id in &world.cases[..2] {
        for text in texts(world, case_id).await {
            world.desk.step(&world.desk.supervisor, "caseRedactMessage", case_id, json!({ "messageId": text })).await;
        }
    }
    until_level(world).await;
}

fn shown(all: &str) -> Vec<&'static str> {
    TEXTS.into_iter().filter(|text| all.contains(text)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_of_a_case_is_redacted_by_its_id_and_a_rebuild_agrees() {
    let world = World::new().await;
    assert_eq!(shown(&everything(&world).await), TEXTS);
    redact_all(&world).await;
    assert_eq!(shown(&everything(&world).await), Vec::<&str>::new());
    let live = world.rows().await;
    assert_eq!(shown(&live.to_lowercase()), Vec::<&str>::new());

    let app = &world.desk.app;
    let pool = sqlx::PgPool::connect_with(app.database.owner_options.clone()).await.unwrap();
    let codec = app.service.services().commands.log.codec();
    rebuild(&pool, &app.pool, codec, ReadModels::Cases, |_| ()).await.unwrap();
    assert_eq!(world.rows().await, live);
    redact_all(&world).await;
    assert_eq!(world.rows().await, live, "redacting again changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_hold_auditors_keep_what_nobody_else_is_shown_until_it_is_destroyed() {
    let world = World::new().await;
    let (case_id, desk) = (&world.cases[0], &world.desk);
    desk.step(&desk.supervisor, "caseLegalHoldPlace", case_id, json!({ "reason": "A dispute." })).await;
    for text in texts(&world, case_id).await {
        desk.step(&desk.supervisor, "caseRedactMessage", case_id, json!({ "messageId": text })).await;
    }
    let document = "query($id: ID!) { case(id: $id) { subject description resolution { text }
        activity(first: 100) { nodes { text withheldText } } } }";
    let of = async |caller: &harness::TestCaller| {
        caller.data(document, json!({ "id": case_id })).await.to_string().to_lowercase()
    };
    let kept = ["qanarymessage", "qanaryreason", "qanaryrating", "qanaryresolution", "qanaryreopening"];
    for caller in [&desk.contact, &desk.agent, &desk.supervisor] {
        assert_eq!(shown(&of(caller).await), Vec::<&str>::new());
    }
    let seen = of(&desk.auditor).await;
    assert!(kept.iter().all(|text| seen.contains(text)), "{seen}");

    desk.step(&desk.supervisor, "caseLegalHoldLift", case_id, json!({})).await;
    for text in texts(&world, case_id).await {
        desk.step(&desk.supervisor, "caseRedactMessage", case_id, json!({ "messageId": text })).await;
    }
    assert_eq!(shown(&of(&desk.auditor).await), Vec::<&str>::new());
}
