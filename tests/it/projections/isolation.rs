//! One customer never sees another's, whatever SQL runs under their role.

use domain::{Scope, case::CaseAction};
use sqlx::{Executor as _, PgConnection, Row as _};

use super::{audience::view, world::*};

const TABLES: [&str; 5] = ["case_list", "case_details", "case_activity", "case_watchers", "case_attachments"];

async fn count(conn: &mut PgConnection, table: &str) -> i64 {
    sqlx::query_scalar(&format!("select count(*) from {table}")).fetch_one(conn).await.unwrap()
}

#[tokio::test]
async fn raw_sql_under_a_customers_role_shows_their_rows_alone() {
    let world = World::new().await;
    let case_id = world.open(1, 1).await;
    world.act(case_id, contact(), CaseAction::AddAttachments { attachments: world.files(7) }).await;
    let reads = world.reads();
    for table in TABLES {
        assert!(count(&mut reads.begin(&customer(1)).await.unwrap(), table).await > 0, "{table}");
        assert!(count(&mut reads.begin(&Scope::Staff).await.unwrap(), table).await > 0, "{table}");
        for blind in [customer(2), Scope::Nothing, Scope::Contact { person: contact().person, accounts: vec![] }] {
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
        "select sequence from case_activity",
        "select withheld_text from case_activity",
        "select reason from projection_parked_streams",
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

/// The scope ends with its transaction: the next user of the connection has none of it.
#[tokio::test]
async fn a_scope_does_not_outlive_its_transaction() {
    let world = World::new().await;
    world.open(1, 1).await;
    let mut conn = world.service.acquire().await.unwrap();
    conn.execute(
        "begin; set local role casestream_reader_contact; set local search_path = case_v1; \
                  set local casestream.accounts = '{00000000-0000-0000-0000-000000000001}'",
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
    assert_eq!(rows.len(), TABLES.len() + 5, "five tables of cases, five of the directory");
    for row in rows {
        let name: String = row.get("name");
        assert!(row.get::<bool, _>("forced") && row.get::<bool, _>("has_policy"), "{name}");
    }
}
