//! Closed word classes of English that the grader treats specially, as data.
//!
//! Left out on purpose: synonyms and abbreviations, which belong in each question's cues.

/// Words that carry grammar, not content. They still count inside a cue ("at once"), never on their own.
const FUNCTION_WORDS: &[&str] = &[
    "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because",
    "been", "before", "being", "between", "both", "but", "by", "can", "could", "did", "do", "does", "doing", "down",
    "each", "even", "every", "few", "for", "from", "get", "gets", "go", "goes", "going", "got", "had", "has", "have",
    "having", "he", "her", "here", "him", "his", "how", "i", "i'd", "i'll", "i'm", "i've", "if", "in", "into", "is",
    "it", "its", "just", "let", "like", "made", "make", "makes", "may", "me", "might", "more", "most", "much", "must",
    "my", "no", "nor", "not", "now", "of", "off", "on", "once", "one", "only", "onto", "or", "other", "our", "out",
    "over", "own", "same", "say", "says", "she", "should", "so", "some", "such", "than", "that", "the", "their",
    "them", "then", "there", "these", "they", "they're", "thing", "things", "this", "those", "through", "to", "too",
    "under", "until", "up", "us", "very", "was", "we", "we'd", "we'll", "we're", "we've", "were", "what", "when",
    "where", "which", "while", "who", "whom", "whose", "why", "will", "with", "would", "you", "you'd", "you'll",
    "you're", "your",
];

/// Words that turn the meaning of what follows.
const NEGATORS: &[&str] = &["not", "never", "no", "cannot", "nor", "neither", "nobody", "nothing", "without"];

/// Words that mark a statement as one the speaker rejects.
const REJECTIONS: &[&str] = &["myth", "wrong", "false", "untrue", "misconception", "mistake", "incorrect"];

/// Words of little content across which a negation still reaches, as in "does not really need a lock".
const LIGHT_WORDS: &[&str] = &["actually", "always", "necessarily", "need", "really", "require", "use", "want"];

/// Words after which an earlier negation no longer holds.
const TURNS: &[&str] = &["but", "instead", "rather", "because", "so", "only", "until"];

/// Whether a lower-case word carries grammar only.
pub(super) fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.binary_search(&word).is_ok()
}

/// Whether a lower-case word negates, contractions such as `doesn't` included.
pub(super) fn is_negator(word: &str) -> bool {
    NEGATORS.contains(&word) || word.ends_with("n't")
}

/// Whether a lower-case word says that the statement around it is wrong.
pub(super) fn is_rejection(word: &str) -> bool {
    REJECTIONS.contains(&word)
}

/// Whether a negation before this lower-case word still holds after it.
pub(super) fn lets_negation_through(word: &str) -> bool {
    is_function_word(word) || LIGHT_WORDS.contains(&word)
}

/// Whether a lower-case word ends the reach of a negation.
pub(super) fn is_turn(word: &str) -> bool {
    TURNS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_words_are_sorted_so_that_binary_search_finds_them() {
        assert!(FUNCTION_WORDS.is_sorted());
        assert!(is_function_word("your") && is_function_word("a") && !is_function_word("cache"));
    }

    #[test]
    fn contractions_negate() {
        assert!(is_negator("doesn't") && is_negator("never") && !is_negator("note"));
    }
}
