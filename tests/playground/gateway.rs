//! The gateway as a client meets it: closing codes, resuming, intents, shards.

use coach::playground::{Options, Playground, intents};
use poise::serenity_prelude as serenity;
use serde_json::{Value, json};
use serenity::futures::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use super::bot::Bot;

struct Socket(tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>);

impl Socket {
    async fn open(playground: &Playground) -> Self {
        let url = format!("{}/?v=10&encoding=json", playground.url().replace("http", "ws"));
        let mut socket = Self(tokio_tungstenite::connect_async(url).await.unwrap().0);
        assert_eq!(socket.next().await["op"], 10);
        socket
    }

    async fn send(&mut self, payload: &Value) {
        self.0.send(Message::text(payload.to_string())).await.unwrap();
    }

    /// The next payload.
    async fn next(&mut self) -> Value {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
            other => panic!("expected a payload, got {other:?}"),
        }
    }

    /// The next event of this name, others skipped.
    async fn event(&mut self, name: &str) -> Value {
        loop {
            let payload = self.next().await;
            if payload["t"] == name {
                return payload;
            }
        }
    }

    /// The code the server closes with.
    async fn closing_code(&mut self) -> u16 {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(Message::Text(_))) => {}
                other => panic!("expected a close, got {other:?}"),
            }
        }
    }

    async fn identify(&mut self, intents: u64, shard: (u64, u64)) {
        let d = json!({ "token": "playground-token", "intents": intents, "shard": [shard.0, shard.1],
            "properties": { "os": "linux", "browser": "test", "device": "test" } });
        self.send(&json!({ "op": 2, "d": d })).await;
    }
}

async fn playground() -> Playground {
    Playground::start(Options::default()).await.unwrap()
}

const USUAL: u64 = intents::GUILDS | intents::GUILD_MESSAGES;

#[tokio::test]
async fn what_is_wrong_is_closed_with_its_code() {
    let playground = playground().await;
    let wrong_token = json!({ "op": 2, "d": { "token": "guess", "intents": 0 } });
    let wrong_shard = json!({ "op": 2, "d": { "token": "playground-token", "intents": 0, "shard": [2, 2] } });
    let unknown_intent = json!({ "op": 2, "d": { "token": "playground-token", "intents": 1_u64 << 40 } });
    let privileged = json!({ "op": 2, "d": { "token": "playground-token", "intents": intents::MESSAGE_CONTENT } });
    let cases = [
        (4001, json!({ "op": 99 })),
        (4003, json!({ "op": 3, "d": {} })),
        (4004, wrong_token),
        (4010, wrong_shard),
        (4013, unknown_intent),
        (4014, privileged),
    ];
    for (code, payload) in cases {
        let mut socket = Socket::open(&playground).await;
        socket.send(&payload).await;
        assert_eq!(socket.closing_code().await, code, "{payload}");
    }
    let mut socket = Socket::open(&playground).await;
    socket.0.send(Message::text("{")).await.unwrap();
    assert_eq!(socket.closing_code().await, 4002);
    let mut socket = Socket::open(&playground).await;
    socket.identify(USUAL, (0, 1)).await;
    socket.identify(USUAL, (0, 1)).await;
    assert_eq!(socket.closing_code().await, 4005);
}

#[tokio::test]
async fn ready_lists_the_servers_of_the_shard_and_their_events_follow() {
    let playground = playground().await;
    for name in ["one", "two", "three", "four"] {
        let _ = playground.add_server(name);
    }
    for shard in [0, 1] {
        let mut socket = Socket::open(&playground).await;
        socket.identify(USUAL, (shard, 2)).await;
        let ready = socket.next().await;
        assert_eq!((ready["t"].as_str(), ready["s"].as_u64()), (Some("READY"), Some(1)));
        assert_eq!(ready["d"]["guilds"].as_array().unwrap().len(), 2);
        for _ in 0..2 {
            let guild = socket.next().await;
            assert_eq!(guild["t"], "GUILD_CREATE");
            let id: u64 = guild["d"]["id"].as_str().unwrap().parse().unwrap();
            assert_eq!((id >> 22) % 2, shard);
        }
    }
}

#[tokio::test]
async fn a_resumed_session_hears_what_it_missed_in_order() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let ana = server.member("ana");
    let mut socket = Socket::open(&playground).await;
    socket.identify(USUAL, (0, 1)).await;
    let session = socket.event("READY").await["d"]["session_id"].clone();
    let heard = socket.event("GUILD_CREATE").await["s"].clone();
    playground.cut_gateway();
    assert!(!matches!(socket.0.next().await, Some(Ok(Message::Text(_) | Message::Close(_)))));
    ana.say(&channel, "one").unwrap();
    ana.say(&channel, "two").unwrap();
    let mut again = Socket::open(&playground).await;
    again.send(&json!({ "op": 6, "d": { "token": "playground-token", "session_id": session, "seq": heard } })).await;
    for sequence in [3, 4] {
        let missed = again.next().await;
        assert_eq!((missed["t"].as_str(), missed["s"].as_u64()), (Some("MESSAGE_CREATE"), Some(sequence)));
    }
    assert_eq!(again.next().await["t"], "RESUMED");
}

