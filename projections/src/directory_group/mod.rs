//! The directory: accounts with their places, products and contacts, people, and portal users. Lists of cases join its names.
//!
//! | file | what it holds |
//! |---|---|
//! | `fold` | a page of events, folded over all nine tables |
//! | `accounts`, `locations`, `products`, `contacts`, `people`, `users` | a row, how it is read, how it is written; `contacts` has two tables |
//! | [`access_requests`] | requests for access and whom they name, and reading them |
//! | [`correspondents`] | whom mail can reach |
//! | [`domains`] | the domains of contacts' addresses |
//! | `facts` | what commands on cases must know of what they name |
//! | [`named`] | reading names by ids |
//! | [`listing`], [`picker`] | reading accounts and what they have |
//! | [`user_list`] | reading portal users |
//!
//! The DDL of each table stands beside its file. A customer sees the rows of their accounts, and of people the names.

pub mod access_requests;
mod accounts;
mod contacts;
pub mod correspondents;
pub mod domains;
pub(crate) mod facts;
pub(crate) mod fold;
pub mod listing;
mod locations;
pub mod named;
mod people;
pub mod picker;
mod products;
pub mod user_list;
mod users;

use domain::Line;

use crate::group::Group;

/// The group's tables, in the order in which they are made.
pub(crate) static DIRECTORY_GROUP: Group = Group {
    name: "directory",
    aggregates: &["account", "person", "user", "access_request"],
    reads_few: true,
    tables: &[
        include_str!("accounts.sql"),
        include_str!("locations.sql"),
        include_str!("products.sql"),
        include_str!("contacts.sql"),
        include_str!("contact_access.sql"),
        include_str!("people.sql"),
        include_str!("access_requests.sql"),
        include_str!("access_request_people.sql"),
        include_str!("users.sql"),
    ],
    indexes: &[include_str!("directory.indexes.sql")],
};

/// The words of a line, unless they are gone.
fn words(line: &Line) -> Option<String> {
    line.text.value().map(|text| text.as_str().to_owned())
}

/// The same of a line that was not said, perhaps.
fn maybe_words(line: Option<&Line>) -> Option<String> {
    line.and_then(words)
}
