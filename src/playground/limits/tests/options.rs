//! Options, choices, nesting, and autocomplete answers.

use serde_json::{Value, json};

use super::{edge, faults, text};
use crate::playground::limits::{check_autocomplete, check_commands};

fn commands(options: Value) -> Value {
    json!([{ "name": "mock", "description": "Practise", "options": options }])
}

fn found(options: Value) -> Vec<String> {
    faults(check_commands(&commands(options)))
}

/// A string option with the fields of `with` over it.
fn option(name: &str, with: Value) -> Value {
    let mut option = json!({ "type": 3, "name": name, "description": "d" });
    for (key, value) in with.as_object().expect("an object") {
        option[key] = value.clone();
    }
    option
}

fn one(with: Value) -> Value {
    commands(json!([option("topic", with)]))
}

fn choices(count: usize) -> Value {
    (0..count).map(|n| json!({ "name": n.to_string(), "value": n.to_string() })).collect()
}

#[test]
fn options_pass_at_their_edge_and_not_past_it() {
    let many = |n: usize| commands((0..n).map(|n| option(&format!("o{n}"), json!({}))).collect());
    edge(check_commands, 25, many, "0.options BASE_TYPE_MAX_LENGTH");
    let named = |n: usize| commands(json!([option(&"a".repeat(n), json!({}))]));
    edge(check_commands, 32, named, "0.options.0.name BASE_TYPE_BAD_LENGTH");
    let at = |field: &str| format!("0.options.0.{field}");
    edge(check_commands, 100, |n| one(json!({ "description": text(n) })), &at("description BASE_TYPE_BAD_LENGTH"));
    edge(check_commands, 25, |n| one(json!({ "choices": choices(n) })), &at("choices BASE_TYPE_MAX_LENGTH"));
    let choice = |n| one(json!({ "choices": [{ "name": text(n), "value": "v" }] }));
    edge(check_commands, 100, choice, &at("choices.0.name BASE_TYPE_BAD_LENGTH"));
    let value = |n| one(json!({ "choices": [{ "name": "n", "value": text(n) }] }));
    edge(check_commands, 100, value, &at("choices.0.value BASE_TYPE_MAX_LENGTH"));
    edge(check_commands, 6_000, |n| one(json!({ "max_length": n })), &at("max_length NUMBER_TYPE_MAX"));
    edge(check_commands, 6_000, |n| one(json!({ "min_length": n })), &at("min_length NUMBER_TYPE_MAX"));
    edge(check_commands, 9, |n| one(json!({ "min_length": n, "max_length": 9 })), &at("min_length NUMBER_TYPE_MAX"));
    let integer = |n| one(json!({ "type": 4, "min_value": n, "max_value": 12 }));
    edge(check_commands, 12, integer, &at("min_value NUMBER_TYPE_MAX"));
    let number = |n| one(json!({ "type": 10, "min_value": n, "max_value": 2.5 }));
    edge(check_commands, 2, number, &at("min_value NUMBER_TYPE_MAX"));
    edge(
        check_commands,
        (1 << 53) - 1,
        |n| one(json!({ "type": 4, "max_value": n })),
        &at("max_value NUMBER_TYPE_MAX"),
    );
}

#[test]
fn required_options_come_first() {
    let (needed, optional) = (option("a", json!({ "required": true })), option("b", json!({})));
    assert_eq!(found(json!([needed, optional])), [""; 0]);
    assert_eq!(found(json!([optional, needed])), ["0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"]);
}

#[test]
fn option_and_choice_names_are_unique_where_they_stand() {
    let twice = json!([option("a", json!({})), option("a", json!({}))]);
    assert_eq!(found(twice), ["0.options.1.name APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"]);
    let elsewhere = json!([
        { "type": 1, "name": "start", "description": "d", "options": [option("a", json!({}))] },
        { "type": 1, "name": "end", "description": "d", "options": [option("a", json!({}))] },
    ]);
    assert_eq!(found(elsewhere), [""; 0]);
    let choices = json!([{ "name": "x", "value": "1" }, { "name": "x", "value": "1" }]);
    let expected = [
        "0.options.0.choices.1.name APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS",
        "0.options.0.choices.1.value APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_ALREADY_EXISTS",
    ];
    assert_eq!(faults(check_commands(&one(json!({ "choices": choices })))), expected);
}

#[test]
fn choices_and_autocomplete_exclude_each_other_and_need_a_text_or_a_number() {
    let at = |field: &str| [format!("0.options.0.{field}")];
    let judged = |with: Value| faults(check_commands(&one(with)));
    assert_eq!(judged(json!({ "autocomplete": true, "choices": [] })), [""; 0]);
    let both = json!({ "autocomplete": true, "choices": choices(1) });
    assert_eq!(judged(both), at("autocomplete APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID"));
    let role = json!({ "type": 8, "autocomplete": true });
    assert_eq!(judged(role), at("autocomplete APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID"));
    let listed = json!({ "type": 8, "choices": choices(1) });
    assert_eq!(judged(listed), at("choices APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID"));
}