#[tokio::test]
async fn what_cannot_be_resumed_is_an_invalid_session_or_an_invalid_sequence() {
    let playground = playground().await;
    let mut socket = Socket::open(&playground).await;
    socket.send(&json!({ "op": 6, "d": { "token": "playground-token", "session_id": "none", "seq": 1 } })).await;
    assert_eq!(socket.next().await, json!({ "op": 9, "t": null, "s": null, "d": false }));
    socket.identify(USUAL, (0, 1)).await;
    let session = socket.event("READY").await["d"]["session_id"].clone();
    let mut again = Socket::open(&playground).await;
    again.send(&json!({ "op": 6, "d": { "token": "playground-token", "session_id": session, "seq": 99 } })).await;
    assert_eq!(again.closing_code().await, 4007);
}

#[tokio::test]
async fn closing_on_purpose_ends_the_session() {
    let playground = playground().await;
    let mut socket = Socket::open(&playground).await;
    socket.identify(USUAL, (0, 1)).await;
    let session = socket.event("READY").await["d"]["session_id"].clone();
    let normal = tokio_tungstenite::tungstenite::protocol::CloseFrame { code: 1000.into(), reason: "".into() };
    socket.0.close(Some(normal)).await.unwrap();
    while socket.0.next().await.is_some() {}
    let mut again = Socket::open(&playground).await;
    again.send(&json!({ "op": 6, "d": { "token": "playground-token", "session_id": session, "seq": 1 } })).await;
    assert_eq!(again.next().await["op"], 9);
}

#[tokio::test]
async fn events_come_only_for_the_intents_asked_for_and_the_channels_seen() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let (open, closed) = (server.text_channel("open"), server.text_channel("closed"));
    closed.deny_bot(coach::playground::permissions::VIEW_CHANNEL);
    let ana = server.member("ana");
    let mut socket = Socket::open(&playground).await;
    socket.identify(intents::GUILD_MESSAGES, (0, 1)).await;
    assert_eq!(socket.next().await["t"], "READY");
    let _ = server.text_channel("no GUILDS intent, no CHANNEL_CREATE");
    ana.say(&ana.dm(), "no DIRECT_MESSAGES intent").unwrap();
    ana.say(&closed, "unseen").unwrap();
    ana.say(&open, "seen").unwrap();
    let message = socket.next().await;
    assert_eq!(message["t"], "MESSAGE_CREATE");
    assert_eq!(message["d"]["channel_id"], open.id.json());
    assert_eq!((message["d"]["content"].as_str(), message["d"]["member"].is_object()), (Some(""), true));
}

#[tokio::test]
async fn with_the_content_intent_text_is_there() {
    let playground = Playground::start(Options { message_content: true, ..Options::default() }).await.unwrap();
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let mut socket = Socket::open(&playground).await;
    socket.identify(USUAL | intents::MESSAGE_CONTENT, (0, 1)).await;
    socket.event("GUILD_CREATE").await;
    server.member("ana").say(&channel, "plain words").unwrap();
    assert_eq!(socket.next().await["d"]["content"], "plain words");
}

#[tokio::test]
async fn heartbeats_are_acknowledged_until_told_otherwise() {
    let playground = playground().await;
    let mut socket = Socket::open(&playground).await;
    socket.send(&json!({ "op": 1, "d": null })).await;
    assert_eq!(socket.next().await["op"], 11);
    playground.ignore_heartbeats(true);
    socket.send(&json!({ "op": 1, "d": null })).await;
    socket.identify(USUAL, (0, 1)).await;
    assert_eq!(socket.next().await["t"], "READY");
}

#[tokio::test]
async fn who_talks_too_much_or_too_long_is_closed() {
    let playground = playground().await;
    let mut socket = Socket::open(&playground).await;
    socket.send(&json!({ "op": 1, "d": "x".repeat(4096) })).await;
    assert_eq!(socket.closing_code().await, 4002);
    let mut socket = Socket::open(&playground).await;
    for _ in 0..121 {
        socket.send(&json!({ "op": 1, "d": null })).await;
    }
    assert_eq!(socket.closing_code().await, 4008);
}

