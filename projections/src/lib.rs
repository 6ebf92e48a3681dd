//! The read models: everything that anybody reads of cases, accounts and people is folded here from the log.
//!
//! | file | what it holds |
//! |---|---|
//! | [`case_group`] | the tables of cases and their reads |
//! | [`directory_group`] | the tables of accounts and people, whose names stand beside the ids of cases |
//! | [`group`] | a group's schema per version, its DDL and its checkpoint |
//! | [`in_force`] | the settings, in memory |
//! | [`scoped`] | the transaction that every read takes: role, scope and version are set before the first row |
//! | `degraded` | the page of a case whose rows stand still, from the log |
//! | `tables` | what a group makes of events, the one thing in which groups differ |
//! | `step`, `writes` | a page of events into the tables, in one statement |
//! | [`projector`] | who steps in a running service, and who waits for it |
//! | [`parked`] | streams that cannot be applied, and projecting one again |
//! | `erasing` | where to look for what a person has |
//! | [`mod@rebuild`] | the next version, built while the live one serves |
//!
//! A projection never refuses a fact and calls nothing outside. It can be dropped and rebuilt at any time; live and
//! rebuilt are equal, row for row.
//!
//! # How to add a projection
//!
//! One file with its row, its `apply` (a match on [`domain::case::CaseFact`] without `_`), its writes, and its DDL beside
//! it; one line in its group's list of tables; one field in the group's fold. Every table has row-level security
//! forced, which a test checks. A changed table takes effect with the next `casestream rebuild`.

pub mod case_group;
mod column;
mod degraded;
pub mod directory_group;
mod erasing;
pub mod error;
pub mod group;
pub mod in_force;
pub mod parked;
pub mod projector;
pub mod rebuild;
pub mod scoped;
mod step;
mod tables;
mod words;
mod writes;

pub use case_group::{
    activity::{EntriesOf, Entry, EntryOrder, EntryPage, activities},
    attachments::{AttachmentEntry, attached_bytes, attachment, attachments},
    case::{Case, case_by_external_reference, case_by_id, case_by_number, cases_by_ids},
    due::due_cases,
    links::{LinkEntry, Relation, links, survivor},
    overview::{CaseUpdate, count_each_status, latest_updates, open_cases},
    query::{CaseColumn, CaseCursor, CaseFilter, CaseOrder, Direction, SortValue, Window},
    summary::{CasePage, CaseSummary, count_by_queue, count_by_status, count_cases, has_case_at, list_cases},
    watchers::{WatcherEntry, watchers},
};
pub use directory_group::{
    access_requests::{
        AccessPersonEntry, AccessRequestCursor, AccessRequestEntry, AccessRequestFilter, AccessRequestWindow,
        DecisionEntry, OutcomeEntry, access_request, count_access_requests, list_access_requests,
        requests_kept_long_enough, requests_to_carry_out,
    },
    correspondents::{Correspondent, correspondents, has_left},
    domains::{DomainsOf, contact_domains},
    listing::{
        AccountEntry, AccountWindow, ContactEntry, ListWanted, Listed, LocationEntry, NameCursor, ProductEntry,
        account_by_reference, accounts_by_ids, contact_of, contacts_of, count_accounts, list_accounts,
        locations_by_ids, locations_of, products_at, products_by_ids, products_of,
    },
    named::{Kind, Named, named},
    picker::{Pick, pick},
    user_list::{
        UserCursor, UserEntry, UserFilter, UserOrder, UserWindow, cases_without_an_owner_who_signs_in, count_users,
        desk_people, email_of, list_users, other_administrators, user_of,
    },
};
pub use erasing::{accounts_of_contact, cases_of_person, people_by_email, people_by_emails};
pub use error::ProjectionError;
pub use group::{Progress, migrate};
pub use in_force::{InForce, SettingsChange, SettingsNow};
pub use parked::{Parked, parked_streams, reproject};
pub use projector::{GroupState, Health, Projector, VISIBLE_WITHIN, Visibility};
pub use rebuild::{ReadModels, RebuildProgress, rebuild};
pub use scoped::{Reads, ScopedTx};
