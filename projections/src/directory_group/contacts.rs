//! `contacts` and `contact_access`: who belongs to which account, and what they may see of it.

use std::collections::HashMap;

use domain::{AccountId, PersonId, account::ContactAccess};
use sqlx::{Postgres, QueryBuilder};

use crate::{
    column::Columns,
    writes::{Statement, WHERE_MOVED},
};

/// What a page of events makes of contacts: what those who are there may see, and those who are not.
#[derive(Debug, Default)]
pub(super) struct ContactChanges(HashMap<(AccountId, PersonId), Option<ContactAccess>>);

impl ContactChanges {
    pub(super) fn set(&mut self, account: AccountId, person: PersonId, access: Option<ContactAccess>) {
        self.0.insert((account, person), access);
    }

    /// Adds to a statement that it writes the changes.
    pub(super) fn push_write<'a>(&'a self, statement: &mut Statement<'a>) {
        let gone: Vec<_> = self.0.iter().filter(|(_, access)| access.is_none()).map(|(key, _)| key).collect();
        statement.part("contacts_gone", &gone, |sql, gone| push_remove(sql, "contacts", gone));
        statement.part("access_gone", &gone, |sql, gone| push_remove(sql, "contact_access", gone));
        let there: Vec<_> = self.0.iter().filter_map(|(key, access)| Some((key, access.as_ref()?))).collect();
        statement.part("contacts_there", &there, push_add);
        statement.part("access_there", &there, push_add_access);
    }
}

fn push_remove<'a>(sql: &mut QueryBuilder<'a, Postgres>, table: &str, gone: &[&'a (AccountId, PersonId)]) {
    sql.push("delete from ").push(table).push(" as there using (");
    Columns::of(sql, gone).add(|(account, _)| account.0).add(|(_, person)| person.0);
    sql.push(
        ") as gone (account_id, person_id)
         where there.account_id = gone.account_id and there.person_id = gone.person_id
             and exists (select from moved)",
    );
}

fn push_add<'a>(sql: &mut QueryBuilder<'a, Postgres>, there: &[(&'a (AccountId, PersonId), &'a ContactAccess)]) {
    sql.push("insert into contacts (account_id, person_id)");
    Columns::of(sql, there).add(|((account, _), _)| account.0).add(|((_, person), _)| person.0);
    sql.push(WHERE_MOVED).push(" on conflict (account_id, person_id) do nothing");
}

fn push_add_access<'a>(sql: &mut QueryBuilder<'a, Postgres>, there: &[(&'a (AccountId, PersonId), &'a ContactAccess)]) {
    sql.push("insert into contact_access (account_id, person_id, role, locations)");
    Columns::of(sql, there)
        .add(|((account, _), _)| account.0)
        .add(|((_, person), _)| person.0)
        .add(|(_, access)| access.role.to_string())
        .add_ids(|(_, access)| access.locations.as_ref().map(|limit| limit.iter().map(|id| id.0).collect()));
    sql.push(WHERE_MOVED).push(
        " on conflict (account_id, person_id) do update set role = excluded.role, locations = excluded.locations",
    );
}
