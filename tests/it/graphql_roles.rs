//! Who may do what, and read what: every operation of the schema, for every kind of caller.

use api::{graphql::GlobalId, identity::TokenScope, registry::identities};
use domain::{AccessRequestId, AttachmentId, LocationId, MessageId, PersonId, ProductId, Role};
use harness::TestCaller;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    access_requests::{form, submitted},
    graphql_desk::{Desk, Stage, resolution, with_case},
    graphql_schema::operations,
    mail::dead::{DEAD_LETTER, dead_letter, global_id_of_mail},
    settings::settings_input,
};

/// A row per operation, a column per caller. A cell says what becomes of the operation because of who asks:
///
/// - `y`: it is theirs to ask (whether the case's state takes it is another question); a query shows the case
/// - `-`: the case, or the account, does not exist for them, so null, an empty list, or `NOT_FOUND`
/// - `p`: `NOT_PERMITTED`
/// - `a`: they have no such account (`INVALID_INPUT` about `accountId`)
/// - `f`: `FORBIDDEN`
/// - `u`: `UNAUTHENTICATED`
pub const TABLE: &str = "
                       nobody contact stranger agent supervisor administrator auditor analyst mute reader writer listener
accessRequest            u       f        f      f       y            f          y       f      f     f      f       f
accessRequests           u       f        f      f       y            f          y       f      f     f      f       f
account                  u       y        -      y       y            y          y       -      -     y      y       -
accountPicker            u       y        -      y       y            y          y       -      -     y      y       -
accounts                 u       y        -      y       y            y          y       -      -     y      y       -
case                     u       y        -      y       y            -          y       -      -     y      y       -
cases                    u       y        -      y       y            -          y       -      -     y      y       -
catalogue                u       y        y      y       y            y          y       y      y     y      y       y
brand                    y       y        y      y       y            y          y       y      y     y      y       y
caseRules                u       y        y      y       y            y          y       y      y     y      y       y
desk                     u       f        f      y       y            y          y       f      f     y      y       f
settingsHistory          u       f        f      f       f            y          y       f      f     f      f       f
events                   u       f        f      f       f            f          y       f      f     f      f       y
mailDeadLetters          u       f        f      f       f            y          f       f      f     f      f       f
node                     u       y        -      y       y            -          y       -      -     y      y       -
nodes                    u       y        -      y       y            -          y       -      -     y      y       -
overview                 u       y        -      y       y            -          y       -      -     y      y       -
projections              u       f        f      f       f            y          f       f      f     f      f       f
search                   u       y        -      y       y            -          y       -      -     y      y       -
user                     u       f        f      f       y            y          y       f      f     f      f       f
users                    u       f        f      f       y            y          y       f      f     f      f       f
viewer                   u       y        y      y       y            y          y       y      y     y      y       y
caseActivity             u       y        -      y       y            -          y       -      -     y      y       -
deskChanges              u       f        f      y       y            f          f       f      f     y      y       f
accessRequestAddPerson   u       p        p      p       y            p          p       p      p     p      p       p
accessRequestDecide      u       p        p      p       y            p          p       p      p     p      p       p
accessRequestRedact      u       p        p      p       y            p          p       p      p     p      p       p
accessRequestSubmit      y       y        y      y       y            y          y       y      y     y      y       y
accountContactJoin       u       p        -      p       y            y          p       -      -     p      p       -
accountContactLeave      u       p        -      p       p            y          p       -      -     p      p       -
accountContactSet        u       p        -      p       p            y          p       -      -     p      p       -
accountLocationAdd       u       p        -      p       p            y          p       -      -     p      p       -
accountLocationMove      u       p        -      p       p            y          p       -      -     p      p       -
accountLocationRetire    u       p        -      p       p            y          p       -      -     p      p       -
accountMove              u       p        -      p       p            y          p       -      -     p      p       -
accountOpen              u       p        p      p       p            y          p       p      p     p      p       p
accountProductInstall    u       p        -      p       p            y          p       -      -     p      p       -
accountProductRemove     u       p        -      p       p            y          p       -      -     p      p       -
accountRename            u       p        -      p       p            y          p       -      -     p      p       -
brandColorsSet           u       p        p      p       p            y          p       p      p     p      p       p
brandLogoRemove          u       p        p      p       p            y          p       p      p     p      p       p
brandLogoSet             u       p        p      p       p            y          p       p      p     p      p       p
brandPortalNameSet       u       p        p      p       p            y          p       p      p     p      p       p
brandSenderSet           u       p        p      p       p            y          p       p      p     p      p       p
cannedReplyRemove        u       p        p      p       y            y          p       p      p     p      p       p
cannedReplySet           u       p        p      p       y            y          p       p      p     p      p       p
catalogueCategorySet     u       p        p      p       p            y          p       p      p     p      p       p
catalogueEntryRestore    u       p        p      p       p            y          p       p      p     p      p       p
catalogueEntryRetire     u       p        p      p       p            y          p       p      p     p      p       p
catalogueProductSet      u       p        p      p       p            y          p       p      p     p      p       p
catalogueQueueSet        u       p        p      p       y            y          p       p      p     p      p       p
catalogueResolutionCodeSet u      p        p      p       p            y          p       p      p     p      p       p
catalogueTypeSet         u       p        p      p       p            y          p       p      p     p      p       p
deskHolidayRemove        u       p        p      p       y            y          p       p      p     p      p       p
deskHolidaySet           u       p        p      p       y            y          p       p      p     p      p       p
deskHoursSet             u       p        p      p       y            y          p       p      p     p      p       p
rulesResolutionSet       u       p        p      p       p            y          p       p      p     p      p       p
rulesWatchListSet        u       p        p      p       p            y          p       p      p     p      p       p
caseAddNote              u       p        -      y       y            -          p       -      -     p      y       -
caseAssign               u       p        -      y       y            -          p       -      -     p      y       -
caseAttachmentAdd        u       y        -      y       y            -          p       -      -     p      y       -
caseAttachmentRedact     u       p        -      p       y            -          p       -      -     p      p       -
caseAttachmentRemove     u       y        -      y       y            -          p       -      -     p      y       -
caseCancel               u       y        -      y       y            -          p       -      -     p      y       -
caseClose                u       p        -      y       y            -          p       -      -     p      y       -
caseLegalHoldLift        u       p        -      p       y            -          p       -      -     p      p       -
caseLegalHoldPlace       u       p        -      p       y            -          p       -      -     p      p       -
caseLink                 u       p        -      y       y            -          p       -      -     p      y       -
caseMerge                u       p        -      y       y            -          p       -      -     p      y       -
caseMergeUndo            u       p        -      y       y            -          p       -      -     p      y       -
caseMoveToQueue          u       p        -      y       y            -          p       -      -     p      y       -
caseOpen                 u       y        a      y       y            a          a       a      p     p      y       p
casePostMessage          u       y        -      y       y            -          p       -      -     p      y       -
caseRate                 u       y        -      p       p            -          p       -      -     p      p       -
caseReclassify           u       p        -      y       y            -          p       -      -     p      y       -
caseRedactMessage        u       p        -      p       y            -          p       -      -     p      p       -
caseRelease              u       p        -      y       y            -          p       -      -     p      y       -
caseReopen               u       p        -      y       y            -          p       -      -     p      y       -
caseReopenUndo           u       p        -      y       y            -          p       -      -     p      y       -
caseResolutionAccept     u       y        -      p       p            -          p       -      -     p      p       -
caseResolutionReject     u       y        -      p       p            -          p       -      -     p      p       -
caseResolve              u       p        -      y       y            -          p       -      -     p      y       -
caseSetContact           u       p        -      y       y            -          p       -      -     p      y       -
caseSetLocation          u       p        -      y       y            -          p       -      -     p      y       -
caseSetPriority          u       p        -      y       y            -          p       -      -     p      y       -
caseSetProduct           u       p        -      y       y            -          p       -      -     p      y       -
caseSetSubject           u       p        -      y       y            -          p       -      -     p      y       -
caseSplit                u       p        -      y       y            -          p       -      -     p      y       -
caseSplitUndo            u       p        -      y       y            -          p       -      -     p      y       -
caseTakeUp               u       p        -      y       y            -          p       -      -     p      y       -
caseTriageClear          u       p        -      y       y            -          p       -      -     p      y       -
caseUnlink               u       p        -      y       y            -          p       -      -     p      y       -
caseWaitEnd              u       p        -      y       y            -          p       -      -     p      y       -
caseWaitStart            u       p        -      y       y            -          p       -      -     p      y       -
caseWatcherAdd           u       y        -      y       y            -          p       -      -     p      y       -
caseWatcherRemove        u       y        -      y       y            -          p       -      -     p      y       -
mailRetry                u       p        p      p       p            y          p       p      p     p      p       p
personErase              u       p        p      p       p            y          p       p      p     p      p       p
challengeQuestions        y  y  y  y  y  y  y  y  y  y  y  y
apiTokens                 u  f  f  f  f  y  f  f  f  f  f  f
apiTokenCreate            u  p  p  p  p  y  p  p  p  p  p  p
apiTokenRevoke            u  p  p  p  p  y  p  p  p  p  p  p
accountActivate           y  y  y  y  y  y  y  y  y  y  y  y
passwordReset             y  y  y  y  y  y  y  y  y  y  y  y
passwordResetRequest      y  y  y  y  y  y  y  y  y  y  y  y
signIn                    y  y  y  y  y  y  y  y  y  y  y  y
unlock                    y  y  y  y  y  y  y  y  y  y  y  y
unlockRequest             y  y  y  y  y  y  y  y  y  y  y  y
challengeQuestionRemove   u  y  y  y  y  y  y  y  y  y  y  y
challengeQuestionSet      u  y  y  y  y  y  y  y  y  y  y  y
passwordChange            u  y  y  y  y  y  y  y  y  y  y  y
recoveryCodesReplace      u  y  y  y  y  y  y  y  y  y  y  y
sessionRevoke             u  y  y  y  y  y  y  y  y  y  y  y
signOut                   u  y  y  y  y  y  y  y  y  y  y  y
totpEnroll                u  y  y  y  y  y  y  y  y  y  y  y
totpRemove                u  y  y  y  y  y  y  y  y  y  y  y
totpConfirm               u  -  -  -  -  -  -  -  -  -  -  -
preferencesSet           u       y        y      y       y            y          y       y      y     y      y       y
uploadStage              u       y        a      y       y            p          p       p      p     p      y       p
invitationResend         u       p        p      p       y            y          p       p      p     p      p       p
userDeactivate           u       p        p      p       p            y          p       p      p     p      p       p
userGrant                u       p        p      p       y            y          p       p      p     p      p       p
userInvite               u       p        p      p       y            y          p       p      p     p      p       p
userReactivate           u       p        p      p       p            y          p       p      p     p      p       p
userRevoke               u       p        p      p       y            y          p       p      p     p      p       p
userSendReset            u       p        p      p       y            y          p       p      p     p      p       p
userFactorRemove         u       p        p      p       p            y          p       p      p     p      p       p
userUnlock               u       p        p      p       y            y          p       p      p     p      p       p
";

