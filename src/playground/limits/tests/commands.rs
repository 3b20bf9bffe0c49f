//! Commands: names, descriptions, settings, counts, size.

use serde_json::{Value, json};

use super::{edge, faults, text};
use crate::playground::limits::check_commands;

/// A valid chat-input command with the fields of `with` over it.
fn command(with: Value) -> Value {
    let mut command = json!({ "name": "mock", "description": "Practise an interview" });
    for (key, value) in with.as_object().expect("an object") {
        command[key] = value.clone();
    }
    command
}

fn found(with: Value) -> Vec<String> {
    faults(check_commands(&json!([command(with)])))
}

fn letters(length: usize) -> String {
    "aשé漢".chars().cycle().take(length).collect()
}

#[test]
fn command_texts_pass_at_their_edge_and_not_past_it() {
    let body = |with: Value| json!([command(with)]);
    edge(check_commands, 32, |n| body(json!({ "name": letters(n) })), "0.name BASE_TYPE_BAD_LENGTH");
    edge(check_commands, 100, |n| body(json!({ "description": text(n) })), "0.description BASE_TYPE_BAD_LENGTH");
    let translated = |n| body(json!({ "description_localizations": { "fr": text(n) } }));
    edge(check_commands, 100, translated, "0.description_localizations.fr BASE_TYPE_BAD_LENGTH");
    let named = |n| body(json!({ "name_localizations": { "he": letters(n) } }));
    edge(check_commands, 32, named, "0.name_localizations.he BASE_TYPE_BAD_LENGTH");
    let menu = |n| json!([{ "type": 3, "name": text(n) }]);
    edge(check_commands, 32, menu, "0.name BASE_TYPE_BAD_LENGTH");
}

#[test]
fn discord_keeps_a_hundred_chat_commands_and_five_of_each_menu() {
    let chat = |n: usize| (0..n).map(|n| command(json!({ "name": format!("c{n}") }))).collect();
    edge(check_commands, 100, chat, "30032");
    for kind in [2, 3] {
        let menu = |n: usize| (0..n).map(|n| json!({ "type": kind, "name": format!("Menu {n}") })).collect();
        edge(check_commands, 5, menu, "30032");
    }
    assert_eq!(faults(check_commands(&json!([]))), [""; 0]);
}

#[test]
fn chat_command_names_are_lower_case_words() {
    for good in ["mock", "mock-start", "mock_start", "ça", "don't", "质问", "प्रश्न", "คำถาม", "שאלה", "4x4"]
    {
        assert_eq!(found(json!({ "name": good })), [""; 0], "{good}");
    }
    for bad in ["Mock", "mock start", "mock.start", "mock🦀", "@everyone", "a\r\nb", "ÉTÉ", "/mock"] {
        assert_eq!(found(json!({ "name": bad })), ["0.name APPLICATION_COMMAND_INVALID_NAME"], "{bad}");
    }
    assert_eq!(found(json!({ "name": "" })), ["0.name BASE_TYPE_REQUIRED"]);
    assert_eq!(found(json!({ "name": null })), ["0.name BASE_TYPE_REQUIRED"]);
    let translated = json!({ "name_localizations": { "de": "Übung" } });
    assert_eq!(found(translated), ["0.name_localizations.de APPLICATION_COMMAND_INVALID_NAME"]);
}

#[test]
fn names_are_unique_within_a_type() {
    let menu = json!({ "type": 3, "name": "mock" });
    let differs = json!([command(json!({})), menu]);
    assert_eq!(faults(check_commands(&differs)), [""; 0]);
    let twice = json!([command(json!({})), menu, command(json!({ "type": 1 }))]);
    assert_eq!(faults(check_commands(&twice)), ["2 APPLICATION_COMMANDS_DUPLICATE_NAME"]);
}

