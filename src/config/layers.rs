//! Defaults, file and environment, laid over each other by the `config` crate.
//!
//! Only known keys get in; the rest become faults here. Whether a value makes sense is decided by its reader.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use config::{Config, ConfigError, File, FileFormat, Map, Source, Value, ValueKind};

use super::faults::{Fault, Origin, quoted};
use super::keys::{KEYS, PREFIX, closest};

/// The settings as they were written, each with where it was.
#[derive(Default)]
pub(super) struct Layers(BTreeMap<String, Value>);

impl Layers {
    pub(super) fn origin(&self, key: &str) -> Origin {
        let origin = self.0.get(key).and_then(Value::origin);
        origin.map_or(Origin::Nowhere, |name| Origin::Named(name.to_owned()))
    }

    /// `Some(None)` when there is a value that is not text.
    pub(super) fn text(&self, key: &str) -> Option<Option<String>> {
        Some(match &self.0.get(key)?.kind {
            ValueKind::String(text) => Some(text.trim().to_owned()),
            _ => None,
        })
    }

    /// The value as a flag, or, where it is none, as text to show. Variables hold text, so `"true"` counts.
    pub(super) fn flag(&self, key: &str) -> Option<Result<bool, String>> {
        Some(match &self.0.get(key)?.kind {
            ValueKind::Boolean(flag) => Ok(*flag),
            ValueKind::String(text) => text.trim().to_lowercase().parse().map_err(|_| quoted(text)),
            other => Err(format!("`{other}`")),
        })
    }

    /// The value as a whole number, or, where it is none, as text to show. Variables hold text, so `"40"` counts.
    pub(super) fn whole(&self, key: &str) -> Option<Result<i64, String>> {
        Some(match &self.0.get(key)?.kind {
            ValueKind::I64(number) => Ok(*number),
            ValueKind::String(text) => text.trim().parse().map_err(|_| quoted(text)),
            other => Err(format!("`{other}`")),
        })
    }
}

/// Reads the layers. What cannot be read or is not a setting is added to `faults` and left out.
pub(super) fn read(
    file: Option<&Path>,
    env: impl Iterator<Item = (String, String)>,
    faults: &mut Vec<Fault>,
) -> Layers {
    let mut defaults = Layer::default();
    for key in &KEYS {
        defaults.0.extend(key.default.value().map(|kind| (key.name.to_owned(), Value::new(None, kind))));
    }
    let mut merged = Config::builder().add_source(defaults);
    if let Some(path) = file {
        merged = merged.add_source(file_layer(path, faults));
    }
    let built = merged.add_source(env_layer(env, faults)).build();
    let mut layers = Layers::default();
    match built.and_then(|config| config.collect()) {
        Ok(table) => flatten("", table, &mut layers.0),
        Err(error) => faults.push(Fault::at("settings", Origin::Nowhere, error.to_string(), "Correct it")),
    }
    layers
}

/// One layer's values by full key, each knowing its origin.
#[derive(Debug, Clone, Default)]
struct Layer(Map<String, Value>);

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.clone())
    }
}

fn file_layer(path: &Path, faults: &mut Vec<Fault>) -> Layer {
    let shown = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            let remedy = "Check the path and its permissions, and that the file is UTF-8 text";
            faults.push(Fault::at(shown, Origin::Nowhere, format!("cannot be read ({error})"), remedy));
            return Layer::default();
        }
    };
    let table = match File::from_str(&text, FileFormat::Toml).collect() {
        Ok(table) => table,
        Err(error) => {
            faults.push(Fault::at(shown, Origin::Nowhere, toml_fault(&error, &text), "Correct it"));
            return Layer::default();
        }
    };
    let mut found = BTreeMap::new();
    flatten("", table, &mut found);
    let mut layer = Layer::default();
    for (name, value) in found {
        if KEYS.iter().any(|key| key.name == name) {
            if !is_blank(&value.kind) {
                layer.0.insert(name, Value::new(Some(&shown), value.kind));
            }
        } else {
            let names = KEYS.iter().map(|key| key.name.to_owned());
            faults.push(unknown(name, Origin::Named(shown.clone()), names));
        }
    }
    layer
}

fn env_layer(env: impl Iterator<Item = (String, String)>, faults: &mut Vec<Fault>) -> Layer {
    let mut env: HashMap<String, String> = env.filter(|(_, value)| !value.trim().is_empty()).collect();
    let mut layer = Layer::default();
    for key in &KEYS {
        for variable in key.variables() {
            if let Some(value) = env.remove(&variable) {
                layer.0.insert(key.name.to_owned(), Value::new(Some(&variable), value));
            }
        }
    }
    for variable in env.into_keys().filter(|name| name.starts_with(PREFIX)) {
        faults.push(unknown(variable, Origin::Nowhere, KEYS.iter().flat_map(super::keys::Key::variables)));
    }
    layer
}

/// An empty text means unset, in the file as in the environment.
fn is_blank(kind: &ValueKind) -> bool {
    matches!(kind, ValueKind::String(text) if text.trim().is_empty())
}

fn unknown(name: String, origin: Origin, known: impl Iterator<Item = String>) -> Fault {
    let is_section = KEYS.iter().any(|key| key.name.split_once('.').is_some_and(|(section, _)| section == name));
    let remedy = match closest(&name, known) {
        _ if is_section => format!("It is a section: write [{name}] and the settings below it"),
        Some(near) => format!("Write {near} if that is what you mean, or remove it"),
        None => "Remove it".to_owned(),
    };
    Fault::at(name, origin, "is not a setting", remedy)
}

/// What is wrong with the TOML and where, without the line itself: it may hold a secret.
fn toml_fault(error: &ConfigError, text: &str) -> String {
    let cause = match error {
        ConfigError::FileParse { cause, .. } => cause.downcast_ref::<toml::de::Error>(),
        _ => None,
    };
    // TOML allows any number of digits; what parses as TOML fails only where 64 bits do not hold them.
    let Some(error) = cause else { return "holds a number that is too large".to_owned() };
    let start = error.span().map_or(0, |span| span.start).min(text.len());
    let line = text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
    format!("is not valid TOML: line {line}: {}", error.message())
}

/// Names every value by its full key: `{llm: {model: x}}` becomes `llm.model = x`.
fn flatten(prefix: &str, table: Map<String, Value>, into: &mut BTreeMap<String, Value>) {
    for (name, value) in table {
        let name = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value.kind {
            ValueKind::Table(inner) => flatten(&name, inner, into),
            _ => {
                into.insert(name, value);
            }
        }
    }
}
