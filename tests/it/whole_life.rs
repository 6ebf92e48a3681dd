//! A case from its opening with everything to its end and beyond, by everybody who may touch it; every rule broken once; and in
//! the end a log that verifies, and read models that are built anew as they are.

use std::collections::BTreeSet;

use api::{graphql::GlobalId as _, identity::TokenScope};
use chrono::TimeDelta;
use domain::{CaseId, MessageId, Role, case::CaseErrorKind as Rule};
use event_log::verify;
use harness::TestCaller;
use serde_json::{Value, json};
use strum::IntoEnumIterator as _;

use crate::{
    graphql_desk::{Desk, Stage, open_case, resolution, viewer, with_case},
    graphql_roles::some_id,
};

/// An account with places, products and people, and machines beside the desk.
struct World {
    desk: Desk,
    /// A colleague of the contact.
    colleague: TestCaller,
    colleague_id: Value,
    administrator: TestCaller,
    service: TestCaller,
    here: Value,
    there: Value,
    retired: Value,
    phone_here: Value,
    phone_there: Value,
    removed: Value,
}

impl World {
    async fn new() -> Self {
        let desk = Desk::open().await;
        let administrator = desk.app.staff(Role::Administrator).await;
        let colleague = desk.app.contact("ACME").await;
        let place = async |address: &str, reference: &str| {
            let input = json!({ "accountId": desk.account_id, "address": address, "reference": reference });
            administrator.succeed("accountLocationAdd", input, "location { id }").await["location"]["id"].take()
        };
        let install = async |at: &Value, reference: &str| {
            let input =
                json!({ "accountId": desk.account_id, "locationId": at, "name": "SmartVoice", "reference": reference });
            administrator.succeed("accountProductInstall", input, "product { id }").await["product"]["id"].take()
        };
        let (here, there) = (place("1 Example Street", "L-1").await, place("2 Example Street", "L-2").await);
        let retired = place("3 Example Street", "L-3").await;
        let (phone_here, phone_there) = (install(&here, "P-1").await, install(&there, "P-2").await);
        let removed = install(&here, "P-3").await;
        let of_account = |field: &str, id: &Value| json!({ "accountId": desk.account_id, field: id });
        administrator.succeed("accountLocationRetire", of_account("locationId", &retired), "account { id }").await;
        administrator.succeed("accountProductRemove", of_account("productId", &removed), "account { id }").await;
        Self {
            colleague_id: viewer(&colleague).await["person"]["id"].clone(),
            service: desk.app.machine(&[TokenScope::CasesRead, TokenScope::CasesWrite]).await,
            desk,
            colleague,
            administrator,
            here,
            there,
            retired,
            phone_here,
            phone_there,
            removed,
        }
    }

    /// All that an opening takes.
    async fn opening(&self, follow_up_of: &Value) -> Value {
        let upload = self.desk.upload(&self.desk.contact, "router.log", b"port down\n").await;
        let mut opening = self.desk.opening("A line with everything");
        for (field, value) in [
            ("locationId", self.here.clone()),
            ("productId", self.phone_here.clone()),
            ("contactId", self.colleague_id.clone()),
            ("watchers", json!([{ "contact": self.colleague_id }, { "email": "Front.Desk@example.com" }])),
            ("uploads", json!([upload])),
            ("followUpOf", follow_up_of.clone()),
            ("idempotencyKey", json!("whole life")),
        ] {
            opening[field] = value;
        }
        opening
    }

    async fn status(&self, case_id: &Value) -> Value {
        let document = "query($id: ID!) { case(id: $id, followMerges: false) { status } }";
        self.desk.agent.data(document, json!({ "id": case_id })).await["case"]["status"].take()
    }

    /// Takes steps one after the other; each leaves the case in the state that it names.
    async fn walk(&self, case_id: &Value, steps: Vec<(&TestCaller, &str, Value, &str)>) {
        for (by, mutation, input, status) in steps {
            self.desk.step(by, mutation, case_id, input).await;
            assert_eq!(self.status(case_id).await, status, "after {mutation}");
        }
    }

    async fn message(&self, case_id: &Value, kind: &str) -> Value {
        let document = "query($id: ID!) { case(id: $id) { activity(first: 100) { nodes { kind messageId } } } }";
        let found = self.desk.agent.data(document, json!({ "id": case_id })).await;
        let entries = found["case"]["activity"]["nodes"].as_array().unwrap().clone();
        entries.iter().find(|entry| entry["kind"] == kind).expect("it has one")["messageId"].clone()
    }

