//! What a virus scanner says of a file: `clamd`, on this machine, by its command `INSTREAM`.
//!
//! What is said to it is not encrypted, so it is never on another machine. Whatever it says but that a file is clean, and
//! whatever goes wrong, lets no file through.

use std::{io, net::SocketAddr, path::PathBuf, time::Duration};

use axum::body::Body;
use futures_util::StreamExt as _;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpStream, UnixStream},
    time::timeout,
};

/// Where a scanner listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScannerAddress {
    /// A socket in the file system.
    Unix(PathBuf),
    /// A port of this machine.
    Tcp(SocketAddr),
}

/// A scanner, to be asked.
#[derive(Clone, Debug)]
pub struct Scanner {
    /// Where it listens.
    pub address: ScannerAddress,
    /// How long it may take for one file, from connecting to its answer.
    pub limit: Duration,
}

/// What it says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// Something was.
    Infected {
        /// What it calls that.
        signature: String,
    },
}

/// Why nothing is known of a file.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// It did not come to an end.
    #[error("the virus scanner took longer than {} ms", .limit.as_millis())]
    TooLate {
        /// How long it might have taken.
        limit: Duration,
    },
    /// It cannot be reached, or broke off.
    #[error("the virus scanner cannot be reached, or broke off")]
    Connection(#[from] io::Error),
    /// It says that it could not scan the file.
    #[error("the virus scanner answered `{reply}`")]
    Refused {
        /// Its own words.
        reply: String,
    },
    /// The file to be scanned could not be read to its end.
    #[error("the file to be scanned cannot be read")]
    File(#[source] axum::Error),
}

/// Longest answer that is read. `clamd` says one line.
const REPLY_BYTES: u64 = 4096;
/// How long it may take to say that it is there.
const PING_LIMIT: Duration = Duration::from_secs(5);

trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}
impl<C: AsyncRead + AsyncWrite + Send + Unpin> Connection for C {}

impl Scanner {
    /// Has a file scanned, which is sent no faster than it is taken.
    ///
    /// # Errors
    /// [`ScanError`]: nothing is known of the file.
    pub async fn scan(&self, file: Body) -> Result<Verdict, ScanError> {
        let limit = self.limit;
        let scanned = timeout(limit, async { converse(&mut *self.connect().await?, file).await }).await;
        let outcome = scanned.unwrap_or(Err(ScanError::TooLate { limit }));
        let word = match &outcome {
            Ok(Verdict::Clean) => "clean",
            Ok(Verdict::Infected { .. }) => "infected",
            Err(_) => "failed",
        };
        metrics::counter!("casestream_file_scans_total", "outcome" => word).increment(1);
        outcome
    }

    /// Asks whether it is there.
    ///
    /// # Errors
    /// [`ScanError`].
    pub async fn ping(&self) -> Result<(), ScanError> {
        let asked = async {
            let mut connection = self.connect().await?;
            connection.write_all(b"zPING\0").await?;
            match reply(&mut *connection).await?.as_str() {
                "PONG" => Ok(()),
                other => Err(ScanError::Refused { reply: other.to_owned() }),
            }
        };
        timeout(PING_LIMIT, asked).await.unwrap_or(Err(ScanError::TooLate { limit: PING_LIMIT }))
    }

    async fn connect(&self) -> io::Result<Box<dyn Connection>> {
        Ok(match &self.address {
            ScannerAddress::Unix(path) => Box::new(UnixStream::connect(path).await?),
            ScannerAddress::Tcp(address) => Box::new(TcpStream::connect(address).await?),
        })
    }
}

async fn converse(connection: &mut dyn Connection, file: Body) -> Result<Verdict, ScanError> {
    let sent = match send(connection, file).await {
        // What follows would be an answer to a file that was cut.
        Err(error @ ScanError::File(_)) => return Err(error),
        sent => sent,
    };
    // A scanner that has had enough says why before it hangs up.
    match (sent, reply(connection).await) {
        (Ok(()), reply) => verdict(&reply?),
        (Err(error), Ok(reply)) if reply.is_empty() => Err(error),
        (Err(_), Ok(reply)) => Err(ScanError::Refused { reply }),
        (Err(error), Err(_)) => Err(error),
    }
}

/// Sends the file in chunks, each after its length; the last one is empty.
async fn send(connection: &mut dyn Connection, file: Body) -> Result<(), ScanError> {
    connection.write_all(b"zINSTREAM\0").await?;
    let mut pieces = file.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(ScanError::File)?;
        // An empty chunk would end the file.
        if piece.is_empty() {
            continue;
        }
        let length = u32::try_from(piece.len()).map_err(io::Error::other)?;
        connection.write_all(&length.to_be_bytes()).await?;
        connection.write_all(&piece).await?;
    }
    connection.write_all(&[0; 4]).await?;
    Ok(())
}

async fn reply(connection: &mut dyn Connection) -> io::Result<String> {
    let mut reply = vec![];
    connection.take(REPLY_BYTES).read_to_end(&mut reply).await?;
    Ok(String::from_utf8_lossy(&reply).trim_end_matches(['\0', '\n']).to_owned())
}

fn verdict(reply: &str) -> Result<Verdict, ScanError> {
    let said = reply.strip_prefix("stream: ").unwrap_or(reply);
    match said.strip_suffix(" FOUND") {
        Some(signature) => Ok(Verdict::Infected { signature: signature.to_owned() }),
        None if said == "OK" => Ok(Verdict::Clean),
        None => Err(ScanError::Refused { reply: reply.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ok_is_clean() {
        assert_eq!(verdict("stream: OK").unwrap(), Verdict::Clean);
        let found = verdict("stream: Looks.OK FOUND").unwrap();
        assert_eq!(found, Verdict::Infected { signature: "Looks.OK".to_owned() });
        for reply in
            ["", "stream: ", "stream: OK then", "stream: NOT OK", "INSTREAM size limit exceeded. ERROR", "PONG"]
        {
            assert!(matches!(verdict(reply), Err(ScanError::Refused { .. })), "{reply}");
        }
    }
}
