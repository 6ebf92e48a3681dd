//! What an operator's mistakes lead to.

mod secrets;

use std::{collections::HashMap, ffi::OsString, time::Duration};

use super::{LogFormat, Mode, Settings, SettingsError, declared, setting::Fallback};

fn read(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let variables: HashMap<String, OsString> =
        variables.iter().map(|(name, text)| ((*name).to_owned(), OsString::from(text))).collect();
    let lookup = |name: &str| variables.get(name).cloned();
    Settings::from_lookup(&lookup, variables.keys().cloned(), false)
}

fn problems(variables: &[(&str, &str)]) -> Vec<String> {
    let error = read(variables).expect_err("these settings are wrong");
    error.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn without_any_variable_the_defaults_hold() {
    let settings = read(&[]).unwrap();
    assert_eq!(settings.mode, Mode::Development);
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert!(settings.data_dir.is_absolute());
    assert!(settings.data_dir.ends_with(".casestream"));
    assert_eq!(settings.master_key_file, settings.data_dir.join("master.key"));
    assert_eq!(settings.graphql.timeout, Duration::from_secs(10));
    assert!(settings.database_url.is_none());
}

#[test]
fn root_keeps_its_data_where_an_unprivileged_user_can_reach_it() {
    let settings = Settings::from_lookup(&|_| None, std::iter::empty(), true).unwrap();
    assert_eq!(settings.data_dir.to_str(), Some("/var/lib/casestream"));
}

#[test]
fn an_empty_variable_counts_as_unset() {
    assert_eq!(read(&[("CASESTREAM_MODE", "")]).unwrap().mode, Mode::Development);
}

#[test]
fn every_declared_setting_is_read_and_every_read_one_is_declared() {
    let read_names = std::cell::RefCell::new(Vec::new());
    let lookup = |name: &str| {
        read_names.borrow_mut().push(name.to_owned());
        None
    };
    Settings::from_lookup(&lookup, std::iter::empty(), false).unwrap();
    let mut read_names = read_names.into_inner();
    let mut declared_names: Vec<_> = declared::ALL.iter().map(|about| about.name).collect();
    read_names.sort_unstable();
    // Whether one is set may be asked apart from what it is.
    read_names.dedup();
    declared_names.sort_unstable();
    assert_eq!(read_names, declared_names);
}

#[test]
fn every_setting_with_a_syntax_refuses_nonsense_by_name() {
    let free_text = [
        "CASESTREAM_DATA_DIR",
        "CASESTREAM_MASTER_KEY_FILE",
        "PG_BIN",
        "CASESTREAM_PEPPER_FILE",
        "CASESTREAM_TLS_CERTIFICATE_FILE",
        "CASESTREAM_TLS_KEY_FILE",
        "CASESTREAM_SMTP_PASSWORD_FILE",
        "DATABASE_URL_FILE",
        "CASESTREAM_SMTP_USER",
        "CASESTREAM_SMTP_PASSWORD",
        "CASESTREAM_SMTP_CA_FILE",
    ];
    for about in declared::ALL {
        let nonsense = if free_text.contains(&about.name) { "a\nb" } else { "=%= nonsense" };
        let found = problems(&[(about.name, nonsense)]);
        assert_eq!(found.len(), 1, "{}: {found:?}", about.name);
        assert!(found[0].starts_with(about.name), "{found:?}");
        assert!(found[0].contains("it must be"), "{found:?}");
    }
}

#[test]
fn a_default_in_the_table_is_never_empty() {
    for about in declared::ALL {
        let (Fallback::Text(text) | Fallback::Derived(text)) = about.fallback;
        assert!(!text.is_empty(), "{}", about.name);
        assert!(!about.description.contains('|'), "{} breaks the table", about.name);
    }
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let found = problems(&[
        ("CASESTREAM_LISTEN", "8080"),
        ("CASESTREAM_GRAPHQL_DEPTH", "0"),
        ("CASESTREAM_LISTN", "127.0.0.1:1"),
    ]);
    assert_eq!(
        found,
        [
            "CASESTREAM_LISTEN is `8080`: it must be an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080",
            "CASESTREAM_GRAPHQL_DEPTH is `0`: it must be a whole number from 1 to 100",
            "CASESTREAM_LISTN is not a setting: correct its name or unset it (`casestream settings` lists all)",
        ]
    );
}

#[test]
fn a_password_is_never_repeated() {
    let bad = read(&[("DATABASE_URL", "mysql://root:hunter2@db/x")]).unwrap_err();
    assert!(!format!("{bad} {bad:?}").contains("hunter2"));
    let good = read(&[("DATABASE_URL", "postgres://role:hunter2@db:5433/x")]).unwrap();
    let shown = format!("{good:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("db:5433"), "{shown}");
}

#[test]
fn development_is_not_reachable_from_outside() {
    let found = problems(&[("CASESTREAM_LISTEN", "0.0.0.0:8080")]);
    assert!(found[0].contains("CASESTREAM_MODE=production"), "{found:?}");
    let production = read(&[
        ("CASESTREAM_LISTEN", "0.0.0.0:8080"),
        ("CASESTREAM_MODE", "production"),
        ("CASESTREAM_MASTER_KEY_FILE", "/etc/casestream/master.key"),
    ]);
    assert_eq!(production.unwrap().listen.to_string(), "0.0.0.0:8080");
}

#[test]
fn https_needs_a_certificate_with_its_key_and_an_address_that_says_so() {
    let pair = [("CASESTREAM_TLS_CERTIFICATE_FILE", "tls.crt"), ("CASESTREAM_TLS_KEY_FILE", "/etc/tls.key")];
    let settings = read(&pair).unwrap();
    assert_eq!(settings.base_url.as_str(), "https://127.0.0.1:8080");
    let files = settings.tls.unwrap();
    assert!(files.certificate.is_absolute() && files.key == std::path::Path::new("/etc/tls.key"), "{files:?}");
    for (there, missing) in [(pair[0], pair[1].0), (pair[1], pair[0].0)] {
        let words = format!("{} is set, and {missing} is not: set both, or neither", there.0);
        assert_eq!(problems(&[there]), [words]);
    }
    let found = problems(&[pair[0], pair[1], ("CASESTREAM_BASE_URL", "http://support.example.com")]);
    assert!(found.len() == 1 && found[0].starts_with("CASESTREAM_BASE_URL is http://support.example.com"), "{found:?}");
    assert!(read(&[pair[0], pair[1], ("CASESTREAM_BASE_URL", "https://support.example.com")]).is_ok());
}

#[test]
fn files_are_scanned_on_this_machine_or_not_at_all() {
    use crate::files::ScannerAddress;
    let address = |text| read(&[("CASESTREAM_CLAMAV", text)]).unwrap().scanner.map(|scanner| scanner.address);
    assert_eq!(address(""), None);
    assert_eq!(address("unix:/run/clamd.ctl"), Some(ScannerAddress::Unix("/run/clamd.ctl".into())));
    assert_eq!(address("127.0.0.1:3310"), Some(ScannerAddress::Tcp("127.0.0.1:3310".parse().unwrap())));
    for elsewhere in ["192.0.2.1:3310", "clamav.example:3310", "unix:clamd.ctl", "/run/clamd.ctl", "127.0.0.1"] {
        let found = problems(&[("CASESTREAM_CLAMAV", elsewhere)]);
        assert!(found.len() == 1 && found[0].contains("it must be unix:"), "{found:?}");
    }
}

#[test]
fn production_keeps_the_master_key_outside_the_data_folder() {
    let inside: [&[(&str, &str)]; 3] = [
        &[],
        &[("CASESTREAM_MASTER_KEY_FILE", "/srv/data/master.key")],
        &[("CASESTREAM_MASTER_KEY_FILE", "/srv/data/keys/other.key")],
    ];
    for variables in inside {
        let mut variables = variables.to_vec();
        variables.push(("CASESTREAM_MODE", "production"));
        variables.push(("CASESTREAM_DATA_DIR", "/srv/data"));
        let found = problems(&variables);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("CASESTREAM_MASTER_KEY_FILE is /srv/data/"), "{found:?}");
    }
}

#[test]
fn a_link_does_not_hide_that_the_key_is_in_the_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    std::fs::create_dir(&data_dir).unwrap();
    let link = folder.path().join("elsewhere");
    std::os::unix::fs::symlink(&data_dir, &link).unwrap();
    let found = problems(&[
        ("CASESTREAM_MODE", "production"),
        ("CASESTREAM_DATA_DIR", data_dir.to_str().unwrap()),
        ("CASESTREAM_MASTER_KEY_FILE", link.join("master.key").to_str().unwrap()),
    ]);
    assert!(found[0].contains("inside the data folder"), "{found:?}");
}

