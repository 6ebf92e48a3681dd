//! What the database itself says of its tables: none of a tenant's is without row-level security.

use harness::database;
use sqlx::{PgPool, Row as _};

/// Columns that make a row somebody's: a tenant, or a person of one.
const TENANT_COLUMNS: [&str; 5] = ["account_id", "account_ids", "principal", "person", "person_id"];

/// Tables with such a column that no customer's role can read at all, so that there is no row to choose. Each says why it has
/// no policy; the test makes sure that it has no grant either.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("access_log", "for auditors and the service alone; its partitions likewise"),
    ("commands", "outcomes by their principal and key, read by the service for that principal"),
    ("erasures", "who was erased, read by the append"),
    ("tokens", "looked up by the hash of a secret, before anybody is known"),
    ("passwords", "a secret, read by the service for whoever signs in"),
    ("links", "looked up by the hash of a secret"),
    ("sessions", "looked up by the hash of a secret"),
    ("devices", "looked up by the hash of a secret"),
    ("challenge_answers", "a secret, read by the service for whoever resets"),
    ("totp_secrets", "a secret, read by the service for whoever signs in"),
    ("recovery_codes", "a secret, read by the service for whoever signs in"),
    ("sign_in_counts", "counts, read by the service for whoever signs in"),
    ("link_requests", "wishes of the public forms, read by their worker"),
    ("mails", "the outbox, read by its worker"),
    ("mail_preferences", "read by the worker of mail, and by the service for the caller"),
];

/// Roles that act for somebody else than the service itself.
const READERS: [&str; 5] = [
    "casestream_reader_contact",
    "casestream_reader_staff",
    "casestream_reader_directory",
    "casestream_reader_auditor",
    "casestream_reader_requests",
];

#[tokio::test]
async fn no_table_of_a_tenant_lacks_row_level_security() {
    let database = database().await;
    let owner = PgPool::connect_with(database.owner_options.clone()).await.unwrap();
    let rows = sqlx::query(
        "select n.nspname as schema, c.relname as name, c.oid::regclass::text as full_name,
             c.relrowsecurity as is_on, c.relforcerowsecurity as is_forced,
             exists (select from pg_policy where polrelid = c.oid) as has_policy,
             exists (select from pg_attribute where attrelid = c.oid and attname = any($1) and not attisdropped) as has_tenant,
             array(
                 select role::text from unnest($2::text[]) as role
                 where has_any_column_privilege(role, c.oid, 'select') or has_table_privilege(role, c.oid, 'insert, update, delete')
             ) as readers
         from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'm', 'v', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
             and n.nspname !~ '^pg_'
         order by 1, 2",
    )
    .bind(TENANT_COLUMNS.as_slice())
    .bind(READERS.as_slice())
    .fetch_all(&owner)
    .await
    .unwrap();
    let (mut checked, mut excepted) = (0, 0);
    for row in rows {
        let (schema, name): (String, String) = (row.get("schema"), row.get("name"));
        let is_read_model = schema != "public";
        if !is_read_model && !row.get::<bool, _>("has_tenant") {
            continue;
        }
        let full_name: String = row.get("full_name");
        let exception =
            EXCEPTIONS.iter().find(|(table, _)| !is_read_model && (name == *table || name.starts_with("access_log_")));
        if exception.is_some() {
            let readers: Vec<String> = row.get("readers");
            assert_eq!(readers, Vec::<String>::new(), "{full_name} has no policy, so nobody but the service reads it");
            excepted += 1;
            continue;
        }
        assert!(
            row.get::<bool, _>("is_on") && row.get::<bool, _>("has_policy"),
            "{full_name} lacks row-level security"
        );
        // Of the service's own tables the service is no owner, so that being forced adds nothing there.
        assert!(!is_read_model || row.get::<bool, _>("is_forced"), "{full_name} does not force row-level security");
        checked += 1;
    }
    assert!(checked > 12 && excepted > 3, "{checked} checked, {excepted} excepted");
    owner.close().await;
}

/// A table that somebody adds and forgets to protect is found.
#[tokio::test]
async fn a_table_without_it_would_be_found() {
    let database = database().await;
    let owner = PgPool::connect_with(database.owner_options.clone()).await.unwrap();
    sqlx::raw_sql("create table case_v1.forgotten (account_id uuid)").execute(&owner).await.unwrap();
    let unprotected: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
         where n.nspname = 'case_v1' and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity)",
    )
    .fetch_all(&owner)
    .await
    .unwrap();
    assert_eq!(unprotected, ["forgotten"]);
    owner.close().await;
}