#[test]
fn menu_commands_have_a_name_and_nothing_else_to_read() {
    assert_eq!(faults(check_commands(&json!([{ "type": 2, "name": "Grade This", "description": "" }]))), [""; 0]);
    let wordy = json!([{ "type": 2, "name": "Grade", "description": "d", "options": [{}] }]);
    let expected = [
        "0.description APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_EMPTY",
        "0.options APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_NOT_EMPTY",
    ];
    assert_eq!(faults(check_commands(&wordy)), expected);
}

#[test]
fn settings_are_judged_one_by_one() {
    let none: [&str; 0] = [];
    for (with, expected) in [
        (json!({ "default_member_permissions": "32", "contexts": [0, 1, 2], "integration_types": [0, 1] }), &none[..]),
        (json!({ "default_member_permissions": 32, "dm_permission": false, "nsfw": null }), &none),
        (json!({ "default_member_permissions": null, "name_localizations": null, "options": null }), &none),
        (json!({ "default_member_permissions": "manage" }), &["0.default_member_permissions NUMBER_TYPE_COERCE"]),
        (json!({ "default_member_permissions": "" }), &["0.default_member_permissions NUMBER_TYPE_COERCE"]),
        (json!({ "default_member_permissions": -1 }), &["0.default_member_permissions NUMBER_TYPE_COERCE"]),
        (json!({ "dm_permission": "no" }), &["0.dm_permission BOOLEAN_TYPE_CONVERT"]),
        (json!({ "contexts": [3] }), &["0.contexts.0 ENUM_TYPE_COERCE"]),
        (json!({ "contexts": [1, 1] }), &["0.contexts SET_TYPE_ALREADY_CONTAINS_VALUE"]),
        (json!({ "contexts": [] }), &["0.contexts BASE_TYPE_BAD_LENGTH"]),
        (json!({ "integration_types": [0, 2] }), &["0.integration_types.1 ENUM_TYPE_COERCE"]),
        (json!({ "name_localizations": { "en": "mock" } }), &["0.name_localizations.en ENUM_TYPE_COERCE"]),
        (json!({ "type": 9 }), &["0.type ENUM_TYPE_COERCE"]),
        (json!({ "description": "" }), &["0.description BASE_TYPE_REQUIRED"]),
    ] {
        assert_eq!(found(with.clone()), expected, "{with}");
    }
}

#[test]
fn a_command_is_at_most_eight_thousand_code_points_with_the_longest_translation_counted() {
    // Each option weighs 2 + 1 + 25 × (3 + 97) = 2,503; three of them and "mock" are 7,513.
    let option = |n: usize| {
        let choice = |k: usize| json!({ "name": format!("{k:03}"), "value": format!("{k:03}{}", text(94)) });
        let choices: Vec<Value> = (0..25).map(choice).collect();
        json!({ "type": 3, "name": format!("o{n}"), "description": "d", "choices": choices })
    };
    // Four more of 4 + 96 make 7,913, which leaves 87 for the command's longest description.
    let pad = |n: usize| json!({ "type": 5, "name": format!("pad{n}"), "description": text(96) });
    let body = |translated: usize| {
        let options: Vec<Value> = (0..3).map(option).chain((0..4).map(pad)).collect();
        let description = json!({ "ja": text(translated), "fr": "court" });
        json!([command(json!({ "options": options, "description": "d", "description_localizations": description }))])
    };
    edge(check_commands, 87, body, "0 APPLICATION_COMMAND_TOO_LARGE");
}

#[test]
fn a_body_that_is_no_list_is_refused() {
    assert_eq!(faults(check_commands(&json!({}))), [" LIST_TYPE_CONVERT"]);
    assert_eq!(faults(check_commands(&Value::Null)), [" BASE_TYPE_REQUIRED"]);
    assert_eq!(faults(check_commands(&json!([null, "mock"]))), ["0 BASE_TYPE_REQUIRED", "1 MODEL_TYPE_CONVERT"]);
}
