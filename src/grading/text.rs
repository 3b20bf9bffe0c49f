//! Text in, sentences of stemmed words out, each with its place in the original.
//!
//! Hyphens and underscores separate words, so that `at-least-once`, `at_least_once` and "at least once" are the
//! same three words; numbers (`p99`, `99.95`) and complexities (`O(n log n)`) stay whole. Left out on purpose:
//! sentence detection cleverer than punctuation, and any language but English (other scripts pass through as they are).

use std::collections::HashMap;
use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};

use super::words;

/// The longest word that is stemmed, in bytes; longer ones are no English.
const LONGEST_STEMMED: usize = 40;

/// The longest complexity term kept whole, in bytes, such as `O(n log n)`.
const LONGEST_COMPLEXITY: usize = 24;

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Lower-cased, as written.
    pub lower: String,
    /// Its Snowball stem; the word itself when it has a digit or is not ASCII.
    pub stem: String,
    /// Where it stands in the text, in bytes.
    pub at: Range<usize>,
    /// Which sentence it is in, counted from 0.
    pub sentence: usize,
    /// Whether a comma, colon, bracket or dash separates it from the word before.
    pub after_break: bool,
    /// Whether it means something on its own, unlike "the", "of" and "not".
    pub content: bool,
}

/// A text cut into words and sentences.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// Every word but articles, in order.
    pub words: Vec<Word>,
    /// Where each sentence stands in the text, in bytes, without surrounding white space.
    pub sentences: Vec<Range<usize>>,
    places: HashMap<String, Vec<usize>>,
}

impl Text {
    /// Reads a text in time linear in its length.
    pub fn read(text: &str) -> Self {
        let stemmer = Stemmer::create(Algorithm::English);
        let mut read = Self::default();
        for range in sentences(text) {
            let sentence = read.sentences.len();
            let mut after_break = false;
            for piece in pieces(&text[range.clone()]) {
                let (lower, within) = match piece {
                    Piece::Break => {
                        after_break = true;
                        continue;
                    }
                    Piece::Word(lower, within) => (lower, within),
                };
                if matches!(lower.as_str(), "a" | "an" | "the") {
                    continue;
                }
                let stem = stem(&stemmer, &lower);
                read.places.entry(stem.clone()).or_default().push(read.words.len());
                let at = range.start + within.start..range.start + within.end;
                let content = !words::is_function_word(&lower) && !words::is_negator(&lower);
                read.words.push(Word { lower, stem, at, sentence, after_break, content });
                after_break = false;
            }
            read.sentences.push(range);
        }
        read
    }

    /// Indices into [`Self::words`] of every word with this stem, in order.
    pub fn places(&self, stem: &str) -> &[usize] {
        self.places.get(stem).map_or(&[], Vec::as_slice)
    }

    /// The words of one sentence.
    pub fn sentence(&self, sentence: usize) -> &[Word] {
        let start = self.words.partition_point(|word| word.sentence < sentence);
        let end = self.words.partition_point(|word| word.sentence <= sentence);
        &self.words[start..end]
    }

    /// The different stems that carry content, in no order.
    pub fn content(&self) -> impl Iterator<Item = &str> {
        self.places
            .iter()
            .filter(|(_, places)| places.iter().any(|at| self.words[*at].content))
            .map(|(stem, _)| stem.as_str())
    }

    /// How many different stems there are.
    pub fn different(&self) -> usize {
        self.places.len()
    }
}

fn stem(stemmer: &Stemmer, lower: &str) -> String {
    // Snowball makes "useful" the same as "used"; what it does to -ful is too much for matching.
    let stemmable =
        lower.len() <= LONGEST_STEMMED && lower.bytes().all(|b| b.is_ascii_lowercase()) && !lower.ends_with("ful");
    if stemmable { stemmer.stem(lower).into_owned() } else { lower.to_owned() }
}

/// Cuts at line ends and at `.`, `!`, `?`, `;` before white space (and their East Asian forms anywhere).
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let space_follows = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        let ends = match c {
            '\n' | '\r' | '。' | '！' | '？' | '؟' | '।' => true,
            '.' | '!' | '?' | ';' => space_follows,
            _ => false,
        };
        if ends {
            push_trimmed(text, start..at + c.len_utf8(), &mut found);
            start = at + c.len_utf8();
        }
    }
    push_trimmed(text, start..text.len(), &mut found);
    found
}

