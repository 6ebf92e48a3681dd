//! Ids that a second run finds again: UUIDs of version 5 (RFC 9562, section 5.5), made of the other system's name,
//! the kind of thing and what it is called there. Those of people are of version 8 and made with a key: events keep
//! them for ever, and nobody may find out whose they are by trying names.

use std::fmt;

use domain::{
    AccessRequestId, AccountId, CaseId, KeyId, LocationId, MessageId, PersonId, PlainText, ProductId, Slug,
    person::Person,
};
use event_log::{EventLog, LogError};
use ring::hmac;
use uuid::{Builder, Uuid};

/// The namespace of everything imported.
const IMPORTED: Uuid = Uuid::from_u128(0x5f2c_9a1e_7d34_4b60_9c15_e8a7_03d1_6b42);

/// What things of one system are called here.
#[derive(Clone, Copy, Debug)]
pub struct Identities {
    namespace: Uuid,
    people: PeopleKey,
}

/// The key of people's ids, which follows from the master key.
#[derive(Clone, Copy)]
pub struct PeopleKey(pub(crate) [u8; 32]);

impl PeopleKey {
    /// The key of a log.
    #[must_use]
    pub fn of(log: &EventLog) -> Self {
        Self(log.derive_key("ids of imported people"))
    }
}

impl fmt::Debug for PeopleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PeopleKey(redacted)")
    }
}

impl Identities {
    /// The ids of a system's things.
    #[must_use]
    pub fn of(system: &Slug, people: PeopleKey) -> Self {
        Self { namespace: Uuid::new_v5(&IMPORTED, system.as_str().as_bytes()), people }
    }

    /// A case, by its reference.
    #[must_use]
    pub fn case(self, reference: &str) -> CaseId {
        CaseId(self.make("case", reference))
    }

    /// A request for access.
    #[must_use]
    pub fn access_request(self, name: &str) -> AccessRequestId {
        AccessRequestId(self.make("access request", name))
    }

    /// A customer.
    #[must_use]
    pub fn account(self, name: &str) -> AccountId {
        AccountId(self.make("account", name))
    }

    /// A person, whatever they are to the case.
    #[must_use]
    pub fn person(self, name: &str) -> PersonId {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.people.0);
        let tag = hmac::sign(&key, &[self.namespace.as_bytes(), name.as_bytes()].concat());
        let bytes = tag.as_ref().first_chunk().expect("a tag has 32 bytes");
        PersonId(Builder::from_custom_bytes(*bytes).into_uuid())
    }

    /// The person of that name after so many who were erased. 0 is [`Self::person`].
    #[must_use]
    pub fn person_after(self, name: &str, erased: u32) -> PersonId {
        match erased {
            0 => self.person(name),
            _ => self.person(&format!("{name}\n{erased}")),
        }
    }

    /// The person who has an e-mail address: whoever was written down under it, and after those who were erased, somebody new.
    ///
    /// # Errors
    /// [`LogError`].
    pub async fn somebody(self, log: &EventLog, email: &PlainText) -> Result<PersonId, LogError> {
        let name = email.as_str().to_lowercase();
        let mut erased = 0;
        loop {
            let person = self.person_after(&name, erased);
            if !log.latest::<Person>(&person.to_string()).await?.is_erased {
                return Ok(person);
            }
            erased += 1;
        }
    }

    /// A place of an account.
    #[must_use]
    pub fn location(self, account: AccountId, name: &str) -> LocationId {
        LocationId(self.make("location", &format!("{account}\n{name}")))
    }

    /// A product of an account.
    #[must_use]
    pub fn product(self, account: AccountId, name: &str) -> ProductId {
        ProductId(self.make("product", &format!("{account}\n{name}")))
    }

    /// The description of a case, by the row that opened it.
    #[must_use]
    pub fn message(self, source_row: &str) -> MessageId {
        MessageId(self.make("message", source_row))
    }

    /// The key of one text of a row, or of a line about something else: never of what it says.
    #[must_use]
    pub fn key(self, text: &str, of: &str) -> KeyId {
        KeyId(self.make(text, of))
    }

    fn make(self, kind: &str, name: &str) -> Uuid {
        Uuid::new_v5(&self.namespace, format!("{kind}\n{name}").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_is_the_same_thing_within_its_system_and_kind() {
        let desk = Identities::of(&"old-desk".parse().expect("a slug"), PeopleKey([1; 32]));
        let other = Identities::of(&"other-desk".parse().expect("a slug"), PeopleKey([1; 32]));
        assert_eq!(desk.account("Ana"), desk.account("Ana"));
        assert_eq!(desk.person("Ana"), desk.person("Ana"));
        assert_ne!(desk.person("Ana"), other.person("Ana"));
        assert_ne!(desk.person("Ana").0, desk.account("Ana").0);
        let place = |account| desk.location(desk.account(account), "Head office");
        assert_eq!(place("Ana"), place("Ana"));
        assert_ne!(place("Ana"), place("Bo"), "two accounts may call their places the same");
    }

    #[test]
    fn without_the_key_nobody_makes_the_id_of_a_person() {
        let of = |key| Identities::of(&"old-desk".parse().expect("a slug"), PeopleKey([key; 32]));
        assert_ne!(of(1).person("Ana"), of(2).person("Ana"));
        assert_eq!(of(1).case("T-1"), of(2).case("T-1"), "cases have the same ids everywhere");
        assert_eq!(format!("{:?}", PeopleKey([1; 32])), "PeopleKey(redacted)");
    }
}
