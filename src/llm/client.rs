//! The endpoint: one chat completion with retries, a concurrency bound and a reply format the server understands.
//!
//! What it leaves out: what is asked (`interviewer`), whether the reply is any good (`replies`), and the bytes on the
//! wire (`transport`).

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use async_openai::config::OpenAIConfig;
use async_openai::types::chat::{
    ChatCompletionRequestAssistantMessage, ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage,
    ChatCompletionRequestUserMessage, CreateChatCompletionRequest, FinishReason, ResponseFormat,
    ResponseFormatJsonSchema,
};
use backon::{ExponentialBuilder, Retryable};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::LlmSettings;
use super::errors::LlmError;
use super::transport::{self, Failure};

/// Calls in flight at once; more wait their turn within their own deadline.
const CALLS_AT_ONCE: usize = 64;

/// Below this much time there is no point in asking again: no model answers faster.
const LEAST_TIME_TO_REPLY: Duration = Duration::from_millis(500);

/// Servers without accounts still want some key.
const NO_KEY: &str = "none";

/// One message of a prompt.
#[derive(Debug, Clone)]
pub(super) enum Message {
    /// Instructions.
    System(String),
    /// What there is to work on.
    User(String),
    /// What the model said before.
    Assistant(String),
}

/// The shape a reply must have.
#[derive(Debug, Clone)]
pub(super) struct ReplyShape {
    /// Its name, of `a-z A-Z 0-9 _ -`.
    pub(super) name: &'static str,
    /// Its JSON schema, strict.
    pub(super) schema: serde_json::Value,
}

/// What the model said.
#[derive(Debug, Clone)]
pub(super) struct Completion {
    /// The content; empty when there was none.
    pub(super) text: String,
    /// Whether generation stopped at the output limit.
    pub(super) cut_off: bool,
    /// What it cost.
    pub(super) usage: Usage,
}

/// Tokens that were paid for. Zero where the server does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Tokens of what was sent.
    pub prompt_tokens: u32,
    /// Tokens of what came back.
    pub completion_tokens: u32,
}

impl std::ops::Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            prompt_tokens: self.prompt_tokens.saturating_add(other.prompt_tokens),
            completion_tokens: self.completion_tokens.saturating_add(other.completion_tokens),
        }
    }
}

/// How the reply's shape is asked for, the strictest first. A server that refuses one is asked in the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Format {
    JsonSchema = 0,
    JsonObject = 1,
    Plain = 2,
}

impl Format {
    fn plainer(self) -> Option<Self> {
        match self {
            Self::JsonSchema => Some(Self::JsonObject),
            Self::JsonObject => Some(Self::Plain),
            Self::Plain => None,
        }
    }
}

/// A configured endpoint and model.
pub(super) struct Client {
    openai: async_openai::Client<OpenAIConfig>,
    model: String,
    max_output_tokens: u32,
    format: AtomicU8,
    calls: Semaphore,
}

