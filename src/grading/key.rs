//! The answer key of one question: its cues and misconceptions, stemmed once and matched against many answers.
//!
//! A cue alternative matches when its words occur in order, in one sentence, with at most two others between them.
//! Left out on purpose: typos, synonyms and inverse document frequency.

use std::collections::HashSet;

use super::text::Text;
use super::words;
use crate::domain::question::Question;

/// How many other words may stand between those of a cue.
const SLACK: usize = 2;

/// How many words before a match a negation reaches, when none of those between has content of its own.
const NEGATION_REACH: usize = 4;

/// A match of the question's own words counts when its sentence has this many content words of its own.
const OWN_WORDS: usize = 3;

/// The share of a misconception's content words that one sentence must have to say it.
const MISCONCEPTION_SHARE: f64 = 0.75;

/// The fewest content words by which a misconception can be recognised.
const MISCONCEPTION_WORDS: usize = 3;

/// A phrase as stems in order.
#[derive(Debug)]
pub(super) struct Phrase {
    stems: Vec<String>,
    /// Whether the question itself says it.
    demoted: bool,
}

/// One place in an answer where a phrase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    /// Index of its first word.
    pub first: usize,
    /// The sentence it is in.
    pub sentence: usize,
    /// Whether a negation stands directly before it.
    pub negated: bool,
}

/// A misconception, ready to be recognised.
#[derive(Debug)]
struct Wrong {
    stems: HashSet<String>,
    negated: bool,
    /// Index of the rubric point it speaks to.
    point: usize,
}

/// Everything about a question that grading needs, computed once.
#[derive(Debug)]
pub(super) struct AnswerKey {
    /// Content stems of the title and the prompt.
    pub asked: HashSet<String>,
    /// Per rubric point, per cue, its alternatives.
    points: Vec<Vec<Vec<Phrase>>>,
    wrongs: Vec<Wrong>,
}

impl AnswerKey {
    /// Reads a question.
    pub fn of(question: &Question) -> Self {
        let asked = Text::read(&format!("{}\n{}", question.title, question.prompt));
        let points: Vec<Vec<Vec<Phrase>>> = question
            .rubric
            .iter()
            .map(|point| {
                let phrases = |cue: &crate::domain::question::Cue| cue.0.iter().map(|a| phrase(a, &asked)).collect();
                point.cues.iter().map(phrases).collect()
            })
            .collect();
        let wrongs = question
            .misconceptions
            .iter()
            .filter_map(|m| Wrong::read(&m.says, &format!("{}\n{}", m.says, m.correction), &points))
            .collect();
        Self { asked: asked.content().map(str::to_owned).collect(), points, wrongs }
    }

    /// For each rubric point, for each cue, where the answer meets it.
    pub fn matches(&self, answer: &Text) -> Vec<Vec<Vec<Match>>> {
        let met = |alternatives: &Vec<Phrase>| {
            alternatives
                .iter()
                .flat_map(|phrase| {
                    let found = phrase.find(answer);
                    found.into_iter().filter(|m| !phrase.demoted || self.own_words(answer, m.sentence) >= OWN_WORDS)
                })
                .collect()
        };
        self.points.iter().map(|cues| cues.iter().map(met).collect()).collect()
    }

    /// The misconceptions that the answer states: the rubric point each speaks to, and the sentence.
    pub fn misconceptions(&self, answer: &Text) -> Vec<(usize, usize)> {
        let says = |wrong: &Wrong, at: usize, shared: usize| {
            let enough = shared as f64 >= MISCONCEPTION_SHARE * wrong.stems.len() as f64;
            let any = |is: fn(&str) -> bool| answer.sentence(at).iter().any(|word| is(&word.lower));
            enough && any(words::is_negator) == wrong.negated && !any(words::is_rejection)
        };
        let stated = |wrong: &Wrong| {
            let shared = wrong.shared(answer);
            (0..shared.len()).find(|&at| says(wrong, at, shared[at])).map(|at| (wrong.point, at))
        };
        self.wrongs.iter().filter_map(stated).collect()
    }

