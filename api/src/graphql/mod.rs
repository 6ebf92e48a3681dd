//! The GraphQL schema: thin objects over the read models, thin mutations over commands.
//!
//! Authorisation is not here. Reads take the caller's [`domain::Scope`], commands their [`domain::Actor`]; what a
//! resolver forgets, the layers below still refuse.
//!
//! # How to add a field
//!
//! Read it in the projection, add one method to the object, run `cargo run -- schema > api/schema.graphql`.

mod access_request_mutations;
mod access_requests;
mod account_inputs;
mod account_mutations;
mod account_payload;
mod account_words;
mod accounts;
mod activity;
mod case;
mod case_inputs;
mod case_list;
mod case_loader;
mod case_mutations;
mod catalogue;
mod context;
mod credential_mutations;
mod credential_objects;
mod directory;
mod directory_lists;
mod enums;
mod exact;
mod history;
mod ids;
mod inputs;
mod mail;
mod overview;
mod paging;
mod payload;
mod people;
mod person_erasure;
mod queries;
mod scalars;
mod secret_text;
mod settings_history;
mod settings_inputs;
mod settings_mutations;
mod settings_objects;
mod settings_payload;
mod subscriptions;
mod uploads;
mod user_mutations;
mod users;

use async_graphql::{MergedObject, SDLExportOptions};

use access_request_mutations::AccessRequestMutations;
use account_mutations::AccountMutations;
use case_mutations::CaseMutations;
pub use context::{RequestContext, Services};
use credential_mutations::CredentialMutations;
pub use credential_mutations::credential_mutations;
pub use exact::Exact;
pub use ids::GlobalId;
use mail::MailMutations;
pub use mail::global_mail_id;
pub use overview::list_sizes;
pub use queries::Query;
use settings_mutations::SettingsMutations;
use subscriptions::Subscriptions;
use user_mutations::UserMutations;

/// What can be asked for.
#[derive(Default, MergedObject)]
pub struct Mutation(
    CaseMutations,
    AccountMutations,
    SettingsMutations,
    UserMutations,
    CredentialMutations,
    AccessRequestMutations,
    MailMutations,
);

/// The schema.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscriptions>;

/// Makes the schema. The caller and the service come with each request, as a [`RequestContext`].
#[must_use]
pub fn schema() -> Schema {
    Schema::build(Query, Mutation::default(), Subscriptions).disable_suggestions().finish()
}

/// The schema's text (SDL), as committed in `api/schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    schema().sdl_with_options(SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items())
}
