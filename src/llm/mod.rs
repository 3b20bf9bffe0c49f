//! The only place that knows an OpenAI-compatible server.
//!
//! - `interviewer`: the one use so far, a turn of a mock interview; its types are re-exported here.
//! - `prompts`: the files under `prompts/`, rendered strictly.
//! - `replies` and `wording`: what comes back, parsed and checked, since a model's word is not enough.
//! - `client` and `transport`: retries, reply formats, and the bytes on the wire.
//! - `breaker`, `errors`: leaving a dead endpoint alone, and why there is nothing to use.
//!
//! What it leaves out: budgets and opt-outs (`app` decides whether to call), storage, and what happens without an LLM
//! (`grading` and the bank's own probes). Keys, prompts, answers and replies never reach a log or an error.

mod breaker;
mod client;
mod errors;
mod interviewer;
mod prompts;
mod replies;
mod transport;
mod wording;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::time::Instant;

pub use client::{SetupError, Usage};
pub use errors::{Flaw, LlmError, TextFlaw};
pub use interviewer::{InterviewTurn, Judged, Next, Said, Speaker};
pub use prompts::{PromptError, Prompts};

/// Failures in a row after which the endpoint is left alone.
const BREAKER_THRESHOLD: u32 = 3;

/// How long it is left alone before one call tries again.
const BREAKER_COOL_DOWN: Duration = Duration::from_secs(30);

/// Where the LLM is and how much may be spent on one call.
#[derive(Debug, Clone)]
pub struct LlmSettings {
    /// The base of an OpenAI-compatible API, such as `https://api.openai.com/v1`.
    pub base_url: String,
    /// The key; local servers need none.
    pub api_key: Option<SecretString>,
    /// The model's name at that server.
    pub model: String,
    /// Time for one turn, in milliseconds: queueing, retries and one correction included.
    pub timeout_ms: u64,
    /// The most tokens one reply may have, those spent on reasoning included.
    pub max_output_tokens: u32,
}

/// A handle to the LLM, or to none. Cheap to clone; clones share what was learned about the endpoint.
#[derive(Clone)]
pub struct Llm(Option<Arc<Endpoint>>);

struct Endpoint {
    client: client::Client,
    prompts: Prompts,
    breaker: breaker::Breaker,
    timeout_ms: u64,
}

impl std::fmt::Debug for Llm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Llm").field(&self.model()).finish()
    }
}

impl Llm {
    /// No LLM: every call says [`LlmError::Disabled`] at once.
    #[must_use]
    pub fn disabled() -> Self {
        Self(None)
    }

    /// An LLM at that endpoint. Nothing is sent yet.
    ///
    /// # Errors
    /// [`SetupError`] for settings with which no call could succeed.
    ///
    /// # Panics
    /// When the process has no rustls provider installed; `main` installs ring before anything else.
    pub fn new(settings: &LlmSettings, prompts: Prompts) -> Result<Self, SetupError> {
        Self::with_breaker(settings, prompts, breaker::Breaker::new(BREAKER_THRESHOLD, BREAKER_COOL_DOWN))
    }

    fn with_breaker(settings: &LlmSettings, prompts: Prompts, breaker: breaker::Breaker) -> Result<Self, SetupError> {
        let client = client::Client::new(settings)?;
        Ok(Self(Some(Arc::new(Endpoint { client, prompts, breaker, timeout_ms: settings.timeout_ms }))))
    }

    /// Whether there is an LLM to ask.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.0.is_some()
    }

    /// The model's name, where there is an LLM.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.0.as_deref().map(|endpoint| endpoint.client.model())
    }

    /// Has the LLM judge the latest answer and say what comes next, in one call (two when its first reply is unusable).
    ///
    /// # Errors
    /// [`LlmError`], within the configured time. The caller then uses the deterministic grader and the bank's probe.
    pub async fn interview_turn(&self, turn: &InterviewTurn<'_>) -> Result<Judged, LlmError> {
        let endpoint = self.0.as_deref().ok_or(LlmError::Disabled)?;
        endpoint.guarded(|deadline| endpoint.judge_turn(turn, deadline)).await
    }
}

impl Endpoint {
    /// Runs one use under the breaker and the deadline, and counts how it went.
    async fn guarded<T, F>(&self, work: impl FnOnce(Instant) -> F) -> Result<T, LlmError>
    where
        F: Future<Output = Result<T, LlmError>>,
    {
        let started = Instant::now();
        let result = if self.breaker.admits(started) {
            let deadline = started + Duration::from_millis(self.timeout_ms);
            let result = tokio::time::timeout_at(deadline, work(deadline)).await;
            let result = result.unwrap_or(Err(LlmError::Timeout(self.timeout_ms)));
            match &result {
                Err(error) if error.blames_endpoint() => self.breaker.failed(Instant::now()),
                _ => self.breaker.succeeded(),
            }
            result
        } else {
            Err(LlmError::BreakerOpen)
        };
        let outcome = result.as_ref().map_or_else(LlmError::label, |_| "ok");
        metrics::counter!("coach_llm_turns_total", "outcome" => outcome).increment(1);
        metrics::histogram!("coach_llm_turn_seconds").record(started.elapsed().as_secs_f64());
        result
    }
}
