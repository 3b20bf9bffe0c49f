//! The parts of a message that are neither embeds nor components, and whether anything would be shown.

use serde_json::Value;

use super::MessageKind;
use super::form::Field;
use super::{components, embeds, layout};

/// The flag that replaces content and embeds by layout components.
const IS_COMPONENTS_V2: i64 = 1 << 15;

/// Records what is wrong with a message.
pub(super) fn check(message: &Field, kind: MessageKind) {
    if !message.is_object() {
        return;
    }
    let flags = message.get("flags").integer(0..=i64::MAX).unwrap_or(0);
    message.get("content").text(0..=2_000);
    message.get("tts").boolean();
    embeds::check(&message.get("embeds"));
    for attachment in message.get("attachments").items(0..=10) {
        if attachment.is_object() {
            attachment.get("id").required().snowflake();
            attachment.get("description").text(0..=1_024);
        }
    }
    for sticker in message.get("sticker_ids").items(0..=3) {
        sticker.snowflake();
    }
    check_allowed_mentions(&message.get("allowed_mentions"));
    if kind == MessageKind::Create {
        check_nonce(message);
        check_reference(&message.get("message_reference"));
    }
    if flags & IS_COMPONENTS_V2 != 0 {
        refuse_legacy_fields(message);
        layout::check(&message.get("components"));
    } else {
        components::check(&message.get("components"));
    }
}

fn refuse_legacy_fields(message: &Field) {
    for key in ["content", "embeds", "sticker_ids", "poll"] {
        let field = message.get(key);
        if field.value().is_some_and(has_something) {
            let text = format!("The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2");
            field.fault("MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text);
        }
    }
}

fn check_nonce(message: &Field) {
    let nonce = message.get("nonce");
    if nonce.value().is_some_and(Value::is_number) {
        nonce.integer(i64::MIN..=i64::MAX);
    } else {
        nonce.text(0..=25);
    }
    message.get("enforce_nonce").boolean();
}

fn check_reference(reference: &Field) {
    if reference.object().is_none() {
        return;
    }
    let kind = reference.get("type").enumeration(&[0, 1]);
    reference.get("message_id").required().snowflake();
    let channel = reference.get("channel_id");
    // A reply is looked for in the channel it is posted to; a forward has to say where it comes from.
    if kind == Some(1) {
        channel.required().snowflake()
    } else {
        channel.snowflake()
    }
    reference.get("guild_id").snowflake();
    reference.get("fail_if_not_exists").boolean();
}

fn check_allowed_mentions(mentions: &Field) {
    if mentions.object().is_none() {
        return;
    }
    let mut parsed = Vec::new();
    let kinds = mentions.get("parse").items(0..=3);
    mentions.get("parse").check_distinct(&kinds);
    for kind in kinds {
        match kind.string() {
            Some(name @ ("everyone" | "roles" | "users")) => parsed.push(name),
            _ => kind.fault("BASE_TYPE_CHOICES", "Value must be one of ('everyone', 'roles', 'users')."),
        }
    }
    for key in ["users", "roles"] {
        let ids = mentions.get(key).items(0..=100);
        mentions.get(key).check_distinct(&ids);
        if parsed.contains(&key) && !ids.is_empty() {
            let text = format!("parse:[\"{key}\"] and {key}: [ids...] are mutually exclusive.");
            mentions.fault("MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", text);
        }
        for id in ids {
            id.required().snowflake();
        }
    }
    mentions.get("replied_user").boolean();
}

/// Whether a new message would show nothing. White space is nothing: Discord trims it.
pub(super) fn is_empty(message: &Value) -> bool {
    let shown = ["content", "embeds", "components", "attachments", "sticker_ids", "poll"];
    let forwards = message.pointer("/message_reference/type").and_then(Value::as_i64) == Some(1);
    !forwards && !shown.iter().any(|key| message.get(key).is_some_and(has_something))
}

fn has_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}
