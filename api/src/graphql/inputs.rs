//! What all mutations of something that is there have in common: what they take, and how that becomes an intention.

use async_graphql::ID;
use serde::Serialize;

use super::{context::RequestContext, ids::GlobalId};
use crate::commands::{Intention, Refusal, Subject};

/// The longest idempotency key, in characters.
const MAX_KEY_CHARS: usize = 200;

/// What every mutation of something that is there takes.
pub trait ChangeInput: Serialize {
    /// What it is about.
    fn about(&self) -> &ID;
    /// The version that the caller saw.
    fn expected_version(&self) -> Option<&String>;
    /// The key of the command.
    fn idempotency_key(&self) -> Option<&String>;
}

/// Inputs of something that is there, with the three fields that all of them have.
macro_rules! change_inputs {
    (
        $(#[$about_doc:meta])+ $about:ident,
        $(#[$version_doc:meta])+ expected_version;
        $($rest:tt)*
    ) => {
        $crate::graphql::inputs::change_inputs! { @each [$(#[$about_doc])+] $about [$(#[$version_doc])+] $($rest)* }
    };
    (@each $about_doc:tt $about:ident $version_doc:tt) => {};
    (
        @each [$($about_doc:tt)+] $about:ident [$($version_doc:tt)+]
        $(#[$doc:meta])+ $name:ident { $($(#[$field_attribute:meta])+ $field:ident: $type:ty,)* }
        $($rest:tt)*
    ) => {
        $(#[$doc])+
        #[derive(Clone, Debug, async_graphql::InputObject, serde::Serialize)]
        pub struct $name {
            $($about_doc)+
            pub $about: async_graphql::ID,
            $($(#[$field_attribute])+ pub $field: $type,)*
            $($version_doc)+
            pub expected_version: Option<String>,
            /// A retry under the same key gives the same answer and one effect. 1 to 200 characters, kept 30 days.
            pub idempotency_key: Option<String>,
        }

        impl $crate::graphql::inputs::ChangeInput for $name {
            fn about(&self) -> &async_graphql::ID {
                &self.$about
            }

            fn expected_version(&self) -> Option<&String> {
                self.expected_version.as_ref()
            }

            fn idempotency_key(&self) -> Option<&String> {
                self.idempotency_key.as_ref()
            }
        }

        $crate::graphql::inputs::change_inputs! { @each [$($about_doc)+] $about [$($version_doc)+] $($rest)* }
    };
}

pub(crate) use change_inputs;

/// Makes an intention of an input, or says which field is wrong.
pub(super) fn intend<S: Subject<Id: GlobalId, Brings: Default>>(
    request: &RequestContext,
    operation: &str,
    input: &impl ChangeInput,
    parse: impl FnOnce(S::Id) -> Result<S::Action, Refusal>,
) -> Result<Intention<S>, Refusal> {
    let id = S::Id::of_field(&format!("{}Id", S::TYPE), input.about())?;
    Ok(Intention {
        idempotency: idempotency(operation, input.idempotency_key(), input)?,
        expected_version: input.expected_version().cloned(),
        ..Intention::new(&request.caller, request.id, id, parse(id)?)
    })
}

/// The key of a command, and bytes that are equal for equal requests.
pub(super) fn idempotency(
    operation: &str,
    key: Option<&String>,
    input: &impl Serialize,
) -> Result<Option<(String, Vec<u8>)>, Refusal> {
    let Some(key) = key else { return Ok(None) };
    if key.is_empty() || key.chars().count() > MAX_KEY_CHARS || key.contains('\0') {
        return Err(Refusal::of_field("idempotencyKey", format!("a key has 1 to {MAX_KEY_CHARS} characters")));
    }
    let request = serde_json::to_vec(&(operation, input)).expect("inputs are plain data");
    Ok(Some((key.clone(), request)))
}
