//! Content, mentions, nonces, references, and what counts as empty.

use serde_json::{Value, json};

use super::{created, edge, faults, text};
use crate::playground::limits::{MessageKind, check_message};

#[test]
fn message_texts_and_lists_pass_at_their_edge_and_not_past_it() {
    edge(created, 2_000, |n| json!({ "content": text(n) }), "content BASE_TYPE_MAX_LENGTH");
    edge(created, 25, |n| json!({ "content": "x", "nonce": text(n) }), "nonce BASE_TYPE_MAX_LENGTH");
    edge(created, 3, |n| json!({ "sticker_ids": vec!["7"; n] }), "sticker_ids BASE_TYPE_MAX_LENGTH");
    edge(created, 10, |n| json!({ "attachments": vec![json!({ "id": 0 }); n] }), "attachments BASE_TYPE_MAX_LENGTH");
    let described = |n| json!({ "attachments": [{ "id": 0, "description": text(n) }] });
    edge(created, 1_024, described, "attachments.0.description BASE_TYPE_MAX_LENGTH");
    for key in ["users", "roles"] {
        let ids = |n: usize| (0..n).map(|n| n.to_string()).collect::<Vec<_>>();
        let body = |n| json!({ "content": "x", "allowed_mentions": { key: ids(n) } });
        edge(created, 100, body, &format!("allowed_mentions.{key} BASE_TYPE_MAX_LENGTH"));
    }
}

#[test]
fn content_is_counted_in_code_points_whatever_the_script() {
    for unit in ["a", "é", "ש", "م", "漢", "🦀", "\u{200f}", "*", "\r", "@"] {
        assert_eq!(faults(created(&json!({ "content": format!(".{}.", unit.repeat(1_998)) }))), [""; 0], "{unit:?}");
        let over = json!({ "content": format!(".{}.", unit.repeat(1_999)) });
        assert_eq!(faults(created(&over)), ["content BASE_TYPE_MAX_LENGTH"], "{unit:?}");
    }
    let family = "👩‍👩‍👧‍👦";
    assert_eq!(family.chars().count(), 7, "one picture, seven code points");
    assert_eq!(faults(created(&json!({ "content": family.repeat(285) }))), [""; 0]);
    assert_eq!(faults(created(&json!({ "content": family.repeat(286) }))), ["content BASE_TYPE_MAX_LENGTH"]);
}

#[test]
fn a_new_message_needs_something_to_show() {
    for body in [
        json!({}),
        json!({ "content": null, "embeds": null, "components": [] }),
        json!({ "content": "" }),
        json!({ "content": " \r\n\t " }),
        json!({ "embeds": [], "attachments": [], "sticker_ids": [], "poll": null }),
        json!({ "nonce": "1", "flags": 64, "message_reference": { "message_id": "1" } }),
    ] {
        for kind in [MessageKind::Create, MessageKind::InteractionReply] {
            assert_eq!(faults(check_message(&body, kind)), ["50006"], "{body}");
        }
    }
}

#[test]
fn any_one_thing_to_show_is_enough() {
    let button = json!({ "type": 2, "style": 1, "label": "x", "custom_id": "x" });
    for body in [
        json!({ "content": "@everyone **bold** \u{202e}rtl" }),
        json!({ "content": null, "embeds": [{ "description": "d" }] }),
        json!({ "attachments": [{ "id": "0" }] }),
        json!({ "sticker_ids": ["1"] }),
        json!({ "poll": { "question": { "text": "?" } } }),
        json!({ "components": [{ "type": 1, "components": [button] }] }),
        json!({ "message_reference": { "type": 1, "message_id": "1", "channel_id": "2" } }),
    ] {
        assert_eq!(faults(created(&body)), [""; 0], "{body}");
    }
}

#[test]
fn an_edit_may_be_empty_but_what_it_carries_is_judged() {
    let edited = |body: Value| faults(check_message(&body, MessageKind::Edit));
    assert_eq!(edited(json!({})), [""; 0]);
    assert_eq!(edited(json!({ "content": "", "components": [] })), [""; 0]);
    assert_eq!(edited(json!({ "content": text(2_001) })), ["content BASE_TYPE_MAX_LENGTH"]);
}

#[test]
fn a_form_fault_is_reported_before_emptiness() {
    assert_eq!(faults(created(&json!({ "content": "", "tts": 1 }))), ["tts BOOLEAN_TYPE_CONVERT"]);
}

