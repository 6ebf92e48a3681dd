//! The mutations of what people sign in with. One of those that try a credential fits into a request.

use async_graphql::{Context, Object, Result};
use projections::VISIBLE_WITHIN;
use uuid::Uuid;

use super::{
    context::{RequestContext, error},
    credential_objects::{
        AccountActivateInput, ApiToken, ApiTokenCreateInput, ApiTokenPayload, ApiTokenRevokeInput,
        ChallengeQuestionRemoveInput, ChallengeQuestionSetInput, CredentialPayload, PasswordChangeInput,
        PasswordResetInput, PasswordResetRequestInput, RecoveryCodesPayload, RecoveryCodesReplaceInput,
        SessionRevokeInput, SessionTransport, SignInInput, SignInPayload, TotpConfirmInput, TotpEnrollInput,
        TotpEnrollPayload, TotpRemoveInput, UnlockInput, UnlockRequestInput, answered,
    },
};
use crate::{
    commands::Refusal,
    credentials::{
        Outcome, Visit,
        factors::{self, Proof},
        in_own_task, links, password,
        sign_in::{self, Claim, SignedIn},
        tokens::{self, Wanted},
    },
    http::CookieKind,
    identity::{LinkPurpose, Secret},
};

/// The mutations that try a password, a code, an answer or a link.
#[must_use]
pub fn credential_mutations() -> Vec<String> {
    [
        "signIn",
        "accountActivate",
        "sessionRevoke",
        "passwordChange",
        "passwordResetRequest",
        "passwordReset",
        "unlockRequest",
        "unlock",
        "challengeQuestionSet",
        "challengeQuestionRemove",
        "totpEnroll",
        "totpConfirm",
        "totpRemove",
        "recoveryCodesReplace",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// What a browser forgets when somebody signs out: pages that it would show again, and what they stored. The cookie by which the
/// browser itself is known stays.
const LEFT_BEHIND: &str = r#""cache", "storage""#;

/// What can be asked of credentials.
#[derive(Default)]
pub struct CredentialMutations;

#[Object]
impl CredentialMutations {
    /// Sign in.
    async fn sign_in(&self, ctx: &Context<'_>, input: SignInInput) -> Result<SignInPayload> {
        let visit = visit(ctx)?;
        let (by_program, cookies) = (input.transport == SessionTransport::Token, visit.cookies);
        if !by_program && !visit.is_same_origin {
            return Err(error(
                "CROSS_ORIGIN",
                "a session's cookie is set for pages of the portal alone: ask for a token",
            ));
        }
        let SignInInput { name, password, code, recovery_code, .. } = input;
        let lasts = visit.services.credentials.rules.sessions.absolute;
        let now = visit.services.commands.clock.now();
        let claim = Claim { name, password, code, recovery_code };
        let signed_in = match answered(ctx, in_own_task(sign_in::sign_in(visit, claim, by_program)).await)? {
            Ok(signed_in) => signed_in,
            Err(denied) => return Ok(denied.into()),
        };
        let SignedIn { session, device, .. } = signed_in;
        let token = if by_program {
            Some(session.reveal().to_owned())
        } else {
            ctx.append_http_header("set-cookie", cookies.set(CookieKind::Session, &session));
            if let Some(device) = &device {
                ctx.append_http_header("set-cookie", cookies.set(CookieKind::Device, device));
            }
            None
        };
        Ok(SignInPayload { token, expires_at: Some(now + lasts), ..SignInPayload::default() })
    }

    /// End the session by which this is asked. An API token stays.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<CredentialPayload> {
        let request = RequestContext::entering(ctx)?;
        let visit = visit(ctx)?;
        let cookies = visit.cookies;
        if let Some(session) = request.caller.session {
            done(ctx, sign_in::sign_out(visit, request.person(), session)).await?;
        }
        ctx.append_http_header("set-cookie", cookies.clear(CookieKind::Session));
        ctx.append_http_header("clear-site-data", LEFT_BEHIND);
        Ok(CredentialPayload::default())
    }

    /// End a session of one's own, saying the password again. One that is not there has ended. To end the one by which this is asked,
    /// sign out.
    async fn session_revoke(&self, ctx: &Context<'_>, input: SessionRevokeInput) -> Result<CredentialPayload> {
        let request = RequestContext::entering(ctx)?;
        let Ok(session) = input.session_id.parse::<Uuid>() else {
            let message = "this is no session's id: see `viewer.credentials.sessions`";
            return Ok(super::credential_objects::CredentialPayload::from(crate::credentials::Denied::from(
                Refusal::of_field("sessionId", message),
            )));
        };
        done(ctx, sign_in::revoke_session(visit(ctx)?, request.person(), session, input.current_password)).await
    }

    /// Accept an invitation and set the first password. Nobody is signed in by it; a page's browser is known from then on.
    async fn account_activate(&self, ctx: &Context<'_>, input: AccountActivateInput) -> Result<CredentialPayload> {
        let visit = visit(ctx)?;
        let (cookies, services) = (visit.cookies, std::sync::Arc::clone(&visit.services));
        let activated = in_own_task(password::activate(visit, input.token, input.new_password)).await;
        Ok(match answered(ctx, activated)? {
            Ok(set) => {
                if let Some(device) = &set.device {
                    ctx.append_http_header("set-cookie", cookies.set(CookieKind::Device, device));
                }
                services.projector.wait_until(set.position, VISIBLE_WITHIN).await;
                CredentialPayload::default()
            }
            Err(denied) => denied.into(),
        })
    }

    /// Set another password. All other sessions end.
    async fn password_change(&self, ctx: &Context<'_>, input: PasswordChangeInput) -> Result<CredentialPayload> {
        let request = RequestContext::entering(ctx)?;
        let (person, session) = (request.person(), request.caller.session);
        written(ctx, password::change(visit(ctx)?, person, session, input.current_password, input.new_password)).await
    }

    /// Have a link mailed to set a new password by. The answer is the same whether anybody has this name.
    async fn password_reset_request(
        &self,
        ctx: &Context<'_>,
        input: PasswordResetRequestInput,
    ) -> Result<CredentialPayload> {
        done(ctx, links::ask(visit(ctx)?, LinkPurpose::PasswordReset, input.name)).await
    }

    /// Set a new password by a mailed link. It ends a lock and all sessions, and signs nobody in.
    async fn password_reset(&self, ctx: &Context<'_>, input: PasswordResetInput) -> Result<CredentialPayload> {
        written(ctx, password::reset(visit(ctx)?, input.token, input.new_password, input.answer)).await
    }

    /// Have a link mailed to end a lock by. The answer is the same whether anybody has this name.
    async fn unlock_request(&self, ctx: &Context<'_>, input: UnlockRequestInput) -> Result<CredentialPayload> {
        done(ctx, links::ask(visit(ctx)?, LinkPurpose::Unlock, input.name)).await
    }

    /// End a lock by a mailed link. Nobody is signed in by it.
    async fn unlock(&self, ctx: &Context<'_>, input: UnlockInput) -> Result<CredentialPayload> {
        written(ctx, links::unlock(visit(ctx)?, input.token, input.answer)).await
    }

    /// Choose a challenge question, or answer it anew.
    async fn challenge_question_set(
        &self,
        ctx: &Context<'_>,
        input: ChallengeQuestionSetInput,
    ) -> Result<CredentialPayload> {
        let person = RequestContext::of(ctx)?.person();
        let ChallengeQuestionSetInput { current_password, question, answer } = input;
        written(ctx, factors::set_question(visit(ctx)?, person, current_password, question, answer)).await
    }

    /// Be asked no challenge question any more.
    async fn challenge_question_remove(
        &self,
        ctx: &Context<'_>,
        input: ChallengeQuestionRemoveInput,
    ) -> Result<CredentialPayload> {
        let person = RequestContext::of(ctx)?.person();
        written(ctx, factors::remove_question(visit(ctx)?, person, input.current_password)).await
    }

    /// Begin to add an authenticator app. It counts for nothing until `totpConfirm`.
    async fn totp_enroll(&self, ctx: &Context<'_>, input: TotpEnrollInput) -> Result<TotpEnrollPayload> {
        let request = RequestContext::entering(ctx)?;
        let person = request.person();
        let issuer = request.settings().settings.brand.portal_name.to_string();
        let user = request.services.reads.read(&domain::Scope::Administrator, move |tx| {
            use futures_util::FutureExt as _;
            projections::user_of(tx, person).boxed()
        });
        let user = user.await.map_err(|error| request.internal(&error))?;
        let label = (issuer, user.and_then(|user| user.username).unwrap_or_default());
        let enrolled = in_own_task(factors::enroll(visit(ctx)?, person, input.current_password, label)).await;
        Ok(match answered(ctx, enrolled)? {
            Ok(new) => TotpEnrollPayload {
                secret: Some(new.secret.reveal().to_owned()),
                uri: Some(new.uri.reveal().to_owned()),
                ..TotpEnrollPayload::default()
            },
            Err(denied) => denied.into(),
        })
    }

    /// Have codes of the authenticator app asked for from now on. Other sessions end.
    async fn totp_confirm(&self, ctx: &Context<'_>, input: TotpConfirmInput) -> Result<RecoveryCodesPayload> {
        let request = RequestContext::entering(ctx)?;
        let (person, session) = (request.person(), request.caller.session);
        codes(ctx, factors::confirm(visit(ctx)?, person, session, input.code)).await
    }

    /// Have no codes asked for any more. The password must be long enough to stand alone. Other sessions end.
    async fn totp_remove(&self, ctx: &Context<'_>, input: TotpRemoveInput) -> Result<CredentialPayload> {
        let request = RequestContext::of(ctx)?;
        let (person, session) = (request.person(), request.caller.session);
        let TotpRemoveInput { current_password: current, code, recovery_code } = input;
        written(ctx, factors::remove(visit(ctx)?, person, session, Proof { current, code, recovery_code })).await
    }

    /// Make a token for a service. For administrators.
    async fn api_token_create(&self, ctx: &Context<'_>, input: ApiTokenCreateInput) -> Result<ApiTokenPayload> {
        let request = RequestContext::of(ctx)?;
        let ApiTokenCreateInput { name, scopes, expires_at } = input;
        let wanted = Wanted { name, scopes, expires_at };
        let created = in_own_task(tokens::create(visit(ctx)?, request.caller.clone(), wanted)).await;
        let made = match answered(ctx, created)? {
            Ok(made) => made,
            Err(denied) => {
                return Ok(ApiTokenPayload { user_errors: vec![denied.refusal.into()], ..ApiTokenPayload::default() });
            }
        };
        request.services.projector.wait_until(made.position, VISIBLE_WITHIN).await;
        Ok(ApiTokenPayload {
            token: Some(made.token.reveal().to_owned()),
            api_token: ApiToken::of(request, vec![made.entry]).await?.pop(),
            user_errors: vec![],
        })
    }

    /// End a token, of a service or a person, at once. For administrators.
    async fn api_token_revoke(&self, ctx: &Context<'_>, input: ApiTokenRevokeInput) -> Result<CredentialPayload> {
        let request = RequestContext::of(ctx)?;
        done(ctx, tokens::revoke(visit(ctx)?, request.caller.clone(), input.token_id.parse().ok())).await
    }

    /// Make new recovery codes. Those before are good for nothing then.
    async fn recovery_codes_replace(
        &self,
        ctx: &Context<'_>,
        input: RecoveryCodesReplaceInput,
    ) -> Result<RecoveryCodesPayload> {
        let person = RequestContext::of(ctx)?.person();
        let RecoveryCodesReplaceInput { current_password: current, code, recovery_code } = input;
        codes(ctx, factors::replace_recovery_codes(visit(ctx)?, person, Proof { current, code, recovery_code })).await
    }
}

/// # Errors
/// `UNAUTHENTICATED` where no request was made of it.
fn visit(ctx: &Context<'_>) -> Result<Visit> {
    let visit = ctx.data_opt::<Visit>().cloned();
    visit.ok_or_else(|| error("UNAUTHENTICATED", "there is no request to sign in by"))
}

/// The same, once what was recorded can be read: whoever was activated is let in by what is read.
async fn written(
    ctx: &Context<'_>,
    work: impl Future<Output = Outcome<i64>> + Send + 'static,
) -> Result<CredentialPayload> {
    let services = visit(ctx)?.services;
    match answered(ctx, in_own_task(work).await)? {
        Ok(position) => {
            services.projector.wait_until(position, VISIBLE_WITHIN).await;
            Ok(CredentialPayload::default())
        }
        Err(denied) => Ok(denied.into()),
    }
}

async fn done<T: Send + 'static>(
    ctx: &Context<'_>,
    work: impl Future<Output = Outcome<T>> + Send + 'static,
) -> Result<CredentialPayload> {
    let outcome = answered(ctx, in_own_task(work).await)?;
    Ok(outcome.map_or_else(CredentialPayload::from, |_| CredentialPayload::default()))
}

async fn codes(
    ctx: &Context<'_>,
    work: impl Future<Output = Outcome<Vec<Secret>>> + Send + 'static,
) -> Result<RecoveryCodesPayload> {
    Ok(match answered(ctx, in_own_task(work).await)? {
        Ok(codes) => RecoveryCodesPayload {
            recovery_codes: codes.iter().map(|code| code.reveal().to_owned()).collect(),
            ..RecoveryCodesPayload::default()
        },
        Err(denied) => denied.into(),
    })
}
