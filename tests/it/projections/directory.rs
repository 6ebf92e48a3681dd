//! Accounts and people: what the directory makes of their events, to whom it shows them, and that a rebuild makes the same.

use domain::{
    AccountId, LocationId, PersonId, ProductId, Scope,
    account::{Account, AccountAction, ContactAccess, ContactRole},
    person::Person,
};
use event_log::StreamId;
use projections::{Kind, ReadModels, named, parked_streams, rebuild};
use sqlx::{Executor as _, PgConnection};
use uuid::Uuid;

use super::{parking::alter, world::*};

const ANA: u128 = 71;
const BO: u128 = 72;

fn location(n: u128) -> LocationId {
    LocationId(Uuid::from_u128(0x10_000 + n))
}

fn product(n: u128) -> ProductId {
    ProductId(Uuid::from_u128(0x20_000 + n))
}

fn member() -> ContactAccess {
    ContactAccess { role: ContactRole::Member, locations: None }
}

/// An account with two places, two products and two contacts, through all that can happen to them.
async fn live(world: &World, account: u128) {
    let line = |text: &str| world.line(person(account), text);
    let place = |n: u128| location(100 * account + n);
    let install = |n: u128, at: Option<u128>| AccountAction::InstallProduct {
        product: product(100 * account + n),
        location: at.map(place),
        reference: Some(line(&format!("SV-{account}-{n}"))),
        name: line("SmartVoice"),
    };
    let add = |n: u128, name: Option<&str>| AccountAction::AddLocation {
        location: place(n),
        reference: None,
        name: name.map(line),
        address: line(&format!("{n} Example Street")),
    };
    world.open_account(account, &format!("Larch {account}")).await;
    for who in [ANA, BO] {
        world.change(account, AccountAction::Join { person: person(who), access: member() }).await;
    }
    let limited = ContactAccess { locations: Some([place(1)].into()), ..member() };
    for action in [
        AccountAction::Rename { name: line(&format!("Birch {account}")) },
        AccountAction::Move { address: line("7 Example Avenue") },
        add(1, Some("Warehouse")),
        add(2, None),
        AccountAction::MoveLocation { location: place(2), address: line("22 Example Street") },
        install(1, Some(1)),
        install(2, Some(2)),
        install(3, None),
        AccountAction::SetAccess { person: person(ANA), access: limited },
        AccountAction::RetireLocation { location: place(2) },
        AccountAction::RemoveProduct { product: product(100 * account + 3) },
        install(3, Some(1)),
        AccountAction::Leave { person: person(BO) },
    ] {
        world.change(account, action).await;
    }
}

async fn rows(conn: &mut PgConnection, sql: &str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(conn).await.unwrap()
}

fn account(n: u128) -> StreamId {
    StreamId::of::<Account>(Uuid::from_u128(n).to_string())
}

#[tokio::test]
async fn everything_that_happens_to_an_account_shows_in_its_rows() {
    let world = World::new().await;
    world.register(person(ANA), "Ana Torres").await;
    live(&world, 1).await;
    let mut tx = world.reads().begin(&Scope::Staff).await.unwrap();
    let of = "select concat_ws('|', reference, name, address, version) from accounts";
    assert_eq!(rows(&mut tx, of).await, ["Larch 1|Birch 1|7 Example Avenue|17"]);
    let of = "select concat_ws('|', name, address, is_retired) from locations order by address";
    assert_eq!(rows(&mut tx, of).await, ["Warehouse|1 Example Street|f", "22 Example Street|22 Example Street|t"]);
    let of = "select concat_ws('|', p.reference, p.name, l.name, p.is_removed) from products as p
              left join locations as l using (location_id) order by p.reference";
    assert_eq!(
        rows(&mut tx, of).await,
        ["SV-1-1|SmartVoice|Warehouse|f", "SV-1-2|SmartVoice|22 Example Street|t", "SV-1-3|SmartVoice|Warehouse|f"]
    );
    let of = "select concat_ws('|', p.name, c.role, array_length(c.locations, 1))
              from contact_access as c join people as p using (person_id)";
    assert_eq!(rows(&mut tx, of).await, ["Ana Torres|Member|1"]);
}

