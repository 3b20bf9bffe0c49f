//! The deterministic grader: an answer in, a scored rubric out. The same text always gets the same grade.
//!
//! It finds each rubric point's cues in the answer by their stems, respects negation, and recognises listed
//! misconceptions. It needs no network and no model, so it also stands in when a language model is away. Left out on
//! purpose: adding points up (`domain::grade`), what people are told, and anything that needs meaning beyond words.

mod gate;
mod key;
mod text;
mod words;

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use crate::domain::bank::Bank;
use crate::domain::grade::{Gate, Grade, POINT_MAX, PointGrade, Verdict};
use crate::domain::ids::Slug;
use crate::domain::question::{Question, RubricPoint};
use key::{AnswerKey, Match};
use text::Text;

/// The grader's name, stored with each attempt and shown. Change it when grades change.
pub const NAME: &str = "rubric-1";

/// The longest span quoted from an answer, in characters.
pub const SPAN_MAX: usize = 200;

/// No grade is surer than this: words are not meaning.
const SUREST: f64 = 0.8;

/// From this many words on, length no longer lowers the confidence.
const FULL_LENGTH: f64 = 40.0;

/// English prose has about two function words in five; below this share a text is a list or another language.
const PROSE_SHARE: f64 = 0.25;

/// A text cut into words once, to be graded against any number of questions.
#[derive(Debug)]
pub struct Reading<'t> {
    text: &'t str,
    read: Text,
}

impl<'t> Reading<'t> {
    /// Reads a text in time linear in its length.
    #[must_use]
    pub fn of(text: &'t str) -> Self {
        Self { text, read: Text::read(text) }
    }
}

/// Grades answers to the questions of a bank, and to any other question given in full.
#[derive(Debug)]
pub struct Grader {
    keys: HashMap<Slug, Prepared>,
}

/// A bank's question, whose answer key is computed when first needed.
#[derive(Debug)]
struct Prepared {
    question: Arc<Question>,
    key: OnceLock<Arc<AnswerKey>>,
}

impl Grader {
    /// Prepares for a bank. Cheap: a question's cues are stemmed when its first answer comes.
    #[must_use]
    pub fn new(bank: &Bank) -> Self {
        let prepare = |question: &Arc<Question>| {
            (question.slug.clone(), Prepared { question: Arc::clone(question), key: OnceLock::new() })
        };
        Self { keys: bank.questions().iter().map(prepare).collect() }
    }

    /// Why the answer should be turned away unjudged; `None` when it shows effort.
    #[must_use]
    pub fn gate(&self, question: &Question, answer: &str) -> Option<Gate> {
        gate::gate(answer, &Text::read(answer), &self.key(question).asked)
    }

    /// Why a reply in a conversation should be turned away: only when it says nothing at all, or hands back what was
    /// `asked`. There a short answer is an answer, and "I don't know" an honest one.
    #[must_use]
    pub fn reply_gate(&self, asked: &str, reply: &str) -> Option<Gate> {
        let asked = Text::read(asked).content().map(str::to_owned).collect();
        gate::gate(reply, &Text::read(reply), &asked).filter(|gate| *gate != Gate::TooShort)
    }

    /// Grades an answer in time linear in its length.
    ///
    /// # Errors
    /// The [`Gate`] that turned it away; there is then nothing to store and no penalty.
    pub fn grade(&self, question: &Question, answer: &str) -> Result<Grade, Gate> {
        self.grade_reading(question, &Reading::of(answer))
    }

    /// Grades an answer that was read before.
    ///
    /// # Errors
    /// As [`Self::grade`].
    pub fn grade_reading(&self, question: &Question, answer: &Reading<'_>) -> Result<Grade, Gate> {
        let key = self.key(question);
        match gate::gate(answer.text, &answer.read, &key.asked) {
            Some(gate) => Err(gate),
            None => Ok(judge(question, &key, answer.text, &answer.read)),
        }
    }

    /// Which cues a text meets, per rubric point and cue: what a bank's author needs to know of a sample answer.
    #[must_use]
    pub fn cues_met(&self, question: &Question, text: &str) -> Vec<Vec<bool>> {
        let matches = self.key(question).matches(&Text::read(text));
        matches.iter().map(|cues| cues.iter().map(|found| is_met(found)).collect()).collect()
    }

    /// The prepared key of a bank's question; one made on the spot for any other, even under a bank's slug.
    fn key(&self, question: &Question) -> Arc<AnswerKey> {
        match self.keys.get(&question.slug) {
            Some(ready) if std::ptr::eq(&raw const *ready.question, question) || *ready.question == *question => {
                Arc::clone(ready.key.get_or_init(|| Arc::new(AnswerKey::of(question))))
            }
            _ => Arc::new(AnswerKey::of(question)),
        }
    }
}

/// Whether a text says a cue's alternative, in whatever sense.
#[must_use]
pub fn says(text: &str, alternative: &str) -> bool {
    key::says(text, alternative)
}

