//! What a test, or whoever runs the playground, does from outside: time, faults, the gateway's misbehaviour,
//! and what was recorded.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::faults::Fault;
use super::files::StoredFile;
use super::gateway::Frame;
use super::snowflake::Snowflake;
use super::state::State;
use super::{Exchange, Playground, locked};

/// Why something done in the playground came to nothing, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub(crate) String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<super::refusal::Refusal> for Failure {
    fn from(refusal: super::refusal::Refusal) -> Self {
        Self(format!("{} {}: {}", refusal.status, refusal.code, refusal.message))
    }
}

impl Playground {
    /// Moves the clock forward, for tokens (15 min) and nonces (3 min). The 3 s to acknowledge are real time.
    pub fn advance(&self, by: Duration) {
        self.inner.change(|state| state.clock.advance(by));
    }

    /// Plans a fault for the next `times` requests that match. `*` stands for any method and, in the pattern, for
    /// any one segment; a final `**` for any rest: `plan_fault("POST", "/channels/*/messages", 1, …)`.
    pub fn plan_fault(&self, method: &str, pattern: &str, times: usize, fault: Fault) {
        locked(&self.inner.faults).plan(method, pattern, times, fault);
    }

    /// Forgets all faults still planned.
    pub fn clear_faults(&self) {
        locked(&self.inner.faults).clear();
    }

