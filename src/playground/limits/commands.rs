//! Application commands as a bulk overwrite sends them. Entry-point commands (type 4) are for activities: left out.

use std::collections::HashSet;

use serde_json::Value;

use super::form::Field;
use super::{localization, options};
use crate::playground::refusal::Refusal;

const CHAT_INPUT: i64 = 1;
const USER: i64 = 2;
const MESSAGE: i64 = 3;
/// The most code points over a command's names, descriptions and choice values.
const TOTAL: usize = 8_000;

/// Records what is wrong with the commands; the result is whether Discord keeps that many.
pub(super) fn check(commands: &Field) -> Result<(), Refusal> {
    let mut names = HashSet::new();
    let mut counts = [0_usize; 3];
    for command in commands.clone().required().items(0..=usize::MAX) {
        if !command.is_object() {
            continue;
        }
        let Some(kind) = kind(&command) else { continue };
        match kind {
            CHAT_INPUT => {
                check_name(&command);
                check_description(&command);
                options::check(&command.get("options"));
            }
            _ => check_context_menu(&command),
        }
        check_settings(&command);
        check_size(&command);
        counts[usize::try_from(kind - 1).unwrap_or(0)] += 1;
        let name = command.get("name").value().and_then(Value::as_str);
        if name.is_some_and(|name| !names.insert((kind, name))) {
            command.fault("APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique");
        }
    }
    for (count, most) in counts.into_iter().zip([100, 5, 5]) {
        if count > most {
            let text = format!("Maximum number of application commands reached ({most})");
            return Err(Refusal::new(400, 30032, &text));
        }
    }
    Ok(())
}

fn kind(command: &Field) -> Option<i64> {
    let kind = command.get("type");
    if kind.is_present() { kind.enumeration(&[CHAT_INPUT, USER, MESSAGE]) } else { Some(CHAT_INPUT) }
}

/// The name of a chat-input command or an option, with its translations.
pub(super) fn check_name(owner: &Field) {
    judge_name(&owner.get("name"));
    localization::check(&owner.get("name_localizations"), judge_name);
}

/// 1 to 32 letters, digits, `-`, `_` or `'`, in lower case where the script has one.
///
/// Marks are accepted in any script, where Discord accepts them in Devanagari and Thai only.
fn judge_name(name: &Field) {
    let Some(text) = name.clone().required().text(1..=32) else { return };
    let allowed = |c: char| c.is_alphanumeric() || "-_'".contains(c) || is_devanagari(c) || is_thai(c);
    if !text.chars().all(allowed) || text.to_lowercase() != text {
        name.fault("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
}

// Unicode's blocks: vowel signs and tone marks are part of words but not letters.
fn is_devanagari(c: char) -> bool {
    matches!(c, '\u{0900}'..='\u{0963}' | '\u{0966}'..='\u{097F}' | '\u{A8E0}'..='\u{A8FF}')
}

fn is_thai(c: char) -> bool {
    matches!(c, '\u{0E01}'..='\u{0E3A}' | '\u{0E40}'..='\u{0E5B}')
}

/// The description of a command or an option, with its translations.
pub(super) fn check_description(owner: &Field) {
    owner.get("description").required().text(1..=100);
    localization::check(&owner.get("description_localizations"), |text| _ = text.text(1..=100));
}

fn check_context_menu(command: &Field) {
    let judge = |name: &Field| _ = name.clone().required().text(1..=32);
    judge(&command.get("name"));
    localization::check(&command.get("name_localizations"), judge);
    let description = command.get("description");
    if description.string().is_some_and(|text| !text.is_empty()) {
        let text = "Context menu commands cannot have description";
        description.fault("APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_EMPTY", text);
    }
    let options = command.get("options");
    if !options.items(0..=25).is_empty() {
        options
            .fault("APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_NOT_EMPTY", "Context menu commands cannot have options");
    }
}

fn check_settings(command: &Field) {
    command.get("dm_permission").boolean();
    command.get("nsfw").boolean();
    check_permissions(&command.get("default_member_permissions"));
    for (key, known) in [("contexts", &[0, 1, 2][..]), ("integration_types", &[0, 1][..])] {
        let list = command.get(key);
        let items = list.items(1..=known.len());
        for item in &items {
            item.clone().required().enumeration(known);
        }
        list.check_distinct(&items);
    }
}

/// Permissions are a bit set, as digits in a string; Discord takes a number too.
fn check_permissions(permissions: &Field) {
    let Some(value) = permissions.value() else { return };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u64>().is_ok();
    if !value.is_u64() && !value.as_str().is_some_and(digits) {
        permissions.fault("NUMBER_TYPE_COERCE", format!("Value {value} is not int."));
    }
}

fn check_size(command: &Field) {
    if command.value().map_or(0, size) > TOTAL {
        command.fault("APPLICATION_COMMAND_TOO_LARGE", format!("Command exceeds maximum size ({TOTAL})"));
    }
}

/// The code points of a command, an option or a choice, with all that is nested in it.
fn size(owner: &Value) -> usize {
    let value = match owner.get("value") {
        Some(Value::String(text)) => text.chars().count(),
        Some(Value::Number(number)) => number.to_string().len(),
        _ => 0,
    };
    let nested = ["options", "choices"].into_iter().filter_map(|key| owner.get(key)?.as_array()).flatten();
    let own = localization::longest(owner, "name") + localization::longest(owner, "description") + value;
    own + nested.map(size).sum::<usize>()
}
