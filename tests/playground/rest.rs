//! REST as a client meets it: routes, refusals with Discord's codes, rate limits, faults, the record.

use std::time::Duration;

use coach::playground::people::{Channel, Person, Server};
use coach::playground::{Fault, Options, Playground, permissions};
use serde_json::{Value, json};

use super::bot::Bot;

/// A bot's HTTP side, plain.
pub struct Rest {
    pub playground: Playground,
    client: reqwest::Client,
    token: &'static str,
}

impl Rest {
    pub async fn start(options: Options) -> Self {
        let playground = Playground::start(options).await.unwrap();
        Self { playground, client: reqwest::Client::new(), token: "Bot playground-token" }
    }

    pub async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let answer = self.try_call(method, path, body).await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub async fn try_call(&self, method: &str, path: &str, body: Value) -> reqwest::Result<reqwest::Response> {
        let url = format!("{}/api/v10{path}", self.playground.url());
        let request = self.client.request(method.parse().unwrap(), url).header("authorization", self.token);
        if body.is_null() { request.send().await } else { request.json(&body).send().await }
    }

    /// The JSON error code of a refusal.
    pub async fn refused(&self, method: &str, path: &str, body: Value) -> (u16, u64) {
        let (status, answer) = self.call(method, path, body).await;
        (status, answer["code"].as_u64().unwrap_or_else(|| panic!("{status} {answer}")))
    }

    pub fn server(&self) -> (Server, Channel, Person) {
        let server = self.playground.add_server("Study Hall");
        let (channel, ana) = (server.text_channel("practice"), server.member("ana"));
        (server, channel, ana)
    }
}

#[tokio::test]
async fn a_wrong_token_is_refused_and_counted_as_invalid() {
    let mut rest = Rest::start(Options::default()).await;
    assert_eq!(rest.call("GET", "/users/@me", Value::Null).await.0, 200);
    rest.token = "Bot guess";
    assert_eq!(rest.refused("GET", "/users/@me", Value::Null).await, (401, 0));
    assert_eq!(rest.playground.invalid_requests(), 1);
    assert_eq!(rest.refused("GET", "/nothing/here", Value::Null).await, (401, 0));
    let old = reqwest::get(format!("{}/api/v9/users/@me", rest.playground.url())).await.unwrap();
    assert_eq!(old.status(), 404);
}

#[tokio::test]
async fn the_gateway_is_announced_with_a_trailing_slash() {
    let rest = Rest::start(Options::default()).await;
    let (_, gateway) = rest.call("GET", "/gateway/bot", Value::Null).await;
    assert_eq!(gateway["url"], format!("{}/", rest.playground.url().replace("http", "ws")));
    assert_eq!(gateway["session_start_limit"]["max_concurrency"], 1);
    let (_, application) = rest.call("GET", "/oauth2/applications/@me", Value::Null).await;
    assert_eq!(application["id"], rest.playground.application_id().json());
}

#[tokio::test]
async fn commands_keep_their_ids_when_overwritten_and_can_be_changed_one_by_one() {
    let rest = Rest::start(Options::default()).await;
    let path = format!("/applications/{}/commands", rest.playground.application_id());
    let two = json!([{ "name": "one", "description": "1" }, { "name": "two", "description": "2" }]);
    let (_, first) = rest.call("PUT", &path, two).await;
    let (_, second) = rest.call("PUT", &path, json!([{ "name": "two", "description": "new" }])).await;
    assert_eq!((second[0]["id"].clone(), second.as_array().unwrap().len()), (first[1]["id"].clone(), 1));
    assert_ne!(second[0]["version"], first[1]["version"]);
    let one = format!("{path}/{}", second[0]["id"].as_str().unwrap());
    assert_eq!(rest.call("PATCH", &one, json!({ "description": "newer" })).await.1["description"], "newer");
    assert_eq!(rest.call("POST", &path, json!({ "name": "three", "description": "3" })).await.0, 201);
    assert_eq!(rest.call("DELETE", &one, Value::Null).await.0, 204);
    assert_eq!(rest.refused("GET", &one, Value::Null).await, (404, 10063));
    assert_eq!(rest.playground.commands().len(), 1);
}

