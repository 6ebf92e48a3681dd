//! Who sees which field: every field of every type of the schema, for every kind of caller.

use std::collections::{BTreeMap, BTreeSet};

use api::{
    graphql::schema,
    identity::{LinkPurpose, links},
};
use chrono::TimeDelta;
use domain::{
    Actor, Role,
    user::{PasswordOccasion, UserAction},
};
use harness::TestCaller;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    access_requests::{form, submitted},
    credentials::world::{OTHER_PASSWORD, PASSWORD},
    graphql_desk::{Desk, Stage, open_case, resolution, viewer, with_case},
    graphql_references::import,
    graphql_roles::callers,
    mail::dead::{dead_letter, global_id_of_mail},
    settings::settings_input,
    users,
};

/// A row per field, a column per caller: `y` where some of the cases below shows them a value of it, `-` where none does.
pub const TABLE: &str = include_str!("graphql_fields.txt");

/// Fields that nobody has a value of here: nothing is wrong with the service, nobody's access is limited, accounts have no
/// addresses, products stand at no place, and of a case below a case nothing is asked.
const NOT_HERE: [&str; 7] = [
    "Account.address",
    "AccountContact.locations",
    "CaseLink.case",
    "Product.location",
    "ProjectionState.problem",
    // Whoever calls by a token here has no second factor.
    "RecoveryCodesPayload.recoveryCodes",
    // Nor a session.
    "Viewer.sessionKey",
];

/// A mutation of each section of the settings, its payload, where the section's version is, and how to change it anew.
const OF_SETTINGS: [(&str, &str, &str); 5] = [
    ("catalogueQueueSet", "CataloguePayload", "{ catalogue { version } }"),
    ("deskHolidaySet", "DeskPayload", "{ desk { version } }"),
    ("cannedReplySet", "RepliesPayload", "{ desk { cannedReplies { version } } }"),
    ("brandPortalNameSet", "BrandPayload", "{ brand { version } }"),
    ("rulesResolutionSet", "CaseRulesPayload", "{ caseRules { version } }"),
];

/// The object types of the schema, with their fields.
pub type Types = BTreeMap<String, BTreeMap<String, Field>>;

pub struct Field {
    /// The type of its value; none for a value without fields.
    pub value: Option<String>,
    /// Whether it is a list of which one asks for the first.
    pub is_paged: bool,
}

pub async fn types() -> Types {
    let of_type = "name kind ofType { name kind ofType { name kind ofType { name kind } } }";
    let document =
        format!("{{ __schema {{ types {{ name kind fields {{ name args {{ name }} type {{ {of_type} }} }} }} }} }}");
    let data = schema().execute(document).await.into_result().unwrap().data.into_json().unwrap();
    let name_of = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let mut types = Types::new();
    for of in data["__schema"]["types"].as_array().unwrap() {
        if of["kind"] != "OBJECT" || name_of(of).starts_with("__") {
            continue;
        }
        let fields = of["fields"].as_array().unwrap().iter().map(|field| {
            let mut value = &field["type"];
            while !value["ofType"].is_null() {
                value = &value["ofType"];
            }
            let is_paged = field["args"].as_array().unwrap().iter().any(|argument| argument["name"] == "first");
            (name_of(field), Field { value: (value["kind"] == "OBJECT").then(|| name_of(value)), is_paged })
        });
        types.insert(name_of(of), fields.collect());
    }
    types
}

/// How many types may lie one below the other: no document may be deeper.
pub const DEEPEST: usize = 11;

/// Selects everything below a type, but for types that it is already below.
pub fn selection(types: &Types, of: &str, above: &[&str]) -> String {
    let above = [above, &[of]].concat();
    let fields = types[of].iter().filter_map(|(field, Field { value, is_paged })| {
        if value.is_some() && above.len() >= DEEPEST {
            return None;
        }
        // One is enough, but for what happened to a case.
        let first = if field == "activity" { "(first: 15)" } else { "(first: 1)" };
        let field = format!("{field}{}", if *is_paged { first } else { "" });
        match value {
            None => Some(field),
            Some(value) if above.contains(&value.as_str()) => None,
            Some(value) => Some(format!("{field} {}", selection(types, value, &above))),
        }
    });
    let fields: Vec<_> = fields.collect();
    if fields.is_empty() { "{ __typename }".to_owned() } else { format!("{{ {} }}", fields.join(" ")) }
}

