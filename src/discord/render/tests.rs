//! What people see, word for word, with awkward content: long, right-to-left, Markdown, mentions. That everything stays
//! within Discord's limits is proved in `tests/cards.rs`.

mod moderators;
mod people;
mod samples;

use serde_json::Value;
use serenity::all::{CreateInteractionResponseMessage, CreateModal};

use super::Card;

/// A card as its reader meets it: text, embeds, then the buttons with what they mean.
fn shown(card: Card) -> String {
    let private = if card.is_private() { "(for one person)\n" } else { "" };
    let message = serde_json::to_value(CreateInteractionResponseMessage::from(card)).unwrap();
    assert_eq!(message["allowed_mentions"]["parse"], serde_json::json!([]), "a card pings nobody");
    let mut lines = vec![format!("{private}{}", text(&message["content"]))];
    for embed in message["embeds"].as_array().into_iter().flatten() {
        lines.push(format!("┌ {}", text(&embed["title"])));
        lines.push(text(&embed["description"]).to_owned());
        for field in embed["fields"].as_array().into_iter().flatten() {
            lines.push(format!("├ {}\n{}", text(&field["name"]), text(&field["value"])));
        }
        lines.push(format!("└ {}", text(&embed["footer"]["text"])));
    }
    for button in message["components"].as_array().into_iter().flatten().flat_map(|row| row["components"].as_array()) {
        lines.extend(button.iter().map(|b| format!("[{}] {}", text(&b["label"]), text(&b["custom_id"]))));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// A form as its reader meets it.
fn opened(form: CreateModal) -> String {
    let form = serde_json::to_value(form).unwrap();
    let input = &form["components"][0]["components"][0];
    let (label, grey) = (text(&input["label"]), text(&input["placeholder"]));
    format!("{} {}\n{label} ({} at most)\n{grey}", text(&form["title"]), text(&form["custom_id"]), input["max_length"])
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