#[tokio::test]
async fn messages_are_sent_edited_listed_and_deleted() {
    let rest = Rest::start(Options::default()).await;
    let (_, channel, ana) = rest.server();
    let path = format!("/channels/{}/messages", channel.id);
    let mut ids = Vec::new();
    for n in 0..5 {
        let (status, message) = rest.call("POST", &path, json!({ "content": format!("message {n}") })).await;
        assert_eq!(status, 200);
        ids.push(message["id"].as_str().unwrap().to_owned());
    }
    let (rest, path) = (&rest, &path);
    let listed = |query: String| async move {
        let (_, page) = rest.call("GET", &format!("{path}?{query}"), Value::Null).await;
        page.as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed("limit=2".to_owned()).await, [ids[4].clone(), ids[3].clone()]);
    assert_eq!(listed(format!("before={}&limit=2", ids[2])).await, [ids[1].clone(), ids[0].clone()]);
    assert_eq!(listed(format!("after={}&limit=2", ids[2])).await, [ids[4].clone(), ids[3].clone()]);
    assert_eq!(listed(format!("around={}&limit=3", ids[2])).await, [ids[3].clone(), ids[2].clone(), ids[1].clone()]);
    assert_eq!(rest.refused("GET", &format!("{path}?limit=101"), Value::Null).await, (400, 50035));
    let one = format!("{path}/{}", ids[0]);
    assert_eq!(rest.call("PATCH", &one, json!({ "content": "edited" })).await.1["content"], "edited");
    assert_eq!(rest.call("DELETE", &one, Value::Null).await.0, 204);
    assert_eq!(rest.refused("GET", &one, Value::Null).await, (404, 10008));
    let hers = ana.say(&channel, "mine").unwrap();
    assert_eq!(rest.refused("PATCH", &format!("{path}/{}", hers.id), json!({ "content": "x" })).await, (403, 50005));
    assert_eq!(rest.refused("DELETE", &format!("{path}/{}", hers.id), Value::Null).await, (403, 50013));
    assert_eq!(rest.call("GET", &format!("{path}/{}", hers.id), Value::Null).await.1["content"], "", "withheld");
}

#[tokio::test]
async fn places_that_are_not_there_or_not_open_are_refused() {
    let rest = Rest::start(Options::default()).await;
    let (server, channel, _) = rest.server();
    let forum = server.forum_channel("drops");
    let elsewhere = rest.playground.add_server_without_bot("Elsewhere").text_channel("closed");
    let hello = json!({ "content": "hello" });
    let to = |id: &dyn std::fmt::Display| format!("/channels/{id}/messages");
    assert_eq!(rest.refused("POST", &to(&1), hello.clone()).await, (404, 10003));
    assert_eq!(rest.refused("POST", &to(&"x"), hello.clone()).await, (400, 50035));
    assert_eq!(rest.refused("POST", &to(&elsewhere.id), hello.clone()).await, (403, 50001));
    assert_eq!(rest.refused("POST", &to(&forum.id), hello.clone()).await, (400, 50008));
    channel.deny_bot(permissions::SEND_MESSAGES);
    assert_eq!(rest.refused("POST", &to(&channel.id), hello.clone()).await, (403, 50013));
    channel.deny_bot(permissions::VIEW_CHANNEL);
    assert_eq!(rest.refused("POST", &to(&channel.id), hello.clone()).await, (403, 50001));
    server.kick_bot();
    assert_eq!(rest.refused("GET", &format!("/guilds/{}", server.id), Value::Null).await, (403, 50001));
    assert_eq!(rest.refused("GET", "/guilds/5", Value::Null).await, (404, 10004));
    assert_eq!(rest.refused("POST", "/users/@me/channels", json!({ "recipient_id": "5" })).await, (404, 10013));
}

#[tokio::test]
async fn embeds_vanish_without_the_permission_to_embed() {
    let rest = Rest::start(Options::default()).await;
    let (_, channel, _) = rest.server();
    let body = json!({ "content": "text", "embeds": [{ "title": "embed" }] });
    let path = format!("/channels/{}/messages", channel.id);
    assert_eq!(rest.call("POST", &path, body.clone()).await.1["embeds"][0]["type"], "rich");
    channel.deny_bot(permissions::EMBED_LINKS);
    assert_eq!(rest.call("POST", &path, body).await.1["embeds"], json!([]));
}

#[tokio::test]
async fn a_nonce_makes_one_message_for_some_minutes() {
    let rest = Rest::start(Options::default()).await;
    let (_, channel, _) = rest.server();
    let path = format!("/channels/{}/messages", channel.id);
    let body = json!({ "content": "drop", "nonce": "drop-7-2026-01-01", "enforce_nonce": true });
    let (_, first) = rest.call("POST", &path, body.clone()).await;
    let (_, second) = rest.call("POST", &path, body.clone()).await;
    assert_eq!((&first["id"], &first["nonce"]), (&second["id"], &body["nonce"]));
    rest.playground.advance(Duration::from_secs(600));
    let (_, third) = rest.call("POST", &path, body).await;
    assert_ne!(first["id"], third["id"]);
    assert_eq!(channel.messages().len(), 2);
}

