//! From the text of a variable to its value. Each function's refusal completes the sentence "it must be …".

use std::{net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use sqlx::postgres::PgConnectOptions;
use tracing_subscriber::EnvFilter;

use super::values::{DatabaseUrl, LogFormat, Mode};
use crate::{identity::Secret, mail::Language};

/// A whole number from `MIN` to `MAX`.
pub(super) fn number<T: TryFrom<u64>, const MIN: u64, const MAX: u64>(text: &str) -> Result<T, String> {
    text.parse::<u64>()
        .ok()
        .filter(|number| (MIN..=MAX).contains(number))
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| format!("a whole number from {MIN} to {MAX}"))
}

/// A whole number of milliseconds from `MIN` to `MAX`.
pub(super) fn milliseconds<const MIN: u64, const MAX: u64>(text: &str) -> Result<Duration, String> {
    number::<u64, MIN, MAX>(text)
        .map(Duration::from_millis)
        .map_err(|_| format!("a whole number of milliseconds from {MIN} to {MAX}"))
}

/// An IP address with a port; IPv6 addresses stand in brackets (RFC 3986).
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080".to_owned())
}

/// A path of one line, without a NUL: PostgreSQL's configuration could not hold another.
pub(super) fn path(text: &str) -> Result<PathBuf, String> {
    if text.chars().any(char::is_control) {
        return Err("a path without control characters".to_owned());
    }
    Ok(PathBuf::from(text))
}

/// A text of one line.
pub(super) fn line(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) {
        return Err("a text without control characters".to_owned());
    }
    Ok(text.to_owned())
}

/// The same, never to be shown.
pub(super) fn secret(text: &str) -> Result<Secret, String> {
    line(text).map(Secret::new)
}

pub(super) fn language(text: &str) -> Result<Language, String> {
    text.parse().map_err(|_| "en or es".to_owned())
}

pub(super) fn mode(text: &str) -> Result<Mode, String> {
    match text {
        "development" => Ok(Mode::Development),
        "production" => Ok(Mode::Production),
        _ => Err("development or production".to_owned()),
    }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "pretty" => Ok(LogFormat::Pretty),
        "json" => Ok(LogFormat::Json),
        _ => Err("pretty or json".to_owned()),
    }
}

pub(super) fn log_filter(text: &str) -> Result<String, String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("a level (error, warn, info, debug, trace) or a list such as info,event_log=debug".to_owned()),
    }
}

/// A PostgreSQL connection URI, as libpq reads it. The refusal never repeats the text, which may hold a password.
pub(super) fn database_url(text: &str) -> Result<DatabaseUrl, String> {
    let refusal = "a URL of the form postgres://role:password@host:port/database (characters such as @ or / in the password percent-encoded)";
    if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
        return Err(refusal.to_owned());
    }
    let options = PgConnectOptions::from_str(text).map_err(|_| refusal.to_owned())?;
    Ok(DatabaseUrl(options))
}