/// Notes the fields of a value that are there.
fn note(types: &Types, of: &str, value: &Value, seen: &mut BTreeSet<String>) {
    if let Value::Array(items) = value {
        for item in items {
            note(types, of, item, seen);
        }
        return;
    }
    for (field, Field { value: below, .. }) in &types[of] {
        let there = &value[field];
        if there.is_null() || there.as_array().is_some_and(Vec::is_empty) {
            continue;
        }
        seen.insert(format!("{of}.{field}"));
        if let Some(below) = below {
            note(types, below, there, seen);
        }
    }
}

/// Cases that have, between them, a value for every field.
async fn rich_cases(desk: &Desk) -> Vec<Value> {
    let step = async |caller: &TestCaller, case_id: &Value, mutation: &str, input: Value| {
        desk.step(caller, mutation, case_id, input).await;
    };
    let mut opening = desk.opening("A line with everything");
    opening["locationId"] = json!(desk.app.location(&desk.account_id, "1 Fictional Street").await);
    opening["productId"] = json!(desk.app.product(&desk.account_id, "Fictional Line").await);
    opening["contactId"] = desk.contact_id.clone();
    let open = open_case(&desk.agent, opening).await;
    step(&desk.agent, &open, "caseTakeUp", json!({})).await;
    step(&desk.supervisor, &open, "caseLegalHoldPlace", json!({ "reason": "A dispute." })).await;
    step(&desk.contact, &open, "caseWatcherAdd", json!({ "watcher": { "email": "someone@acme.example" } })).await;
    step(&desk.contact, &open, "caseWatcherAdd", json!({ "watcher": { "contact": desk.contact_id } })).await;
    let file = desk.upload(&desk.contact, "router.log", b"port down").await;
    step(&desk.contact, &open, "casePostMessage", json!({ "body": "Still silent.", "uploads": [file] })).await;
    let secret = desk.upload(&desk.contact, "pin.txt", b"1234").await;
    step(&desk.contact, &open, "caseAttachmentAdd", json!({ "uploads": [secret] })).await;
    step(&desk.supervisor, &open, "caseAttachmentRedact", json!({ "attachmentId": secret })).await;
    step(&desk.agent, &open, "caseAddNote", json!({ "body": "For us." })).await;
    let texts = "query($id: ID!) { case(id: $id) { activity(first: 100) { nodes { kind messageId } } } }";
    let texts = desk.agent.data(texts, json!({ "id": open })).await;
    let entries = texts["case"]["activity"]["nodes"].as_array().unwrap();
    let posted = entries.iter().find(|entry| entry["kind"] == "MESSAGE_POSTED").unwrap();
    step(&desk.supervisor, &open, "caseRedactMessage", json!({ "messageId": posted["messageId"] })).await;
    let until = desk.app.clock.now() + TimeDelta::days(3);
    step(&desk.agent, &open, "caseWaitStart", json!({ "reason": "CUSTOMER", "until": until })).await;

    let closed = desk.case_in(Stage::Open).await;
    step(&desk.agent, &closed, "caseResolve", resolution()).await;
    step(&desk.contact, &closed, "caseRate", json!({ "score": 4, "comment": "Quick." })).await;
    step(&desk.contact, &closed, "caseResolutionAccept", json!({})).await;

    let canceled = desk.case_in(Stage::New).await;
    step(&desk.contact, &canceled, "caseCancel", json!({ "reason": "OTHER", "comment": "It works again." })).await;

    let merged = desk.case_in(Stage::New).await;
    step(&desk.agent, &merged, "caseMerge", json!({ "intoCaseId": desk.new_case().await })).await;
    step(&desk.contact, &merged, "casePostMessage", json!({ "body": "Any news?" })).await;
    step(&desk.agent, &merged, "caseMergeUndo", json!({})).await;
    step(&desk.agent, &merged, "caseLink", json!({ "otherCaseId": closed })).await;

    import(&desk.app.service, "T-7", &[("old-desk", "ACME")]).await;
    let imported = "{ case(externalReference: \"T-7\") { id } }";
    let imported = desk.agent.data(imported, json!({})).await["case"]["id"].take();
    vec![open, closed, canceled, merged, imported]
}