    /// Ten days pass, and the clock looks at the case.
    async fn ten_days(&self, case_id: &Value) {
        self.desk.app.clock.advance(TimeDelta::days(10));
        let case_id = CaseId::from_global(&async_graphql::ID(case_id.as_str().unwrap().to_owned())).unwrap();
        let commands = &self.desk.app.service.services().commands;
        let outcome = commands.act_on_time(case_id).await.unwrap();
        self.desk.app.until_visible(outcome.position).await;
    }
}

#[tokio::test]
async fn a_case_lives_through_every_state_by_everybody_and_every_rule_holds() {
    let world = World::new().await;
    let desk = &world.desk;
    let earlier = desk.case_in(Stage::Closed).await;
    let opening = world.opening(&earlier).await;
    let case_id = open_case(&desk.contact, opening.clone()).await;
    assert_eq!(open_case(&desk.contact, opening).await, case_id, "a retry opens none");
    check_opening(&world, &case_id).await;
    whole_life(&world, &case_id).await;
    other_lives(&world).await;
    for rule in Rule::iter() {
        Box::pin(break_rule(&world, rule)).await;
    }
    desk.app.assert_rebuild_equals_live().await;
    let pool = &desk.app.pool;
    let verified = verify(pool, |_| {}).await.unwrap();
    assert_eq!(verified.first_bad, None);
    assert!(verified.events > 100, "{verified:?}");
}

async fn check_opening(world: &World, case_id: &Value) {
    let document = "query($id: ID!) { case(id: $id) {
        status location { id } product { id } contact { id } opener { id } watchers { person { id } email }
        attachments { name state } links { relation }
        activity(first: 1, order: OLDEST_FIRST) { nodes { kind actor { id } onBehalfOf { id } } }
    } }";
    let case = world.desk.contact.data(document, json!({ "id": case_id })).await["case"].take();
    assert_eq!(case["status"], "NEW");
    assert_eq!((&case["location"]["id"], &case["product"]["id"]), (&world.here, &world.phone_here));
    assert_eq!((&case["contact"]["id"], &case["opener"]["id"]), (&world.colleague_id, &world.desk.contact_id));
    let first = &case["activity"]["nodes"][0];
    assert_eq!((&first["actor"]["id"], &first["onBehalfOf"]["id"]), (&world.desk.contact_id, &world.colleague_id));
    assert_eq!(case["watchers"].as_array().unwrap().len(), 2);
    assert_eq!(case["attachments"], json!([{ "name": "router.log", "state": "PRESENT" }]));
    assert_eq!(case["links"], json!([{ "relation": "FOLLOW_UP_OF" }]));
}

