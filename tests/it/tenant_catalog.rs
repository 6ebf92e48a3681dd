//! What the database itself says of its tables: each is known here, and none of a tenant's is without row-level security.

use harness::database;
use sqlx::PgPool;

/// Why a table of the service has no policy that chooses rows for a reader. No reader may touch it, so that there is no row
/// to choose.
const SERVICE_ONLY: &[(&str, &str)] = &[
    ("_sqlx_migrations", "which migrations ran; nobody's"),
    ("access_log", "who read what, by the service for auditors"),
    ("access_log_head", "the end of a chain of hashes; nobody's"),
    ("challenge_answers", "a secret, read by the service for whoever resets"),
    ("commands", "outcomes by their principal and key, read by the service for that principal"),
    ("consumers", "how far workers have come; nobody's"),
    ("devices", "looked up by the hash of a secret"),
    ("erasures", "who was erased, read by the append"),
    ("link_requests", "wishes of the public forms, read by their worker"),
    ("links", "looked up by the hash of a secret"),
    ("mail_preferences", "read by the worker of mail, and by the service for the caller"),
    ("mails", "the outbox, read by its worker"),
    ("master_keys", "which master keys there were; nobody's"),
    ("passwords", "a secret, read by the service for whoever signs in"),
    ("projection_checkpoints", "how far read models have come; nobody's"),
    ("projection_parked_streams", "what read models leave out; readers may ask for one stream at a time"),
    ("rate_counts", "counts by a hash of an address or network"),
    ("recovery_codes", "a secret, read by the service for whoever signs in"),
    ("reservations", "hashes of names that may be taken once"),
    ("sessions", "looked up by the hash of a secret"),
    ("sign_in_counts", "counts, read by the service for whoever signs in"),
    ("staged_uploads", "looked up by the hash of a secret, and by the service for whoever staged"),
    ("subject_streams", "which streams say something of a person, read by erasure"),
    ("tokens", "looked up by the hash of a secret, before anybody is known"),
    ("totp_secrets", "a secret, read by the service for whoever signs in"),
];

/// Tables that auditors read whole, and no other reader at all.
const AUDITED: &[(&str, &str)] = &[
    ("events", "the log itself"),
    ("keys", "which keys seal what; they are wrapped"),
    ("streams", "how long each stream is"),
];

/// Roles that act for somebody else than the service itself.
const READERS: [&str; 5] = [
    "casestream_reader_contact",
    "casestream_reader_staff",
    "casestream_reader_directory",
    "casestream_reader_auditor",
    "casestream_reader_requests",
];

/// A table as the catalog has it.
#[derive(sqlx::FromRow)]
struct Table {
    schema: String,
    name: String,
    /// Whose partition it is.
    parent: Option<String>,
    /// Whether row-level security is on and forced, and a policy says who sees what.
    is_protected: bool,
    /// Which of [`READERS`] may do anything with it.
    readers: Vec<String>,
    /// Whether any of them may change anything in it.
    is_changed: bool,
}

async fn tables(owner: &PgPool) -> Vec<Table> {
    sqlx::query_as(
        "select n.nspname::text as schema, c.relname::text as name,
             (select p.relname::text from pg_inherits as i join pg_class as p on p.oid = i.inhparent
              where i.inhrelid = c.oid) as parent,
             c.relrowsecurity and c.relforcerowsecurity
                 and exists (select from pg_policy where polrelid = c.oid) as is_protected,
             array(
                 select role from unnest($1::text[]) as role
                 where has_any_column_privilege(role, c.oid, 'select, insert, update, references')
                     or has_table_privilege(role, c.oid, 'delete, truncate, trigger')
             ) as readers,
             exists (
                 select from unnest($1::text[]) as role
                 where has_any_column_privilege(role, c.oid, 'insert, update, references')
                     or has_table_privilege(role, c.oid, 'delete, truncate, trigger')
             ) as is_changed
         from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'm', 'v', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
             and n.nspname !~ '^pg_'
         order by 1, 2",
    )
    .bind(READERS.as_slice())
    .fetch_all(owner)
    .await
    .unwrap()
}

/// What is wrong with a table, if anything is. All tables of a read model are a tenant's, whatever their columns are called.
fn fault(table: &Table) -> Option<&'static str> {
    if table.schema != "public" {
        return (!table.is_protected).then_some("lacks forced row-level security");
    }
    let name = table.parent.as_deref().unwrap_or(&table.name);
    let is_among = |list: &[(&str, &str)]| list.iter().any(|(known, _)| *known == name);
    if is_among(AUDITED) {
        let others = table.is_changed || table.readers.iter().any(|reader| reader != "casestream_reader_auditor");
        return others.then_some("is for auditors to read, and more is open");
    }
    if is_among(SERVICE_ONLY) {
        return (!table.readers.is_empty()).then_some("is for the service alone, and a reader may touch it");
    }
    Some("is not known: say whose it is")
}

/// Every fault of every table, as `schema.table fault`.
fn faults(tables: &[Table]) -> Vec<String> {
    let said = |table: &Table| fault(table).map(|fault| format!("{}.{} {fault}", table.schema, table.name));
    tables.iter().filter_map(said).collect()
}

#[tokio::test]
async fn no_table_of_a_tenant_lacks_row_level_security() {
    let database = database().await;
    let owner = PgPool::connect_with(database.owner_options.clone()).await.unwrap();
    let tables = tables(&owner).await;
    assert_eq!(faults(&tables), Vec::<String>::new());
    let known = SERVICE_ONLY.iter().chain(AUDITED).map(|(name, _)| name);
    let gone: Vec<_> = known.filter(|name| !tables.iter().any(|table| table.name == **name)).collect();
    assert_eq!(gone, Vec::<&&str>::new(), "no such tables are left");
    let read_models = tables.iter().filter(|table| table.schema != "public").count();
    assert!(read_models > 12, "{read_models} tables of read models");
    owner.close().await;
}

/// Tables that somebody adds and forgets to protect, or opens to a reader, are found by the very same question.
#[tokio::test]
async fn a_table_without_it_would_be_found() {
    let database = database().await;
    let owner = PgPool::connect_with(database.owner_options.clone()).await.unwrap();
    let broken = "create table case_v1.forgotten (account_id uuid);
        create table case_v1.unforced (case_id uuid);
        alter table case_v1.unforced enable row level security;
        create policy anybody on case_v1.unforced using (true);
        create table public.unknown (account uuid);
        create view public.seen as select subject from public.subject_streams;
        alter table case_v1.case_details no force row level security;
        grant select (hash) on public.passwords to casestream_reader_contact;
        grant select on public.events to casestream_reader_staff;
        grant insert on public.keys to casestream_reader_auditor;
        grant select on public.access_log_2026 to casestream_reader_contact;
        grant select (reason) on public.projection_parked_streams to casestream_reader_contact;";
    sqlx::raw_sql(broken).execute(&owner).await.unwrap();
    assert_eq!(
        faults(&tables(&owner).await),
        [
            "case_v1.case_details lacks forced row-level security",
            "case_v1.forgotten lacks forced row-level security",
            "case_v1.unforced lacks forced row-level security",
            "public.access_log_2026 is for the service alone, and a reader may touch it",
            "public.events is for auditors to read, and more is open",
            "public.keys is for auditors to read, and more is open",
            "public.passwords is for the service alone, and a reader may touch it",
            "public.projection_parked_streams is for the service alone, and a reader may touch it",
            "public.seen is not known: say whose it is",
            "public.unknown is not known: say whose it is",
        ]
    );
    owner.close().await;
}
