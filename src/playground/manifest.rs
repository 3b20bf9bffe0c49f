//! Reading what a person types, `/drops create time:09:00 topic:redis`, against the registered commands, as
//! Discord's client does: which command, which options, and whether their values are allowed.
//!
//! Pure. A value runs until the next ` option:` the command knows, so it may hold spaces and colons. What users,
//! channels, roles and files are called is asked of the caller.

use serde_json::{Value, json};

use super::snowflake::Snowflake;

const SUBCOMMAND: u64 = 1;
const GROUP: u64 = 2;
const STRING: u64 = 3;
const INTEGER: u64 = 4;
const BOOLEAN: u64 = 5;
const NUMBER: u64 = 10;

/// What was typed, understood.
#[derive(Debug, PartialEq)]
pub(crate) struct Invocation<'a> {
    /// The whole command as registered.
    pub(crate) command: &'a Value,
    /// The options as an interaction carries them, nested under subcommands.
    pub(crate) options: Value,
    /// Each option that names something, with its type and what it names.
    pub(crate) named: Vec<(u64, Snowflake)>,
}

/// Finds what an option's text names: `@ana`, `#practice`, an id.
pub(crate) type Finder<'a> = &'a dyn Fn(&Value, &str) -> Option<Snowflake>;

/// Reads a command to run, or, if `focused`, one being typed whose last option asks for suggestions.
///
/// # Errors
/// A sentence that says what Discord's client would not let through.
pub(crate) fn read<'a>(
    commands: &[&'a Value],
    text: &str,
    focused: bool,
    find: Finder<'_>,
) -> Result<Invocation<'a>, String> {
    let text = text.trim_start().strip_prefix('/').ok_or("a command starts with /")?;
    let (name, mut rest) = first_word(text);
    let known = || commands.iter().filter_map(|c| c["name"].as_str()).collect::<Vec<_>>().join(", /");
    let command = commands
        .iter()
        .copied()
        .find(|command| command["name"] == name && command["type"].as_u64().unwrap_or(1) == 1)
        .ok_or_else(|| format!("there is no command /{name}; there are /{}", known()))?;
    let mut path = Vec::new();
    let mut level = command;
    while let Some(inner) = subcommands(level).next() {
        let (word, after) = first_word(rest);
        let chosen = subcommands(level).find(|option| option["name"] == word);
        level = chosen.ok_or_else(|| format!("/{name} needs a subcommand such as {}", inner["name"]))?;
        path.push(level);
        rest = after;
    }
    let mut named = Vec::new();
    let mut options = read_options(level, rest, focused, find, &mut named)?;
    for step in path.iter().rev() {
        options = json!([{ "name": step["name"], "type": step["type"], "options": options }]);
    }
    Ok(Invocation { command, options, named })
}

fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

fn options_of(level: &Value) -> impl Iterator<Item = &Value> {
    level["options"].as_array().into_iter().flatten()
}

fn subcommands(level: &Value) -> impl Iterator<Item = &Value> {
    options_of(level).filter(|option| matches!(option["type"].as_u64(), Some(SUBCOMMAND | GROUP)))
}

fn read_options(
    level: &Value,
    text: &str,
    focused: bool,
    find: Finder<'_>,
    named: &mut Vec<(u64, Snowflake)>,
) -> Result<Value, String> {
    let typed = split(level, text)?;
    let mut read = Vec::new();
    for (position, (option, value)) in typed.iter().enumerate() {
        let asks = focused && position + 1 == typed.len();
        let name = &option["name"];
        if asks && option["autocomplete"] != true {
            return Err(format!("{name} offers no suggestions"));
        }
        let kind = option["type"].as_u64().unwrap_or(STRING);
        let value = if asks { (*value).into() } else { value_of(option, kind, value, find, named)? };
        let mut entry = json!({ "name": name, "type": kind, "value": value });
        if asks {
            entry["focused"] = true.into();
        }
        read.push(entry);
    }
    let given = |option: &Value| typed.iter().any(|(known, _)| known["name"] == option["name"]);
    match options_of(level).find(|option| option["required"] == true && !given(option)) {
        Some(missing) if !focused => Err(format!("the option {} is required", missing["name"])),
        _ => Ok(read.into()),
    }
}

/// Cuts `topic:redis level:mid` at the names of options.
fn split<'a>(level: &'a Value, text: &'a str) -> Result<Vec<(&'a Value, &'a str)>, String> {
    let mut starts: Vec<(usize, usize, &Value)> = Vec::new();
    for option in options_of(level) {
        let label = format!("{}:", option["name"].as_str().unwrap_or_default());
        let fresh = |at: &usize| text[..*at].chars().next_back().is_none_or(char::is_whitespace);
        if let Some(at) = text.match_indices(&label).map(|(at, _)| at).find(fresh) {
            starts.push((at, at + label.len(), option));
        }
    }
    starts.sort_by_key(|(at, ..)| *at);
    let before = &text[..starts.first().map_or(text.len(), |(at, ..)| *at)];
    if !before.trim().is_empty() {
        let known: Vec<&str> = options_of(level).filter_map(|option| option["name"].as_str()).collect();
        return Err(format!("{:?} belongs to no option; the options are {known:?}", before.trim()));
    }
    let ends = starts.iter().skip(1).map(|(at, ..)| *at).chain([text.len()]);
    Ok(starts.iter().zip(ends).map(|((_, from, option), to)| (*option, text[*from..to].trim())).collect())
}

