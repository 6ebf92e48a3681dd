//! The mutations of portal users: parse, have it done, read the user back.
//!
//! Most are the desk's, some an administrator's alone; what people do with their own credentials is elsewhere.

use std::collections::BTreeSet;

use async_graphql::{Context, ID, InputObject, Object, OneofObject, Result, SimpleObject};
use domain::{
    AccountId, LocationId, PersonId, PlainText,
    account::ContactAccess,
    person::Details,
    user::{Factor, UnlockedBy, UserAction, name::parse_username},
};
use futures_util::FutureExt as _;
use projections::email_of;
use serde::Serialize;

use super::{
    account_inputs::NewPersonInput, account_words::person_details, context::RequestContext,
    directory_lists::ContactRole, enums::Role, ids::GlobalId as _, inputs::idempotency, payload::UserError,
    users::User,
};
use crate::{
    commands::{Refusal, RefusalCode},
    registry::identities,
    users::{Asks, Invitation, Users, Wish},
};

/// What can be asked of portal users.
#[derive(Default)]
pub struct UserMutations;

/// Who is to sign in.
#[derive(Clone, Debug, OneofObject, Serialize)]
pub enum InviteeInput {
    /// Somebody who is known.
    Person(ID),
    /// Somebody by their e-mail address: whoever was written down under it, else somebody new.
    New(NewPersonInput),
}

/// The account whose contact somebody becomes.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct InviteeAccountInput {
    /// The account.
    pub account_id: ID,
    /// What they are in the account.
    pub role: ContactRole,
    /// The only locations whose cases they see; all when left out.
    pub location_ids: Option<Vec<ID>>,
}

/// An invitation.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct UserInviteInput {
    /// Who.
    pub person: InviteeInput,
    /// Where mail about their credentials goes. Their own e-mail address when left out.
    pub email: Option<String>,
    /// What they sign in with, beside the e-mail address. The address when left out.
    pub username: Option<String>,
    /// What they are to the desk, at least one. Supervisors invite contacts alone.
    pub roles: Vec<Role>,
    /// For a contact: the account that they join, unless they are its contact.
    pub account: Option<InviteeAccountInput>,
    /// A retry under the same key gives the same answer and one effect. 1 to 200 characters, kept 30 days.
    pub idempotency_key: Option<String>,
}

/// What all inputs about somebody who was invited have.
trait AboutUser: Serialize {
    fn person_id(&self) -> &ID;
    fn idempotency_key(&self) -> Option<&String>;
}

