//! Commands on requests for access: who knows of one, and who asks without being anybody known.

use domain::{
    AccessRequestId, Actor, Audience, Channel, PersonId, RequestId, Roles,
    access_request::{
        AccessRequest, AccessRequestAction, AccessRequestActionKind, AccessRequestCommand, AccessRequestError,
        AccessRequestEvent,
    },
};
use event_log::{ExecuteError, FileKey, Loaded};

use super::{
    CommandFailure, Commands, Intention, Refusal, RefusalCode, Subject, in_own_task, refusal_of,
    walk::{self, Carried, Order, Stamp},
};

impl Subject for AccessRequest {
    type Id = AccessRequestId;
    type Action = AccessRequestAction;
    type Brings = ();
    type Facts = ();

    fn name_of(action: &AccessRequestAction) -> String {
        format!("access-request-{}", AccessRequestActionKind::from(action))
    }

    fn not_found() -> Refusal {
        AccessRequestError::NotFound.into()
    }

    /// Who may not decide is told that by the rules, which is the same whether the request is there or not.
    fn is_there_for(&self, _: &Intention<Self>) -> bool {
        true
    }

    /// Whoever is told of a request's version sees all that happens to it.
    fn version_for(&self, _: Audience) -> Option<u64> {
        self.state.as_ref().map(|state| state.version)
    }

    /// A request knows all that its rules ask about.
    async fn gather(_: &Commands, _: &Intention<Self>) -> Result<(), CommandFailure> {
        Ok(())
    }

    fn decide_on(
        &self,
        intention: &Intention<Self>,
        (): &(),
        stamp: &Stamp,
    ) -> Result<Vec<AccessRequestEvent>, Refusal> {
        Ok(self.decide(&AccessRequestCommand { by: stamp.by, at: stamp.at, action: intention.action.clone() })?)
    }

    fn file_keys((): &()) -> &[FileKey] {
        &[]
    }

    async fn settle(_: &Commands, _: &Intention<Self>, _: Stamp, carried: &Carried) -> Result<i64, CommandFailure> {
        Ok(carried.position)
    }
}

impl Commands {
    /// Writes a request down that came by the public form, as whoever has its address. Of whoever was erased nothing is
    /// written down, which is not told.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub async fn submit_access_request(
        &self,
        id: AccessRequestId,
        asker: PersonId,
        request: RequestId,
        action: AccessRequestAction,
    ) -> Result<(), CommandFailure> {
        let by = Actor { person: asker, roles: Roles::default() };
        let carried = self.act_on_access_request(id, (by, request, Channel::Portal), action).await?;
        if let Some(refusal) = carried.refusal {
            tracing::warn!(code = ?refusal.code, "a request for access could not be written down");
        }
        Ok(())
    }

    /// Has something done to a request that nobody asked for by a mutation.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub async fn act_on_access_request(
        &self,
        id: AccessRequestId,
        (by, request, channel): (Actor, RequestId, Channel),
        action: AccessRequestAction,
    ) -> Result<Carried, CommandFailure> {
        let (log, kind, at) = (self.log.clone(), AccessRequest::name_of(&action), self.clock.now());
        let order = Order::new(id, Stamp { by, on_behalf_of: None, request, channel, at });
        let work = async move {
            let decide = |loaded: &Loaded<AccessRequest>| -> Result<_, Refusal> {
                Ok(loaded.aggregate.decide(&AccessRequestCommand { by, at, action: action.clone() })?)
            };
            match walk::carry_out(&log, order, decide).await {
                Ok(carried) => Ok(carried),
                Err(error @ ExecuteError::Log(_)) => Err(refusal_of(error).expect_err("a failure of the log")),
                Err(error) => Ok(Carried::refused(id, refusal_of(error)?)),
            }
        };
        in_own_task::<AccessRequest, _>(kind, id.to_string(), work, |carried| carried.refusal.as_ref()).await
    }
}

impl From<AccessRequestError> for Refusal {
    fn from(error: AccessRequestError) -> Self {
        let (code, field) = match &error {
            AccessRequestError::NotFound => (RefusalCode::NotFound, None),
            AccessRequestError::NotPermitted { .. } => (RefusalCode::NotPermitted, None),
            AccessRequestError::AlreadyRequested | AccessRequestError::AlreadyDecided => {
                (RefusalCode::AlreadyDone, None)
            }
            AccessRequestError::NoSuchPerson { .. } => (RefusalCode::InvalidInput, Some("number")),
            AccessRequestError::EmptyLimit => (RefusalCode::InvalidInput, Some("locationIds")),
            AccessRequestError::IsForAccess
            | AccessRequestError::IsNotForAccess
            | AccessRequestError::Redacted
            | AccessRequestError::NotDecided => (RefusalCode::NotInState, None),
            AccessRequestError::TooManyPeople { .. } => (RefusalCode::LimitReached, None),
        };
        Self::new(code, error.to_string()).about(field)
    }
}
