//! Modals with rows, and with labels.

use serde_json::{Value, json};

use super::{edge, faults, text};
use crate::playground::limits::check_modal;

/// A valid text input with the fields of `with` over it.
fn input(with: Value) -> Value {
    let mut input = json!({ "type": 4, "custom_id": "answer", "style": 2, "label": "Answer" });
    for (key, value) in with.as_object().expect("an object") {
        input[key] = value.clone();
    }
    input
}

fn modal(components: Value) -> Value {
    json!({ "custom_id": "a:1:7", "title": "Your answer", "components": components })
}

fn in_row(input: Value) -> Value {
    json!({ "type": 1, "components": [input] })
}

fn one(with: Value) -> Value {
    modal(json!([in_row(input(with))]))
}

#[test]
fn modals_pass_at_their_edge_and_not_past_it() {
    let with = |key: &str, n: usize| {
        let mut body = one(json!({}));
        body[key] = text(n).into();
        body
    };
    edge(check_modal, 100, |n| with("custom_id", n), "custom_id BASE_TYPE_BAD_LENGTH");
    edge(check_modal, 45, |n| with("title", n), "title BASE_TYPE_BAD_LENGTH");
    let rows = |n: usize| modal((0..n).map(|n| in_row(input(json!({ "custom_id": n.to_string() })))).collect());
    edge(check_modal, 5, rows, "components BASE_TYPE_BAD_LENGTH");
    let at = |field: &str| format!("components.0.components.0.{field}");
    edge(check_modal, 100, |n| one(json!({ "custom_id": text(n) })), &at("custom_id BASE_TYPE_BAD_LENGTH"));
    edge(check_modal, 45, |n| one(json!({ "label": text(n) })), &at("label BASE_TYPE_BAD_LENGTH"));
    edge(check_modal, 100, |n| one(json!({ "placeholder": text(n) })), &at("placeholder BASE_TYPE_MAX_LENGTH"));
    edge(check_modal, 4_000, |n| one(json!({ "value": text(n) })), &at("value BASE_TYPE_MAX_LENGTH"));
    edge(check_modal, 10, |n| one(json!({ "max_length": 10, "value": text(n) })), &at("value BASE_TYPE_MAX_LENGTH"));
    edge(check_modal, 4_000, |n| one(json!({ "max_length": n })), &at("max_length NUMBER_TYPE_MAX"));
    edge(check_modal, 4_000, |n| one(json!({ "min_length": n })), &at("min_length NUMBER_TYPE_MAX"));
    edge(check_modal, 30, |n| one(json!({ "min_length": n, "max_length": 30 })), &at("min_length NUMBER_TYPE_MAX"));
    edge(check_modal, 2, |n| one(json!({ "style": n })), &at("style BASE_TYPE_CHOICES"));
}

#[test]
fn a_text_inputs_fields_are_needed_and_well_formed() {
    let at = |field: &str| [format!("components.0.components.0.{field}")];
    for (with, fault) in [
        (json!({ "custom_id": null }), "custom_id BASE_TYPE_REQUIRED"),
        (json!({ "label": "" }), "label BASE_TYPE_REQUIRED"),
        (json!({ "style": null }), "style BASE_TYPE_REQUIRED"),
        (json!({ "style": 0 }), "style BASE_TYPE_CHOICES"),
        (json!({ "max_length": 0 }), "max_length NUMBER_TYPE_MIN"),
        (json!({ "min_length": -1 }), "min_length NUMBER_TYPE_MIN"),
        (json!({ "required": "no" }), "required BOOLEAN_TYPE_CONVERT"),
    ] {
        let found = faults(check_modal(&one(with.clone())));
        assert!(found.contains(&at(fault)[0]), "{with}: {found:?}");
    }
    assert_eq!(faults(check_modal(&one(json!({ "value": "", "placeholder": null, "required": false })))), [""; 0]);
}

#[test]
fn a_modal_needs_a_title_an_id_and_something_to_fill_in() {
    let expected = ["components BASE_TYPE_REQUIRED", "custom_id BASE_TYPE_REQUIRED", "title BASE_TYPE_REQUIRED"];
    assert_eq!(faults(check_modal(&json!({}))), expected);
    assert_eq!(faults(check_modal(&modal(json!([])))), ["components BASE_TYPE_BAD_LENGTH"]);
    assert_eq!(faults(check_modal(&Value::Null)), [" BASE_TYPE_REQUIRED"]);
}

#[test]
fn a_row_holds_exactly_one_text_input() {
    let two = json!([{ "type": 1, "components": [input(json!({})), input(json!({ "custom_id": "b" }))] }]);
    assert_eq!(faults(check_modal(&modal(two))), ["components.0.components BASE_TYPE_BAD_LENGTH"]);
    let button = json!([in_row(json!({ "type": 2, "style": 1, "label": "x", "custom_id": "x" }))]);
    assert_eq!(faults(check_modal(&modal(button))), ["components.0.components.0 UNION_TYPE_CHOICES"]);
    assert_eq!(faults(check_modal(&modal(json!([input(json!({}))])))), ["components.0 UNION_TYPE_CHOICES"]);
}

#[test]
fn custom_ids_differ_over_rows_and_labels() {
    let label = json!({ "type": 18, "label": "Again", "component": input(json!({ "label": null })) });
    let body = modal(json!([in_row(input(json!({}))), label]));
    assert_eq!(faults(check_modal(&body)), ["components.1.component.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"]);
}

#[test]
fn a_label_wraps_a_text_input_or_a_select() {
    let label = |component: Value| modal(json!([{ "type": 18, "label": "Level", "component": component }]));
    let choose = json!({ "type": 3, "custom_id": "s", "required": false, "options": [{ "label": "A", "value": "a" }] });
    assert_eq!(faults(check_modal(&label(choose))), [""; 0]);
    assert_eq!(faults(check_modal(&label(json!({ "type": 4, "custom_id": "t", "style": 1 })))), [""; 0]);
    let without_options = json!({ "type": 3, "custom_id": "s" });
    assert_eq!(faults(check_modal(&label(without_options))), ["components.0.component.options BASE_TYPE_REQUIRED"]);
    assert_eq!(faults(check_modal(&label(json!({ "type": 2 })))), ["components.0.component UNION_TYPE_CHOICES"]);
    assert_eq!(faults(check_modal(&label(Value::Null))), ["components.0.component BASE_TYPE_REQUIRED"]);
    let described = |n| {
        let component = input(json!({ "label": null }));
        modal(json!([{ "type": 18, "label": "L", "description": text(n), "component": component }]))
    };
    edge(check_modal, 100, described, "components.0.description BASE_TYPE_BAD_LENGTH");
}
