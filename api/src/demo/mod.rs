//! A fictional telecom, for whoever tries Casestream: customers, a desk, and months of cases.
//!
//! | file | what it holds |
//! |---|---|
//! | [`world`] | who there is, from `data/accounts.csv` and `data/desk.toml` |
//! | [`words`] | what is said, from the other files in `data/` |
//! | [`plot`] | what happens to each case |
//! | `besides` | texts that agents answer with, and requests for access that wait |
//! | [`telling`] | one case, put to the rules step by step |
//! | [`calendar`], [`dice`] | when, and by what chance |
//! | [`people`] | letting everybody sign in |
//! | [`passphrase`] | with which password |
//!
//! Nothing is written that a person, an import or an operator could not have written: accounts come in by the import of accounts,
//! people by invitations, and each step of a case by its rules, at its own time, as an import brings histories in. Every id follows
//! from what it is the id of, so a run that was cut off is simply run again.

mod besides;
pub mod calendar;
pub mod dice;
pub mod passphrase;
pub mod people;
pub mod plot;
pub mod telling;
pub mod words;
pub mod world;

use std::{collections::HashSet, sync::Arc};

use domain::{
    AccountId, Channel, RequestId, Slug, Timestamp,
    access_request::AccessRequestError,
    case::{Case, CaseError},
    settings::SettingsError,
};
use event_log::{AppendError, AppendOptions, EventLog, LogError, safe_position_now};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use projections::Visibility;

use crate::{
    credentials::CredentialError,
    graphql::Services,
    identity::Secret,
    import::{
        accounts::run::AccountsImport,
        identity::{Identities, PeopleKey},
    },
    registry::{Registry, RegistryError},
    users::UsersError,
};
use calendar::Calendar;
use people::SignIn;
use plot::Plot;
use telling::Telling;
use world::World;

/// Cases that are recorded at the same moment.
const IN_FLIGHT: usize = 8;

