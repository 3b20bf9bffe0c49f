//! Gateway sessions: who is connected, what each has been sent, and what it may be sent again on resuming.
//!
//! `events` decides who hears what, `protocol` answers what a client sends, `connection` is the socket. JSON
//! only; compression is not needed, since plain text frames are always allowed.

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

use axum::extract::ws::Utf8Bytes;
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::snowflake::Snowflake;

pub(crate) mod connection;
mod events;
pub mod intents;
mod protocol;

/// How many events a session can be behind and still resume.
const REPLAYABLE: usize = 10_000;

/// What goes out on a connection.
#[derive(Debug)]
pub(crate) enum Frame {
    /// One payload.
    Text(Utf8Bytes),
    /// The closing code and its reason; nothing follows.
    Close(u16, &'static str),
    /// The connection breaks off without a word.
    Cut,
}

/// What the gateway is told to do wrong.
#[derive(Debug, Default)]
pub(crate) struct Misbehaviour {
    /// New connections are closed at once.
    pub(crate) refuses_connections: bool,
    /// Heartbeats are no longer acknowledged.
    pub(crate) ignores_heartbeats: bool,
    /// The next identifies are answered with this closing code.
    pub(crate) refuse_identify: VecDeque<u16>,
}

/// All sessions and connections.
#[derive(Debug, Default)]
pub(crate) struct Gateway {
    sessions: HashMap<String, Session>,
    connections: HashMap<u64, Connection>,
    minted: u64,
    last_identify: HashMap<u64, Instant>,
    pub(crate) misbehaviour: Misbehaviour,
    /// How many sessions were begun.
    pub(crate) identified: u64,
    /// How many times a session was resumed.
    pub(crate) resumed: u64,
}

#[derive(Debug)]
struct Connection {
    out: UnboundedSender<Frame>,
    session: Option<String>,
    /// Since when payloads are counted, and how many came since.
    heard: (Instant, u32),
}

#[derive(Debug)]
struct Session {
    shard: (u64, u64),
    intents: u64,
    sequence: u64,
    sent: VecDeque<(u64, Utf8Bytes)>,
    connection: Option<u64>,
}

impl Session {
    fn hears(&self, intent: u64, guild: Option<Snowflake>) -> bool {
        self.covers(guild) && (intent == 0 || self.intents & intent != 0)
    }

    fn covers(&self, guild: Option<Snowflake>) -> bool {
        guild.map_or(0, |guild| (guild.0 >> 22) % self.shard.1) == self.shard.0
    }
}

impl Gateway {
    /// Takes in a connection and says hello.
    pub(crate) fn connect(&mut self, out: UnboundedSender<Frame>, hello: &Value) -> u64 {
        self.minted += 1;
        let refused = self.misbehaviour.refuses_connections;
        let _ = out.send(if refused { Frame::Cut } else { Frame::Text(hello.to_string().into()) });
        self.connections.insert(self.minted, Connection { out, session: None, heard: (Instant::now(), 0) });
        self.minted
    }

    /// Forgets a connection. A session ends with it only if the client closed on purpose.
    pub(crate) fn disconnect(&mut self, connection: u64, on_purpose: bool) {
        let Some(gone) = self.connections.remove(&connection) else { return };
        let Some(id) = gone.session else { return };
        if on_purpose {
            self.sessions.remove(&id);
        } else if let Some(session) = self.sessions.get_mut(&id)
            && session.connection == Some(connection)
        {
            session.connection = None;
        }
    }

    /// Whether any session is connected.
    pub(crate) fn is_connected(&self) -> bool {
        self.sessions.values().any(|session| session.connection.is_some())
    }

    /// What each session asked for.
    pub(crate) fn session_intents(&self) -> Vec<u64> {
        self.sessions.values().map(|session| session.intents).collect()
    }

    /// Whether anybody would hear such an event.
    pub(crate) fn has_audience(&self, intent: u64, guild: Option<Snowflake>) -> bool {
        self.sessions.values().any(|session| session.hears(intent, guild))
    }

    /// Sends something to every connection. Closing with a code that cannot be resumed ends the sessions.
    pub(crate) fn tell_everyone(&mut self, frame: impl Fn() -> Frame) {
        for connection in self.connections.values() {
            let _ = connection.out.send(frame());
        }
        if let Frame::Close(4004 | 4007 | 4009..=4014, _) = frame() {
            self.sessions.clear();
        }
    }

    /// Sends an interaction once more, as resuming from too far back does.
    pub(crate) fn repeat_interaction(&self, id: Snowflake) {
        let (kind, id) = (r#""t":"INTERACTION_CREATE""#, format!(r#""id":"{id}""#));
        for session in self.sessions.values() {
            let Some(connection) = session.connection.and_then(|id| self.connections.get(&id)) else { continue };
            let again = session.sent.iter().filter(|(_, text)| text.contains(kind) && text.contains(&id));
            for (_, text) in again {
                let _ = connection.out.send(Frame::Text(text.clone()));
            }
        }
    }

    /// Ends every session without closing its connection, as before an op 9 that cannot be resumed.
    pub(crate) fn forget_sessions(&mut self) {
        self.sessions.clear();
        for connection in self.connections.values_mut() {
            connection.session = None;
        }
    }

    fn push(&self, connection: u64, payload: &Value) {
        self.push_frame(connection, Frame::Text(payload.to_string().into()));
    }

    fn push_frame(&self, connection: u64, frame: Frame) {
        if let Some(connection) = self.connections.get(&connection) {
            let _ = connection.out.send(frame);
        }
    }

    /// Sends an event to the sessions that cover the server and asked for it; `data` may differ by intents.
    fn dispatch<'a>(
        &mut self,
        event: &str,
        intent: u64,
        guild: Option<Snowflake>,
        mut data: impl FnMut(u64) -> &'a str,
    ) {
        for session in self.sessions.values_mut() {
            if session.hears(intent, guild) {
                session.sequence += 1;
                let (sequence, data) = (session.sequence, data(session.intents));
                let text = Utf8Bytes::from(format!(r#"{{"op":0,"t":"{event}","s":{sequence},"d":{data}}}"#));
                session.sent.push_back((sequence, text.clone()));
                if session.sent.len() > REPLAYABLE {
                    session.sent.pop_front();
                }
                let connection = session.connection.and_then(|id| self.connections.get(&id));
                if let Some(connection) = connection {
                    let _ = connection.out.send(Frame::Text(text));
                }
            }
        }
    }
}
