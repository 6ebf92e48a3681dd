//! The settings themselves, each declared once.

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use chrono::TimeDelta;

use crate::http::{ForwardedHeader, Trusted};

use super::{
    mail::{BaseUrl, SmtpServer},
    parse,
    setting::{About, Fallback, Setting},
    values::{DatabaseUrl, LogFormat, Mode},
};
use crate::{
    files::ScannerAddress,
    identity::{SecondFactor, Secret},
    mail::Language,
};

/// Shortens a declaration whose value is no secret to its four parts.
const fn declare<T>(
    name: &'static str,
    fallback: Fallback,
    description: &'static str,
    parse: fn(&str) -> Result<T, String>,
) -> Setting<T> {
    Setting { about: About { name, fallback, description, secret: false }, parse }
}

pub(super) static MODE: Setting<Mode> = declare(
    "CASESTREAM_MODE",
    Fallback::Text("development"),
    "`development` or `production`. Development is for one person at one machine: it listens on loopback addresses only. Production refuses a database role that is a superuser, a master key inside the data folder, a connection to another machine's PostgreSQL that nobody vouches for, and to serve without a base URL of `https` and a mail server.",
    parse::mode,
);

pub(super) static DATABASE_URL: Setting<DatabaseUrl> = Setting {
    about: About {
        name: "DATABASE_URL",
        fallback: Fallback::Derived("none: a private PostgreSQL is started"),
        description: "The PostgreSQL to use, as `postgres://role:password@host:port/database`. The owner's role for `casestream migrate` and `casestream rebuild`, the role `casestream_writer` for everything else; in development one URL serves both. Production refuses another machine without `sslmode=verify-full` (or `verify-ca`).",
        secret: true,
    },
    parse: parse::database_url,
};

pub(super) static DATABASE_URL_FILE: Setting<PathBuf> = declare(
    "DATABASE_URL_FILE",
    Fallback::Derived("none"),
    "A file that holds what `DATABASE_URL` would, in place of it: for a password that is in no environment.",
    parse::path,
);

pub(super) static DATABASE_CONNECTIONS: Setting<u32> = declare(
    "CASESTREAM_DATABASE_CONNECTIONS",
    Fallback::Text("16"),
    "The most connections to PostgreSQL in the pool of one instance, 2 to 1000. Up to 9 more serve the log and the read models.",
    parse::number::<u32, 2, 1000>,
);

pub(super) static THREADS: Setting<usize> = declare(
    "CASESTREAM_THREADS",
    Fallback::Derived("as many as the machine has cores; half as many, at least one, beside a private PostgreSQL"),
    "How many threads do the work, 1 to 1024.",
    parse::number::<usize, 1, 1024>,
);

pub(super) static DATA_DIR: Setting<PathBuf> = declare(
    "CASESTREAM_DATA_DIR",
    Fallback::Derived("`.casestream` in the current folder; as root `/var/lib/casestream`"),
    "The folder of everything that Casestream keeps on this machine: the private PostgreSQL, and in development the master key.",
    parse::path,
);

pub(super) static MASTER_KEY_FILE: Setting<PathBuf> = declare(
    "CASESTREAM_MASTER_KEY_FILE",
    Fallback::Derived("`master.key` in the data folder; in production none, and it must be set"),
    "The file with the key that protects all other keys. Without it nothing personal can ever be read again: keep a copy apart from the database's backups.",
    parse::path,
);

pub(super) static PG_BIN: Setting<PathBuf> = declare(
    "PG_BIN",
    Fallback::Derived("searched for in the folders of Debian, Red Hat and Homebrew, then in `PATH`"),
    "The folder with `initdb`, `pg_ctl` and `postgres` for the private PostgreSQL, version 15 or newer.",
    parse::path,
);

/// Where the API and the portal are served.
pub static LISTEN: Setting<SocketAddr> =
    declare("CASESTREAM_LISTEN", Fallback::Text("127.0.0.1:8080"), "The address and port of the API.", parse::address);

/// Where health and metrics are served, apart from the API so that a proxy never publishes them.
pub static OPERATIONS_LISTEN: Setting<SocketAddr> = declare(
    "CASESTREAM_OPERATIONS_LISTEN",
    Fallback::Text("127.0.0.1:8081"),
    "The address and port of `/healthz`, `/readyz` and `/metrics`. Not for the public.",
    parse::address,
);

