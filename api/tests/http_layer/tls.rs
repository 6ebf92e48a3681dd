//! HTTPS without a proxy: what is served over it, what is refused, and certificates that are renewed.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use api::clock::Clock;
use api::http::{Limits, ServerLimits, Tls, TlsError, TlsFiles};
use api::settings::Mode;
use harness::until;
use rcgen::{CertificateParams, KeyPair};
use reqwest::{Certificate, Client};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{
    ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion, crypto::ring, version,
};

use crate::support::TestServer;

/// Longer than anything here takes; what isn't over by then hangs.
const DEADLINE: Duration = Duration::from_secs(20);

/// A certificate for `localhost`, in files of its own.
struct Pair {
    folder: TempDir,
    certificate: rcgen::Certificate,
}

impl Pair {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let certificate = write(folder.path(), |_| {});
        Self { folder, certificate }
    }

    fn files(&self) -> TlsFiles {
        files(self.folder.path())
    }

    fn open(&self) -> Tls {
        Tls::open(self.files()).expect("a certificate that can be used")
    }

    /// What trusts this certificate and no other.
    fn client(&self) -> Client {
        client(&self.certificate)
    }
}

fn files(folder: &Path) -> TlsFiles {
    TlsFiles { certificate: folder.join("certificate.pem"), key: folder.join("key.pem") }
}

fn client(trusted: &rcgen::Certificate) -> Client {
    let trusted = Certificate::from_der(trusted.der()).expect("a certificate");
    Client::builder().tls_built_in_root_certs(false).add_root_certificate(trusted).build().expect("a client")
}

/// Makes a certificate for `localhost` and writes it with its key.
fn write(folder: &Path, change: impl FnOnce(&mut CertificateParams)) -> rcgen::Certificate {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    change(&mut params);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    let TlsFiles { certificate: path, key: key_path } = files(folder);
    write_whole(&path, &certificate.pem());
    write_whole(&key_path, &key.serialize_pem());
    certificate
}

/// Puts a file in place at once, as whatever renews certificates does.
fn write_whole(path: &Path, text: &str) {
    let draft = path.with_extension("draft");
    fs::write(&draft, text).expect("the folder is ours");
    fs::set_permissions(&draft, Permissions::from_mode(0o600)).expect("the file is ours");
    fs::rename(&draft, path).expect("the folder is ours");
}

async fn start(pair: &Pair, server_limits: ServerLimits) -> TestServer {
    TestServer::start_over(Some(pair.open()), Limits::default(), server_limits, Mode::Development).await
}

fn url(server: &TestServer) -> String {
    format!("https://localhost:{}/graphql", server.address.port())
}

async fn hello(client: &Client, server: &TestServer) -> Result<Value, reqwest::Error> {
    client.post(url(server)).json(&json!({ "query": "{hello}" })).send().await?.json().await
}

