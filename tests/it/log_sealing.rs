//! Texts: sealed wherever they lie, open to readers, gone with their key.

use domain::{
    MessageId,
    case::{Case, CaseAction, CaseEvent, CaseFact, NewAttachments},
};
use event_log::{AnyEvent, AppendOptions, EventLog, LogError, MasterKey, read_page, read_stream, verify};

use crate::log_fixture::*;

#[tokio::test]
async fn no_word_of_anybody_lies_open_in_any_table() {
    let desk = Desk::new().await;
    for script in whole_lives() {
        let case_id = new_id().to_string();
        desk.live(&case_id, script).await;
        let with_key = command(agent(), post(agent()));
        execute(&desk.log, &case_id, &with_key, Some(&case_id)).await.unwrap();
    }
    let mut owner = desk.owner().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let (mut rows, mut sealed) = (0, 0);
    // Bytes show as hexadecimal digits.
    let forms = [MARK.to_owned(), hex::encode(MARK)];
    for table in tables {
        let query = format!("select t::text from {table} t");
        for row in sqlx::query_scalar::<_, String>(&query).fetch_all(&mut owner).await.unwrap() {
            assert!(forms.iter().all(|form| !row.contains(form)), "{table} has a text in the open: {row}");
            rows += 1;
            sealed += row.matches("sealed").count();
        }
    }
    assert!(rows > 50 && sealed > 15, "{rows} rows with {sealed} sealed texts are too few to prove anything");
}

#[tokio::test]
async fn a_text_whose_key_is_destroyed_is_gone_and_the_chain_still_holds() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    let message = MessageId(new_id());
    let body = words(contact(), "my password is hunter2");
    desk.act(&case_id, contact(), CaseAction::PostMessage { message, body, attachments: NewAttachments::default() })
        .await;
    desk.act(&case_id, contact(), post(contact())).await;
    assert_eq!(readable_messages(&desk, &case_id).await, [true, true]);

    desk.act(&case_id, supervisor(), CaseAction::RedactMessage { message }).await;
    assert_eq!(readable_messages(&desk, &case_id).await, [false, true]);
    assert_eq!(verify(&desk.pool, |_| ()).await.unwrap().first_bad, None);
    let case = desk.load(&case_id).await.aggregate;
    let text = &case.state.as_ref().unwrap().texts[&message];
    assert!(text.redacted && text.destroyed);
    desk.act(&case_id, contact(), post(contact())).await;
    assert_eq!(readable_messages(&desk, &case_id).await, [false, true, true]);
}

#[tokio::test]
async fn a_text_written_and_redacted_in_one_append_leaves_no_key() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    let message = MessageId(new_id());
    let loaded = desk.load(&case_id).await;
    let mut case = Case::clone(&loaded.aggregate);
    let mut events = vec![];
    let body = words(contact(), "my password is hunter2");
    let post = (contact(), CaseAction::PostMessage { message, body, attachments: NewAttachments::default() });
    for (by, action) in [post, (supervisor(), CaseAction::RedactMessage { message })] {
        for event in case.decide(&command(by, action)).unwrap() {
            cqrs_es::Aggregate::apply(&mut case, event.clone());
            events.push((event, metadata(&by)));
        }
    }
    desk.log.append(&loaded, events, AppendOptions::at(now())).await.unwrap();
    assert_eq!(readable_messages(&desk, &case_id).await, [false]);
}

/// Of each message of a case, whether a reader sees its text.
async fn readable_messages(desk: &Desk, case_id: &str) -> Vec<bool> {
    let mut connection = desk.pool.acquire().await.unwrap();
    let codec = desk.log.codec();
    let by_stream = read_stream(&mut connection, codec, &stream(case_id)).await.unwrap();
    let by_page = read_page(&mut connection, codec, 0, i64::MAX, 1000).await.unwrap();
    let readable = |events: Vec<event_log::FeedEvent>| -> Vec<bool> {
        let body = |event: event_log::FeedEvent| match event.event.unwrap().0 {
            AnyEvent::Case { event: CaseEvent { fact: CaseFact::MessagePosted { body, .. }, .. }, .. } => {
                Some(body.value().is_some())
            }
            AnyEvent::Case { .. }
            | AnyEvent::Account { .. }
            | AnyEvent::Person { .. }
            | AnyEvent::Settings { .. }
            | AnyEvent::User { .. }
            | AnyEvent::AccessRequest { .. } => None,
        };
        events.into_iter().filter_map(body).collect()
    };
    let answer = readable(by_stream);
    assert_eq!(answer, readable(by_page), "a page and a stream show the same");
    answer
}

