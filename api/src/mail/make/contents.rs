//! What mail about a case shows: somebody's words, names of files, and what is known of the case.

use std::collections::HashMap;

use domain::{
    Audience, PersonId, Role, Scope, Timestamp,
    case::{CaseFact, FileLeft, WaitReason},
};
use projections::Correspondent;

use super::Shown;
use crate::mail::{
    Language, MailKind,
    history::{Happening, History, Outline, may_bring_files},
    outbox::{Claimed, ToldAs},
    words::{Quote, ShownFact, common, one_line},
};

/// How much of a text a mail shows, in characters.
const QUOTED_CHARS: usize = 8_000;

/// What whoever did it is called.
pub(super) fn name(
    people: &HashMap<PersonId, Correspondent>,
    happening: &Happening,
    scope: &Scope,
    language: Language,
) -> String {
    let metadata = &happening.metadata;
    let known = people.get(&metadata.actor).and_then(|it| it.name.as_deref()).map(one_line);
    let is_machine = matches!(metadata.role, Role::Clock | Role::Service);
    let from_desk = matches!(metadata.role, Role::Agent | Role::Supervisor) || is_machine;
    match (known, scope) {
        // A customer is told by the desk, not by one of its machines.
        (_, Scope::Contact { .. } | Scope::Nothing) if is_machine => common(language, "the_desk").to_owned(),
        // Who has no more than an address learns no customer's name.
        (_, Scope::Nothing) if !from_desk => common(language, "somebody").to_owned(),
        (Some(name), _) if !name.is_empty() => name,
        _ if from_desk => common(language, "the_desk").to_owned(),
        _ => common(language, "somebody").to_owned(),
    }
}

/// Until when something holds, or when something will happen.
pub(super) fn until(fact: &CaseFact, case: &Outline) -> Option<Timestamp> {
    match fact {
        CaseFact::WaitStarted { wait } if wait.reason == WaitReason::Customer => wait.until,
        CaseFact::Resolved { .. } | CaseFact::ReminderDue {} => {
            case.state().resolution.as_ref().map(|resolution| resolution.closes_at)
        }
        _ => None,
    }
}

/// Fills in what the mail shows; nothing when that was all taken away.
pub(super) fn fill(
    shown: &mut Shown,
    history: &History,
    place: usize,
    actor: &str,
    scope: &Scope,
    language: Language,
) -> Option<()> {
    let (fact, state) = (history.fact(place), history.case.state());
    let files = files(history, place, scope);
    let text = history.words_of(place);
    match fact {
        CaseFact::MessagePosted { .. } | CaseFact::InternalNoteAdded { .. } if text.is_none() => return None,
        CaseFact::AttachmentAdded(_) if files.is_empty() => return None,
        _ => {}
    }
    let (number, subject) = (state.number, history.subject().map(|subject| one_line(&subject)));
    let title = subject.clone().unwrap_or_else(|| common(language, "no_subject").to_owned());
    shown.subject = Some(format!("[{number}] {title}"));
    let mut add = |key: &str, value: String| shown.facts.push(ShownFact { label: common(language, key), value });
    add("case", number.to_string());
    if let Some(subject) = subject {
        add("subject", subject);
    }
    add("status", common(language, &format!("status {}", state.status.to_string().to_lowercase())).to_owned());
    if !files.is_empty() {
        add("files", files.join(", "));
    }
    shown.quote = text.map(|text| quote(&text, actor, language));
    Some(())
}

/// The names of the files that came in the same request, as far as they are there and a scope may know of them.
fn files(history: &History, place: usize, scope: &Scope) -> Vec<String> {
    if !may_bring_files(history.fact(place)) {
        return vec![];
    }
    let (first, last) = history.case.together(place);
    let name = |place: usize| {
        let CaseFact::AttachmentAdded(added) = history.fact(place) else { return None };
        let known = history.case.state().attachments.get(&added.attachment)?;
        let is_there = known.left == FileLeft::All && known.elsewhere.moved_to.is_none();
        let is_for_them = !added.of_note || scope.audience() == Audience::Internal;
        added.label.value().filter(|_| is_there && is_for_them).map(|label| one_line(label.name.as_str()))
    };
    (first..=last).filter_map(name).collect()
}

fn quote(text: &str, by: &str, language: Language) -> Quote {
    let is_long = text.chars().count() > QUOTED_CHARS;
    let kept: String = text.chars().take(QUOTED_CHARS).collect();
    Quote {
        by: Some(by.to_owned()),
        lines: kept.lines().map(|line| line.trim_end().to_owned()).collect(),
        goes_on: is_long.then(|| common(language, "and_more")),
    }
}

/// Why somebody gets the mail, and what they can do about it.
pub(super) fn footer(mail: &Claimed, language: Language) -> Vec<&'static str> {
    let why = match mail.told_as {
        Some(ToldAs::Owner) => "owner",
        Some(ToldAs::Queue) => "queue",
        Some(ToldAs::Contact | ToldAs::Opener) => "contact",
        Some(ToldAs::Watcher) | None => "watcher",
    };
    let mut keys = vec![why];
    if mail.kind != MailKind::WatchConfirm {
        keys.push("replies");
    }
    if matches!(mail.to, crate::mail::outbox::Recipient::Person(_)) {
        keys.push("preferences");
    }
    keys.into_iter().map(|key| common(language, key)).collect()
}
