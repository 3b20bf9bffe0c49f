//! IANA time zones by the names people type, found in the data that is bundled with jiff.
//!
//! Leaves out the machine's own zone and its zone files: the answer must not depend on where the bot runs.

use std::cmp::Reverse;

use jiff::tz::{TimeZone, TimeZoneDatabase};

/// The longest text worth comparing; the longest name has 32 letters.
const LONGEST: usize = 64;

/// What autocomplete offers before anything is typed.
const COMMON: [&str; 12] = [
    "UTC",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Africa/Lagos",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
];

/// Text that names no zone. The sentence is safe to show: it repeats nothing that was typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("I do not know that time zone. {}", advice(.closest))]
pub struct UnknownZone {
    /// The most similar names, best first; at most three, and none when nothing is similar.
    pub closest: Vec<String>,
}

fn advice(closest: &[String]) -> String {
    match closest {
        [] => "Use a name such as Europe/Berlin or America/New_York; typing a city brings up the list.".to_owned(),
        [only] => format!("Did you mean {only}?"),
        [most @ .., last] => format!("Did you mean {} or {last}?", most.join(", ")),
    }
}

/// Finds a zone by its name in any case (`europe/berlin`), or by a city that only one zone has (`new york`).
///
/// # Errors
/// [`UnknownZone`] with the most similar names.
pub fn parse_zone(text: &str) -> Result<TimeZone, UnknownZone> {
    let wanted = text.trim();
    if wanted.is_empty() || wanted.len() > LONGEST {
        return Err(UnknownZone { closest: Vec::new() });
    }
    let database = TimeZoneDatabase::bundled();
    let name = wanted.split_whitespace().collect::<Vec<_>>().join("_");
    if let Ok(zone) = database.get(&name)
        && !zone.is_unknown()
        && is_a_place(zone_name(&zone))
    {
        return Ok(zone);
    }
    let wanted = readable(wanted);
    let mut of_city = names().filter(|name| city(&readable(name)) == wanted);
    if let (Some(name), None) = (of_city.next(), of_city.next())
        && let Ok(zone) = database.get(&name)
    {
        return Ok(zone);
    }
    Err(UnknownZone { closest: closest(&wanted) })
}

/// The zone's name in its canonical spelling, as it is stored and shown.
#[must_use]
pub fn zone_name(zone: &TimeZone) -> &str {
    zone.iana_name().unwrap_or("UTC")
}

/// Up to `limit` zone names for what was typed so far, for autocomplete: cities that begin with it, then names that
/// begin with it, then names that contain it. Case, `_` and white space do not matter.
#[must_use]
pub fn zones_matching(typed: &str, limit: usize) -> Vec<String> {
    if typed.len() > LONGEST {
        return Vec::new();
    }
    let typed = readable(typed);
    if typed.is_empty() {
        return COMMON.iter().take(limit).map(|&name| name.to_owned()).collect();
    }
    let mut found: Vec<_> = names()
        .filter_map(|name| {
            let text = readable(&name);
            let begins = Reverse((city(&text).starts_with(&typed), text.starts_with(&typed)));
            // Names without a region are old spellings of others: offer them last.
            text.contains(&typed).then_some((begins, !name.contains('/') && name != "UTC", name))
        })
        .collect();
    found.sort();
    found.into_iter().take(limit).map(|(_, _, name)| name).collect()
}

fn names() -> impl Iterator<Item = String> {
    let names: Vec<String> = TimeZoneDatabase::bundled().available().map(|n| n.as_str().to_owned()).collect();
    names.into_iter().filter(|name| is_a_place(name))
}

/// `Etc/Unknown` and `Factory` stand for "no zone set".
fn is_a_place(name: &str) -> bool {
    !matches!(name, "Etc/Unknown" | "Factory")
}