#[tokio::test]
async fn an_answer_lost_on_the_way_is_not_sent_twice_thanks_to_the_nonce() {
    let rest = Rest::start(Options::default()).await;
    let (_, channel, _) = rest.server();
    let path = format!("/channels/{}/messages", channel.id);
    let body = json!({ "content": "drop", "nonce": "n", "enforce_nonce": true });
    rest.playground.plan_fault("POST", "/channels/*/messages", 1, Fault::DropBefore);
    assert!(rest.try_call("POST", &path, body.clone()).await.is_err());
    assert!(channel.messages().is_empty());
    rest.playground.plan_fault("POST", "/channels/*/messages", 1, Fault::DropAfter);
    assert!(rest.try_call("POST", &path, body.clone()).await.is_err());
    assert_eq!(channel.messages().len(), 1);
    assert_eq!(rest.call("POST", &path, body).await.0, 200);
    assert_eq!(channel.messages().len(), 1);
    let statuses: Vec<Option<u16>> = rest.playground.exchanges().iter().map(|exchange| exchange.status).collect();
    assert_eq!(statuses, [None, None, Some(200)]);
}

#[tokio::test]
async fn an_edit_may_not_leave_a_message_with_nothing_in_it() {
    let rest = Rest::start(Options::default()).await;
    let (_, channel, _) = rest.server();
    let path = format!("/channels/{}/messages", channel.id);
    let body = json!({ "content": "text", "embeds": [{ "title": "embed" }] });
    let (_, message) = rest.call("POST", &path, body).await;
    let one = format!("{path}/{}", message["id"].as_str().unwrap());
    assert_eq!(rest.call("PATCH", &one, json!({ "content": "" })).await.0, 200);
    assert_eq!(rest.refused("PATCH", &one, json!({ "embeds": [] })).await, (400, 50006));
    assert_eq!(channel.messages()[0].text(), "embed", "a refused edit changes nothing");
}

#[tokio::test]
async fn only_allowed_mentions_ping() {
    let rest = Rest::start(Options::default()).await;
    let (server, channel, ana) = rest.server();
    let (open, closed) = (server.role("Fans", 0, true), server.role("Staff", 0, false));
    let content = format!("<@{}> <@&{open}> <@&{closed}> @everyone", ana.id);
    let path = format!("/channels/{}/messages", channel.id);
    rest.call("POST", &path, json!({ "content": content, "allowed_mentions": { "parse": [] } })).await;
    rest.call("POST", &path, json!({ "content": content })).await;
    let messages = channel.messages();
    assert!(messages[0].pings_nobody());
    assert_eq!((&messages[1].pings_users, &messages[1].pings_roles), (&vec![ana.id], &vec![open]));
    assert!(!messages[1].pings_everyone, "the bot may not ping everyone");
}

#[tokio::test]
async fn replies_need_their_message_unless_told_otherwise() {
    let rest = Rest::start(Options::default()).await;
    let (_, channel, ana) = rest.server();
    let path = format!("/channels/{}/messages", channel.id);
    let said = ana.say(&channel, "question?").unwrap();
    let reply = |id: &str, lenient: bool| json!({ "content": "answer", "message_reference": { "message_id": id, "fail_if_not_exists": !lenient } });
    let (_, message) = rest.call("POST", &path, reply(&said.id.to_string(), false)).await;
    assert_eq!((&message["type"], &message["referenced_message"]["id"]), (&json!(19), &said.id.json()));
    assert_eq!(rest.refused("POST", &path, reply("5", false)).await, (400, 50035));
    assert_eq!(rest.call("POST", &path, reply("5", true)).await.1["type"], 0);
}

#[tokio::test]
async fn the_global_limit_refuses_requests_but_never_interactions() {
    let rest = Rest::start(Options { requests_per_second: Some(2), ..Options::default() }).await;
    let mut limited = None;
    for _ in 0..60 {
        let answer = rest.try_call("GET", "/users/@me", Value::Null).await.unwrap();
        assert!(answer.headers().contains_key("x-ratelimit-bucket"));
        if answer.status() == 429 {
            limited = Some(answer);
            break;
        }
    }
    let limited = limited.unwrap();
    assert_eq!(limited.headers()["x-ratelimit-global"], "true");
    assert!(limited.headers().contains_key("retry-after"));
    let body: Value = limited.json().await.unwrap();
    assert!(body["global"] == true && body["retry_after"].as_f64().unwrap() <= 1.0);
    assert_eq!(rest.refused("POST", "/interactions/5/x/callback", json!({ "type": 5 })).await, (404, 10062));
}