/// Why the demo is not there.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The installation is somebody's.
    #[error(
        "this installation has accounts of its own, and the demo would mix with them: choose another data folder or database"
    )]
    InUse,
    /// The rules refuse a step of a story.
    #[error("the rules refuse a step of the demo's cases, which is a mistake in it")]
    Plot(#[from] CaseError),
    /// The rules refuse a text that agents answer with.
    #[error("the rules refuse a reply of the demo, which is a mistake in it")]
    Reply(#[from] SettingsError),
    /// The rules refuse a request for access.
    #[error("the rules refuse a request of the demo, which is a mistake in it")]
    Request(#[from] AccessRequestError),
    /// Somebody cannot be let in.
    #[error("{name} of the demo cannot sign in: {reason}")]
    NotLetIn {
        /// Who.
        name: String,
        /// Why not.
        reason: String,
    },
    /// The accounts cannot be written down.
    #[error("the demo is not complete: run it again, it goes on where it was")]
    Accounts(#[from] RegistryError),
    /// The log does not answer.
    #[error("the demo is not complete: run it again, it goes on where it was")]
    Log(#[from] LogError),
    /// A case cannot be recorded.
    #[error("the demo is not complete: run it again, it goes on where it was")]
    Append(#[from] AppendError),
    /// Somebody could not be invited.
    #[error("the demo is not complete: run it again, it goes on where it was")]
    Users(#[from] UsersError),
    /// A password could not be set.
    #[error("the demo is not complete: run it again, it goes on where it was")]
    Credentials(#[from] CredentialError),
}

impl From<sqlx::Error> for DemoError {
    fn from(error: sqlx::Error) -> Self {
        Self::Log(error.into())
    }
}

/// What is there in the end.
#[derive(Debug)]
pub struct Filled {
    /// Cases that this run recorded; none when all were there.
    pub new_cases: usize,
    /// Everybody who may sign in.
    pub sign_ins: Vec<SignIn>,
    /// With what; it is everybody's until they change it.
    pub password: Secret,
    /// Whether all of it was there before.
    pub was_there: bool,
}

/// The demo of one installation, at one moment.
pub struct Demo<'a> {
    services: &'a Arc<Services>,
    now: Timestamp,
    request: RequestId,
}

impl<'a> Demo<'a> {
    /// With the parts of a service; nothing happens after `now`.
    #[must_use]
    pub fn with(services: &'a Arc<Services>, now: Timestamp) -> Self {
        Self { services, now, request: RequestId(services.commands.ids.next()) }
    }

    /// Sees to it that all of the demo is there. `tell` hears what is going on.
    ///
    /// # Errors
    /// [`DemoError`]. What was recorded stays, and another run goes on there.
    pub async fn fill(&self, tell: impl Fn(&str)) -> Result<Filled, DemoError> {
        let (log, credentials) = (self.log(), &self.services.credentials);
        self.refuse_others().await?;
        let password = passphrase::passphrase(log, credentials.rules.passwords.alone);
        if let Some(sign_ins) = self.is_complete().await? {
            return Ok(Filled { new_cases: 0, sign_ins, password, was_there: true });
        }
        tell("accounts with their locations, products and contacts");
        self.bring_accounts().await?;
        let world = World::of(log, &self.registry()).await?;
        let sign_ins = people::everybody(&world);
        tell("people who sign in");
        self.catch_up().await?;
        people::let_in(self.services, &sign_ins, &password).await?;
        tell("cases");
        let new_cases = self.bring_cases(&world).await?;
        tell("replies, and requests for access");
        self.bring_besides().await?;
        self.catch_up().await?;
        Ok(Filled { new_cases, sign_ins, password, was_there: false })
    }

    fn log(&self) -> &EventLog {
        &self.services.commands.log
    }

    fn registry(&self) -> Registry {
        Registry::new(self.log().clone(), self.request, Channel::Import, self.services.commands.clock.now())
    }

    fn ids(&self) -> Identities {
        let system: Slug = "demo".parse().expect("a short name");
        Identities::of(&system, PeopleKey::of(self.log()))
    }

    /// Refuses an installation that has accounts and none of them is the demo's.
    async fn refuse_others(&self) -> Result<(), DemoError> {
        let references = world::references();
        let ours = self.registry().accounts(&references.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        if !ours.is_empty() {
            return Ok(());
        }
        let has_accounts = "select exists (select from events where aggregate_type = 'account')";
        let has_accounts: bool = sqlx::query_scalar(has_accounts).fetch_one(self.log().pool()).await?;
        if has_accounts { Err(DemoError::InUse) } else { Ok(()) }
    }

    /// Everybody who may sign in, if nothing is missing.
    async fn is_complete(&self) -> Result<Option<Vec<SignIn>>, DemoError> {
        let world = World::of(self.log(), &self.registry()).await?;
        let known: HashSet<AccountId> = world.accounts.iter().map(|account| account.id).collect();
        if known.len() < world::references().len()
            || !self.missing_cases().await?.is_empty()
            || !self.has_besides().await?
        {
            return Ok(None);
        }
        let sign_ins = people::everybody(&world);
        for it in &sign_ins {
            if !people::was_let_in(self.log(), it.person).await? {
                return Ok(None);
            }
        }
        Ok(Some(sign_ins))
    }

    async fn bring_accounts(&self) -> Result<(), DemoError> {
        let commands = &self.services.commands;
        let import = AccountsImport {
            log: commands.log.clone(),
            clock: commands.clock.clone(),
            ids: commands.ids.clone(),
            request: self.request,
        };
        let report = import.run(world::accounts_file(), |_| ()).await?;
        debug_assert!(report.refused.is_empty(), "{:?}", report.refused);
        Ok(())
    }

    /// The numbers of the cases that the log has not.
    async fn missing_cases(&self) -> Result<Vec<u32>, DemoError> {
        let numbers: Vec<u32> = (0..plot::CASES).collect();
        let of_each: Vec<String> =
            numbers.iter().map(|number| self.ids().case(&plot::reference(*number)).to_string()).collect();
        let known =
            "select aggregate_id from events where aggregate_type = 'case' and sequence = 1 and aggregate_id = any($1)";
        let known: Vec<String> = sqlx::query_scalar(known).bind(&of_each).fetch_all(self.log().pool()).await?;
        let known: HashSet<_> = known.into_iter().collect();
        Ok(numbers.into_iter().zip(of_each).filter(|(_, id)| !known.contains(id)).map(|(number, _)| number).collect())
    }

    /// Records the cases that are missing, numbered in the order in which they were opened. Those that belong together are
    /// recorded together.
    async fn bring_cases(&self, world: &World) -> Result<usize, DemoError> {
        let settings = self.services.commands.settings.now();
        let (stories, phrases) = (words::stories(), words::phrases());
        let plot = Plot {
            world,
            stories: &stories,
            phrases: &phrases,
            catalogue: &settings.settings.catalogue,
            calendar: Calendar::new(settings.settings.desk.hours.time_zone.0, self.now),
            ids: self.ids(),
            request: self.request,
        };
        let missing = self.missing_cases().await?;
        let mut told = missing.into_iter().map(|number| plot.tell(number)).collect::<Result<Vec<_>, _>>()?;
        let mut cases: Vec<_> = told.iter_mut().flatten().collect();
        cases.sort_by_key(|case| case.opened_at());
        let count = cases.len();
        let numbers = self.log().next_case_numbers(i64::try_from(count).expect("some hundreds")).await?;
        for (case, number) in cases.into_iter().zip(numbers) {
            case.number(number);
        }
        stream::iter(told)
            .map(|together| self.record(together))
            .buffer_unordered(IN_FLIGHT)
            .try_for_each(async |()| Ok(()))
            .await?;
        Ok(count)
    }

    async fn record(&self, together: Vec<Telling>) -> Result<(), DemoError> {
        let (log, at) = (self.log(), self.services.commands.clock.now());
        let mut streams = vec![];
        for telling in together {
            let loaded = log.load::<Case>(&telling.case_id.to_string()).await?;
            // Another run of the demo is at work.
            if loaded.version() > 0 {
                return Ok(());
            }
            streams.push(log.prepare(&loaded, &telling.events, &[], at)?);
        }
        match log.append_all(streams, AppendOptions::at(at)).await {
            Ok(_) | Err(AppendError::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Waits until the read models show what was recorded.
    async fn catch_up(&self) -> Result<(), DemoError> {
        const AT_MOST: std::time::Duration = std::time::Duration::from_mins(2);
        let position = safe_position_now(self.log().pool()).await?;
        if self.services.projector.wait_until(position, AT_MOST).await == Visibility::Pending {
            tracing::warn!("the read models are not at the end of the log; what was recorded last shows in a while");
        }
        Ok(())
    }
}
