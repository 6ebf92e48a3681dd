//! Those and that which a case names: accounts, people, locations, products.

use async_graphql::{ID, Object};
use domain::{AccountId, LocationId, PersonId, ProductId};
use projections::Named;

use super::ids::GlobalId;

/// Makes an object of a [`Named`] id.
macro_rules! named_objects {
    ($($(#[$doc:meta])+ $name:ident of $id:ty;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Debug)]
        pub struct $name(Named<$id>);

        #[Object]
        impl $name {
            /// The global id.
            pub async fn id(&self) -> ID {
                self.0.id.global()
            }

            /// The reference that people use.
            async fn reference(&self) -> Option<&str> {
                self.0.reference.as_deref()
            }

            /// The name to show.
            async fn name(&self) -> Option<&str> {
                self.0.name.as_deref()
            }
        }

        impl From<Named<$id>> for $name {
            fn from(named: Named<$id>) -> Self {
                Self(named)
            }
        }
    )+};
}

named_objects! {
    /// A customer organisation.
    Account of AccountId;
    /// A service address of an account.
    Location of LocationId;
    /// A product installed at a location.
    Product of ProductId;
}

/// A contact, a member of staff, a service or the clock.
#[derive(Clone, Debug)]
pub struct Person(Named<PersonId>);

#[Object]
impl Person {
    /// The global id.
    pub async fn id(&self) -> ID {
        self.0.id.global()
    }

    /// The name to show.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }
}

impl From<Named<PersonId>> for Person {
    fn from(named: Named<PersonId>) -> Self {
        Self(named)
    }
}
