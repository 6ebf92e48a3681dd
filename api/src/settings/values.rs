//! The values that the program works with, and how they are put together.

use std::{
    ffi::OsString,
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::TimeDelta;
use sqlx::postgres::PgConnectOptions;

use crate::{
    credentials::CredentialRules,
    files::{FileLimits, Scanner},
    http::{RequestRates, TlsFiles, TrustedProxies},
    identity::{AttemptRules, HashingRules, PasswordRules, SessionRules},
};

use super::{
    declared,
    error::SettingsError,
    mail::{BaseUrl, MailSettings},
    reader::Reader,
    rules,
    setting::About,
};

/// All settings, checked one by one and against each other.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How strict the server is about its surroundings.
    pub mode: Mode,
    /// The PostgreSQL to use; without one a private PostgreSQL is started in [`Settings::data_dir`].
    pub database_url: Option<DatabaseUrl>,
    /// The size of the service's connection pool.
    pub database_connections: u32,
    /// How many threads do the work.
    pub threads: usize,
    /// The folder of everything kept on this machine; absolute.
    pub data_dir: PathBuf,
    /// The file with the master key; absolute.
    pub master_key_file: PathBuf,
    /// The folder of PostgreSQL's programs, when the usual places are not to be searched.
    pub pg_bin: Option<PathBuf>,
    /// Where the API listens.
    pub listen: SocketAddr,
    /// Where health and metrics are served.
    pub operations_listen: SocketAddr,
    /// The certificate with which both are served over HTTPS, and its key; absolute.
    pub tls: Option<TlsFiles>,
    /// The proxies in front, whose word for the client's address is taken.
    pub proxies: TrustedProxies,
    /// How many requests may come.
    pub rates: RequestRates,
    /// How long the words of requests for access are kept.
    pub access_requests_kept: TimeDelta,
    /// The address under which people reach the service.
    pub base_url: BaseUrl,
    /// Whether somebody chose that address.
    pub has_base_url: bool,
    /// How mail leaves.
    pub mail: MailSettings,
    /// The most client connections at a time.
    pub connection_limit: usize,
    /// How long a client may take to send a request's headers.
    pub header_timeout: Duration,
    /// How long a client may take to send a request's body.
    pub body_timeout: Duration,
    /// What a GraphQL request may ask for.
    pub graphql: GraphqlLimits,
    /// How much attachments may take.
    pub files: FileLimits,
    /// What scans attachments for viruses.
    pub scanner: Option<Scanner>,
    /// What people sign in with.
    pub credentials: CredentialRules,
    /// The file with newer peppers of passwords; absolute.
    pub pepper_file: Option<PathBuf>,
    /// The filter of the log, in the syntax of `tracing_subscriber::EnvFilter`.
    pub log_filter: String,
    /// How log lines look.
    pub log_format: LogFormat,
}

/// How strict the server is about its surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One person at one machine: conveniences are on, and only loopback addresses are listened on.
    Development,
    /// Real customers: unsafe surroundings are refused at the start.
    Production,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people: one line an event, colored on a terminal.
    Pretty,
    /// For machines: one JSON object an event.
    Json,
}

/// What one GraphQL request may ask for; beyond it the request is refused before anything runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphqlLimits {
    /// The largest request body.
    pub body_limit_bytes: usize,
    /// The largest document.
    pub document_limit_bytes: usize,
    /// How deep fields may nest.
    pub depth: usize,
    /// How many aliases a document may use.
    pub aliases: usize,
    /// How many fields an operation may select at its root.
    pub root_fields: usize,
    /// What an operation may cost.
    pub cost: u64,
    /// How long a request may run.
    pub timeout: Duration,
}

/// A PostgreSQL to connect to, of which `Debug` shows no password.
#[derive(Clone)]
pub struct DatabaseUrl(pub PgConnectOptions);

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "postgres://{}:[redacted]@{}:{}/{}",
            self.0.get_username(),
            self.0.get_host(),
            self.0.get_port(),
            self.0.get_database().unwrap_or_default()
        )
    }
}

impl Settings {
    /// Reads the settings from this process's environment.
    ///
    /// # Errors
    /// Names every setting that is wrong, unknown or missing.
    pub fn from_environment() -> Result<Self, SettingsError> {
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let is_root = nix::unistd::geteuid().is_root();
        Self::from_lookup(&|name| std::env::var_os(name), names, is_root)
    }

