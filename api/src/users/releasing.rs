//! That whoever was deactivated, or erased, owns no case: each of theirs goes back to its queue.
//!
//! Which cases these are stands in the read models; whether it still is so, the streams decide, as for any command. So any number
//! of instances may do it, a killed one leaves nothing undone, and a case that somebody else has taken meanwhile stays theirs.

use std::collections::HashMap;

use cqrs_es::Aggregate as _;
use domain::{
    Actor, CaseId, Channel, PersonId, RequestId, Scope,
    case::{Case, CaseAction, CaseCommand},
    user::{User, UserStatus},
};
use event_log::{ExecuteError, Loaded};
use futures_util::FutureExt as _;
use projections::{VISIBLE_WITHIN, cases_without_an_owner_who_signs_in};

use super::{Users, UsersError};
use crate::commands::{
    Refusal,
    walk::{Order, Stamp, carry_out},
};

/// How many cases are taken at a time.
const AT_A_TIME: i64 = 200;

impl Users {
    /// Releases the cases of all who cannot sign in any more; answers how many it released. What fails is left to the next time.
    ///
    /// # Errors
    /// [`UsersError`]; what was released is.
    pub async fn release_cases(&self) -> Result<usize, UsersError> {
        let mut released = 0;
        loop {
            let found = self
                .0
                .reads
                .read(&Scope::Auditor, move |tx| cases_without_an_owner_who_signs_in(tx, AT_A_TIME).boxed())
                .await?;
            let (mut position, before) = (0, released);
            let mut gone: HashMap<PersonId, bool> = HashMap::new();
            for (case_id, owner) in found {
                if !self.is_gone(owner, &mut gone).await? {
                    continue;
                }
                if let Some(at) = self.release(case_id, owner).await? {
                    (position, released) = (position.max(at), released + 1);
                }
            }
            // So that those that were released are not found again; where nothing was, the rest is the next time's.
            self.0.projector.wait_until(position, VISIBLE_WITHIN).await;
            if released == before {
                return Ok(released);
            }
        }
    }

    /// Whether somebody is deactivated or erased, by their stream.
    async fn is_gone(&self, owner: PersonId, known: &mut HashMap<PersonId, bool>) -> Result<bool, UsersError> {
        if let Some(is_gone) = known.get(&owner) {
            return Ok(*is_gone);
        }
        let user: User = self.0.commands.log.latest(&owner.to_string()).await?;
        let is_gone = user.is_erased || user.state.is_some_and(|state| state.status == UserStatus::Deactivated);
        known.insert(owner, is_gone);
        Ok(is_gone)
    }

    /// Releases a case, if it is still theirs; answers the position of that.
    async fn release(&self, case_id: CaseId, owner: PersonId) -> Result<Option<i64>, UsersError> {
        let commands = &self.0.commands;
        let (by, at) = (Actor::clock(), commands.clock.now());
        let request = RequestId(commands.ids.next());
        let stamp = Stamp { by, on_behalf_of: None, request, channel: Channel::Clock, at };
        let decide = |loaded: &Loaded<Case>| {
            let is_theirs = loaded.aggregate.state.as_ref().is_some_and(|case| case.owner == Some(owner));
            if !is_theirs {
                return Ok(vec![]);
            }
            let command = CaseCommand { by, at, action: CaseAction::Release };
            loaded.aggregate.decide(&command).map_err(Refusal::from)
        };
        match carry_out::<Case>(&commands.log, Order::new(case_id, stamp), decide).await {
            Ok(carried) if carried.refusal.is_none() => Ok((carried.events > 0).then_some(carried.position)),
            Ok(carried) => {
                // It was closed meanwhile, and is nobody's work any more.
                tracing::debug!(%case_id, aggregate = Case::TYPE, refusal = ?carried.refusal, "a case is not released");
                Ok(None)
            }
            Err(ExecuteError::Log(error)) => Err(error.into()),
            Err(error) => {
                tracing::warn!(%case_id, %error, "a case of somebody who is gone is not released yet; trying again");
                Ok(None)
            }
        }
    }
}
