//! What came back when somebody did something: the answer of the bot to one interaction, now and later.

use std::time::Duration;

use serde_json::Value;

use super::super::Playground;
use super::super::interaction::Interaction;
use super::super::snowflake::Snowflake;
use super::super::state::State;
use super::{Failure, Message, Modal, view};

/// The bot's answer to one interaction.
#[derive(Debug, Clone)]
pub struct Response {
    pub(crate) playground: Playground,
    /// The interaction's id.
    pub id: Snowflake,
}

impl Response {
    fn interaction<T>(&self, look: impl FnOnce(&State, &Interaction) -> T) -> Option<T> {
        self.playground.inner.read(|state| state.interactions.get(self.id).map(|found| look(state, found)))
    }

    /// Discord's number for how the bot answered: 4 message, 5 deferred, 6 deferred update, 7 update, 8
    /// suggestions, 9 modal. 0 if it has not.
    #[must_use]
    pub fn kind(&self) -> u8 {
        self.interaction(|_, found| found.answer.unwrap_or(0)).unwrap_or(0)
    }

    /// How long the bot took to acknowledge.
    #[must_use]
    pub fn acknowledged_after(&self) -> Option<Duration> {
        self.interaction(|_, found| found.answered_after).flatten()
    }

    /// The token that follow-ups are made with.
    #[must_use]
    pub fn token(&self) -> String {
        self.interaction(|_, found| found.token.clone()).unwrap_or_default()
    }

    /// The answer as it is now: for a press that was answered by an update, the message it was on.
    ///
    /// # Errors
    /// When the bot answered with no message, or it is gone.
    pub fn message(&self) -> Result<Message, Failure> {
        let shown = self.interaction(|state, found| found.original.map(|id| view(state, found.channel, id)));
        shown.flatten().unwrap_or_else(|| Err(Failure(format!("type {} is no message", self.kind()))))
    }

    /// The answer once the bot no longer thinks.
    ///
    /// # Errors
    /// When patience runs out or there is no message.
    pub async fn settled(&self) -> Result<Message, Failure> {
        self.wait("the bot to stop thinking", |message| !message.is_loading()).await
    }

    /// The answer once it is as wanted, after however many edits.
    ///
    /// # Errors
    /// When patience runs out; what was there instead is in the failure.
    pub async fn wait(&self, what: &str, wanted: impl Fn(&Message) -> bool) -> Result<Message, Failure> {
        let found = |state: &State| {
            let interaction = state.interactions.get(self.id)?;
            view(state, interaction.channel, interaction.original?).ok().filter(|message| wanted(message))
        };
        let result = self.playground.wait(what, found).await;
        result.map_err(|Failure(why)| Failure(format!("{why}\nthe answer is: {:?}", self.message().map(|m| m.text()))))
    }

    /// The messages sent after the first answer, in order, deleted ones left out.
    #[must_use]
    pub fn followups(&self) -> Vec<Message> {
        let shown = self.interaction(|state, found| {
            found.followups.iter().filter_map(|id| view(state, found.channel, *id).ok()).collect()
        });
        shown.unwrap_or_default()
    }

    /// A later message of this interaction, once there is one as wanted.
    ///
    /// # Errors
    /// When patience runs out.
    pub async fn wait_for_followup(&self, what: &str, wanted: impl Fn(&Message) -> bool) -> Result<Message, Failure> {
        let found = |state: &State| {
            let interaction = state.interactions.get(self.id)?;
            let mut messages = interaction.followups.iter().filter_map(|id| view(state, interaction.channel, *id).ok());
            messages.find(|message| wanted(message))
        };
        self.playground.wait(what, found).await
    }

    /// The modal it opened.
    ///
    /// # Errors
    /// When the bot answered with something else.
    pub fn modal(&self) -> Result<Modal, Failure> {
        let modal = self.interaction(|_, found| found.modal.as_ref().map(|modal| Modal::new(modal, self.id)));
        modal.flatten().ok_or_else(|| {
            let instead = self.message().map(|message| message.text()).unwrap_or_default();
            Failure(format!("no modal opened; the answer (type {}) was: {instead}", self.kind()))
        })
    }

    /// The suggestions it gave: names and values.
    pub(crate) fn suggestions(&self) -> Vec<(String, String)> {
        let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let choices = self.interaction(|_, found| found.choices.clone()).flatten().unwrap_or_default();
        let choices = choices.as_array().into_iter().flatten();
        choices.map(|choice| (plain(&choice["name"]), plain(&choice["value"]))).collect()
    }
}