    /// The requests made and what was answered, oldest first, up to the number kept.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Arc<Exchange>> {
        locked(&self.inner.recorder).exchanges()
    }

    /// How many requests there were in all.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        locked(&self.inner.recorder).total
    }

    /// How many requests were invalid (401, 403, 429). Discord bans a bot at 10,000 in 10 minutes.
    #[must_use]
    pub fn invalid_requests(&self) -> u64 {
        locked(&self.inner.recorder).invalid
    }

    /// The application's id, which is the bot's user id too.
    #[must_use]
    pub fn application_id(&self) -> Snowflake {
        self.inner.read(|state| state.application)
    }

    /// A file the bot attached, by its attachment's id.
    #[must_use]
    pub fn attached_file(&self, id: Snowflake) -> Option<Vec<u8>> {
        self.inner.read(|state| state.files.get(&id).map(|file: &StoredFile| file.bytes.to_vec()))
    }

    /// The commands registered globally, as Discord keeps them.
    #[must_use]
    pub fn commands(&self) -> Vec<Value> {
        self.inner.read(|state| state.commands.get(&None).cloned().unwrap_or_default())
    }

    /// Waits until the bot is connected and has registered commands.
    ///
    /// # Errors
    /// When patience runs out.
    pub async fn wait_for_commands(&self) -> Result<(), Failure> {
        let ready = |state: &State| {
            let registered = state.commands.values().any(|commands| !commands.is_empty());
            (registered && state.gateway.is_connected()).then_some(())
        };
        self.wait("commands and a gateway session", ready).await
    }

    /// Waits until a gateway session is connected.
    ///
    /// # Errors
    /// When patience runs out.
    pub async fn wait_for_gateway(&self) -> Result<(), Failure> {
        self.wait("a gateway session", |state| state.gateway.is_connected().then_some(())).await
    }

    /// Waits until sessions were begun at least so often in all.
    ///
    /// # Errors
    /// When patience runs out.
    pub async fn wait_for_identifies(&self, count: u64) -> Result<(), Failure> {
        self.wait("an identify", |state| (state.gateway.identified >= count).then_some(())).await
    }

    /// Waits until sessions were resumed at least so often in all.
    ///
    /// # Errors
    /// When patience runs out.
    pub async fn wait_for_resumes(&self, count: u64) -> Result<(), Failure> {
        self.wait("a resume", |state| (state.gateway.resumed >= count).then_some(())).await
    }

    /// Waits for a recorded exchange, past ones included.
    ///
    /// # Errors
    /// When patience runs out.
    pub async fn wait_for_exchange(
        &self,
        what: &str,
        wanted: impl Fn(&Exchange) -> bool,
    ) -> Result<Arc<Exchange>, Failure> {
        let mut seen = 0;
        let fresh = |_: &State| {
            let recorder = locked(&self.inner.recorder);
            let found = recorder.since(seen).find(|exchange| wanted(exchange)).cloned();
            seen = recorder.total;
            found
        };
        self.wait(what, fresh).await
    }

    /// Waits until the state shows something.
    pub(crate) async fn wait<T>(&self, what: &str, look: impl FnMut(&State) -> Option<T>) -> Result<T, Failure> {
        let patience = self.inner.read(|state| state.options.patience);
        let found = self.wait_for(patience, look).await;
        found.ok_or_else(|| Failure(format!("waited {patience:?} for {what} in vain; {}", self.latest())))
    }

    /// Waits until the state shows something, so long and no longer.
    pub(crate) async fn wait_for<T>(&self, patience: Duration, mut look: impl FnMut(&State) -> Option<T>) -> Option<T> {
        let mut changes = self.inner.changes();
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            changes.borrow_and_update();
            if let Some(found) = self.inner.read(&mut look) {
                return Some(found);
            }
            if !matches!(tokio::time::timeout_at(deadline, changes.changed()).await, Ok(Ok(()))) {
                return self.inner.read(&mut look);
            }
        }
    }

    /// The latest requests in a few lines, for failures.
    fn latest(&self) -> String {
        let exchanges = self.exchanges();
        let line = |exchange: &Arc<Exchange>| {
            let code = exchange.response.get("code").map(|code| format!(" code {code}")).unwrap_or_default();
            format!("\n  {} {} -> {:?}{code}", exchange.method, exchange.path, exchange.status)
        };
        let lines: String = exchanges.iter().rev().take(12).rev().map(line).collect();
        format!("the latest requests were:{}", if lines.is_empty() { " none" } else { &lines })
    }

    /// Closes every gateway connection with a code; 4004 and 4010 to 4014 are final.
    pub fn close_gateway(&self, code: u16) {
        self.inner.change(|state| state.gateway.tell_everyone(|| Frame::Close(code, "Closed by the playground.")));
    }

    /// Breaks every gateway connection off without a word.
    pub fn cut_gateway(&self) {
        self.inner.change(|state| state.gateway.tell_everyone(|| Frame::Cut));
    }

    /// Delivers an interaction to the bot once more, as Discord may after a resume.
    pub fn deliver_again(&self, response: &super::people::Response) {
        self.inner.change(|state| state.gateway.repeat_interaction(response.id));
    }

    /// Asks every client to reconnect and resume (op 7).
    pub fn ask_to_reconnect(&self) {
        self.tell(&json!({ "op": 7, "t": null, "s": null, "d": null }));
    }

    /// Tells every client that its session is invalid (op 9).
    pub fn invalidate_sessions(&self, resumable: bool) {
        if !resumable {
            self.inner.change(|state| state.gateway.forget_sessions());
        }
        self.tell(&json!({ "op": 9, "t": null, "s": null, "d": resumable }));
    }

    fn tell(&self, payload: &Value) {
        let text = axum::extract::ws::Utf8Bytes::from(payload.to_string());
        self.inner.change(|state| state.gateway.tell_everyone(|| Frame::Text(text.clone())));
    }

    /// Answers the next identify with a closing code, such as 4004.
    pub fn refuse_next_identify(&self, code: u16) {
        self.inner.change(|state| state.gateway.misbehaviour.refuse_identify.push_back(code));
    }

    /// Whether new gateway connections are broken off at once.
    pub fn refuse_gateway_connections(&self, refuse: bool) {
        self.inner.change(|state| state.gateway.misbehaviour.refuses_connections = refuse);
    }

    /// Whether heartbeats stay unacknowledged.
    pub fn ignore_heartbeats(&self, ignore: bool) {
        self.inner.change(|state| state.gateway.misbehaviour.ignores_heartbeats = ignore);
    }

    /// How many sessions were begun, and how many times one was resumed.
    #[must_use]
    pub fn gateway_counts(&self) -> (u64, u64) {
        self.inner.read(|state| (state.gateway.identified, state.gateway.resumed))
    }

    /// The intents that each open session asked for, as bits of [`super::intents`].
    #[must_use]
    pub fn session_intents(&self) -> Vec<u64> {
        self.inner.read(|state| state.gateway.session_intents())
    }
}
