//! The one list of settings: their keys, their defaults, and the variables that set them.
//!
//! What a value means and which values are allowed stands with each setting's reader in the parent module.

use config::ValueKind;

/// One setting's name and default.
pub(super) struct Key {
    /// `section.key`, as in the file.
    pub(super) name: &'static str,
    /// The value when no layer sets it.
    pub(super) default: DefaultValue,
    /// The name by which other programs know this setting, if there is one.
    well_known: Option<&'static str>,
}

/// A default, in a form that can be a constant.
#[derive(Clone, Copy)]
pub(super) enum DefaultValue {
    Unset,
    Flag(bool),
    Whole(i64),
    Text(&'static str),
}

impl DefaultValue {
    /// The default as the `config` crate's value; `None` when there is none.
    pub(super) fn value(self) -> Option<ValueKind> {
        match self {
            Self::Unset => None,
            Self::Flag(flag) => Some(flag.into()),
            Self::Whole(number) => Some(number.into()),
            Self::Text(text) => Some(text.into()),
        }
    }
}

const fn key(name: &'static str, default: DefaultValue) -> Key {
    Key { name, default, well_known: None }
}

const fn known_as(variable: &'static str, name: &'static str, default: DefaultValue) -> Key {
    Key { name, default, well_known: Some(variable) }
}

/// Every setting, in the order of `coach.example.toml`.
pub(super) const KEYS: [Key; 18] = [
    known_as("DISCORD_TOKEN", "discord.token", DefaultValue::Unset),
    key("discord.api_url", DefaultValue::Unset),
    key("discord.message_content", DefaultValue::Flag(false)),
    known_as("DATABASE_URL", "database.url", DefaultValue::Text("sqlite://coach.db")),
    key("llm.enabled", DefaultValue::Unset),
    known_as("OPENAI_API_KEY", "llm.api_key", DefaultValue::Unset),
    known_as("OPENAI_BASE_URL", "llm.base_url", DefaultValue::Text(super::OPENAI_URL)),
    key("llm.model", DefaultValue::Text("gpt-4.1-mini")),
    key("llm.timeout_ms", DefaultValue::Whole(20_000)),
    key("llm.max_output_tokens", DefaultValue::Whole(800)),
    key("http.listen", DefaultValue::Unset),
    key("content.dir", DefaultValue::Unset),
    key("prompts.dir", DefaultValue::Unset),
    key("drops.catch_up_minutes", DefaultValue::Whole(360)),
    key("drops.requests_per_second", DefaultValue::Whole(40)),
    key("clock.offset_seconds", DefaultValue::Whole(0)),
    known_as("RUST_LOG", "log.filter", DefaultValue::Unset),
    key("log.format", DefaultValue::Text("text")),
];

/// What every variable of ours begins with, save the well-known ones.
pub(super) const PREFIX: &str = "COACH_";

impl Key {
    /// The variables that set this key, the one that wins last: ours is the more deliberate.
    pub(super) fn variables(&self) -> impl Iterator<Item = String> {
        let ours = format!("{PREFIX}{}", self.name.replace('.', "__").to_uppercase());
        self.well_known.map(str::to_owned).into_iter().chain([ours])
    }
}

/// The candidate most like `text`, if any is near enough to be what was meant.
pub(super) fn closest(text: &str, candidates: impl Iterator<Item = String>) -> Option<String> {
    /// Below this, a suggestion is a guess (Damerau-Levenshtein similarity, 0 to 1).
    const NEAR: f64 = 0.6;
    candidates
        .map(|candidate| (strsim::normalized_damerau_levenshtein(text, &candidate), candidate))
        .filter(|(similarity, _)| *similarity >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