    /// Reads the settings through `lookup`; `names` are those of all variables that are set, `is_root` chooses the default data folder.
    ///
    /// # Errors
    /// Names every setting that is wrong, unknown or missing.
    pub fn from_lookup(
        lookup: &dyn Fn(&str) -> Option<OsString>,
        names: impl Iterator<Item = String>,
        is_root: bool,
    ) -> Result<Self, SettingsError> {
        let mut reader = Reader::new(lookup);
        let data_dir = data_dir(&mut reader, is_root);
        let database_url = reader.secret(&declared::DATABASE_URL, &declared::DATABASE_URL_FILE);
        let mode = reader.value(&declared::MODE);
        let listen = reader.value(&declared::LISTEN);
        let base_url = reader.set_value(&declared::BASE_URL);
        let tls = tls(&mut reader);
        let settings = Self {
            mode,
            threads: reader.set_value(&declared::THREADS).unwrap_or_else(|| threads(database_url.is_none())),
            database_url,
            database_connections: reader.value(&declared::DATABASE_CONNECTIONS),
            master_key_file: master_key_file(&mut reader, &data_dir),
            data_dir,
            pg_bin: reader.set_value(&declared::PG_BIN),
            listen,
            operations_listen: reader.value(&declared::OPERATIONS_LISTEN),
            proxies: TrustedProxies {
                trusted: reader.set_value(&declared::TRUSTED_PROXIES).unwrap_or_default(),
                header: reader.value(&declared::FORWARDED_HEADER),
            },
            rates: RequestRates {
                network: reader.value(&declared::REQUESTS_PER_NETWORK),
                person: reader.value(&declared::REQUESTS_PER_PERSON),
                account: reader.value(&declared::REQUESTS_PER_ACCOUNT),
            },
            access_requests_kept: reader.value(&declared::ACCESS_REQUESTS_KEPT),
            has_base_url: base_url.is_some(),
            base_url: base_url.unwrap_or_else(|| local_url(listen, tls.is_some())),
            tls,
            mail: mail(&mut reader),
            connection_limit: reader.value(&declared::CONNECTION_LIMIT),
            header_timeout: reader.value(&declared::HEADER_TIMEOUT),
            body_timeout: reader.value(&declared::BODY_TIMEOUT),
            graphql: graphql_limits(&mut reader),
            files: FileLimits {
                file_bytes: reader.value(&declared::FILE_LIMIT),
                per_case: reader.value(&declared::FILES_PER_CASE),
                account_bytes: reader.value(&declared::FILE_QUOTA),
            },
            scanner: scanner(&mut reader),
            credentials: credential_rules(&mut reader),
            pepper_file: reader.set_value(&declared::PEPPER_FILE).map(|path| absolute(&path)),
            log_filter: reader.value(&declared::LOG),
            log_format: reader.set_value(&declared::LOG_FORMAT).unwrap_or(match mode {
                Mode::Development => LogFormat::Pretty,
                Mode::Production => LogFormat::Json,
            }),
        };
        rules::check(&settings, &mut reader);
        reader.refuse_unknown(names);
        reader.finish()?;
        Ok(settings)
    }

    /// Makes sure that people can be served with these settings, which other commands need not.
    ///
    /// # Errors
    /// Names every setting that is missing for it.
    pub fn check_serving(&self) -> Result<(), SettingsError> {
        rules::check_serving(self)
    }

    /// Starts the threads that do the work.
    ///
    /// # Errors
    /// When the system has none to give.
    pub fn runtime(&self) -> std::io::Result<tokio::runtime::Runtime> {
        tokio::runtime::Builder::new_multi_thread().worker_threads(self.threads).enable_all().build()
    }
}

/// A private PostgreSQL has half of the machine: it and the service take turns for every request, and threads that share
/// cores with it get into its way.
fn threads(is_postgres_here: bool) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if is_postgres_here { (cores / 2).max(1) } else { cores }
}

/// As root the folder must be one that the unprivileged user of PostgreSQL can reach, which a folder under `/root` is not.
fn data_dir(reader: &mut Reader<'_>, is_root: bool) -> PathBuf {
    let chosen = reader.set_value(&declared::DATA_DIR);
    let fallback = if is_root { "/var/lib/casestream" } else { ".casestream" };
    absolute(&chosen.unwrap_or_else(|| PathBuf::from(fallback)))
}

fn master_key_file(reader: &mut Reader<'_>, data_dir: &Path) -> PathBuf {
    let chosen = reader.set_value(&declared::MASTER_KEY_FILE);
    chosen.map_or_else(|| data_dir.join("master.key"), |path| absolute(&path))
}