#[tokio::test]
async fn every_operation_is_for_whom_the_table_says() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    // Whoever may erase the contact is told that a hold is in the way.
    let held = desk.case_in(Stage::Open).await;
    desk.step(&desk.supervisor, "caseLegalHoldPlace", &held, json!({ "reason": "A dispute." })).await;
    let administrator = desk.app.staff(Role::Administrator).await;
    let input = settings_input("catalogueQueueSet").expect("a mutation of settings");
    administrator.succeed("catalogueQueueSet", input, "catalogue { version }").await;
    for mail_id in [DEAD_LETTER, Uuid::from_u128(8)] {
        dead_letter(&desk, mail_id).await;
    }
    let request = submitted(&desk.app, &desk.supervisor, form("ana@acme.example")).await;
    administrator.succeed("userInvite", mutation_input(&desk, "userInvite", &case_id), "pending").await;
    let callers = callers(&desk).await;
    let mut found = vec![callers.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>().join(" ")];
    for (kind, operation) in operations().await {
        let mut row = vec![operation.clone()];
        for (_, caller) in &callers {
            row.push(match kind {
                "query" => query_cell(&desk, caller, &operation, (&case_id, &request)).await,
                "mutation" => mutation_cell(&desk, caller, &operation, (&case_id, &request)).await,
                _ => subscription_cell(caller, &operation, &case_id).await,
            });
        }
        found.push(row.join(" "));
    }
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected: Vec<String> = TABLE.lines().map(words).filter(|line| !line.is_empty()).collect();
    assert_eq!(sorted(&expected), sorted(&found), "the order of rows apart");
}

