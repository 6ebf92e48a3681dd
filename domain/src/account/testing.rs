//! The words of the rules' tests: given these facts, when somebody asks for this, then these facts follow.

use cqrs_es::Aggregate;
use uuid::Uuid;

use super::*;
use crate::{Actor, Fingerprint, KeyId, Line, LocationId, PersonId, PlainText, ProductId, Role, Sealed, Timestamp};

pub struct Given(Account);

pub struct When(Result<Vec<AccountFact>, AccountError>);

pub fn given(facts: Vec<AccountFact>) -> Given {
    let mut account = Account::default();
    for fact in facts {
        account.apply(AccountEvent { occurred_at: Timestamp::UNIX_EPOCH, fact });
    }
    Given(account)
}

impl Given {
    pub fn when(self, by: Actor, action: AccountAction) -> When {
        let command = AccountCommand { by, at: Timestamp::UNIX_EPOCH, action };
        When(self.0.decide(&command).map(|events| events.into_iter().map(|event| event.fact).collect()))
    }
}

impl When {
    #[track_caller]
    pub fn then(self, facts: Vec<AccountFact>) {
        assert_eq!(self.0, Ok(facts));
    }

    #[track_caller]
    pub fn refused(self, error: &AccountError) {
        assert_eq!(self.0.as_ref(), Err(error));
    }
}

pub fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

pub fn location(n: u128) -> LocationId {
    LocationId(Uuid::from_u128(n))
}

pub fn product(n: u128) -> ProductId {
    ProductId(Uuid::from_u128(n))
}

pub fn administrator() -> Actor {
    Actor::new(person(100), Role::Administrator)
}

pub fn line(text: &str) -> Line {
    let words = PlainText::parse(text, 100).expect("a text");
    Line {
        fingerprint: Fingerprint(format!("fingerprint of {text}")),
        text: Sealed::new(KeyId(Uuid::nil()), person(0), words),
    }
}

pub fn access(role: ContactRole, locations: Option<&[u128]>) -> ContactAccess {
    ContactAccess { role, locations: locations.map(|limit| limit.iter().map(|n| location(*n)).collect()) }
}

pub fn member() -> ContactAccess {
    access(ContactRole::Member, None)
}

// Facts

pub fn opened() -> AccountFact {
    AccountFact::AccountOpened { reference: line("A-1"), name: line("Larch"), address: None }
}

pub fn added(n: u128) -> AccountFact {
    let address = line(&format!("{n} Example Street"));
    AccountFact::LocationAdded { location: location(n), reference: None, name: None, address }
}

pub fn installed(n: u128, at: u128) -> AccountFact {
    let location = Some(location(at));
    AccountFact::ProductInstalled { product: product(n), location, reference: None, name: line("SmartVoice") }
}

pub fn joined(n: u128, access: ContactAccess) -> AccountFact {
    AccountFact::ContactJoined { person: person(n), access }
}

pub fn left(n: u128) -> AccountFact {
    AccountFact::ContactLeft { person: person(n) }
}

// Actions

pub fn open(reference: &str, name: &str) -> AccountAction {
    AccountAction::Open { reference: line(reference), name: line(name), address: None }
}

pub fn rename(name: &str) -> AccountAction {
    AccountAction::Rename { name: line(name) }
}

pub fn add(n: u128, address: &str) -> AccountAction {
    AccountAction::AddLocation { location: location(n), reference: None, name: None, address: line(address) }
}

pub fn install(n: u128, at: u128) -> AccountAction {
    let location = Some(location(at));
    AccountAction::InstallProduct { product: product(n), location, reference: None, name: line("SmartVoice") }
}

pub fn join(n: u128, access: ContactAccess) -> AccountAction {
    AccountAction::Join { person: person(n), access }
}

pub fn leave(n: u128) -> AccountAction {
    AccountAction::Leave { person: person(n) }
}
