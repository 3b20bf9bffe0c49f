//! Requests that are not answers to an interaction: posts, threads, reads. Paced under Discord's global limit, and told
//! apart by what a caller can do about a failure.
//!
//! Without `discord.api_url` serenity's own limiter waits out 429s. Behind it serenity must not (its limiter ignores the
//! proxy), and its errors drop the `Retry-After` header, so this file sends the request itself and waits.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serenity::all::{Http, HttpError, LightMethod, Request, Route};
use tokio::time::Instant;

/// How often a rate-limited request is sent again before the caller hears of it.
const RETRIES: usize = 5;

/// The longest wait that a request sits out; a longer one is the caller's to schedule.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// A paced client for Discord's REST API. Cheap to clone.
#[derive(Clone)]
pub struct Rest {
    inner: Arc<Inner>,
}

struct Inner {
    http: Arc<Http>,
    /// Set behind `discord.api_url`, where serenity's limiter is off.
    own: Option<OwnClient>,
    pace: DefaultDirectRateLimiter,
    /// Until when requests to a path wait, or all of them, after Discord said that no more are allowed.
    held: Mutex<HashMap<Hold, Instant>>,
}

/// What Discord asks to wait with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Hold {
    Everything,
    Path(String),
}

struct OwnClient {
    client: reqwest::Client,
    authorization: SecretString,
    api_url: String,
}

/// Why a request did not work.
#[derive(Debug, thiserror::Error)]
pub enum RestError {
    /// Discord understood and said no; the same request would get the same answer.
    #[error("Discord refused with {status}, code {code}: {message}")]
    Refused {
        /// HTTP status, 4xx.
        status: u16,
        /// Discord's JSON error code.
        code: i64,
        /// Discord's sentence.
        message: String,
    },
    /// Too many requests; nothing was done.
    #[error("Discord asks to wait {:.1} s", .retry_after.as_secs_f64())]
    RateLimited {
        /// How long.
        retry_after: Duration,
    },
    /// Discord failed or could not be reached. The request may have been carried out.
    #[error("Discord did not answer: {0}")]
    Unavailable(String),
}

impl RestError {
    /// Discord's JSON error code, if it gave one.
    #[must_use]
    pub const fn code(&self) -> Option<i64> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }
}

impl Rest {
    /// A client that sends through `http`, or itself to `api_url` when there is one, at most `per_second` requests a
    /// second.
    ///
    /// # Errors
    /// When the TLS set-up of the HTTP client fails.
    pub fn new(
        http: Arc<Http>,
        token: &SecretString,
        api_url: Option<&str>,
        per_second: NonZeroU32,
    ) -> Result<Self, reqwest::Error> {
        let own = api_url
            .map(|api_url| {
                let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build()?;
                let authorization = SecretString::from(format!("Bot {}", token.expose_secret()));
                Ok::<_, reqwest::Error>(OwnClient { client, authorization, api_url: api_url.to_owned() })
            })
            .transpose()?;
        // A burst of one: drops due in the same second go out evenly.
        let pace = RateLimiter::direct(Quota::per_second(per_second).allow_burst(NonZeroU32::MIN));
        Ok(Self { inner: Arc::new(Inner { http, own, pace, held: Mutex::default() }) })
    }

    /// serenity's client, for answering interactions, which Discord does not count.
    #[must_use]
    pub fn http(&self) -> &Http {
        &self.inner.http
    }

