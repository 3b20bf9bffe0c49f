//! Wrapping Markdown for a terminal, and making anybody's words safe to print.
//!
//! Markdown stays as it is written, but for `**`; it was made to be read as text.

use unicode_width::UnicodeWidthStr as _;

/// Wraps every line to `width` columns, each starting with `indent`. Code blocks keep their lines, items of lists hang.
pub(super) fn wrap(text: &str, width: usize, indent: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut in_code = false;
    for line in text.trim_end().lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            lines.push(format!("{indent}    {line}").trim_end().to_owned());
        } else {
            fill(&line.replace("**", ""), width, indent, &mut lines);
        }
    }
    lines.join("\n")
}

/// Fills lines with the words of one paragraph.
fn fill(paragraph: &str, width: usize, indent: &str, lines: &mut Vec<String>) {
    let nested = paragraph.len() - paragraph.trim_start().len();
    let marker = marker(paragraph.trim_start());
    let first = format!("{indent}{}", " ".repeat(nested));
    let hanging = format!("{first}{}", " ".repeat(marker));
    let mut line = first.clone();
    let mut is_empty = true;
    for word in paragraph.split_whitespace() {
        if !is_empty && line.width() + 1 + word.width() > width {
            lines.push(std::mem::replace(&mut line, hanging.clone()));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(if is_empty { String::new() } else { line });
}

/// The columns that a list item's marker takes, with its space; 0 for a paragraph.
fn marker(paragraph: &str) -> usize {
    let Some((marker, _)) = paragraph.split_once(' ') else { return 0 };
    let number = marker.strip_suffix('.').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if number || matches!(marker, "-" | "*") { marker.len() + 1 } else { 0 }
}

/// Words as plain text on one line: no escape sequence can move the cursor, no direction override can turn the line.
pub(super) fn plain(text: &str) -> String {
    let harmless = |c: char| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let printed = text.chars().filter(|c| harmless(*c)).map(|c| if c.is_control() { ' ' } else { c });
    printed.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_never_pass_the_width() {
        let text = "one two three four five six seven eight nine ten";
        let wrapped = wrap(text, 20, "  ");
        assert_eq!(wrapped, "  one two three four\n  five six seven\n  eight nine ten");
        assert!(wrapped.lines().all(|l| l.width() <= 20));
    }

    #[test]
    fn wide_characters_count_twice_and_marks_not_at_all() {
        assert_eq!(wrap("日本 日本 日本", 9, ""), "日本 日本\n日本");
        assert_eq!(wrap("e\u{301}e\u{301} e\u{301}e\u{301}", 5, ""), "e\u{301}e\u{301} e\u{301}e\u{301}");
    }

    #[test]
    fn a_word_longer_than_the_width_has_a_line_of_its_own() {
        assert_eq!(wrap("a https://example.org/long b", 10, ""), "a\nhttps://example.org/long\nb");
    }

    #[test]
    fn items_hang_and_nested_ones_stay_nested() {
        assert_eq!(wrap("1. one two three\n   - four five", 12, " "), " 1. one two\n    three\n    - four\n      five");
    }

    #[test]
    fn paragraphs_stay_apart_and_code_keeps_its_lines() {
        let text = "**Bold** start.\r\n\r\n```sql\nSELECT *   FROM orders WHERE id = 1\n```\nEnd.\n\n";
        assert_eq!(wrap(text, 20, ""), "Bold start.\n\n    SELECT *   FROM orders WHERE id = 1\nEnd.");
        assert_eq!(wrap("", 20, "  "), "");
    }

    #[test]
    fn nobodys_words_can_steer_the_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\r\nc\u{7}\0\u{202e}d\u{9b}2J"), "a [31mb c d 2J");
        assert_eq!(plain("שלום 👩‍💻 @everyone **x**"), "שלום 👩‍💻 @everyone **x**");
    }
}
