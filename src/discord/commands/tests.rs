//! The manifest: every name, description, option, choice and permission, and the rules that all commands keep.

use serde_json::Value;

use super::all;
use crate::discord::bot::manifest;

/// Discord's number for a subcommand.
const SUBCOMMAND: u64 = 1;

fn commands() -> Vec<Value> {
    let commands = manifest(&poise::builtins::create_application_commands(&all()));
    commands.as_array().unwrap().clone()
}

fn options(of: &Value) -> Vec<&Value> {
    of["options"].as_array().into_iter().flatten().collect()
}

/// Each command and option with the path to it.
fn everything<'a>(path: &str, entry: &'a Value, found: &mut Vec<(String, &'a Value)>) {
    let path = format!("{path} {}", entry["name"].as_str().unwrap()).trim().to_owned();
    for option in options(entry) {
        everything(&path, option, found);
    }
    found.push((path, entry));
}

/// Leaves out what says nothing, so that a reviewer reads only what was decided.
fn without_nothings(value: Value) -> Value {
    let says_something = |v: &Value| match v {
        Value::Null | Value::Bool(false) => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    };
    match value {
        Value::Array(items) => items.into_iter().map(without_nothings).collect(),
        Value::Object(fields) => {
            fields.into_iter().filter(|(_, v)| says_something(v)).map(|(k, v)| (k, without_nothings(v))).collect()
        }
        other => other,
    }
}

#[test]
fn the_manifest_is_as_reviewed() {
    insta::assert_json_snapshot!(without_nothings(commands().into()));
}

#[test]
fn every_name_and_description_is_one_that_discord_and_people_take() {
    let commands = commands();
    let mut found = Vec::new();
    commands.iter().for_each(|command| everything("", command, &mut found));
    for (path, entry) in &found {
        let (name, description) = (entry["name"].as_str().unwrap(), entry["description"].as_str().unwrap());
        assert!((1..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{path}");
        let length = description.chars().count();
        assert!((10..=100).contains(&length) || length > 2 && entry["type"] != SUBCOMMAND, "{path}: {description:?}");
        assert!(!description.ends_with('.') && description.starts_with(char::is_uppercase), "{path}: {description:?}");
        assert!(options(entry).len() <= 25 && entry["choices"].as_array().is_none_or(|c| c.len() <= 25), "{path}");
    }
    let mut paths: Vec<&String> = found.iter().map(|(path, _)| path).collect();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), found.len(), "no name stands twice in one place");
}

#[test]
fn no_two_commands_of_a_level_are_described_alike() {
    let commands = commands();
    let mut found = Vec::new();
    commands.iter().for_each(|command| everything("", command, &mut found));
    let runs = |entry: &Value| entry["type"] == SUBCOMMAND || entry["type"].is_null();
    let mut described: Vec<(&str, &str)> = found
        .iter()
        .filter(|(_, entry)| runs(entry) && !options(entry).iter().any(|option| option["type"] == SUBCOMMAND))
        .map(|(path, entry)| (entry["description"].as_str().unwrap(), path.as_str()))
        .collect();
    described.sort_unstable();
    for pair in described.windows(2) {
        assert_ne!(pair[0].0, pair[1].0, "{} and {}", pair[0].1, pair[1].1);
    }
}

#[test]
fn moderators_commands_ask_for_manage_server_and_stay_in_servers() {
    let manage_server = serenity::all::Permissions::MANAGE_GUILD.bits().to_string();
    let mut seen = 0;
    for command in commands().iter().filter(|c| matches!(c["name"].as_str(), Some("drops" | "topics"))) {
        assert_eq!(command["default_member_permissions"].as_str(), Some(manage_server.as_str()), "{command}");
        let in_dms = command["contexts"]
            .as_array()
            .map_or(command["dm_permission"] != false, |contexts| contexts.iter().any(|context| *context != 0));
        assert!(!in_dms, "{}", command["name"]);
        // Where only a person has installed the bot it is no member, and has no say.
        assert_eq!(command["integration_types"], serde_json::json!([0]), "{}", command["name"]);
        seen += 1;
    }
    assert_eq!(seen, 2);
}

#[test]
fn what_members_practise_with_follows_them_into_dms_and_other_servers() {
    let mut seen = 0;
    for command in
        commands().iter().filter(|c| matches!(c["name"].as_str(), Some("question" | "progress" | "profile" | "help")))
    {
        assert_eq!(command["integration_types"], serde_json::json!([0, 1]), "{}", command["name"]);
        assert_eq!(command["contexts"], serde_json::json!([0, 1, 2]), "{}", command["name"]);
        assert!(command["default_member_permissions"].is_null(), "{}", command["name"]);
        seen += 1;
    }
    assert_eq!(seen, 4);
}