fn sorted(rows: &[String]) -> String {
    let mut rows = rows.to_vec();
    rows[1..].sort();
    rows.join("\n")
}

pub async fn callers(desk: &Desk) -> Vec<(&'static str, TestCaller)> {
    let app = &desk.app;
    vec![
        ("nobody", app.nobody()),
        ("contact", desk.contact.clone()),
        ("stranger", desk.stranger.clone()),
        ("agent", desk.agent.clone()),
        ("supervisor", desk.supervisor.clone()),
        ("administrator", app.staff(Role::Administrator).await),
        ("auditor", desk.auditor.clone()),
        ("analyst", app.staff(Role::Analyst).await),
        ("mute", app.machine(&[]).await),
        ("reader", app.machine(&[TokenScope::CasesRead]).await),
        ("writer", app.machine(&[TokenScope::CasesWrite]).await),
        ("listener", app.machine(&[TokenScope::EventsRead]).await),
    ]
}

pub async fn query_cell(desk: &Desk, caller: &TestCaller, query: &str, (case_id, request): (&Value, &Value)) -> String {
    let selection = match query {
        "viewer" => "{ viewer { roles } }",
        "node" => "query($id: ID!) { node(id: $id) { id } }",
        "nodes" => "query($id: ID!) { nodes(ids: [$id]) { id } }",
        "case" => "query($id: ID!) { case(id: $id) { id } }",
        "cases" => "{ cases { nodes { id } } }",
        "catalogue" => "{ catalogue { version } }",
        "brand" => "{ brand { portalName } }",
        "caseRules" => "{ caseRules { version } }",
        "desk" => "{ desk { version } }",
        "overview" => "{ overview { openCases { id } } }",
        "settingsHistory" => "{ settingsHistory { position } }",
        "account" => "{ account(reference: \"ACME\") { id } }",
        "accountPicker" => "{ accountPicker(text: \"ACME\") { account { id } } }",
        "accounts" => "{ accounts(text: \"ACME\") { nodes { id } } }",
        "search" => "{ search(text: \"line\") { nodes { id } } }",
        "accessRequest" => "query($request: ID!) { accessRequest(id: $request) { id } }",
        "accessRequests" => "{ accessRequests { nodes { id } } }",
        "events" => "{ events { position } }",
        "projections" => "{ projections { name } }",
        "mailDeadLetters" => "{ mailDeadLetters { id } }",
        "user" => "query($user: ID!) { user(id: $user) { status } }",
        "apiTokens" => "{ apiTokens { id } }",
        "challengeQuestions" => "{ challengeQuestions { name } }",
        "users" => "{ users { nodes { status } } }",
        new => panic!("give the query `{new}` a document here and a row in the table"),
    };
    let variables = json!({ "id": case_id, "user": user_id(desk), "request": request });
    let answer = caller.graphql(selection, variables).await;
    if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
        return cell_of_error(code);
    }
    let found = &answer["data"][query];
    let found = found.get("nodes").or_else(|| found.get("openCases")).unwrap_or(found);
    let found = if found.is_array() { &found[0] } else { found };
    if found.is_null() { "-" } else { "y" }.to_owned()
}

