//! The effort gate: turns away what no grader should judge.
//!
//! It must never turn away an honest answer, so each test is lenient. An answer in another language or script is
//! graded, not gated. Left out on purpose: what the person is told; that is copy, and lives with the rest of it.

use std::collections::HashSet;

use super::text::Text;
use crate::domain::grade::Gate;

/// Fewer words than this answer nothing.
const LEAST_WORDS: usize = 8;

/// The share of an answer's content words that are the question's own from which it counts as an echo.
const ECHO_SHARE: f64 = 0.8;

/// With this many content words of its own, an answer is no echo whatever the share.
const OWN_WORDS: usize = 6;

/// The share of non-words from which an answer is gibberish.
const NON_WORD_SHARE: f64 = 0.6;

/// Judges the effort of an answer; `asked` holds the content stems of the question's title and prompt.
pub(super) fn gate(answer: &str, read: &Text, asked: &HashSet<String>) -> Option<Gate> {
    if !answer.chars().any(char::is_alphanumeric) {
        Some(Gate::Empty)
    } else if spoken_words(read) < LEAST_WORDS {
        Some(Gate::TooShort)
    } else if is_gibberish(read) {
        Some(Gate::Gibberish)
    } else if is_echo(read, asked) {
        Some(Gate::EchoedQuestion)
    } else {
        None
    }
}

/// Words, with scripts that are written without spaces counted at two characters a word.
fn spoken_words(read: &Text) -> usize {
    read.words
        .iter()
        .map(|word| {
            let unspaced = word.lower.chars().filter(|c| is_unspaced(*c)).count();
            (unspaced / 2).max(1)
        })
        .sum()
}

/// Thai, Lao, Burmese, Khmer, kana and Chinese characters.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

fn is_echo(read: &Text, asked: &HashSet<String>) -> bool {
    let (mut content, mut own) = (0_usize, 0_usize);
    for stem in read.content() {
        content += 1;
        own += usize::from(!asked.contains(stem));
    }
    let share = 1.0 - own as f64 / content.max(1) as f64;
    own < OWN_WORDS && share >= ECHO_SHARE
}

fn is_gibberish(read: &Text) -> bool {
    let spaced = read.words.iter().all(|w| !w.lower.chars().any(is_unspaced));
    let repeats = spaced && read.different() <= (read.words.len() / 10).max(3);
    let non_words = read.words.iter().filter(|w| w.content && is_non_word(&w.lower)).count();
    repeats || non_words as f64 >= NON_WORD_SHARE * read.words.len() as f64
}

/// A run of Latin letters that no English word or common abbreviation has: three of one letter, five or more
/// consonants in a row, or six letters without a vowel.
fn is_non_word(lower: &str) -> bool {
    if lower.len() < 3 || !lower.bytes().all(|b| b.is_ascii_lowercase()) {
        return false;
    }
    let bytes = lower.as_bytes();
    let is_vowel = |b: &u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let tripled = bytes.windows(3).any(|w| w[0] == w[1] && w[1] == w[2]);
    let (mut run, mut longest) = (0, 0);
    for byte in bytes {
        run = if is_vowel(byte) { 0 } else { run + 1 };
        longest = longest.max(run);
    }
    let vowelless = !bytes.iter().any(is_vowel);
    tripled || longest >= 6 || (longest == 5 && bytes.len() < 8) || (vowelless && bytes.len() >= 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gated(answer: &str) -> Option<Gate> {
        let asked = Text::read("Explain cache stampede: a popular key expires and the database melts at noon.");
        let asked = asked.content().map(str::to_owned).collect();
        gate(answer, &Text::read(answer), &asked)
    }

    #[test]
    fn an_answer_without_letters_or_digits_is_empty() {
        for answer in ["", "   \r\n\t", "!!! ... ???", "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉", "**__~~``"] {
            assert_eq!(gated(answer), Some(Gate::Empty), "{answer:?}");
        }
    }

    #[test]
    fn a_few_words_are_too_short() {
        assert_eq!(gated("Use a lock or jitter."), Some(Gate::TooShort));
        assert_eq!(gated("idk 🤷 sorry @everyone"), Some(Gate::TooShort));
    }

    #[test]
    fn the_questions_own_words_are_an_echo_in_any_order() {
        let echo =
            "A cache stampede is when a popular key expires at noon, and then the database melts, I would explain.";
        assert_eq!(gated(echo), Some(Gate::EchoedQuestion));
    }

    #[test]
    fn an_honest_short_answer_that_borrows_the_questions_words_passes() {
        let honest = "When the popular key expires every request misses together; a mutex lets one caller refill the \
                      cache while others serve stale data.";
        assert_eq!(gated(honest), None);
    }

    #[test]
    fn keyboard_mashing_and_repetition_are_gibberish() {
        for answer in [
            "asdfgh jklqwrt zxcvbn qwrtpsd fghjkl mnbvcx zzzzzz qqqqqqq wrtpsdf",
            "test test test test test test test test test test",
            "aaaaaaa bbbbbbb ccccccc ddddddd eeeeeee fffffff ggggggg hhhhhhh",
        ] {
            assert_eq!(gated(answer), Some(Gate::Gibberish), "{answer}");
        }
    }

    #[test]
    fn acronyms_are_words() {
        assert_eq!(gated("HTTPS over TCP with gRPC, mTLS, JWT, CRDT, SQS, SNS, S3 and RPC."), None);
    }

    #[test]
    fn other_languages_and_scripts_are_not_gated() {
        for answer in [
            "Wenn der Schlüssel abläuft, fragen tausende Anfragen gleichzeitig die Datenbank nach demselben Wert.",
            "когда ключ истекает, тысячи запросов одновременно идут в базу данных за одним значением",
            "כאשר המפתח פג תוקף אלפי בקשות פונות בבת אחת אל מסד הנתונים כדי לחשב אותו ערך",
            "当一个热门的键过期时，成千上万的请求会同时访问数据库并重新计算同一个值",
        ] {
            assert_eq!(gated(answer), None, "{answer}");
        }
    }
}
