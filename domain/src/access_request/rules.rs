//! Who may do what to a request, and what follows.

use super::{
    ASKER, AccessRequestAction, AccessRequestError, AccessRequestFact, AccessRequestState, MAX_PEOPLE, NamedPerson,
    Outcome, PersonState, RequestType,
};
use crate::{Actor, Role};

type Decision = Result<Vec<AccessRequestFact>, AccessRequestError>;

/// Anybody asks; supervisors decide; the service notes what it has done, and ends words that were kept long enough.
pub(super) fn check_role(by: &Actor, action: &AccessRequestAction) -> Result<(), AccessRequestError> {
    let may = match action {
        AccessRequestAction::Submit(_) => true,
        AccessRequestAction::AddPerson(_)
        | AccessRequestAction::Approve { .. }
        | AccessRequestAction::Decline { .. }
        | AccessRequestAction::MakeCase { .. } => by.roles.has(Role::Supervisor),
        AccessRequestAction::Redact => by.roles.has(Role::Supervisor) || by.roles.has(Role::Clock),
        AccessRequestAction::CarryOut { .. } => by.roles.has(Role::Clock),
    };
    if may { Ok(()) } else { Err(AccessRequestError::NotPermitted { role: by.acting_as() }) }
}

impl AccessRequestState {
    pub(super) fn decide(&self, action: &AccessRequestAction) -> Decision {
        match action {
            AccessRequestAction::Submit(_) => Err(AccessRequestError::AlreadyRequested),
            AccessRequestAction::AddPerson(person) => self.add(person),
            AccessRequestAction::Approve { number, person, account, access, authority } => {
                if access.locations.as_ref().is_some_and(std::collections::BTreeSet::is_empty) {
                    return Err(AccessRequestError::EmptyLimit);
                }
                let known = self.person(*number)?;
                if self.request_type != RequestType::PortalAccess {
                    return Err(AccessRequestError::IsNotForAccess);
                }
                match &known.outcome {
                    // Who they are here was found out the first time.
                    Some(Outcome::Approved { account: a, access: b, .. }) if (a, b) == (account, access) => Ok(vec![]),
                    Some(_) => Err(AccessRequestError::AlreadyDecided),
                    None if self.is_redacted => Err(AccessRequestError::Redacted),
                    None => Ok(vec![AccessRequestFact::AccessApproved {
                        number: *number,
                        person: *person,
                        account: *account,
                        access: access.clone(),
                        authority: authority.clone(),
                    }]),
                }
            }
            AccessRequestAction::Decline { number, reason } => match self.person(*number)?.outcome {
                Some(Outcome::Declined) => Ok(vec![]),
                Some(_) => Err(AccessRequestError::AlreadyDecided),
                None => Ok(vec![AccessRequestFact::AccessDeclined { number: *number, reason: reason.clone() }]),
            },
            AccessRequestAction::MakeCase { case, account, contact, case_type, category, authority } => {
                if self.request_type == RequestType::PortalAccess {
                    return Err(AccessRequestError::IsForAccess);
                }
                match &self.person(ASKER)?.outcome {
                    Some(Outcome::MadeCase { account: a, contact: c, .. }) if (a, c) == (account, contact) => {
                        Ok(vec![])
                    }
                    Some(_) => Err(AccessRequestError::AlreadyDecided),
                    None if self.is_redacted => Err(AccessRequestError::Redacted),
                    None => Ok(vec![AccessRequestFact::AccessMadeCase {
                        case: *case,
                        account: *account,
                        contact: *contact,
                        case_type: case_type.clone(),
                        category: category.clone(),
                        authority: authority.clone(),
                    }]),
                }
            }
            AccessRequestAction::CarryOut { number } => match self.person(*number)? {
                PersonState { is_carried_out: true, .. } => Ok(vec![]),
                PersonState { outcome: None, .. } => Err(AccessRequestError::NotDecided),
                _ => Ok(vec![AccessRequestFact::AccessCarriedOut { number: *number }]),
            },
            AccessRequestAction::Redact => self.redact(),
        }
    }

    fn add(&self, person: &NamedPerson) -> Decision {
        if self.request_type != RequestType::PortalAccess {
            return Err(AccessRequestError::IsNotForAccess);
        }
        if self.people.values().any(|known| known.address == *person.address()) {
            return Ok(vec![]);
        }
        if self.is_redacted {
            return Err(AccessRequestError::Redacted);
        }
        if self.people.len() >= MAX_PEOPLE {
            return Err(AccessRequestError::TooManyPeople { limit: MAX_PEOPLE });
        }
        let number = self.people.keys().last().map_or(ASKER, |last| last + 1);
        Ok(vec![AccessRequestFact::AccessPersonAdded { number, person: person.clone() }])
    }

    /// Words that an invitation is still to be made of stay until it is.
    fn redact(&self) -> Decision {
        if self.is_redacted {
            return Ok(vec![]);
        }
        if self.to_be_carried_out().next().is_some() {
            return Err(AccessRequestError::NotDecided);
        }
        Ok(vec![AccessRequestFact::AccessRequestRedacted { keys: self.keys.clone() }])
    }