fn value_of(
    option: &Value,
    kind: u64,
    text: &str,
    find: Finder<'_>,
    named: &mut Vec<(u64, Snowflake)>,
) -> Result<Value, String> {
    let name = &option["name"];
    let choices = option["choices"].as_array().filter(|choices| !choices.is_empty());
    if let Some(choices) = choices {
        let is_meant = |choice: &&Value| choice["name"] == text || plain(&choice["value"]) == text;
        let chosen = choices.iter().find(is_meant).map(|choice| choice["value"].clone());
        return chosen.ok_or_else(|| format!("{text:?} is none of the choices of {name}"));
    }
    match kind {
        STRING => in_length(option, text).map(Value::from),
        INTEGER => {
            let number: i64 = text.parse().map_err(|_| format!("{name} takes a whole number, not {text:?}"))?;
            // Exact: Discord allows no integers beyond those that doubles hold.
            in_range(option, number as f64)?;
            Ok(number.into())
        }
        NUMBER => {
            let number: f64 = text.parse().map_err(|_| format!("{name} takes a number, not {text:?}"))?;
            in_range(option, number)?;
            Ok(number.into())
        }
        BOOLEAN => match text.to_ascii_lowercase().as_str() {
            "true" => Ok(true.into()),
            "false" => Ok(false.into()),
            _ => Err(format!("{name} takes true or false, not {text:?}")),
        },
        _ => {
            let id = find(option, text).ok_or_else(|| format!("{name} finds nothing called {text:?}"))?;
            named.push((kind, id));
            Ok(id.json())
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn in_length<'a>(option: &Value, text: &'a str) -> Result<&'a str, String> {
    let length = text.chars().count() as u64;
    let (least, most) = (option["min_length"].as_u64().unwrap_or(1), option["max_length"].as_u64().unwrap_or(6000));
    if (least..=most).contains(&length) {
        return Ok(text);
    }
    Err(format!("{} takes {least} to {most} characters, not {length}", option["name"]))
}

fn in_range(option: &Value, number: f64) -> Result<(), String> {
    let least = option["min_value"].as_f64().unwrap_or(f64::MIN);
    let most = option["max_value"].as_f64().unwrap_or(f64::MAX);
    if (least..=most).contains(&number) {
        return Ok(());
    }
    Err(format!("{} takes {least} to {most}, not {number}", option["name"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands() -> Vec<Value> {
        let text = |name: &str| json!({ "name": name, "type": 3, "autocomplete": true });
        vec![
            json!({ "name": "question", "type": 1, "options": [
                text("topic"),
                { "name": "level", "type": 3, "choices": [{ "name": "Mid level", "value": "mid" }] },
                { "name": "count", "type": 4, "min_value": 1, "max_value": 5 },
                { "name": "who", "type": 6 },
            ] }),
            json!({ "name": "drops", "type": 1, "options": [{ "name": "create", "type": 1, "options": [
                { "name": "time", "type": 3, "required": true }, text("topic"),
            ] }] }),
            json!({ "name": "about", "type": 1 }),
        ]
    }

    fn typed(text: &str) -> Result<(Value, Vec<(u64, Snowflake)>), String> {
        understood(text, false)
    }

    fn understood(text: &str, focused: bool) -> Result<(Value, Vec<(u64, Snowflake)>), String> {
        let commands = commands();
        let known: Vec<&Value> = commands.iter().collect();
        let read = read(&known, text, focused, &|_, name| (name == "@ana").then_some(Snowflake(7)))?;
        Ok((read.options, read.named))
    }

    #[test]
    fn values_may_hold_spaces_and_colons() {
        let (options, _) = typed("/drops create time:09:00 topic:redis: why? 🤔").unwrap();
        assert_eq!(options[0]["options"][0], json!({ "name": "time", "type": 3, "value": "09:00" }));
        assert_eq!(options[0]["options"][1]["value"], "redis: why? 🤔");
    }

    #[test]
    fn choices_go_by_name_or_value_and_numbers_by_range() {
        let (options, named) = typed("/question level:Mid level count:3 who:@ana").unwrap();
        assert_eq!(options[0]["value"], "mid");
        assert_eq!(options[1]["value"], 3);
        assert_eq!(named, [(6, Snowflake(7))]);
        for bad in ["level:senior", "count:6", "count:many", "who:@nobody", "colour:red", "topic:"] {
            assert!(typed(&format!("/question {bad}")).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_required_or_unknown_is_said() {
        assert_eq!(typed("/drops create").unwrap_err(), "the option \"time\" is required");
        assert!(typed("/drops").unwrap_err().contains("subcommand such as \"create\""));
        assert!(typed("/nothing").unwrap_err().contains("/question"));
        assert_eq!(typed("/about").unwrap().0, json!([]));
    }

    #[test]
    fn only_the_last_option_is_focused_and_it_need_not_be_valid() {
        let (options, _) = understood("/drops create topic:", true).unwrap();
        assert_eq!(options[0]["options"][0], json!({ "name": "topic", "type": 3, "value": "", "focused": true }));
        assert!(understood("/question level:m", true).is_err());
    }
}