pub(super) static TLS_CERTIFICATE_FILE: Setting<PathBuf> = declare(
    "CASESTREAM_TLS_CERTIFICATE_FILE",
    Fallback::Derived("none: both ports speak plain HTTP"),
    "A PEM file with the certificate of this service and those that lead from it to an authority. With it both ports speak HTTPS alone, TLS 1.2 or 1.3. A renewed one is taken within a minute.",
    parse::path,
);

pub(super) static TLS_KEY_FILE: Setting<PathBuf> = declare(
    "CASESTREAM_TLS_KEY_FILE",
    Fallback::Derived("none"),
    "A PEM file with the private key of that certificate, readable by the service's user and group alone.",
    parse::path,
);

pub(super) static TRUSTED_PROXIES: Setting<Trusted> = declare(
    "CASESTREAM_TRUSTED_PROXIES",
    Fallback::Derived("none: whoever connects is the client"),
    "The proxies in front, whose word for the client's address is taken: their networks, as in `10.0.0.0/8,fd00::/8`, or how many stand one behind the other, 1 to 9, where nobody reaches this port but through them.",
    parse::proxies,
);

pub(super) static FORWARDED_HEADER: Setting<ForwardedHeader> = declare(
    "CASESTREAM_FORWARDED_HEADER",
    Fallback::Text("x-forwarded-for"),
    "The header in which trusted proxies name the client: `x-forwarded-for` or `forwarded`. The other one is not read, since a client may have written it.",
    parse::forwarded_header,
);

pub(super) static REQUESTS_PER_NETWORK: Setting<NonZeroU32> = declare(
    "CASESTREAM_REQUESTS_PER_NETWORK",
    Fallback::Text("200"),
    "How many requests a second one network (an IPv4 address, or 64 bits of an IPv6 address) may send on average, 1 to 1000000; ten times as many at once. Further ones are answered 429.",
    parse::rate,
);

pub(super) static REQUESTS_PER_PERSON: Setting<NonZeroU32> = declare(
    "CASESTREAM_REQUESTS_PER_PERSON",
    Fallback::Text("50"),
    "The same for one person or service, 1 to 1000000.",
    parse::rate,
);

pub(super) static REQUESTS_PER_ACCOUNT: Setting<NonZeroU32> = declare(
    "CASESTREAM_REQUESTS_PER_ACCOUNT",
    Fallback::Text("200"),
    "The same for all contacts of one account, as far as they have no other, 1 to 1000000.",
    parse::rate,
);

pub(super) static ACCESS_REQUESTS_KEPT: Setting<TimeDelta> = declare(
    "CASESTREAM_ACCESS_REQUESTS_KEPT_DAYS",
    Fallback::Text("180"),
    "How many days the words of requests for access are kept, decided or not, 1 to 3650.",
    parse::days::<1, 3650>,
);

pub(super) static BASE_URL: Setting<BaseUrl> = declare(
    "CASESTREAM_BASE_URL",
    Fallback::Derived(
        "`http://`, or `https://` with a certificate, and the address of `CASESTREAM_LISTEN`; in production none, and it must be set",
    ),
    "The address under which people reach the service, such as `https://support.example.com`. Links in mails begin with it, and nothing that a request says changes that. Production asks for `https`.",
    BaseUrl::parse,
);

pub(super) static SMTP_URL: Setting<SmtpServer> = declare(
    "CASESTREAM_SMTP_URL",
    Fallback::Derived("none: in development mail goes to a folder; in production it must be set"),
    "The server that takes mail: `smtps://host` (TLS, port 465), `smtp+starttls://host` (port 587) or, on this machine alone, `smtp://127.0.0.1` (unencrypted, port 25); with `:port` where that is another.",
    SmtpServer::parse,
);

pub(super) static SMTP_USER: Setting<String> = declare(
    "CASESTREAM_SMTP_USER",
    Fallback::Derived("none: the service does not sign in to the mail server"),
    "As whom the service signs in to the mail server.",
    parse::line,
);

pub(super) static SMTP_PASSWORD: Setting<Secret> = Setting {
    about: About {
        name: "CASESTREAM_SMTP_PASSWORD",
        fallback: Fallback::Derived("none"),
        description: "The password for that.",
        secret: true,
    },
    parse: parse::secret,
};

pub(super) static SMTP_PASSWORD_FILE: Setting<PathBuf> = declare(
    "CASESTREAM_SMTP_PASSWORD_FILE",
    Fallback::Derived("none"),
    "A file that holds that password, in place of `CASESTREAM_SMTP_PASSWORD`.",
    parse::path,
);