#[tokio::test]
async fn planned_faults_answer_delay_and_limit() {
    let rest = Rest::start(Options::default()).await;
    rest.playground.plan_fault("GET", "/users/@me", 1, Fault::Answer { status: 503, code: 0 });
    let limit = Fault::RateLimit { retry_after: Duration::from_millis(1500), global: false };
    rest.playground.plan_fault("GET", "/users/@me", 1, limit);
    assert_eq!(rest.call("GET", "/users/@me", Value::Null).await.0, 503);
    let limited = rest.try_call("GET", "/users/@me", Value::Null).await.unwrap();
    assert_eq!((limited.status().as_u16(), limited.headers()["retry-after"].to_str().unwrap()), (429, "2"));
    assert_eq!(limited.headers()["x-ratelimit-scope"], "user");
    assert_eq!(rest.call("GET", "/users/@me", Value::Null).await.0, 200);
}

#[tokio::test]
async fn tokens_die_after_fifteen_minutes() {
    let rest = Rest::start(Options::default()).await;
    let (_, channel, ana) = rest.server();
    let _bot = Bot::start(&rest.playground).await;
    let application = rest.playground.application_id();
    let shown = ana.run(&channel, "/ping").await.unwrap();
    let original = format!("/webhooks/{application}/{}/messages/@original", shown.token());
    assert_eq!(rest.call("GET", &original, Value::Null).await.1["content"], "pong");
    let hidden = format!("/channels/{}/messages/{}", channel.id, shown.message().unwrap().id);
    assert_eq!(rest.refused("GET", &hidden, Value::Null).await, (404, 10008), "ephemeral");
    rest.playground.advance(Duration::from_secs(15 * 60));
    assert_eq!(rest.refused("PATCH", &original, json!({ "content": "late" })).await, (401, 50027));
}

#[tokio::test]
async fn a_file_is_kept_and_an_embed_can_show_it() {
    let rest = Rest::start(Options::default()).await;
    let (_, channel, _) = rest.server();
    let body = json!({ "embeds": [{ "title": "Progress", "image": { "url": "attachment://map.png" } }],
        "attachments": [{ "id": 0, "filename": "map.png" }] });
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{body}\r\n--b\r\nContent-Disposition: \
         form-data; name=\"files[0]\"; filename=\"map.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--\r\n"
    );
    let url = format!("{}/api/v10/channels/{}/messages", rest.playground.url(), channel.id);
    let request = rest.client.post(url).header("authorization", rest.token);
    let answer = request.header("content-type", "multipart/form-data; boundary=b").body(form).send().await.unwrap();
    let message: Value = answer.json().await.unwrap();
    let picture = message["embeds"][0]["image"]["url"].as_str().unwrap();
    assert_eq!(reqwest::get(picture).await.unwrap().text().await.unwrap(), "PNG");
    assert_eq!(rest.playground.exchanges()[0].request, body, "the record holds payload_json");
}

#[tokio::test]
async fn dms_open_once_and_can_be_closed() {
    let rest = Rest::start(Options::default()).await;
    let (.., ana) = rest.server();
    let open = json!({ "recipient_id": ana.id.json() });
    let (_, dm) = rest.call("POST", "/users/@me/channels", open.clone()).await;
    let (_, again) = rest.call("POST", "/users/@me/channels", open).await;
    assert_eq!((&dm["id"], &dm["recipients"][0]["id"], &dm["type"]), (&again["id"], &ana.id.json(), &json!(1)));
    let path = format!("/channels/{}/messages", ana.dm().id);
    assert_eq!(rest.call("POST", &path, json!({ "content": "recap" })).await.0, 200);
    ana.set_dms_closed(true);
    assert_eq!(rest.refused("POST", &path, json!({ "content": "recap" })).await, (403, 50007));
    assert_eq!(ana.sees(&ana.dm()).len(), 1);
}

#[tokio::test]
async fn reactions_are_added_once_and_taken_back() {
    let rest = Rest::start(Options::default()).await;
    let (_, channel, ana) = rest.server();
    let said = ana.say(&channel, "done!").unwrap();
    let path = format!("/channels/{}/messages/{}/reactions/%F0%9F%91%8D/@me", channel.id, said.id);
    for _ in 0..2 {
        assert_eq!(rest.call("PUT", &path, Value::Null).await.0, 204);
    }
    assert_eq!(channel.messages()[0].json["reactions"][0]["count"], 1);
    assert_eq!(rest.call("DELETE", &path, Value::Null).await.0, 204);
    assert!(channel.messages()[0].json["reactions"].is_null());
    channel.deny_bot(permissions::ADD_REACTIONS);
    assert_eq!(rest.refused("PUT", &path, Value::Null).await, (403, 50013));
}
