//! The LLM over a loopback socket: the real client against a server that answers as told.
//!
//! This file holds the sample question and the server; the behaviour is in the child modules. What it leaves out: the
//! pure checks, which are tested beside `replies`, `wording`, `prompts` and `breaker`.

mod endpoint;
mod privacy;
mod prompt;
mod unusable;

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::breaker::Breaker;
use super::*;
use crate::domain::ids::Slug;
use crate::domain::question::{Cue, Misconception, Question, RubricPoint};
use crate::domain::taxonomy::{Level, Track};

pub(super) const ANSWER: &str = "I would store an idempotency key with the payment, in the same transaction. \
                                 Then a retry finds the old result.";
pub(super) const PROBE: &str = "What happens when two copies of that request arrive at the same moment?";
const KEY: &str = "sk-secret-key-123";

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

fn point(id: &str, text: &str, cues: &[&[&str]], probe: &str) -> RubricPoint {
    let cues = cues.iter().map(|cue| Cue(cue.iter().map(|&c| c.to_owned()).collect())).collect();
    let hint = format!("Think about what {id} would mean for the person who pays.");
    RubricPoint { id: slug(id), point: text.to_owned(), weight: 2, cues, probe: probe.to_owned(), hint }
}

/// A question about idempotent payments with four rubric points.
pub(super) fn sample_question() -> Question {
    Question {
        slug: slug("idempotent-payments"),
        category: slug("system-design"),
        title: "How do you make a payment endpoint safe to retry?".to_owned(),
        skills: vec![slug("api-design")],
        stages: vec![slug("technical")],
        levels: vec![Level::Mid, Level::Senior],
        minutes: 8,
        frameworks: Vec::new(),
        competencies: Vec::new(),
        related: Vec::new(),
        sources: Vec::new(),
        rubric: vec![
            point(
                "idempotency-key",
                "The client sends a unique key with every attempt of one payment.",
                &[&["idempotency key", "request id"]],
                "How does the server tell a retry from a second payment?",
            ),
            point(
                "same-transaction",
                "The key and the effect are committed in one database transaction.",
                &[&["one transaction", "same transaction"]],
                "What if the process dies between two writes?",
            ),
            point(
                "concurrent-duplicates",
                "A unique constraint lets exactly one of two simultaneous attempts win.",
                &[&["unique constraint", "unique index"], &["row lock"]],
                "What if both attempts arrive together?",
            ),
            point(
                "expiry",
                "Stored keys expire after a window longer than any client retries.",
                &[&["time to live"], &["garbage collection"]],
                "How long do you keep what you stored?",
            ),
        ],
        misconceptions: vec![Misconception {
            says: "PUT is always safe to retry.".to_owned(),
            correction: "A method name promises nothing that the handler does not do.".to_owned(),
        }],
        prompt: "Clients retry when your payment endpoint times out. How do you keep them from paying twice?"
            .to_owned(),
        why_they_ask: "To hear about failure between two systems.".to_owned(),
        approach: "Start from the retry.".to_owned(),
        strong_answer: "Each attempt carries a key chosen by the client, and the server stores that key beside the \
                        charge before it talks to the card network."
            .to_owned(),
        weak_answer: "Use PUT.".to_owned(),
        weak_reason: "It names a method, not a mechanism.".to_owned(),
        follow_ups: vec!["How would you test it?".to_owned()],
        by_level: vec![(Level::Senior, "Talks about reconciliation with the card network overnight.".to_owned())],
    }
}

/// A first answer to `question` in the coached style, with probes to spare.
pub(super) fn first_turn<'a>(question: &'a Question, answer: &'a str) -> InterviewTurn<'a> {
    InterviewTurn {
        track: Track::SystemDesign,
        level: Level::Senior,
        coached: true,
        probes_left: 2,
        question,
        conversation: &[],
        answer,
    }
}

/// A reply that is right in every respect.
pub(super) fn good_reply() -> Value {
    json!({
        "points": [
            { "id": "idempotency-key", "score": 3, "quote": "store an idempotency key with the payment" },
            { "id": "same-transaction", "score": 2, "quote": "in the same transaction" },
            { "id": "concurrent-duplicates", "score": 0, "quote": "" },
            { "id": "expiry", "score": 0, "quote": "" },
        ],
        "next": "probe",
        "probe_point": "concurrent-duplicates",
        "message": PROBE,
        "feedback": "You tied the record to the effect, which is the heart of it.",
    })
}

/// HTTP 200 with a chat completion of that content.
fn says(content: &str) -> ResponseTemplate {
    finished(content, "stop")
}

fn finished(content: &str, reason: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "id": "1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": content }, "finish_reason": reason }],
        "usage": { "prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120 },
    }))
}

fn says_json(reply: &Value) -> ResponseTemplate {
    says(&reply.to_string())
}

/// An error as OpenAI words it.
fn refuses(status: u16, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "error": { "message": message, "type": "t", "code": "c" } }))
}

/// A server that gives these responses in turn and then repeats the last.
async fn server(responses: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    let script = Mutex::new(responses.into_iter().collect::<VecDeque<_>>());
    let next = move |_: &Request| {
        let mut script = script.lock().unwrap();
        if script.len() > 1 { script.pop_front().unwrap() } else { script[0].clone() }
    };
    Mock::given(method("POST")).and(path("/v1/chat/completions")).respond_with(next).mount(&server).await;
    server
}

/// The bodies of the requests so far.
async fn requests(server: &MockServer) -> Vec<Value> {
    server.received_requests().await.unwrap().iter().map(|request| request.body_json().unwrap()).collect()
}

fn settings(base_url: String, timeout_ms: u64) -> LlmSettings {
    let api_key = Some(SecretString::from(KEY));
    LlmSettings { base_url, api_key, model: "test-model".to_owned(), timeout_ms, max_output_tokens: 800 }
}

/// A client of that URL, with the breaker given.
fn llm_with(settings: &LlmSettings, breaker: Breaker) -> Llm {
    // Another test may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Llm::with_breaker(settings, Prompts::load(None).unwrap(), breaker).unwrap()
}

fn llm(server: &MockServer, timeout_ms: u64) -> Llm {
    let settings = settings(format!("{}/v1", server.uri()), timeout_ms);
    llm_with(&settings, Breaker::new(BREAKER_THRESHOLD, BREAKER_COOL_DOWN))
}

/// One first turn with [`ANSWER`], with ample time.
async fn one_turn(server: &MockServer) -> Result<Judged, LlmError> {
    llm(server, 20_000).interview_turn(&first_turn(&sample_question(), ANSWER)).await
}

/// One first turn with little time: enough for a retry or two, too little for all of them.
async fn short_turn(server: &MockServer) -> Result<Judged, LlmError> {
    llm(server, 2_000).interview_turn(&first_turn(&sample_question(), ANSWER)).await
}

const SOON: Duration = Duration::from_secs(10);
