//! `casestream serve`.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{CommandError, shutdown};
use crate::{
    credentials::{self, Credentials},
    files::{FileStore, Files, Scanner, causes},
    http::{self, Limits, SecurityOptions, ServerLimits, Tls},
    identity::Peppers,
    listen::listen,
    mail::{MailOptions, Mailer, Transport, mailbox, mailbox::Mailbox},
    service::{Parts, Service},
    settings::{LISTEN, Mode, OPERATIONS_LISTEN, Settings},
    store::Store,
    telemetry, timers,
};

/// Takes the addresses first, since a port in use is the commonest mistake and the cheapest to find, then opens the database; closes
/// it when the service has ended, however it has.
pub(super) async fn run(settings: Settings) -> Result<(), CommandError> {
    settings.check_serving()?;
    let tls = settings.tls.clone().map(Tls::open).transpose()?;
    let shutdown = shutdown::on_signal()?;
    let listener = listen(&LISTEN, settings.listen)?;
    let operations_listener = listen(&OPERATIONS_LISTEN, settings.operations_listen)?;
    // Not cut short by a signal: a PostgreSQL that is half started could not be stopped in order.
    let store = Store::open(&settings).await?;
    let served = match refuse_owner(&settings, &store).await {
        Ok(()) => serve(&settings, &store, tls, [listener, operations_listener], shutdown).await,
        refused => refused,
    };
    let closed = store.close().await;
    served.and(closed.map_err(CommandError::from))
}

/// In production the running service must not be able to undo what protects the log: the tables' owner could, and so could
/// whoever may become it.
async fn refuse_owner(settings: &Settings, store: &Store) -> Result<(), CommandError> {
    if settings.mode != Mode::Production {
        return Ok(());
    }
    let owns = "select pg_has_role(session_user, relowner, 'member') from pg_class where oid = 'events'::regclass";
    if sqlx::query_scalar(owns).fetch_one(&store.pool).await? { Err(CommandError::ServesAsOwner) } else { Ok(()) }
}

async fn serve(
    settings: &Settings,
    store: &Store,
    tls: Option<Tls>,
    [listener, operations_listener]: [TcpListener; 2],
    shutdown: CancellationToken,
) -> Result<(), CommandError> {
    http::install_panic_hook();
    let credentials = credentials(settings, store)?;
    credentials.hasher.peppers().check_use(&store.pool).await?;
    let metrics = telemetry::start_metrics().map_err(CommandError::Metrics)?;
    let upkeep = tokio::spawn(telemetry::keep_up_metrics(metrics.clone()));
    let service = Service::start(Parts {
        pool: store.pool.clone(),
        log: store.log.clone(),
        master: store.master.clone(),
        clock: store.clock.clone(),
        ids: store.ids.clone(),
        files: Files::new(FileStore::in_folder(&settings.data_dir.join("attachments"))?, settings.files)
            .scanned_by(settings.scanner.clone()),
        credentials,
    })
    .await?;
    let housekeeper = service.clone();
    let kept = settings.access_requests_kept;
    let housekeeping = tokio::spawn(async move { housekeeper.keep_house(kept).await });
    let timers = tokio::spawn(timers::run(Arc::clone(service.services())));
    let links = tokio::spawn(credentials::worker::run(Arc::clone(service.services())));
    let transport = Transport::new(&settings.mail, &settings.base_url, &settings.data_dir)?;
    let mailbox = mailbox_of(settings, &transport);
    let options = MailOptions { transport, base_url: settings.base_url.clone(), language: settings.mail.language };
    let mail = tokio::spawn(Mailer::new(Arc::clone(service.services()), options).run());
    let security = SecurityOptions {
        mode: settings.mode,
        origin: settings.base_url.as_str().to_owned(),
        proxies: settings.proxies.clone(),
        rates: settings.rates,
    };
    let limits = server_limits(settings);
    let renewal = tls.clone().map(|tls| tokio::spawn(tls.keep_fresh(store.clock.clone(), http::TLS_RENEWAL)));
    let public = service.router_beside(
        graphql_limits(settings),
        security.clone(),
        mailbox.map(mailbox::routes).unwrap_or_default(),
    );
    let operations = service.operations(metrics, security);
    tracing::info!(
        mode = ?settings.mode,
        address = %settings.listen,
        operations_address = %settings.operations_listen,
        "ready: GraphQL is at {}://{}/graphql", if tls.is_some() { "https" } else { "http" }, settings.listen
    );
    warn_of_open_addresses(settings);
    offer_demo(settings, store).await;
    look_for_scanner(settings.scanner.clone());
    tokio::join!(
        http::serve_over(listener, tls.clone(), public, limits.clone(), shutdown.clone().cancelled_owned()),
        http::serve_over(operations_listener, tls, operations, limits, shutdown.cancelled_owned()),
    );
    if let Some(renewal) = renewal {
        renewal.abort();
    }
    mail.abort();
    timers.abort();
    links.abort();
    housekeeping.abort();
    service.stop().await;
    upkeep.abort();
    Ok(())
}