#[tokio::test]
async fn another_master_key_is_refused_before_it_seals_anything() {
    let desk = Desk::new().await;
    assert!(EventLog::known_master_keys(&desk.pool).await.unwrap().is_empty());
    desk.log.check_master_key().await.unwrap();
    desk.log.check_master_key().await.unwrap();
    assert_eq!(EventLog::known_master_keys(&desk.pool).await.unwrap().len(), 1);
    let case_id = desk.open_case().await;

    let other = EventLog::new(desk.pool.clone(), MasterKey::generate().into());
    assert!(matches!(other.check_master_key().await, Err(LogError::WrongMasterKey)));
    let loaded = other.load::<Case>(&case_id).await.unwrap();
    let events: Vec<_> = loaded.aggregate.decide(&command(agent(), post(agent()))).unwrap();
    let events = events.into_iter().map(|event| (event, metadata(&agent()))).collect();
    let refusal = other.append(&loaded, events, AppendOptions::at(now())).await.unwrap_err().to_string();
    assert!(refusal.contains("does not open with the master key"), "{refusal}");
}

/// A service that began before goes on under the key that it knows, and what it seals meanwhile is found by the next exchange.
#[tokio::test]
async fn another_master_key_is_taken_into_use_beside_a_running_service() {
    let (first, second, third) = ([7; 32], [8; 32], [9; 32]);
    let desk = Desk::under(MasterKey::from_bytes(first)).await;
    desk.log.check_master_key().await.unwrap();
    let owner = sqlx::PgPool::connect_with(desk.database.owner_options.clone()).await.unwrap();
    let known = async || EventLog::known_master_keys(&desk.pool).await.unwrap();
    let keys = async |keys: &[[u8; 32]]| MasterKey::of_database(keys.to_vec(), &known().await);
    let (before, erased) = (desk.open_case().await, desk.open_case().await);
    sqlx::query("update keys set wrapped = 'nothing' where aggregate_id = $1 and wrapped_by is null")
        .bind(&erased)
        .execute(&owner)
        .await
        .unwrap();
    let exchange = async |given: &[[u8; 32]]| {
        let keys = keys(given).await.expect("the database's");
        event_log::exchange::exchange(&owner, &keys, &api::master_key::SEALED_COLUMNS).await.unwrap()
    };
    let exchanged = exchange(&[first, second]).await;
    assert_eq!((exchanged.anew, exchanged.unreadable), (1, 1), "{exchanged:?}");
    sqlx::query("delete from keys where aggregate_id = $1").bind(&erased).execute(&owner).await.unwrap();

    let reads = async |given: &[[u8; 32]], case: &str| {
        let log = EventLog::new(desk.pool.clone(), keys(given).await.expect("the database's").into());
        log.load::<Case>(case).await.is_ok()
    };
    let meanwhile = desk.open_case().await;
    assert!(reads(&[first, second], &before).await && reads(&[first, second], &meanwhile).await);
    for wrong in [&[first][..], &[second], &[second, first]] {
        assert!(keys(wrong).await.is_none(), "not the database's keys: {wrong:?}");
    }
    assert_eq!(exchange(&[first, second]).await.anew, 1, "what was sealed meanwhile");
    assert_eq!(exchange(&[first, second, third]).await.anew, 2);
    assert_eq!(known().await.len(), 3);
    assert_eq!(exchange(&[first, second, third]).await.anew, 0);
    assert_eq!(known().await.len(), 2, "the one between is needed no more");
    assert!(reads(&[first, third], &before).await && reads(&[first, third], &meanwhile).await);
}

/// A column whose values are sealed is to be exchanged, too, or to say here what else it holds.
#[tokio::test]
async fn every_column_of_bytes_is_known() {
    // Hashes, fingerprints and counts by keyed hashes: nothing that opens.
    const OTHERS: &[&str] = &[
        "_sqlx_migrations.checksum",
        "access_log.hash",
        "access_log.network",
        "access_log_head.hash",
        "commands.request",
        "devices.token_hash",
        "events.hash",
        "link_requests.name",
        "links.token_hash",
        "master_keys.fingerprint",
        "rate_counts.key",
        "recovery_codes.code_hash",
        "reservations.value",
        "sessions.token_hash",
        "sign_in_counts.subject",
        "staged_uploads.token_hash",
        "streams.last_hash",
        "tokens.token_hash",
    ];
    let desk = Desk::new().await;
    let found: Vec<String> = sqlx::query_scalar(
        "select table_name || '.' || column_name from information_schema.columns
         where table_schema = 'public' and data_type = 'bytea' order by 1",
    )
    .fetch_all(&desk.pool)
    .await
    .unwrap();
    let mut known: Vec<String> = OTHERS.iter().map(|column| (*column).to_owned()).collect();
    known.extend(api::master_key::SEALED_COLUMNS.iter().map(|column| format!("{}.{}", column.table, column.sealed)));
    known.push("keys.wrapped".to_owned());
    known.sort();
    assert_eq!(found, known);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_master_keys_at_a_first_start_one_is_taken() {
    let desk = Desk::new().await;
    let starts = (0..10).map(|_| {
        let log = EventLog::new(desk.pool.clone(), MasterKey::generate().into());
        tokio::spawn(async move { log.check_master_key().await.is_ok() })
    });
    let starts: Vec<_> = starts.collect();
    let mut taken = 0;
    for start in starts {
        taken += usize::from(start.await.unwrap());
    }
    assert_eq!(taken, 1);
}
