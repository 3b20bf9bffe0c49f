//! `custom_id`s: what a button or form means, written into it. Stateless and versioned, so that one pressed after a
//! restart, or a year later, still says everything.

use std::fmt;

use crate::app::practice::Showing;
use crate::domain::ids::Slug;

/// The version of every id printed here. An id of another version is from a bot that is no more, and parses as nothing.
const VERSION: &str = "1";

/// What someone pressed or submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Open the answer form.
    Answer(Showing),
    /// Open the answer form again after a result.
    Retry(Showing),
    /// The answer form, submitted.
    SubmitAnswer(Showing),
    /// The next hint.
    Hint(Showing),
    /// Another question instead.
    Skip(Showing),
    /// The model answer.
    Reveal(Showing),
    /// Post a result for all to see.
    Share {
        /// The attempt.
        attempt: String,
    },
    /// Another question, whichever is worth most.
    Next,
    /// One question by name, as a scorecard suggests it.
    Practise(Slug),
    /// A question on a skill, whichever is worth most.
    AskOn(Slug),
    /// Another page of something to read.
    Guide {
        /// What.
        topic: Slug,
        /// The page, from 0.
        page: u32,
    },
    /// Open the answer form of an interview's turn.
    MockAnswer {
        /// The interview.
        interview: String,
        /// The turn, from 1.
        seq: u32,
    },
    /// That form, submitted.
    MockSubmit {
        /// The interview.
        interview: String,
        /// The turn, from 1.
        seq: u32,
    },
    /// Another interview like one that is over.
    MockAgain {
        /// The interview that is over.
        interview: String,
    },
}

impl Action {
    /// Reads an id; `None` for one that this version did not print.
    #[must_use]
    pub fn parse(custom_id: &str) -> Option<Self> {
        let mut parts = custom_id.split(':');
        if parts.next()? != VERSION {
            return None;
        }
        let (verb, first, second) = (parts.next()?, parts.next(), parts.next());
        if parts.next().is_some() {
            return None;
        }
        let showing = || Some(Showing { serving: id(first?)?, question: Slug::parse(second?).ok()? });
        let turn = || Some((id(first?)?, second?.parse().ok()?));
        Some(match verb {
            "answer" => Self::Answer(showing()?),
            "retry" => Self::Retry(showing()?),
            "submit" => Self::SubmitAnswer(showing()?),
            "hint" => Self::Hint(showing()?),
            "skip" => Self::Skip(showing()?),
            "reveal" => Self::Reveal(showing()?),
            "share" => Self::Share { attempt: id(first?)? },
            "next" if first.is_none() => Self::Next,
            "practise" if second.is_none() => Self::Practise(Slug::parse(first?).ok()?),
            "ask-on" if second.is_none() => Self::AskOn(Slug::parse(first?).ok()?),
            "guide" => Self::Guide { topic: Slug::parse(first?).ok()?, page: second?.parse().ok()? },
            "mock-answer" => turn().map(|(interview, seq)| Self::MockAnswer { interview, seq })?,
            "mock-again" if second.is_none() => Self::MockAgain { interview: id(first?)? },
            "mock-submit" => turn().map(|(interview, seq)| Self::MockSubmit { interview, seq })?,
            _ => return None,
        })
    }
}

impl Action {
    /// The word for it in ids, and in metrics.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Answer(_) => "answer",
            Self::Retry(_) => "retry",
            Self::SubmitAnswer(_) => "submit",
            Self::Hint(_) => "hint",
            Self::Skip(_) => "skip",
            Self::Reveal(_) => "reveal",
            Self::Share { .. } => "share",
            Self::Next => "next",
            Self::Practise(_) => "practise",
            Self::AskOn(_) => "ask-on",
            Self::Guide { .. } => "guide",
            Self::MockAnswer { .. } => "mock-answer",
            Self::MockSubmit { .. } => "mock-submit",
            Self::MockAgain { .. } => "mock-again",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{VERSION}:{}", self.verb())?;
        match self {
            Self::Answer(s)
            | Self::Retry(s)
            | Self::SubmitAnswer(s)
            | Self::Hint(s)
            | Self::Skip(s)
            | Self::Reveal(s) => {
                write!(f, ":{}:{}", s.serving, s.question)
            }
            Self::Share { attempt } => write!(f, ":{attempt}"),
            Self::MockAgain { interview } => write!(f, ":{interview}"),
            Self::Next => Ok(()),
            Self::Practise(slug) | Self::AskOn(slug) => write!(f, ":{slug}"),
            Self::Guide { topic, page } => write!(f, ":{topic}:{page}"),
            Self::MockAnswer { interview, seq } | Self::MockSubmit { interview, seq } => {
                write!(f, ":{interview}:{seq}")
            }
        }
    }
}

/// Ids of ours are UUIDs in 32 hex digits. Anything else was forged and goes nowhere near the database.
fn id(text: &str) -> Option<String> {
    (text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids() -> impl Strategy<Value = String> {
        "[0-9a-f]{32}"
    }

    fn slugs() -> impl Strategy<Value = Slug> {
        "[a-z0-9]{1,12}(-[a-z0-9]{1,11}){0,3}".prop_map(|s| Slug::parse(&s).unwrap())
    }

    fn actions() -> impl Strategy<Value = Action> {
        let showing = (ids(), slugs()).prop_map(|(serving, question)| Showing { serving, question }).boxed();
        prop_oneof![
            showing.clone().prop_map(Action::Answer),
            showing.clone().prop_map(Action::Retry),
            showing.clone().prop_map(Action::SubmitAnswer),
            showing.clone().prop_map(Action::Hint),
            showing.clone().prop_map(Action::Skip),
            showing.prop_map(Action::Reveal),
            ids().prop_map(|attempt| Action::Share { attempt }),
            Just(Action::Next),
            slugs().prop_map(Action::Practise),
            slugs().prop_map(Action::AskOn),
            (slugs(), any::<u32>()).prop_map(|(topic, page)| Action::Guide { topic, page }),
            (ids(), any::<u32>()).prop_map(|(interview, seq)| Action::MockAnswer { interview, seq }),
            ids().prop_map(|interview| Action::MockAgain { interview }),
            (ids(), any::<u32>()).prop_map(|(interview, seq)| Action::MockSubmit { interview, seq }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_back_and_fits_discords_limit(action in actions()) {
            let printed = action.to_string();
            prop_assert!(printed.len() <= 100, "{printed}");
            prop_assert_eq!(Action::parse(&printed), Some(action));
        }

        #[test]
        fn anything_else_parses_as_nothing_or_as_itself(text in ".{0,120}") {
            if let Some(action) = Action::parse(&text) {
                prop_assert_eq!(action.to_string(), text);
            }
        }
    }

    #[test]
    fn the_longest_slug_fits() {
        let showing = Showing { serving: "a".repeat(32), question: Slug::parse(&"q".repeat(Slug::MAX_LEN)).unwrap() };
        assert!(Action::SubmitAnswer(showing).to_string().len() <= 100);
    }

    #[test]
    fn an_id_of_another_version_parses_as_nothing() {
        assert_eq!(Action::parse("2:next"), None);
        assert_eq!(Action::parse("1:next:x"), None);
        assert_eq!(Action::parse("1:answer:../../etc:x"), None);
    }
}
