//! A real mail server, as `tests/smtp/server.py` runs it, and the mail that it took.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use api::{
    identity::Secret,
    mail::{Language, MailOptions, Transport},
    settings::{BaseUrl, Encryption, MailSettings, SmtpServer},
};
use harness::until;
use mail_parser::{Message, MessageParser};
use serde_json::Value;
use tempfile::TempDir;

/// Where the portal of all these tests is.
pub const BASE_URL: &str = "https://support.example.com";
/// The name and password that a server asks for which asks for any.
pub const LOGIN: (&str, &str) = ("desk", "correct horse battery staple");

/// The server. It ends when this is dropped.
pub struct MailServer {
    pub port: u16,
    pub folder: TempDir,
    encryption: Encryption,
    has_login: bool,
    child: Child,
}

/// A mail that it took.
#[derive(Clone, Debug)]
pub struct Taken {
    pub to: Vec<String>,
    pub encrypted: bool,
    pub user: Option<String>,
    pub bytes: Vec<u8>,
}

impl Taken {
    pub fn parsed(&self) -> Message<'_> {
        MessageParser::default().parse(&self.bytes).expect("a mail")
    }

    pub fn message_id(&self) -> String {
        self.parsed().message_id().expect("an id").to_owned()
    }

    pub fn subject(&self) -> String {
        self.parsed().subject().expect("a subject").to_owned()
    }

    pub fn text(&self) -> String {
        self.parsed().body_text(0).expect("a text").replace("\r\n", "\n")
    }

    pub fn html(&self) -> String {
        self.parsed().body_html(0).expect("HTML").into_owned()
    }

    /// A header as it stands, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let text = String::from_utf8(self.bytes.clone()).expect("mail is ASCII");
        let head = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");

        head.split("\r\n").find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
    }

    /// The address of the web that a line of the text is, below a path.
    pub fn link(&self, path: &str) -> String {
        let wanted = format!("{BASE_URL}{path}");
        let text = self.text();
        let found = text.split_whitespace().find(|word| word.starts_with(&wanted));
        found.unwrap_or_else(|| panic!("no {wanted} in {text}")).to_owned()
    }
}

impl MailServer {
    /// One that asks for nothing.
    pub async fn start() -> Self {
        Self::start_with(Encryption::None, false).await
    }

    pub async fn start_with(encryption: Encryption, has_login: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut arguments = vec![];
        if encryption != Encryption::None {
            let made =
                rcgen::generate_simple_self_signed(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
            let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
            std::fs::write(&certificate, made.cert.pem()).unwrap();
            std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
            let mode = if encryption == Encryption::StartTls { "starttls" } else { "tls" };
            arguments.extend(["--tls".into(), mode.into(), certificate.into_os_string(), key.into_os_string()]);
        }
        if has_login {
            arguments.extend(["--user".into(), LOGIN.0.into(), LOGIN.1.into()]);
        }
        let mails = folder.path().join("mails");
        std::fs::create_dir(&mails).unwrap();
        let start = move || {
            let mut child = Command::new(python())
                .arg(tests_folder().join("smtp/server.py"))
                .arg(mails)
                .args(arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("Python runs");
            let mut line = String::new();
            BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let port = line.trim().parse().expect("the server says its port");
            (child, port)
        };
        let (child, port) = tokio::task::spawn_blocking(start).await.unwrap();
        Self { port, folder, encryption, has_login, child }
    }

    /// Settings of a service that sends through it.
    pub fn settings(&self) -> MailSettings {
        let encrypted = self.encryption != Encryption::None;
        MailSettings {
            server: Some(SmtpServer { encryption: self.encryption, host: "127.0.0.1".to_owned(), port: self.port }),
            credentials: self.has_login.then(|| (LOGIN.0.to_owned(), Secret::new(LOGIN.1))),
            ca_file: encrypted.then(|| self.folder.path().join("certificate.pem")),
            timeout: Duration::from_secs(20),
            language: Language::English,
        }
    }

    pub fn options(&self) -> MailOptions {
        self.options_with(&self.settings())
    }

    pub fn options_with(&self, settings: &MailSettings) -> MailOptions {
        let base_url = BaseUrl::parse(BASE_URL).unwrap();
        let transport = Transport::new(settings, &base_url, self.folder.path()).unwrap();
        MailOptions { transport, base_url, language: Language::English }
    }

    /// What it took, in order.
    pub fn taken(&self) -> Vec<Taken> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.folder.path().join("mails"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort();
        let read = |path: &PathBuf| {
            let mail: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
            let texts =
                |value: &Value| value.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
            Taken {
                to: texts(&mail["to"]),
                encrypted: mail["encrypted"] == true,
                user: mail["user"].as_str().map(str::to_owned),
                bytes: hex::decode(mail["data"].as_str().unwrap()).unwrap(),
            }
        };
        files.iter().map(read).collect()
    }

    /// What it took for one address.
    pub fn taken_for(&self, address: &str) -> Vec<Taken> {
        self.taken().into_iter().filter(|mail| mail.to == [address]).collect()
    }

    /// Waits for the first mail to an address.
    pub async fn mail_for(&self, address: &str) -> Taken {
        until("a mail", async || self.taken_for(address).pop()).await
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn tests_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A Python with the server's packages, which are installed when they are not, or older than what is asked for.
fn python() -> PathBuf {
    let folder = tests_folder().parent().unwrap().join(".tools/python");
    std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
    // One at a time, of however many tests.
    let lock = std::fs::File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let wanted = tests_folder().join("smtp/requirements.txt");
    let installed = folder.join("requirements.txt");
    let python = folder.join("bin/python");
    if std::fs::read(&installed).ok() != std::fs::read(&wanted).ok() {
        let done = |command: &mut Command| assert!(command.status().expect("it runs").success(), "{command:?}");
        done(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"];
        done(Command::new(&python).args(install).arg(&wanted));
        std::fs::copy(&wanted, &installed).unwrap();
    }
    python
}
