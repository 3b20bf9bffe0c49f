//! An OpenAI-compatible server on loopback that says what a test wants.

use std::sync::Arc;
use std::time::{Duration, Instant};

use coach::playground::Options;
use serde_json::{Value, json};
use tokio::sync::Notify;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::support::app::World;

/// The key that must stay between the bot and the model.
pub const KEY: &str = "sk-canary-key-0815";

/// What the model asks.
pub const PROBE: &str = "What would the *second* request see?";

/// How long the bot waits for the model in these tests, in milliseconds.
pub const TIMEOUT_MS: &str = "4000";

/// The server.
pub struct Model {
    server: MockServer,
    came: Arc<Notify>,
}

struct Script<F> {
    respond: F,
    came: Arc<Notify>,
}

impl<F: Fn(&Request) -> ResponseTemplate + Send + Sync> Respond for Script<F> {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.came.notify_one();
        (self.respond)(request)
    }
}

impl Model {
    /// A model that answers every request like this.
    pub async fn that(respond: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static) -> Self {
        let (server, came) = (MockServer::start().await, Arc::new(Notify::new()));
        let script = Script { respond, came: Arc::clone(&came) };
        Mock::given(method("POST")).and(path("/v1/chat/completions")).respond_with(script).mount(&server).await;
        Self { server, came }
    }

    /// A model that judges fairly, gives feedback, and asks [`PROBE`].
    pub async fn good() -> Self {
        Self::that(|request| says(&good_reply(request).to_string())).await
    }

    /// A good model that takes its time.
    pub async fn slow(by: Duration) -> Self {
        Self::that(move |request| says(&good_reply(request).to_string()).set_delay(by)).await
    }

    /// A model that does what an answer tells it: full marks, with the answer as evidence for all of them.
    pub async fn gullible() -> Self {
        Self::that(|request| {
            let mut reply = good_reply(request);
            let quote = reply["points"][0]["quote"].clone();
            for point in reply["points"].as_array_mut().unwrap() {
                point["score"] = 3.into();
                point["quote"] = quote.clone();
            }
            says(&reply.to_string())
        })
        .await
    }

    /// A world whose bot asks this model.
    pub async fn world(&self) -> World {
        let mut world = self.world_without_bot().await;
        world.start().await;
        world
    }

    /// A world whose bot will ask this model once it is started.
    pub async fn world_without_bot(&self) -> World {
        let base = format!("{}/v1", self.server.uri());
        let settings = [
            ("OPENAI_BASE_URL", base.as_str()),
            ("OPENAI_API_KEY", KEY),
            ("COACH_LLM__MODEL", "test-model"),
            ("COACH_LLM__TIMEOUT_MS", TIMEOUT_MS),
        ];
        World::without_bot(Options::default(), &settings).await
    }

    /// How often it was asked.
    pub async fn requests(&self) -> usize {
        self.server.received_requests().await.unwrap().len()
    }

    /// The body of request number `n`, from 1, once it has come.
    pub async fn asked(&self, n: usize) -> Value {
        let began = Instant::now();
        loop {
            if let Some(request) = self.server.received_requests().await.unwrap().get(n - 1) {
                return request.body_json().unwrap();
            }
            assert!(began.elapsed() < Duration::from_secs(30), "the model was not asked {n} times");
            let _ = tokio::time::timeout(Duration::from_secs(1), self.came.notified()).await;
        }
    }
}

/// HTTP 200 with a chat completion of that content.
pub fn says(content: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "id": "1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": content }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120 },
    }))
}

/// A reply with which nothing is wrong: the first point touched, the rest open, a probe at the last.
pub fn good_reply(request: &Request) -> Value {
    let prompt = prompt(request);
    let ids = point_ids(&prompt);
    let quote: String = answer_in(&prompt).split_whitespace().take(6).collect::<Vec<_>>().join(" ");
    let points: Vec<Value> = ids
        .iter()
        .enumerate()
        .map(|(n, id)| match n {
            0 => json!({ "id": id, "score": 1, "quote": quote }),
            _ => json!({ "id": id, "score": 0, "quote": "" }),
        })
        .collect();
    json!({ "points": points, "next": "probe", "probe_point": ids.last(), "message": PROBE,
            "feedback": "You began with a measurement." })
}

/// The first user message of a request.
pub fn prompt(request: &Request) -> String {
    let body: Value = request.body_json().unwrap();
    body["messages"][1]["content"].as_str().unwrap_or_default().to_owned()
}

/// The texts of the rubric as the prompt lists them.
pub fn rubric(prompt: &str) -> Vec<(String, String)> {
    let (_, rest) = prompt.split_once("## Rubric points").unwrap_or_default();
    let section = rest.split("\n## ").next().unwrap_or_default();
    let lines = section.lines().filter_map(|line| line.strip_prefix("- ")?.split_once(": "));
    lines.map(|(id, text)| (id.to_owned(), text.to_owned())).collect()
}

fn point_ids(prompt: &str) -> Vec<String> {
    rubric(prompt).into_iter().map(|(id, _)| id).collect()
}

fn answer_in(prompt: &str) -> String {
    let (_, rest) = prompt.split_once("## The latest answer").unwrap_or_default();
    rest.lines().filter(|line| !line.starts_with('<') && !line.is_empty()).collect::<Vec<_>>().join("\n")
}