/// Requests for access that have, between them, a value for every field.
async fn rich_requests(desk: &Desk) -> Value {
    let decide = async |request: &Value, number: u32, decision: Value| {
        let input = json!({ "accessRequestId": request, "number": number, "decision": decision });
        desk.supervisor.succeed("accessRequestDecide", input, "pending").await;
    };
    let access = submitted(&desk.app, &desk.supervisor, form("ana@acme.example")).await;
    let ben = json!({ "accessRequestId": access, "name": "Ben Ito", "email": "ben@acme.example" });
    desk.supervisor.succeed("accessRequestAddPerson", ben, "pending").await;
    let place = desk.app.location(&desk.account_id, "3 Fictional Street").await;
    let account = &desk.account_id;
    let approve =
        json!({ "accountId": account, "role": "MEMBER", "locationIds": [place], "authority": "Called back." });
    decide(&access, 1, json!({ "approve": approve })).await;
    decide(&access, 2, json!({ "decline": "Nobody knows them." })).await;
    let mut other = form("leo@acme.example");
    other["type"] = json!("OTHER");
    let other = submitted(&desk.app, &desk.supervisor, other).await;
    let make_case = json!({ "accountId": account, "contactId": desk.contact_id, "type": "billing", "category": "other",
                            "authority": "A contact." });
    decide(&other, 1, json!({ "makeCase": make_case })).await;
    access
}