pub async fn subscription_cell(caller: &TestCaller, subscription: &str, case_id: &Value) -> String {
    let document = match subscription {
        "caseActivity" => {
            "subscription($id: ID!, $after: String) { caseActivity(caseId: $id, after: $after) { cursor } }"
        }
        "deskChanges" => "subscription { deskChanges { cursor } }",
        new => panic!("give the subscription `{new}` a document here and a row in the table"),
    };
    // From the beginning, so that something comes.
    let beginning =
        "query($id: ID!) { case(id: $id) { activity(first: 1, order: OLDEST_FIRST) { pageInfo { endCursor } } } }";
    let found = caller.graphql(beginning, json!({ "id": case_id })).await;
    let after = &found["data"]["case"]["activity"]["pageInfo"]["endCursor"];
    let result =
        caller.stream(document, &json!({ "id": case_id, "after": after })).await.next().await.expect("a result");
    match result["errors"][0]["extensions"]["code"].as_str() {
        None => "y".to_owned(),
        Some("NOT_FOUND") => "-".to_owned(),
        Some(code) => cell_of_error(code),
    }
}

pub async fn mutation_cell(
    desk: &Desk,
    caller: &TestCaller,
    mutation: &str,
    (case_id, request): (&Value, &Value),
) -> String {
    let document = match mutation {
        "signOut" => "mutation { signOut { userErrors { code field message } } }".to_owned(),
        mutation => harness::mutation_document(mutation, "userErrors { code field message }"),
    };
    let input = match mutation {
        "apiTokenRevoke" => json!({ "tokenId": some_token(desk).await }),
        "personErase" => json!({ "personId": desk.contact_id }),
        "accessRequestAddPerson" | "accessRequestDecide" | "accessRequestRedact" => {
            let mut input = mutation_input(desk, mutation, case_id);
            input["accessRequestId"] = request.clone();
            input
        }
        mutation => mutation_input(desk, mutation, case_id),
    };
    let answer = caller.graphql(&document, json!({ "input": input })).await;
    if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
        return cell_of_error(code);
    }
    let refusal = &answer["data"][mutation]["userErrors"][0];
    match (refusal["code"].as_str(), refusal["field"].as_str()) {
        (Some("NOT_FOUND"), _) => "-",
        (Some("NOT_PERMITTED"), _) => "p",
        (Some("INVALID_INPUT"), Some("accountId")) => "a",
        // They name one case twice here, and places and products that are nobody's.
        (Some("INVALID_INPUT"), None | Some("locationId" | "productId")) => "y",
        (Some("INVALID_INPUT"), _) => panic!("{mutation}: {refusal}"),
        _ => "y",
    }
    .to_owned()
}