/// Lower case, with single blanks instead of underscores and other white space.
fn readable(name: &str) -> String {
    name.to_lowercase().replace('_', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn city(readable: &str) -> &str {
    readable.rsplit('/').next().unwrap_or(readable)
}

/// Up to three names within a third of their letters of what was typed, by name or by city.
fn closest(wanted: &str) -> Vec<String> {
    let mut scored: Vec<_> = names()
        .filter_map(|name| {
            let text = readable(&name);
            let distance = edit_distance(wanted, &text).min(edit_distance(wanted, city(&text)));
            (distance * 3 <= wanted.chars().count()).then_some((distance, name))
        })
        .collect();
    scored.sort();
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Levenshtein distance in characters (Wagner and Fischer, 1974), one row at a time.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<String> {
        parse_zone(text).ok().map(|zone| zone_name(&zone).to_owned())
    }

    #[test]
    fn a_zone_is_found_in_any_case_and_by_its_city() {
        for (text, name) in [
            ("europe/berlin", "Europe/Berlin"),
            ("EUROPE/BERLIN", "Europe/Berlin"),
            (" America/New_York\r\n", "America/New_York"),
            ("america/new york", "America/New_York"),
            ("new york", "America/New_York"),
            ("Kolkata", "Asia/Kolkata"),
            ("utc", "UTC"),
        ] {
            assert_eq!(parsed(text).as_deref(), Some(name), "{text:?}");
        }
    }

    #[test]
    fn every_bundled_zone_parses_to_its_own_spelling() {
        for name in names() {
            assert_eq!(parsed(&name.to_lowercase()).as_deref(), Some(name.as_str()));
        }
    }

    #[test]
    fn a_mistyped_zone_is_answered_with_the_closest_names() {
        let error = parse_zone("Europ/Berln").unwrap_err();
        assert_eq!(error.closest[0], "Europe/Berlin");
        assert_eq!(
            parse_zone("Lisbonn").unwrap_err().to_string(),
            "I do not know that time zone. Did you mean Europe/Lisbon?"
        );
        let two = parse_zone("Louisville").unwrap_err();
        assert_eq!(two.closest, ["America/Kentucky/Louisville", "America/Louisville"]);
        assert!(two.to_string().ends_with("Did you mean America/Kentucky/Louisville or America/Louisville?"));
    }

    #[test]
    fn nonsense_is_answered_with_an_example_and_never_repeated() {
        let huge = "z".repeat(100_000);
        for text in [
            "",
            "  ",
            "@everyone",
            "🌍🌍🌍",
            "القاهرة",
            "**",
            "+02:00",
            "Etc/Unknown",
            "Factory",
            "../../etc/passwd",
            &huge,
        ] {
            let error = parse_zone(text).unwrap_err();
            assert!(error.to_string().len() < 150, "{error}");
            assert!(!error.to_string().contains("@everyone"));
        }
        assert!(parse_zone("qqqqqq").unwrap_err().to_string().contains("such as Europe/Berlin"));
    }

    #[test]
    fn autocomplete_puts_cities_first_and_keeps_to_the_limit() {
        assert_eq!(zones_matching("new y", 25), ["America/New_York"]);
        assert_eq!(zones_matching("NEW_Y", 25), ["America/New_York"]);
        assert_eq!(zones_matching("ber", 25)[..2], ["Atlantic/Bermuda", "Europe/Berlin"]);
        assert_eq!(zones_matching("utc", 25)[0], "UTC");
        assert_eq!(zones_matching("a", 25).len(), 25);
        assert_eq!(zones_matching("a", 3).len(), 3);
        assert!(zones_matching("no such place", 25).is_empty());
        assert!(zones_matching(&"a".repeat(5_000), 25).is_empty());
    }

    #[test]
    fn autocomplete_offers_common_zones_before_anything_is_typed() {
        assert_eq!(zones_matching(" ", 25), COMMON);
        for name in COMMON {
            assert_eq!(parsed(name).as_deref(), Some(name));
        }
    }
}
