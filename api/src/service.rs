//! The running service: the log's tailer, the projector, the schema, and the two routers in front of them.

use std::{sync::Arc, time::Duration};

use async_graphql::Data;
use axum::{
    Router,
    http::{HeaderMap, Method, header::AUTHORIZATION},
};
use chrono::TimeDelta;
use domain::RequestId;
use event_log::{EventLog, MasterKey, Tailer};
use metrics_exporter_prometheus::PrometheusHandle;
use projections::{Health, InForce, ProjectionError, Projector};
use sqlx::PgPool;

use crate::{
    access_requests::AccessRequests,
    clock::{Clock, Ids},
    commands::Commands,
    credentials::{self, CredentialRules, Credentials, Visit},
    erasure::Erasing,
    files::{
        self, Files, Stages,
        sweep::{SweepError, Swept, sweep},
    },
    graphql::{Exact, RequestContext, Schema, Services, credential_mutations, list_sizes, schema, sdl},
    http::{
        self, CookieKind, Cookies, Documents, Door, Limits, MakeData, MakeStanding, Occasion, ReadinessCheck,
        RequestError, RequestHead, RequestRates, SecurityOptions, Shedding, operations_router, router,
    },
    identity::{AccessLog, Callers, RateGuard, Secret, Standings, Use, sessions::SESSION_PREFIX},
    news::CaseNews,
    opaque::Opaque,
    postgres::is_out_of_reach,
    users::Users,
    watch,
};

/// What the service is made of.
pub struct Parts {
    /// The service's pool.
    pub pool: PgPool,
    /// The log.
    pub log: EventLog,
    /// The master key.
    pub master: Arc<MasterKey>,
    /// The time.
    pub clock: Clock,
    /// New ids.
    pub ids: Ids,
    /// The files of cases.
    pub files: Files,
    /// What people sign in with.
    pub credentials: Credentials,
}

/// A running service. Clones are handles to the same one.
#[derive(Clone)]
pub struct Service {
    services: Arc<Services>,
    schema: Exact<Schema>,
    callers: Callers,
    standings: Standings,
    shedding: Shedding,
    cookies: Cookies,
    /// Where browsers reach it.
    origin: String,
}

impl Service {
    /// Starts following the log and keeping the read models.
    ///
    /// # Errors
    /// [`ProjectionError`] when the read models are not there.
    pub async fn start(parts: Parts) -> Result<Self, ProjectionError> {
        let Parts { pool, log, master, clock, ids, files, credentials } = parts;
        let tailer = Tailer::start(&log);
        let settings = InForce::start(pool.clone(), log.codec().clone(), tailer.clone()).await?;
        let projector = Projector::start(pool.clone(), &pool, log.codec().clone(), tailer.clone()).await?;
        let reads = projector.reads();
        let CredentialRules { sessions, second_factor, .. } = credentials.rules;
        let callers = Callers::new(pool.clone(), clock.clone(), reads.clone(), sessions, second_factor);
        let standings = Standings::start(callers.clone());
        let news = CaseNews::start(pool.clone(), projector.progress());
        let services = Arc::new(Services {
            news,
            reads: reads.clone(),
            tailer,
            access_log: AccessLog::new(pool.clone(), clock.clone(), &master),
            rates: RateGuard::new(&master),
            credentials,
            commands: Commands {
                max_attachments: files.limits.per_case,
                stages: Stages::new(&log),
                settings,
                reads,
                log,
                clock,
                ids,
                opaque: Arc::new(Opaque::new(&master)),
            },
            files,
            pool,
            projector,
        });
        let shedding = Shedding::new(RequestRates::UNREACHED);
        let (cookies, origin) = (Cookies::default(), String::new());
        Ok(Self { schema: Exact::new(schema(), &sdl()), services, callers, standings, shedding, cookies, origin })
    }

    /// The public routes.
    pub fn router(&self, limits: Limits, security: SecurityOptions) -> Router {
        self.router_beside(limits, security, Router::new())
    }

    /// The public routes, and others beside them.
    pub fn router_beside(&self, mut limits: Limits, security: SecurityOptions, others: Router) -> Router {
        let service = Self {
            shedding: Shedding::new(security.rates),
            cookies: Cookies::new(&security),
            origin: security.origin.clone(),
            ..self.clone()
        };
        let others = others
            .merge(files::routes::routes(service.clone()))
            .merge(watch::routes::routes(service.clone()))
            .merge(http::portal_routes());
        limits.credential_mutations = credential_mutations();
        limits.list_sizes = list_sizes();
        limits.documents = Documents::of_portal();
        let door = Door { make_data: service.make_data(), make_standing: service.make_standing() };
        router(self.schema.clone(), limits, security, door, others)
    }

    /// The operations port's routes.
    pub fn operations(&self, metrics: PrometheusHandle, security: SecurityOptions) -> Router {
        operations_router(self.readiness(), metrics, security)
    }