/// One case through all five states but Canceled, every role doing what is theirs in each.
async fn whole_life(world: &World, case_id: &Value) {
    let desk = &world.desk;
    let (contact, agent, supervisor, service) = (&desk.contact, &desk.agent, &desk.supervisor, &world.service);
    let nothing = || json!({});
    world
        .walk(
            case_id,
            vec![
                (service, "caseAddNote", json!({ "body": "Seen by the monitor." }), "NEW"),
                (contact, "casePostMessage", json!({ "body": "Both lines, by the way." }), "NEW"),
                (agent, "caseSetPriority", json!({ "priority": "HIGH" }), "NEW"),
                (supervisor, "caseLegalHoldPlace", json!({ "reason": "A court asks for it." }), "NEW"),
                (agent, "casePostMessage", json!({ "body": "We look into it." }), "OPEN"),
                (agent, "caseWaitStart", json!({ "reason": "CUSTOMER" }), "OPEN"),
                (&world.colleague, "casePostMessage", json!({ "body": "Here it is." }), "OPEN"),
                (service, "caseMoveToQueue", json!({ "queue": "billing" }), "OPEN"),
                (supervisor, "caseAssign", json!({ "ownerId": desk.agent_id }), "OPEN"),
                (agent, "caseReclassify", json!({ "type": "billing", "category": "collections" }), "OPEN"),
                (agent, "caseSetProduct", nothing(), "OPEN"),
                (agent, "caseSetLocation", json!({ "locationId": world.there }), "OPEN"),
                (agent, "caseSetProduct", json!({ "productId": world.phone_there }), "OPEN"),
                (agent, "caseSetSubject", json!({ "subject": "Two silent lines" }), "OPEN"),
                (agent, "caseSetContact", json!({ "contactId": desk.contact_id }), "OPEN"),
                (contact, "caseWatcherAdd", json!({ "watcher": { "email": "ben@example.com" } }), "OPEN"),
                (contact, "caseWatcherRemove", json!({ "watcher": { "email": "ben@example.com" } }), "OPEN"),
                (
                    &world.colleague,
                    "caseWatcherRemove",
                    json!({ "watcher": { "contact": world.colleague_id } }),
                    "OPEN",
                ),
                (agent, "caseRelease", nothing(), "OPEN"),
                (service, "caseResolve", resolution(), "RESOLVED"),
                (contact, "casePostMessage", json!({ "body": "It hums." }), "RESOLVED"),
                (contact, "caseRate", json!({ "score": 2 }), "RESOLVED"),
                (&world.colleague, "caseResolutionReject", json!({ "reason": "Still silent." }), "OPEN"),
                (agent, "caseWaitStart", json!({ "reason": "VENDOR" }), "OPEN"),
                (agent, "caseWaitEnd", nothing(), "OPEN"),
                (agent, "caseResolve", resolution(), "RESOLVED"),
                (supervisor, "caseReopen", json!({ "reason": "The card failed." }), "OPEN"),
                (agent, "caseReopenUndo", nothing(), "RESOLVED"),
            ],
        )
        .await;
    let message = world.message(case_id, "MESSAGE_POSTED").await;
    world
        .walk(
            case_id,
            vec![
                (supervisor, "caseRedactMessage", json!({ "messageId": message }), "RESOLVED"),
                (supervisor, "caseLegalHoldLift", nothing(), "RESOLVED"),
                (supervisor, "caseRedactMessage", json!({ "messageId": message }), "RESOLVED"),
            ],
        )
        .await;
    world.ten_days(case_id).await;
    assert_eq!(world.status(case_id).await, "CLOSED", "the clock");
    world
        .walk(
            case_id,
            vec![
                (contact, "caseRate", json!({ "score": 5, "comment": "In the end." }), "CLOSED"),
                (agent, "caseAddNote", json!({ "body": "The card was recalled." }), "CLOSED"),
                (agent, "caseLink", json!({ "otherCaseId": desk.new_case().await }), "CLOSED"),
            ],
        )
        .await;
}

/// The ways that the first life does not take.
async fn other_lives(world: &World) {
    let desk = &world.desk;
    let accepted = desk.case_in(Stage::Resolved).await;
    world.walk(&accepted, vec![(&desk.contact, "caseResolutionAccept", json!({}), "CLOSED")]).await;
    let confirmed = desk.case_in(Stage::Resolved).await;
    world.walk(&confirmed, vec![(&world.service, "caseClose", json!({}), "CLOSED")]).await;
    for by in [&desk.contact, &desk.agent, &desk.supervisor, &world.service] {
        let canceled = desk.case_in(Stage::Open).await;
        world.walk(&canceled, vec![(by, "caseCancel", json!({ "reason": "NO_LONGER_NEEDED" }), "CANCELED")]).await;
    }
    let mut opening = desk.opening("Nowhere in the list");
    opening["locationNotListed"] = json!(true);
    let triage = open_case(&desk.contact, opening).await;
    world
        .walk(
            &triage,
            vec![(&desk.agent, "caseTakeUp", json!({}), "OPEN"), (&desk.agent, "caseTriageClear", json!({}), "OPEN")],
        )
        .await;
    let (merged, survivor) = (desk.case_in(Stage::Open).await, desk.new_case().await);
    world
        .walk(
            &merged,
            vec![
                (&desk.agent, "caseMerge", json!({ "intoCaseId": survivor }), "CANCELED"),
                (&desk.contact, "casePostMessage", json!({ "body": "Any news?" }), "CANCELED"),
                (&desk.supervisor, "caseMergeUndo", json!({}), "OPEN"),
            ],
        )
        .await;
    let message = world.message(&merged, "MESSAGE_POSTED").await;
    let input = with_case(&merged, json!({ "messageIds": [message] }));
    let split = desk.agent.succeed("caseSplit", input, "case { id }").await["case"]["id"].take();
    world.walk(&split, vec![(&desk.agent, "caseSplitUndo", json!({}), "CANCELED")]).await;
}

