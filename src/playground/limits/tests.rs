//! Every limit at its edge, and one step past it. The tables name the faults expected, all of them.

use serde_json::{Value, json};

use super::{MessageKind, check_message};
use crate::playground::refusal::Refusal;

mod anything;
mod commands;
mod components;
mod embeds;
mod message;
mod modal;
mod options;
mod threads;

/// The faults of a refusal as `path CODE`, sorted; a refusal without a form is its numeric code.
fn faults(result: Result<(), Refusal>) -> Vec<String> {
    let Err(refusal) = result else { return Vec::new() };
    assert_eq!(refusal.status, 400);
    let Some(errors) = refusal.errors else { return vec![refusal.code.to_string()] };
    assert_eq!((refusal.code, refusal.message.as_str()), (50035, "Invalid Form Body"));
    let mut found = Vec::new();
    collect(&errors, "", &mut found);
    found.sort();
    found
}

fn collect(errors: &Value, path: &str, found: &mut Vec<String>) {
    for (key, value) in errors.as_object().expect("errors are nested objects") {
        if key == "_errors" {
            for error in value.as_array().expect("_errors is a list") {
                assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "{error}");
                found.push(format!("{path} {}", error["code"].as_str().expect("a code")));
            }
        } else {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            collect(value, &path, found);
        }
    }
}

/// `body` passes with the largest length or number allowed, and with one more is refused with just `fault`.
fn edge(check: impl Fn(&Value) -> Result<(), Refusal>, max: usize, body: impl Fn(usize) -> Value, fault: &str) {
    assert_eq!(faults(check(&body(max))), [""; 0], "{fault}: {max} is allowed");
    assert_eq!(faults(check(&body(max + 1))), [fault], "{} is one too many", max + 1);
}

/// A text of `length` code points that no counting in bytes or UTF-16 units gets right.
fn text(length: usize) -> String {
    "🦀é".chars().cycle().take(length).collect()
}

fn created(body: &Value) -> Result<(), Refusal> {
    check_message(body, MessageKind::Create)
}

/// A message whose only row holds `components`.
fn row(components: Value) -> Value {
    json!({ "content": "pick", "components": [{ "type": 1, "components": components }] })
}

#[test]
fn faults_of_one_body_are_reported_together_in_discords_nested_form() {
    let body = json!({ "content": text(2_001), "embeds": [{ "title": "t", "color": -1 }], "tts": "yes" });
    let refusal = created(&body).expect_err("three faults");
    assert_eq!(
        refusal.body(),
        json!({
            "code": 50035,
            "message": "Invalid Form Body",
            "errors": {
                "content": { "_errors": [{
                    "code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."
                }] },
                "embeds": { "0": { "color": { "_errors": [{
                    "code": "NUMBER_TYPE_MIN", "message": "int value should be greater than or equal to 0."
                }] } } },
                "tts": { "_errors": [{
                    "code": "BOOLEAN_TYPE_CONVERT", "message": "Must be either true or false."
                }] },
            },
        })
    );
}
