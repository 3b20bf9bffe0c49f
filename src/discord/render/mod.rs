//! What people see: domain values in, embeds and buttons out. Pure, and snapshot-tested.
//!
//! Whatever a person or a model wrote is escaped and clipped on its way in, and no message made here can ping anyone.

pub mod drops;
pub mod guide;
pub mod help;
pub mod mock;
pub mod practice;
pub mod profile;
pub mod progress;
mod text;
pub mod topics;

use serenity::all::{
    ButtonStyle, CreateActionRow, CreateAllowedMentions, CreateButton, CreateEmbed, CreateInputText,
    CreateInteractionResponseMessage, CreateMessage, CreateModal, EditInteractionResponse, InputTextStyle,
};

pub use text::{clip, escape, verbatim};

use super::components::Action;
use crate::app::practice::ANSWER_MAX;

/// The bot's colour.
pub const ACCENT: u32 = 0x3B_82_F6;

/// One message's content, whichever way it is sent.
#[derive(Debug, Clone, Default)]
pub struct Card {
    content: Option<String>,
    embeds: Vec<CreateEmbed>,
    rows: Vec<CreateActionRow>,
    pings: Option<serenity::all::RoleId>,
    private: bool,
}

impl Card {
    /// A card with an embed.
    #[must_use]
    pub fn embed(embed: CreateEmbed) -> Self {
        Self { embeds: vec![embed], ..Self::default() }
    }

    /// A card that is one sentence or two.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { content: Some(clip(&text.into(), 2_000)), ..Self::default() }
    }

    /// With text above the embed.
    #[must_use]
    pub fn with_text(self, text: impl Into<String>) -> Self {
        Self { content: Some(clip(&text.into(), 2_000)), ..self }
    }

    /// With another embed below.
    #[must_use]
    pub fn and_embed(mut self, embed: CreateEmbed) -> Self {
        self.embeds.push(embed);
        self
    }

    /// With a row of buttons, five at most.
    #[must_use]
    pub fn buttons(mut self, buttons: Vec<CreateButton>) -> Self {
        if !buttons.is_empty() {
            self.rows.push(CreateActionRow::Buttons(buttons));
        }
        self
    }

    /// Pinging that role, which must be mentioned in the text. The only way for a message to ping anyone.
    #[must_use]
    pub fn pinging(self, role: serenity::all::RoleId) -> Self {
        Self { pings: Some(role), ..self }
    }

    /// For nobody but the person it answers, even where the answer would be public: a refusal is no news to a channel.
    #[must_use]
    pub fn private(self) -> Self {
        Self { private: true, ..self }
    }

    /// Whether it is for nobody but the person it answers.
    #[must_use]
    pub const fn is_private(&self) -> bool {
        self.private
    }

    fn mentions(&self) -> CreateAllowedMentions {
        CreateAllowedMentions::new().roles(self.pings)
    }
}

impl From<Card> for CreateMessage {
    fn from(card: Card) -> Self {
        let mentions = card.mentions();
        let message = Self::new().allowed_mentions(mentions).embeds(card.embeds).components(card.rows);
        match card.content {
            Some(content) => message.content(content),
            None => message,
        }
    }
}

macro_rules! answer_from_card {
    ($($answer:ty),*) => {$(
        impl From<Card> for $answer {
            fn from(card: Card) -> Self {
                let mentions = card.mentions();
                // Content and embeds are always sent: an update must clear what was there.
                Self::new()
                    .allowed_mentions(mentions)
                    .content(card.content.unwrap_or_default())
                    .embeds(card.embeds)
                    .components(card.rows)
            }
        }
    )*};
}

answer_from_card!(CreateInteractionResponseMessage, EditInteractionResponse);

/// A button that does `action`.
fn button(action: &Action, label: &str, style: ButtonStyle) -> CreateButton {
    CreateButton::new(action.to_string()).label(label).style(style)
}

/// The answer form. Discord's title holds 45 characters.
pub fn answer_form(action: &Action, title: &str, placeholder: &str) -> CreateModal {
    let longest = u16::try_from(ANSWER_MAX).unwrap_or(u16::MAX);
    let input = CreateInputText::new(InputTextStyle::Paragraph, "Your answer", "answer")
        .placeholder(clip(placeholder, 100))
        .max_length(longest)
        .required(true);
    CreateModal::new(action.to_string(), clip(title, 45)).components(vec![CreateActionRow::InputText(input)])
}

#[cfg(test)]
mod tests;