    fn person(&self, number: u32) -> Result<&PersonState, AccessRequestError> {
        self.people.get(&number).ok_or(AccessRequestError::NoSuchPerson { number })
    }
}

#[cfg(test)]
mod tests {
    use cqrs_es::Aggregate as _;
    use uuid::Uuid;

    use super::*;
    use crate::{
        AccountId, CaseId, Fingerprint, KeyId, Line, PersonId, PlainText, Sealed, Timestamp,
        access_request::{AccessRequest, AccessRequestCommand, AccessRequestEvent, Submission},
        account::{ContactAccess, ContactRole},
    };

    fn text(words: &str) -> Sealed<PlainText> {
        let key = KeyId(Uuid::new_v5(&Uuid::nil(), words.as_bytes()));
        Sealed::new(key, PersonId(Uuid::from_u128(1)), PlainText::parse(words, 100).expect("a text"))
    }

    fn line(words: &str) -> Line {
        Line { fingerprint: Fingerprint(words.to_owned()), text: text(words) }
    }

    fn somebody(name: &str) -> NamedPerson {
        NamedPerson { name: line(name), email: line(&format!("{name}@example.com")), phone: None }
    }

    fn submission(request_type: RequestType) -> Box<Submission> {
        Box::new(Submission {
            request_type,
            asker: somebody("ana"),
            account_name: text("Acme"),
            service_address: None,
            description: text("please"),
        })
    }

    fn requested(request_type: RequestType) -> AccessRequestFact {
        AccessRequestFact::AccessRequested(submission(request_type))
    }

    fn added(number: u32, name: &str) -> AccessRequestFact {
        AccessRequestFact::AccessPersonAdded { number, person: somebody(name) }
    }

    fn approve(number: u32, person: u128, role: ContactRole) -> AccessRequestAction {
        let (person, account) = (PersonId(Uuid::from_u128(person)), AccountId(Uuid::from_u128(1)));
        let access = ContactAccess { role, locations: None };
        AccessRequestAction::Approve { number, person, account, access, authority: text("called back") }
    }

    fn approved(number: u32) -> AccessRequestFact {
        let (person, account) = (PersonId(Uuid::from_u128(9)), AccountId(Uuid::from_u128(1)));
        let access = ContactAccess { role: ContactRole::Member, locations: None };
        AccessRequestFact::AccessApproved { number, person, account, access, authority: text("called back") }
    }

    fn decline(number: u32) -> AccessRequestAction {
        AccessRequestAction::Decline { number, reason: text("nobody knows them") }
    }

    fn declined(number: u32) -> AccessRequestFact {
        AccessRequestFact::AccessDeclined { number, reason: text("nobody knows them") }
    }

    fn make_case() -> AccessRequestAction {
        AccessRequestAction::MakeCase {
            case: CaseId(Uuid::from_u128(1)),
            account: AccountId(Uuid::from_u128(1)),
            contact: PersonId(Uuid::from_u128(2)),
            case_type: "billing".parse().expect("a short name"),
            category: "other".parse().expect("a short name"),
            authority: text("a contact"),
        }
    }

    fn state(facts: &[AccessRequestFact]) -> AccessRequest {
        let mut request = AccessRequest::default();
        for fact in facts {
            request.apply(AccessRequestEvent { occurred_at: Timestamp::UNIX_EPOCH, fact: fact.clone() });
        }
        request
    }

    fn ask(facts: &[AccessRequestFact], role: Role, action: AccessRequestAction) -> Decision {
        let by = Actor::new(PersonId(Uuid::from_u128(7)), role);
        let command = AccessRequestCommand { by, at: Timestamp::UNIX_EPOCH, action };
        Ok(state(facts).decide(&command)?.into_iter().map(|event| event.fact).collect())
    }

    fn desk(facts: &[AccessRequestFact], action: AccessRequestAction) -> Decision {
        ask(facts, Role::Supervisor, action)
    }

    #[test]
    fn anybody_asks_and_only_supervisors_decide() {
        let made = [requested(RequestType::PortalAccess)];
        let ends = || [approve(1, 9, ContactRole::Member), decline(1), make_case(), AccessRequestAction::Redact];
        for role in [Role::Contact, Role::Agent, Role::Administrator, Role::Auditor, Role::Analyst, Role::Service] {
            let submit = AccessRequestAction::Submit(submission(RequestType::PortalAccess));
            assert_eq!(ask(&[], role, submit), Ok(made.to_vec()));
            for action in ends().into_iter().chain([AccessRequestAction::CarryOut { number: 1 }]) {
                assert_eq!(ask(&made, role, action), Err(AccessRequestError::NotPermitted { role }));
            }
        }
        let clock = ask(&made, Role::Clock, decline(1));
        assert_eq!(clock, Err(AccessRequestError::NotPermitted { role: Role::Clock }));
        for action in ends() {
            assert_eq!(desk(&[], action), Err(AccessRequestError::NotFound));
        }
    }