fn push_trimmed(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let slice = &text[range.clone()];
    let trimmed = slice.trim();
    if !trimmed.is_empty() {
        let start = range.start + (slice.len() - slice.trim_start().len());
        found.push(start..start + trimmed.len());
    }
}

enum Piece {
    Word(String, Range<usize>),
    Break,
}

/// Words and breaks of one sentence.
fn pieces(sentence: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = sentence[at..].chars().next() {
        if let Some(length) = complexity(&sentence[at..]) {
            let whole: String = sentence[at..at + length].chars().filter(|c| !c.is_whitespace()).collect();
            found.push(Piece::Word(whole.to_lowercase(), at..at + length));
            at += length;
        } else if c.is_alphanumeric() {
            let length = word_length(&sentence[at..]);
            let word = normalize(&sentence[at..at + length]);
            found.push(Piece::Word(word, at..at + length));
            at += length;
        } else {
            match c {
                '%' => found.push(Piece::Word("percent".to_owned(), at..at + 1)),
                ',' | ':' | '(' | ')' | '[' | ']' | '—' | '–' | '"' | '“' | '”' => found.push(Piece::Break),
                _ => {}
            }
            at += c.len_utf8();
        }
    }
    found
}

/// The length in bytes of the word at the start, connectors between letters or digits included.
fn word_length(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        let inside = match c {
            '\'' | '’' => before.is_alphabetic() && next.is_alphabetic(),
            '.' => before.is_alphanumeric() && next.is_alphanumeric(),
            ',' => before.is_ascii_digit() && next.is_ascii_digit(),
            '+' | '#' => (before.is_alphabetic() || before == '+') && !next.is_alphanumeric(),
            _ => c.is_alphanumeric() || is_combining(c),
        };
        if !inside {
            return at;
        }
        before = c;
    }
    text.len()
}

/// Marks that attach to the letter before: combining accents, Arabic and Hebrew points, Indic vowel signs.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}')
}

/// Lower case, straight apostrophes, no possessive, no thousands separators.
fn normalize(word: &str) -> String {
    let mut lower = word.to_lowercase().replace('’', "'");
    if let Some(owner) = lower.strip_suffix("'s") {
        lower.truncate(owner.len());
    }
    if lower.contains(',') {
        lower.retain(|c| c != ',');
    }
    lower
}

/// The length of `O(...)` at the start, when it is a short complexity.
fn complexity(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("O(").or_else(|| text.strip_prefix("o("))?;
    let (close, _) = inner.char_indices().take(LONGEST_COMPLEXITY).find(|(_, c)| *c == ')')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '*' | '^' | '+' | '²' | '!' | '/');
    inner[..close].chars().all(plain).then_some(2 + close + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        Text::read(text).words.into_iter().map(|w| w.stem).collect()
    }

    #[test]
    fn hyphens_underscores_and_spaces_are_the_same() {
        assert_eq!(stems("at-least-once"), stems("at least once"));
        assert_eq!(stems("idempotency_key"), stems("Idempotency key"));
    }

    #[test]
    fn technical_terms_stay_whole() {
        assert_eq!(
            stems("p99 99.95% Node.js C++ C# 30,000"),
            ["p99", "99.95", "percent", "node.js", "c++", "c#", "30000"]
        );
        assert_eq!(stems("O(n log n) beats O(n^2)."), ["o(nlogn)", "beat", "o(n^2)"]);
    }

    #[test]
    fn apostrophes_are_straightened_and_possessives_dropped() {
        assert_eq!(stems("don’t trust Redis’s clock"), ["don't", "trust", "redi", "clock"]);
    }

    #[test]
    fn sentences_end_at_punctuation_before_space_and_at_line_ends() {
        let text = "First. Version 9.6 is old!\r\n- third; fourth";
        let read = Text::read(text);
        let cut: Vec<_> = read.sentences.iter().map(|r| &text[r.clone()]).collect();
        assert_eq!(cut, ["First.", "Version 9.6 is old!", "- third;", "fourth"]);
    }

    #[test]
    fn every_place_is_a_slice_of_the_original_in_any_script() {
        for text in
            ["héllo wörld…", "שלום עולם, זה מבחן", "数据库。缓存", "👩‍👩‍👧 ok", "İstanbul ǅ", "a\u{301}b O(", "न्यूज़ फ़ीड"]
        {
            for word in Text::read(text).words {
                assert!(text.get(word.at.clone()).is_some_and(|s| !s.is_empty()), "{text}: {:?}", word.at);
            }
        }
    }
}