/// The fields that a caller is shown of these cases, of lists, and of all else that can be asked for.
#[expect(clippy::too_many_lines, reason = "one line for each thing that can be asked for")]
async fn seen_by(
    caller: &TestCaller,
    types: &Types,
    cases: &[Value],
    version: &Value,
    account_id: &Value,
    (contact_id, somebody, user, request): (&Value, &Value, &Value, &Value),
    (administrator, seen_before, link): (&TestCaller, usize, &str),
) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let query = |field: &str, of: &str| format!("{field} {}", selection(types, of, &[]));
    let beginning =
        "query($id: ID!) { case(id: $id) { activity(first: 1, order: OLDEST_FIRST) { pageInfo { endCursor } } } }";
    let found = caller.graphql(beginning, json!({ "id": cases[0] })).await;
    let after = &found["data"]["case"]["activity"]["pageInfo"]["endCursor"];
    if after.is_string() {
        let event = query("caseActivity(caseId: $id, after: $after)", "CaseActivityEvent");
        let document = format!("subscription($id: ID!, $after: String) {{ {event} }}");
        let mut stream = caller.stream(&document, &json!({ "id": cases[0], "after": after })).await;
        note(types, "CaseActivityEvent", &stream.next().await.expect("an event")["data"]["caseActivity"], &mut seen);
    }
    let changes = format!("subscription {{ {} }}", query("deskChanges", "DeskChange"));
    let first = caller.stream(&changes, &json!({})).await.next().await.expect("an event or a refusal");
    if first.get("errors").is_none() {
        note(types, "DeskChange", &first["data"]["deskChanges"], &mut seen);
    }
    let mut ask = async |document: String, variables: Value, of: &str| {
        let answer = caller.graphql(&document, variables).await;
        for error in answer["errors"].as_array().into_iter().flatten() {
            let code = error["extensions"]["code"].as_str().unwrap();
            assert!(matches!(code, "UNAUTHENTICATED" | "FORBIDDEN"), "{error}");
        }
        let data = answer["data"].as_object().cloned().unwrap_or_default();
        data.values().filter(|value| !value.is_null()).for_each(|value| note(types, of, value, &mut seen));
    };
    for case_id in cases {
        let document = format!("query($id: ID!) {{ {} }}", query("case(id: $id)", "Case"));
        ask(document, json!({ "id": case_id }), "Case").await;
    }
    // In lists, of cases what the lists add.
    ask(format!("{{ {} }}", query("cases(first: 1)", "CaseConnection")), json!({}), "CaseConnection").await;
    for order in ["OLDEST_FIRST", "NEWEST_FIRST"] {
        let requests = query(&format!("accessRequests(first: 1, orderBy: {order})"), "AccessRequestConnection");
        ask(format!("{{ {requests} }}"), json!({}), "AccessRequestConnection").await;
    }
    let submit = query("accessRequestSubmit(input: $input)", "AccessRequestSubmitPayload");
    let submit = format!("mutation($input: AccessRequestSubmitInput!) {{ {submit} }}");
    let mut input = form("ana@acme.example");
    input["email"] = json!("no address");
    ask(submit, json!({ "input": input }), "AccessRequestSubmitPayload").await;
    let redact = query("accessRequestRedact(input: $input)", "AccessRequestPayload");
    let redact = format!("mutation($input: AccessRequestRedactInput!) {{ {redact} }}");
    ask(
        redact,
        json!({ "input": { "accessRequestId": request, "expectedVersion": "made up" } }),
        "AccessRequestPayload",
    )
    .await;
    ask(format!("{{ {} }}", query("accounts(first: 1)", "AccountConnection")), json!({}), "AccountConnection").await;
    for text in ["ACME", "Fictional"] {
        let picker = query(&format!("accountPicker(text: \"{text}\")"), "AccountPick");
        ask(format!("{{ {picker} }}"), json!({}), "AccountPick").await;
    }
    for (field, of) in [
        ("catalogue", "Catalogue"),
        ("desk", "Desk"),
        ("brand", "Brand"),
        ("caseRules", "CaseRules"),
        ("overview", "Overview"),
        ("settingsHistory", "SettingsChange"),
    ] {
        ask(format!("{{ {} }}", query(field, of)), json!({}), of).await;
    }
    for (round, (mutation, payload, version)) in OF_SETTINGS.into_iter().enumerate() {
        // A version of their own that is out of date, as far as they see one.
        let seen = caller.graphql(version, json!({})).await;
        let version = first_text(&seen["data"]);
        change_settings(administrator, mutation, seen_before + round).await;
        let document = query(&format!("{mutation}(input: $input)"), payload);
        let (first, rest) = mutation.split_at(1);
        let document = format!("mutation($input: {}{rest}Input!) {{ {document} }}", first.to_uppercase());
        let mut input = settings_input(mutation).unwrap();
        input["expectedVersion"] = version;
        ask(document, json!({ "input": input }), payload).await;
    }
    ask(format!("{{ {} }}", query("viewer", "Viewer")), json!({}), "Viewer").await;
    let users = query("users(first: 1, filter: { text: \"locked\" })", "UserConnection");
    ask(format!("{{ {users} }}"), json!({}), "UserConnection").await;
    let document = format!("query($id: ID!) {{ {} }}", query("user(id: $id)", "User"));
    ask(document, json!({ "id": user }), "User").await;
    let document =
        format!("mutation($input: UserGrantInput!) {{ {} }}", query("userGrant(input: $input)", "UserPayload"));
    ask(document, json!({ "input": { "personId": user, "roles": ["CONTACT"] } }), "UserPayload").await;
    ask(format!("{{ {} }}", query("events(first: 50)", "RecordedEvent")), json!({}), "RecordedEvent").await;
    ask(format!("{{ {} }}", query("projections", "ProjectionState")), json!({}), "ProjectionState").await;
    let post = query("casePostMessage(input: $input)", "CasePayload");
    let post = format!("mutation($input: CasePostMessageInput!) {{ {post} }}");
    let input = with_case(&cases[0], json!({ "body": "Too late.", "expectedVersion": version }));
    ask(post, json!({ "input": input }), "CasePayload").await;
    for (mutation, input) in [
        ("accountLocationAdd", json!({ "address": "2 Fictional Street" })),
        ("accountProductInstall", json!({ "name": "Fictional Line" })),
        ("accountContactSet", json!({ "personId": contact_id, "role": "MEMBER" })),
    ] {
        let payload = query(&format!("{mutation}(input: $input)"), "AccountPayload");
        let kind = format!("A{}Input", &mutation[1..]);
        let document = format!("mutation($input: {kind}!) {{ {payload} }}");
        let mut input = input;
        input["accountId"] = account_id.clone();
        ask(document, json!({ "input": input }), "AccountPayload").await;
    }
    let stage = query("uploadStage(input: $input)", "UploadStagePayload");
    let stage = format!("mutation($input: UploadStageInput!) {{ {stage} }}");
    let input = json!({ "accountId": account_id, "fileName": "router.log", "sizeBytes": 9 });
    ask(stage, json!({ "input": input }), "UploadStagePayload").await;
    let erase = query("personErase(input: $input)", "PersonErasePayload");
    let erase = format!("mutation($input: PersonEraseInput!) {{ {erase} }}");
    ask(erase, json!({ "input": { "personId": somebody } }), "PersonErasePayload").await;
    for (mutation, of, input) in [
        ("mailRetry", "MailRetryPayload", json!({ "mailId": global_id_of_mail(Uuid::from_u128(1)) })),
        (
            "preferencesSet",
            "PreferencesPayload",
            json!({ "language": "SPANISH", "timeZone": "Europe/Madrid", "unwanted": ["CASE_FILE"] }),
        ),
        ("preferencesSet", "PreferencesPayload", json!({ "timeZone": "Nowhere" })),
    ] {
        let (first, rest) = mutation.split_at(1);
        let document = query(&format!("{mutation}(input: $input)"), of);
        let document = format!("mutation($input: {}{rest}Input!) {{ {document} }}", first.to_uppercase());
        ask(document, json!({ "input": input }), of).await;
    }
    ask(format!("{{ {} }}", query("viewer", "Viewer")), json!({}), "Viewer").await;
    for (query_name, of) in
        [("mailDeadLetters", "MailDeadLetter"), ("apiTokens", "ApiToken"), ("challengeQuestions", "ChallengeQuestion")]
    {
        ask(format!("{{ {} }}", query(query_name, of)), json!({}), of).await;
    }
    for (mutation, of, input, times) in of_credentials(link) {
        let (first, rest) = mutation.split_at(1);
        let document = query(&format!("{mutation}(input: $input)"), of);
        let document = format!("mutation($input: {}{rest}Input!) {{ {document} }}", first.to_uppercase());
        for _ in 0..times {
            ask(document.clone(), json!({ "input": input }), of).await;
        }
    }
    seen
}