#[test]
fn a_body_that_is_no_object_is_refused_at_its_root() {
    for body in [json!([]), json!("hello"), json!(7)] {
        assert_eq!(faults(created(&body)), [" MODEL_TYPE_CONVERT"], "{body}");
    }
    assert_eq!(faults(created(&Value::Null)), [" BASE_TYPE_REQUIRED"]);
}

#[test]
fn fields_of_the_wrong_type_are_refused_where_they_stand() {
    for (key, value, code) in [
        ("content", json!(5), "STRING_TYPE_CONVERT"),
        ("content", json!({}), "STRING_TYPE_CONVERT"),
        ("embeds", json!({}), "LIST_TYPE_CONVERT"),
        ("components", json!("none"), "LIST_TYPE_CONVERT"),
        ("flags", json!("64"), "NUMBER_TYPE_COERCE"),
        ("flags", json!(-1), "NUMBER_TYPE_MIN"),
        ("nonce", json!(1.5), "NUMBER_TYPE_COERCE"),
        ("nonce", json!(u64::MAX), "NUMBER_TYPE_COERCE"),
        ("nonce", json!(true), "STRING_TYPE_CONVERT"),
        ("enforce_nonce", json!("true"), "BOOLEAN_TYPE_CONVERT"),
        ("allowed_mentions", json!([]), "MODEL_TYPE_CONVERT"),
        ("message_reference", json!("1"), "MODEL_TYPE_CONVERT"),
    ] {
        let mut body = json!({ "content": "x", "attachments": [{ "id": "0" }] });
        body[key] = value;
        assert_eq!(faults(created(&body)), [format!("{key} {code}")], "{body}");
    }
}

#[test]
fn a_nonce_may_be_a_number_or_null() {
    for nonce in [json!(i64::MAX), json!(-3), json!(null), json!("drop-1")] {
        assert_eq!(faults(created(&json!({ "content": "x", "nonce": nonce, "enforce_nonce": true }))), [""; 0]);
    }
}

#[test]
fn mentions_are_of_known_kinds_and_never_both_parsed_and_listed() {
    let mentioned = |mentions: Value| faults(created(&json!({ "content": "x", "allowed_mentions": mentions })));
    assert_eq!(mentioned(json!({ "parse": [] })), [""; 0]);
    assert_eq!(mentioned(json!({ "parse": ["everyone", "roles", "users"], "replied_user": false })), [""; 0]);
    assert_eq!(mentioned(json!({ "parse": ["users"], "users": [], "roles": ["1"] })), [""; 0]);
    assert_eq!(mentioned(json!({ "parse": ["here"] })), ["allowed_mentions.parse.0 BASE_TYPE_CHOICES"]);
    for key in ["users", "roles"] {
        let both = json!({ "parse": [key], key: ["1"] });
        assert_eq!(mentioned(both), ["allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"]);
    }
    for (key, value) in [("parse", "users"), ("users", "1"), ("roles", "1")] {
        let twice = json!({ key: [value, value] });
        assert_eq!(mentioned(twice), [format!("allowed_mentions.{key} SET_TYPE_ALREADY_CONTAINS_VALUE")]);
    }
    assert_eq!(mentioned(json!({ "users": ["<@1>"] })), ["allowed_mentions.users.0 NUMBER_TYPE_COERCE"]);
}

#[test]
fn a_reference_names_a_message_and_a_forward_also_its_channel() {
    let referring = |reference: Value| faults(created(&json!({ "content": "x", "message_reference": reference })));
    assert_eq!(referring(json!({ "message_id": "1", "fail_if_not_exists": false })), [""; 0]);
    assert_eq!(referring(json!({ "message_id": 1, "channel_id": 2, "guild_id": "3", "type": 0 })), [""; 0]);
    assert_eq!(referring(json!({})), ["message_reference.message_id BASE_TYPE_REQUIRED"]);
    assert_eq!(referring(json!({ "message_id": "one" })), ["message_reference.message_id NUMBER_TYPE_COERCE"]);
    let forward = json!({ "message_id": "1", "type": 1 });
    assert_eq!(referring(forward), ["message_reference.channel_id BASE_TYPE_REQUIRED"]);
    assert_eq!(referring(json!({ "message_id": "1", "type": 2 })), ["message_reference.type ENUM_TYPE_COERCE"]);
}
