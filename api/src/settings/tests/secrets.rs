//! Secrets that are in files.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
};

use sqlx::ConnectOptions as _;
use tempfile::TempDir;

use super::{problems, read};

/// A file that holds a secret, as a secret manager's agent writes it.
fn secret_file(folder: &TempDir, text: &str, mode: u32) -> String {
    let path = folder.path().join("secret");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_secret_may_be_in_a_file_that_only_the_service_reads() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://casestream_writer:hunter2@127.0.0.1:5433/x";
    for (text, mode) in [(url.to_owned(), 0o400), (format!("{url}\n"), 0o600), (format!("{url}\r\n"), 0o440)] {
        let settings = read(&[("DATABASE_URL_FILE", &secret_file(&folder, &text, mode))]).unwrap();
        fs::remove_file(folder.path().join("secret")).unwrap();
        let options = settings.database_url.unwrap().0;
        assert_eq!((options.get_username(), options.get_port()), ("casestream_writer", 5433));
        assert_eq!(options.to_url_lossy().password(), Some("hunter2"));
    }
    let password = secret_file(&folder, "correct horse\n", 0o600);
    let mail = read(&[("CASESTREAM_SMTP_USER", "desk"), ("CASESTREAM_SMTP_PASSWORD_FILE", &password)]).unwrap().mail;
    let (user, secret) = mail.credentials.unwrap();
    assert_eq!((user.as_str(), secret.reveal()), ("desk", "correct horse"));
}

#[test]
fn a_secret_in_a_file_is_refused_by_name_and_never_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let named = |text: &str, mode: u32| {
        let path = secret_file(&folder, text, mode);
        let found = problems(&[("DATABASE_URL_FILE", &path)]);
        assert!(found.len() == 1 && found[0].starts_with(&format!("DATABASE_URL_FILE is {path}: ")), "{found:?}");
        assert!(!found[0].contains("hunter2"), "{found:?}");
        fs::remove_file(path).unwrap();
        found.into_iter().next().unwrap()
    };
    assert!(named("mysql://root:hunter2@db/x", 0o600).contains("it must be a URL of the form postgres://"));
    assert!(named("postgres://root:hunter2@db/x", 0o644).contains("open to others (mode 644): run `chmod 600"));
    assert!(named("\n", 0o600).contains("it is empty"));
    let missing = problems(&[("CASESTREAM_SMTP_PASSWORD_FILE", "/nowhere/password"), ("CASESTREAM_SMTP_USER", "desk")]);
    assert!(missing.len() == 1 && missing[0].contains("it cannot be read"), "{missing:?}");
    let path = secret_file(&folder, "postgres://role@127.0.0.1/x", 0o600);
    let both = problems(&[("DATABASE_URL", "postgres://role@127.0.0.1/x"), ("DATABASE_URL_FILE", &path)]);
    assert_eq!(both, ["DATABASE_URL_FILE is set, and DATABASE_URL is, too: set one of them"]);
}
