//! What people see: messages with their buttons, selects and embeds, and modals with their fields. A view is a
//! snapshot; look again to see edits.

use serde_json::Value;

use super::super::message::{self, LOADING, TextAccess};
use super::super::snowflake::Snowflake;
use super::super::state::State;

/// A message at one moment.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id.
    pub id: Snowflake,
    /// The channel it stands in.
    pub channel_id: Snowflake,
    /// Who wrote it.
    pub author_id: Snowflake,
    /// Its text.
    pub content: String,
    /// The message object as Discord would give it, nothing withheld.
    pub json: Value,
    /// The users it pings.
    pub pings_users: Vec<Snowflake>,
    /// The roles it pings.
    pub pings_roles: Vec<Snowflake>,
    /// Whether it pings everyone.
    pub pings_everyone: bool,
    /// The message it replies to.
    pub replies_to: Option<Snowflake>,
    /// The body of the request that made it or last edited it, as it came.
    pub request: Value,
    flags: u64,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What the bot knows it by; empty for a link.
    pub custom_id: String,
    /// Where a link goes.
    pub url: Option<String>,
    /// Whether it cannot be pressed.
    pub disabled: bool,
    /// Discord's number for its look: 1 primary, 2 secondary, 3 success, 4 danger, 5 link.
    pub style: u64,
}

/// A select menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    /// What the bot knows it by.
    pub custom_id: String,
    /// What stands in it before anything is chosen.
    pub placeholder: String,
    /// What can be chosen: labels and values.
    pub options: Vec<(String, String)>,
    /// Whether nothing can be chosen.
    pub disabled: bool,
    /// The fewest and the most that can be chosen.
    pub range: (u64, u64),
    pub(crate) kind: u64,
}

impl Message {
    pub(crate) fn new(state: &State, message: &message::Message) -> Self {
        Self {
            id: message.id,
            channel_id: message.channel,
            author_id: message.author,
            content: message.content.clone(),
            json: state.message_json(message, TextAccess::All),
            pings_users: message.mentions.users.clone(),
            pings_roles: message.mentions.roles.clone(),
            pings_everyone: message.mentions.everyone,
            replies_to: message.replies_to,
            request: message.request.clone(),
            flags: message.flags,
        }
    }

    /// Whether only one person sees it.
    #[must_use]
    pub fn is_ephemeral(&self) -> bool {
        self.flags & message::EPHEMERAL != 0
    }

    /// Whether it still says that the bot is thinking.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.flags & LOADING != 0
    }

    /// Whether it pings nobody at all.
    #[must_use]
    pub fn pings_nobody(&self) -> bool {
        self.pings_users.is_empty() && self.pings_roles.is_empty() && !self.pings_everyone
    }

    /// Its embeds.
    #[must_use]
    pub fn embeds(&self) -> &[Value] {
        self.json["embeds"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// Everything there is to read: content, then embeds, then text components, one piece a line.
    #[must_use]
    pub fn text(&self) -> String {
        let mut pieces = vec![self.content.clone()];
        for embed in self.embeds() {
            let part = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            pieces.extend([part(&embed["author"]["name"]), part(&embed["title"]), part(&embed["description"])]);
            for field in embed["fields"].as_array().into_iter().flatten() {
                pieces.extend([part(&field["name"]), part(&field["value"])]);
            }
            pieces.push(part(&embed["footer"]["text"]));
        }
        let texts = leaves(&self.json["components"]).into_iter().filter_map(|leaf| leaf["content"].as_str());
        pieces.extend(texts.map(str::to_owned));
        pieces.retain(|piece| !piece.is_empty());
        pieces.join("\n")
    }

    /// Its buttons, in order.
    #[must_use]
    pub fn buttons(&self) -> Vec<Button> {
        let buttons = leaves(&self.json["components"]).into_iter().filter(|leaf| leaf["type"] == 2);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        buttons
            .map(|leaf| Button {
                label: text(if leaf["label"].is_string() { &leaf["label"] } else { &leaf["emoji"]["name"] }),
                custom_id: text(&leaf["custom_id"]),
                url: leaf["url"].as_str().map(str::to_owned),
                disabled: leaf["disabled"] == true,
                style: leaf["style"].as_u64().unwrap_or(0),
            })
            .collect()
    }

    /// The button with this label or custom id.
    #[must_use]
    pub fn button(&self, label: &str) -> Option<Button> {
        let buttons = self.buttons();
        let exact = |button: &&Button| button.label == label || button.custom_id == label;
        buttons.iter().find(exact).cloned()
    }

    /// Its select menus, in order.
    #[must_use]
    pub fn selects(&self) -> Vec<Select> {
        let is_select = |leaf: &&Value| matches!(leaf["type"].as_u64(), Some(3 | 5..=8));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let options = |leaf: &Value| {
            let options = leaf["options"].as_array().into_iter().flatten();
            options.map(|option| (text(&option["label"]), text(&option["value"]))).collect()
        };
        leaves(&self.json["components"])
            .into_iter()
            .filter(is_select)
            .map(|leaf| Select {
                custom_id: text(&leaf["custom_id"]),
                placeholder: text(&leaf["placeholder"]),
                options: options(leaf),
                disabled: leaf["disabled"] == true,
                range: (leaf["min_values"].as_u64().unwrap_or(1), leaf["max_values"].as_u64().unwrap_or(1)),
                kind: leaf["type"].as_u64().unwrap_or(3),
            })
            .collect()
    }
}

/// All components that hold no others, in order. Accessories and labelled inputs count.
fn leaves(components: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    for component in components.as_array().into_iter().flatten() {
        match (&component["components"], &component["component"]) {
            (inner @ Value::Array(_), _) => found.extend(leaves(inner)),
            (_, input @ Value::Object(_)) => found.push(input),
            _ => found.push(component),
        }
        if component["accessory"].is_object() {
            found.push(&component["accessory"]);
        }
    }
    found
}

/// One field of a modal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What stands above it.
    pub label: String,
    /// What the bot knows it by.
    pub custom_id: String,
    /// What is in it already.
    pub value: String,
    /// What stands in it while it is empty.
    pub placeholder: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// The fewest and the most characters it takes.
    pub length: (u64, u64),
}

/// A modal as it opens.
#[derive(Debug, Clone)]
pub struct Modal {
    /// What stands above it.
    pub title: String,
    /// What the bot knows it by.
    pub custom_id: String,
    /// Its text fields, in order.
    pub fields: Vec<Field>,
    /// The modal as the bot sent it.
    pub json: Value,
    pub(crate) opened_by: Snowflake,
}

impl Modal {
    pub(crate) fn new(json: &Value, opened_by: Snowflake) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut fields = Vec::new();
        for row in json["components"].as_array().into_iter().flatten() {
            let labelled = &row["component"];
            let input = if labelled.is_object() { labelled } else { &row["components"][0] };
            if input["type"] != 4 {
                continue;
            }
            let label = if labelled.is_object() { &row["label"] } else { &input["label"] };
            fields.push(Field {
                label: text(label),
                custom_id: text(&input["custom_id"]),
                value: text(&input["value"]),
                placeholder: text(&input["placeholder"]),
                required: input["required"] != false,
                length: (input["min_length"].as_u64().unwrap_or(0), input["max_length"].as_u64().unwrap_or(4000)),
            });
        }
        let (title, custom_id) = (text(&json["title"]), text(&json["custom_id"]));
        Self { title, custom_id, fields, json: json.clone(), opened_by }
    }

    /// The field with this label or custom id.
    #[must_use]
    pub fn field(&self, label: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.label == label || field.custom_id == label)
    }
}
