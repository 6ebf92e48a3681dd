//! Commands on accounts: who knows of one, and the person who comes along with a new contact.

use domain::{
    AccountId, Audience, PersonId,
    account::{Account, AccountAction, AccountActionKind, AccountCommand, AccountError, AccountEvent},
    person::{Details, PersonError},
    user::UserError,
};
use event_log::FileKey;

use super::{
    CommandFailure, Commands, Intention, Refusal, RefusalCode, Subject,
    walk::{Carried, Stamp},
};
use crate::registry::Registry;

impl Subject for Account {
    type Id = AccountId;
    type Action = AccountAction;
    /// The person who becomes a contact, for somebody who may not be written down yet.
    type Brings = Option<(PersonId, Details)>;
    type Facts = ();

    fn name_of(action: &AccountAction) -> String {
        format!("account-{}", AccountActionKind::from(action))
    }

    fn not_found() -> Refusal {
        AccountError::NotFound.into()
    }

    fn is_there_for(&self, intention: &Intention<Self>) -> bool {
        // Who may not open one is told that, by the rules.
        let opens = matches!(intention.action, AccountAction::Open { .. });
        opens || intention.caller.sees_account(intention.id)
    }

    /// Whoever is told of an account's version sees all that happens to it.
    fn version_for(&self, _: Audience) -> Option<u64> {
        self.state.as_ref().map(|state| state.version)
    }

    /// An account knows all that its rules ask about.
    async fn gather(_: &Commands, _: &Intention<Self>) -> Result<(), CommandFailure> {
        Ok(())
    }

    fn decide_on(&self, intention: &Intention<Self>, (): &(), stamp: &Stamp) -> Result<Vec<AccountEvent>, Refusal> {
        Ok(self.decide(&AccountCommand { by: stamp.by, at: stamp.at, action: intention.action.clone() })?)
    }

    fn file_keys(_: &Self::Brings) -> &[FileKey] {
        &[]
    }

    /// A contact whom nobody has written down is, after the account has taken them: one that it refuses is not.
    async fn settle(
        commands: &Commands,
        intention: &Intention<Self>,
        stamp: Stamp,
        carried: &Carried,
    ) -> Result<i64, CommandFailure> {
        let Some((person, details)) = &intention.brings else { return Ok(carried.position) };
        let registry = Registry::by(commands.log.clone(), stamp);
        let written = registry.register(*person, details.clone()).await?;
        Ok(carried.position.max(written.position))
    }
}

impl From<AccountError> for Refusal {
    fn from(error: AccountError) -> Self {
        let (code, field) = match &error {
            AccountError::NotFound => (RefusalCode::NotFound, None),
            AccountError::NotPermitted { .. } => (RefusalCode::NotPermitted, None),
            AccountError::AlreadyOpen | AccountError::LocationIdTaken | AccountError::InstalledElsewhere => {
                (RefusalCode::AlreadyDone, Some("reference"))
            }
            AccountError::AlreadyContact => (RefusalCode::AlreadyDone, Some("contact")),
            AccountError::NoSuchLocation => (RefusalCode::InvalidInput, Some("locationId")),
            AccountError::NoSuchProduct => (RefusalCode::InvalidInput, Some("productId")),
            AccountError::NoSuchContact => (RefusalCode::InvalidInput, Some("personId")),
            AccountError::EmptyLimit => (RefusalCode::InvalidInput, Some("locationIds")),
        };
        Self::new(code, error.to_string()).about(field)
    }
}

impl From<PersonError> for Refusal {
    fn from(error: PersonError) -> Self {
        let code = match &error {
            PersonError::NotFound => RefusalCode::NotFound,
            PersonError::AlreadyRegistered | PersonError::Erased => RefusalCode::AlreadyDone,
            PersonError::NotPermitted { .. } => RefusalCode::NotPermitted,
        };
        Self::new(code, error.to_string())
    }
}

impl From<UserError> for Refusal {
    fn from(error: UserError) -> Self {
        let (code, field) = match &error {
            UserError::NotFound => (RefusalCode::NotFound, Some("personId")),
            UserError::NotPermitted { .. } => (RefusalCode::NotPermitted, None),
            UserError::RoleNotPermitted { .. } => (RefusalCode::NotPermitted, Some("roles")),
            UserError::NotAPersonsRole { .. } | UserError::NoRoles => (RefusalCode::InvalidInput, Some("roles")),
            UserError::AlreadyInvited { .. } | UserError::AlreadyActivated | UserError::Erased => {
                (RefusalCode::AlreadyDone, None)
            }
            UserError::NotActive { .. } | UserError::Deactivated | UserError::NoFactor => {
                (RefusalCode::NotInState, None)
            }
            UserError::LastAdministrator => (RefusalCode::LastAdministrator, None),
        };
        Self::new(code, error.to_string()).about(field)
    }
}
