//! From the text of a variable to its value. Each function's refusal completes the sentence "it must be …".

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use chrono::TimeDelta;
use ipnet::IpNet;
use sqlx::postgres::PgConnectOptions;
use tracing_subscriber::EnvFilter;

use super::values::{DatabaseUrl, LogFormat, Mode};
use crate::{
    files::ScannerAddress,
    http::{ForwardedHeader, Trusted},
    identity::{SecondFactor, Secret},
    mail::Language,
};

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

/// How many a second.
pub(super) fn rate(text: &str) -> Result<NonZeroU32, String> {
    number::<u32, 1, 1_000_000>(text).map(|rate| NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN))
}

/// A whole number of days from `MIN` to `MAX`.
pub(super) fn days<const MIN: u64, const MAX: u64>(text: &str) -> Result<TimeDelta, String> {
    number::<u32, MIN, MAX>(text)
        .map(|days| TimeDelta::days(days.into()))
        .map_err(|_| format!("a whole number of days from {MIN} to {MAX}"))
}

/// An IP address with a port; IPv6 addresses stand in brackets (RFC 3986).
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080".to_owned())
}

/// How many proxies, or in which networks. A single address is a network of one.
pub(super) fn proxies(text: &str) -> Result<Trusted, String> {
    let expected = "networks such as 10.0.0.0/8,fd00::/8, or a number of proxies from 1 to 9";
    if let Ok(hops) = text.parse::<usize>() {
        return if (1..=9).contains(&hops) { Ok(Trusted::Hops(hops)) } else { Err(expected.to_owned()) };
    }
    let network = |part: &str| {
        let part = part.trim();
        part.parse::<IpNet>().or_else(|_| part.parse::<IpAddr>().map(IpNet::from)).map_err(|_| expected.to_owned())
    };
    let networks: Vec<_> = text.split(',').map(network).collect::<Result<_, _>>()?;
    // Everybody would be a proxy, and could call himself what he likes.
    if networks.iter().any(|network| network.prefix_len() == 0) {
        return Err(format!("{expected}; not everybody"));
    }
    Ok(Trusted::Networks(networks))
}

pub(super) fn forwarded_header(text: &str) -> Result<ForwardedHeader, String> {
    match text.to_ascii_lowercase().as_str() {
        "x-forwarded-for" => Ok(ForwardedHeader::XForwardedFor),
        "forwarded" => Ok(ForwardedHeader::Forwarded),
        _ => Err("x-forwarded-for or forwarded".to_owned()),
    }
}

/// A path of one line, without a NUL: PostgreSQL's configuration could not hold another.
pub(super) fn path(text: &str) -> Result<PathBuf, String> {
    if text.chars().any(char::is_control) {
        return Err("a path without control characters".to_owned());
    }
    Ok(PathBuf::from(text))
}

/// Where a virus scanner listens. Files are sent to it as they are, so it is on this machine.
pub(super) fn scanner(text: &str) -> Result<ScannerAddress, String> {
    let refusal = || {
        "unix: and the path of a socket, such as unix:/run/clamav/clamd.ctl, or an address and port of this machine, such as \
         127.0.0.1:3310: files are not sent elsewhere unencrypted"
            .to_owned()
    };
    if let Some(socket) = text.strip_prefix("unix:") {
        let socket = path(socket).map_err(|_| refusal())?;
        return if socket.is_absolute() { Ok(ScannerAddress::Unix(socket)) } else { Err(refusal()) };
    }
    let address: SocketAddr = text.parse().map_err(|_| refusal())?;
    if address.ip().is_loopback() { Ok(ScannerAddress::Tcp(address)) } else { Err(refusal()) }
}

pub(super) fn switch(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("on or off".to_owned()),
    }
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

pub(super) fn second_factor(text: &str) -> Result<SecondFactor, String> {
    text.parse().map_err(|_| "offered, staff or everyone".to_owned())
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