/// Inputs about somebody who was invited, with the two fields that all of them have.
macro_rules! about_users {
    ($($(#[$doc:meta])+ $name:ident { $($(#[$field_doc:meta])+ $field:ident: $type:ty,)* })+) => {$(
        $(#[$doc])+
        #[derive(Clone, Debug, InputObject, Serialize)]
        pub struct $name {
            /// The person.
            pub person_id: ID,
            $($(#[$field_doc])+ pub $field: $type,)*
            /// A retry under the same key gives the same answer and one effect. 1 to 200 characters, kept 30 days.
            pub idempotency_key: Option<String>,
        }

        impl AboutUser for $name {
            fn person_id(&self) -> &ID {
                &self.person_id
            }

            fn idempotency_key(&self) -> Option<&String> {
                self.idempotency_key.as_ref()
            }
        }
    )+};
}

about_users! {
    /// Send another link to activate with.
    InvitationResendInput {}
    /// Give somebody roles.
    UserGrantInput {
        /// Those that they get, beside what they are. Supervisors give that of contacts alone.
        roles: Vec<Role>,
    }
    /// Take roles from somebody.
    UserRevokeInput {
        /// Those that they lose. Supervisors take that of contacts alone.
        roles: Vec<Role>,
    }
    /// Let somebody sign in no more.
    UserDeactivateInput {}
    /// Let somebody sign in again.
    UserReactivateInput {}
    /// End a lock before its time.
    UserUnlockInput {}
    /// Have a link mailed for a new password.
    UserSendResetInput {}
    /// Let somebody in again who has lost what is asked for beside the password.
    UserFactorRemoveInput {}
}

/// What came of a mutation of a user.
#[derive(Default, SimpleObject)]
pub struct UserPayload {
    /// The user as they are now; null when the caller may not see them or it is pending.
    user: Option<User>,
    /// It is recorded but not readable yet: read the user again in a moment.
    pending: bool,
    /// Why nothing was done. Empty when it was, or when there was nothing to do.
    user_errors: Vec<UserError>,
}

#[Object]
impl UserMutations {
    /// Let a person sign in: they are mailed a link by which they choose a password, good for seven days and once. A new person is
    /// written down, and a contact joins their account.
    async fn user_invite(&self, ctx: &Context<'_>, input: UserInviteInput) -> Result<UserPayload> {
        let request = RequestContext::of(ctx)?;
        match invitation(request, &input).await? {
            Ok(wish) => answer(request, wish).await,
            Err(refusal) => Ok(UserPayload::refused(refusal)),
        }
    }

    /// Mail another link to somebody who has not activated; the one before is good for nothing then.
    async fn invitation_resend(&self, ctx: &Context<'_>, input: InvitationResendInput) -> Result<UserPayload> {
        act(ctx, "invitationResend", &input, UserAction::ResendInvitation).await
    }

    /// Give somebody roles. They count from the next request on.
    async fn user_grant(&self, ctx: &Context<'_>, input: UserGrantInput) -> Result<UserPayload> {
        act(ctx, "userGrant", &input, UserAction::Grant { roles: roles(&input.roles) }).await
    }

    /// Take roles from somebody. They count no more from the next request on.
    async fn user_revoke(&self, ctx: &Context<'_>, input: UserRevokeInput) -> Result<UserPayload> {
        act(ctx, "userRevoke", &input, UserAction::Revoke { roles: roles(&input.roles) }).await
    }

    /// Let somebody sign in no more: their sessions, links and API tokens end at once, and cases that they own go back to their
    /// queues.
    async fn user_deactivate(&self, ctx: &Context<'_>, input: UserDeactivateInput) -> Result<UserPayload> {
        let payload = act(ctx, "userDeactivate", &input, UserAction::Deactivate).await?;
        if payload.user_errors.is_empty() {
            let users = Users::with(&RequestContext::of(ctx)?.services);
            // Whatever is left, the house-keeping of any instance does.
            tokio::spawn(async move {
                if let Err(error) = users.release_cases().await {
                    tracing::warn!(%error, "cases of somebody who was deactivated are not released yet; trying again");
                }
            });
        }
        Ok(payload)
    }

    /// Let somebody sign in again, with the password that they had. Somebody who never activated needs a new link.
    async fn user_reactivate(&self, ctx: &Context<'_>, input: UserReactivateInput) -> Result<UserPayload> {
        act(ctx, "userReactivate", &input, UserAction::Reactivate).await
    }

    /// End a lock before its time.
    async fn user_unlock(&self, ctx: &Context<'_>, input: UserUnlockInput) -> Result<UserPayload> {
        act(ctx, "userUnlock", &input, UserAction::Unlock { by: UnlockedBy::Staff }).await
    }

    /// Mail somebody a link by which they set a new password, good for an hour and once. Whoever asks never sees it.
    async fn user_send_reset(&self, ctx: &Context<'_>, input: UserSendResetInput) -> Result<UserPayload> {
        act(ctx, "userSendReset", &input, UserAction::SendReset).await
    }

    /// Let somebody in again who has lost their authenticator app and recovery codes: no code is asked for any more, their sessions end,
    /// and they are mailed a link by which they set a new password, since the one before may be too short to stand alone. For
    /// administrators, about others: whoever has a code uses `totpRemove`. Make sure before that it is them who ask.
    async fn user_factor_remove(&self, ctx: &Context<'_>, input: UserFactorRemoveInput) -> Result<UserPayload> {
        let caller = RequestContext::of(ctx)?.person();
        if PersonId::of_field("personId", &input.person_id).is_ok_and(|user| user == caller) {
            let message = "your own is removed by `totpRemove`, with a code; another administrator can do without";
            return Ok(UserPayload::refused(Refusal::new(RefusalCode::NotPermitted, message)));
        }
        act(ctx, "userFactorRemove", &input, UserAction::RemoveFactor { factor: Factor::Totp }).await
    }
}

impl UserPayload {
    fn refused(refusal: Refusal) -> Self {
        Self { user_errors: vec![refusal.into()], ..Self::default() }
    }
}

/// The one walk of every mutation of somebody who was invited.
async fn act(
    ctx: &Context<'_>,
    operation: &str,
    input: &(impl AboutUser + Sync),
    action: UserAction,
) -> Result<UserPayload> {
    let request = RequestContext::of(ctx)?;
    let parse = || {
        let user = PersonId::of_field("personId", input.person_id())?;
        Ok(wish(request, user, Asks::Do(action), idempotency(operation, input.idempotency_key(), input)?))
    };
    match parse() {
        Ok(wish) => answer(request, wish).await,
        Err(refusal) => Ok(UserPayload::refused(refusal)),
    }
}

/// Has a wish done, and reads the user.
async fn answer(request: &RequestContext, wish: Wish) -> Result<UserPayload> {
    let user = wish.user;
    let done = Users::with(&request.services).carry_out(wish).await.map_err(|error| request.internal(&error))?;
    let (pending, refusal) = match done {
        Ok(done) => (done.pending, None),
        Err(refusal) if refusal.code == RefusalCode::NotPermitted || refusal.code == RefusalCode::NotFound => {
            return Ok(UserPayload::refused(refusal));
        }
        Err(refusal) => (false, Some(refusal)),
    };
    if !request.sees_users() {
        return Ok(UserPayload { pending, user_errors: refusal.into_iter().map(Into::into).collect(), user: None });
    }
    request.record_read("mutation", &user.to_string()).await?;
    let user = request.user(user).await?;
    Ok(UserPayload { user, pending, user_errors: refusal.into_iter().map(Into::into).collect() })
}

fn wish(request: &RequestContext, user: PersonId, asks: Asks, idempotency: Option<(String, Vec<u8>)>) -> Wish {
    let caller = &request.caller;
    Wish { user, by: caller.actor(), request: request.id, channel: caller.channel(), idempotency, asks }
}

/// Builds an invitation, or says which field is wrong. Who may not ask at all is told that, by the rules.
async fn invitation(request: &RequestContext, input: &UserInviteInput) -> Result<Result<Wish, Refusal>> {
    let (user, details, own) = match &input.person {
        InviteeInput::Person(id) => match PersonId::of_field("person", id) {
            // Nobody learns an address by inviting who may not.
            Ok(person) if request.sees_users() => (person, None, own_address(request, person).await?),
            Ok(person) => (person, None, None),
            Err(refusal) => return Ok(Err(refusal)),
        },
        InviteeInput::New(new) => {
            let email = match PlainText::parse_email(&new.email) {
                Ok(email) => email,
                Err(error) => return Ok(Err(Refusal::of_field("email", error.to_string()))),
            };
            let log = &request.services.commands.log;
            let person = identities(log).somebody(log, &email).await.map_err(|error| request.internal(&error))?;
            match person_details(request, person, new, &email) {
                Ok(details) => (person, Some(details), Some(email)),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
    };
    let parse = || {
        let invitation = parse(input, details, own)?;
        let key = idempotency("userInvite", input.idempotency_key.as_ref(), input)?;
        Ok(wish(request, user, Asks::Invite(Box::new(invitation)), key))
    };
    Ok(parse())
}

/// The e-mail address of a person who is known.
async fn own_address(request: &RequestContext, person: PersonId) -> Result<Option<PlainText>> {
    let address = request.read_users(move |tx| email_of(tx, person).boxed()).await?;
    Ok(address.and_then(|address| PlainText::parse_email(&address).ok()))
}

fn parse(input: &UserInviteInput, details: Option<Details>, own: Option<PlainText>) -> Result<Invitation, Refusal> {
    let email = match given(input.email.as_deref()) {
        Some(email) => PlainText::parse_email(email).map_err(|error| Refusal::of_field("email", error.to_string()))?,
        None => own.ok_or_else(|| Refusal::of_field("email", "no e-mail address is known of this person: name one"))?,
    };
    let username = match given(input.username.as_deref()) {
        Some(username) => {
            parse_username(username, &email).map_err(|error| Refusal::of_field("username", error.to_string()))?
        }
        None => email.clone(),
    };
    if input.account.is_some() && !input.roles.contains(&Role::Contact) {
        return Err(Refusal::of_field("roles", "only a contact has an account: name the role CONTACT, too"));
    }
    let account = input.account.as_ref().map(account).transpose()?;
    Ok(Invitation { email, username, roles: roles(&input.roles), details, account })
}

fn account(input: &InviteeAccountInput) -> Result<(AccountId, ContactAccess), Refusal> {
    let place = |id| LocationId::of_field("locationIds", id);
    let locations = input.location_ids.as_ref().map(|limit| limit.iter().map(place).collect()).transpose()?;
    let account = AccountId::of_field("accountId", &input.account_id)?;
    Ok((account, ContactAccess { role: input.role.into(), locations }))
}

fn roles(roles: &[Role]) -> BTreeSet<domain::Role> {
    roles.iter().map(|role| (*role).into()).collect()
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
