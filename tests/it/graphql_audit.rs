//! The published audit of GraphQL over HTTP servers, as `tests/audit/audit.mjs` runs it, against the whole service.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use harness::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn the_published_audit_passes() {
    let app = TestApp::start().await;
    let url = app.url();
    // Node's programs are waited for on a thread of their own, so that the service can go on answering.
    let (passed, report) = tokio::task::spawn_blocking(move || audit(&url)).await.unwrap();
    println!("{report}");
    assert!(passed, "{report}");
    assert!(report.contains("61 of 61 checks are ok\n"), "{report}");
}

fn audit(url: &str) -> (bool, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("audit");
    install(&folder);
    let mut node = Command::new("node");
    let output = node.args(["audit.mjs", url]).current_dir(&folder).stdin(Stdio::null()).output();
    let output = output.expect("Node.js is installed");
    let report = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&report).into_owned())
}

/// Runs `npm ci` when nothing is installed, or something older than the lockfile asks for.
fn install(folder: &Path) {
    let modified = |path: PathBuf| path.metadata().and_then(|metadata| metadata.modified());
    let lockfile = modified(folder.join("package-lock.json")).expect("the lockfile is committed");
    if modified(folder.join("node_modules/.package-lock.json")).is_ok_and(|installed| installed >= lockfile) {
        return;
    }
    let status = Command::new("npm").arg("ci").current_dir(folder).stdin(Stdio::null()).status();
    assert!(status.expect("npm is installed").success(), "npm ci failed in {}", folder.display());
}
