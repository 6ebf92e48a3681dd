//! `casestream user`.

use clap::{Args, Subcommand};
use domain::{
    Actor, Channel, PersonId, PlainText, RequestId, Role, Scope,
    line::MAX_LINE_CHARS,
    person::Details,
    user::{UserAction, name::parse_username},
};
use futures_util::FutureExt as _;
use projections::{Reads, UserFilter, UserOrder, UserWindow, list_users};

use super::{CommandError, history, output, person::start};
use crate::{
    commands::Refusal,
    identity::{LinkPurpose, Secret},
    registry::identities,
    settings::Settings,
    store::Store,
    users::{Asks, Invitation, Users, Wish},
};

/// What can be done with those who sign in.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Invite somebody, and print the link by which they choose a password, once
    Create(NewUser),
    /// List who signs in, and as what
    List,
}

#[derive(Debug, Args)]
pub(super) struct NewUser {
    /// Their e-mail address, where mail about their credentials goes
    #[arg(long)]
    email: String,
    /// What they are called; what stands before the @ of their address where this is left out
    #[arg(long)]
    name: Option<String>,
    /// contact, agent, supervisor, administrator, auditor or analyst; may be given several times
    #[arg(long, required = true, value_parser = parse_role)]
    role: Vec<Role>,
    /// What they sign in with beside the address, which serves where this is left out
    #[arg(long)]
    username: Option<String>,
}

fn parse_role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|_| "choose one of contact, agent, supervisor, administrator, auditor and analyst".to_owned())
}

pub(super) async fn run(settings: Settings, command: UserCommand) -> Result<(), CommandError> {
    let store = Store::open(&settings).await?;
    let done = match command {
        UserCommand::Create(new) => match start(&settings, &store).await {
            Ok(service) => {
                let done = new.run(&settings, &store, &Users::with(service.services())).await;
                service.stop().await;
                done
            }
            Err(error) => Err(error),
        },
        UserCommand::List => list(&store).await,
    };
    store.close().await?;
    done
}

impl NewUser {
    /// What they are called, as far as is known.
    fn name(&self) -> &str {
        let before_the_at = self.email.split('@').next().unwrap_or_default();
        self.name.as_deref().unwrap_or(before_the_at)
    }

    /// Prints the link to standard output and nothing else, so that it can be put into a variable.
    async fn run(self, settings: &Settings, store: &Store, users: &Users) -> Result<(), CommandError> {
        let invited = self.invite(store, users).await?;
        let link = if let Some(link) = invited.map_err(|refusal| refused(&refusal))? {
            link
        } else {
            // They were invited alike before, and the link may be lost.
            let user = self.somebody(store).await?;
            let again = wish(store, user, Asks::Do(UserAction::ResendInvitation));
            let (_, link) = users.carry_out_by_hand(&again).await?.map_err(|refusal| refused(&refusal))?;
            link.expect("a new link goes with it")
        };
        output::line(LinkPurpose::Activation.address(settings.base_url.as_str(), &link));
        output::note("whoever opens the link chooses the password: it is good once, for seven days");
        Ok(())
    }

    async fn invite(&self, store: &Store, users: &Users) -> Result<Result<Option<Secret>, Refusal>, CommandError> {
        let user = self.somebody(store).await?;
        let email = self.email()?;
        let username = match &self.username {
            Some(username) => parse_username(username, &email).map_err(|error| not_invited(&error))?,
            None => email.clone(),
        };
        let name = PlainText::parse(self.name(), MAX_LINE_CHARS).map_err(|error| not_invited(&error))?;
        let (log, ids) = (&store.log, &store.ids);
        let details = Details {
            name: log.line("person name", ids.next().into(), user, name),
            email: Some(log.line("person e-mail", ids.next().into(), user, email.clone())),
            phone: None,
        };
        let roles = self.role.iter().copied().collect();
        let invitation = Invitation { email, username, roles, details: Some(details), account: None };
        let wish = wish(store, user, Asks::Invite(Box::new(invitation)));
        Ok(users.carry_out_by_hand(&wish).await?.map(|(_, link)| link))
    }

    fn email(&self) -> Result<PlainText, CommandError> {
        PlainText::parse_email(&self.email).map_err(|error| not_invited(&error))
    }

    async fn somebody(&self, store: &Store) -> Result<PersonId, CommandError> {
        Ok(identities(&store.log).somebody(&store.log, &self.email()?).await?)
    }
}

fn wish(store: &Store, user: PersonId, asks: Asks) -> Wish {
    Wish {
        user,
        by: Actor::new(PersonId::OPERATOR, Role::Administrator),
        request: RequestId(store.ids.next()),
        channel: Channel::Desk,
        idempotency: None,
        asks,
    }
}

fn refused(refusal: &Refusal) -> CommandError {
    not_invited(refusal)
}

fn not_invited(reason: &dyn std::fmt::Display) -> CommandError {
    CommandError::NotInvited { reason: reason.to_string() }
}

/// Prints a line for everybody.
async fn list(store: &Store) -> Result<(), CommandError> {
    const SIZE: u16 = 100;
    history::catch_up(store).await?;
    let reads = Reads::open(store.pool.clone(), store.log.codec().clone()).await?;
    let mut cursor = None;
    loop {
        let window = UserWindow { order: UserOrder::Name, descending: false, size: SIZE, backward: false, cursor };
        let page = reads.read(&Scope::Administrator, move |tx| {
            let window = window.clone();
            async move { list_users(tx, &UserFilter::default(), &window).await }.boxed()
        });
        let page = page.await?;
        for user in &page.rows {
            let roles = user.roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            let (name, email) = (user.person.name.as_deref(), user.email.as_deref());
            output::line(format_args!(
                "{}  {:<11}  {roles}  {}  {}",
                user.person.id,
                user.status,
                email.unwrap_or("-"),
                name.unwrap_or("-")
            ));
        }
        match page.rows.last().filter(|_| page.has_more) {
            Some(last) => cursor = Some(UserOrder::Name.cursor(last)),
            None => return Ok(()),
        }
    }
}
