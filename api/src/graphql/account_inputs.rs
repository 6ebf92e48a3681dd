//! What the mutations of an account take.

use async_graphql::{ID, InputObject, OneofObject};
use serde::Serialize;

use super::{directory_lists::ContactRole, inputs::change_inputs};

/// All that it takes to open an account.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct AccountOpenInput {
    /// The number that people call it by, at most 255 characters. No two accounts have the same.
    pub reference: String,
    /// What it is called.
    pub name: String,
    /// Where the organisation is, which need not be one of its service addresses.
    pub address: Option<String>,
    /// A retry under the same key gives the same answer and one effect. 1 to 200 characters, kept 30 days.
    pub idempotency_key: Option<String>,
}

/// Who is to become a contact.
#[derive(Clone, Debug, OneofObject, Serialize)]
pub enum ContactInput {
    /// Somebody who is known.
    Person(ID),
    /// Somebody by their e-mail address: whoever was written down under it, else somebody new.
    New(NewPersonInput),
}

/// A person to be written down.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct NewPersonInput {
    /// The name.
    pub name: String,
    /// The e-mail address, by which they are one person in all accounts.
    pub email: String,
    /// The telephone number.
    pub phone: Option<String>,
}

change_inputs! {
    /// The account.
    account_id,
    /// The version of the account that the caller saw. A newer one refuses the command; without it the newest state
    /// decides.
    expected_version;

    /// Call an account something else.
    AccountRenameInput {
        /// The new name.
        name: String,
    }
    /// Say where an organisation is.
    AccountMoveInput {
        /// The new address.
        address: String,
    }
    /// Serve an account at a place.
    AccountLocationAddInput {
        /// The number that people call it by: in one account, the same number is the same place.
        reference: Option<String>,
        /// What it is called, where that is not its address.
        name: Option<String>,
        /// The service address.
        address: String,
    }
    /// Give a place another address.
    AccountLocationMoveInput {
        /// The place.
        location_id: ID,
        /// The new address.
        address: String,
    }
    /// Serve an account at a place no more.
    AccountLocationRetireInput {
        /// The place.
        location_id: ID,
    }
    /// Install a product.
    AccountProductInstallInput {
        /// At which place; left out where nobody knows.
        location_id: Option<ID>,
        /// The number that people call it by, a circuit or serial number: in one account, the same number is the same
        /// product.
        reference: Option<String>,
        /// What it is called in the catalogue.
        name: String,
    }
    /// Remove an installed product.
    AccountProductRemoveInput {
        /// The installed product.
        product_id: ID,
    }
    /// Make somebody a contact.
    AccountContactJoinInput {
        /// Who.
        contact: ContactInput,
        /// What they are in the account.
        role: ContactRole,
        /// The only locations whose cases they see; all when left out.
        location_ids: Option<Vec<ID>>,
    }
    /// End somebody's access.
    AccountContactLeaveInput {
        /// Who.
        person_id: ID,
    }
    /// Let a contact see more or less.
    AccountContactSetInput {
        /// Who.
        person_id: ID,
        /// What they are in the account.
        role: ContactRole,
        /// The only locations whose cases they see; all when left out.
        location_ids: Option<Vec<ID>>,
    }
}
