//! The program with a certificate: both of its ports, and what it refuses to start with.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    process::Command,
};

use reqwest::{Certificate, Client};

use crate::{
    refusals::refusal,
    service::{Place, READY, free_port},
};

/// Makes a certificate for `localhost`, and a command that serves with it.
fn certified(place: &Place) -> (rcgen::Certificate, Command) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certificate, key) = (place.path().join("certificate.pem"), place.path().join("key.pem"));
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    let mut command = place.serve();
    command.env("CASESTREAM_TLS_CERTIFICATE_FILE", certificate).env("CASESTREAM_TLS_KEY_FILE", key);
    (made.cert, command)
}

#[tokio::test]
async fn with_a_certificate_both_ports_speak_https_alone() {
    let place = Place::new();
    let (certificate, mut command) = certified(&place);
    let (public, operations) = (free_port(), free_port());
    command
        .env("CASESTREAM_LISTEN", format!("127.0.0.1:{public}"))
        .env("CASESTREAM_OPERATIONS_LISTEN", format!("127.0.0.1:{operations}"));
    let service = place.start_until(command, READY).await;
    let trusted = Certificate::from_der(certificate.der()).unwrap();
    let client = Client::builder().tls_built_in_root_certs(false).add_root_certificate(trusted).build().unwrap();
    let get = async |address: String| client.get(address).send().await;
    for (port, path, status) in [(operations, "/readyz", 200), (operations, "/metrics", 200), (public, "/nothing", 404)]
    {
        let answer = get(format!("https://localhost:{port}{path}")).await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        let plain = get(format!("http://localhost:{port}{path}")).await;
        assert!(plain.is_err(), "{plain:?}");
    }
    let metrics = get(format!("https://localhost:{operations}/metrics")).await.unwrap().text().await.unwrap();
    for metric in ["casestream_tls_certificate_expiry_seconds", "http_tls_handshakes_failed_total"] {
        assert!(metrics.contains(metric), "{metric} in {metrics}");
    }
    assert!(service.terminate().await.success());
}

#[test]
fn a_certificate_without_its_key_and_an_address_without_https_start_nothing() {
    let place = Place::new();
    let (_, command) = certified(&place);
    fs::write(place.path().join("key.pem"), rcgen::KeyPair::generate().unwrap().serialize_pem()).unwrap();
    let complaint = refusal(command);
    assert!(complaint.contains("key.pem is not that of the certificate in"), "{complaint}");
    let (_, mut command) = certified(&place);
    command.env("CASESTREAM_BASE_URL", "http://localhost:8080");
    let complaint = refusal(command);
    assert!(complaint.contains("CASESTREAM_BASE_URL is http://localhost:8080"), "{complaint}");
    assert!(!place.data_dir().exists(), "nothing was begun");
}