    /// Sends one request and reads the JSON it answers with. Waits out rate limits; leaves every other failure to the
    /// caller, who knows whether sending again could do it twice.
    ///
    /// # Errors
    /// [`RestError`].
    pub async fn send<T: DeserializeOwned>(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<T, RestError> {
        let body = body.map(serde_json::to_vec).transpose().map_err(|e| RestError::Unavailable(e.to_string()))?;
        self.send_bytes(Request::new(route, method).body(body)).await
    }

    /// Reads, with query parameters. Reading twice does no harm, so failures of Discord's are tried again.
    ///
    /// # Errors
    /// [`RestError`].
    pub async fn get<T: DeserializeOwned>(
        &self,
        route: Route<'_>,
        params: Vec<(&'static str, String)>,
    ) -> Result<T, RestError> {
        let request = Request::new(route, LightMethod::Get).params((!params.is_empty()).then_some(params));
        (|| self.send_bytes(request.clone()))
            .retry(ExponentialBuilder::default().with_jitter().with_max_times(3))
            .when(|error| matches!(error, RestError::Unavailable(_)))
            .await
    }

    async fn send_bytes<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, RestError> {
        let bytes = (|| self.once(request.clone()))
            .retry(ExponentialBuilder::default().with_jitter().with_max_times(RETRIES))
            .when(|error| matches!(error, RestError::RateLimited { retry_after } if *retry_after <= LONGEST_WAIT))
            .adjust(|error, planned| match (error, planned) {
                (RestError::RateLimited { retry_after }, Some(_)) => Some(*retry_after),
                (_, planned) => planned,
            })
            .await?;
        // Discord answers some requests with nothing.
        let bytes: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
        serde_json::from_slice(bytes).map_err(|e| RestError::Unavailable(format!("an answer that cannot be read: {e}")))
    }

    async fn once(&self, request: Request<'_>) -> Result<Vec<u8>, RestError> {
        let path = Hold::Path(request.route_ref().path().into_owned());
        // Looked at after waiting for one's turn: what happened meanwhile counts.
        self.inner.pace.until_ready().await;
        while let Some(until) = self.held_until(&path) {
            tokio::time::sleep_until(until).await;
            // Whoever else waited goes out evenly too.
            self.inner.pace.until_ready().await;
        }
        let Some(own) = &self.inner.own else {
            let response = self.inner.http.request(request).await.map_err(from_serenity)?;
            return Ok(response.bytes().await.map_err(unavailable)?.to_vec());
        };
        let request = request
            .build(&own.client, own.authorization.expose_secret(), Some(&own.api_url))
            .map_err(|e| RestError::Unavailable(e.to_string()))?;
        let response = request.send().await.map_err(unavailable)?;
        let status = response.status();
        if status.as_u16() == 429 {
            return Err(self.rate_limited(path, response.headers()));
        }
        if response.headers().get("x-ratelimit-remaining").is_some_and(|left| left == "0") {
            let reset_after = seconds(response.headers(), "x-ratelimit-reset-after").unwrap_or_default();
            self.hold(path, reset_after);
        }
        let bytes = response.bytes().await.map_err(unavailable)?;
        if status.is_success() {
            return Ok(bytes.to_vec());
        }
        Err(refusal(status.as_u16(), &bytes))
    }

    fn rate_limited(&self, path: Hold, headers: &HeaderMap) -> RestError {
        // Without the header a second is a safe guess: Discord's shortest window.
        let retry_after = seconds(headers, "retry-after").unwrap_or(Duration::from_secs(1));
        let what = if headers.contains_key("x-ratelimit-global") { Hold::Everything } else { path };
        self.hold(what, retry_after);
        RestError::RateLimited { retry_after }
    }

    fn hold(&self, what: Hold, wait: Duration) {
        let now = Instant::now();
        let mut held = self.inner.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, until| *until > now);
        held.insert(what, now + wait.min(LONGEST_WAIT));
    }

    /// Until when requests to this path are to wait, if they are.
    fn held_until(&self, path: &Hold) -> Option<Instant> {
        let held = self.inner.held.lock().unwrap_or_else(PoisonError::into_inner);
        let until = held.get(&Hold::Everything).max(held.get(path)).copied();
        until.filter(|until| *until > Instant::now())
    }
}

/// A header that says how many seconds, fractions included.
fn seconds(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let seconds = headers.get(name)?.to_str().ok()?.parse::<f64>().ok()?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_WAIT))
}

/// reqwest's errors carry the URL, and a webhook's URL carries an interaction token.
fn unavailable(error: reqwest::Error) -> RestError {
    RestError::Unavailable(error.without_url().to_string())
}

fn refusal(status: u16, body: &[u8]) -> RestError {
    if status >= 500 {
        return RestError::Unavailable(format!("status {status}"));
    }
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    RestError::Refused {
        status,
        code: body["code"].as_i64().unwrap_or(0),
        message: body["message"].as_str().unwrap_or("no reason given").to_owned(),
    }
}

fn from_serenity(error: serenity::Error) -> RestError {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) => {
            let status = response.status_code.as_u16();
            match status {
                429 => RestError::RateLimited { retry_after: Duration::from_secs(1) },
                500.. => RestError::Unavailable(format!("status {status}")),
                _ => RestError::Refused { status, code: response.error.code as i64, message: response.error.message },
            }
        }
        serenity::Error::Http(HttpError::Request(error)) => unavailable(error),
        other => RestError::Unavailable(other.to_string()),
    }
}