#[tokio::test]
async fn a_rebuilt_directory_is_the_live_one_row_for_row_and_erased_words_are_gone_from_both() {
    let world = World::new().await;
    // Whether a person is written down before or after they join makes no difference.
    world.register(person(ANA), "Ana Torres").await;
    live(&world, 1).await;
    live(&world, 2).await;
    world.register(person(BO), "Bo Lind").await;
    let live = world.dump_directory().await;
    for reprojected in [account(1), StreamId::of::<Person>(person(ANA).to_string())] {
        assert_eq!(world.projector.reproject(&reprojected).await.unwrap(), None);
        assert_eq!(world.dump_directory().await, live, "projecting {reprojected} again changes nothing");
    }

    for erased in [person(1), person(ANA)] {
        sqlx::query("delete from keys where subject = $1").bind(erased.0).execute(&world.service).await.unwrap();
    }
    for reprojected in [account(1), StreamId::of::<Person>(person(ANA).to_string())] {
        assert_eq!(world.projector.reproject(&reprojected).await.unwrap(), None);
    }
    let erased = world.dump_directory().await;
    assert!(!erased.contains("Birch 1") && !erased.contains("Ana") && !erased.contains("SV-1-1"), "{erased}");
    assert!(erased.contains("Birch 2") && erased.contains("Bo Lind") && erased.contains("SV-2-1"), "{erased}");
    let codec = world.log.codec();
    let rebuilt = rebuild(&world.owner, &world.service, codec, ReadModels::Directory, |_| {}).await.unwrap();
    assert_eq!(rebuilt.version, 2);
    assert_eq!(world.dump_directory().await, erased);
    // Reads follow the switch.
    let second = || vec![Uuid::from_u128(2)];
    let reads = world.reads();
    let found = reads.read(&Scope::Staff, |tx| Box::pin(named::<Uuid>(tx, Kind::Account, second()))).await.unwrap();
    assert_eq!(found[0].name.as_deref(), Some("Birch 2"));
    world.projector.stop().await;
}

#[tokio::test]
async fn a_customer_sees_the_rows_of_their_accounts_and_the_names_of_those_they_may_know() {
    let world = World::new().await;
    let somebodys = 73;
    for (who, name) in [(ANA, "Ana Torres"), (BO, "Bo Lind"), (11, "Agent"), (somebodys, "Cy Moreau")] {
        world.register(person(who), name).await;
    }
    live(&world, 1).await;
    world.open_account(2, "Elm").await;
    world.change(2, AccountAction::Join { person: person(somebodys), access: member() }).await;
    let reads = world.reads();
    let counts = "select concat_ws(' ', (select count(*) from accounts), (select count(*) from locations),
                      (select count(*) from products), (select count(*) from contacts))";
    for (scope, expected) in [
        (Scope::Staff, "2 2 3 2"),
        (Scope::Auditor, "2 2 3 2"),
        (customer(1), "1 2 3 1"),
        (customer(2), "1 0 0 1"),
        (customer(3), "0 0 0 0"),
        (Scope::Nothing, "0 0 0 0"),
    ] {
        let mut tx = reads.begin(&scope).await.unwrap();
        assert_eq!(rows(&mut tx, counts).await, [expected], "{scope:?}");
    }
    let names = "select name from people where name is not null order by name";
    for (scope, expected) in [
        (Scope::Staff, vec!["Agent", "Ana Torres", "Bo Lind", "Cy Moreau"]),
        // Who has left is still known to those whose colleague they were.
        (customer(1), vec!["Agent", "Ana Torres", "Bo Lind"]),
        (customer(2), vec!["Agent", "Cy Moreau"]),
        (Scope::Contact { person: person(ANA), accounts: [].into() }, vec!["Agent", "Ana Torres"]),
        (Scope::Nothing, vec!["Agent"]),
    ] {
        let mut tx = reads.begin(&scope).await.unwrap();
        assert_eq!(rows(&mut tx, names).await, expected, "{scope:?}");
    }
    // What contacts may see is known to themselves and to ADMINs.
    let led = |role, whose: u128| {
        let access = ContactAccess { role, locations: None };
        Scope::Contact { person: person(whose), accounts: [(AccountId(Uuid::from_u128(1)), access)].into() }
    };
    let access = "select concat_ws(' ', person_id, role) from contact_access";
    for (scope, expected) in [
        (led(ContactRole::Member, ANA), 1),
        (led(ContactRole::Member, somebodys), 0),
        (led(ContactRole::Admin, somebodys), 1),
        (Scope::Contact { person: person(ANA), accounts: [].into() }, 0),
        (Scope::Staff, 2),
    ] {
        let mut tx = reads.begin(&scope).await.unwrap();
        assert_eq!(rows(&mut tx, access).await.len(), expected, "{scope:?}");
    }
    for forbidden in ["select email from people", "select * from people"] {
        let mut tx = reads.begin(&customer(1)).await.unwrap();
        let refusal = tx.execute(forbidden).await.expect_err(forbidden).to_string();
        assert!(refusal.contains("permission denied"), "{forbidden}: {refusal}");
    }
}

