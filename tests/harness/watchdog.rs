//! Cleans up after a test process, however that ends.

use std::{
    io,
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, Stdio},
};

use nix::sys::signal::Signal;

/// Reads from a pipe that nobody writes to: it ends when the operating system closes the other side, which is when the test process
/// is gone, killed or not. Then the server is stopped at once and its folder removed.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
cat > /dev/null
pid=$(head -n 1 "$1/$2" 2> /dev/null) && kill "-$3" "$pid"
tries=0
while [ -e "$1/$2" ] && kill -0 "$pid" 2> /dev/null && [ "$tries" -lt 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
rm -rf "$1"
"#;

/// A process that outlives this one for as long as the clean-up takes.
#[derive(Debug)]
pub(crate) struct Watchdog {
    _process: Child,
}

impl Watchdog {
    /// Watches over the server whose files are in `folder`, among them one with its process id, and which this signal stops at once. To
    /// be called before the server is started.
    ///
    /// # Errors
    /// What the operating system says.
    pub(crate) fn start(folder: &Path, pid_file: &str, stop: Signal) -> io::Result<Self> {
        let process = Command::new("sh")
            .args(["-c", SCRIPT, "watchdog"])
            .arg(folder)
            .args([pid_file, stop.as_str().trim_start_matches("SIG")])
            .current_dir("/")
            .stdin(Stdio::piped())
            // A test runner waits for the end of its output, which the watchdog must not hold open.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        Ok(Self { _process: process })
    }
}
