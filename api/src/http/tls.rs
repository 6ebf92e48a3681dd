//! HTTPS without a proxy: the certificate that the service shows, and what becomes of it when it is renewed.
//!
//! TLS 1.2 and 1.3 by rustls, which knows no older version and no weak cipher suite. A certificate is renewed by writing other files in
//! the place of the old ones; a pair that does not fit together is left alone, since its other half may still be on its way.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        crypto::ring,
        pki_types::{
            CertificateDer, PrivateKeyDer,
            pem::{self, PemObject as _},
        },
        sign::{CertifiedKey, SingleCertAndKey},
    },
};
use zeroize::Zeroizing;

use crate::{clock::Clock, secret_file};

/// How often the files are looked at.
pub const TLS_RENEWAL: Duration = Duration::from_mins(1);

/// Where a certificate is, and its key, both in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, then those that lead from it to an authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// A certificate cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {}, which {setting} names", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The setting that names it.
        setting: &'static str,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// Others have access to the key.
    #[error("the key file {} is open to others (mode {mode:o}): run `chmod 600 {}`", .path.display(), .path.display())]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// There is no certificate in its file.
    #[error("{} holds no certificate in PEM (`-----BEGIN CERTIFICATE-----`)", .path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// There is no key in its file.
    #[error("{} holds no private key in PEM (`-----BEGIN PRIVATE KEY-----`) that is not encrypted itself", .path.display())]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// The key is another one's.
    #[error("the key in {} is not that of the certificate in {}, which is to stand first there", .files.key.display(), .files.certificate.display())]
    Mismatch {
        /// The files.
        files: TlsFiles,
    },
    /// The certificate or the key is of a kind that is not known here.
    #[error("the certificate in {} cannot be used with its key", .files.certificate.display())]
    Unusable {
        /// The files.
        files: TlsFiles,
        /// What the library says.
        #[source]
        source: rustls::Error,
    },
}

/// The certificate that the service shows. Clones show the same one.
#[derive(Clone)]
pub struct Tls {
    files: TlsFiles,
    shown: Arc<RwLock<Shown>>,
}

/// A certificate that is shown.
struct Shown {
    chain: Vec<CertificateDer<'static>>,
    config: Arc<ServerConfig>,
}

impl Tls {
    /// Reads a certificate and its key.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn open(files: TlsFiles) -> Result<Self, TlsError> {
        let shown = Arc::new(RwLock::new(read(&files)?));
        Ok(Self { files, shown })
    }

    /// What shakes hands with a client.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        // A lock that a panic poisoned holds what it held before.
        let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(&shown.config))
    }

    /// Until when the certificate is good; nothing where that cannot be read.
    #[must_use]
    pub fn good_until(&self) -> Option<DateTime<Utc>> {
        let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
        let (_, certificate) = x509_parser::parse_x509_certificate(shown.chain.first()?).ok()?;
        DateTime::from_timestamp(certificate.validity().not_after.timestamp(), 0)
    }

    /// Reads the files again; answers whether there is another certificate, which connections are shown from now on.
    ///
    /// # Errors
    /// [`TlsError`]; the old certificate goes on.
    pub fn renew(&self) -> Result<bool, TlsError> {
        let found = read(&self.files)?;
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        if found.chain == shown.chain {
            return Ok(false);
        }
        *shown = found;
        Ok(true)
    }

    /// Looks at the files again and again, for ever.
    pub async fn keep_fresh(self, clock: Clock, every: Duration) {
        let mut ticks = interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await;
        self.tell(&clock);
        let mut complaint = None;
        loop {
            ticks.tick().await;
            let tls = self.clone();
            let renewed = tokio::task::spawn_blocking(move || tls.renew()).await;
            match renewed.expect("reading files does not panic") {
                Ok(false) => complaint = None,
                Ok(true) => {
                    complaint = None;
                    tracing::info!("the TLS certificate was renewed");
                    self.tell(&clock);
                }
                Err(error) => {
                    let words = crate::files::causes(&error);
                    if complaint.as_ref() != Some(&words) {
                        tracing::error!(
                            error = words,
                            "the renewed TLS certificate cannot be used; the old one goes on"
                        );
                        complaint = Some(words);
                    }
                }
            }
        }
    }

    /// Tells operators until when the certificate is good.
    fn tell(&self, clock: &Clock) {
        let Some(good_until) = self.good_until() else { return };
        #[expect(clippy::cast_precision_loss, reason = "the seconds of dates are far below 2^52")]
        metrics::gauge!("casestream_tls_certificate_expiry_seconds").set(good_until.timestamp() as f64);
        if good_until < clock.now() {
            tracing::warn!(%good_until, "the TLS certificate has expired: clients will not trust the service");
        }
    }
}

fn read(files: &TlsFiles) -> Result<Shown, TlsError> {
    let TlsFiles { certificate, key } = files;
    let chain = secret_file::read(certificate).map_err(file_error(certificate, "CASESTREAM_TLS_CERTIFICATE_FILE"))?;
    let chain: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&chain).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| TlsError::NoCertificate { path: certificate.clone() })?;
    let unreadable = file_error(key, "CASESTREAM_TLS_KEY_FILE");
    if let Some(mode) = secret_file::open_to_others(key).map_err(&unreadable)? {
        return Err(TlsError::OpenToOthers { path: key.clone(), mode });
    }
    let text = Zeroizing::new(secret_file::read(key).map_err(unreadable)?);
    let key = PrivateKeyDer::from_pem_slice(&text).map_err(|_| TlsError::NoKey { path: key.clone() })?;
    let unusable = |source| match source {
        rustls::Error::InconsistentKeys(_) => TlsError::Mismatch { files: files.clone() },
        source => TlsError::Unusable { files: files.clone(), source },
    };
    let provider = Arc::new(ring::default_provider());
    let certified = CertifiedKey::from_der(chain.clone(), key, &provider).map_err(unusable)?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Shown { chain, config: Arc::new(config) })
}

fn file_error(path: &Path, setting: &'static str) -> impl Fn(io::Error) -> TlsError {
    move |source| TlsError::File { path: path.to_owned(), setting, source }
}