#[tokio::test]
async fn an_account_that_cannot_be_applied_is_left_out_alone_and_comes_back() {
    let world = World::new().await;
    let open_case = world.open(1, 1).await;
    world.open_account(1, "Larch").await;
    world.projector.stop().await;
    let rename = |name: &str| AccountAction::Rename { name: world.line(person(1), name) };
    let position = world.append_to_account(1, rename("Birch")).await;
    let payload: String = sqlx::query_scalar("select payload::text from events where position = $1")
        .bind(position)
        .fetch_one(&world.owner)
        .await
        .unwrap();
    alter(&world, &format!("update events set payload = '{{}}' where position = {position}")).await;
    let last = world.append_to_account(
        2,
        AccountAction::Open {
            reference: world.line(person(2), "Elm"),
            name: world.line(person(2), "Elm"),
            address: None,
        },
    );
    let last = last.await;
    let projector = start_projector(&world.log).await;
    projector.wait_until(last, std::time::Duration::from_mins(1)).await;
    let parked = parked_streams(&world.service).await.unwrap();
    assert_eq!(parked.iter().map(|parked| &parked.stream).collect::<Vec<_>>(), [&account(1)]);
    let names = async || {
        let mut tx = projector.reads().begin(&Scope::Staff).await.unwrap();
        rows(&mut tx, "select name from accounts order by name").await
    };
    assert_eq!(names().await, ["Elm", "Larch"]);
    // Cases are another group: nothing of theirs is left out.
    assert!(!projector.reads().case(&Scope::Staff, open_case).await.unwrap().unwrap().is_degraded);

    alter(&world, &format!("update events set payload = '{payload}' where position = {position}")).await;
    assert_eq!(projector.reproject(&account(1)).await.unwrap(), None);
    assert_eq!(names().await, ["Birch", "Elm"]);
    assert_eq!(parked_streams(&world.service).await.unwrap(), []);
    projector.stop().await;
}

/// A group that reads few events need not write for those of others; what it has seen counts all the same.
#[tokio::test]
async fn events_of_cases_move_the_directory_without_a_write() {
    let world = World::new().await;
    world.open_account(1, "Larch").await;
    let written = async || -> i64 {
        sqlx::query_scalar("select position from projection_checkpoints where group_name = 'directory'")
            .fetch_one(&world.owner)
            .await
            .unwrap()
    };
    let before = written().await;
    for number in 1..=3 {
        world.open(number, 1).await;
    }
    assert_eq!(written().await, before);
    let name: PersonId = person(9);
    world.register(name, "Ana Torres").await;
    assert!(written().await > before, "an event of its own is written");
}
