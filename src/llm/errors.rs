//! Why the LLM gave nothing to use, and what is wrong with a reply.
//!
//! Every text here is safe for a log: numbers and our own words, never a prompt, an answer, a reply or a key. What
//! it leaves out: sentences for people. Callers fall back to the deterministic grader, so nobody sees these.

use super::prompts::PromptError;

/// Why a call gave nothing to use. The caller grades without an LLM and goes on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LlmError {
    /// No LLM is configured.
    #[error("no LLM is configured")]
    Disabled,
    /// The endpoint failed several times in a row and is left alone for a while; nothing was sent.
    #[error("the LLM endpoint keeps failing and is left alone for a while")]
    BreakerOpen,
    /// No usable reply within the configured time, in milliseconds, which includes queueing and retries.
    #[error("no reply from the LLM within {0} ms")]
    Timeout(u64),
    /// HTTP 401 or 403: the key is missing, wrong, or may not use the model.
    #[error("the LLM endpoint refused the key (HTTP {0})")]
    Unauthorized(u16),
    /// HTTP 429 to the last attempt that fitted into the configured time.
    #[error("the LLM endpoint is rate limited (HTTP 429)")]
    RateLimited,
    /// HTTP 5xx to every attempt.
    #[error("the LLM endpoint failed (HTTP {0})")]
    Server(u16),
    /// Any other status, such as 400 for a prompt too long or 404 for an unknown model. Trying again would not help.
    #[error("the LLM endpoint rejected the request (HTTP {0})")]
    Rejected(u16),
    /// No connection, or one that broke before the reply was whole.
    #[error("the connection to the LLM endpoint failed")]
    Transport,
    /// A reply arrived and cannot be used, not even after asking for a correction.
    #[error("the LLM's reply is unusable: {0}")]
    Unusable(Flaw),
    /// The prompt could not be rendered.
    #[error(transparent)]
    Prompt(#[from] PromptError),
}

impl LlmError {
    /// Whether this says that the endpoint, rather than one request or one reply, is in trouble.
    pub(super) fn blames_endpoint(&self) -> bool {
        match self {
            Self::Timeout(_) | Self::Unauthorized(_) | Self::RateLimited | Self::Server(_) | Self::Transport => true,
            Self::Disabled | Self::BreakerOpen | Self::Rejected(_) | Self::Unusable(_) | Self::Prompt(_) => false,
        }
    }

    /// The value of the metric label `outcome`.
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::BreakerOpen => "breaker_open",
            Self::Timeout(_) => "timeout",
            Self::Unauthorized(_) => "unauthorized",
            Self::RateLimited => "rate_limited",
            Self::Server(_) => "server",
            Self::Rejected(_) => "rejected",
            Self::Transport => "transport",
            Self::Unusable(_) => "unusable",
            Self::Prompt(_) => "prompt",
        }
    }
}

/// What is wrong with a reply. The text completes "Your reply was not usable: ..." when a correction is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// HTTP 200 with a body that is no chat completion.
    #[error("the response is not a chat completion")]
    NotACompletion,
    /// A body past the limit we read.
    #[error("the response is too large")]
    TooLarge,
    /// No choice, no content, or white space.
    #[error("it was empty")]
    Empty,
    /// Generation stopped at the output limit.
    #[error("it was cut off at the output limit; be brief")]
    CutOff,
    /// No JSON object of the right shape in it.
    #[error("it was not one JSON object of the required shape")]
    NotJson,
    /// Rubric points without a judgement.
    #[error("`points` must judge every rubric point once; {0} missing")]
    PointsMissing(usize),
    /// A probe that names no rubric point, or none at all.
    #[error("`probe_point` must be the id of a rubric point when `next` is \"probe\"")]
    ProbePoint,
    /// Something about `message`.
    #[error("`message` {0}")]
    Message(TextFlaw),
    /// Something about `feedback`.
    #[error("`feedback` {0}")]
    Feedback(TextFlaw),
}

/// What is wrong with a text that people would have seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextFlaw {
    /// No words.
    #[error("has no words")]
    Empty,
    /// More characters than allowed.
    #[error("must be at most {0} characters")]
    TooLong(usize),
    /// Not exactly one question mark.
    #[error("must ask exactly one question; it has {0} question marks")]
    NotOneQuestion(usize),
    /// A question where none belongs.
    #[error("must not ask anything")]
    Asks,
    /// Much the same as an earlier message.
    #[error("repeats an earlier message; ask something new")]
    Repeated,
    /// Words of the rubric, a hint or the model answer that the candidate has not said.
    #[error("gives away the rubric or the answer; ask without naming it")]
    Leak,
    /// A mention, link, heading, code fence or invisible character.
    #[error("must be plain text without {0}")]
    Forbidden(&'static str),
}
