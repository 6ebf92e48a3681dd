//! Who is erased and who is not: under legal hold, again, under one key, and while they write.

use domain::{MessageId, PersonId, PlainText, RequestId, Role, Sealed, case::CaseAction};
use serde_json::{Value, json};

use super::world::{World, person};
use crate::{graphql_desk::Desk, graphql_roles::some_id};

async fn keys_of(world: &World, person: PersonId) -> i64 {
    sqlx::query_scalar("select count(*) from keys where subject = $1")
        .bind(person.0)
        .fetch_one(&mut world.desk.app.owner().await)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_legal_hold_refuses_by_name_destroys_nothing_and_shows_to_no_contact() {
    let world = World::new().await;
    let desk = &world.desk;
    let erase = |idempotency_key: &str| json!({ "personId": world.ana_id, "idempotencyKey": idempotency_key });
    let told = async || desk.contact.refusal("personErase", erase("contact's")).await;
    let without_hold = told().await;
    assert_eq!(without_hold["code"], "NOT_PERMITTED");
    let document = "query($id: ID!) { case(id: $id) { number } }";
    let mut numbers = vec![];
    // A case of theirs, one with their address alone; and one that has nothing to do with them.
    for (case_id, concerns) in [(&world.cases[0], true), (&world.cases[2], true), (&desk.new_case().await, false)] {
        desk.step(&desk.supervisor, "caseLegalHoldPlace", case_id, json!({ "reason": "A dispute." })).await;
        let number = desk.supervisor.data(document, json!({ "id": case_id })).await["case"]["number"].take();
        numbers.push((number.as_str().unwrap().to_owned(), concerns));
    }
    let (before, rows) = (keys_of(&world, person(&world.ana_id)).await, world.rows().await);
    let refusal = world.administrator.refusal("personErase", erase("held")).await;
    assert_eq!(refusal["code"], "LEGAL_HOLD");
    for (number, concerns) in &numbers {
        assert_eq!(refusal["message"].as_str().unwrap().contains(number), *concerns, "{number}: {refusal}");
    }
    assert_eq!(told().await, without_hold, "a contact learns nothing of it");
    assert_eq!(keys_of(&world, person(&world.ana_id)).await, before);
    assert_eq!(world.rows().await, rows);
    world.ana.data("{ viewer { roles } }", json!({})).await;

    for case_id in [&world.cases[0], &world.cases[2]] {
        desk.step(&desk.supervisor, "caseLegalHoldLift", case_id, json!({})).await;
    }
    assert_eq!(
        world.administrator.refusal("personErase", erase("held")).await,
        refusal,
        "under its key it stays refused"
    );
    world.erase(&world.ana_id).await;
    assert_eq!(keys_of(&world, person(&world.ana_id)).await, 0);
}

/// Whoever is a case's contact is named there, also where they never wrote a word.
#[tokio::test(flavor = "multi_thread")]
async fn a_hold_on_a_case_that_names_them_counts_although_they_wrote_nothing_there() {
    let world = World::new().await;
    let desk = &world.desk;
    let mut opening = desk.opening("On behalf");
    opening["contactId"] = world.ana_id.clone();
    let case_id = crate::graphql_desk::open_case(&desk.agent, opening).await;
    desk.step(&desk.supervisor, "caseLegalHoldPlace", &case_id, json!({ "reason": "A dispute." })).await;
    let refusal = world.administrator.refusal("personErase", json!({ "personId": world.ana_id })).await;
    assert_eq!(refusal["code"], "LEGAL_HOLD");
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_again_records_nothing_and_a_key_gives_the_same_answer() {
    let world = World::new().await;
    let selection = "erased { texts files cases accounts uploads tokens }";
    let input = json!({ "personId": world.ana_id, "idempotencyKey": "once" });
    let elsewhere = world.elsewhere(&world.administrator);
    let (first, second) = tokio::join!(
        world.administrator.succeed("personErase", input.clone(), selection),
        elsewhere.succeed("personErase", input.clone(), selection),
    );
    assert_eq!(first, second, "two at once under one key, at two instances");
    assert_ne!(first["erased"]["texts"], 0);
    let events = async || -> i64 {
        let count = sqlx::query_scalar("select count(*) from events");
        count.fetch_one(&mut world.desk.app.owner().await).await.unwrap()
    };
    let recorded = events().await;
    let again = world.administrator.succeed("personErase", json!({ "personId": world.ana_id }), selection).await;
    let nothing = json!({ "texts": 0, "files": 0, "cases": 0, "accounts": 0, "uploads": 0, "tokens": 0 });
    assert_eq!(again["erased"], nothing);
    assert_eq!(world.administrator.succeed("personErase", input, selection).await, first);
    let reused = json!({ "personId": world.bo_id, "idempotencyKey": "once" });
    assert_eq!(world.administrator.refusal("personErase", reused).await["code"], "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(events().await, recorded);
}

#[tokio::test]
async fn nobody_else_may_and_nobody_who_is_not_there_is_erased() {
    let desk = Desk::open().await;
    let administrator = desk.app.staff(Role::Administrator).await;
    for caller in [&desk.contact, &desk.agent, &desk.supervisor, &desk.auditor] {
        for id in [&desk.contact_id, &some_id::<PersonId>()] {
            let refusal = caller.refusal("personErase", json!({ "personId": id })).await;
            assert_eq!(refusal["code"], "NOT_PERMITTED");
        }
    }
    let account = PersonId(person_of_account(&desk.account_id));
    for id in [some_id::<PersonId>(), global(account), global(PersonId::CLOCK), global(PersonId::OPERATOR)] {
        let refusal = administrator.refusal("personErase", json!({ "personId": id })).await;
        assert_eq!(refusal["code"], "NOT_FOUND", "{id}");
    }
}

fn person_of_account(account_id: &Value) -> uuid::Uuid {
    use api::graphql::GlobalId as _;
    domain::AccountId::from_global(&async_graphql::ID(account_id.as_str().unwrap().to_owned())).unwrap().0
}

fn global(person: PersonId) -> Value {
    use api::graphql::GlobalId as _;
    json!(person.global())
}

/// A command that was let in before its caller was erased may come to its append after that.
#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_was_about_to_write_when_they_were_erased_is_refused() {
    let world = World::new().await;
    let desk = &world.desk;
    let case_id = desk.new_case().await;
    let post = async |body: &str| {
        let input = json!({ "caseId": case_id, "body": body });
        let document = harness::mutation_document("casePostMessage", "userErrors { code }");
        world.ana.graphql(&document, json!({ "input": input })).await
    };
    let writing = async {
        for _ in 0..200 {
            if post("Words of the last minute.").await["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED" {
                return;
            }
        }
        panic!("their token is still good");
    };
    tokio::join!(writing, world.erase(&world.ana_id));
    assert_eq!(keys_of(&world, person(&world.ana_id)).await, 0);
    assert!(!world.rows().await.contains("Words of the last minute."));

    // The same without a race: as if the request had been let in, at an instance that knows the case.
    let services = world.other.services();
    let caller = api::identity::Caller::by_roles(person(&world.ana_id), [Role::Agent].into_iter().collect());
    let ids = &services.commands.ids;
    let body = PlainText::parse("Words from beyond.", 100).unwrap();
    let action = CaseAction::PostMessage {
        message: MessageId(ids.next()),
        body: Sealed::new(ids.next().into(), caller.person, body),
        attachments: domain::case::NewAttachments::default(),
    };
    let id = super::world::case(&case_id);
    let intention = api::commands::Intention::<domain::case::Case>::new(&caller, RequestId(ids.next()), id, action);
    let outcome = services.commands.carry_out(intention).await.unwrap();
    assert_eq!(outcome.refusal.unwrap().code, api::commands::RefusalCode::NotPermitted);
    assert_eq!(keys_of(&world, person(&world.ana_id)).await, 0);
}

/// The rows of an erasure whose process died right after the keys went are projected by whoever finds it.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_finds_an_erasure_that_was_not_ended_ends_it() {
    let world = World::new().await;
    let log = &world.desk.app.service.services().commands.log;
    let ana = person(&world.ana_id);
    let also =
        vec![api::erasure::subject_of_address(log, &PlainText::parse("ana.qanarymail@acme.example", 100).unwrap()).1];
    let erasure = event_log::Erasure { person: ana, also: &also, concerned: &[], at: world.desk.app.clock.now() };
    let mut tx = log.pool().begin().await.unwrap();
    log.destroy(&mut tx, &erasure, api::files::RESERVED).await.unwrap();
    drop(tx);
    assert_ne!(keys_of(&world, ana).await, 0, "a transaction that was not ended did nothing");
    let mut tx = log.pool().begin().await.unwrap();
    log.destroy(&mut tx, &erasure, api::files::RESERVED).await.unwrap();
    tx.commit().await.unwrap();
    assert!(world.rows().await.contains("A qanarymessage."), "their words still show");

    let erasing = api::erasure::Erasing::with(world.other.services());
    assert_eq!(erasing.go_on().await.unwrap(), 1);
    let rows = world.rows().await;
    for gone in ["A qanarymessage.", "Ana Qanaryname", "ana.qanarymail", "ANA.qanarymail", "qanaryfilename"] {
        assert!(!rows.contains(gone), "{gone}");
    }
    assert!(rows.contains("A qanarynote."), "that is somebody else's");
    assert_eq!(erasing.go_on().await.unwrap(), 0);
}