fn local_url(listen: SocketAddr, has_tls: bool) -> BaseUrl {
    let scheme = if has_tls { "https" } else { "http" };
    BaseUrl::parse(&format!("{scheme}://{listen}")).expect("an address and a port")
}

fn tls(reader: &mut Reader<'_>) -> Option<TlsFiles> {
    let (certificate, key) =
        (reader.set_value(&declared::TLS_CERTIFICATE_FILE), reader.set_value(&declared::TLS_KEY_FILE));
    let (certificate_about, key_about) = (&declared::TLS_CERTIFICATE_FILE.about, &declared::TLS_KEY_FILE.about);
    need_counterpart(reader, certificate.is_some(), &[certificate_about], &[key_about]);
    need_counterpart(reader, key.is_some(), &[key_about], &[certificate_about]);
    Some(TlsFiles { certificate: absolute(&certificate?), key: absolute(&key?) })
}

/// Refuses a value whose counterpart is not set, be that right or wrong. Each may be set by several names.
fn need_counterpart(reader: &mut Reader<'_>, has_value: bool, names: &[&About], counterparts: &[&About]) {
    if !has_value || counterparts.iter().any(|about| reader.is_set(about)) {
        return;
    }
    let words = format!("is set, and {} is not: set both, or neither", counterparts[0].name);
    if let Some(about) = names.iter().find(|about| reader.is_set(about)) {
        reader.refuse(about, words);
    }
}

fn mail(reader: &mut Reader<'_>) -> MailSettings {
    let user = reader.set_value(&declared::SMTP_USER);
    let password = reader.secret(&declared::SMTP_PASSWORD, &declared::SMTP_PASSWORD_FILE);
    let users = [&declared::SMTP_USER.about];
    let passwords = [&declared::SMTP_PASSWORD.about, &declared::SMTP_PASSWORD_FILE.about];
    need_counterpart(reader, user.is_some(), &users, &passwords);
    need_counterpart(reader, password.is_some(), &passwords, &users);
    MailSettings {
        server: reader.set_value(&declared::SMTP_URL),
        credentials: user.zip(password),
        ca_file: reader.set_value(&declared::SMTP_CA_FILE).map(|path| absolute(&path)),
        timeout: reader.value(&declared::SMTP_TIMEOUT),
        language: reader.value(&declared::MAIL_LANGUAGE),
    }
}

fn scanner(reader: &mut Reader<'_>) -> Option<Scanner> {
    let (address, limit) = (reader.set_value(&declared::CLAMAV), reader.value(&declared::CLAMAV_TIMEOUT));
    address.map(|address| Scanner { address, limit })
}

fn graphql_limits(reader: &mut Reader<'_>) -> GraphqlLimits {
    GraphqlLimits {
        body_limit_bytes: reader.value(&declared::GRAPHQL_BODY_LIMIT),
        document_limit_bytes: reader.value(&declared::GRAPHQL_DOCUMENT_LIMIT),
        depth: reader.value(&declared::GRAPHQL_DEPTH),
        aliases: reader.value(&declared::GRAPHQL_ALIASES),
        root_fields: reader.value(&declared::GRAPHQL_ROOT_FIELDS),
        cost: reader.value(&declared::GRAPHQL_COST),
        timeout: reader.value(&declared::GRAPHQL_TIMEOUT),
    }
}

fn credential_rules(reader: &mut Reader<'_>) -> CredentialRules {
    CredentialRules {
        passwords: PasswordRules {
            alone: reader.value(&declared::PASSWORD_CHARS),
            with_second_factor: reader.value(&declared::PASSWORD_CHARS_WITH_FACTOR),
        },
        hashing: HashingRules {
            memory_kib: reader.value(&declared::HASH_MEMORY),
            passes: reader.value(&declared::HASH_PASSES),
            at_a_time: reader.value(&declared::HASHES_AT_A_TIME),
            waiting: reader.value(&declared::HASHES_WAITING),
        },
        sessions: SessionRules {
            idle: Duration::from_mins(reader.value(&declared::SESSION_IDLE)),
            absolute: Duration::from_hours(reader.value(&declared::SESSION_HOURS)),
        },
        attempts: AttemptRules {
            limit: reader.value(&declared::LOCK_AFTER),
            lock: Duration::from_mins(reader.value(&declared::LOCK_MINUTES)),
            per_network: reader.value(&declared::SIGN_INS_PER_NETWORK),
        },
        challenge_questions: reader.value(&declared::CHALLENGE_QUESTIONS),
        second_factor: reader.value(&declared::SECOND_FACTOR),
    }
}

/// A process whose current folder was deleted keeps the relative path, and fails at its first use with the folder's name.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