    /// The parts that resolvers use.
    #[must_use]
    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// Does what must be done now and then, for ever: forgets the records of old commands, ends erasures, releases the cases of those
    /// who are gone, and says how the pool is
    /// doing. Every instance may do it.
    pub async fn keep_house(&self, access_requests_kept: TimeDelta) {
        const EVERY: Duration = Duration::from_secs(5);
        const SWEEPS_EVERY: u64 = 720;
        const COUNTS_EVERY: u64 = 12;
        let mut ticks = tokio::time::interval(EVERY);
        for tick in 0_u64.. {
            ticks.tick().await;
            let pool = &self.services.pool;
            metrics::gauge!("casestream_pool_connections").set(f64::from(pool.size()));
            let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
            metrics::gauge!("casestream_pool_idle_connections").set(f64::from(idle));
            self.go_on_erasing().await;
            self.release_cases().await;
            if tick.is_multiple_of(COUNTS_EVERY) {
                self.forget_credentials().await;
                self.forget_counts().await;
                self.carry_out_access_requests().await;
            }
            if tick.is_multiple_of(SWEEPS_EVERY) {
                self.sweep().await;
                self.end_access_requests(access_requests_kept).await;
            }
        }
    }

    /// Ends what a killed process began.
    async fn go_on_erasing(&self) {
        if let Err(error) = Erasing::with(&self.services).go_on().await {
            tracing::warn!(%error, "an erasure that was begun is not ended yet; trying again");
        }
    }

    /// Releases the cases of those who cannot sign in any more.
    async fn release_cases(&self) {
        match Users::with(&self.services).release_cases().await {
            Ok(0) => {}
            Ok(released) => tracing::info!(released, "released cases of somebody who cannot sign in any more"),
            Err(error) => tracing::warn!(%error, "cases of somebody who is gone are not released yet; trying again"),
        }
    }

    /// Carries out what was decided of requests for access and was left, because a process was killed.
    async fn carry_out_access_requests(&self) {
        if let Err(error) = AccessRequests::with(&self.services).go_on().await {
            tracing::warn!(%error, "what was decided of requests for access is not carried out yet; trying again");
        }
    }

    /// Destroys the words of requests for access that were kept long enough.
    async fn end_access_requests(&self, kept: TimeDelta) {
        match AccessRequests::with(&self.services).end_retention(kept).await {
            Ok(ended) => tracing::debug!(ended, "destroyed the words of old requests for access"),
            Err(error) => tracing::warn!(%error, "old requests for access keep their words for now; trying again"),
        }
    }

    async fn forget_credentials(&self) {
        match credentials::worker::sweep(&self.services).await {
            Ok(forgotten) => tracing::debug!(forgotten, "forgot sessions, links and attempts that have ended"),
            Err(error) => tracing::warn!(%error, "sessions that have ended could not be forgotten; trying again"),
        }
    }

    async fn forget_counts(&self) {
        match RateGuard::sweep(&self.services.pool, self.services.commands.clock.now()).await {
            Ok(forgotten) => tracing::debug!(forgotten, "forgot counts of tries"),
            Err(error) => tracing::warn!(%error, "counts of tries could not be forgotten; trying again"),
        }
    }

    async fn sweep(&self) {
        let commands = &self.services.commands;
        match self.sweep_files().await {
            Ok(swept) => tracing::debug!(?swept, "swept the files"),
            Err(error) => tracing::warn!(%error, "the files could not be swept; trying again"),
        }
        match commands.log.forget_old_commands(commands.clock.now()).await {
            Ok(forgotten) => tracing::debug!(forgotten, "forgot the records of old commands"),
            Err(error) => tracing::warn!(%error, "the records of old commands could not be forgotten; trying again"),
        }
    }

    /// Removes uploads and stored files that nobody has any more.
    ///
    /// # Errors
    /// [`SweepError`].
    pub async fn sweep_files(&self) -> Result<Swept, SweepError> {
        let Commands { log, clock, stages, .. } = &self.services.commands;
        sweep(&self.services.files, stages, log, clock.now()).await
    }

    /// Ends the projector after the step at hand.
    pub async fn stop(&self) {
        self.services.projector.stop().await;
    }

    /// Makes the caller out of a request. One without credentials gets as far as what needs none; one with bad ones
    /// gets nowhere.
    fn make_data(&self) -> MakeData {
        let service = self.clone();
        Arc::new(move |head: RequestHead| {
            let service = service.clone();
            Box::pin(async move {
                let mut data = Data::default();
                data.insert(service.services.commands.settings.clone());
                data.insert(head.client);
                data.insert(head.request_id);
                data.insert(Arc::clone(&service.services));
                data.insert(service.visit(&head));
                if let Some(context) = service.context(&head.headers, head.request_id, head.occasion).await? {
                    data.insert(context);
                }
                Ok(data)
            })
        })
    }

