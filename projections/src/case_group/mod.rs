//! The case group: what the pages of a case and the lists of cases show, and what a mutation reads back.
//!
//! | file | what it holds |
//! |---|---|
//! | `fold` | a page of events, folded over all tables |
//! | `case_list` | one row per case: the columns of lists |
//! | `case_counts` | how many cases of the list have each status, as the database counts them |
//! | `case_details` | one row per case: the rest of its page |
//! | `case_activity` | one row per event |
//! | `case_watchers` | one row per watcher |
//! | `case_attachments` | one row per file |
//! | `case_links` | one row per other case that it has to do with |
//! | `departed` | what it means for cases that somebody has left their account |
//! | `from_log` | the same reads of one case without the tables, for a case that they do not take |
//! | `withdrawn` | texts that are taken away from such a case |
//! | [`summary`], [`query`], [`case`], [`activity`], [`overview`], [`watchers`], [`attachments`], [`links`] | the reads, each of which takes a [`crate::ScopedTx`] |
//!
//! The DDL of each table stands beside its file; its indexes, where they are worth waiting for, in a file of their own.

pub mod activity;
pub mod attachments;
pub mod case;
mod case_activity;
mod case_attachments;
mod case_details;
mod case_links;
mod case_list;
mod case_watchers;
mod departed;
pub mod due;
pub(crate) mod fold;
pub(crate) mod from_log;
pub mod links;
pub mod overview;
pub mod query;
pub mod summary;
pub mod watchers;
pub(crate) mod withdrawn;

use crate::group::Group;

/// The group's tables, in the order in which they are made.
pub(crate) static CASE_GROUP: Group = Group {
    name: "case",
    aggregates: &["case"],
    reads_few: false,
    tables: &[
        include_str!("case_list.sql"),
        include_str!("case_counts.sql"),
        include_str!("case_details.sql"),
        include_str!("case_activity.sql"),
        include_str!("case_watchers.sql"),
        include_str!("case_attachments.sql"),
        include_str!("case_links.sql"),
    ],
    indexes: &[include_str!("case_list.indexes.sql")],
};
