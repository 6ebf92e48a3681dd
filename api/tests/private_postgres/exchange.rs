//! Another master key, taken into use by the program beside a running service.

use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    commands::{import_sample, run},
    service::{Place, READY},
};

#[tokio::test]
async fn an_operator_exchanges_the_master_key() {
    let place = Place::new();
    import_sample(&place);
    let history = || {
        let (code, output, complaint) = run(&place, &["history", "CS-000001"]);
        assert_eq!(code, 0, "{complaint}");
        output
    };
    let exchange = || {
        let (code, output, complaint) = run(&place, &["master-key", "exchange"]);
        assert_eq!(code, 0, "{complaint}");
        output
    };
    let before = history();
    assert!(exchange().starts_with("everything is sealed"));
    let file = place.data_dir().join("master.key");
    let first = fs::read_to_string(&file).unwrap();
    let second = format!("{}\n", STANDARD.encode([8; 32]));
    fs::write(&file, format!("{first}{second}")).unwrap();
    let service = place.serve_until(READY).await;
    let exchanged = exchange();
    assert!(exchanged.contains("values sealed anew"), "{exchanged}");
    assert!(service.terminate().await.success());
    assert!(exchange().starts_with("everything is sealed"));
    assert_eq!(history(), before);
    let (code, _, complaint) = run(&place, &["verify"]);
    assert_eq!(code, 0, "{complaint}");

    for not_all in [&first, &second, &format!("{second}{first}")] {
        fs::write(&file, not_all).unwrap();
        let (code, _, complaint) = run(&place, &["history", "CS-000001"]);
        assert_eq!(code, 1);
        assert!(complaint.contains("the master key is not the one"), "{complaint}");
    }
}