impl Client {
    /// Builds the HTTP client. The process must have a TLS provider installed.
    ///
    /// # Errors
    /// The remedy, as a sentence, when the base URL, the key or the model cannot be used at all.
    pub(super) fn new(settings: &LlmSettings) -> Result<Self, SetupError> {
        let base_url = settings.base_url.trim().trim_end_matches('/');
        if openai_reqwest::Url::parse(base_url).is_err() || !base_url.starts_with("http") {
            return Err(SetupError::BaseUrl);
        }
        if settings.model.trim().is_empty() {
            return Err(SetupError::Model);
        }
        let key = settings.api_key.as_ref().map_or(NO_KEY, SecretString::expose_secret).trim();
        // async-openai panics on a key that cannot stand in a header.
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(SetupError::Key);
        }
        // Empty organisation and project, else async-openai takes them from the environment behind our settings' back.
        let config = OpenAIConfig::new()
            .with_api_base(base_url)
            .with_api_key(if key.is_empty() { NO_KEY } else { key })
            .with_org_id("")
            .with_project_id("");
        let http = openai_reqwest::Client::builder()
            // A redirect would send the key and the answer elsewhere.
            .redirect(openai_reqwest::redirect::Policy::none())
            .build()
            .map_err(|_| SetupError::Http)?;
        let executor = http.clone();
        let openai = async_openai::Client::build(http, config)
            .with_http_service(tower::service_fn(move |request| transport::exchange(executor.clone(), request)));
        Ok(Self {
            openai,
            model: settings.model.trim().to_owned(),
            max_output_tokens: settings.max_output_tokens,
            format: AtomicU8::new(Format::JsonSchema as u8),
            calls: Semaphore::new(CALLS_AT_ONCE),
        })
    }

    /// The model that is asked.
    pub(super) fn model(&self) -> &str {
        &self.model
    }

    /// Asks once, with retries while they fit before `deadline`, then in plainer formats where the server may have
    /// refused one. The caller enforces the deadline itself.
    ///
    /// # Errors
    /// Everything of [`LlmError`] that is about the endpoint.
    pub(super) async fn complete(
        &self,
        messages: &[Message],
        shape: &ReplyShape,
        deadline: Instant,
    ) -> Result<Completion, LlmError> {
        // Never closed, so the only way to get no permit cannot happen; a transport error is the honest fallback.
        let _permit = self.calls.acquire().await.map_err(|_| LlmError::Transport)?;
        let mut format = self.format();
        let mut result = self.send_with_retries(self.request(messages, shape, format), deadline).await;
        while let Err(failure) = &result
            && failure.may_be_about_format()
            && let Some(plainer) = format.plainer()
        {
            format = plainer;
            result = self.send(self.request(messages, shape, format)).await;
        }
        // Remembered only when it works. `max`, so that a slow call cannot undo what a later one learned.
        if result.is_ok() && self.format.fetch_max(format as u8, Ordering::Relaxed) < format as u8 {
            tracing::info!(?format, "the LLM endpoint wants a plainer reply format");
        }
        Ok(result?)
    }

    async fn send_with_retries(
        &self,
        request: CreateChatCompletionRequest,
        deadline: Instant,
    ) -> Result<Completion, Failure> {
        let backoff = ExponentialBuilder::new()
            .with_min_delay(Duration::from_millis(200))
            .with_max_delay(Duration::from_secs(2))
            .with_max_times(3)
            .with_jitter();
        let attempt = || self.send(request.clone());
        attempt
            .retry(backoff)
            .when(Failure::is_transient)
            .adjust(|failure, delay| {
                let left = deadline.saturating_duration_since(Instant::now() + LEAST_TIME_TO_REPLY);
                delay.map(|delay| delay.max(failure.retry_after().unwrap_or_default())).filter(|delay| *delay < left)
            })
            .notify(|failure, delay| tracing::debug!(%failure, delay_ms = delay.as_millis(), "asking the LLM again"))
            .await
    }

    async fn send(&self, request: CreateChatCompletionRequest) -> Result<Completion, Failure> {
        let response = self.openai.chat().create(request).await.map_err(Failure::from_openai)?;
        let usage = response.usage.map_or_else(Usage::default, |usage| Usage {
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
        });
        let choice = response.choices.into_iter().next();
        let cut_off = choice.as_ref().is_some_and(|c| c.finish_reason == Some(FinishReason::Length));
        let text = choice.and_then(|c| c.message.content).unwrap_or_default();
        Ok(Completion { text, cut_off, usage })
    }

    /// No temperature: reasoning models refuse any but their own. `max_completion_tokens`, since they refuse the older
    /// `max_tokens`; where a server ignores it, the deadline and the body limit still hold.
    fn request(&self, messages: &[Message], shape: &ReplyShape, format: Format) -> CreateChatCompletionRequest {
        let response_format = match format {
            Format::JsonSchema => Some(ResponseFormat::JsonSchema {
                json_schema: ResponseFormatJsonSchema {
                    description: None,
                    name: shape.name.to_owned(),
                    schema: shape.schema.clone(),
                    strict: Some(true),
                },
            }),
            Format::JsonObject => Some(ResponseFormat::JsonObject),
            Format::Plain => None,
        };
        CreateChatCompletionRequest {
            model: self.model.clone(),
            messages: messages.iter().map(chat_message).collect(),
            max_completion_tokens: Some(self.max_output_tokens),
            response_format,
            ..CreateChatCompletionRequest::default()
        }
    }

    fn format(&self) -> Format {
        match self.format.load(Ordering::Relaxed) {
            0 => Format::JsonSchema,
            1 => Format::JsonObject,
            _ => Format::Plain,
        }
    }
}

fn chat_message(message: &Message) -> ChatCompletionRequestMessage {
    match message {
        Message::System(text) => ChatCompletionRequestSystemMessage::from(text.as_str()).into(),
        Message::User(text) => ChatCompletionRequestUserMessage::from(text.as_str()).into(),
        Message::Assistant(text) => ChatCompletionRequestAssistantMessage::from(text.as_str()).into(),
    }
}

/// Settings with which no call could ever succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// Not an `http://` or `https://` URL.
    #[error("the LLM's base URL is not a URL; set OPENAI_BASE_URL to something like https://api.openai.com/v1")]
    BaseUrl,
    /// No model.
    #[error("no LLM model is named; set COACH_LLM__MODEL")]
    Model,
    /// A key with spaces or characters outside ASCII.
    #[error("the LLM's key has a space or an odd character in it; copy OPENAI_API_KEY again")]
    Key,
    /// The HTTP client could not be built, for want of the system's root certificates for instance.
    #[error("no HTTP client could be built for the LLM; check the system's root certificates")]
    Http,
}