    #[test]
    fn people_are_found_in_the_description_once_each() {
        let one = requested(RequestType::PortalAccess);
        let add = |name: &str| AccessRequestAction::AddPerson(somebody(name));
        assert_eq!(desk(std::slice::from_ref(&one), add("ben")), Ok(vec![added(2, "ben")]));
        let two = [one.clone(), added(2, "ben")];
        assert_eq!(desk(&two, add("ben")), Ok(vec![]));
        assert_eq!(desk(&two, add("ana")), Ok(vec![]), "whoever asks is there already");
        assert_eq!(desk(&two, add("cleo")), Ok(vec![added(3, "cleo")]));
        let others: Vec<_> = (2_u32..=20).map(|n| added(n, &format!("p{n}"))).collect();
        let full = [&[one], others.as_slice()].concat();
        assert_eq!(desk(&full, add("zoe")), Err(AccessRequestError::TooManyPeople { limit: MAX_PEOPLE }));
        let other = [requested(RequestType::Other)];
        assert_eq!(desk(&other, add("ben")), Err(AccessRequestError::IsNotForAccess));
    }

    #[test]
    fn it_is_decided_person_by_person_and_once() {
        let two = [requested(RequestType::PortalAccess), added(2, "ben")];
        assert_eq!(desk(&two, approve(1, 9, ContactRole::Member)), Ok(vec![approved(1)]));
        let half = [two.as_slice(), &[approved(1)]].concat();
        assert!(!state(&half).state.expect("made").is_decided());
        assert_eq!(desk(&half, approve(1, 10, ContactRole::Member)), Ok(vec![]), "a retry found somebody else");
        let otherwise = desk(&half, approve(1, 9, ContactRole::Admin));
        assert_eq!(otherwise, Err(AccessRequestError::AlreadyDecided));
        assert_eq!(desk(&half, decline(1)), Err(AccessRequestError::AlreadyDecided));
        assert_eq!(desk(&half, decline(3)), Err(AccessRequestError::NoSuchPerson { number: 3 }));
        assert_eq!(desk(&half, decline(2)), Ok(vec![declined(2)]));
        let all = [half.as_slice(), &[declined(2)]].concat();
        let decided = state(&all).state.expect("made");
        assert!(decided.is_decided());
        assert_eq!(decided.to_be_carried_out().map(|(number, _)| number).collect::<Vec<_>>(), [1]);
        let done = AccessRequestAction::CarryOut { number: 1 };
        let carried = AccessRequestFact::AccessCarriedOut { number: 1 };
        assert_eq!(ask(&all, Role::Clock, done.clone()), Ok(vec![carried.clone()]));
        assert_eq!(ask(&[all.as_slice(), &[carried]].concat(), Role::Clock, done), Ok(vec![]));
    }

    #[test]
    fn the_other_types_become_cases_or_nothing() {
        for request_type in [RequestType::ChangeOrRemoval, RequestType::Other] {
            let made = [requested(request_type)];
            let facts = desk(&made, make_case()).expect("it becomes a case");
            assert!(matches!(facts.as_slice(), [AccessRequestFact::AccessMadeCase { .. }]), "{facts:?}");
            let after = [made.as_slice(), &facts].concat();
            assert_eq!(desk(&after, make_case()), Ok(vec![]));
            assert_eq!(desk(&after, decline(1)), Err(AccessRequestError::AlreadyDecided));
            let access = desk(&made, approve(1, 9, ContactRole::Member));
            assert_eq!(access, Err(AccessRequestError::IsNotForAccess));
            assert_eq!(desk(&made, decline(1)), Ok(vec![declined(1)]));
        }
        let access = [requested(RequestType::PortalAccess)];
        assert_eq!(desk(&access, make_case()), Err(AccessRequestError::IsForAccess));
    }

    #[test]
    fn words_go_all_at_once_but_not_before_what_is_made_of_them() {
        let two = [requested(RequestType::PortalAccess), added(2, "ben")];
        let facts = desk(&two, AccessRequestAction::Redact).expect("nothing is to be carried out");
        let [AccessRequestFact::AccessRequestRedacted { keys }] = facts.as_slice() else { panic!("{facts:?}") };
        assert_eq!(keys.len(), 6, "two of each person, and two texts");
        let gone = [two.as_slice(), &facts].concat();
        assert_eq!(desk(&gone, AccessRequestAction::Redact), Ok(vec![]));
        assert_eq!(desk(&gone, approve(1, 9, ContactRole::Member)), Err(AccessRequestError::Redacted));
        assert_eq!(desk(&gone, decline(1)), Ok(vec![declined(1)]));
        let waiting = [two.as_slice(), &[approved(1)]].concat();
        assert_eq!(desk(&waiting, AccessRequestAction::Redact), Err(AccessRequestError::NotDecided));
    }
}