fn cell_of_error(code: &str) -> String {
    match code {
        "UNAUTHENTICATED" => "u".to_owned(),
        "FORBIDDEN" => "f".to_owned(),
        // In no column: where a second factor is demanded, `credentials::demanded` asks.
        "SECOND_FACTOR_DEMANDED" => "s".to_owned(),
        other => panic!("{other}"),
    }
}

/// A valid input for every mutation.
pub fn mutation_input(desk: &Desk, mutation: &str, case_id: &Value) -> Value {
    let nothing = json!({});
    if mutation == "personErase" {
        return json!({ "personId": some_id::<PersonId>() });
    }
    if mutation == "preferencesSet" {
        return json!({ "language": "ENGLISH" });
    }
    if mutation == "mailRetry" {
        return json!({ "mailId": global_id_of_mail(DEAD_LETTER) });
    }
    if let Some(input) = user_input(desk, mutation) {
        return input;
    }
    if let Some(input) = credential_input(mutation) {
        return input;
    }
    if mutation == "uploadStage" {
        return json!({ "accountId": desk.account_id, "fileName": "router.log", "sizeBytes": 5 });
    }
    if mutation.starts_with("accessRequest") {
        return access_request_input(mutation);
    }
    if mutation.starts_with("account") {
        return account_input(desk, mutation);
    }
    if let Some(input) = settings_input(mutation) {
        return input;
    }
    let input = match mutation {
        "caseOpen" => {
            let mut opening = desk.opening("Another line");
            opening["contactId"] = desk.contact_id.clone();
            return opening;
        }
        "caseAddNote" | "casePostMessage" => json!({ "body": "Words." }),
        "caseAssign" => json!({ "ownerId": desk.agent_id }),
        "caseCancel" => json!({ "reason": "DUPLICATE" }),
        "caseLegalHoldPlace" | "caseReopen" => json!({ "reason": "Words." }),
        "caseMoveToQueue" => json!({ "queue": "network" }),
        "caseRate" => json!({ "score": 3 }),
        "caseReclassify" => json!({ "type": "billing", "category": "collections" }),
        "caseAttachmentAdd" => json!({ "uploads": [] }),
        "caseAttachmentRedact" | "caseAttachmentRemove" => json!({ "attachmentId": some_id::<AttachmentId>() }),
        "caseRedactMessage" => json!({ "messageId": some_id::<MessageId>() }),
        "caseResolve" => resolution(),
        "caseSetContact" => json!({ "contactId": desk.contact_id }),
        "caseSetPriority" => json!({ "priority": "HIGH" }),
        "caseSetSubject" => json!({ "subject": "Words" }),
        "caseLink" | "caseUnlink" => json!({ "otherCaseId": case_id }),
        "caseMerge" => json!({ "intoCaseId": case_id }),
        "caseSplit" => json!({ "messageIds": [some_id::<MessageId>()] }),
        "caseWaitStart" => json!({ "reason": "VENDOR" }),
        "caseWatcherAdd" | "caseWatcherRemove" => json!({ "watcher": { "email": "someone@acme.example" } }),
        "caseClose"
        | "caseLegalHoldLift"
        | "caseMergeUndo"
        | "caseSplitUndo"
        | "caseRelease"
        | "caseReopenUndo"
        | "caseResolutionAccept"
        | "caseResolutionReject"
        | "caseSetLocation"
        | "caseSetProduct"
        | "caseTakeUp"
        | "caseTriageClear"
        | "caseWaitEnd" => nothing,
        new => panic!("give the mutation `{new}` an input here and a row in the table"),
    };
    with_case(case_id, input)
}

