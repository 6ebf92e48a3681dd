//! The settings in force: a read model in memory, of the few events that settings have.
//!
//! Each process folds them from the log when it starts, and again when the log's end shows that there are new ones. So
//! nobody asks the database for settings; another process's change is known here once the tailer has seen it. A stream
//! has no event that becomes visible after a later one of it, so it need not be safe to read: what this process wrote, it
//! reads back at once.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    Line, Metadata, Slug, Timestamp,
    settings::{Sender, Settings, SettingsEvent, SettingsFact},
};
use event_log::{AnyEvent, Codec, FeedEvent, LogError, Span, Tailer, read_kind};
use sqlx::PgPool;
use tokio::{sync::watch, task::JoinHandle};

/// The kind of aggregate that settings are.
const KIND: &str = "settings";
/// How long it waits before it tries again to read what it could not.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// The settings as they are now, for one process. Clones share them.
#[derive(Clone)]
pub struct InForce {
    pool: PgPool,
    codec: Codec,
    now: watch::Sender<Arc<SettingsNow>>,
    task: Arc<Option<AbortOnDrop>>,
}

struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The settings, with the words that the rules do not know.
#[derive(Clone, Debug, Default)]
pub struct SettingsNow {
    /// The settings.
    pub settings: Settings,
    /// The titles and texts of canned replies.
    pub replies: BTreeMap<Slug, [Option<String>; 2]>,
    /// The names and addresses of senders.
    pub senders: BTreeMap<Sender, [Option<String>; 2]>,
}

impl SettingsNow {
    /// Folds one event into what came before.
    pub fn fold(&mut self, event: &SettingsEvent) {
        match &event.fact {
            SettingsFact::CannedReplySet { reply, title, body } => {
                self.replies.insert(reply.clone(), [words(title), words(body)]);
            }
            SettingsFact::CannedReplyRemoved { reply } => {
                self.replies.remove(reply);
            }
            SettingsFact::SenderSet { sender, name, address } => {
                self.senders.insert(*sender, [words(name), words(address)]);
            }
            SettingsFact::CaseTypeSet { .. }
            | SettingsFact::CategorySet { .. }
            | SettingsFact::CatalogueProductSet { .. }
            | SettingsFact::QueueSet { .. }
            | SettingsFact::ResolutionCodeSet { .. }
            | SettingsFact::CatalogueEntryRetired { .. }
            | SettingsFact::CatalogueEntryRestored { .. }
            | SettingsFact::DeskHoursSet(_)
            | SettingsFact::HolidaySet { .. }
            | SettingsFact::HolidayRemoved { .. }
            | SettingsFact::PortalNameSet { .. }
            | SettingsFact::ColorsSet(_)
            | SettingsFact::LogoSet(_)
            | SettingsFact::LogoRemoved {}
            | SettingsFact::ResolutionPeriodsSet(_)
            | SettingsFact::WatchListPolicySet { .. } => {}
        }
        self.settings.fold(event);
    }

    /// How many events made the settings.
    fn events(&self) -> u64 {
        self.settings.heads.values().map(|head| head.version).sum()
    }
}

fn words(line: &Line) -> Option<String> {
    line.text.value().map(|text| text.as_str().to_owned())
}

/// A change of the settings, as recorded.
#[derive(Clone, Debug)]
pub struct SettingsChange {
    /// Its place in the log.
    pub position: i64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who, in which request, through which channel.
    pub metadata: Metadata,
    /// What happened.
    pub event: SettingsEvent,
}

impl InForce {
    /// Reads the settings and follows them until the last clone is dropped.
    ///
    /// # Errors
    /// [`LogError::Database`], and [`LogError::Unreadable`] for an event of a newer binary.
    pub async fn start(pool: PgPool, codec: Codec, tailer: Tailer) -> Result<Self, LogError> {
        let mut in_force = Self { pool, codec, now: watch::channel(Arc::default()).0, task: Arc::new(None) };
        in_force.refresh().await?;
        let follower = tokio::spawn(in_force.clone().follow(tailer));
        in_force.task = Arc::new(Some(AbortOnDrop(follower)));
        Ok(in_force)
    }

    /// The settings as they are known here at this moment.
    #[must_use]
    pub fn now(&self) -> Arc<SettingsNow> {
        Arc::clone(&self.now.borrow())
    }

    /// The settings as they are known here if these are good enough, else as the log has them.
    ///
    /// # Errors
    /// As [`InForce::refresh`].
    pub async fn that(&self, is_good: impl Fn(&Settings) -> bool + Send) -> Result<Arc<SettingsNow>, LogError> {
        let known = self.now();
        if is_good(&known.settings) {
            return Ok(known);
        }
        self.refresh().await?;
        Ok(self.now())
    }

    /// Reads the settings from the log.
    ///
    /// # Errors
    /// As [`InForce::start`]; what was known before is known still.
    pub async fn refresh(&self) -> Result<(), LogError> {
        let mut read = SettingsNow::default();
        for change in self.changes().await? {
            read.fold(&change.event);
        }
        // Of two reads, the one that found more is the later one.
        self.now.send_if_modified(|known| {
            let is_newer = read.events() > known.events();
            if is_newer {
                *known = Arc::new(read);
            }
            is_newer
        });
        Ok(())
    }

    /// All changes there were, in the order of the log.
    ///
    /// # Errors
    /// As [`InForce::start`].
    pub async fn changes(&self) -> Result<Vec<SettingsChange>, LogError> {
        let mut conn = self.pool.acquire().await?;
        read_kind(&mut conn, &self.codec, KIND).await?.into_iter().filter_map(change).collect()
    }

    async fn follow(self, tailer: Tailer) {
        let started = Instant::now();
        let (mut safe, mut seen, mut is_behind) = (tailer.subscribe(), tailer.safe_position(), true);
        loop {
            if is_behind {
                let moved = tokio::time::timeout(AGAIN_AFTER, safe.changed()).await;
                if matches!(moved, Ok(Err(_))) {
                    return;
                }
            } else if safe.changed().await.is_err() {
                return;
            }
            let up_to = *safe.borrow_and_update();
            let news = Span { aggregate_types: &[KIND], after: seen, up_to, limit: i64::MAX };
            let nothing_new = up_to == seen || tailer.recent(news, started).is_some_and(|events| events.is_empty());
            seen = up_to;
            if is_behind || !nothing_new {
                is_behind = match self.refresh().await {
                    Ok(()) => false,
                    Err(error) => {
                        tracing::warn!(%error, "the settings cannot be read; going on with those known, trying again");
                        true
                    }
                };
            }
        }
    }
}

/// The change that an event is.
fn change(event: FeedEvent) -> Option<Result<SettingsChange, LogError>> {
    let FeedEvent { position, stream, sequence, recorded_at, event } = event;
    match event {
        Ok((AnyEvent::Settings { event, .. }, metadata)) => {
            Some(Ok(SettingsChange { position, recorded_at, metadata, event }))
        }
        // A stream of settings has no event of another aggregate.
        Ok((
            AnyEvent::Case { .. }
            | AnyEvent::Account { .. }
            | AnyEvent::Person { .. }
            | AnyEvent::User { .. }
            | AnyEvent::AccessRequest { .. },
            _,
        )) => None,
        Err(source) => Some(Err(LogError::Unreadable { stream, sequence, source })),
    }
}
