//! What the gateway answers: heartbeats, identify, resume, and the closing codes for everything wrong.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::snowflake::Snowflake;
use super::super::state::State;
use super::{Frame, Session, intents};

/// Discord lets each bucket of shards identify once in this time.
const IDENTIFY_EVERY: Duration = Duration::from_secs(5);

/// The longest payload taken, in bytes.
const LONGEST_PAYLOAD: usize = 4096;
/// How many payloads a connection may send in a window.
const PAYLOADS: u32 = 120;
const PAYLOAD_WINDOW: Duration = Duration::from_secs(60);

impl State {
    /// The first payload on a connection.
    pub(crate) fn hello(&self) -> Value {
        let interval_ms = u64::try_from(self.options.heartbeat_interval.as_millis()).unwrap_or(u64::MAX);
        json!({ "op": 10, "t": null, "s": null, "d": { "heartbeat_interval": interval_ms, "_trace": [] } })
    }

    /// Answers one payload from a client.
    pub(crate) fn hear(&mut self, connection: u64, text: &str) {
        let Ok(payload) = serde_json::from_str::<Value>(text) else {
            return self.close(connection, 4002, "Error while decoding payload.");
        };
        if text.len() > LONGEST_PAYLOAD {
            return self.close(connection, 4002, "Error while decoding payload.");
        }
        if self.speaks_too_often(connection) {
            return self.close(connection, 4008, "You are being rate limited.");
        }
        let identified = self.session_of(connection).is_some();
        match payload["op"].as_u64() {
            Some(1) => self.acknowledge_heartbeat(connection),
            Some(2) if identified => self.close(connection, 4005, "Already authenticated."),
            Some(2) => self.identify(connection, &payload["d"]),
            Some(6) if identified => self.close(connection, 4005, "Already authenticated."),
            Some(6) => self.resume(connection, &payload["d"]),
            Some(3 | 4 | 8 | 31) if identified => self.serve_request(connection, &payload),
            Some(3 | 4 | 8 | 31) => self.close(connection, 4003, "Not authenticated."),
            _ => self.close(connection, 4001, "Unknown opcode."),
        }
    }

    fn speaks_too_often(&mut self, connection: u64) -> bool {
        let Some(connection) = self.gateway.connections.get_mut(&connection) else { return false };
        if connection.heard.0.elapsed() >= PAYLOAD_WINDOW {
            connection.heard = (Instant::now(), 0);
        }
        connection.heard.1 += 1;
        connection.heard.1 > PAYLOADS
    }

    fn session_of(&self, connection: u64) -> Option<&str> {
        self.gateway.connections.get(&connection)?.session.as_deref()
    }

    fn close(&self, connection: u64, code: u16, reason: &'static str) {
        self.gateway.push_frame(connection, Frame::Close(code, reason));
    }

    fn acknowledge_heartbeat(&self, connection: u64) {
        if !self.gateway.misbehaviour.ignores_heartbeats {
            self.gateway.push(connection, &json!({ "op": 11, "t": null, "s": null, "d": null }));
        }
    }

    fn identify(&mut self, connection: u64, asked: &Value) {
        let shard = asked["shard"].as_array().map_or((Some(0), Some(1)), |pair| {
            (pair.first().and_then(Value::as_u64), pair.get(1).and_then(Value::as_u64))
        });
        let (Some(shard), Some(wanted)) = (in_range(shard), asked["intents"].as_u64()) else {
            let bad_shard = in_range(shard).is_none();
            let (code, reason) = if bad_shard { (4010, "Invalid shard.") } else { (4013, "Invalid intent(s).") };
            return self.close(connection, code, reason);
        };
        if let Some(code) = self.gateway.misbehaviour.refuse_identify.pop_front() {
            return self.close(connection, code, "Refused.");
        }
        if !self.is_token(&asked["token"]) {
            return self.close(connection, 4004, "Authentication failed.");
        }
        if wanted & !intents::KNOWN != 0 {
            return self.close(connection, 4013, "Invalid intent(s).");
        }
        if wanted & !self.allowed_intents() != 0 {
            return self.close(connection, 4014, "Disallowed intent(s).");
        }
        if self.identifies_too_often(shard.0) {
            return self.gateway.push(connection, &json!({ "op": 9, "t": null, "s": null, "d": false }));
        }
        self.begin_session(connection, shard, wanted);
    }

    /// Discord takes the token with and without `Bot ` before it; serenity sends it with.
    fn is_token(&self, given: &Value) -> bool {
        let given = given.as_str().unwrap_or_default();
        given.strip_prefix("Bot ").unwrap_or(given) == self.options.token
    }

    /// Everything but the privileged intents that are switched off for the application.
    fn allowed_intents(&self) -> u64 {
        let content = if self.options.message_content { 0 } else { intents::MESSAGE_CONTENT };
        let members = if self.options.guild_members { 0 } else { intents::GUILD_MEMBERS };
        intents::KNOWN & !content & !members & !intents::GUILD_PRESENCES
    }

    fn identifies_too_often(&mut self, shard: u64) -> bool {
        if !self.options.enforce_identify_limit {
            return false;
        }
        let last =
            self.gateway.last_identify.insert(shard % u64::from(self.options.max_concurrency.max(1)), Instant::now());
        last.is_some_and(|last| last.elapsed() < IDENTIFY_EVERY)
    }

