//! What a mutation of settings answers: the section as it is now, or why nothing was done.

use async_graphql::{Context, Result, SimpleObject};
use domain::settings::{Section, Settings};
use projections::SettingsNow;

use super::{
    catalogue::Catalogue,
    context::RequestContext,
    payload::UserError,
    settings_history::{self, SettingsChange, Wanted},
    settings_objects::{Brand, CannedReplies, CaseRules, Desk},
};
use crate::commands::{Intention, Refusal};

/// The most changes that are told of those that somebody missed.
const MOST_MISSED: usize = 100;

/// What every mutation of a section answers.
pub(super) trait SettingsPayload: Sized + Send {
    /// Nothing was done.
    fn refused(refusal: Refusal) -> Self;

    /// What came of it.
    fn new(
        request: &RequestContext,
        now: &SettingsNow,
        refusal: Option<Refusal>,
        missed_changes: Vec<SettingsChange>,
    ) -> Self;
}

macro_rules! payloads {
    ($($(#[$doc:meta])+ $name:ident { $(#[$field_doc:meta])+ $field:ident: $type:ident by $make:expr })+) => {$(
        $(#[$doc])+
        #[derive(Default, SimpleObject)]
        pub struct $name {
            $(#[$field_doc])+
            $field: Option<$type>,
            /// Why nothing was done. Empty when it was, or when there was nothing to do.
            user_errors: Vec<UserError>,
            /// What was changed since the version that the caller named, when that refused the mutation. The newest first, at
            /// most 100.
            missed_changes: Vec<SettingsChange>,
        }

        impl SettingsPayload for $name {
            fn refused(refusal: Refusal) -> Self {
                Self { user_errors: vec![refusal.into()], ..Self::default() }
            }

            fn new(
                request: &RequestContext,
                now: &SettingsNow,
                refusal: Option<Refusal>,
                missed_changes: Vec<SettingsChange>,
            ) -> Self {
                let make: fn(&RequestContext, &SettingsNow) -> Option<$type> = $make;
                let user_errors = refusal.into_iter().map(UserError::from).collect();
                Self { $field: make(request, now), user_errors, missed_changes }
            }
        }
    )+};
}

payloads! {
    /// What came of a mutation of the catalogue.
    CataloguePayload {
        /// The catalogue as it is now.
        catalogue: Catalogue by |request, now| Some(Catalogue::of(request, now))
    }
    /// What came of a mutation of the desk's hours.
    DeskPayload {
        /// The desk as it is now; null for whom it is not.
        desk: Desk by |request, now| request.sees_the_desk().then(|| Desk::of(request, now))
    }
    /// What came of a mutation of canned replies.
    RepliesPayload {
        /// The canned replies as they are now; null for whom they are not.
        canned_replies: CannedReplies by |request, now| request.sees_the_desk().then(|| CannedReplies::of(request, now))
    }
    /// What came of a mutation of the brand.
    BrandPayload {
        /// The brand as it is now.
        brand: Brand by |request, now| Some(Brand::of(Some(request), now))
    }
    /// What came of a mutation of the rules of cases.
    CaseRulesPayload {
        /// The rules as they are now.
        case_rules: CaseRules by |request, now| Some(CaseRules::of(request, now))
    }
}

/// Carries an intention out, and reads the settings afresh.
pub(super) async fn carry_out<P: SettingsPayload>(ctx: &Context<'_>, intention: Intention<Settings>) -> Result<P> {
    let request = RequestContext::of(ctx)?;
    let commands = &request.services.commands;
    let section: Section = intention.id;
    let outcome = commands.carry_out(intention).await.map_err(|error| request.internal(&error))?;
    commands.settings.refresh().await.map_err(|error| request.internal(&error))?;
    // A refused command answers the settings, too: see the cases' payload.
    request.record_read("mutation", &section.to_string()).await?;
    let missed = match outcome.refusal.as_ref().and_then(|refusal| refusal.missed_after) {
        Some(version) => {
            let (section, after_version) = (Some(section), Some(version));
            settings_history::read(request, Wanted { section, before: None, after_version, limit: MOST_MISSED }).await?
        }
        None => vec![],
    };
    Ok(P::new(request, &request.settings(), outcome.refusal, missed))
}
