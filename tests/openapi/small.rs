//! A small description of our own: the shape of Discord's, for the requests in `sent.rs`, and much shorter.

use serde_json::{Value, json};

/// The description.
pub fn description() -> Value {
    let to = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let takes = |schema: Value| {
        let content = json!({ "application/json": { "schema": schema } });
        json!({ "requestBody": { "required": true, "content": content } })
    };
    let query = |name: &str| json!({ "name": name, "in": "query" });
    let mut follow_up = takes(to("Message"));
    follow_up["parameters"] = json!([query("wait")]);
    let callbacks = json!({ "anyOf": [to("Reply"), to("Update"), to("Autocomplete"), to("Modal")] });
    let commands = json!({ "type": ["array", "null"], "items": to("Command"), "maxItems": 130 });
    let messages = "/channels/{channel_id}/messages";
    let webhook = "/webhooks/{webhook_id}/{webhook_token}";
    json!({
        "openapi": "3.1.0",
        "paths": {
            messages: {
                "post": takes(to("Message")),
                "get": { "parameters": [query("limit"), query("after")] },
            },
            format!("{messages}/{{message_id}}"): { "patch": takes(to("Message")), "delete": {} },
            format!("{messages}/{{message_id}}/reactions/{{emoji_name}}/@me"): { "put": {} },
            format!("{messages}/{{message_id}}/threads"): { "post": takes(to("Thread")) },
            "/channels/{channel_id}/typing": { "post": {} },
            "/channels/{channel_id}/threads": { "post": takes(to("Thread")) },
            "/channels/{channel_id}": { "patch": takes(to("Thread")) },
            "/interactions/{interaction_id}/{interaction_token}/callback": { "post": takes(callbacks) },
            webhook: { "post": follow_up },
            format!("{webhook}/messages/@original"): { "patch": takes(to("Message")), "delete": {} },
            format!("{webhook}/messages/{{message_id}}"): { "get": {} },
            "/applications/{application_id}/commands": { "put": takes(commands) },
            "/guilds/{guild_id}/stickers": { "post": takes_a_file() },
        },
        "components": { "schemas": schemas() },
    })
}

fn takes_a_file() -> Value {
    let form = json!({
        "type": "object",
        "properties": { "name": { "type": "string" }, "file": { "type": "string", "contentEncoding": "binary" } },
        "required": ["name", "file"],
    });
    json!({ "requestBody": { "required": true, "content": { "multipart/form-data": { "schema": form } } } })
}

fn schemas() -> Value {
    let object = |required: &[&str], properties: Value| json!({ "type": "object", "required": required, "properties": properties });
    let tagged = |kinds: &[i64], data: &Value| object(&["type"], json!({ "type": { "enum": kinds }, "data": data }));
    let message = json!({ "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Message" }] });
    let embeds = json!({
        "type": ["array", "null"], "items": { "$ref": "#/components/schemas/Embed" }, "maxItems": 10,
    });
    let nonces =
        json!([{ "type": "integer", "format": "int64" }, { "type": "string", "maxLength": 25 }, { "type": "null" }]);
    let permissions = json!({ "type": ["integer", "null", "string"], "minimum": 0, "pattern": "^[0-9]+$" });
    let modal = object(&["custom_id", "title", "components"], json!({ "title": { "type": "string" } }));
    let choices = object(&[], json!({ "choices": { "type": "array", "maxItems": 25 } }));
    json!({
        "Message": object(&[], json!({
            "content": { "type": ["string", "null"], "maxLength": 4_000 },
            "embeds": embeds,
            "components": { "type": ["array", "null"], "maxItems": 40 },
            "nonce": { "oneOf": nonces },
        })),
        "Embed": object(&[], json!({
            "title": { "type": ["string", "null"], "maxLength": 256 },
            "color": { "type": ["integer", "null"], "minimum": 0, "maximum": 0xFF_FFFF },
            "timestamp": { "type": ["string", "null"], "format": "date-time" },
        })),
        "Thread": object(&["name"], json!({ "name": { "type": "string", "minLength": 1, "maxLength": 100 } })),
        "Command": object(&["name"], json!({
            "name": { "type": "string", "minLength": 1, "maxLength": 32 },
            "default_member_permissions": permissions,
        })),
        "Reply": tagged(&[4, 5], &message),
        "Update": tagged(&[6, 7], &message),
        "Autocomplete": tagged(&[8], &choices),
        "Modal": tagged(&[9], &modal),
    })
}
