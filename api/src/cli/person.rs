//! `casestream person`.

use std::{
    io::{IsTerminal as _, stdin},
    sync::Arc,
};

use async_graphql::ID;
use clap::{Args, Subcommand};
use domain::{Actor, Channel, PersonId, RequestId, Role};

use super::{CommandError, output};
use crate::{
    erasure::{Erased, Erasing, Extent, Wish},
    files::{FileStore, Files},
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
            let done = erase.run(&store, &Erasing::with(service.services())).await;
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
    async fn run(self, store: &Store, erasing: &Erasing) -> Result<(), CommandError> {
        let person = self.find(erasing).await?;
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
