//! Text for Discord: clipped without cutting a character, escaped without losing one.

/// At most `max` characters of `text`, with an ellipsis where something was cut.
#[must_use]
pub fn clip(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let mut clipped: String = text.chars().take(max.saturating_sub(1)).collect();
    clipped.truncate(clipped.trim_end().len());
    clipped.push('…');
    clipped
}

/// Somebody's words as plain text: Markdown shows as typed, and mentions and links stay text.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\\' | '*' | '_' | '~' | '`' | '|' | '>' | '<' | '[' | ']' | '(' | ')' | '#' | '-' | ':' => {
                escaped.push('\\');
                escaped.push(c);
            }
            // A zero-width space keeps a name from becoming a mention where pings are off but highlighting is not.
            '@' => escaped.push_str("@\u{200b}"),
            // Text direction overrides could make the lines around them read backwards.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Somebody's words whole, in a block that shows every character as typed and is copied with one press; `None` when
/// there is nothing to see. An answer of 4,000 characters fits an embed's description, which escaping would not.
#[must_use]
pub fn verbatim(text: &str) -> Option<String> {
    let visible = |c: char| !c.is_whitespace() && !c.is_control() && !is_invisible(c);
    // Three backticks would end the block; three quotes are as long and as good.
    text.chars().any(visible).then(|| format!("```\n{}\n```", text.replace("```", "'''")))
}

/// Zero-width characters, joiners and marks of direction.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipping_counts_characters_and_cuts_none_in_two() {
        assert_eq!(clip("añb", 3), "añb");
        assert_eq!(clip("añbc", 3), "añ…");
        assert_eq!(clip("👩‍💻👩‍💻", 2), "👩…");
        assert_eq!(clip("one two", 5), "one…");
        assert_eq!(clip("שלום עולם", 5), "שלום…");
    }

    #[test]
    fn escaping_leaves_markdown_and_mentions_as_typed() {
        assert_eq!(escape("**bold** `x`"), r"\*\*bold\*\* \`x\`");
        assert_eq!(escape("@everyone"), "@\u{200b}everyone");
        assert_eq!(escape("<@123> <#5>"), "\\<@\u{200b}123\\> \\<\\#5\\>");
        assert_eq!(escape("[text](https://x.y)"), r"\[text\]\(https\://x.y\)");
        assert_eq!(escape("\u{202e}abc"), "abc");
    }

    #[test]
    fn the_longest_answer_comes_back_whole_whatever_is_in_it() {
        for answer in
            ["*_`~|>#-[]()".repeat(333), "```".repeat(1_333), "\u{202e}אב ".repeat(1_000), "@everyone ".repeat(400)]
        {
            let block = verbatim(&answer).unwrap();
            assert!(block.chars().count() <= 4_096);
            assert_eq!(block.matches("```").count(), 2, "nothing ends the block early");
            assert_eq!(block.replace("'''", "```"), format!("```\n{answer}\n```"));
        }
    }

    #[test]
    fn what_cannot_be_seen_is_not_given_back() {
        for nothing in ["", " \r\n\t", "\u{200b}\u{200d}\u{feff}", "\u{0}\u{7}"] {
            assert_eq!(verbatim(nothing), None, "{nothing:?}");
        }
    }
}
