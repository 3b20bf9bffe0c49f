//! How a file is typed, and how long its samples are.

use super::super::faults::Faults;
use super::super::limits;
use super::super::parse::Draft;

/// Checks one file's characters and lengths.
pub(super) fn check(draft: &Draft, faults: &mut Faults) {
    characters(&draft.file, &draft.text, faults);
    let samples = [
        ("Strong answer", &draft.question.strong_answer, limits::STRONG_WORDS),
        ("Weak answer", &draft.question.weak_answer, limits::WEAK_WORDS),
    ];
    for (heading, text, range) in samples {
        let words = text.split_whitespace().count();
        if words > 0 && !range.contains(&words) {
            let what = format!("`## {heading}` has {words} words; the limit is {}", limits::range(&range));
            let remedy = if words > *range.end() { "shorten it" } else { "say what a person would add" };
            faults.add(&draft.file, draft.line(heading), what, remedy);
        }
    }
}

/// Checks a file's white space and invisible characters.
pub(super) fn characters(file: &str, text: &str, faults: &mut Faults) {
    for (line, written) in (1..).zip(text.lines()) {
        if written.ends_with(char::is_whitespace) {
            faults.add(file, line, "white space at the end of the line", "remove it");
        }
        for c in written.chars().filter(|c| is_invisible(*c)) {
            let what = format!("the invisible character U+{:04X}", u32::from(c));
            faults.add(file, line, what, "remove it; indent with spaces");
        }
    }
    if !text.ends_with('\n') || text.ends_with("\n\n") {
        let line = text.lines().count();
        faults.add(file, line, "the file does not end in exactly one line end", "end it with one");
    }
}

/// Controls, and format characters that hide or reorder text. The joiner inside emoji is allowed.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