/// Mutations of credentials, their payloads, inputs, and how often to ask to be told to wait.
fn of_credentials(link: &str) -> Vec<(&'static str, &'static str, Value, usize)> {
    let (right, wrong) = (json!({ "currentPassword": PASSWORD }), json!({ "currentPassword": "not the password" }));
    let sign_in = |name: &str| json!({ "name": name, "password": PASSWORD, "transport": "TOKEN" });
    vec![
        ("signIn", "SignInPayload", sign_in("signer@example.com"), 1),
        ("signIn", "SignInPayload", sign_in("nobody@example.com"), 4),
        ("passwordReset", "CredentialPayload", json!({ "token": link, "newPassword": OTHER_PASSWORD }), 1),
        ("passwordResetRequest", "CredentialPayload", json!({ "name": "nobody@example.com" }), 1),
        ("totpEnroll", "TotpEnrollPayload", right, 1),
        ("totpEnroll", "TotpEnrollPayload", wrong.clone(), 4),
        ("recoveryCodesReplace", "RecoveryCodesPayload", wrong, 1),
        (
            "passwordChange",
            "CredentialPayload",
            json!({ "currentPassword": "not the password", "newPassword": OTHER_PASSWORD }),
            1,
        ),
        (
            "apiTokenCreate",
            "ApiTokenPayload",
            json!({ "name": "Monitoring", "scopes": ["CASES_READ"], "expiresAt": "2099-01-01T00:00:00Z" }),
            1,
        ),
        ("apiTokenCreate", "ApiTokenPayload", json!({ "name": "Monitoring", "scopes": [] }), 1),
    ]
}

/// Somebody who signs in and chose a challenge question, and has a link to reset by; whoever calls by a token has a password, a session and a
/// question, too.
async fn signer(desk: &Desk, administrator: &TestCaller) -> String {
    let person = json!({ "new": { "name": "Somebody Signing", "email": "signer@example.com" } });
    let input = json!({ "person": person, "roles": ["CONTACT"] });
    let payload = administrator.succeed("userInvite", input, "user { person { id } }").await;
    let person = users::world::person(&payload["user"]["person"]["id"]);
    let (app, now) = (&desk.app, desk.app.clock.now());
    let mut conn = app.pool.acquire().await.unwrap();
    let token = links::issue(&mut conn, person, LinkPurpose::Activation, now).await.unwrap();
    let input = json!({ "token": token.reveal(), "newPassword": PASSWORD });
    app.nobody().succeed("accountActivate", input, "retryAt").await;
    for statement in [
        "insert into passwords select distinct tokens.person, hash, pepper_version, changed_at from tokens, passwords",
        "insert into challenge_answers select person, 'ship-name', hash, pepper_version, changed_at from passwords",
        "insert into sessions select gen_random_uuid(), sha256(person::text::bytea), person, changed_at, 'infinity', '2099-01-01'
         from passwords",
    ] {
        sqlx::query(statement).execute(&mut *conn).await.unwrap();
    }
    sqlx::query("update sessions set used_at = '2098-01-01'").execute(&mut *conn).await.unwrap();
    links::issue(&mut conn, person, LinkPurpose::PasswordReset, now).await.unwrap().reveal().to_owned()
}

