//! One row: an account, and perhaps a location, a product and a contact of it.

use domain::{PlainText, account::ContactRole, line::MAX_LINE_CHARS, text::TextError};
use serde::Deserialize;

use crate::commands::Refusal;

/// The columns of a CSV file, and the keys of a line of NDJSON.
pub const COLUMNS: [&str; 13] = [
    "account",
    "account_name",
    "account_address",
    "location",
    "location_name",
    "location_address",
    "product",
    "product_name",
    "contact",
    "contact_email",
    "contact_phone",
    "contact_role",
    "contact_locations",
];

/// What a row says, in words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawRow {
    /// The reference of the account.
    pub account: Option<String>,
    account_name: Option<String>,
    account_address: Option<String>,
    location: Option<String>,
    location_name: Option<String>,
    location_address: Option<String>,
    product: Option<String>,
    product_name: Option<String>,
    contact: Option<String>,
    contact_email: Option<String>,
    contact_phone: Option<String>,
    contact_role: Option<String>,
    contact_locations: Option<String>,
}

/// A row, checked.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// The line on which it begins.
    pub line: u64,
    /// The reference of the account.
    pub account: PlainText,
    /// What the account is called; its reference if nothing is said.
    pub name: Option<PlainText>,
    /// Where the organisation is.
    pub address: Option<PlainText>,
    /// A place where it is served.
    pub location: Option<LocationCells>,
    /// A product that it has installed, at the row's place if the row has one.
    pub product: Option<ProductCells>,
    /// One of its contacts.
    pub contact: Option<ContactCells>,
}

/// What a row says of a place.
#[derive(Clone, Debug)]
pub struct LocationCells {
    /// The number people call it by: the row's name for it.
    pub reference: PlainText,
    /// What it is called, where that is not its address.
    pub name: Option<PlainText>,
    /// The address; a later row of the same place need not say it again.
    pub address: Option<PlainText>,
}

/// What a row says of a product.
#[derive(Clone, Debug)]
pub struct ProductCells {
    /// The number people call it by.
    pub reference: PlainText,
    /// What it is called in the catalogue.
    pub name: PlainText,
}

/// What a row says of a contact.
#[derive(Clone, Debug)]
pub struct ContactCells {
    /// Their name.
    pub name: PlainText,
    /// Their e-mail address, by which they are one person in all accounts.
    pub email: PlainText,
    /// Their telephone number.
    pub phone: Option<PlainText>,
    /// What they are in the account.
    pub role: ContactRole,
    /// The references of the only places whose cases they see; none for all.
    pub locations: Vec<String>,
}

/// A reason not to take a row. The rest of the file goes on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountRowRefusal {
    /// A record that cannot be read as a row.
    #[error("the row cannot be read: {0}")]
    Unreadable(String),
    /// Something that must be said.
    #[error("the row says nothing about `{field}`, which {because}")]
    Missing {
        /// What.
        field: &'static str,
        /// Why it must be said.
        because: &'static str,
    },
    /// A text that cannot be shown in a line.
    #[error("`{field}`: {source}")]
    Text {
        /// Which.
        field: &'static str,
        /// Why not.
        source: TextError,
    },
    /// A text of several lines.
    #[error("`{0}` is of several lines: it is to be one")]
    SeveralLines(&'static str),
    /// A role that is none.
    #[error("`contact_role` is `{0}`: it is MEMBER or ADMIN")]
    Role(String),
    /// The rules of accounts or people refuse it.
    #[error(transparent)]
    Rules(#[from] Refusal),
}

type Checked<T> = Result<T, AccountRowRefusal>;

impl RawRow {
    /// Checks what a row says.
    ///
    /// # Errors
    /// [`AccountRowRefusal`], naming the column.
    pub fn check(&self, line: u64) -> Checked<AccountRow> {
        Ok(AccountRow {
            line,
            account: required("account", "every row is of one", self.account.as_ref())?,
            name: text("account_name", self.account_name.as_ref())?,
            address: text("account_address", self.account_address.as_ref())?,
            location: self.location()?,
            product: self.product()?,
            contact: self.contact()?,
        })
    }

    fn location(&self) -> Checked<Option<LocationCells>> {
        let said = [&self.location, &self.location_name, &self.location_address];
        if said.iter().all(|cell| is_blank(cell.as_ref())) {
            return Ok(None);
        }
        Ok(Some(LocationCells {
            reference: required("location", "is how other rows name the location", self.location.as_ref())?,
            name: text("location_name", self.location_name.as_ref())?,
            address: text("location_address", self.location_address.as_ref())?,
        }))
    }

    fn product(&self) -> Checked<Option<ProductCells>> {
        if is_blank(self.product.as_ref()) && is_blank(self.product_name.as_ref()) {
            return Ok(None);
        }
        Ok(Some(ProductCells {
            reference: required("product", "tells it from another one", self.product.as_ref())?,
            name: required("product_name", "is what people see", self.product_name.as_ref())?,
        }))
    }

    fn contact(&self) -> Checked<Option<ContactCells>> {
        let said =
            [&self.contact, &self.contact_email, &self.contact_phone, &self.contact_role, &self.contact_locations];
        if said.iter().all(|cell| is_blank(cell.as_ref())) {
            return Ok(None);
        }
        let email = required("contact_email", "tells one person from another", self.contact_email.as_ref())?;
        let email = PlainText::parse_email(email.as_str())
            .map_err(|source| AccountRowRefusal::Text { field: "contact_email", source })?;
        let role = match self.contact_role.as_deref().map(str::trim).filter(|role| !role.is_empty()) {
            None => ContactRole::Member,
            Some(role) if role.eq_ignore_ascii_case("member") => ContactRole::Member,
            Some(role) if role.eq_ignore_ascii_case("admin") => ContactRole::Admin,
            Some(other) => return Err(AccountRowRefusal::Role(other.to_owned())),
        };
        let limit = self.contact_locations.as_deref().unwrap_or_default().split(';').map(str::trim);
        Ok(Some(ContactCells {
            name: required("contact", "is what people see", self.contact.as_ref())?,
            email,
            phone: text("contact_phone", self.contact_phone.as_ref())?,
            role,
            locations: limit.filter(|reference| !reference.is_empty()).map(str::to_owned).collect(),
        }))
    }
}

fn is_blank(cell: Option<&String>) -> bool {
    cell.is_none_or(|cell| cell.trim().is_empty())
}

fn required(field: &'static str, because: &'static str, cell: Option<&String>) -> Checked<PlainText> {
    text(field, cell)?.ok_or(AccountRowRefusal::Missing { field, because })
}

fn text(field: &'static str, cell: Option<&String>) -> Checked<Option<PlainText>> {
    let Some(cell) = cell.filter(|cell| !is_blank(Some(cell))) else { return Ok(None) };
    let text = PlainText::parse(cell, MAX_LINE_CHARS).map_err(|source| AccountRowRefusal::Text { field, source })?;
    if text.as_str().lines().count() > 1 {
        return Err(AccountRowRefusal::SeveralLines(field));
    }
    Ok(Some(text))
}
