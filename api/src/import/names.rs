//! Writing down the accounts, places, products and people that an export names, before its cases name their ids.
//!
//! An account is found by the reference that people use, so one that is known keeps its id, and two systems that call a
//! customer the same speak of the same one. Everything else is a name within its system, places and products within
//! their account besides. What is there already stays as it is, whatever has happened to it since.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{
    AccountId, PersonId, PlainText, Timestamp,
    account::{Account, AccountAction},
    case::Case,
    line::MAX_LINE_CHARS,
};
use event_log::{EventLog, Loaded, LogError};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{defaults::Defaults, derive::Context, identity::Identities, source::SourceCase};
use crate::registry::{NewAccount, Registry, RegistryError};

/// The ids of the accounts that are known, by their references.
pub type KnownAccounts = HashMap<String, AccountId>;

/// People that are written down at the same moment.
const IN_FLIGHT: usize = 32;
/// Places and products of an account that are written down together.
const AT_A_TIME: usize = 200;

/// The ids of the accounts that cases name, those by default too, as far as they are known.
///
/// # Errors
/// [`LogError::Database`].
pub async fn known_accounts(
    registry: &Registry,
    cases: &[SourceCase],
    defaults: &Defaults,
) -> Result<KnownAccounts, LogError> {
    let named: HashSet<&str> = cases.iter().filter_map(|case| account_of(case, defaults)).map(String::as_str).collect();
    registry.accounts(&named.into_iter().collect::<Vec<_>>()).await
}

/// Opens the accounts that cases name and nobody has opened, each at the time of the row that names it first.
///
/// # Errors
/// [`RegistryError`].
pub async fn open_accounts(
    registry: &Registry,
    cases: &[SourceCase],
    context: &Context<'_>,
) -> Result<(), RegistryError> {
    let mut seen: HashSet<&str> = context.accounts.keys().map(String::as_str).collect();
    for case in cases {
        let first = case.rows.iter().find(|row| context.check_time(row.at).is_ok());
        let (Some(row), Some(reference)) = (first, account_of(case, context.defaults)) else { continue };
        if seen.insert(reference) {
            let ids = Identities::of(&case.system, context.people);
            registry.account(new_account(ids, reference, row.at)).await?;
        }
    }
    Ok(())
}

/// The account that a case is opened for, by its reference.
fn account_of<'a>(case: &'a SourceCase, defaults: &'a Defaults) -> Option<&'a String> {
    case.rows.iter().find_map(|row| row.account.as_ref()).or(defaults.account.as_ref())
}

/// The people, places and products that cases name, each once, in the order of the file, with the time of the row that
/// names it first.
pub struct Names<'a> {
    people: Vec<(Identities, &'a str, Timestamp)>,
    places: BTreeMap<AccountId, Vec<Place<'a>>>,
}

/// A place or product of an account.
struct Place<'a> {
    ids: Identities,
    what: What,
    name: &'a str,
    at: Timestamp,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum What {
    Location,
    Product,
}

impl<'a> Names<'a> {
    /// The names of everything that the rows of cases speak of. Rows of a time at which nothing can have happened are
    /// refused, so what they name is not written down.
    #[must_use]
    pub fn of(cases: impl Iterator<Item = (&'a SourceCase, &'a Loaded<Case>)>, context: &'a Context<'a>) -> Self {
        let mut names = Self { people: vec![], places: BTreeMap::new() };
        let (mut people, mut places) = (HashSet::new(), HashSet::new());
        let defaults = context.defaults;
        for (case, loaded) in cases {
            let ids = Identities::of(&case.system, context.people);
            let opened = loaded.aggregate.state.as_ref().map(|state| state.account);
            let account =
                opened.or_else(|| account_of(case, defaults).map(|reference| context.account(ids, reference)));
            for row in case.rows.iter().filter(|row| context.check_time(row.at).is_ok()) {
                let at = row.at;
                let named = [&row.agent, &row.opener, &row.contact, &row.owner, &defaults.contact, &defaults.agent];
                for name in named.into_iter().flatten().filter(|name| people.insert((&case.system, name.as_str()))) {
                    names.people.push((ids, name, at));
                }
                let Some(account) = account else { continue };
                let named = [(What::Location, row.location.as_deref()), (What::Product, row.product.as_deref())];
                for (what, name) in named.into_iter().filter_map(|(what, name)| Some((what, name?))) {
                    if places.insert((&case.system, account, what, name)) {
                        names.places.entry(account).or_default().push(Place { ids, what, name, at });
                    }
                }
            }
        }
        names
    }

    /// Writes down what is not known yet.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub async fn record(&self, log: &EventLog, registry: &Registry) -> Result<(), RegistryError> {
        stream::iter(&self.people)
            .map(|(ids, name, at)| {
                let person = ids.person(name);
                registry.person(person, name_of(registry, *ids, person, name), *at)
            })
            .buffer_unordered(IN_FLIGHT)
            .try_for_each(async |_| Ok(()))
            .await?;
        for (account, places) in &self.places {
            for places in places.chunks(AT_A_TIME) {
                let last = places.iter().map(|place| place.at).max().expect("a chunk has something in it");
                let actions =
                    |state: &Account| places.iter().filter_map(|it| it.action(log, *account, state)).collect();
                registry.change(*account, last, vec![], actions).await?;
            }
        }
        Ok(())
    }
}

impl Place<'_> {
    /// What writes it down, unless the account has or had it.
    fn action(&self, log: &EventLog, account: AccountId, state: &Account) -> Option<(Timestamp, AccountAction)> {
        let state = state.state.as_ref()?;
        let Self { ids, what, name, at } = self;
        let line =
            |kind: &str, id: String| log.line(kind, ids.key(kind, &id), PersonId::of_account(account), line(name));
        let action = match what {
            What::Location => {
                let location = ids.location(account, name);
                let address = || line("location address", location.to_string());
                (!state.locations.contains_key(&location)).then(|| AccountAction::AddLocation {
                    location,
                    reference: None,
                    name: None,
                    address: address(),
                })
            }
            // Where it is installed the export does not say: a case may name one without the other.
            What::Product => {
                let product = ids.product(account, name);
                (!state.products.contains_key(&product)).then(|| AccountAction::InstallProduct {
                    product,
                    location: None,
                    reference: None,
                    name: line("product name", product.to_string()),
                })
            }
        };
        Some((*at, action?))
    }
}

fn new_account(ids: Identities, reference: &str, at: Timestamp) -> NewAccount {
    let account = ids.account(reference);
    let key = |kind| ids.key(kind, &account.to_string());
    NewAccount {
        account,
        keys: [key("account reference"), key("account name")],
        reference: line(reference),
        name: line(reference),
        at,
    }
}

fn name_of(registry: &Registry, ids: Identities, person: PersonId, name: &str) -> domain::Line {
    registry.name(person, ids.key("person name", &person.to_string()), line(name))
}

/// A name as a row has it, which was checked when the row was read.
fn line(name: &str) -> PlainText {
    PlainText::parse(name, MAX_LINE_CHARS).expect("names of rows are lines")
}