/// Says so where what clients send can be read on its way, unless the network in between is the operator's own.
fn warn_of_open_addresses(settings: &Settings) {
    let open = [settings.listen, settings.operations_listen].into_iter().filter(|address| !address.ip().is_loopback());
    for address in open.filter(|_| settings.tls.is_none()) {
        tracing::warn!(
            %address,
            "others can reach this address, and it speaks plain HTTP: see that they come by an encrypted network alone, or set \
             CASESTREAM_TLS_CERTIFICATE_FILE"
        );
    }
}

/// Says so where uploads will be refused, without making anything wait for it.
fn look_for_scanner(scanner: Option<Scanner>) {
    let Some(scanner) = scanner else { return };
    tokio::spawn(async move {
        match scanner.ping().await {
            Ok(()) => tracing::info!("uploads are scanned for viruses"),
            Err(error) => tracing::error!(
                error = causes(&error),
                "the virus scanner does not answer: uploads are refused until it does (CASESTREAM_CLAMAV)"
            ),
        }
    });
}

/// Says what one may begin with, to whoever develops on an installation that has nothing yet.
async fn offer_demo(settings: &Settings, store: &Store) {
    if settings.mode != Mode::Development {
        return;
    }
    let is_empty = "select not exists (select from streams where aggregate_type in ('account', 'user'))";
    if let Ok(true) = sqlx::query_scalar(is_empty).fetch_one(&store.pool).await {
        tracing::info!(
            "nobody can sign in yet: `casestream demo` (or `make demo`) brings in a fictional telecom to try"
        );
    }
}

/// What people sign in with, as the settings say.
pub(super) fn credentials(settings: &Settings, store: &Store) -> Result<Credentials, CommandError> {
    let peppers = Peppers::open(&store.master, settings.pepper_file.as_deref())?;
    Ok(Credentials::new(settings.credentials, peppers))
}

/// The folder of mail that development mode shows as a page, if that is where it goes.
fn mailbox_of(settings: &Settings, transport: &Transport) -> Option<Mailbox> {
    let Transport::Folder(folder) = transport else { return None };
    if settings.mode != Mode::Development {
        return None;
    }
    tracing::info!("mail is not sent; it appears at {}/mailbox", settings.base_url.as_str());
    Some(Mailbox { folder: folder.clone(), authority: settings.base_url.authority().to_owned() })
}

fn server_limits(settings: &Settings) -> ServerLimits {
    ServerLimits {
        header: settings.header_timeout,
        idle: settings.body_timeout,
        connections: settings.connection_limit,
        ..ServerLimits::default()
    }
}

fn graphql_limits(settings: &Settings) -> Limits {
    let limits = settings.graphql;
    Limits {
        body_bytes: limits.body_limit_bytes,
        body_time: settings.body_timeout,
        document_bytes: limits.document_limit_bytes,
        depth: limits.depth,
        aliases: limits.aliases as u64,
        root_fields: limits.root_fields as u64,
        cost: limits.cost,
        execution: limits.timeout,
        ..Limits::default()
    }
}
