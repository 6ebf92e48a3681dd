//! Many commands on one case at once, from two processes: what comes of them is what would come of them one after the
//! other, in some order. A serial model goes through that order and agrees with every single answer.

use cqrs_es::Aggregate as _;
use domain::{
    Actor, MessageId, PersonId,
    case::{CancelReason, Case, CaseAction, CaseCommand, CaseEvent, NewAttachments, Priority, Wait, WaitReason},
};
use event_log::{AnyEvent, ExecuteError, Executed, read_stream};
use futures_util::future::join_all;
use uuid::Uuid;

use crate::log_fixture::{
    Desk, agent, command, contact, execute, new_id, post, set_priority, slug, stream, supervisor, words,
};

const AT_ONCE: usize = 200;

/// Commands that get into each other's way. The last one ends the case for all that come after it.
fn commands() -> Vec<CaseCommand> {
    use CaseAction as Do;
    let wait = |reason| Do::StartWait { wait: Wait { reason, until: None } };
    let give = |n: usize| -> (Actor, CaseAction) {
        match n % 16 {
            0 => (agent(), Do::TakeUp),
            1 => (supervisor(), Do::TakeUp),
            2 => (agent(), Do::Assign { owner: PersonId(Uuid::from_u128(50 + n as u128 % 3)) }),
            3 => (agent(), Do::Release),
            4 => (agent(), Do::MoveToQueue { queue: slug(["support", "network"][n / 16 % 2]) }),
            5 => (agent(), wait(WaitReason::Customer)),
            6 => (agent(), wait(WaitReason::Vendor)),
            7 => (agent(), Do::EndWait),
            8 => (contact(), post(contact())),
            9 => (
                agent(),
                Do::AddNote {
                    message: MessageId(new_id()),
                    body: words(agent(), "a note"),
                    attachments: NewAttachments::default(),
                },
            ),
            10 => (agent(), set_priority([Priority::Low, Priority::High][n / 16 % 2])),
            11 => (
                agent(),
                Do::Resolve { code: slug("fixed"), resolution: words(agent(), "a new card"), closes_after: None },
            ),
            12 => (contact(), Do::RejectResolution { reason: None }),
            13 => (agent(), Do::Reopen { reason: words(agent(), "not so") }),
            14 => (agent(), Do::UndoReopening),
            _ => (contact(), Do::Rate { score: 3, comment: None }),
        }
    };
    let last = (contact(), Do::Cancel { reason: CancelReason::SolvedItself, comment: None });
    (1..AT_ONCE).map(give).chain([last]).map(|(by, action)| command(by, action)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_at_once_end_as_some_serial_order() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    let opening = usize::try_from(desk.load(&case_id).await.version()).unwrap();
    let (one, other) = (desk.log.clone(), desk.another_process());
    let commands = commands();
    let answers = join_all(commands.iter().enumerate().map(|(n, command)| {
        let log = if n % 2 == 0 { &one } else { &other };
        execute(log, &case_id, command, None)
    }))
    .await;

    let mut conn = desk.pool.acquire().await.unwrap();
    let read = read_stream(&mut conn, desk.log.codec(), &stream(&case_id)).await.unwrap();
    let log: Vec<CaseEvent> = read.into_iter().map(|event| case_event(event.event.unwrap().0)).collect();
    // What the model has come to after each number of events.
    let mut states = vec![Case::default()];
    for event in &log {
        let mut next = states.last().unwrap().clone();
        next.apply(event.clone());
        states.push(next);
    }
    let mut taken = vec![false; log.len()];
    taken[..opening].fill(true);
    let (mut changed, mut refused) = (0, 0);
    for (command, answer) in commands.iter().zip(answers) {
        let (outcome, version) = match answer {
            Ok(Executed::Decided { outcome, version, .. }) => (outcome, usize::try_from(version).unwrap()),
            Ok(Executed::Repeated { .. }) => unreachable!("no command has a key"),
            Err(ExecuteError::Contended) => continue,
            Err(error) => panic!("{error}"),
        };
        let began = version - outcome.as_ref().copied().unwrap_or(0);
        let decided = states[began].decide(command);
        changed += usize::from(began < version);
        refused += usize::from(outcome.is_err());
        match (outcome, decided) {
            (Ok(_), Ok(events)) => assert_eq!(events, log[began..version], "{command:?} after {began} events"),
            (Err(refusal), decided) => assert_eq!(decided, Err(refusal), "{command:?} after {began} events"),
            (Ok(_), Err(refusal)) => panic!("{command:?} was accepted after {began} events: {refusal}"),
        }
        for taken in &mut taken[began..version] {
            assert!(!std::mem::replace(taken, true), "an event of two commands");
        }
    }
    assert_eq!(taken, vec![true; log.len()], "an event of no command");
    assert!(changed > 20 && refused > 5, "{changed} changed something, {refused} were refused");
}

fn case_event(event: AnyEvent) -> CaseEvent {
    match event {
        AnyEvent::Case { event, .. } => event,
        other => panic!("an event of a case: {other:?}"),
    }
}