/// Makes the contact a user who has everything, a lock among it.
async fn locked_user(desk: &Desk, administrator: &TestCaller) -> Value {
    let id = desk.contact_id.clone();
    let input = json!({ "person": { "person": id }, "email": "locked@example.com", "roles": ["CONTACT"] });
    administrator.succeed("userInvite", input, "pending").await;
    let by = Actor::new(users::world::person(&id), Role::Contact);
    let occasion = PasswordOccasion::Activation;
    users::world::act(desk, &id, by, UserAction::SetPassword { occasion }).await;
    let until = desk.app.clock.now() + TimeDelta::days(30);
    users::world::act(desk, &id, Actor::clock(), UserAction::Lock { until }).await;
    id
}

/// Somebody who works at the desk and signs in.
async fn at_the_desk(desk: &Desk, administrator: &TestCaller) {
    let person = json!({ "new": { "name": "Somebody Working", "email": "working@example.com" } });
    let input = json!({ "person": person, "roles": ["AGENT"] });
    let payload = administrator.succeed("userInvite", input, "user { person { id } }").await;
    let id = &payload["user"]["person"]["id"];
    let by = Actor::new(users::world::person(id), Role::Agent);
    users::world::act(desk, id, by, UserAction::SetPassword { occasion: PasswordOccasion::Activation }).await;
}

/// Changes a section to what it was not yet.
async fn change_settings(administrator: &TestCaller, mutation: &str, round: usize) {
    let mut input = settings_input(mutation).unwrap();
    for (field, value) in input.as_object_mut().unwrap() {
        match field.as_str() {
            "name" | "title" => *value = json!(format!("Name {round}")),
            "closeAfterDays" => *value = json!(10 + round),
            _ => {}
        }
    }
    administrator.succeed(mutation, input, "userErrors { code }").await;
}

/// The text in objects of one field each.
fn first_text(value: &Value) -> Value {
    match value.as_object().and_then(|fields| fields.values().next()) {
        Some(below) => first_text(below),
        None => value.clone(),
    }
}

#[tokio::test]
async fn every_field_is_for_whom_the_table_says() {
    let desk = Desk::open().await;
    let types = types().await;
    let cases = rich_cases(&desk).await;
    let callers = callers(&desk).await;
    let somebody = viewer(&desk.app.staff(Role::Analyst).await).await["person"]["id"].take();
    let administrator = desk.app.staff(domain::Role::Administrator).await;
    let user = locked_user(&desk, &administrator).await;
    let link = signer(&desk, &administrator).await;
    at_the_desk(&desk, &administrator).await;
    for mutation in ["catalogueCategorySet", "deskHolidaySet", "cannedReplySet", "brandLogoSet", "brandSenderSet"] {
        administrator.succeed(mutation, settings_input(mutation).unwrap(), "userErrors { code }").await;
    }
    let request = rich_requests(&desk).await;
    for letter in 1..=2 {
        dead_letter(&desk, Uuid::from_u128(letter)).await;
    }
    let to_somebody = "update mails set person = (select person from tokens limit 1)
                       where state = 'dead'";
    sqlx::query(to_somebody).execute(&desk.app.pool).await.unwrap();
    let mut columns = vec![];
    for (name, caller) in &callers {
        // A version of their own that is out of date: it was the case's before the agent spoke.
        let document = "query($id: ID!) { case(id: $id) { version } }";
        let version = caller.graphql(document, json!({ "id": cases[0] })).await["data"]["case"]["version"].take();
        desk.step(&desk.agent, "casePostMessage", &cases[0], json!({ "body": "We are on it." })).await;
        let by = (&administrator, columns.len() * OF_SETTINGS.len(), link.as_str());
        let people = (&desk.contact_id, &somebody, &user, &request);
        columns.push((name, seen_by(caller, &types, &cases, &version, &desk.account_id, people, by).await));
    }
    let mut rows = vec![format!("field {}", columns.iter().map(|(name, _)| **name).collect::<Vec<_>>().join(" "))];
    for (of, fields) in types.iter().filter(|(of, _)| !matches!(of.as_str(), "Query" | "Mutation" | "Subscription")) {
        for field in fields.keys().map(|field| format!("{of}.{field}")) {
            let cells: Vec<_> = columns.iter().map(|(_, seen)| if seen.contains(&field) { "y" } else { "-" }).collect();
            let is_shown = cells.contains(&"y");
            assert!(is_shown || NOT_HERE.contains(&field.as_str()), "no case of this test has a value for {field}");
            rows.push(format!("{field} {}", cells.join(" ")));
        }
    }
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected: Vec<String> = TABLE.lines().map(words).collect();
    assert_eq!(expected.join("\n"), rows.join("\n"));
}
