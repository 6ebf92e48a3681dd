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
    assert!(!EventLog::has_master_key(&desk.pool).await.unwrap());
    desk.log.check_master_key().await.unwrap();
    desk.log.check_master_key().await.unwrap();
    assert!(EventLog::has_master_key(&desk.pool).await.unwrap());
    let case_id = desk.open_case().await;

    let other = EventLog::new(desk.pool.clone(), MasterKey::generate().into());
    assert!(matches!(other.check_master_key().await, Err(LogError::WrongMasterKey)));
    let loaded = other.load::<Case>(&case_id).await.unwrap();
    let events: Vec<_> = loaded.aggregate.decide(&command(agent(), post(agent()))).unwrap();
    let events = events.into_iter().map(|event| (event, metadata(&agent()))).collect();
    let refusal = other.append(&loaded, events, AppendOptions::at(now())).await.unwrap_err().to_string();
    assert!(refusal.contains("does not open with the master key"), "{refusal}");
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
