//! Whether whoever asks can mean what they name, beyond what the rules of cases check of accounts: an owner is no customer,
//! and whoever is limited to some places knows of no other, unless by a case that they see. They are answered as if it
//! were nobody's.

use async_graphql::Result;
use domain::{
    PersonId, Scope,
    case::{CaseAction, CaseError, table},
};
use futures_util::FutureExt;
use projections::{Kind, has_case_at};

use super::{case_mutations::no_such, context::RequestContext};
use crate::commands::Refusal;

/// Refuses an action that names what its caller cannot mean. Whoever may not ask at all is told that, by the rules.
pub(super) async fn check(request: &RequestContext, action: &CaseAction) -> Result<Option<Refusal>> {
    if !table::permits(request.caller.actor().roles, action.into()) {
        return Ok(None);
    }
    match action {
        CaseAction::Assign { owner } => {
            let known = request.named::<PersonId>(Kind::Person, vec![owner.0]).await?;
            let refused = known.is_empty() || is_customer(request, *owner).await?;
            Ok(refused.then(|| no_such("ownerId", "agent")))
        }
        CaseAction::Open(opening) => {
            let (scope, picked) = (request.scope(), opening.location.picked());
            let Some(location) = picked.filter(|_| matches!(scope, Scope::Contact { .. })) else { return Ok(None) };
            if scope.sees_case(opening.account, picked, &[]) {
                return Ok(None);
            }
            let is_known = request.read(move |tx| has_case_at(tx, location).boxed()).await?;
            Ok((!is_known).then(|| CaseError::NoSuchLocation.into()))
        }
        _ => Ok(None),
    }
}

/// Whether somebody signs in and works no cases: as a customer, or no more. A portal user's roles count, and before there is
/// one, those of their tokens.
async fn is_customer(request: &RequestContext, person: PersonId) -> Result<bool> {
    let works = async |schema: String| {
        let sql = format!(
            "select coalesce(
                 (select status in ('invited', 'active') and roles && array['agent', 'supervisor']
                  from {schema}.users where person_id = $1),
                 (select bool_or(roles && array['agent', 'supervisor', 'service']) from tokens where person = $1),
                 true
             )"
        );
        sqlx::query_scalar::<_, bool>(&sql).bind(person.0).fetch_one(&request.services.pool).await
    };
    let works = request.services.reads.beside_directory(works).await.map_err(|error| request.internal(&error))?;
    Ok(!works)
}