#[tokio::test]
async fn a_bot_hears_of_its_roles_and_of_leaving_and_of_channels_it_cannot_see() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let mut socket = Socket::open(&playground).await;
    socket.identify(USUAL, (0, 1)).await;
    socket.event("GUILD_CREATE").await;
    server.set_bot_permissions(0);
    assert_eq!(socket.next().await["d"]["role"]["permissions"], "0");
    channel.deny_bot(coach::playground::permissions::VIEW_CHANNEL);
    assert_eq!(socket.next().await["t"], "CHANNEL_UPDATE");
    server.kick_bot();
    let gone = socket.next().await;
    assert_eq!((&gone["t"], &gone["d"]), (&json!("GUILD_DELETE"), &json!({ "id": server.id.json() })));
    let _ = server.text_channel("after the bot left");
    server.invite_bot(coach::playground::permissions::ORDINARY);
    assert_eq!(socket.next().await["t"], "GUILD_CREATE");
}

#[tokio::test]
async fn an_outage_is_told_apart_from_being_removed() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let mut socket = Socket::open(&playground).await;
    socket.identify(USUAL, (0, 1)).await;
    socket.event("GUILD_CREATE").await;
    server.begin_outage();
    assert_eq!(socket.next().await["d"], json!({ "id": server.id.json(), "unavailable": true }));
    server.end_outage();
    assert_eq!(socket.next().await["t"], "GUILD_CREATE");
}

#[tokio::test]
async fn refused_connections_and_a_playground_that_is_gone_break_off() {
    let playground = playground().await;
    let client = reqwest::Client::new();
    let gateway = format!("{}/api/v10/gateway", playground.url());
    let ask = || client.get(&gateway).header("authorization", "Bot playground-token").send();
    assert_eq!(ask().await.unwrap().status(), 200);
    playground.refuse_gateway_connections(true);
    let url = format!("{}/", playground.url().replace("http", "ws"));
    let (mut refused, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    assert!(!matches!(refused.next().await, Some(Ok(Message::Text(_) | Message::Close(_)))));
    playground.shutdown();
    assert!(ask().await.is_err(), "a connection kept alive must not be served either");
}

#[tokio::test]
async fn serenity_starts_anew_when_its_session_is_invalid_or_times_out() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let ana = server.member("ana");
    let _bot = Bot::start(&playground).await;
    playground.close_gateway(4009);
    playground.wait_for_identifies(2).await.unwrap();
    playground.cut_gateway();
    playground.wait_for_resumes(1).await.unwrap();
    assert_eq!(ana.run(&channel, "/ping").await.unwrap().message().unwrap().content, "pong");
}

#[tokio::test]
async fn identifying_too_often_is_an_invalid_session_when_enforced() {
    let options = Options { enforce_identify_limit: true, ..Options::default() };
    let playground = Playground::start(options).await.unwrap();
    let mut first = Socket::open(&playground).await;
    first.identify(USUAL, (0, 1)).await;
    assert_eq!(first.next().await["t"], "READY");
    let mut second = Socket::open(&playground).await;
    second.identify(USUAL, (0, 1)).await;
    assert_eq!(second.next().await["op"], 9);
}

#[tokio::test]
async fn serenity_resumes_after_a_close_and_after_a_request_to_reconnect() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let ana = server.member("ana");
    let _bot = Bot::start(&playground).await;
    playground.close_gateway(4000);
    playground.wait_for_resumes(1).await.unwrap();
    assert_eq!(ana.run(&channel, "/ping").await.unwrap().message().unwrap().content, "pong");
    playground.ask_to_reconnect();
    playground.wait_for_resumes(2).await.unwrap();
    assert_eq!(ana.run(&channel, "/ping").await.unwrap().message().unwrap().content, "pong");
    assert_eq!(playground.gateway_counts().0, 1, "no new session was needed");
}

#[tokio::test]
async fn serenity_gives_up_on_a_refused_token_and_on_disallowed_intents() {
    let playground = playground().await;
    let mut bot = Bot::start_unready(&playground, serenity::GatewayIntents::MESSAGE_CONTENT).await;
    let end = (&mut bot.run).await.unwrap().unwrap_err();
    assert!(matches!(end, serenity::Error::Gateway(serenity::GatewayError::DisallowedGatewayIntents)), "{end}");
    playground.refuse_next_identify(4004);
    let mut bot = Bot::start_unready(&playground, serenity::GatewayIntents::GUILDS).await;
    let end = (&mut bot.run).await.unwrap().unwrap_err();
    assert!(matches!(end, serenity::Error::Gateway(serenity::GatewayError::InvalidAuthentication)), "{end}");
}

#[tokio::test]
async fn a_thousand_servers_are_there_at_once() {
    let playground = playground().await;
    for n in 0..1000 {
        let server = playground.add_server(&format!("server {n}"));
        let _ = server.text_channel("practice");
    }
    let mut socket = Socket::open(&playground).await;
    socket.identify(USUAL, (0, 1)).await;
    for _ in 0..1000 {
        socket.event("GUILD_CREATE").await;
    }
}
