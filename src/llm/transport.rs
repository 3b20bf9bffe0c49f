//! One HTTP exchange, as the executor behind async-openai.
//!
//! The library's own executor retries by itself, loses `Retry-After`, hides the status when `error.code` is an integer,
//! and logs bodies it cannot parse. So everything but a well-formed chat completion stops here, as a [`Failure`] that
//! holds no text of anybody's. What it leaves out: retries and deadlines (`client`).

use std::time::Duration;

use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use async_openai::types::chat::CreateChatCompletionResponse;
use openai_reqwest::{Client, Response};

use super::errors::{Flaw, LlmError};

/// The largest body that is read, in bytes. A reply of ten thousand words takes a tenth of it.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Why an exchange gave no chat completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    /// A status other than 2xx.
    #[error("HTTP {status}")]
    Status {
        /// The HTTP status.
        status: u16,
        /// How long the server asks us to wait.
        retry_after: Option<Duration>,
        /// Whether the server objects to the format we asked the reply to be in.
        refuses_format: bool,
    },
    /// No connection, or one that broke.
    #[error("connection failed")]
    Connection,
    /// A 2xx body that is too large, or no chat completion.
    #[error("{0}")]
    Body(Flaw),
}

impl Failure {
    /// Whether the same request may succeed a moment later.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Connection => true,
            Self::Status { refuses_format, status, .. } => !refuses_format && (*status == 429 || *status >= 500),
            Self::Body(_) => false,
        }
    }

    /// How long the server asks us to wait.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::Connection | Self::Body(_) => None,
        }
    }

    /// Whether a plainer reply format may help. Some servers answer a bare 500 to a format they do not know.
    pub(super) fn may_be_about_format(&self) -> bool {
        matches!(self, Self::Status { refuses_format: true, .. } | Self::Status { status: 500, .. })
    }

    /// Reads a failure back from async-openai, which carries ours boxed. Any other error of its own happens before a
    /// byte is sent or after we vouched for the body, and means that no usable exchange took place.
    pub(super) fn from_openai(error: OpenAIError) -> Self {
        match error {
            OpenAIError::Boxed(inner) => inner.downcast::<Self>().map_or(Self::Connection, |failure| *failure),
            OpenAIError::JSONDeserialize(..) => Self::Body(Flaw::NotACompletion),
            _ => Self::Connection,
        }
    }
}

impl From<Failure> for LlmError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Status { status: status @ (401 | 403), .. } => Self::Unauthorized(status),
            Failure::Status { status: 429, .. } => Self::RateLimited,
            Failure::Status { status, .. } if status >= 500 => Self::Server(status),
            Failure::Status { status, .. } => Self::Rejected(status),
            Failure::Connection => Self::Transport,
            Failure::Body(flaw) => Self::Unusable(flaw),
        }
    }
}

/// Sends one request and passes on only a chat completion that async-openai will be able to parse.
///
/// # Errors
/// A boxed [`Failure`] for everything else.
pub(super) async fn exchange(http: Client, request: HttpRequestFactory) -> Result<Response, OpenAIError> {
    let request = request.build().await?;
    let body = completion_body(http, request).await.map_err(|failure| OpenAIError::Boxed(Box::new(failure)))?;
    Ok(Response::from(http::Response::new(body)))
}

async fn completion_body(http: Client, request: openai_reqwest::Request) -> Result<Vec<u8>, Failure> {
    let response = http.execute(request).await.map_err(|_| Failure::Connection)?;
    let status = response.status();
    let retry_after = response.headers().get("retry-after").and_then(|v| v.to_str().ok()).and_then(parse_retry_after);
    let body = read_body(response).await;
    if !status.is_success() {
        // The status is worth more than a body that could not be read.
        let refuses_format = body.is_ok_and(|body| refuses_format(status.as_u16(), &body));
        return Err(Failure::Status { status: status.as_u16(), retry_after, refuses_format });
    }
    let body = body?;
    match serde_json::from_slice::<CreateChatCompletionResponse>(&body) {
        Ok(_) => Ok(body),
        Err(_) => Err(Failure::Body(Flaw::NotACompletion)),
    }
}

async fn read_body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| Failure::Connection)? {
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(Failure::Body(Flaw::TooLarge));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Servers without JSON schema mostly say so with 400, 422 or 500 and name the field.
fn refuses_format(status: u16, body: &[u8]) -> bool {
    let body = String::from_utf8_lossy(body).to_lowercase();
    matches!(status, 400 | 422 | 500 | 501)
        && ["response_format", "json_schema", "json_object"].iter().any(|word| body.contains(word))
}

/// Seconds, whole or decimal. The other form of the header, a date, is rare on these servers and is left to our own
/// backoff.
fn parse_retry_after(value: &str) -> Option<Duration> {
    value.trim().parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_seconds_and_anything_else_is_ignored() {
        assert_eq!(parse_retry_after("2"), Some(Duration::from_secs(2)));
        assert_eq!(parse_retry_after(" 0.25 "), Some(Duration::from_millis(250)));
        for bad in ["", "-1", "NaN", "inf", "1e300", "Wed, 21 Oct 2015 07:28:00 GMT", "🕐"] {
            assert_eq!(parse_retry_after(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_a_complaint_about_the_format_counts_as_one() {
        assert!(refuses_format(400, br#"{"error":{"message":"Unknown field: RESPONSE_FORMAT","code":400}}"#));
        assert!(refuses_format(500, b"json_schema is not supported"));
        assert!(!refuses_format(429, b"response_format"), "a busy server says nothing about formats");
        assert!(!refuses_format(400, b"context length exceeded"));
        assert!(!refuses_format(500, &[0xff, 0xfe]));
    }
}
