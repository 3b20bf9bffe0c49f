//! Answering an interaction within Discord's 3 seconds, whatever the work behind it takes.
//!
//! The work gets half of that time to answer by itself; then the interaction is deferred, and the answer follows as an
//! edit. Interaction endpoints do not count against the global rate limit, so nothing here waits for its turn.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use serenity::all::{
    CommandInteraction, ComponentInteraction, CreateInteractionResponse, CreateInteractionResponseMessage, CreateModal,
    EditInteractionResponse, Http, InteractionId, LightMethod, ModalInteraction, Route,
};

use super::render::Card;
use super::rest::Rest;

/// How long work may take before the interaction is deferred.
const DEFER_AFTER: Duration = Duration::from_millis(1_500);

/// The way back to whoever acted.
#[derive(Clone)]
pub struct Responder {
    rest: Rest,
    application: serenity::all::ApplicationId,
    interaction: InteractionId,
    token: String,
    /// What is answered, as the metrics name it.
    name: Cow<'static, str>,
    began: Instant,
}

/// Who sees an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Only who acted.
    Private,
    /// Everyone in the channel.
    Public,
}

macro_rules! responder_for {
    ($name:ident, $interaction:ty) => {
        /// The way back to this interaction. `name` is what the metrics call it: one of few, and no words of a member.
        pub fn $name(rest: &Rest, interaction: &$interaction, name: impl Into<Cow<'static, str>>) -> Self {
            Self {
                rest: rest.clone(),
                application: interaction.application_id,
                interaction: interaction.id,
                token: interaction.token.clone(),
                name: name.into(),
                began: Instant::now(),
            }
        }
    };
}

impl Responder {
    responder_for!(to_command, CommandInteraction);
    responder_for!(to_press, ComponentInteraction);
    responder_for!(to_form, ModalInteraction);

    /// Answers with what `work` makes, deferring first if it takes long. Work always makes something to show.
    ///
    /// # Errors
    /// serenity's, when Discord does not take the answer: too late, or gone.
    pub async fn answer(
        &self,
        audience: Audience,
        work: impl Future<Output = Card> + Send,
    ) -> Result<(), serenity::Error> {
        let mut work = std::pin::pin!(work);
        match tokio::time::timeout(DEFER_AFTER, &mut work).await {
            Ok(card) => self.send(&CreateInteractionResponse::Message(message(card, audience))).await,
            Err(_) => {
                let defer = CreateInteractionResponseMessage::new().ephemeral(audience == Audience::Private);
                self.send(&CreateInteractionResponse::Defer(defer)).await?;
                self.edit(work.await).await
            }
        }
    }

    /// Replaces the message whose button was pressed.
    ///
    /// # Errors
    /// serenity's, when Discord does not take the answer.
    pub async fn update(&self, card: Card) -> Result<(), serenity::Error> {
        self.send(&CreateInteractionResponse::UpdateMessage(message(card, Audience::Public))).await
    }

    /// Opens a form.
    ///
    /// # Errors
    /// serenity's, when Discord does not take it.
    pub async fn form(&self, modal: CreateModal) -> Result<(), serenity::Error> {
        self.send(&CreateInteractionResponse::Modal(modal)).await
    }

    async fn send(&self, response: &CreateInteractionResponse) -> Result<(), serenity::Error> {
        let http: &Http = self.rest.http();
        let sent = http.create_interaction_response(self.interaction, &self.token, response, Vec::new()).await;
        self.count(response, sent.is_ok());
        sent
    }

    fn count(&self, response: &CreateInteractionResponse, taken: bool) {
        let outcome = match response {
            _ if !taken => "lost",
            CreateInteractionResponse::Defer(_) => "deferred",
            _ => "answered",
        };
        let command = self.name.clone();
        metrics::counter!("coach_interactions_total", "command" => command.clone(), "outcome" => outcome).increment(1);
        metrics::histogram!("coach_interaction_seconds", "command" => command).record(self.began.elapsed());
    }

    async fn edit(&self, card: Card) -> Result<(), serenity::Error> {
        let route = Route::WebhookOriginalInteractionResponse { application_id: self.application, token: &self.token };
        let body: EditInteractionResponse = card.into();
        let sent = self.rest.send::<serde::de::IgnoredAny>(LightMethod::Patch, route, Some(&body)).await;
        if let Err(error) = sent {
            tracing::warn!(%error, "a deferred answer did not arrive");
        }
        Ok(())
    }
}

fn message(card: Card, audience: Audience) -> CreateInteractionResponseMessage {
    let private = audience == Audience::Private || card.is_private();
    CreateInteractionResponseMessage::from(card).ephemeral(private)
}
