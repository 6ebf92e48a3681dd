//! The published audit of GraphQL over HTTP servers, as `tests/audit/audit.mjs` runs it.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use crate::support::TestServer;

#[tokio::test]
async fn the_published_audit_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/audit");
    install(&folder).await;
    let server = TestServer::with_defaults().await;
    let mut audit = Command::new("node");
    audit.arg("audit.mjs").arg(server.url()).current_dir(&folder).stdin(Stdio::null());
    let output = audit.output().await.expect("Node.js is installed");
    let report = String::from_utf8_lossy(&output.stdout);
    println!("{report}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{report}");
    assert!(report.ends_with("61 of 61 checks are ok\n"), "{report}");
}

/// Runs `npm ci` when nothing is installed, or something older than the lockfile asks for.
async fn install(folder: &Path) {
    let modified = |path: PathBuf| path.metadata().and_then(|metadata| metadata.modified());
    let lockfile = modified(folder.join("package-lock.json")).expect("the lockfile is committed");
    if modified(folder.join("node_modules/.package-lock.json")).is_ok_and(|installed| installed >= lockfile) {
        return;
    }
    let status = Command::new("npm").arg("ci").current_dir(folder).stdin(Stdio::null()).status();
    assert!(status.await.expect("npm is installed").success(), "npm ci failed in {}", folder.display());
}