/// A line of the other form may have breaks in it, of which others are the authors.
#[test]
fn production_logs_for_machines_unless_somebody_wants_it_otherwise() {
    assert_eq!(read(&[]).unwrap().log_format, LogFormat::Pretty);
    assert_eq!(read(&PRODUCTION).unwrap().log_format, LogFormat::Json);
    let chosen = [&PRODUCTION[..], &[("CASESTREAM_LOG_FORMAT", "pretty")]].concat();
    assert_eq!(read(&chosen).unwrap().log_format, LogFormat::Pretty);
}

#[test]
fn two_listeners_do_not_share_a_port() {
    let found = problems(&[("CASESTREAM_OPERATIONS_LISTEN", "127.0.0.1:8080")]);
    assert!(found[0].contains("choose another port"), "{found:?}");
}

const PRODUCTION: [(&str, &str); 2] =
    [("CASESTREAM_MODE", "production"), ("CASESTREAM_MASTER_KEY_FILE", "/etc/casestream/master.key")];

fn missing_to_serve(variables: &[(&str, &str)]) -> Vec<String> {
    let settings = read(&[&PRODUCTION, variables].concat()).unwrap();
    settings.check_serving().map_or_else(
        |error| {
            error.problems.iter().map(|problem| problem.to_string().split(':').next().unwrap().to_owned()).collect()
        },
        |()| vec![],
    )
}