pub(super) static SMTP_CA_FILE: Setting<PathBuf> = declare(
    "CASESTREAM_SMTP_CA_FILE",
    Fallback::Derived("none: the authorities that the system trusts"),
    "A PEM file with the certificate of an authority that vouches for the mail server, beside those that the system trusts.",
    parse::path,
);

pub(super) static SMTP_TIMEOUT: Setting<Duration> = declare(
    "CASESTREAM_SMTP_TIMEOUT_MS",
    Fallback::Text("30000"),
    "How long the mail server may take for one mail, connecting included, in milliseconds, 100 to 120000.",
    parse::milliseconds::<100, 120_000>,
);

pub(super) static MAIL_LANGUAGE: Setting<Language> = declare(
    "CASESTREAM_MAIL_LANGUAGE",
    Fallback::Text("en"),
    "The language of mail to people who have not chosen one: `en` or `es`.",
    parse::language,
);

pub(super) static CONNECTION_LIMIT: Setting<usize> = declare(
    "CASESTREAM_CONNECTION_LIMIT",
    Fallback::Text("1024"),
    "The most client connections at a time, 1 to 1000000; further ones wait to be accepted.",
    parse::number::<usize, 1, 1_000_000>,
);

pub(super) static HEADER_TIMEOUT: Setting<Duration> = declare(
    "CASESTREAM_HEADER_TIMEOUT_MS",
    Fallback::Text("10000"),
    "How long a client may take to send a request's headers, in milliseconds, 100 to 600000.",
    parse::milliseconds::<100, 600_000>,
);

pub(super) static BODY_TIMEOUT: Setting<Duration> = declare(
    "CASESTREAM_BODY_TIMEOUT_MS",
    Fallback::Text("30000"),
    "How long a client may take to send a request's body, in milliseconds, 100 to 600000.",
    parse::milliseconds::<100, 600_000>,
);

pub(super) static GRAPHQL_BODY_LIMIT: Setting<usize> = declare(
    "CASESTREAM_GRAPHQL_BODY_LIMIT_BYTES",
    Fallback::Text("262144"),
    "The largest body of a GraphQL request in bytes, 1024 to 16777216.",
    parse::number::<usize, 1024, 16_777_216>,
);

pub(super) static GRAPHQL_DOCUMENT_LIMIT: Setting<usize> = declare(
    "CASESTREAM_GRAPHQL_DOCUMENT_LIMIT_BYTES",
    Fallback::Text("32768"),
    "The largest GraphQL document (the query's text) in bytes, 256 to 1048576.",
    parse::number::<usize, 256, 1_048_576>,
);

pub(super) static GRAPHQL_DEPTH: Setting<usize> = declare(
    "CASESTREAM_GRAPHQL_DEPTH",
    Fallback::Text("12"),
    "How deep the fields of a GraphQL document may nest, 1 to 100.",
    parse::number::<usize, 1, 100>,
);

pub(super) static GRAPHQL_ALIASES: Setting<usize> = declare(
    "CASESTREAM_GRAPHQL_ALIASES",
    Fallback::Text("30"),
    "How many aliases a GraphQL document may use, 0 to 10000.",
    parse::number::<usize, 0, 10_000>,
);

pub(super) static GRAPHQL_ROOT_FIELDS: Setting<usize> = declare(
    "CASESTREAM_GRAPHQL_ROOT_FIELDS",
    Fallback::Text("20"),
    "How many fields a GraphQL operation may select at its root, 1 to 1000.",
    parse::number::<usize, 1, 1000>,
);

pub(super) static GRAPHQL_COST: Setting<u64> = declare(
    "CASESTREAM_GRAPHQL_COST",
    Fallback::Text("5000"),
    "What a GraphQL operation may cost: one for each field, times the page sizes around it; 1 to 1000000000.",
    parse::number::<u64, 1, 1_000_000_000>,
);

pub(super) static GRAPHQL_TIMEOUT: Setting<Duration> = declare(
    "CASESTREAM_GRAPHQL_TIMEOUT_MS",
    Fallback::Text("10000"),
    "How long a GraphQL request may run, in milliseconds, 10 to 600000.",
    parse::milliseconds::<10, 600_000>,
);

pub(super) static FILE_LIMIT: Setting<u64> = declare(
    "CASESTREAM_FILE_LIMIT_BYTES",
    Fallback::Text("26214400"),
    "The largest attachment in bytes, 1024 to 2147483647.",
    parse::number::<u64, 1024, 2_147_483_647>,
);

