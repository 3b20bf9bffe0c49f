//! A command's options and their choices, and the choices of an autocomplete answer.

use std::collections::HashSet;

use serde_json::Value;

use super::commands::{check_description, check_name};
use super::components::check_channel_types;
use super::form::{Field, SAFE_INTEGER};
use super::localization;

const SUBCOMMAND: i64 = 1;
const GROUP: i64 = 2;
const STRING: i64 = 3;
const INTEGER: i64 = 4;
const CHANNEL: i64 = 7;
const NUMBER: i64 = 10;
const TYPES: [i64; 11] = [SUBCOMMAND, GROUP, STRING, INTEGER, 5, 6, CHANNEL, 8, 9, NUMBER, 11];

/// Where a list of options stands: what may be nested below gets less with each step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Command,
    Group,
    Subcommand,
}

/// Records what is wrong with a command's options.
pub(super) fn check(options: &Field) {
    check_list(options, Place::Command);
}

fn check_list(options: &Field, place: Place) {
    let mut names = HashSet::new();
    let mut first_nests = None;
    let mut optional_seen = false;
    for option in options.items(0..=25) {
        if !option.is_object() {
            continue;
        }
        let name = option.get("name");
        check_name(&option);
        if name.value().and_then(Value::as_str).is_some_and(|text| !names.insert(text)) {
            name.fault("APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists");
        }
        check_description(&option);
        let Some(kind) = option.get("type").required().choice(&TYPES) else { continue };
        let nests = kind == SUBCOMMAND || kind == GROUP;
        if !may_stand(kind, place) || *first_nests.get_or_insert(nests) != nests {
            let text = "Sub-command and sub-command group option types are mutually exclusive to all other types";
            option.fault("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", text);
            continue;
        }
        match kind {
            GROUP => check_list(&option.get("options"), Place::Group),
            SUBCOMMAND => check_list(&option.get("options"), Place::Subcommand),
            _ => {
                check_value(&option, kind);
                check_order(&option, &mut optional_seen);
            }
        }
    }
}

fn check_order(option: &Field, optional_seen: &mut bool) {
    let required = option.get("required").boolean();
    if required && *optional_seen {
        let text = "Required options must be placed before non-required options";
        option.fault("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text);
    }
    *optional_seen |= !required;
}

fn may_stand(kind: i64, place: Place) -> bool {
    match place {
        Place::Command => true,
        Place::Group => kind == SUBCOMMAND,
        Place::Subcommand => kind != SUBCOMMAND && kind != GROUP,
    }
}

/// Records what is wrong with an option that takes a value.
fn check_value(option: &Field, kind: i64) {
    match kind {
        STRING => {
            let max = option.get("max_length").integer(1..=6_000).unwrap_or(6_000);
            option.get("min_length").integer(0..=max);
        }
        INTEGER => {
            let max = option.get("max_value").integer(-SAFE_INTEGER..=SAFE_INTEGER).unwrap_or(SAFE_INTEGER);
            option.get("min_value").integer(-SAFE_INTEGER..=max);
        }
        NUMBER => {
            let (min, max) = (option.get("min_value"), option.get("max_value").number());
            if let (Some(low), Some(high)) = (min.number(), max)
                && low > high
            {
                min.fault("NUMBER_TYPE_MAX", format!("float value should be less than or equal to {high}."));
            }
        }
        CHANNEL => check_channel_types(&option.get("channel_types")),
        _ => {}
    }
    check_suggestions(option, kind);
}

/// Choices and autocomplete: for texts and numbers only, and never both.
fn check_suggestions(option: &Field, kind: i64) {
    let (choices, autocomplete) = (option.get("choices"), option.get("autocomplete"));
    let listed = choices.items(0..=25);
    let completes = autocomplete.boolean();
    let suggests = matches!(kind, STRING | INTEGER | NUMBER);
    if !suggests && !listed.is_empty() {
        choices.fault("APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "This type of option cannot have choices");
    }
    if completes && (!suggests || !listed.is_empty()) {
        let text = "Autocomplete is for string, integer and number options without choices";
        autocomplete.fault("APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", text);
    }
    let (mut names, mut values) = (HashSet::new(), HashSet::new());
    for choice in listed {
        check_choice(&choice, kind);
        let (name, value) = (choice.get("name"), choice.get("value"));
        if name.value().and_then(Value::as_str).is_some_and(|text| !names.insert(text)) {
            name.fault("APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", "Choice name already exists");
        }
        if value.value().is_some_and(|value| !values.insert(value.to_string())) {
            value.fault("APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_ALREADY_EXISTS", "Choice value already exists");
        }
    }
}

fn check_choice(choice: &Field, kind: i64) {
    if !choice.is_object() {
        return;
    }
    check_choice_name(choice);
    let value = choice.get("value");
    if !value.is_present() {
        value.required();
        return;
    }
    match kind {
        INTEGER => _ = value.integer(-SAFE_INTEGER..=SAFE_INTEGER),
        NUMBER => _ = value.number(),
        _ => _ = value.text(0..=100),
    }
}

fn check_choice_name(choice: &Field) {
    choice.get("name").required().text(1..=100);
    localization::check(&choice.get("name_localizations"), |name| _ = name.text(1..=100));
}

/// Records what is wrong with the `data` of an autocomplete answer.
pub(super) fn check_autocomplete(data: &Field) {
    if !data.is_object() {
        return;
    }
    for choice in data.get("choices").required().items(0..=25) {
        if !choice.is_object() {
            continue;
        }
        check_choice_name(&choice);
        let value = choice.get("value");
        match value.value() {
            None => _ = value.required(),
            // The body does not say which option is being completed, so either kind of value will do.
            Some(Value::Number(_)) => {}
            Some(_) => _ = value.text(0..=100),
        }
    }
}