/// Shakes hands by one version of TLS alone; answers which one it became.
async fn shake(pair: &Pair, server: &TestServer, only: &'static SupportedProtocolVersion) -> Option<ProtocolVersion> {
    let mut roots = RootCertStore::empty();
    roots.add(pair.certificate.der().clone()).expect("a certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[only])
        .expect("a version that the library knows")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(server.address).await.expect("the server listens");
    let name = "localhost".try_into().expect("a name");
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("they agree");
    stream.get_ref().1.protocol_version()
}

#[tokio::test]
async fn requests_and_answers_go_over_tls_1_2_and_1_3() {
    let pair = Pair::new();
    let server = start(&pair, ServerLimits::default()).await;
    assert_eq!(hello(&pair.client(), &server).await.expect("answered"), json!({ "data": { "hello": "world" } }));
    for (only, version) in [(&version::TLS12, ProtocolVersion::TLSv1_2), (&version::TLS13, ProtocolVersion::TLSv1_3)] {
        assert_eq!(shake(&pair, &server, only).await, Some(version));
    }
    let stranger = hello(&Pair::new().client(), &server).await;
    assert!(stranger.is_err_and(|error| error.is_connect()), "its client knows who it speaks to");
    timeout(DEADLINE, server.stop()).await.expect("the server stops").expect("without a panic");
}

#[tokio::test]
async fn sockets_go_over_tls_and_end_with_the_server() {
    use futures_util::{SinkExt as _, StreamExt as _};
    use tokio_tungstenite::{client_async, tungstenite::Message, tungstenite::client::IntoClientRequest as _};
    let pair = Pair::new();
    let server = start(&pair, ServerLimits::default()).await;
    let mut roots = RootCertStore::empty();
    roots.add(pair.certificate.der().clone()).expect("a certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions that the library knows")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(server.address).await.expect("the server listens");
    let name = "localhost".try_into().expect("a name");
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("they agree");
    let address = format!("wss://localhost:{}/graphql/ws", server.address.port());
    let mut request = address.into_client_request().expect("an address");
    let protocol = "graphql-transport-ws".parse().expect("a header's value");
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let (mut socket, _) = client_async(request, stream).await.expect("the service takes sockets");
    let init = json!({ "type": "connection_init", "payload": { "authorization": "Bearer somebody" } });
    let subscribe =
        json!({ "type": "subscribe", "id": "1", "payload": { "query": "subscription { count(to: 1) { number } }" } });
    for message in [init, subscribe] {
        socket.send(Message::text(message.to_string())).await.expect("the socket is open");
    }
    let number = async {
        loop {
            let message = socket.next().await.expect("the socket is open").expect("a message");
            let message: Value = serde_json::from_str(message.to_text().expect("text")).unwrap_or_default();
            if message["type"] == "next" {
                break message["payload"]["data"]["count"]["number"].clone();
            }
        }
    };
    assert_eq!(timeout(DEADLINE, number).await.expect("it counts"), 1);
    let stopped = server.stop();
    timeout(DEADLINE, async { while socket.next().await.is_some_and(|message| message.is_ok()) {} })
        .await
        .expect("the socket is closed");
    timeout(DEADLINE, stopped).await.expect("the server stops").expect("without a panic");
}

/// What a client says first that knows TLS 1.0 plus `minor`: random bytes, and one suite, one signature, one group that the server knows.
fn client_hello(minor: u8) -> Vec<u8> {
    let mut hello = vec![22, 3, 1, 0, 69, 1, 0, 0, 65, 3, 1 + minor];
    hello.extend([7; 32]);
    hello.extend([0, 0, 2, 0xc0, 0x2b, 1, 0]);
    hello.extend([0, 22, 0, 13, 0, 4, 0, 2, 4, 3, 0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0]);
    hello
}

#[tokio::test]
async fn what_is_no_tls_or_an_old_one_is_refused_and_nothing_of_it_is_answered() {
    let pair = Pair::new();
    let server = start(&pair, ServerLimits::default()).await;
    let plain = b"GET /graphql HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec();
    // Alerts that end a connection (RFC 8446, section 6): what was said is no record of TLS, or its version is not spoken.
    for (what, bytes, alert) in
        [("plain HTTP", plain, 50), ("TLS 1.0", client_hello(0), 70), ("TLS 1.1", client_hello(1), 70)]
    {
        let mut stream = TcpStream::connect(server.address).await.expect("the server listens");
        stream.write_all(&bytes).await.expect("the server reads");
        let mut answer = vec![];
        // A reset counts as closed.
        drop(timeout(DEADLINE, stream.read_to_end(&mut answer)).await.expect("the server closes the connection"));
        assert_eq!(answer, [21, 3, 3, 0, 2, 2, alert], "{what}");
    }
    let mut stream = TcpStream::connect(server.address).await.expect("the server listens");
    stream.write_all(&client_hello(2)).await.expect("the server reads");
    let first = timeout(DEADLINE, stream.read_u8()).await.expect("the server answers").expect("the connection is open");
    assert_eq!(first, 22, "the same of TLS 1.2 is taken");
    assert!(hello(&pair.client(), &server).await.is_ok(), "others are served");
}

#[tokio::test]
async fn a_stalled_handshake_is_let_go_and_its_place_given_again() {
    let pair = Pair::new();
    let limits = ServerLimits { header: Duration::from_millis(200), connections: 1, ..ServerLimits::default() };
    let server = start(&pair, limits).await;
    let mut silent = TcpStream::connect(server.address).await.expect("the server listens");
    silent.write_all(&[22, 3, 1]).await.expect("the server reads");
    let mut answer = vec![];
    drop(timeout(DEADLINE, silent.read_to_end(&mut answer)).await.expect("the server closes the connection"));
    let client = pair.client();
    until("a place to be free", async || {
        hello(&client, &server).await.ok().filter(|answer| answer["data"].is_object())
    })
    .await;
    let slow = TcpStream::connect(server.address).await.expect("the server listens");
    timeout(DEADLINE, server.stop()).await.expect("stopping waits for no handshake").expect("without a panic");
    drop(slow);
}

#[tokio::test]
async fn a_client_over_the_cap_is_told_so_over_tls() {
    let pair = Pair::new();
    let server = start(&pair, ServerLimits { connections: 1, ..ServerLimits::default() }).await;
    let first = pair.client();
    assert!(hello(&first, &server).await.is_ok(), "its connection stays open");
    let answer = pair.client().post(url(&server)).json(&json!({ "query": "{hello}" })).send().await.expect("answered");
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_and_a_broken_one_is_not() {
    let pair = Pair::new();
    let tls = pair.open();
    let server =
        TestServer::start_over(Some(tls.clone()), Limits::default(), ServerLimits::default(), Mode::Development).await;
    let keeping = tokio::spawn(tls.clone().keep_fresh(Clock::system(), Duration::from_millis(10)));
    assert!(hello(&pair.client(), &server).await.is_ok());
    assert!(!tls.renew().expect("nothing has changed"));

    let key = fs::read_to_string(pair.files().key).expect("it is there");
    let renewed = write(pair.folder.path(), |_| {});
    until("the new certificate", async || hello(&client(&renewed), &server).await.ok()).await;
    assert!(hello(&pair.client(), &server).await.is_err(), "the old one is shown no more");

    write_whole(&pair.files().key, &key);
    assert!(matches!(tls.renew(), Err(TlsError::Mismatch { .. })), "the first key");
    write_whole(&pair.files().certificate, "nonsense");
    assert!(matches!(tls.renew(), Err(TlsError::NoCertificate { .. })));
    assert!(hello(&client(&renewed), &server).await.is_ok(), "the good one goes on");
    let third = write(pair.folder.path(), |_| {});
    until("the third certificate", async || hello(&client(&third), &server).await.ok()).await;
    keeping.abort();
}

#[test]
fn files_that_cannot_be_served_with_are_refused_by_name() {
    let refusal = |spoil: &dyn Fn(&TlsFiles)| {
        let pair = Pair::new();
        spoil(&pair.files());
        let Err(error) = Tls::open(pair.files()) else { panic!("it is refused") };
        let words = error.to_string();
        assert!(words.contains(&*pair.folder.path().to_string_lossy()), "{words}");
        error
    };
    let words = refusal(&|files| fs::remove_file(&files.certificate).unwrap()).to_string();
    assert!(words.contains("CASESTREAM_TLS_CERTIFICATE_FILE"), "{words}");
    let piped = refusal(&|files| {
        fs::remove_file(&files.certificate).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&files.certificate).status().unwrap().success());
    });
    assert!(matches!(piped, TlsError::File { .. }), "reading it would never end: {piped}");
    let words = refusal(&|files| fs::remove_file(&files.key).unwrap()).to_string();
    assert!(words.contains("CASESTREAM_TLS_KEY_FILE"), "{words}");
    let swapped = refusal(&|files| {
        fs::copy(&files.key, &files.certificate).unwrap();
    });
    assert!(matches!(swapped, TlsError::NoCertificate { .. }), "{swapped}");
    let no_key = refusal(&|files| fs::write(&files.key, "-----BEGIN ENCRYPTED PRIVATE KEY-----").unwrap());
    assert!(matches!(no_key, TlsError::NoKey { .. }), "{no_key}");
    let another = Pair::new();
    let mismatch = refusal(&|files| {
        fs::copy(another.files().key, &files.key).unwrap();
    });
    assert!(matches!(mismatch, TlsError::Mismatch { .. }), "{mismatch}");
    let open = refusal(&|files| fs::set_permissions(&files.key, Permissions::from_mode(0o644)).unwrap());
    assert!(matches!(open, TlsError::OpenToOthers { mode: 0o644, .. }), "{open}");
}

/// Clients refuse it; a service that did not start would only say so later.
#[test]
fn an_expired_certificate_is_served_with() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), |params| params.not_after = rcgen::date_time_ymd(2020, 1, 1));
    let tls = Tls::open(files(folder.path())).unwrap();
    assert_eq!(tls.good_until().unwrap().to_rfc3339(), "2020-01-01T00:00:00+00:00");
}
