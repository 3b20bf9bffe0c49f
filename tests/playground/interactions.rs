//! Answering interactions over plain REST: the order of things, and what is refused when.

use coach::playground::Options;
use coach::playground::people::Response;
use serde_json::{Value, json};

use super::rest::Rest;

struct Asked {
    rest: Rest,
    shown: Response,
}

impl Asked {
    /// A command somebody has just run, which no bot has heard of.
    async fn start() -> Self {
        let rest = Rest::start(Options::default()).await;
        let (_, channel, ana) = rest.server();
        let commands = format!("/applications/{}/commands", rest.playground.application_id());
        rest.call("PUT", &commands, json!([{ "name": "ask", "description": "Asks" }])).await;
        let shown = ana.run_and_look_away(&channel, "/ask").unwrap();
        Self { rest, shown }
    }

    fn callback(&self) -> String {
        format!("/interactions/{}/{}/callback", self.shown.id, self.shown.token())
    }

    fn webhook(&self) -> String {
        format!("/webhooks/{}/{}", self.rest.playground.application_id(), self.shown.token())
    }
}

#[tokio::test]
async fn following_up_before_acknowledging_is_an_unknown_webhook() {
    let asked = Asked::start().await;
    let early = asked.rest.refused("POST", &asked.webhook(), json!({ "content": "early" })).await;
    assert_eq!(early, (404, 10015));
}

#[tokio::test]
async fn a_wrong_token_is_an_unknown_interaction() {
    let asked = Asked::start().await;
    let forged = format!("/interactions/{}/forged/callback", asked.shown.id);
    assert_eq!(asked.rest.refused("POST", &forged, json!({ "type": 5 })).await, (404, 10062));
}

#[tokio::test]
async fn a_command_takes_neither_updates_nor_suggestions_nor_unknown_types() {
    let asked = Asked::start().await;
    for kind in [0, 1, 2, 3, 6, 7, 8, 99] {
        let refused = asked.rest.refused("POST", &asked.callback(), json!({ "type": kind, "data": {} })).await;
        assert_eq!(refused, (400, 50035), "type {kind}");
    }
    assert_eq!(asked.rest.call("POST", &asked.callback(), json!({ "type": 5 })).await.0, 204, "still unanswered");
    assert_eq!(asked.rest.refused("POST", &asked.callback(), json!({ "type": 5 })).await, (400, 40060));
}

#[tokio::test]
async fn deferring_decides_who_sees_the_answer() {
    let asked = Asked::start().await;
    let defer = json!({ "type": 5, "data": { "flags": 64 } });
    asked.rest.call("POST", &asked.callback(), defer).await;
    assert!(asked.shown.message().unwrap().is_loading());
    let (status, filled) = asked.rest.call("POST", &asked.webhook(), json!({ "content": "for you", "flags": 0 })).await;
    assert_eq!((status, &filled["id"]), (200, &asked.shown.message().unwrap().id.json()));
    let answer = asked.shown.message().unwrap();
    assert!(answer.is_ephemeral() && !answer.is_loading());
    let (_, more) = asked.rest.call("POST", &asked.webhook(), json!({ "content": "for all" })).await;
    assert_eq!(more["flags"], 0);
}

#[tokio::test]
async fn with_response_the_message_comes_back_at_once() {
    let asked = Asked::start().await;
    let path = format!("{}?with_response=true", asked.callback());
    let (status, body) = asked.rest.call("POST", &path, json!({ "type": 4, "data": { "content": "hi" } })).await;
    assert_eq!((status, &body["resource"]["message"]["content"]), (200, &json!("hi")));
    assert_eq!(body["interaction"]["response_message_id"], body["resource"]["message"]["id"]);
}

#[tokio::test]
async fn a_deleted_answer_is_gone_and_others_messages_are_not_the_tokens() {
    let asked = Asked::start().await;
    asked.rest.call("POST", &asked.callback(), json!({ "type": 4, "data": { "content": "hi" } })).await;
    let original = format!("{}/messages/@original", asked.webhook());
    assert_eq!(asked.rest.refused("PATCH", &format!("{}/messages/5", asked.webhook()), json!({})).await, (404, 10008));
    assert_eq!(asked.rest.call("DELETE", &original, Value::Null).await.0, 204);
    assert_eq!(asked.rest.refused("GET", &original, Value::Null).await, (404, 10008));
}