#[test]
fn production_serves_with_a_secure_address_and_a_mail_server_alone() {
    assert!(read(&[]).unwrap().check_serving().is_ok(), "development needs neither");
    assert_eq!(missing_to_serve(&[]), ["CASESTREAM_BASE_URL is not set", "CASESTREAM_SMTP_URL is not set"]);
    let (url, server) = (("CASESTREAM_BASE_URL", "https://support.example.com"), "smtps://mail.example.com");
    let insecure = [("CASESTREAM_BASE_URL", "http://support.example.com"), ("CASESTREAM_SMTP_URL", server)];
    assert_eq!(missing_to_serve(&insecure), ["CASESTREAM_BASE_URL is http"]);
    assert!(missing_to_serve(&[url, ("CASESTREAM_SMTP_URL", server)]).is_empty());
}

#[test]
fn a_password_of_the_mail_server_shows_nowhere_and_belongs_to_a_user() {
    let password = ("CASESTREAM_SMTP_PASSWORD", "hunter2");
    let settings = read(&[password, ("CASESTREAM_SMTP_USER", "desk")]).unwrap();
    assert!(!format!("{settings:?}").contains("hunter2"));
    let found = problems(&[password]);
    assert!(found[0].starts_with("CASESTREAM_SMTP_PASSWORD is set, and CASESTREAM_SMTP_USER is not"), "{found:?}");
    let found = problems(&[("CASESTREAM_SMTP_USER", "desk")]);
    assert!(found[0].starts_with("CASESTREAM_SMTP_USER is set, and"), "{found:?}");
}

