//! Rows, buttons, selects, and the layouts that replace them.

use serde_json::{Value, json};

use super::{created, edge, faults, row, text};

fn button(id: &str) -> Value {
    json!({ "type": 2, "style": 1, "label": "Answer", "custom_id": id })
}

/// A row's one select whose fields are those of `with` over a valid one.
fn select(with: Value) -> Value {
    let options = json!([{ "label": "A", "value": "a" }, { "label": "B", "value": "b" }]);
    let mut select = json!({ "type": 3, "custom_id": "s", "options": options });
    for (key, value) in with.as_object().expect("an object") {
        select[key] = value.clone();
    }
    row(json!([select]))
}

fn options(count: usize) -> Value {
    (0..count).map(|n| json!({ "label": "x", "value": n.to_string() })).collect()
}

#[test]
fn rows_and_buttons_pass_at_their_edge_and_not_past_it() {
    let rows = |n: usize| {
        let row = |n: usize| json!({ "type": 1, "components": [button(&n.to_string())] });
        json!({ "components": (0..n).map(row).collect::<Vec<_>>() })
    };
    edge(created, 5, rows, "components BASE_TYPE_MAX_LENGTH");
    let buttons = |n: usize| row((0..n).map(|n| button(&n.to_string())).collect());
    edge(created, 5, buttons, "components.0.components BASE_TYPE_BAD_LENGTH");
    edge(created, 100, |n| row(json!([button(&text(n))])), "components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH");
    let label = |n| row(json!([{ "type": 2, "style": 2, "label": text(n), "custom_id": "x" }]));
    edge(created, 80, label, "components.0.components.0.label BASE_TYPE_MAX_LENGTH");
    let style = |n| row(json!([{ "type": 2, "style": n, "label": "x", "custom_id": "x" }]));
    edge(created, 4, |n| style(if n > 4 { 7 } else { n }), "components.0.components.0.style BASE_TYPE_CHOICES");
    let url = |n: usize| {
        let url = format!("https://{}", "a".repeat(n - 8));
        row(json!([{ "type": 2, "style": 5, "label": "x", "url": url }]))
    };
    edge(created, 512, url, "components.0.components.0.url BASE_TYPE_MAX_LENGTH");
}

#[test]
fn selects_pass_at_their_edge_and_not_past_it() {
    let at = |field: &str| format!("components.0.components.0.{field}");
    edge(created, 25, |n| select(json!({ "options": options(n) })), &at("options BASE_TYPE_BAD_LENGTH"));
    edge(created, 150, |n| select(json!({ "placeholder": text(n) })), &at("placeholder BASE_TYPE_MAX_LENGTH"));
    edge(created, 100, |n| select(json!({ "custom_id": text(n) })), &at("custom_id BASE_TYPE_BAD_LENGTH"));
    for (key, code) in
        [("label", "BASE_TYPE_BAD_LENGTH"), ("value", "BASE_TYPE_BAD_LENGTH"), ("description", "BASE_TYPE_MAX_LENGTH")]
    {
        let body = |n| {
            let mut option = json!({ "label": "x", "value": "x" });
            option[key] = text(n).into();
            select(json!({ "options": [option] }))
        };
        edge(created, 100, body, &at(&format!("options.0.{key} {code}")));
    }
    let max = |n| select(json!({ "type": 5, "options": null, "max_values": n }));
    edge(created, 25, max, &at("max_values NUMBER_TYPE_MAX"));
    let min = |n| select(json!({ "min_values": n, "max_values": 2 }));
    edge(created, 2, min, &at("min_values NUMBER_TYPE_MAX"));
    let choosable = |n| select(json!({ "max_values": n }));
    edge(created, 2, choosable, &at("options BASE_TYPE_BAD_LENGTH"));
}

#[test]
fn custom_ids_differ_over_the_whole_message() {
    let rows = json!({ "components": [
        { "type": 1, "components": [button("a"), button("b")] },
        { "type": 1, "components": [{ "type": 6, "custom_id": "a" }] },
    ] });
    assert_eq!(faults(created(&rows)), ["components.1.components.0.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"]);
}

#[test]
fn a_row_holds_buttons_or_one_select() {
    let user_select = json!({ "type": 5, "custom_id": "u" });
    assert_eq!(faults(created(&row(json!([user_select])))), [""; 0]);
    for crowd in [json!([user_select, button("b")]), json!([user_select, { "type": 8, "custom_id": "c" }])] {
        assert_eq!(faults(created(&row(crowd))), ["components.0 COMPONENT_LAYOUT_WIDTH_EXCEEDED"]);
    }
    assert_eq!(faults(created(&row(json!([])))), ["components.0.components BASE_TYPE_BAD_LENGTH"]);
    assert_eq!(faults(created(&row(Value::Null))), ["components.0.components BASE_TYPE_REQUIRED"]);
    let input = json!([{ "type": 4, "custom_id": "i", "style": 1, "label": "l" }]);
    assert_eq!(faults(created(&row(input))), ["components.0.components.0 UNION_TYPE_CHOICES"]);
    assert_eq!(faults(created(&json!({ "components": [button("bare")] }))), ["components.0 UNION_TYPE_CHOICES"]);
}

