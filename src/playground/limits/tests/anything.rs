//! Any JSON at all gets an answer.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{created, faults};
use crate::playground::limits::{
    MessageKind, check_autocomplete, check_commands, check_message, check_modal, check_thread,
};

/// JSON that often looks like a body, because its keys are those the checks read.
fn bodies() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "_errors",
        "accessory",
        "allowed_mentions",
        "author",
        "choices",
        "component",
        "components",
        "content",
        "custom_id",
        "description",
        "embeds",
        "emoji",
        "fields",
        "flags",
        "footer",
        "label",
        "max_values",
        "message",
        "name",
        "name_localizations",
        "options",
        "parse",
        "style",
        "timestamp",
        "title",
        "type",
        "url",
        "users",
        "value",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0_i64..20).prop_map(Value::from),
        Just(json!(1 << 15)),
        ".{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..8).prop_map(|members| {
                Value::from(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_stops_a_check_and_every_refusal_says_something(body in bodies()) {
        for result in [
            check_message(&body, MessageKind::Create),
            check_message(&body, MessageKind::Edit),
            check_message(&body, MessageKind::InteractionReply),
            check_modal(&body),
            check_commands(&body),
            check_thread(&body),
            check_autocomplete(&body),
        ] {
            prop_assert!(result.is_ok() || !faults(result).is_empty());
        }
    }

    #[test]
    fn content_is_refused_exactly_when_it_is_blank_or_past_two_thousand_code_points(
        text in "\\PC{0,40}",
        times in 1_usize..100,
    ) {
        let content = text.repeat(times);
        let fits = content.chars().count() <= 2_000 && !content.trim().is_empty();
        prop_assert_eq!(created(&json!({ "content": content })).is_ok(), fits);
    }
}
