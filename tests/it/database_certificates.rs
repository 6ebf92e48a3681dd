//! PostgreSQL without a password: the service shows a certificate, which can be renewed while it runs.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use api::{
    postgres::Account,
    settings::{DatabaseUrl, Settings},
};
use harness::{Durability, TestCluster, free_ports};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

/// Who signs in. The name stands in the certificate, too.
const USER: &str = "casestream_owner";

/// An authority of one's own.
struct Authority {
    certificate: rcgen::Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self { certificate: params.self_signed(&key).unwrap(), issuer: Issuer::new(params, key) }
    }

    /// Writes a certificate for a name, `.crt`, and its key, `.key`.
    fn certify(&self, folder: &Path, file: &str, common_name: &str) {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, common_name);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        write_private(&folder.join(file).with_extension("crt"), &certificate.pem());
        write_private(&folder.join(file).with_extension("key"), &key.serialize_pem());
    }
}

fn write_private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

/// A PostgreSQL on a port of this machine that takes certificates of an authority, and nothing else.
async fn certified_cluster(authority: &Authority, port: u16) -> TestCluster {
    let prepare = |data: &Path, account: &Account| {
        authority.certify(data, "server", "localhost");
        write_private(&data.join("authority.crt"), &authority.certificate.pem());
        // The harness itself comes by the socket.
        write_private(&data.join("pg_hba.conf"), "local all all trust\nhostssl all all 127.0.0.1/32 cert\n");
        for file in ["server.crt", "server.key", "authority.crt", "pg_hba.conf"] {
            account.give(&data.join(file)).unwrap();
        }
        ["listen_addresses=127.0.0.1", "ssl=on", "ssl_ca_file=authority.crt"].map(str::to_owned).to_vec()
    };
    TestCluster::start_at(Durability::Fast, port, prepare).await
}

/// Connects as the service does that has this setting.
async fn connect(url: &str) -> Result<PgConnection, sqlx::Error> {
    let lookup = |name: &str| (name == "DATABASE_URL").then(|| url.into());
    let settings = Settings::from_lookup(&lookup, std::iter::empty(), false).expect("settings that hold");
    let DatabaseUrl(options) = settings.database_url.expect("it is set");
    options.connect().await
}

#[tokio::test]
async fn a_client_certificate_signs_in_and_nothing_else_does() {
    let authority = Authority::new();
    let [port] = free_ports();
    let _cluster = certified_cluster(&authority, port).await;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root.crt");
    write_private(&root, &authority.certificate.pem());
    authority.certify(folder.path(), "ours", USER);
    authority.certify(folder.path(), "another", "somebody_else");
    Authority::new().certify(folder.path(), "stranger", USER);

    let bare = format!(
        "postgres://{USER}@localhost:{port}/postgres?sslmode=verify-full&sslrootcert={}",
        root.to_str().unwrap()
    );
    let with = |file: &str| {
        let path = folder.path().join(file);
        format!("{bare}&sslcert={0}.crt&sslkey={0}.key", path.to_str().unwrap())
    };
    let mut connection = connect(&with("ours")).await.expect("it is let in");
    let (encrypted, client): (bool, String) =
        sqlx::query_as("select ssl, client_dn from pg_stat_ssl where pid = pg_backend_pid()")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert!(encrypted && client.contains(USER), "{client}");
    connection.close().await.unwrap();

    for refused in [bare.clone(), with("another"), with("stranger")] {
        let Err(error) = connect(&refused).await else { panic!("{refused} is let in") };
        assert!(!matches!(error, sqlx::Error::Configuration(_)), "{refused}: {error}");
    }
    // Renewed: the same files, another certificate.
    fs::copy(folder.path().join("stranger.crt"), folder.path().join("ours.crt")).unwrap();
    fs::copy(folder.path().join("stranger.key"), folder.path().join("ours.key")).unwrap();
    assert!(connect(&with("ours")).await.is_err(), "the files are read for each connection");
    authority.certify(folder.path(), "ours", USER);
    connect(&with("ours")).await.expect("it is let in").close().await.unwrap();
}