pub(super) static FILES_PER_CASE: Setting<usize> = declare(
    "CASESTREAM_FILES_PER_CASE",
    Fallback::Text("20"),
    "How many attachments a case has at most, those of notes counted apart, 1 to 100.",
    parse::number::<usize, 1, 100>,
);

pub(super) static FILE_QUOTA: Setting<u64> = declare(
    "CASESTREAM_FILE_QUOTA_BYTES",
    Fallback::Text("10737418240"),
    "How many bytes the attachments of one account take at most, 1024 to 1000000000000000.",
    parse::number::<u64, 1024, 1_000_000_000_000_000>,
);

pub(super) static CLAMAV: Setting<ScannerAddress> = declare(
    "CASESTREAM_CLAMAV",
    Fallback::Derived("none: files are not scanned"),
    "Where ClamAV's `clamd` listens, as `unix:/run/clamav/clamd.ctl` or, on this machine alone, `127.0.0.1:3310`. Each upload is scanned, and refused unless it is found clean.",
    parse::scanner,
);

pub(super) static CLAMAV_TIMEOUT: Setting<Duration> = declare(
    "CASESTREAM_CLAMAV_TIMEOUT_MS",
    Fallback::Text("60000"),
    "How long `clamd` may take for one file, in milliseconds, 100 to 600000.",
    parse::milliseconds::<100, 600_000>,
);

pub(super) static PASSWORD_CHARS: Setting<usize> = declare(
    "CASESTREAM_PASSWORD_CHARS",
    Fallback::Text("15"),
    "The least characters of a password that stands alone, 12 to 64.",
    parse::number::<usize, 12, 64>,
);

pub(super) static PASSWORD_CHARS_WITH_FACTOR: Setting<usize> = declare(
    "CASESTREAM_PASSWORD_CHARS_WITH_FACTOR",
    Fallback::Text("8"),
    "The least characters of a password beside which there is a second factor, 8 to 64.",
    parse::number::<usize, 8, 64>,
);

pub(super) static PEPPER_FILE: Setting<PathBuf> = declare(
    "CASESTREAM_PEPPER_FILE",
    Fallback::Derived("none: the pepper follows from the master key"),
    "The file with newer peppers of passwords, a line `VERSION KEY` each, such as `2` and 32 bytes in base64. The newest goes into new hashes; keep the others.",
    parse::path,
);

pub(super) static HASH_MEMORY: Setting<u32> = declare(
    "CASESTREAM_HASH_MEMORY_KIB",
    Fallback::Text("19456"),
    "The memory that hashing one password takes, in KiB, 19456 to 1048576.",
    parse::number::<u32, 19_456, 1_048_576>,
);

pub(super) static HASH_PASSES: Setting<u32> = declare(
    "CASESTREAM_HASH_PASSES",
    Fallback::Text("2"),
    "How many passes hashing a password makes over its memory, 2 to 20.",
    parse::number::<u32, 2, 20>,
);

pub(super) static HASHES_AT_A_TIME: Setting<usize> = declare(
    "CASESTREAM_HASHES_AT_A_TIME",
    Fallback::Text("2"),
    "How many passwords are hashed at the same time, 1 to 64.",
    parse::number::<usize, 1, 64>,
);

pub(super) static HASHES_WAITING: Setting<usize> = declare(
    "CASESTREAM_HASHES_WAITING",
    Fallback::Text("32"),
    "How many more may wait for that, 0 to 10000; the next are told to come back (503).",
    parse::number::<usize, 0, 10_000>,
);

pub(super) static SESSION_IDLE: Setting<u64> = declare(
    "CASESTREAM_SESSION_IDLE_MINUTES",
    Fallback::Text("60"),
    "After how many minutes without a request a session ends, 5 to 1440.",
    parse::number::<u64, 5, 1440>,
);

pub(super) static SESSION_HOURS: Setting<u64> = declare(
    "CASESTREAM_SESSION_HOURS",
    Fallback::Text("24"),
    "After how many hours a session ends however much it is used, 1 to 720.",
    parse::number::<u64, 1, 720>,
);

pub(super) static LOCK_AFTER: Setting<u16> = declare(
    "CASESTREAM_LOCK_AFTER",
    Fallback::Text("10"),
    "After how many failed attempts in a row signing in is locked, 3 to 100.",
    parse::number::<u16, 3, 100>,
);