/// Breaks a rule of cases, and checks that it is refused by a name of its own.
async fn break_rule(world: &World, rule: Rule) {
    let Some((by, mutation, input, code, said)) = violation(world, rule).await else { return };
    let refusal = by.refusal(mutation, input).await;
    assert_eq!(refusal["code"], code, "{rule:?}: {refusal}");
    let message = refusal["message"].as_str().unwrap();
    assert!(message.contains(said), "{rule:?}: {message}");
}

type Violation<'a> = (&'a TestCaller, &'static str, Value, &'static str, &'static str);

/// What breaks a rule, and what is answered; nothing for a rule that no request can break.
#[expect(clippy::too_many_lines, reason = "one arm for each rule")]
async fn violation(world: &World, rule: Rule) -> Option<Violation<'_>> {
    let desk = &world.desk;
    let (contact, agent, supervisor) = (&desk.contact, &desk.agent, &desk.supervisor);
    let new = async || desk.new_case().await;
    let in_stage = async |stage| desk.case_in(stage).await;
    let on = |case_id: Value, input: Value| with_case(&case_id, input);
    let opening_with = |field: &str, value: Value| {
        let mut opening = desk.opening("Another line");
        opening[field] = value;
        opening
    };
    let theirs = async || {
        let mut opening = desk.opening("Elsewhere");
        opening["accountId"] = viewer(&desk.stranger).await["accounts"][0]["id"].clone();
        open_case(&desk.stranger, opening).await
    };
    Some(match rule {
        // Ids are drawn here, and causes of closing are not asked for; links of watchers come by other ways.
        Rule::AlreadyOpen | Rule::MessageIdTaken | Rule::CloseCauseNotYours | Rule::LinkNotGood => return None,
        Rule::NotFound => (
            &desk.stranger,
            "casePostMessage",
            on(new().await, json!({ "body": "Hello." })),
            "NOT_FOUND",
            "no such case",
        ),
        Rule::NotPermitted => {
            (contact, "caseResolve", on(new().await, resolution()), "NOT_PERMITTED", "may not resolve")
        }
        Rule::NotInState => (
            agent,
            "caseReopen",
            on(new().await, json!({ "reason": "Why not." })),
            "NOT_IN_STATE",
            "is New and takes no reopen",
        ),
        Rule::NeedsFollowUp => (
            contact,
            "casePostMessage",
            on(in_stage(Stage::Closed).await, json!({ "body": "Again." })),
            "NEEDS_FOLLOW_UP",
            "open a follow-up",
        ),
        Rule::NoSuchAccount => {
            (agent, "caseOpen", opening_with("accountId", some_id::<domain::AccountId>()), "INVALID_INPUT", "contact")
        }
        Rule::NoSuchLocation => (
            agent,
            "caseSetLocation",
            on(new().await, json!({ "locationId": some_id::<domain::LocationId>() })),
            "INVALID_INPUT",
            "no such location",
        ),
        Rule::NotServedThereAnyMore => (
            agent,
            "caseSetLocation",
            on(new().await, json!({ "locationId": world.retired })),
            "INVALID_INPUT",
            "not served",
        ),
        Rule::NoSuchProduct => (
            agent,
            "caseSetProduct",
            on(new().await, json!({ "productId": some_id::<domain::ProductId>() })),
            "INVALID_INPUT",
            "no such product",
        ),
        Rule::NotInstalledAnyMore => (
            agent,
            "caseSetProduct",
            on(new().await, json!({ "productId": world.removed })),
            "INVALID_INPUT",
            "not installed any more",
        ),
        Rule::InstalledElsewhere => {
            let mut opening = opening_with("locationId", world.here.clone());
            opening["productId"] = world.phone_there.clone();
            (contact, "caseOpen", opening, "INVALID_INPUT", "another location")
        }
        Rule::NoSuchContact => {
            let stranger = viewer(&desk.stranger).await["person"]["id"].clone();
            (
                agent,
                "caseSetContact",
                on(new().await, json!({ "contactId": stranger })),
                "INVALID_INPUT",
                "no such contact",
            )
        }
        Rule::NoSuchWatcher => {
            let stranger = viewer(&desk.stranger).await["person"]["id"].clone();
            (
                agent,
                "caseWatcherAdd",
                on(new().await, json!({ "watcher": { "contact": stranger } })),
                "INVALID_INPUT",
                "no such contact",
            )
        }
        Rule::NoSuchMessage => (
            supervisor,
            "caseRedactMessage",
            on(new().await, json!({ "messageId": some_id::<MessageId>() })),
            "NO_SUCH_MESSAGE",
            "no such message",
        ),
        Rule::NoSuchAttachment => (
            contact,
            "caseAttachmentRemove",
            on(new().await, json!({ "attachmentId": some_id::<domain::AttachmentId>() })),
            "NO_SUCH_ATTACHMENT",
            "no such attachment",
        ),
        Rule::AlreadyAttached => {
            let (case_id, upload) = (new().await, desk.upload(contact, "a.log", b"a\n").await);
            desk.step(contact, "caseAttachmentAdd", &case_id, json!({ "uploads": [upload] })).await;
            (
                contact,
                "casePostMessage",
                on(case_id, json!({ "body": "Again.", "uploads": [upload] })),
                "INVALID_INPUT",
                "upload",
            )
        }
        Rule::AttachedByTheDesk => {
            let (case_id, upload) = (new().await, desk.upload(agent, "a.log", b"a\n").await);
            desk.step(agent, "caseAttachmentAdd", &case_id, json!({ "uploads": [upload] })).await;
            (
                contact,
                "caseAttachmentRemove",
                on(case_id, json!({ "attachmentId": upload })),
                "NOT_PERMITTED",
                "attached by the desk",
            )
        }
        Rule::UploadedForAnotherAccount => {
            let upload = desk.upload(agent, "a.log", b"a\n").await;
            (
                agent,
                "caseAttachmentAdd",
                on(theirs().await, json!({ "uploads": [upload] })),
                "INVALID_INPUT",
                "another account",
            )
        }
        Rule::TooManyAttachments => {
            let case_id = new().await;
            for n in 0..21 {
                let upload = desk.upload(contact, &format!("{n}.log"), b"a\n").await;
                if n == 20 {
                    return Some((
                        contact,
                        "caseAttachmentAdd",
                        on(case_id, json!({ "uploads": [upload] })),
                        "LIMIT_REACHED",
                        "at most 20 attachments",
                    ));
                }
                desk.step(contact, "caseAttachmentAdd", &case_id, json!({ "uploads": [upload] })).await;
            }
            unreachable!("the last one is answered")
        }
        Rule::TooManyWatchers => {
            let watchers: Vec<_> = (0..21).map(|n| json!({ "email": format!("watcher-{n}@example.com") })).collect();
            (contact, "caseOpen", opening_with("watchers", json!(watchers)), "LIMIT_REACHED", "at most 20 watchers")
        }
        Rule::WaitEndsBeforeItStarts => {
            let input = json!({ "reason": "VENDOR", "until": "2020-01-01T00:00:00Z" });
            (agent, "caseWaitStart", on(in_stage(Stage::Open).await, input), "INVALID_INPUT", "later date")
        }
        Rule::ReasonNeedsComment => {
            (contact, "caseCancel", on(new().await, json!({ "reason": "OTHER" })), "INVALID_INPUT", "needs a comment")
        }
        Rule::NoReopening => {
            (agent, "caseReopenUndo", on(in_stage(Stage::Open).await, json!({})), "NOT_IN_STATE", "no reopening")
        }
        Rule::UndoTooLate => {
            let case_id = in_stage(Stage::Resolved).await;
            desk.step(contact, "caseResolutionReject", &case_id, json!({})).await;
            desk.app.clock.advance(TimeDelta::hours(25));
            (agent, "caseReopenUndo", on(case_id, json!({})), "TOO_LATE", "24 hours ago")
        }
        Rule::AlreadyRated => {
            let case_id = in_stage(Stage::Closed).await;
            desk.step(contact, "caseRate", &case_id, json!({ "score": 1 })).await;
            (contact, "caseRate", on(case_id, json!({ "score": 5 })), "ALREADY_DONE", "already rated")
        }
        Rule::ScoreOutOfRange => (
            contact,
            "caseRate",
            on(in_stage(Stage::Closed).await, json!({ "score": 6 })),
            "INVALID_INPUT",
            "from 1 to 5",
        ),
        Rule::CancelReasonNotYours => {
            (agent, "caseCancel", on(new().await, json!({ "reason": "MERGED" })), "INVALID_INPUT", "choose another")
        }
        Rule::SameCase => {
            let case_id = new().await;
            (
                agent,
                "caseLink",
                on(case_id.clone(), json!({ "otherCaseId": case_id })),
                "INVALID_INPUT",
                "the case itself",
            )
        }
        Rule::OtherAccount => (
            agent,
            "caseMerge",
            on(new().await, json!({ "intoCaseId": theirs().await })),
            "INVALID_INPUT",
            "another account's",
        ),
        Rule::OtherNotWorkedOn => (
            agent,
            "caseMerge",
            on(new().await, json!({ "intoCaseId": in_stage(Stage::Resolved).await })),
            "NOT_IN_STATE",
            "New or Open",
        ),
        Rule::NotMerged => {
            let case_id = new().await;
            desk.step(contact, "caseCancel", &case_id, json!({ "reason": "DUPLICATE" })).await;
            (agent, "caseMergeUndo", on(case_id, json!({})), "NOT_IN_STATE", "not merged")
        }
        Rule::SurvivorMerged => {
            let (first, second, third) = (new().await, new().await, new().await);
            desk.step(agent, "caseMerge", &first, json!({ "intoCaseId": second })).await;
            desk.step(agent, "caseMerge", &second, json!({ "intoCaseId": third })).await;
            (agent, "caseMergeUndo", on(first, json!({})), "NOT_IN_STATE", "undo that merge first")
        }
        Rule::NothingToSplit => {
            (agent, "caseSplit", on(new().await, json!({ "messageIds": [] })), "INVALID_INPUT", "at least one message")
        }
        Rule::NotSplit => (agent, "caseSplitUndo", on(new().await, json!({})), "NOT_IN_STATE", "not split"),
        Rule::SplitWentOn | Rule::MovedAway => {
            let case_id = in_stage(Stage::Open).await;
            let message = desk.message(contact, &case_id, "And the other line.").await;
            let input = with_case(&case_id, json!({ "messageIds": [message] }));
            let split = agent.succeed("caseSplit", input, "case { id }").await["case"]["id"].take();
            if rule == Rule::MovedAway {
                return Some((
                    supervisor,
                    "caseRedactMessage",
                    on(case_id, json!({ "messageId": message })),
                    "NOT_IN_STATE",
                    "moved to another case",
                ));
            }
            desk.step(contact, "casePostMessage", &split, json!({ "body": "One more thing." })).await;
            (agent, "caseSplitUndo", on(split, json!({})), "NOT_IN_STATE", "merge it instead")
        }
        Rule::NotOver => {
            (contact, "caseOpen", opening_with("followUpOf", new().await), "NOT_IN_STATE", "until then, write to it")
        }
    })
}

