//! How a mail leaves: to a mail server, or into a folder.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    transport::smtp::{
        SMTP_PORT,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};
use tokio::time::timeout;
use uuid::Uuid;

use super::refusal::{Refused, of_smtp};
use crate::{
    secret_file,
    settings::{BaseUrl, Encryption, MailSettings, SmtpServer},
};

/// How many mails leave at the same time. Each has a connection of its own: one that is given up in the middle of a mail can
/// be of no use for the next.
pub(super) const AT_ONCE: usize = 4;

/// How mail leaves.
#[derive(Clone)]
pub enum Transport {
    /// To a mail server, which may take so long for a mail.
    Smtp(AsyncSmtpTransport<Tokio1Executor>, Duration),
    /// Into a folder, a file for each mail, where the page `/mailbox` of development mode shows them.
    Folder(PathBuf),
}

/// Why mail has no way out.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The certificate cannot be read.
    #[error("the certificate {} of the mail server's authority cannot be read", path.display())]
    Certificate {
        /// Where.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The certificate is none, or TLS cannot be had.
    #[error("connections to the mail server cannot be encrypted")]
    Tls(#[source] lettre::transport::smtp::Error),
    /// The folder cannot be made.
    #[error("the folder {} for mail cannot be made", path.display())]
    Folder {
        /// Where.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

impl Transport {
    /// The way that the settings name; without a mail server a folder within `data_dir`.
    ///
    /// # Errors
    /// [`TransportError`].
    pub fn new(settings: &MailSettings, base_url: &BaseUrl, data_dir: &Path) -> Result<Self, TransportError> {
        match &settings.server {
            Some(server) => Ok(Self::Smtp(smtp(server, settings, base_url)?, settings.timeout)),
            None => Self::in_folder(data_dir.join("mailbox")),
        }
    }

    /// Into a folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`TransportError::Folder`].
    pub fn in_folder(path: PathBuf) -> Result<Self, TransportError> {
        use std::os::unix::fs::DirBuilderExt as _;
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path);
        made.map_err(|source| TransportError::Folder { path: path.clone(), source })?;
        Ok(Self::Folder(path))
    }

    /// Hands a mail over.
    ///
    /// # Errors
    /// [`Refused`]; unless that is for good, the mail may have been taken all the same.
    pub(super) async fn send(&self, mail_id: Uuid, mail: Message) -> Result<(), Refused> {
        match self {
            Self::Smtp(server, within) => match timeout(*within, server.send(mail)).await {
                Ok(sent) => sent.map(drop).map_err(|error| of_smtp(&error)),
                Err(_) => Err(Refused { for_good: false, reason: "the mail server did not answer in time".to_owned() }),
            },
            Self::Folder(folder) => write(folder, mail_id, &mail.formatted()).await.map_err(|error| Refused {
                for_good: false,
                reason: format!("the folder does not take it: {}", error.kind()),
            }),
        }
    }
}

fn smtp(
    server: &SmtpServer,
    settings: &MailSettings,
    base_url: &BaseUrl,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, TransportError> {
    let tls = match server.encryption {
        Encryption::None => Tls::None,
        Encryption::StartTls => Tls::Required(tls(server, settings)?),
        Encryption::Tls => Tls::Wrapper(tls(server, settings)?),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
        .port(if server.port == 0 { SMTP_PORT } else { server.port })
        .timeout(Some(settings.timeout))
        .tls(tls);
    if let Some(domain) = base_url.domain() {
        builder = builder.hello_name(ClientId::Domain(domain.to_owned()));
    }
    if let Some((user, password)) = &settings.credentials {
        builder = builder.credentials(Credentials::new(user.clone(), password.reveal().to_owned()));
    }
    Ok(builder.build())
}

fn tls(server: &SmtpServer, settings: &MailSettings) -> Result<TlsParameters, TransportError> {
    let mut parameters = TlsParameters::builder(server.host.clone());
    if let Some(path) = &settings.ca_file {
        let pem =
            secret_file::read(path).map_err(|source| TransportError::Certificate { path: path.clone(), source })?;
        parameters = parameters.add_root_certificate(Certificate::from_pem(&pem).map_err(TransportError::Tls)?);
    }
    parameters.build_rustls().map_err(TransportError::Tls)
}

/// Writes a mail whole or not at all; a second time over the first.
async fn write(folder: &Path, mail_id: Uuid, bytes: &[u8]) -> io::Result<()> {
    use tokio::{fs, io::AsyncWriteExt as _};
    let (path, part) = (folder.join(format!("{mail_id}.eml")), folder.join(format!(".{mail_id}.part")));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    drop(file);
    fs::rename(part, path).await
}
