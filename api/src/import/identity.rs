//! Ids that a second run finds again: UUIDs of version 5 (RFC 9562, section 5.5), made of the other system's name,
//! the kind of thing and what it is called there.

use domain::{AccountId, CaseId, KeyId, LocationId, MessageId, PersonId, ProductId, Slug};
use uuid::Uuid;

/// The namespace of everything imported.
const IMPORTED: Uuid = Uuid::from_u128(0x5f2c_9a1e_7d34_4b60_9c15_e8a7_03d1_6b42);

/// What things of one system are called here.
#[derive(Clone, Copy, Debug)]
pub struct Identities {
    namespace: Uuid,
}

impl Identities {
    /// The ids of a system's things.
    #[must_use]
    pub fn of(system: &Slug) -> Self {
        Self { namespace: Uuid::new_v5(&IMPORTED, system.as_str().as_bytes()) }
    }

    /// A case, by its reference.
    #[must_use]
    pub fn case(self, reference: &str) -> CaseId {
        CaseId(self.make("case", reference))
    }

    /// A customer.
    #[must_use]
    pub fn account(self, name: &str) -> AccountId {
        AccountId(self.make("account", name))
    }

    /// A person, whatever they are to the case.
    #[must_use]
    pub fn person(self, name: &str) -> PersonId {
        PersonId(self.make("person", name))
    }

    /// A place.
    #[must_use]
    pub fn location(self, name: &str) -> LocationId {
        LocationId(self.make("location", name))
    }

    /// A product.
    #[must_use]
    pub fn product(self, name: &str) -> ProductId {
        ProductId(self.make("product", name))
    }

    /// The description of a case, by the row that opened it.
    #[must_use]
    pub fn message(self, source_row: &str) -> MessageId {
        MessageId(self.make("message", source_row))
    }

    /// The key of one text of a row.
    #[must_use]
    pub fn key(self, text: &str, source_row: &str) -> KeyId {
        KeyId(self.make(text, source_row))
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
        let desk = Identities::of(&"old-desk".parse().expect("a slug"));
        let other = Identities::of(&"other-desk".parse().expect("a slug"));
        assert_eq!(desk.person("Ana").to_string(), "9f294da1-9c79-5256-a32c-373429c24228");
        assert_ne!(desk.person("Ana"), other.person("Ana"));
        assert_ne!(desk.person("Ana").0, desk.account("Ana").0);
    }
}
