//! Why a request gave no answer, named by what the caller can do about it: leave it, wait for the
//! network, come back later, or give the address up.

use crate::Refusal;

/// What kept a request from being answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The guard forbids it. Asking again is of no use.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// This machine reaches no network at all, or not that one. Nothing is known of the server.
    #[error("no network: {0}")]
    NoNetwork(String),
    /// The name has no address.
    #[error("no address found for {0}")]
    Dns(String),
    /// A deadline passed: the part of the exchange that was too slow.
    #[error("timed out: {0}")]
    Timeout(String),
    /// Nobody accepted the connection.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// No secure connection came about.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// The answer broke the rules of HTTP, or ended early.
    #[error("bad answer: {0}")]
    Protocol(String),
    /// The answer's header is larger than allowed. (A body is cut instead, see
    /// [`Response::truncated`](crate::Response::truncated).)
    #[error("answer too large: {0}")]
    TooLarge(String),
    /// The client itself could not be set up.
    #[error("cannot set up the HTTP client: {0}")]
    Setup(String),
}

impl OutboundError {
    /// Reads what the HTTP library reports. `https` tells whether a secure connection was wanted.
    pub(crate) fn from_http(error: &reqwest::Error, https: bool) -> Self {
        let chain = chain(error);
        if error.is_timeout() {
            return Self::Timeout(if error.is_connect() { "connecting".to_owned() } else { chain });
        }
        if error.is_connect() {
            return match io_kind(error) {
                Some(std::io::ErrorKind::NetworkUnreachable | std::io::ErrorKind::NetworkDown) => {
                    Self::NoNetwork(chain)
                }
                Some(std::io::ErrorKind::TimedOut) => Self::Timeout("connecting".to_owned()),
                // The library says "tcp connect error" for the one, and nothing of its own for the
                // other.
                _ if https && !chain.contains("tcp connect error") => Self::Tls(chain),
                _ => Self::Connect(chain),
            };
        }
        if chain.contains("too large") {
            return Self::TooLarge(chain);
        }
        Self::Protocol(chain)
    }
}

/// The innermost causes of `error`, without the URL that the outermost repeats.
fn chain(error: &reqwest::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let text = cause.to_string();
        if !parts.contains(&text) {
            parts.push(text);
        }
        source = cause.source();
    }
    if parts.is_empty() { error.to_string() } else { parts.join(": ") }
}

fn io_kind(error: &reqwest::Error) -> Option<std::io::ErrorKind> {
    let mut source = std::error::Error::source(error);
    let mut kind = None;
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            kind = Some(io.kind());
        }
        source = cause.source();
    }
    kind
}