    /// How many content words a sentence adds to the question's.
    fn own_words(&self, answer: &Text, sentence: usize) -> usize {
        let own = answer.sentence(sentence).iter().filter(|w| w.content && !self.asked.contains(&w.stem));
        own.map(|word| word.stem.as_str()).collect::<HashSet<_>>().len()
    }
}

/// Whether a text says a phrase, negated or not.
pub(super) fn says(text: &str, alternative: &str) -> bool {
    let nothing = Text::default();
    !phrase(alternative, &nothing).find(&Text::read(text)).is_empty()
}

fn phrase(alternative: &str, asked: &Text) -> Phrase {
    let stems: Vec<String> = Text::read(alternative).words.into_iter().map(|w| w.stem).collect();
    let mut phrase = Phrase { stems, demoted: false };
    phrase.demoted = !phrase.find(asked).is_empty();
    phrase
}

impl Phrase {
    /// Every place where the phrase stands. The first word is found by index and the window is bounded, so the time
    /// is linear in the text.
    fn find(&self, text: &Text) -> Vec<Match> {
        let Some((first, rest)) = self.stems.split_first() else { return Vec::new() };
        let starts = text.places(first).iter();
        starts.filter(|&&at| self.continues(text, at, rest)).map(|&at| locate(text, at)).collect()
    }

    fn continues(&self, text: &Text, start: usize, rest: &[String]) -> bool {
        let sentence = text.words[start].sentence;
        let window = text.words[start + 1..].iter().take(rest.len() + SLACK).take_while(|w| w.sentence == sentence);
        let mut wanted = rest.iter().peekable();
        for word in window {
            if wanted.peek().is_some_and(|stem| **stem == word.stem) {
                wanted.next();
            }
        }
        wanted.peek().is_none()
    }
}

fn locate(text: &Text, first: usize) -> Match {
    let sentence = text.words[first].sentence;
    let mut after_break = text.words[first].after_break;
    for word in text.words[..first].iter().rev().take(NEGATION_REACH) {
        if after_break || word.sentence != sentence || words::is_turn(&word.lower) {
            break;
        }
        if words::is_negator(&word.lower) {
            return Match { first, sentence, negated: true };
        }
        if !words::lets_negation_through(&word.lower) {
            break;
        }
        after_break = word.after_break;
    }
    Match { first, sentence, negated: false }
}

impl Wrong {
    /// How many of its stems each sentence of an answer has.
    fn shared(&self, answer: &Text) -> Vec<usize> {
        let mut shared = vec![0; answer.sentences.len()];
        for stem in &self.stems {
            let mut sentences: Vec<usize> = answer.places(stem).iter().map(|at| answer.words[*at].sentence).collect();
            sentences.dedup();
            sentences.into_iter().for_each(|sentence| shared[sentence] += 1);
        }
        shared
    }

    /// `None` when the statement has too few content words to be recognised.
    fn read(says: &str, about: &str, points: &[Vec<Vec<Phrase>>]) -> Option<Self> {
        let says = Text::read(says);
        let stems: HashSet<String> = says.content().map(str::to_owned).collect();
        if stems.len() < MISCONCEPTION_WORDS {
            return None;
        }
        let about = Text::read(about);
        let about: HashSet<&str> = about.content().collect();
        let overlap = |point: &Vec<Vec<Phrase>>| {
            let cue_stems: HashSet<&str> = point.iter().flatten().flat_map(|p| &p.stems).map(String::as_str).collect();
            cue_stems.into_iter().filter(|stem| about.contains(stem)).count()
        };
        let (point, _) =
            points.iter().map(overlap).enumerate().max_by_key(|(at, shared)| (*shared, std::cmp::Reverse(*at)))?;
        let negated = says.words.iter().any(|w| words::is_negator(&w.lower));
        Some(Self { stems, negated, point })
    }
}
