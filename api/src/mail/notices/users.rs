//! What happens to portal users, of which they are told, and what lets them see more.

use domain::{
    Channel, Metadata, PersonId, Timestamp,
    account::{AccountEvent, AccountFact},
    user::{PasswordOccasion, UserEvent, UserFact},
};

use crate::{
    clock::Ids,
    mail::{
        MailKind,
        outbox::{NewMail, Recipient},
    },
};

/// What a portal user is told of something that happened to them: of whatever concerns their credentials, themselves included, for
/// it may not have been they.
pub(super) fn notices(
    ids: &Ids,
    position: i64,
    person: PersonId,
    event: &UserEvent,
    metadata: &Metadata,
) -> Vec<NewMail> {
    let kind = match &event.fact {
        UserFact::PasswordChanged { occasion: PasswordOccasion::Change | PasswordOccasion::Reset } => {
            MailKind::PasswordChanged
        }
        UserFact::ChallengeQuestionSet { .. } => MailKind::ChallengeQuestionSet,
        UserFact::ChallengeQuestionRemoved {} => MailKind::ChallengeQuestionRemoved,
        UserFact::FactorEnrolled { .. } => MailKind::FactorEnrolled,
        UserFact::FactorRemoved { .. } => MailKind::FactorRemoved,
        UserFact::RecoveryCodesReplaced {} => MailKind::RecoveryCodesReplaced,
        UserFact::RecoveryCodeUsed {} => MailKind::RecoveryCodeUsed,
        UserFact::UserLocked { .. } => MailKind::Locked,
        UserFact::UserUnlocked { .. } => MailKind::Unlocked,
        UserFact::DeviceAdded {} => MailKind::NewDevice,
        // Their links bring the first three.
        UserFact::UserInvited { .. }
        | UserFact::InvitationResent {}
        | UserFact::PasswordResetSent {}
        // Whoever sets their first password changes nothing: their invitation's link has just brought them there.
        | UserFact::UserActivated {}
        | UserFact::PasswordChanged { occasion: PasswordOccasion::Activation }
        | UserFact::RolesGranted { .. }
        | UserFact::RolesRevoked { .. }
        | UserFact::UserDeactivated {}
        | UserFact::UserReactivated {}
        | UserFact::UserErased {} => return vec![],
    };
    told(ids, position, person, kind, event.occurred_at, metadata)
}

/// What somebody is told who became a contact of an account. Whoever does not sign in yet is told by their invitation.
pub(super) fn of_account(ids: &Ids, position: i64, event: &AccountEvent, metadata: &Metadata) -> Vec<NewMail> {
    match &event.fact {
        AccountFact::ContactJoined { person, .. } => {
            told(ids, position, *person, MailKind::AccessGranted, event.occurred_at, metadata)
        }
        AccountFact::AccountOpened { .. }
        | AccountFact::AccountRenamed { .. }
        | AccountFact::AccountMoved { .. }
        | AccountFact::LocationAdded { .. }
        | AccountFact::LocationMoved { .. }
        | AccountFact::LocationRetired { .. }
        | AccountFact::ProductInstalled { .. }
        | AccountFact::ProductRemoved { .. }
        | AccountFact::ContactAccessChanged { .. }
        | AccountFact::ContactLeft { .. } => vec![],
    }
}

fn told(
    ids: &Ids,
    position: i64,
    person: PersonId,
    kind: MailKind,
    at: Timestamp,
    metadata: &Metadata,
) -> Vec<NewMail> {
    if metadata.channel == Channel::Import {
        return vec![];
    }
    vec![NewMail {
        mail_id: ids.next(),
        kind,
        about: format!("event {position} person {person}"),
        to: Recipient::Person(person),
        told_as: None,
        case_id: None,
        position: Some(position),
        sealed: None,
        due_at: at,
        expires_at: None,
    }]
}
