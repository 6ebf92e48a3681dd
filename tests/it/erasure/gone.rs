//! What was theirs is gone from every answer, the store, the tables and a dump, and nobody else lost a word.

use std::fs;

use domain::person::ERASED_NAME;
use event_log::{MasterKey, verify};
use projections::{ReadModels, rebuild};
use serde_json::json;

use super::{
    files::dump,
    walk::everything,
    world::{KINDS, MARK, SHOWN, World, person, until_level},
};

#[tokio::test(flavor = "multi_thread")]
async fn when_the_mutation_answers_nobody_is_shown_a_word_of_theirs_at_any_instance() {
    let world = World::new().await;
    until_level(&world).await;
    let before = everything(&world).await;
    for kind in SHOWN {
        assert!(before.contains(kind), "the walk does not come by {kind}");
    }
    let events: i64 = count(&world, "select count(*) from events").await;

    let ana = world.erase(&world.ana_id).await;
    assert_eq!(ana["person"], json!({ "id": world.ana_id, "name": ERASED_NAME }));
    assert_eq!(ana["pending"], false);
    // Name, twice, address, number; subject, description, watchers' address twice, message, file's name, rating, reason, comment.
    let went = json!({ "texts": 17, "files": 1, "cases": 3, "accounts": 1, "uploads": 1, "tokens": 1 });
    assert_eq!(ana["erased"], went);
    let bo = world.erase(&world.bo_id).await;
    // Name; note, hold, resolution, reopening, subject.
    assert_eq!(bo["erased"], json!({ "texts": 7, "files": 0, "cases": 2, "accounts": 0, "uploads": 0, "tokens": 1 }));

    // Two events of people and one of an account; none of a case.
    assert_eq!(count(&world, "select count(*) from events").await, events + 3);
    // The second instance has the rows; it may be behind with the name alone.
    until_level(&world).await;
    let after = everything(&world).await;
    assert_eq!(marks(&after), Vec::<&str>::new());
    assert!(after.contains(&ERASED_NAME.to_lowercase()));
    for kept in ["kept: an answer.", "kept: another answer.", "kept: of others", "kept@globex.example"] {
        assert!(after.contains(kept), "{kept} is gone: it was somebody else's");
    }
    assert!(!world.rows().await.to_lowercase().contains(MARK));
    let stored = fs::read_dir(world.desk.app.files.path()).unwrap().count();
    assert_eq!(stored, 0, "the file and the upload are removed, not left to the sweep");
    assert_eq!(count(&world, "select count(*) from staged_uploads").await, 0);
    for caller in [&world.ana, &world.bo] {
        assert_eq!(caller.error_code("{ viewer { roles } }", json!({})).await, "UNAUTHENTICATED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_verifies_a_rebuild_is_the_live_one_and_a_dump_opens_with_no_key() {
    let world = World::new().await;
    let (app, mut owner) = (&world.desk.app, world.desk.app.owner().await);
    let before = dump(app).await.to_lowercase();
    for kind in KINDS.iter().filter(|kind| !matches!(**kind, "qanaryfilebytes" | "qanarystaged")) {
        assert!(before.contains(kind), "{kind} is in no table: the look at the dump would show nothing");
    }
    let theirs = [person(&world.ana_id).0, person(&world.bo_id).0];
    let keys: Vec<String> = sqlx::query_scalar("select encode(wrapped, 'hex') from keys where subject = any($1)")
        .bind(theirs.as_slice())
        .fetch_all(&mut owner)
        .await
        .unwrap();
    assert!(keys.len() > 10 && keys.iter().all(|key| before.contains(key.as_str())));
    world.erase(&world.ana_id).await;
    world.erase(&world.bo_id).await;

    let after = dump(app).await.to_lowercase();
    assert_eq!(marks(&after), Vec::<&str>::new());
    assert!(!keys.iter().any(|key| after.contains(key.as_str())), "a key is still there");
    // Whoever has the dump and the master key has all that the service has, and reads none of it.
    let master = MasterKey::from_bytes([7; 32]);
    let log = event_log::EventLog::new(app.pool.clone(), std::sync::Arc::new(master));
    for id in [&world.ana_id, &world.bo_id] {
        let details = log.details_of(person(id)).await.unwrap();
        assert!(!details.is_empty() && details.iter().all(|details| details.name.text.value().is_none()));
    }
    assert_eq!(verify(&app.pool, |_| ()).await.unwrap().first_bad, None);

    let live = world.rows().await;
    let pool = sqlx::PgPool::connect_with(app.database.owner_options.clone()).await.unwrap();
    let codec = app.service.services().commands.log.codec();
    for models in [ReadModels::Directory, ReadModels::Cases] {
        rebuild(&pool, &app.pool, codec, models, |_| ()).await.unwrap();
    }
    assert_eq!(world.rows().await, live);
}

/// The words of a text that are theirs.
pub fn marks(text: &str) -> Vec<&str> {
    text.match_indices(MARK).map(|(at, _)| &text[at..(at + 40).min(text.len())]).collect()
}

async fn count(world: &World, sql: &str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&mut world.desk.app.owner().await).await.unwrap()
}
