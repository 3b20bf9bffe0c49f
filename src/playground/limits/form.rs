//! A cursor over a request body that collects every fault with the path where it was found.
//!
//! It knows JSON and how Discord names a bad field; it knows nothing of messages or commands. A field that is
//! `null` counts as absent, as Discord counts it.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt::Display;
use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};

use crate::playground::refusal::Refusal;

/// The largest whole number that every JSON reader keeps exact, and the largest that Discord's options take.
pub(super) const SAFE_INTEGER: i64 = (1 << 53) - 1;

/// The faults found in one body, in the order found.
#[derive(Debug, Default)]
pub(super) struct Faults(RefCell<Vec<Fault>>);

#[derive(Debug)]
struct Fault {
    path: Vec<String>,
    code: &'static str,
    message: String,
}

impl Faults {
    /// The cursor at the top of `body`.
    pub(super) fn root<'a>(&'a self, body: &'a Value) -> Field<'a> {
        Field { value: present(Some(body)), path: Vec::new(), faults: self }
    }

    /// Success when nothing was found, else one 50035 that carries every fault.
    pub(super) fn into_result(self) -> Result<(), Refusal> {
        let faults = self.0.into_inner();
        if faults.is_empty() {
            return Ok(());
        }
        let mut errors = json!({});
        for fault in &faults {
            let mut at = &mut errors;
            for key in &fault.path {
                at = &mut at[key.as_str()];
            }
            let entry = json!({ "code": fault.code, "message": fault.message });
            match &mut at["_errors"] {
                Value::Array(entries) => entries.push(entry),
                missing => *missing = json!([entry]),
            }
        }
        Err(Refusal { errors: Some(errors), ..Refusal::new(400, 50035, "Invalid Form Body") })
    }
}

/// One place in the body.
#[derive(Debug, Clone)]
pub(super) struct Field<'a> {
    value: Option<&'a Value>,
    path: Vec<String>,
    faults: &'a Faults,
}

fn present(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
}