    fn begin_session(&mut self, connection: u64, shard: (u64, u64), intents: u64) {
        self.gateway.minted += 1;
        self.gateway.identified += 1;
        let id = format!("session-{}", self.gateway.minted);
        let session = Session { shard, intents, sequence: 0, sent: [].into(), connection: Some(connection) };
        let mine: Vec<Snowflake> = self
            .guilds
            .values()
            .filter(|guild| guild.members.contains_key(&self.bot) && session.covers(Some(guild.id)))
            .map(|guild| guild.id)
            .collect();
        let stubs: Vec<Value> = mine.iter().map(|id| json!({ "id": id.json(), "unavailable": true })).collect();
        let user = self.users.get(&self.bot).map(super::super::guild::User::self_json);
        let ready = json!({
            "v": 10, "user": user, "guilds": stubs, "session_id": id, "session_type": "normal",
            "resume_gateway_url": self.gateway_url(), "shard": [shard.0, shard.1],
            "application": { "id": self.application.json(), "flags": self.application_flags() },
            "private_channels": [], "relationships": [], "presences": [], "user_settings": {}, "geo_ordered_rtc_regions": [],
            "_trace": [],
        });
        let frames: Vec<Value> = if intents & intents::GUILDS == 0 {
            Vec::new()
        } else {
            mine.iter().filter_map(|id| self.guilds.get(id)).map(|guild| self.guild_create_json(guild)).collect()
        };
        if let Some(connection) = self.gateway.connections.get_mut(&connection) {
            connection.session = Some(id.clone());
        }
        self.gateway.sessions.insert(id.clone(), session);
        self.send_in_session(&id, "READY", &ready);
        for guild in frames {
            self.send_in_session(&id, "GUILD_CREATE", &guild);
        }
    }

    /// Sends an event to one session alone.
    fn send_in_session(&mut self, id: &str, event: &str, data: &Value) {
        let Some(session) = self.gateway.sessions.get_mut(id) else { return };
        session.sequence += 1;
        let sequence = session.sequence;
        let text: axum::extract::ws::Utf8Bytes =
            format!(r#"{{"op":0,"t":"{event}","s":{sequence},"d":{data}}}"#).into();
        session.sent.push_back((sequence, text.clone()));
        let connection = session.connection;
        if let Some(connection) = connection {
            self.gateway.push_frame(connection, Frame::Text(text));
        }
    }

    fn resume(&mut self, connection: u64, asked: &Value) {
        if !self.is_token(&asked["token"]) {
            return self.close(connection, 4004, "Authentication failed.");
        }
        let id = asked["session_id"].as_str().unwrap_or_default().to_owned();
        let heard = asked["seq"].as_u64().unwrap_or(0);
        let Some(session) = self.gateway.sessions.get_mut(&id) else {
            return self.gateway.push(connection, &json!({ "op": 9, "t": null, "s": null, "d": false }));
        };
        if heard > session.sequence {
            self.gateway.sessions.remove(&id);
            return self.close(connection, 4007, "Invalid seq.");
        }
        let oldest = session.sent.front().map_or(session.sequence + 1, |(sequence, _)| *sequence);
        if heard + 1 < oldest {
            self.gateway.sessions.remove(&id);
            return self.gateway.push(connection, &json!({ "op": 9, "t": null, "s": null, "d": false }));
        }
        session.connection = Some(connection);
        let missed: Vec<_> = session.sent.iter().filter(|(at, _)| *at > heard).map(|(_, text)| text.clone()).collect();
        if let Some(connection) = self.gateway.connections.get_mut(&connection) {
            connection.session = Some(id.clone());
        }
        self.gateway.resumed += 1;
        for text in missed {
            self.gateway.push_frame(connection, Frame::Text(text));
        }
        self.send_in_session(&id, "RESUMED", &json!({ "_trace": [] }));
    }

    /// Presence and voice updates need no answer; a request for members gets the ones the bot knows of.
    fn serve_request(&mut self, connection: u64, payload: &Value) {
        let (Some(8), Some(session)) = (payload["op"].as_u64(), self.session_of(connection)) else { return };
        let session = session.to_owned();
        let asked = &payload["d"];
        let Some(guild) = Snowflake::from_json(&asked["guild_id"]).and_then(|id| self.guilds.get(&id)) else { return };
        let wanted: Vec<Snowflake> = match &asked["user_ids"] {
            Value::Array(ids) => ids.iter().filter_map(Snowflake::from_json).collect(),
            one => Snowflake::from_json(one).into_iter().collect(),
        };
        let members: Vec<Value> =
            wanted.iter().filter_map(|id| Some(guild.members.get(id)?.json(self.users.get(id)?))).collect();
        let chunk = json!({ "guild_id": guild.id.json(), "members": members, "chunk_index": 0, "chunk_count": 1,
            "not_found": [], "nonce": asked["nonce"] });
        self.send_in_session(&session, "GUILD_MEMBERS_CHUNK", &chunk);
    }

    /// Where the gateway listens.
    pub(crate) fn gateway_url(&self) -> String {
        format!("{}/", self.url.replacen("http", "ws", 1))
    }

    /// The application's flags: which privileged intents are switched on for it.
    pub(crate) fn application_flags(&self) -> u64 {
        let members = if self.options.guild_members { 1 << 15 } else { 0 };
        let content = if self.options.message_content { 1 << 19 } else { 0 };
        (1 << 23) | members | content
    }
}

/// A shard id below the number of shards.
fn in_range(shard: (Option<u64>, Option<u64>)) -> Option<(u64, u64)> {
    match shard {
        (Some(id), Some(count)) if id < count => Some((id, count)),
        _ => None,
    }
}