/// Everything that production refuses to start with: what is set beside what a good installation has, and whom the refusal names.
/// What only the database can tell, a superuser and the tables' owner, is refused when it is opened.
#[test]
fn production_refuses_each_of_these_by_name() {
    const GOOD: [(&str, &str); 6] = [
        ("CASESTREAM_MODE", "production"),
        ("CASESTREAM_DATA_DIR", "/srv/casestream"),
        ("CASESTREAM_MASTER_KEY_FILE", "/etc/casestream/master.key"),
        ("CASESTREAM_BASE_URL", "https://support.example.com"),
        ("CASESTREAM_SMTP_URL", "smtps://mail.example.com"),
        ("CASESTREAM_LISTEN", "0.0.0.0:8080"),
    ];
    let refused = |changes: &[(&str, &str)]| -> Vec<String> {
        let of = |name: &str| changes.iter().find(|(changed, _)| *changed == name).map(|(_, value)| *value);
        let mut variables: Vec<_> = GOOD.iter().map(|(name, value)| (*name, of(name).unwrap_or(value))).collect();
        variables.extend(changes.iter().filter(|(name, _)| GOOD.iter().all(|(good, _)| good != name)));
        let problems = read(&variables).and_then(|settings| settings.check_serving()).err();
        problems.map_or(vec![], |error| error.problems.into_iter().map(|problem| problem.name).collect())
    };
    assert_eq!(refused(&[]), Vec::<String>::new());
    for safe in [
        "postgres://casestream_writer@db.example.com/casestream?sslmode=verify-full",
        "postgres://casestream_writer@10.0.0.7/casestream?sslmode=verify-ca",
        "postgres://casestream_writer@127.0.0.1/casestream",
        "postgres://casestream_writer@localhost/casestream?host=/run/postgresql",
        "postgres://casestream_writer@%2Frun%2Fpostgresql/casestream",
    ] {
        assert_eq!(refused(&[("DATABASE_URL", safe)]), Vec::<String>::new(), "{safe}");
    }
    let table = [
        ("CASESTREAM_MASTER_KEY_FILE", ""),
        ("CASESTREAM_MASTER_KEY_FILE", "/srv/casestream/master.key"),
        ("CASESTREAM_MASTER_KEY_FILE", "/srv/casestream/keys/../other.key"),
        ("CASESTREAM_BASE_URL", ""),
        ("CASESTREAM_BASE_URL", "http://support.example.com"),
        ("CASESTREAM_BASE_URL", "https://"),
        ("CASESTREAM_SMTP_URL", ""),
        ("CASESTREAM_SMTP_URL", "smtp://mail.example.com"),
        ("DATABASE_URL", "postgres://casestream_writer@db.example.com/casestream"),
        ("DATABASE_URL", "postgres://casestream_writer@db.example.com/casestream?sslmode=prefer"),
        ("DATABASE_URL", "postgres://casestream_writer@10.0.0.7/casestream?sslmode=require"),
        ("CASESTREAM_TRUSTED_PROXIES", "0.0.0.0/0"),
        ("CASESTREAM_TRUSTED_PROXIES", "::/0"),
        ("CASESTREAM_TRUSTED_PROXIES", "0"),
        ("CASESTREAM_TRUSTED_PROXIES", "10"),
        ("CASESTREAM_TRUSTED_PROXIES", "proxy.example.com"),
        ("CASESTREAM_TRUSTED_PROXIES", "10.0.0.0/8,"),
        ("CASESTREAM_FORWARDED_HEADER", "x-real-ip"),
        ("CASESTREAM_REQUESTS_PER_NETWORK", "0"),
        ("CASESTREAM_TRUSTD_PROXIES", "1"),
    ];
    for (name, value) in table {
        assert_eq!(refused(&[(name, value)]), [name], "{name}={value}");
    }
    // What the declarations say of production is in the table, or asked of the database.
    let said = declared::ALL.iter().filter(|about| {
        let (Fallback::Text(fallback) | Fallback::Derived(fallback)) = about.fallback;
        format!("{fallback} {}", about.description).to_lowercase().contains("production")
    });
    for about in said.filter(|about| !["CASESTREAM_MODE", "CASESTREAM_LOG_FORMAT"].contains(&about.name)) {
        assert!(table.iter().any(|(name, _)| *name == about.name), "{} is refused by production, too", about.name);
    }
}
