//! `casestream person`.

use std::{
    io::{IsTerminal as _, stdin},
    sync::Arc,
};

use async_graphql::ID;
use clap::{Args, Subcommand};
use domain::{Actor, Channel, PersonId, PlainText, RequestId, Role};

use super::{CommandError, output};
use crate::{
    access_requests::AccessRequests,
    erasure::{Erased, Erasing, Extent, Wish, subject_of_address},
    files::{FileStore, Files, RESERVED},
    graphql::GlobalId as _,
    service::{Parts, Service},
    settings::Settings,
    store::Store,
};

/// What can be done with people.
#[derive(Debug, Subcommand)]
pub(super) enum PersonCommand {
    /// Erase a person: their details and everything that they wrote, wherever it is
    Erase(Erase),
}

#[derive(Debug, Args)]
pub(super) struct Erase {
    /// An e-mail address, or an id
    #[arg(value_name = "REF")]
    reference: String,
    /// Say how much of them there is, and erase nothing
    #[arg(long, conflicts_with = "yes")]
    what: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(settings: Settings, command: PersonCommand) -> Result<(), CommandError> {
    let PersonCommand::Erase(erase) = command;
    let store = Store::open(&settings).await?;
    let done = match start(&settings, &store).await {
        Ok(service) => {
            let requests = AccessRequests::with(service.services());
            let done = erase.run(&store, &Erasing::with(service.services()), &requests).await;
            service.stop().await;
            done
        }
        Err(error) => Err(error),
    };
    store.close().await?;
    done
}

/// What a running service has, which nobody can reach.
pub(super) async fn start(settings: &Settings, store: &Store) -> Result<Service, CommandError> {
    let parts = Parts {
        pool: store.pool.clone(),
        log: store.log.clone(),
        master: Arc::clone(&store.master),
        clock: store.clock.clone(),
        ids: store.ids.clone(),
        files: Files::new(FileStore::in_folder(&settings.data_dir.join("attachments"))?, settings.files),
    };
    Ok(Service::start(parts).await?)
}

impl Erase {
    async fn run(self, store: &Store, erasing: &Erasing, requests: &AccessRequests) -> Result<(), CommandError> {
        let person = match self.find(erasing).await {
            Err(CommandError::NoSuchPerson) => return self.redact(store, requests).await,
            found => found?,
        };
        if !self.yes {
            let extent = erasing.extent(person).await?.map_err(refused)?;
            output::line(format_args!("person {person}: {}", words(&extent)));
            if self.what {
                return Ok(());
            }
            if !confirmed()? {
                return Err(CommandError::NotConfirmed);
            }
        }
        let wish = Wish {
            person,
            by: Actor::new(PersonId::OPERATOR, Role::Administrator),
            request: RequestId(store.ids.next()),
            channel: Channel::Desk,
            idempotency: None,
        };
        let Erased { extent, pending } = erasing.erase(wish).await?.map_err(refused)?;
        output::line(format_args!("erased person {person}: {}", words(&extent)));
        if pending {
            output::note("the read models are behind: their name may show for a moment");
        }
        output::note(
            "backups that were made before still have them, and PostgreSQL's files until they are cleaned: docs/privacy.md",
        );
        Ok(())
    }

    /// Destroys what somebody wrote who asked for access and never was anybody here.
    async fn redact(&self, store: &Store, requests: &AccessRequests) -> Result<(), CommandError> {
        let Ok(address) = PlainText::parse_email(self.reference.trim()) else { return Err(CommandError::NoSuchPerson) };
        let subject = subject_of_address(&store.log, &address).1;
        let words = store.log.words_of(&[subject], RESERVED).await?;
        let count = words.streams.iter().filter(|stream| stream.aggregate_type == "access_request").count();
        if count == 0 {
            return Err(CommandError::NoSuchPerson);
        }
        output::line(format_args!("nobody here has this address; requests for access that name it: {count}"));
        if self.what {
            return Ok(());
        }
        if !self.yes && !confirmed()? {
            return Err(CommandError::NotConfirmed);
        }
        let redacted = requests.redact_all_of(&address).await?;
        output::line(format_args!("requests for access whose words were destroyed: {redacted}"));
        Ok(())
    }

    async fn find(&self, erasing: &Erasing) -> Result<PersonId, CommandError> {
        let reference = self.reference.trim();
        if !reference.contains('@') {
            let id = reference.parse().ok().or_else(|| PersonId::from_global(&ID(reference.to_owned())));
            return id.ok_or(CommandError::NoSuchPerson);
        }
        match erasing.people_by_email(reference).await?[..] {
            [] => Err(CommandError::NoSuchPerson),
            [person] => Ok(person),
            ref several => {
                let ids = several.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                Err(CommandError::SeveralPeople { ids })
            }
        }
    }
}

/// Asks at the terminal; where there is none, nobody can answer.
fn confirmed() -> Result<bool, CommandError> {
    const WORD: &str = "erase";
    if !stdin().is_terminal() {
        return Ok(false);
    }
    output::note(format_args!("this cannot be undone. Type `{WORD}` to go on:"));
    let mut answer = String::new();
    stdin().read_line(&mut answer).map_err(|source| CommandError::System { action: "read the answer", source })?;
    Ok(answer.trim() == WORD)
}

fn refused(refusal: crate::commands::Refusal) -> CommandError {
    CommandError::NotErased { reason: refusal.message }
}

fn words(extent: &Extent) -> String {
    let Extent { texts, files, cases, accounts, uploads, tokens } = extent;
    format!(
        "texts {texts}, files {files}, cases with either {cases}, accounts {accounts}, uploads that no case has {uploads}, \
         tokens {tokens}"
    )
}