/// The different content stems of a text: what it is about, for comparing texts.
#[must_use]
pub fn content_stems(text: &str) -> BTreeSet<String> {
    Text::read(text).content().map(str::to_owned).collect()
}

/// The sentences of a text, each as its words in lower case without articles, for comparing texts.
#[must_use]
pub fn sentences(text: &str) -> Vec<Vec<String>> {
    let read = Text::read(text);
    let mut sentences = vec![Vec::new(); read.sentences.len()];
    for word in read.words {
        sentences[word.sentence].push(word.lower);
    }
    sentences
}

fn judge(question: &Question, key: &AnswerKey, answer: &str, read: &Text) -> Grade {
    let matches = key.matches(read);
    // Someone's own story cannot be wrong, only thin; questions about competencies ask for one.
    let story = !question.competencies.is_empty();
    let judge_one = |(point, cues): (&RubricPoint, &Vec<Vec<Match>>)| judge_point(point, cues, story, answer, read);
    let mut judged: Vec<PointGrade> = question.rubric.iter().zip(&matches).map(judge_one).collect();
    let misconceptions = if story { Vec::new() } else { key.misconceptions(read) };
    for (point, sentence) in misconceptions {
        let graded = &mut judged[point];
        graded.score = 0;
        graded.verdict = Verdict::Contradicted;
        graded.span = Some(quote(answer, read, sentence, None));
    }
    let confidence = confidence(&judged, read);
    Grade::from_points(question, NAME, judged, confidence)
}

/// A point earns the share of its cues that are met, of 3, rounded down but at least 1 when any is met. When every
/// match is negated, a statement of fact says the opposite; in a story ("I did not roll back") it says nothing.
fn judge_point(point: &RubricPoint, cues: &[Vec<Match>], story: bool, answer: &str, read: &Text) -> PointGrade {
    let met = cues.iter().filter(|found| is_met(found)).count();
    let all: Vec<Match> = cues.iter().flatten().copied().collect();
    if met == 0 && (all.is_empty() || story) {
        return PointGrade { id: point.id.clone(), score: 0, verdict: Verdict::NotAddressed, span: None };
    }
    let (score, verdict) =
        if met == 0 { (0, Verdict::Contradicted) } else { (share_of_max(met, cues.len()), Verdict::Covered) };
    let span = best_sentence(&all, met > 0).map(|(sentence, first)| quote(answer, read, sentence, Some(first)));
    PointGrade { id: point.id.clone(), score, verdict, span }
}

fn is_met(found: &[Match]) -> bool {
    found.iter().any(|m| !m.negated)
}

fn share_of_max(met: usize, of: usize) -> u8 {
    let share = met * usize::from(POINT_MAX) / of.max(1);
    u8::try_from(share).unwrap_or(POINT_MAX).clamp(1, POINT_MAX)
}

/// The sentence with the most matches (the first of equals) and the first matching word in it. Negated matches speak
/// for a point only when there are no others.
fn best_sentence(matches: &[Match], covered: bool) -> Option<(usize, usize)> {
    let mut per_sentence: HashMap<usize, (usize, usize)> = HashMap::new();
    for found in matches.iter().filter(|m| m.negated != covered) {
        let entry = per_sentence.entry(found.sentence).or_insert((0, found.first));
        entry.0 += 1;
        entry.1 = entry.1.min(found.first);
    }
    per_sentence
        .into_iter()
        .max_by_key(|(sentence, (count, _))| (*count, std::cmp::Reverse(*sentence)))
        .map(|(sentence, (_, first))| (sentence, first))
}

/// A sentence, verbatim, cut to [`SPAN_MAX`] characters; from the matching word on when that would be cut off.
fn quote(answer: &str, read: &Text, sentence: usize, first: Option<usize>) -> String {
    let range = read.sentences[sentence].clone();
    let cut = |from: usize| -> &str {
        let rest = &answer[from..range.end];
        rest.char_indices().nth(SPAN_MAX).map_or(rest, |(end, _)| &rest[..end])
    };
    let from_start = cut(range.start);
    let quoted = match first.map(|first| read.words[first].at.clone()) {
        Some(word) if word.end > range.start + from_start.len() => cut(word.start),
        _ => from_start,
    };
    quoted.trim_end().to_owned()
}

/// `0.8 × prose × length × (1 + decided) / 2`, each factor 0 to 1: `prose` is the share of function words over a
/// quarter, `length` the words over forty, `decided` the share of points judged without doubt (all or nothing). Our own
/// rule of thumb, not a probability.
fn confidence(judged: &[PointGrade], read: &Text) -> f64 {
    let words = read.words.len().max(1) as f64;
    let function_words = read.words.iter().filter(|w| !w.content).count() as f64;
    let prose = (function_words / words / PROSE_SHARE).min(1.0);
    let length = (words / FULL_LENGTH).min(1.0);
    let sure = |p: &&PointGrade| p.verdict != Verdict::Contradicted && (p.score == 0 || p.score == POINT_MAX);
    let decided = judged.iter().filter(sure).count() as f64 / judged.len().max(1) as f64;
    SUREST * prose * length * (1.0 + decided) / 2.0
}
