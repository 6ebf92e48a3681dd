//! What settings demand of each other.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use sqlx::postgres::PgSslMode;

use super::{
    declared,
    error::{Problem, SettingsError},
    reader::Reader,
    setting::Setting,
    values::{DatabaseUrl, Mode, Settings},
};

/// Notes every combination that cannot stand.
pub(super) fn check(settings: &Settings, reader: &mut Reader<'_>) {
    match settings.mode {
        Mode::Development => {
            refuse_public_address(&declared::LISTEN, settings.listen, reader);
            refuse_public_address(&declared::OPERATIONS_LISTEN, settings.operations_listen, reader);
        }
        Mode::Production => {
            refuse_key_beside_data(settings, reader);
            refuse_open_connection(settings, reader);
        }
    }
    if settings.tls.is_some() && !settings.base_url.is_https() {
        let words = format!(
            "is {}, and with {} the service speaks HTTPS alone: begin it with https://",
            settings.base_url.as_str(),
            declared::TLS_CERTIFICATE_FILE.about.name
        );
        reader.refuse(&declared::BASE_URL.about, words);
    }
    if settings.listen == settings.operations_listen && settings.listen.port() != 0 {
        let words = format!(
            "is {}, which is also {}: choose another port",
            settings.operations_listen,
            declared::LISTEN.about.name
        );
        reader.refuse(&declared::OPERATIONS_LISTEN.about, words);
    }
}

/// Notes what is missing to serve customers. Commands of whoever runs the installation need none of it.
pub(super) fn check_serving(settings: &Settings) -> Result<(), SettingsError> {
    let mut problems = vec![];
    let mut refuse = |name: &str, words: String| problems.push(Problem { name: name.to_owned(), words });
    if settings.mode == Mode::Production {
        if !settings.has_base_url {
            let words = "is not set: production mode must know under which address people reach it, since links in mails begin \
                         with that, for instance https://support.example.com";
            refuse(declared::BASE_URL.about.name, words.to_owned());
        } else if !settings.base_url.is_https() {
            let words = format!("is {}: production mode asks for https", settings.base_url.as_str());
            refuse(declared::BASE_URL.about.name, words);
        }
        if settings.mail.server.is_none() {
            let words = "is not set: without a mail server nobody can be invited, and nobody is told of anything; name one, for \
                         instance smtps://mail.example.com";
            refuse(declared::SMTP_URL.about.name, words.to_owned());
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(SettingsError { problems }) }
}

/// Development mode is the default, so it must be harmless: nobody else can reach it.
fn refuse_public_address(setting: &Setting<SocketAddr>, address: SocketAddr, reader: &mut Reader<'_>) {
    if !address.ip().is_loopback() {
        let words = format!(
            "is {address}, which others can reach: listen on a loopback address such as 127.0.0.1, or set CASESTREAM_MODE=production"
        );
        reader.refuse(&setting.about, words);
    }
}

/// A backup of the data folder that holds the key, too, protects nobody, and an erasure would not reach it.
fn refuse_key_beside_data(settings: &Settings, reader: &mut Reader<'_>) {
    let is_inside = resolved(&settings.master_key_file).starts_with(resolved(&settings.data_dir))
        || settings.master_key_file.starts_with(&settings.data_dir);
    if is_inside {
        let words = format!(
            "is {}, inside the data folder {}: production mode keeps the key apart from the data it protects; move it, for instance to /etc/casestream/master.key",
            settings.master_key_file.display(),
            settings.data_dir.display()
        );
        reader.refuse(&declared::MASTER_KEY_FILE.about, words);
    }
}

/// Names and texts go over this connection. What encrypts without knowing the server, or only if that likes to, protects from nobody who
/// stands in between.
fn refuse_open_connection(settings: &Settings, reader: &mut Reader<'_>) {
    let Some(DatabaseUrl(options)) = &settings.database_url else { return };
    let host = options.get_host();
    let is_here = options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let is_safe = matches!(options.get_ssl_mode(), PgSslMode::VerifyCa | PgSslMode::VerifyFull);
    if !is_here && !is_safe {
        let words = format!(
            "leads to {host}, and neither encryption nor the server's certificate is asked for: add ?sslmode=verify-full, and \
             &sslrootcert= with a file where an authority of your own vouches for it"
        );
        reader.refuse(&declared::DATABASE_URL.about, words);
    }
}

/// The path with the symbolic links of its existing part followed.
fn resolved(path: &Path) -> PathBuf {
    let existing = path.ancestors().find_map(|ancestor| {
        let real = ancestor.canonicalize().ok()?;
        let rest = path.strip_prefix(ancestor).ok()?;
        Some(real.join(rest))
    });
    existing.unwrap_or_else(|| path.to_owned())
}
