//! The mutations of settings: parse, build the command, carry it out, answer the section.

use std::collections::BTreeMap;

use async_graphql::{Context, Object, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::{
    Line, PersonId, PlainText, Slug,
    settings::{
        CaseType, Category, Colors, EntryName, Hours, Logo, LogoType, MAX_LOGO_BYTES, Name, ResolutionPeriods,
        SettingsAction, Span,
    },
    text::MAX_BODY_CHARS,
};

use super::{
    case_mutations::slug,
    context::RequestContext,
    inputs::idempotency,
    settings_inputs::{
        BrandColorsSetInput, BrandLogoRemoveInput, BrandLogoSetInput, BrandPortalNameSetInput, BrandSenderSetInput,
        CannedReplyRemoveInput, CannedReplySetInput, CatalogueCategorySetInput, CatalogueEntryInput,
        CatalogueEntryRestoreInput, CatalogueEntryRetireInput, CatalogueProductSetInput, CatalogueQueueSetInput,
        CatalogueResolutionCodeSetInput, CatalogueTypeSetInput, DeskHolidayRemoveInput, DeskHolidaySetInput,
        DeskHoursSetInput, RulesResolutionSetInput, RulesWatchListSetInput, SettingsInput,
    },
    settings_payload::{
        self, BrandPayload, CaseRulesPayload, CataloguePayload, DeskPayload, RepliesPayload, SettingsPayload,
    },
};
use crate::commands::{Intention, Refusal};

/// What can be asked of settings.
#[derive(Default)]
pub struct SettingsMutations;

/// Parses an input into an action, or says which field is wrong.
type Parsed = Result<SettingsAction, Refusal>;

#[Object]
impl SettingsMutations {
    /// Say what a type of cases is; one that is not there begins, with the category *Other*.
    async fn catalogue_type_set(&self, ctx: &Context<'_>, input: CatalogueTypeSetInput) -> Result<CataloguePayload> {
        let parse = |_: &_| {
            let to = CaseType {
                name: name("name", &input.name)?,
                covers: input.covers.as_deref().map(|covers| name("covers", covers)).transpose()?,
                queue: slug("queue", &input.queue)?,
                priority: input.priority.into(),
                location_required: input.location_required,
                product_required: input.product_required,
            };
            Ok(SettingsAction::SetType { case_type: slug("key", &input.key)?, to })
        };
        change(ctx, "catalogueTypeSet", &input, parse).await
    }

    /// Say what a category of a type is; one that is not there begins.
    async fn catalogue_category_set(
        &self,
        ctx: &Context<'_>,
        input: CatalogueCategorySetInput,
    ) -> Result<CataloguePayload> {
        let parse = |_: &_| {
            let to = Category {
                name: name("name", &input.name)?,
                queue: input.queue.as_deref().map(|queue| slug("queue", queue)).transpose()?,
                priority: input.priority.map(Into::into),
            };
            let (case_type, category) = (slug("type", &input.r#type)?, slug("key", &input.key)?);
            Ok(SettingsAction::SetCategory { case_type, category, to })
        };
        change(ctx, "catalogueCategorySet", &input, parse).await
    }

    /// Say what a product is called; one that is not there begins.
    async fn catalogue_product_set(
        &self,
        ctx: &Context<'_>,
        input: CatalogueProductSetInput,
    ) -> Result<CataloguePayload> {
        let parse = |_: &_| {
            Ok(SettingsAction::SetProduct { product: slug("key", &input.key)?, name: name("name", &input.name)? })
        };
        change(ctx, "catalogueProductSet", &input, parse).await
    }

    /// Say what a queue is called; one that is not there begins.
    async fn catalogue_queue_set(&self, ctx: &Context<'_>, input: CatalogueQueueSetInput) -> Result<CataloguePayload> {
        let parse =
            |_: &_| Ok(SettingsAction::SetQueue { queue: slug("key", &input.key)?, name: name("name", &input.name)? });
        change(ctx, "catalogueQueueSet", &input, parse).await
    }

    /// Say what a resolution code is called; one that is not there begins.
    async fn catalogue_resolution_code_set(
        &self,
        ctx: &Context<'_>,
        input: CatalogueResolutionCodeSetInput,
    ) -> Result<CataloguePayload> {
        let parse = |_: &_| {
            Ok(SettingsAction::SetResolutionCode { code: slug("key", &input.key)?, name: name("name", &input.name)? })
        };
        change(ctx, "catalogueResolutionCodeSet", &input, parse).await
    }

    /// Let an entry of the catalogue be chosen no more. Cases that have it keep it.
    async fn catalogue_entry_retire(
        &self,
        ctx: &Context<'_>,
        input: CatalogueEntryRetireInput,
    ) -> Result<CataloguePayload> {
        let parse = |_: &_| Ok(SettingsAction::RetireEntry { entry: entry(&input.entry)? });
        change(ctx, "catalogueEntryRetire", &input, parse).await
    }

    /// Let an entry of the catalogue be chosen again.
    async fn catalogue_entry_restore(
        &self,
        ctx: &Context<'_>,
        input: CatalogueEntryRestoreInput,
    ) -> Result<CataloguePayload> {
        let parse = |_: &_| Ok(SettingsAction::RestoreEntry { entry: entry(&input.entry)? });
        change(ctx, "catalogueEntryRestore", &input, parse).await
    }

    /// Say when the desk is open.
    async fn desk_hours_set(&self, ctx: &Context<'_>, input: DeskHoursSetInput) -> Result<DeskPayload> {
        change(ctx, "deskHoursSet", &input, |_| hours(&input)).await
    }

    /// Close the desk on a day.
    async fn desk_holiday_set(&self, ctx: &Context<'_>, input: DeskHolidaySetInput) -> Result<DeskPayload> {
        let parse = |_: &_| Ok(SettingsAction::SetHoliday { date: input.date.0, name: name("name", &input.name)? });
        change(ctx, "deskHolidaySet", &input, parse).await
    }

    /// Open the desk on a day as on others of its kind.
    async fn desk_holiday_remove(&self, ctx: &Context<'_>, input: DeskHolidayRemoveInput) -> Result<DeskPayload> {
        change(ctx, "deskHolidayRemove", &input, |_| Ok(SettingsAction::RemoveHoliday { date: input.date.0 })).await
    }

    /// Say what a canned reply is; one that is not there begins.
    async fn canned_reply_set(&self, ctx: &Context<'_>, input: CannedReplySetInput) -> Result<RepliesPayload> {
        let parse = |request: &RequestContext| {
            let title = name("title", &input.title)?;
            Ok(SettingsAction::SetReply {
                reply: slug("key", &input.key)?,
                title: words(request, "reply title", "title", title.as_str(), Name::MAX_CHARS)?,
                body: words(request, "reply body", "body", &input.body, MAX_BODY_CHARS)?,
            })
        };
        change(ctx, "cannedReplySet", &input, parse).await
    }

    /// Offer a canned reply no more.
    async fn canned_reply_remove(&self, ctx: &Context<'_>, input: CannedReplyRemoveInput) -> Result<RepliesPayload> {
        let parse = |_: &_| Ok(SettingsAction::RemoveReply { reply: slug("key", &input.key)? });
        change(ctx, "cannedReplyRemove", &input, parse).await
    }

    /// Call the portal something.
    async fn brand_portal_name_set(&self, ctx: &Context<'_>, input: BrandPortalNameSetInput) -> Result<BrandPayload> {
        let parse = |_: &_| Ok(SettingsAction::SetPortalName { name: name("name", &input.name)? });
        change(ctx, "brandPortalNameSet", &input, parse).await
    }

    /// Give the portal colors.
    async fn brand_colors_set(&self, ctx: &Context<'_>, input: BrandColorsSetInput) -> Result<BrandPayload> {
        let parse = |_: &_| {
            let (primary, accent) = (parsed("primary", &input.primary)?, parsed("accent", &input.accent)?);
            Ok(SettingsAction::SetColors(Colors { primary, accent }))
        };
        change(ctx, "brandColorsSet", &input, parse).await
    }

    /// Give the portal a logo.
    async fn brand_logo_set(&self, ctx: &Context<'_>, input: BrandLogoSetInput) -> Result<BrandPayload> {
        change(ctx, "brandLogoSet", &input, |_| Ok(SettingsAction::SetLogo(logo(&input.data)?))).await
    }

    /// Take the logo away.
    async fn brand_logo_remove(&self, ctx: &Context<'_>, input: BrandLogoRemoveInput) -> Result<BrandPayload> {
        change(ctx, "brandLogoRemove", &input, |_| Ok(SettingsAction::RemoveLogo)).await
    }

    /// Say as whom mail of a kind goes out.
    async fn brand_sender_set(&self, ctx: &Context<'_>, input: BrandSenderSetInput) -> Result<BrandPayload> {
        let parse = |request: &RequestContext| {
            let (called, address) = (name("name", &input.name)?, PlainText::parse_email(&input.address));
            let address = address.map_err(|error| Refusal::of_field("address", error.to_string()))?;
            Ok(SettingsAction::SetSender {
                sender: input.sender.into(),
                name: words(request, "sender name", "name", called.as_str(), Name::MAX_CHARS)?,
                address: line(request, "sender address", address),
            })
        };
        change(ctx, "brandSenderSet", &input, parse).await
    }

    /// Say how long an answer waits that nobody objects to. It holds for answers that are given from then on.
    async fn rules_resolution_set(
        &self,
        ctx: &Context<'_>,
        input: RulesResolutionSetInput,
    ) -> Result<CaseRulesPayload> {
        // What does not fit is out of order, too.
        let days = |days: i32| u16::try_from(days).unwrap_or(0);
        let periods = ResolutionPeriods {
            remind_after_days: days(input.remind_after_days),
            close_after_days: days(input.close_after_days),
        };
        change(ctx, "rulesResolutionSet", &input, |_| Ok(SettingsAction::SetResolutionPeriods(periods))).await
    }

    /// Say who may be put on a watch list. Who is on one already stays there.
    async fn rules_watch_list_set(&self, ctx: &Context<'_>, input: RulesWatchListSetInput) -> Result<CaseRulesPayload> {
        let policy = input.policy.into();
        change(ctx, "rulesWatchListSet", &input, |_| Ok(SettingsAction::SetWatchList { policy })).await
    }
}

/// The one walk of every mutation of settings.
async fn change<P: SettingsPayload>(
    ctx: &Context<'_>,
    operation: &str,
    input: &(impl SettingsInput + Sync),
    parse: impl FnOnce(&RequestContext) -> Parsed + Send,
) -> Result<P> {
    let request = RequestContext::of(ctx)?;
    let intention = parse(request).and_then(|action| {
        // Before the version, which tells what was changed by whom.
        action.check_role(&request.caller.actor())?;
        Ok(Intention {
            idempotency: idempotency(operation, input.idempotency_key(), input)?,
            expected_version: input.expected_version().cloned(),
            ..Intention::new(&request.caller, request.id, action.section(), action)
        })
    });
    match intention {
        Ok(intention) => Box::pin(settings_payload::carry_out(ctx, intention)).await,
        Err(refusal) => Ok(P::refused(refusal)),
    }
}

fn name(field: &str, text: &str) -> Result<Name, Refusal> {
    Name::parse(text).map_err(|error| Refusal::of_field(field, error.to_string()))
}

fn parsed<T: std::str::FromStr<Err: ToString>>(field: &str, text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|error: T::Err| Refusal::of_field(field, error.to_string()))
}

/// Words of the installation, under a key of their own.
fn words(request: &RequestContext, kind: &str, field: &str, text: &str, limit: usize) -> Result<Line, Refusal> {
    let text = PlainText::parse(text, limit).map_err(|error| Refusal::of_field(field, error.to_string()))?;
    Ok(line(request, kind, text))
}

fn line(request: &RequestContext, kind: &str, text: PlainText) -> Line {
    request.services.commands.log.line(kind, request.new_id(), PersonId::OPERATOR, text)
}

fn entry(input: &CatalogueEntryInput) -> Result<EntryName, Refusal> {
    let key = |key: &str| -> Result<Slug, Refusal> { slug("entry", key) };
    Ok(match input {
        CatalogueEntryInput::Type(it) => EntryName::Type(key(it)?),
        CatalogueEntryInput::Category(it) => {
            EntryName::Category { case_type: key(&it.r#type)?, category: key(&it.category)? }
        }
        CatalogueEntryInput::Product(it) => EntryName::Product(key(it)?),
        CatalogueEntryInput::Queue(it) => EntryName::Queue(key(it)?),
        CatalogueEntryInput::ResolutionCode(it) => EntryName::ResolutionCode(key(it)?),
    })
}

fn hours(input: &DeskHoursSetInput) -> Parsed {
    let mut week: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for open in &input.hours {
        let span = Span { from: parsed("hours", &open.from)?, to: parsed("hours", &open.to)? };
        week.entry(open.day.into()).or_default().push(span);
    }
    Ok(SettingsAction::SetHours(Hours { time_zone: parsed("timeZone", &input.time_zone)?, week }))
}

/// A logo is what its first bytes say, whatever its client calls it.
fn logo(data: &str) -> Result<Logo, Refusal> {
    let refused = |message: &str| Refusal::of_field("data", message);
    let bytes = BASE64.decode(data).map_err(|_| refused("this is not Base64 with padding"))?;
    if bytes.len() > MAX_LOGO_BYTES {
        let message =
            format!("the logo has {} bytes, over the limit of {MAX_LOGO_BYTES}: make it smaller", bytes.len());
        return Err(refused(&message));
    }
    let media_type = infer::get(&bytes).and_then(|kind| kind.mime_type().parse::<LogoType>().ok());
    let media_type = media_type.ok_or_else(|| refused("this is no PNG, JPEG or WebP image"))?;
    Ok(Logo { media_type, data: data.to_owned() })
}
