//! One customer never sees another's, whatever SQL runs under their role.

use domain::{
    AccountId, Actor, LocationId, Role, Scope,
    account::{ContactAccess, ContactRole},
    case::{Case, CaseAction, Choice},
};
use sqlx::{Executor as _, PgConnection, Row as _};
use uuid::Uuid;

use super::{audience::view, world::*};

const TABLES: [&str; 6] =
    ["case_list", "case_details", "case_activity", "case_watchers", "case_attachments", "case_links"];

async fn count(conn: &mut PgConnection, table: &str) -> i64 {
    sqlx::query_scalar(&format!("select count(*) from {table}")).fetch_one(conn).await.unwrap()
}

#[tokio::test]
async fn raw_sql_under_a_customers_role_shows_their_rows_alone() {
    let world = World::new().await;
    let case_id = world.open(1, 1).await;
    world.act(case_id, contact(), CaseAction::AddAttachments { attachments: world.files(7) }).await;
    let (another, theirs) = (world.open(2, 1).await, world.open(3, 2).await);
    for other in [another, theirs] {
        world.act(case_id, agent(), CaseAction::Link { other }).await;
    }
    let reads = world.reads();
    let links = count(&mut reads.begin(&customer(1)).await.unwrap(), "case_links").await;
    assert_eq!(links, 1, "the one to a case that they see, too");
    for table in TABLES {
        assert!(count(&mut reads.begin(&customer(1)).await.unwrap(), table).await > 0, "{table}");
        assert!(count(&mut reads.begin(&Scope::Staff).await.unwrap(), table).await > 0, "{table}");
        for blind in [customer(4), Scope::Nothing, Scope::Contact { person: contact().person, accounts: [].into() }] {
            assert_eq!(count(&mut reads.begin(&blind).await.unwrap(), table).await, 0, "{table} as {blind:?}");
        }
    }
    assert_eq!(view(&world, &customer(2), case_id).await, view(&world, &customer(2), case(99)).await);
}

#[tokio::test]
async fn a_customers_role_cannot_name_what_is_internal_nor_write_nor_read_the_log() {
    let world = World::new().await;
    world.open(1, 1).await;
    for forbidden in [
        "select queue from case_list",
        "select * from case_list",
        "select legal_hold from case_details",
        "select cases from case_counts",
        "select sequence from case_activity",
        "select withheld_text from case_activity",
        "select aggregate_id from projection_parked_streams",
        "select * from events",
        "select * from keys",
        "update case_list set status = 'Closed'",
    ] {
        let mut tx = world.reads().begin(&customer(1)).await.unwrap();
        let refusal = tx.execute(forbidden).await.expect_err(forbidden).to_string();
        assert!(refusal.contains("permission denied") || refusal.contains("read-only"), "{forbidden}: {refusal}");
    }
    let mut tx = world.reads().begin(&Scope::Staff).await.unwrap();
    tx.execute("select withheld_text from case_activity").await.expect_err("for auditors");
}

/// A contact may be limited to some places. The database and the scope say the same of every case: of one at such a place,
/// elsewhere, nowhere, and of one's own.
#[tokio::test]
async fn a_limit_to_places_shows_the_cases_there_and_ones_own() {
    let world = World::new().await;
    let place = |n: u128| LocationId(Uuid::from_u128(n));
    let colleague = Actor::new(person(20), Role::Contact);
    let spots = [Choice::NotListed, Choice::None, Choice::Picked(place(2)), Choice::Picked(place(3))];
    let openers = [(colleague, person(20)), (colleague, contact().person), (contact(), person(20))];
    let mut cases = vec![];
    for (location, (opener, whom)) in spots.iter().flat_map(|spot| openers.iter().map(move |of| (spot, of))) {
        let number = i64::try_from(cases.len()).unwrap() + 1;
        let mut opening = world.opening(number, 1 + u128::from(number % 6 == 0));
        let CaseAction::Open(open) = &mut opening else { panic!("an opening") };
        (open.location, open.contact) = (*location, *whom);
        world.act(case(number), *opener, opening).await;
        cases.push(case(number));
    }
    let scope = |role, limit: Option<&[u128]>| {
        let locations = limit.map(|limit| limit.iter().map(|n| place(*n)).collect());
        let access = ContactAccess { role, locations };
        Scope::Contact { person: contact().person, accounts: [(AccountId(Uuid::from_u128(1)), access)].into() }
    };
    for (scope, expected) in [
        (scope(ContactRole::Member, None), 10),
        (scope(ContactRole::Member, Some(&[2])), 7),
        (scope(ContactRole::Member, Some(&[2, 3])), 8),
        (scope(ContactRole::Member, Some(&[9])), 6),
        (scope(ContactRole::Admin, Some(&[2])), 10),
        (Scope::Contact { person: contact().person, accounts: [].into() }, 0),
    ] {
        let mut tx = world.reads().begin(&scope).await.unwrap();
        let shown: Vec<Uuid> = sqlx::query_scalar("select case_id from case_list").fetch_all(&mut *tx).await.unwrap();
        drop(tx);
        assert_eq!(shown.len(), expected, "{scope:?}");
        for case_id in &cases {
            let case = world.log.load::<Case>(&case_id.to_string()).await.unwrap().aggregate;
            let sees = scope.sees(case.state.as_ref().unwrap());
            assert_eq!(shown.contains(&case_id.0), sees, "{case_id} as {scope:?}");
        }
    }
}

/// The scope ends with its transaction: the next user of the connection has none of it.
#[tokio::test]
async fn a_scope_does_not_outlive_its_transaction() {
    let world = World::new().await;
    world.open(1, 1).await;
    let mut conn = world.service.acquire().await.unwrap();
    conn.execute(
        "begin; set local role casestream_reader_contact; set local search_path = case_v1; \
                  set local casestream.accounts = '{00000000-0000-0000-0000-000000000001}'; \
                  set local casestream.whole_accounts = '{00000000-0000-0000-0000-000000000001}'",
    )
    .await
    .unwrap();
    assert_eq!(count(&mut conn, "case_list").await, 1);
    conn.execute("commit; begin; set local role casestream_reader_contact; set local search_path = case_v1")
        .await
        .unwrap();
    assert_eq!(count(&mut conn, "case_list").await, 0);
    conn.execute("rollback").await.unwrap();
}

#[tokio::test]
async fn every_table_of_a_projection_schema_forces_row_level_security() {
    let world = World::new().await;
    let rows = sqlx::query(
        "select c.oid::regclass::text as name, c.relrowsecurity and c.relforcerowsecurity as forced,
             exists (select from pg_policy where polrelid = c.oid) as has_policy
         from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
         where n.nspname ~ '_v[0-9]+$' and c.relkind in ('r', 'p', 'm', 'v', 'f')",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert_eq!(rows.len(), TABLES.len() + 10, "those, the counts, and nine of the directory");
    for row in rows {
        let name: String = row.get("name");
        assert!(row.get::<bool, _>("forced") && row.get::<bool, _>("has_policy"), "{name}");
    }
}
