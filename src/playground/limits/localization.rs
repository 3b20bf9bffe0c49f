//! Translations of names and descriptions. That a translated name is unique in its locale is not judged.

use serde_json::Value;

use super::form::Field;

/// The locales Discord offers to people.
const LOCALES: [&str; 34] = [
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
];

/// Calls `judge` with each translation; a locale that Discord does not know is a fault.
pub(super) fn check(translations: &Field, judge: impl Fn(&Field)) {
    let Some(members) = translations.object() else { return };
    for locale in members.keys() {
        let text = translations.get(locale);
        if LOCALES.contains(&locale.as_str()) {
            judge(&text);
        } else {
            text.fault("ENUM_TYPE_COERCE", format!("Value \"{locale}\" is not a valid enum value."));
        }
    }
}

/// The length in code points of the longest of `owner[key]` and its translations: the one that Discord counts.
pub(super) fn longest(owner: &Value, key: &str) -> usize {
    let translations = owner.get(format!("{key}_localizations")).and_then(Value::as_object);
    let texts = translations.into_iter().flat_map(|texts| texts.values()).chain(owner.get(key));
    texts.filter_map(Value::as_str).map(|text| text.chars().count()).max().unwrap_or(0)
}
