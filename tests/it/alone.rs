//! Tests of what a whole process does, or leaves behind: they run in one of their own.

use tokio::process::Command;

/// Says to a process that it runs one test.
const ALONE: &str = "TEST_RUNS_ALONE";

/// Whether this process runs the test of this name alone. Where it does not, another one has done so when this returns, and the test
/// passed there.
///
/// # Panics
/// If it failed there.
pub async fn runs_alone(name: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let mut itself = Command::new(std::env::current_exe().expect("this program is a file"));
    let ended = itself.args(["--exact", name]).env(ALONE, "yes").output().await.expect("it runs");
    let (out, err) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{out}\n{err}");
    assert!(out.contains("1 passed"), "it ran: {out}");
    false
}
