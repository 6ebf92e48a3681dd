//! `casestream token`.

use clap::{Args, Subcommand};
use domain::Role;

use super::{CommandError, output};
use crate::{
    identity::{Created, NewToken, TokenScope, Tokens},
    settings::Settings,
    store::Store,
};

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Make an API token and print it, once
    Create(NewTokenArguments),
}

#[derive(Debug, Args)]
pub(super) struct NewTokenArguments {
    /// contact, agent, supervisor, administrator, auditor, analyst or service; may be given several times
    #[arg(long, required = true, value_parser = parse_role)]
    role: Vec<Role>,
    /// What the person or service is called
    #[arg(long)]
    name: String,
    /// The reference of an account that a contact belongs to; may be given several times
    #[arg(long, value_name = "REFERENCE", num_args = 1..)]
    account: Vec<String>,
    /// What a service may do: cases:read, cases:write, events:read; may be given several times
    #[arg(long, num_args = 1.., value_parser = parse_scope)]
    scope: Vec<TokenScope>,
}

fn parse_role(text: &str) -> Result<Role, String> {
    text.parse()
        .map_err(|_| "choose one of contact, agent, supervisor, administrator, auditor, analyst and service".to_owned())
}

fn parse_scope(text: &str) -> Result<TokenScope, String> {
    text.parse().map_err(|_| "choose one of cases:read, cases:write and events:read".to_owned())
}

/// Prints the token to standard output and nothing else, so that it can be put into a variable.
pub(super) async fn run(settings: Settings, command: TokenCommand) -> Result<(), CommandError> {
    let TokenCommand::Create(NewTokenArguments { role, name, account, scope }) = command;
    let store = Store::open(&settings).await?;
    let tokens = Tokens::new(store.pool.clone(), store.clock.clone());
    let new = NewToken { name, roles: role, accounts: account, scopes: scope, expires_at: None };
    let created = tokens.create(&new, &store.log, &store.ids).await;
    store.close().await?;
    let Created { token, opened, .. } = created?;
    if !opened.is_empty() {
        output::note(format_args!("opened the accounts {}: nobody had these references yet", opened.join(", ")));
    }
    output::line(token);
    Ok(())
}
