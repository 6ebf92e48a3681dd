//! A command under a key happens once, however often it is sent, and its repetition is told what came of it.

use domain::{
    Actor,
    case::{Case, CaseAction, CaseError, Priority},
};
use event_log::{ExecuteError, Executed};
use serde_json::{Value, json};

use crate::log_fixture::*;

#[tokio::test]
async fn a_repeated_command_is_answered_and_not_done_again() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    let command = command(contact(), post(contact()));
    let first = execute(&desk.log, &case_id, &command, Some("one")).await.unwrap();
    let Executed::Decided { outcome: Ok(1), position: at, version: 3, .. } = first else { panic!("not decided") };
    desk.act(&case_id, agent(), CaseAction::TakeUp).await;

    let again = execute(&desk.log, &case_id, &command, Some("one")).await.unwrap();
    let Executed::Repeated { command: recorded, aggregate, position } = again else { panic!("done twice") };
    assert_eq!(recorded.outcome, json!({ "events": 1 }));
    assert_eq!(recorded.position, Some(at));
    let loaded = desk.load(&case_id).await;
    assert_eq!((aggregate, position), (loaded.aggregate, loaded.events.last().unwrap().position));
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_person() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    let high = command(agent(), set_priority(Priority::High));
    execute(&desk.log, &case_id, &high, Some("mine")).await.unwrap();
    let low = command(agent(), set_priority(Priority::Low));
    let refusal = execute(&desk.log, &case_id, &low, Some("mine")).await;
    assert!(matches!(refusal, Err(ExecuteError::KeyReused)));
    let other_case = desk.open_case().await;
    let refusal = execute(&desk.log, &other_case, &high, Some("mine")).await;
    assert!(matches!(refusal, Err(ExecuteError::KeyReused)), "the same action on another case is another request");
    assert_eq!(priority(&desk, &case_id).await, Priority::High);

    let of_supervisor = command(supervisor(), set_priority(Priority::Low));
    execute(&desk.log, &case_id, &of_supervisor, Some("mine")).await.unwrap();
    assert_eq!(priority(&desk, &case_id).await, Priority::Low);
}

async fn priority(desk: &Desk, case_id: &str) -> Priority {
    desk.load(case_id).await.aggregate.state.as_ref().unwrap().priority
}

#[tokio::test]
async fn a_refusal_and_a_command_without_effect_are_recorded_too() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    let end_wait = command(agent(), CaseAction::EndWait);
    let refused = outcome(&desk, &case_id, &end_wait, "refused").await;
    let no_effect = command(agent(), set_priority(Priority::Normal));
    assert_eq!(outcome(&desk, &case_id, &no_effect, "no effect").await, json!({ "events": 0 }));
    assert_eq!(desk.load(&case_id).await.version(), 2);

    // What would be decided otherwise now is still answered as it was then.
    desk.act(&case_id, agent(), CaseAction::TakeUp).await;
    desk.act(&case_id, agent(), set_priority(Priority::High)).await;
    assert_eq!(outcome(&desk, &case_id, &end_wait, "refused").await, refused);
    assert_eq!(outcome(&desk, &case_id, &no_effect, "no effect").await, json!({ "events": 0 }));
    assert_eq!(priority(&desk, &case_id).await, Priority::High);
}

/// What a command came to, now or before.
async fn outcome(desk: &Desk, case_id: &str, command: &domain::case::CaseCommand, key: &str) -> Value {
    match execute(&desk.log, case_id, command, Some(key)).await.unwrap() {
        Executed::Decided { outcome, .. } => describe(&outcome),
        Executed::Repeated { command, .. } => command.outcome,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_duplicates_at_once_have_one_effect_and_one_answer() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    let rounds: Vec<(Actor, CaseAction, i64)> = vec![
        (agent(), CaseAction::TakeUp, 1),
        (contact(), post(contact()), 1),
        (agent(), set_priority(Priority::Normal), 0),
        (agent(), CaseAction::AcceptResolution, 0),
    ];
    for (round, (by, action, effect)) in rounds.into_iter().enumerate() {
        let before = desk.load(&case_id).await.version();
        let command = command(by, action);
        let duplicates = (0..20).map(|_| {
            let (log, case_id, command) = (desk.log.clone(), case_id.clone(), command.clone());
            tokio::spawn(async move { execute(&log, &case_id, &command, Some(&format!("round {round}"))).await })
        });
        let duplicates: Vec<_> = duplicates.collect();
        let (mut decided, mut answers) = (0, vec![]);
        for duplicate in duplicates {
            answers.push(match duplicate.await.unwrap().unwrap() {
                Executed::<Case, CaseError>::Decided { outcome, .. } => {
                    decided += 1;
                    describe(&outcome)
                }
                Executed::Repeated { command, .. } => command.outcome,
            });
        }
        assert_eq!(decided, 1);
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
        assert_eq!(desk.load(&case_id).await.version(), before + effect);
    }
}