impl<'a> Field<'a> {
    /// The member `key`, which may be absent.
    pub(super) fn get(&self, key: &str) -> Field<'a> {
        let value = present(self.value.and_then(|value| value.get(key)));
        Field { value, path: self.child_path(key), faults: self.faults }
    }

    fn child_path(&self, key: &str) -> Vec<String> {
        self.path.iter().cloned().chain([key.to_owned()]).collect()
    }

    /// Whether the field is there and not `null`.
    pub(super) fn is_present(&self) -> bool {
        self.value.is_some()
    }

    /// The raw value, for sums over what other checks have already judged.
    pub(super) fn value(&self) -> Option<&'a Value> {
        self.value
    }

    /// Records a fault here.
    pub(super) fn fault(&self, code: &'static str, message: impl Display) {
        self.faults.0.borrow_mut().push(Fault { path: self.path.clone(), code, message: message.to_string() });
    }

    /// Records `BASE_TYPE_REQUIRED` here unless the field is present; an empty string counts as absent.
    pub(super) fn required(self) -> Self {
        if self.value.is_none_or(|value| value.as_str() == Some("")) {
            self.fault("BASE_TYPE_REQUIRED", "This field is required");
            return Field { value: None, ..self };
        }
        self
    }

    /// The members of an object; anything else that is present is a fault.
    pub(super) fn object(&self) -> Option<&'a Map<String, Value>> {
        let value = self.value?;
        if !value.is_object() {
            self.fault("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        }
        value.as_object()
    }

    /// Whether an object is here; anything else, or nothing, is a fault.
    pub(super) fn is_object(&self) -> bool {
        self.clone().required().object().is_some()
    }

    /// The items of a list whose length must be within `length`. An absent list has no items and no fault.
    pub(super) fn items(&self, length: RangeInclusive<usize>) -> Vec<Field<'a>> {
        let Some(value) = self.value else { return Vec::new() };
        let Some(items) = value.as_array() else {
            self.fault("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
            return Vec::new();
        };
        self.check_length(items.len(), length);
        let field = |(index, value)| Field {
            value: present(Some(value)),
            path: self.child_path(&format!("{index}")),
            faults: self.faults,
        };
        items.iter().enumerate().map(field).collect()
    }

    /// Records a fault here if two of the list's items are the same.
    pub(super) fn check_distinct(&self, items: &[Field]) {
        let distinct: HashSet<_> = items.iter().map(|item| item.value.map(Value::to_string)).collect();
        if distinct.len() < items.len() {
            self.fault("SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
        }
    }

    /// A string of any length.
    pub(super) fn string(&self) -> Option<&'a str> {
        let value = self.value?;
        if !value.is_string() {
            self.fault("STRING_TYPE_CONVERT", format!("Could not interpret \"{value}\" as string."));
        }
        value.as_str()
    }

    /// A string whose length in Unicode code points must be within `length`.
    pub(super) fn text(&self, length: RangeInclusive<usize>) -> Option<&'a str> {
        let text = self.string()?;
        self.check_length(text.chars().count(), length);
        Some(text)
    }

    /// Records a fault here unless `actual` is within `length`.
    pub(super) fn check_length(&self, actual: usize, length: RangeInclusive<usize>) {
        let (min, max) = (*length.start(), *length.end());
        if length.contains(&actual) {
            return;
        }
        match min {
            0 => self.fault("BASE_TYPE_MAX_LENGTH", format!("Must be {max} or fewer in length.")),
            _ => self.fault("BASE_TYPE_BAD_LENGTH", format!("Must be between {min} and {max} in length.")),
        }
    }

    /// A whole number that must be within `range`; none when it is not.
    pub(super) fn integer(&self, range: RangeInclusive<i64>) -> Option<i64> {
        let value = self.value?;
        let Some(number) = value.as_i64() else {
            self.fault("NUMBER_TYPE_COERCE", format!("Value \"{value}\" is not int."));
            return None;
        };
        if number > *range.end() {
            let message = format!("int value should be less than or equal to {}.", range.end());
            self.fault("NUMBER_TYPE_MAX", message);
        }
        if number < *range.start() {
            let message = format!("int value should be greater than or equal to {}.", range.start());
            self.fault("NUMBER_TYPE_MIN", message);
        }
        Some(number).filter(|number| range.contains(number))
    }

    /// A number, whole or not.
    pub(super) fn number(&self) -> Option<f64> {
        let value = self.value?;
        if !value.is_number() {
            self.fault("NUMBER_TYPE_COERCE", format!("Value \"{value}\" is not float."));
        }
        value.as_f64()
    }

    /// `true` or `false`; absent is `false`.
    pub(super) fn boolean(&self) -> bool {
        let Some(value) = self.value else { return false };
        if !value.is_boolean() {
            self.fault("BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
        }
        value.as_bool().unwrap_or(false)
    }

    /// A number out of a short list (`BASE_TYPE_CHOICES`).
    pub(super) fn choice(&self, allowed: &[i64]) -> Option<i64> {
        let value = self.value?;
        let chosen = value.as_i64().filter(|number| allowed.contains(number));
        if chosen.is_none() {
            self.fault("BASE_TYPE_CHOICES", format!("Value must be one of {}.", listed(allowed)));
        }
        chosen
    }

    /// A number out of one of Discord's enumerations (`ENUM_TYPE_COERCE`).
    pub(super) fn enumeration(&self, allowed: &[i64]) -> Option<i64> {
        let value = self.value?;
        let chosen = value.as_i64().filter(|number| allowed.contains(number));
        if chosen.is_none() {
            self.fault("ENUM_TYPE_COERCE", format!("Value \"{value}\" is not a valid enum value."));
        }
        chosen
    }

    /// The `type` of a component here, which must be one of `allowed` (`UNION_TYPE_CHOICES`).
    pub(super) fn component_type(&self, allowed: &[i64]) -> Option<i64> {
        self.object()?;
        let kind = self.get("type").required().value?.as_i64().filter(|kind| allowed.contains(kind));
        if kind.is_none() {
            let message = format!("Value of field \"type\" must be one of {}.", listed(allowed));
            self.fault("UNION_TYPE_CHOICES", message);
        }
        kind
    }

    /// An id: digits in a string, or a whole number.
    pub(super) fn snowflake(&self) {
        let Some(value) = self.value else { return };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u64>().is_ok();
        if !value.is_u64() && !value.as_str().is_some_and(digits) {
            self.fault("NUMBER_TYPE_COERCE", format!("Value \"{value}\" is not snowflake."));
        }
    }

    /// An address of at most `max` code points with one of `schemes`.
    pub(super) fn url(&self, max: usize, schemes: &[&str]) {
        let Some(url) = self.text(0..=max) else { return };
        let Some((scheme, rest)) = url.split_once("://") else {
            return self.fault("URL_TYPE_INVALID_URL", "Not a well formed URL.");
        };
        if !schemes.contains(&scheme.to_ascii_lowercase().as_str()) {
            let schemes = schemes.iter().map(|scheme| format!("'{scheme}'")).collect::<Vec<_>>().join(", ");
            let message = format!("Scheme \"{scheme}\" is not supported. Scheme must be one of ({schemes}).");
            return self.fault("URL_TYPE_INVALID_SCHEME", message);
        }
        if rest.is_empty() || rest.starts_with('/') || rest.contains(char::is_whitespace) {
            self.fault("URL_TYPE_INVALID_URL", "Not a well formed URL.");
        }
    }
}

fn listed(numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
    format!("({})", numbers.join(", "))
}