#[test]
fn a_choices_value_is_of_its_options_type() {
    let judged = |kind: i64, value: Value| {
        faults(check_commands(&one(json!({ "type": kind, "choices": [{ "name": "n", "value": value }] }))))
    };
    for (kind, value) in [(3, json!("v")), (3, json!("")), (4, json!(-7)), (10, json!(1.5))] {
        assert_eq!(judged(kind, value), [""; 0]);
    }
    assert_eq!(judged(3, json!(1)), ["0.options.0.choices.0.value STRING_TYPE_CONVERT"]);
    assert_eq!(judged(4, json!("1")), ["0.options.0.choices.0.value NUMBER_TYPE_COERCE"]);
    assert_eq!(judged(4, json!(1.5)), ["0.options.0.choices.0.value NUMBER_TYPE_COERCE"]);
    assert_eq!(judged(10, json!("1.5")), ["0.options.0.choices.0.value NUMBER_TYPE_COERCE"]);
    assert_eq!(judged(3, Value::Null), ["0.options.0.choices.0.value BASE_TYPE_REQUIRED"]);
}

#[test]
fn subcommands_nest_one_group_deep_and_never_beside_values() {
    let sub = |name: &str, options: Value| json!({ "type": 1, "name": name, "description": "d", "options": options });
    let group = |options: Value| json!({ "type": 2, "name": "g", "description": "d", "options": options });
    assert_eq!(found(json!([sub("a", json!([option("x", json!({}))])), group(json!([sub("b", json!([]))]))])), [""; 0]);
    let invalid = |path: &str| [format!("0.options.{path} APPLICATION_COMMAND_OPTIONS_TYPE_INVALID")];
    assert_eq!(found(json!([option("x", json!({})), sub("a", json!([]))])), invalid("1"));
    assert_eq!(found(json!([sub("a", json!([])), option("x", json!({}))])), invalid("1"));
    assert_eq!(found(json!([sub("a", json!([sub("b", json!([]))]))])), invalid("0.options.0"));
    assert_eq!(found(json!([group(json!([group(json!([]))]))])), invalid("0.options.0"));
    assert_eq!(found(json!([group(json!([option("x", json!({}))]))])), invalid("0.options.0"));
    let deep = json!([group(json!([sub("b", json!([option("Bad Name", json!({}))]))]))]);
    assert_eq!(found(deep), ["0.options.0.options.0.options.0.name APPLICATION_COMMAND_INVALID_NAME"]);
}

#[test]
fn an_option_has_a_name_a_description_and_a_known_type() {
    let expected = [
        "0.options.0.description BASE_TYPE_REQUIRED",
        "0.options.0.name BASE_TYPE_REQUIRED",
        "0.options.0.type BASE_TYPE_REQUIRED",
    ];
    assert_eq!(found(json!([{}])), expected);
    assert_eq!(found(json!([option("x", json!({ "type": 12 }))])), ["0.options.0.type BASE_TYPE_CHOICES"]);
    let translated = json!({ "name_localizations": { "xx": "x" } });
    assert_eq!(found(json!([option("x", translated)])), ["0.options.0.name_localizations.xx ENUM_TYPE_COERCE"]);
    let twice = json!({ "type": 7, "channel_types": [0, 0] });
    let expected = ["0.options.0.channel_types SET_TYPE_ALREADY_CONTAINS_VALUE"];
    assert_eq!(found(json!([option("x", twice)])), expected);
    let channels = json!({ "type": 7, "channel_types": [0, 15, 99] });
    assert_eq!(found(json!([option("x", channels)])), ["0.options.0.channel_types.2 ENUM_TYPE_COERCE"]);
}

#[test]
fn an_autocomplete_answer_holds_twenty_five_choices() {
    edge(check_autocomplete, 25, |n| json!({ "choices": choices(n) }), "choices BASE_TYPE_MAX_LENGTH");
    let name = |n| json!({ "choices": [{ "name": text(n), "value": "v" }] });
    edge(check_autocomplete, 100, name, "choices.0.name BASE_TYPE_BAD_LENGTH");
    let value = |n| json!({ "choices": [{ "name": "n", "value": text(n) }] });
    edge(check_autocomplete, 100, value, "choices.0.value BASE_TYPE_MAX_LENGTH");
    assert_eq!(faults(check_autocomplete(&json!({ "choices": [] }))), [""; 0]);
    assert_eq!(faults(check_autocomplete(&json!({ "choices": [{ "name": "n", "value": 2.5 }] }))), [""; 0]);
    assert_eq!(faults(check_autocomplete(&json!({}))), ["choices BASE_TYPE_REQUIRED"]);
    let nothing = json!({ "choices": [{ "name": "" }] });
    let expected = ["choices.0.name BASE_TYPE_REQUIRED", "choices.0.value BASE_TYPE_REQUIRED"];
    assert_eq!(faults(check_autocomplete(&nothing)), expected);
}