pub(super) static LOCK_MINUTES: Setting<u64> = declare(
    "CASESTREAM_LOCK_MINUTES",
    Fallback::Text("30"),
    "How many minutes such a lock lasts, 1 to 1440.",
    parse::number::<u64, 1, 1440>,
);

pub(super) static SIGN_INS_PER_NETWORK: Setting<u32> = declare(
    "CASESTREAM_SIGN_INS_PER_NETWORK",
    Fallback::Text("300"),
    "How often people of one network (an IPv4 address, or 64 bits of an IPv6 address) may try to sign in within ten minutes, 10 to 1000000; not counting browsers from which they have signed in before. Further ones are answered 429. Choose more where more people than that share an address.",
    parse::number::<u32, 10, 1_000_000>,
);

pub(super) static CHALLENGE_QUESTIONS: Setting<bool> = declare(
    "CASESTREAM_CHALLENGE_QUESTIONS",
    Fallback::Text("on"),
    "`on` or `off`. With `off` nobody can choose a challenge question, and those that were chosen are not asked.",
    parse::switch,
);

pub(super) static SECOND_FACTOR: Setting<SecondFactor> = declare(
    "CASESTREAM_SECOND_FACTOR",
    Fallback::Text("offered"),
    "Of whom a second factor is demanded: `offered` (nobody), `staff` (whoever has a role beside that of a contact) or `everyone`. Whoever has none yet can do nothing but add one once they have signed in.",
    parse::second_factor,
);

pub(super) static LOG: Setting<String> = declare(
    "CASESTREAM_LOG",
    Fallback::Text("info,sqlx=warn"),
    "What is logged: a level, or levels by module, as in `info,event_log=debug`.",
    parse::log_filter,
);

pub(super) static LOG_FORMAT: Setting<LogFormat> = declare(
    "CASESTREAM_LOG_FORMAT",
    Fallback::Derived("`pretty` in development, `json` in production"),
    "How log lines look: `pretty` for people, `json` for machines, an object a line. They go to standard error.",
    parse::log_format,
);

/// All settings, in the order in which an operator meets them.
pub(super) static ALL: &[&About] = &[
    &MODE.about,
    &DATABASE_URL.about,
    &DATABASE_URL_FILE.about,
    &DATABASE_CONNECTIONS.about,
    &THREADS.about,
    &DATA_DIR.about,
    &MASTER_KEY_FILE.about,
    &PG_BIN.about,
    &LISTEN.about,
    &OPERATIONS_LISTEN.about,
    &TLS_CERTIFICATE_FILE.about,
    &TLS_KEY_FILE.about,
    &TRUSTED_PROXIES.about,
    &FORWARDED_HEADER.about,
    &REQUESTS_PER_NETWORK.about,
    &REQUESTS_PER_PERSON.about,
    &REQUESTS_PER_ACCOUNT.about,
    &ACCESS_REQUESTS_KEPT.about,
    &BASE_URL.about,
    &SMTP_URL.about,
    &SMTP_USER.about,
    &SMTP_PASSWORD.about,
    &SMTP_PASSWORD_FILE.about,
    &SMTP_CA_FILE.about,
    &SMTP_TIMEOUT.about,
    &MAIL_LANGUAGE.about,
    &CONNECTION_LIMIT.about,
    &HEADER_TIMEOUT.about,
    &BODY_TIMEOUT.about,
    &GRAPHQL_BODY_LIMIT.about,
    &GRAPHQL_DOCUMENT_LIMIT.about,
    &GRAPHQL_DEPTH.about,
    &GRAPHQL_ALIASES.about,
    &GRAPHQL_ROOT_FIELDS.about,
    &GRAPHQL_COST.about,
    &GRAPHQL_TIMEOUT.about,
    &FILE_LIMIT.about,
    &FILES_PER_CASE.about,
    &FILE_QUOTA.about,
    &CLAMAV.about,
    &CLAMAV_TIMEOUT.about,
    &PASSWORD_CHARS.about,
    &PASSWORD_CHARS_WITH_FACTOR.about,
    &PEPPER_FILE.about,
    &HASH_MEMORY.about,
    &HASH_PASSES.about,
    &HASHES_AT_A_TIME.about,
    &HASHES_WAITING.about,
    &SESSION_IDLE.about,
    &SESSION_HOURS.about,
    &LOCK_AFTER.about,
    &LOCK_MINUTES.about,
    &SIGN_INS_PER_NETWORK.about,
    &CHALLENGE_QUESTIONS.about,
    &SECOND_FACTOR.about,
    &LOG.about,
    &LOG_FORMAT.about,
];