#[test]
fn a_button_does_one_thing_and_says_what() {
    let at = |field: &str| vec![format!("components.0.components.0.{field}")];
    let none: Vec<String> = Vec::new();
    for (button, expected) in [
        (json!({ "style": 1, "custom_id": "x", "emoji": { "name": "🔥", "id": null } }), none.clone()),
        (json!({ "style": 5, "label": "Docs", "url": "discord://-/settings" }), none.clone()),
        (json!({ "style": 6, "sku_id": "123" }), none),
        (json!({ "label": "x", "custom_id": "x" }), at("style BASE_TYPE_REQUIRED")),
        (json!({ "style": 1, "custom_id": "x" }), at("label BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED")),
        (json!({ "style": 1, "custom_id": "x", "label": "" }), at("label BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED")),
        (json!({ "style": 1, "label": "x" }), at("custom_id BUTTON_COMPONENT_CUSTOM_ID_REQUIRED")),
        (json!({ "style": 1, "label": "x", "custom_id": "" }), at("custom_id BASE_TYPE_BAD_LENGTH")),
        (
            json!({ "style": 1, "label": "x", "custom_id": "x", "url": "https://a.b" }),
            at("url BUTTON_COMPONENT_FIELD_EXCLUSIVE"),
        ),
        (json!({ "style": 5, "label": "x" }), at("url BASE_TYPE_REQUIRED")),
        (json!({ "style": 5, "label": "x", "url": "steam://run" }), at("url URL_TYPE_INVALID_SCHEME")),
        (
            json!({ "style": 5, "label": "x", "url": "https://a.b", "custom_id": "x" }),
            at("custom_id BUTTON_COMPONENT_FIELD_EXCLUSIVE"),
        ),
        (json!({ "style": 6 }), at("sku_id BASE_TYPE_REQUIRED")),
        (json!({ "style": 6, "sku_id": "1", "label": "Buy" }), at("label BUTTON_COMPONENT_FIELD_EXCLUSIVE")),
        (json!({ "style": 1, "custom_id": "x", "emoji": {} }), at("emoji COMPONENT_INVALID_EMOJI")),
        (json!({ "style": 1, "custom_id": "x", "label": "x", "disabled": 1 }), at("disabled BOOLEAN_TYPE_CONVERT")),
    ] {
        let mut button = button;
        button["type"] = 2.into();
        assert_eq!(faults(created(&row(json!([button])))), expected, "{button}");
    }
}

#[test]
fn a_string_selects_options_are_named_and_differ() {
    let at = |field: &str| [format!("components.0.components.0.{field}")];
    let twice = json!({ "options": [{ "label": "A", "value": "a" }, { "label": "B", "value": "a" }] });
    assert_eq!(faults(created(&select(twice))), at("options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"));
    let blank = json!({ "options": [{ "label": "", "value": "a" }] });
    assert_eq!(faults(created(&select(blank))), at("options.0.label BASE_TYPE_REQUIRED"));
    assert_eq!(faults(created(&select(json!({ "options": [] })))), at("options BASE_TYPE_BAD_LENGTH"));
    assert_eq!(faults(created(&select(json!({ "options": null })))), at("options BASE_TYPE_REQUIRED"));
    assert_eq!(faults(created(&select(json!({ "custom_id": null })))), at("custom_id BASE_TYPE_REQUIRED"));
    let channels = json!({ "type": 8, "channel_types": [0, 99] });
    assert_eq!(faults(created(&select(channels))), at("channel_types.1 ENUM_TYPE_COERCE"));
}

#[test]
fn layouts_hold_forty_components_however_nested() {
    let layout = |n: usize| {
        let texts = vec![json!({ "type": 10, "content": "t" }); n - 3];
        json!({ "flags": 1 << 15, "components": [
            { "type": 17, "components": texts },
            { "type": 1, "components": [button("x")] },
        ] })
    };
    edge(created, 40, layout, "components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED");
    let wordy = |n| {
        let section =
            json!({ "type": 9, "components": [{ "type": 10, "content": text(n) }], "accessory": button("y") });
        json!({ "flags": 1 << 15, "components": [section] })
    };
    edge(created, 4_000, wordy, "components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED");
}

#[test]
fn layouts_and_legacy_fields_exclude_each_other() {
    let text = json!({ "type": 10, "content": "t" });
    let without_flag = json!({ "content": "x", "components": [text] });
    assert_eq!(faults(created(&without_flag)), ["components.0 UNION_TYPE_CHOICES"]);
    let with_content = json!({ "flags": 1 << 15, "content": "x", "components": [text] });
    let expected = ["content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"];
    assert_eq!(faults(created(&with_content)), expected);
    let container = json!({ "type": 17, "components": [text] });
    let nested = json!({ "flags": 1 << 15, "components": [{ "type": 17, "components": [container] }] });
    assert_eq!(faults(created(&nested)), ["components.0.components.0 UNION_TYPE_CHOICES"]);
    let bare = json!({ "flags": 1 << 15, "components": [{ "type": 9, "components": [text] }] });
    assert_eq!(faults(created(&bare)), ["components.0.accessory BASE_TYPE_REQUIRED"]);
    let mut twins = json!({ "flags": 1 << 15, "components": [
        { "type": 9, "components": [text], "accessory": button("z") },
        { "type": 1, "components": [button("z")] },
    ] });
    assert_eq!(faults(created(&twins)), ["components.1.components.0.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"]);
    twins["components"][1]["components"][0]["custom_id"] = "w".into();
    assert_eq!(faults(created(&twins)), [""; 0]);
}