/// The same for the mutations of credentials. Nobody here has a password: what is said is not right, whoever says it.
fn credential_input(mutation: &str) -> Option<Value> {
    let (name, token, current) = ("somebody@example.com", "csl_nothing", "not the password");
    Some(match mutation {
        "signIn" => json!({ "name": name, "password": current, "transport": "TOKEN" }),
        "passwordResetRequest" | "unlockRequest" => json!({ "name": name }),
        "accountActivate" | "passwordReset" => json!({ "token": token, "newPassword": "tin lantern over wet gravel" }),
        "unlock" => json!({ "token": token }),
        "passwordChange" => json!({ "currentPassword": current, "newPassword": "tin lantern over wet gravel" }),
        "challengeQuestionSet" => {
            json!({ "currentPassword": current, "question": "ship-name", "answer": "The Patient Heron" })
        }
        "challengeQuestionRemove" | "totpEnroll" | "totpRemove" | "recoveryCodesReplace" => {
            json!({ "currentPassword": current })
        }
        "totpConfirm" => json!({ "code": "123456" }),
        "sessionRevoke" => json!({ "sessionId": Uuid::from_u128(0xdead), "currentPassword": current }),
        "signOut" => json!({}),
        "apiTokenRevoke" => json!({ "tokenId": Uuid::from_u128(0xdead) }),
        "apiTokenCreate" => json!({ "name": "Monitoring", "scopes": ["CASES_READ"] }),
        _ => return None,
    })
}

