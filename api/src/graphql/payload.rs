//! What a mutation of a case answers: the case as it is now, or why not.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use domain::CaseId;
use projections::{VISIBLE_WITHIN, Visibility};

use super::{
    activity::{self, ActivityEntry},
    case::{Case, read_case},
    context::RequestContext,
    ids::GlobalId,
    people,
};
use crate::commands::{Intention, Refusal, RefusalCode};

/// What came of a mutation of a case.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct CasePayload {
    /// The case as it is now, with what was just written; null when the caller may not see it or it is pending.
    case: Option<Case>,
    /// The case's id, also while `pending` is true.
    case_id: Option<ID>,
    /// It is recorded but not readable yet: read the case again in a moment.
    pending: bool,
    /// Why nothing was done. Empty when it was, or when there was nothing to do.
    user_errors: Vec<UserError>,
    #[graphql(skip)]
    missed: Option<(CaseId, u64)>,
}

/// Why a mutation did nothing, for the caller to mend.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// The input's field that it is about, if one.
    pub field: Option<String>,
    /// What stands in the way and what to do, for people; may change.
    pub message: String,
    /// The same for programs; stable.
    pub code: RefusalCode,
}

#[ComplexObject]
impl CasePayload {
    /// What happened since the version that the caller named, as far as they may know, when that refused the mutation.
    /// The oldest first, at most 100.
    async fn missed_activity(&self, ctx: &Context<'_>) -> Result<Vec<ActivityEntry>> {
        let is_degraded = self.case.as_ref().is_some_and(Case::is_degraded);
        match self.missed {
            Some((case_id, after)) => activity::missed(RequestContext::of(ctx)?, case_id, is_degraded, after).await,
            None => Ok(vec![]),
        }
    }
}

impl CasePayload {
    /// Nothing was done.
    pub(super) fn refused(refusal: Refusal) -> Self {
        Self { case: None, case_id: None, pending: false, user_errors: vec![refusal.into()], missed: None }
    }

    /// Carries an intention out, waits until it can be read, and reads the case.
    pub(super) async fn of(ctx: &Context<'_>, intention: Intention) -> Result<Self> {
        let request = RequestContext::of(ctx)?;
        if let Some(refusal) = people::check(request, &intention.action).await? {
            return Ok(Self::refused(refusal));
        }
        let services = &request.services;
        let addressed = intention.id;
        let outcome = services.commands.carry_out(intention).await.map_err(|error| request.internal(&error))?;
        let hidden = outcome.refusal.as_ref().is_some_and(|refusal| refusal.code == RefusalCode::NotFound);
        if hidden {
            return Ok(Self {
                user_errors: outcome.refusal.into_iter().map(UserError::from).collect(),
                ..Self::empty()
            });
        }
        let pending = services.projector.wait_until(outcome.position, VISIBLE_WITHIN).await == Visibility::Pending;
        // A refused command answers the case, too: without this a caller whose reads are recorded could read past the record.
        request.record_read("mutation", &outcome.id.to_string()).await?;
        let selected = ctx.look_ahead().field("case");
        // A split makes a case.
        let made = outcome.made.filter(|_| outcome.refusal.is_none()).map_or(outcome.id, CaseId);
        let (mut id, mut case) = (made, read_case(request, &selected, made).await?);
        if case.is_none() && id != addressed {
            // It went to the case that goes on in the place of this one, and not everybody sees that one.
            (id, case) = (addressed, read_case(request, &selected, addressed).await?);
        }
        let missed = outcome.refusal.as_ref().and_then(|refusal| refusal.missed_after);
        Ok(Self {
            // A refused opening made no case, so it has no id to tell.
            case_id: (case.is_some() || pending).then(|| id.global()),
            case,
            pending,
            missed: missed.map(|after| (id, after)),
            user_errors: outcome.refusal.into_iter().map(UserError::from).collect(),
        })
    }

    fn empty() -> Self {
        Self { case: None, case_id: None, pending: false, user_errors: vec![], missed: None }
    }
}

impl From<Refusal> for UserError {
    fn from(Refusal { code, message, field, .. }: Refusal) -> Self {
        Self { field, message, code }
    }
}