    /// What a request brought along, whoever sent it.
    fn visit(&self, head: &RequestHead) -> Visit {
        let by_token = bearer(&head.headers).ok().flatten().filter(|token| token.starts_with(SESSION_PREFIX));
        Visit {
            request: RequestId(head.request_id.0),
            client: head.client,
            device: self.cookies.read(&head.headers, CookieKind::Device),
            session: by_token.map(Secret::new).or_else(|| self.cookies.read(&head.headers, CookieKind::Session)),
            // No cookie is set but by an answer.
            is_same_origin: head.occasion == Occasion::Request
                && http::is_same_origin(&Method::POST, &head.headers, &self.origin),
            cookies: self.cookies,
            is_brought_in: false,
            services: Arc::clone(&self.services),
        }
    }

    /// The context of a request by somebody, who sent a token or has a session's cookie; none for one without credentials, or with
    /// the cookie of a session that has ended.
    ///
    /// # Errors
    /// [`RequestError::Unauthenticated`] for bad credentials, or that the database does not answer.
    pub(crate) async fn context(
        &self,
        headers: &HeaderMap,
        id: http::RequestId,
        occasion: Occasion,
    ) -> Result<Option<RequestContext>, RequestError> {
        let use_of = if occasion == Occasion::Again { Use::GoesOn } else { Use::Anew };
        let caller = match self.secret(headers)? {
            Some((secret, is_needed)) => {
                let caller = self.callers.caller(secret.reveal(), use_of).await.map_err(|error| unanswered(&error))?;
                if is_needed && caller.is_none() {
                    return Err(RequestError::Unauthenticated);
                }
                caller
            }
            None => None,
        };
        let Some(caller) = caller else { return Ok(None) };
        http::asks(caller.person);
        if use_of == Use::Anew {
            let only_account = caller.accounts.keys().next().filter(|_| caller.accounts.len() == 1).copied();
            self.shedding.admit(caller.person, only_account)?;
        }
        Ok(Some(RequestContext::new(RequestId(id.0), caller, Arc::clone(&self.services))))
    }

    /// The secret that a request brought, and whether it is refused when that is good for nothing: a token is, and the cookie of a
    /// session that has ended is none.
    fn secret(&self, headers: &HeaderMap) -> Result<Option<(Secret, bool)>, RequestError> {
        if let Some(token) = bearer(headers)? {
            return Ok(Some((Secret::new(token), true)));
        }
        let cookie = self.cookies.read(headers, CookieKind::Session);
        Ok(cookie.filter(|cookie| cookie.reveal().starts_with(SESSION_PREFIX)).map(|cookie| (cookie, false)))
    }

    /// Finds out who opens a connection that stays open, and tells from then on how they stand.
    fn make_standing(&self) -> MakeStanding {
        let service = self.clone();
        Arc::new(move |head: RequestHead| {
            let service = service.clone();
            Box::pin(async move {
                let Some((secret, is_needed)) = service.secret(&head.headers)? else { return Ok(None) };
                let standing = service.standings.of(&secret).await.map_err(|error| unanswered(&error))?;
                if is_needed && standing.is_none() {
                    return Err(RequestError::Unauthenticated);
                }
                Ok(standing)
            })
        })
    }

    fn readiness(&self) -> Vec<ReadinessCheck> {
        let pool = self.services.pool.clone();
        let projector = self.services.projector.clone();
        vec![
            ReadinessCheck {
                name: "database",
                check: Arc::new(move || {
                    let pool = pool.clone();
                    Box::pin(async move {
                        sqlx::query("select 1").execute(&pool).await.map(drop).map_err(|error| error.to_string())
                    })
                }),
            },
            ReadinessCheck {
                name: "projections",
                check: Arc::new(move || {
                    let now = projector.health();
                    Box::pin(async move {
                        match now {
                            Health::Ready => Ok(()),
                            Health::NotReady(reason) => Err(reason),
                        }
                    })
                }),
            },
        ]
    }
}

/// What a request is told that comes while the database does not answer: to come back, when it is out of reach.
fn unanswered(error: &Arc<sqlx::Error>) -> RequestError {
    const RETRY_AFTER: Duration = Duration::from_secs(5);
    if is_out_of_reach(error) {
        tracing::warn!(%error, "the database is out of reach; requests are told to come back");
        return RequestError::Unavailable { retry_after: RETRY_AFTER };
    }
    RequestError::internal(&**error)
}

/// The token of an `Authorization: Bearer` header (RFC 6750, section 2.1).
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, RequestError> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| RequestError::Unauthenticated)?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => {
            Ok(Some(token.trim()))
        }
        _ => Err(RequestError::Unauthenticated),
    }
}
