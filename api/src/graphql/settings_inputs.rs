//! What the mutations of settings take.
//!
//! Each input may name the version of the section that the caller saw, and a key under which a retry is the same command.

use async_graphql::{InputObject, OneofObject};
use serde::Serialize;

use super::{
    enums::{Day, MailSender, Priority, WatchListPolicy},
    scalars::Date,
};

/// What every mutation of settings takes.
pub trait SettingsInput: Serialize {
    /// The version that the caller saw.
    fn expected_version(&self) -> Option<&String>;
    /// The key of the command.
    fn idempotency_key(&self) -> Option<&String>;
}

/// Inputs, with the two fields that all of them have.
macro_rules! settings_inputs {
    ($($(#[$doc:meta])+ $name:ident { $($(#[$field_attribute:meta])+ $field:ident: $type:ty,)* })+) => {$(
        $(#[$doc])+
        #[derive(Clone, Debug, InputObject, Serialize)]
        pub struct $name {
            $($(#[$field_attribute])+ pub $field: $type,)*
            /// The version of the section that the caller saw. A newer one refuses the command and tells what was changed
            /// in between; without it the newest state decides.
            pub expected_version: Option<String>,
            /// A retry under the same key gives the same answer and one effect. 1 to 200 characters, kept 30 days.
            pub idempotency_key: Option<String>,
        }

        impl SettingsInput for $name {
            fn expected_version(&self) -> Option<&String> {
                self.expected_version.as_ref()
            }

            fn idempotency_key(&self) -> Option<&String> {
                self.idempotency_key.as_ref()
            }
        }
    )+};
}

/// An entry of the catalogue, by its key.
#[derive(Clone, Debug, OneofObject, Serialize)]
pub enum CatalogueEntryInput {
    /// A type.
    Type(String),
    /// A category of a type.
    Category(CategoryKeyInput),
    /// A product.
    Product(String),
    /// A queue.
    Queue(String),
    /// A resolution code.
    ResolutionCode(String),
}

/// A category, by its keys.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CategoryKeyInput {
    /// The type.
    pub r#type: String,
    /// The category.
    pub category: String,
}

/// A span of a day.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct OpenHoursInput {
    /// The day.
    pub day: Day,
    /// From when, as `08:30`.
    pub from: String,
    /// Until when; the end of the day is `24:00`.
    pub to: String,
}

settings_inputs! {
    /// Say what a type is; one that is not there begins, with the category *Other*.
    CatalogueTypeSetInput {
        /// Its key: 1 to 64 lower-case letters, digits and hyphens. It never changes.
        key: String,
        /// What it is called: a line of at most 200 characters.
        name: String,
        /// What it is for, to be shown beside it: a line of at most 200 characters.
        covers: Option<String>,
        /// Where its cases wait for an owner, a key of the catalogue.
        queue: String,
        /// How urgent its cases are, unless somebody says otherwise.
        #[graphql(default_with = "Priority::Normal")]
        priority: Priority,
        /// Whether a case of it names a location, or says that it isn't listed.
        #[graphql(default = true)]
        location_required: bool,
        /// Whether a case of it names a product, or says that it isn't listed.
        #[graphql(default = true)]
        product_required: bool,
    }
    /// Say what a category is; one that is not there begins.
    CatalogueCategorySetInput {
        /// The type, a key of the catalogue.
        r#type: String,
        /// Its key within the type. It never changes.
        key: String,
        /// What it is called: a line of at most 200 characters.
        name: String,
        /// Where its cases wait for an owner, if not where the type's do.
        queue: Option<String>,
        /// How urgent its cases are, if not as the type's.
        priority: Option<Priority>,
    }
    /// Say what a product is called; one that is not there begins.
    CatalogueProductSetInput {
        /// Its key. It never changes.
        key: String,
        /// What it is called: a line of at most 200 characters.
        name: String,
    }
    /// Say what a queue is called; one that is not there begins.
    CatalogueQueueSetInput {
        /// Its key. It never changes.
        key: String,
        /// What it is called: a line of at most 200 characters.
        name: String,
    }
    /// Say what a resolution code is called; one that is not there begins.
    CatalogueResolutionCodeSetInput {
        /// Its key. It never changes.
        key: String,
        /// What it is called: a line of at most 200 characters.
        name: String,
    }
    /// Let an entry be chosen no more.
    CatalogueEntryRetireInput {
        /// Which.
        entry: CatalogueEntryInput,
    }
    /// Let an entry be chosen again.
    CatalogueEntryRestoreInput {
        /// Which.
        entry: CatalogueEntryInput,
    }
    /// Say when the desk is open: all of it.
    DeskHoursSetInput {
        /// The time zone of the hours, by its name in the IANA database.
        time_zone: String,
        /// When it is open, each day from the morning on.
        hours: Vec<OpenHoursInput>,
    }
    /// Close the desk on a day.
    DeskHolidaySetInput {
        /// The day.
        date: Date,
        /// What it is called: a line of at most 200 characters.
        name: String,
    }
    /// Open the desk on a day as on others of its kind.
    DeskHolidayRemoveInput {
        /// The day.
        date: Date,
    }
    /// Say what a canned reply is; one that is not there begins.
    CannedReplySetInput {
        /// Its key. It never changes.
        key: String,
        /// What it is called: a line of at most 200 characters.
        title: String,
        /// The text: plain text of at most 32,000 characters.
        body: String,
    }
    /// Offer a canned reply no more.
    CannedReplyRemoveInput {
        /// Its key.
        key: String,
    }
    /// Call the portal something.
    BrandPortalNameSetInput {
        /// The name: a line of at most 200 characters.
        name: String,
    }
    /// Give the portal colors.
    BrandColorsSetInput {
        /// Of what one acts with, as `#1a5fb4`.
        primary: String,
        /// Of what stands out.
        accent: String,
    }
    /// Give the portal a logo.
    BrandLogoSetInput {
        /// A PNG, JPEG or WebP image of at most 64 KiB, in Base64 with padding.
        data: String,
    }
    /// Take the logo away.
    BrandLogoRemoveInput {}
    /// Say as whom mail of a kind goes out.
    BrandSenderSetInput {
        /// Which mail.
        sender: MailSender,
        /// The name: a line of at most 200 characters.
        name: String,
        /// The e-mail address.
        address: String,
    }
    /// Say how long an answer waits that nobody objects to.
    RulesResolutionSetInput {
        /// After so many days the customer is reminded, at least 1.
        remind_after_days: i32,
        /// After so many days the case is closed, at most 365.
        close_after_days: i32,
    }
    /// Say who may be put on a watch list.
    RulesWatchListSetInput {
        /// Who.
        policy: WatchListPolicy,
    }
}