/// A token that is nobody's and good.
pub async fn some_token(desk: &Desk) -> Value {
    let sql = "insert into tokens (token_hash, person, roles, created_at)
               values (sha256(gen_random_uuid()::text::bytea), gen_random_uuid(), '{service}', now()) returning id";
    let id: Uuid = sqlx::query_scalar(sql).fetch_one(&desk.app.pool).await.expect("a token");
    json!(id)
}

/// The same for the mutations of requests for access, about one that is not there.
fn access_request_input(mutation: &str) -> Value {
    let request = some_id::<AccessRequestId>();
    match mutation {
        "accessRequestSubmit" => form("ana@acme.example"),
        "accessRequestAddPerson" => {
            json!({ "accessRequestId": request, "name": "Ben Ito", "email": "ben@acme.example" })
        }
        "accessRequestDecide" => {
            json!({ "accessRequestId": request, "number": 1, "decision": { "decline": "Nobody knows them." } })
        }
        "accessRequestRedact" => json!({ "accessRequestId": request }),
        new => panic!("give the mutation `{new}` an input here and a row in the table"),
    }
}

/// The same for the mutations of accounts. What is asked of the account it may refuse, by a rule and not for who asks.
fn account_input(desk: &Desk, mutation: &str) -> Value {
    let (location, product) = (some_id::<LocationId>(), some_id::<ProductId>());
    let mut input = match mutation {
        "accountOpen" => return json!({ "reference": "INITECH", "name": "Initech" }),
        "accountContactJoin" => json!({ "contact": { "person": desk.contact_id }, "role": "MEMBER" }),
        "accountContactLeave" => json!({ "personId": desk.agent_id }),
        "accountContactSet" => json!({ "personId": desk.contact_id, "role": "MEMBER" }),
        "accountLocationAdd" | "accountMove" => json!({ "address": "1 Example Street" }),
        "accountLocationMove" => json!({ "locationId": location, "address": "1 Example Street" }),
        "accountLocationRetire" => json!({ "locationId": location }),
        "accountProductInstall" => json!({ "name": "SmartVoice" }),
        "accountProductRemove" => json!({ "productId": product }),
        "accountRename" => json!({ "name": "Acme" }),
        new => panic!("give the mutation `{new}` an input here and a row in the table"),
    };
    input["accountId"] = desk.account_id.clone();
    input
}

/// The address of a user who is nobody of the desk.
const USER: &str = "somebody.new@example.com";

/// Their person's id, which follows from the address.
fn user_id(desk: &Desk) -> Value {
    json!(identities(&desk.app.service.services().commands.log).person(USER).global())
}

/// The same for the mutations of users.
fn user_input(desk: &Desk, mutation: &str) -> Option<Value> {
    let user = || json!({ "personId": user_id(desk) });
    Some(match mutation {
        "userInvite" => json!({ "person": { "new": { "name": "Somebody New", "email": USER } }, "roles": ["CONTACT"] }),
        "userGrant" | "userRevoke" => {
            let mut input = user();
            input["roles"] = json!(["CONTACT"]);
            input
        }
        "invitationResend" | "userDeactivate" | "userReactivate" | "userSendReset" | "userUnlock"
        | "userFactorRemove" => user(),
        _ => return None,
    })
}

/// A well-formed global id of a kind, of nothing that is there.
pub fn some_id<T: GlobalId>() -> Value {
    json!(T::from(Uuid::from_u128(0xdead)).global())
}