/// The codes that clients rely on: each is answered by something that the tests do.
#[tokio::test]
async fn a_key_for_another_request_a_stale_version_and_a_reference_that_is_taken_are_named() {
    let world = World::new().await;
    let desk = &world.desk;
    let case_id = desk.new_case().await;
    let version = desk.version(&desk.agent, &case_id).await;
    let note = |body: &str, extra: Value| {
        let mut input = with_case(&case_id, json!({ "body": body }));
        for (field, value) in extra.as_object().unwrap() {
            input[field] = value.clone();
        }
        input
    };
    desk.agent.succeed("caseAddNote", note("First.", json!({ "idempotencyKey": "one" })), "caseId").await;
    let mut codes = BTreeSet::new();
    let mut refuse = async |by: &TestCaller, mutation: &str, input: Value| {
        codes.insert(by.refusal(mutation, input).await["code"].as_str().unwrap().to_owned());
    };
    refuse(&desk.agent, "caseAddNote", note("Second.", json!({ "idempotencyKey": "one" }))).await;
    refuse(&desk.agent, "caseAddNote", note("Third.", json!({ "expectedVersion": version }))).await;
    refuse(&world.administrator, "accountOpen", json!({ "reference": "ACME", "name": "Another" })).await;
    let held = json!({ "reason": "A court asks for it." });
    desk.step(&desk.supervisor, "caseLegalHoldPlace", &case_id, held).await;
    refuse(&world.administrator, "personErase", json!({ "personId": desk.contact_id })).await;
    let expected = ["IDEMPOTENCY_KEY_REUSED", "LEGAL_HOLD", "STALE_VERSION", "TAKEN"];
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), expected);
}
