//! What a model may say to a candidate: plain words, one question, nothing given away, nothing said twice.
//!
//! Pure. The checks are about form and overlap; whether a question is a good one is the prompt's business.

use std::collections::{BTreeSet, HashSet};

use super::errors::TextFlaw;
use super::interviewer::{InterviewTurn, Speaker};
use crate::domain::question::Question;

/// The longest question to a candidate, in characters.
const QUESTION_CHARS_MAX: usize = 600;

/// The longest feedback, in characters.
const FEEDBACK_CHARS_MAX: usize = 300;

/// How many words in a row, taken from a secret text, give it away.
const LEAK_WORDS: usize = 6;

/// A secret text shorter than [`LEAK_WORDS`] leaks as a whole, from this many words on.
const LEAK_WORDS_MIN: usize = 3;

/// How many of the rubric's ideas, none of them mentioned before, may not be named in one message.
const LEAK_IDEAS: usize = 3;

/// How much of their words two messages share, 0 to 1, before they count as the same.
const SAME_MESSAGE: f64 = 0.8;

/// Checks a question to the candidate and returns it trimmed.
///
/// # Errors
/// The first [`TextFlaw`] found.
pub(super) fn question(text: &str, turn: &InterviewTurn<'_>) -> Result<String, TextFlaw> {
    let text = plain(text, QUESTION_CHARS_MAX)?;
    let marks = question_marks(text);
    if marks != 1 {
        return Err(TextFlaw::NotOneQuestion(marks));
    }
    let asked = turn.conversation.iter().filter(|said| said.speaker == Speaker::Interviewer).map(|said| &said.text);
    if asked.chain([&turn.question.prompt, &turn.question.title]).any(|earlier| same_message(text, earlier)) {
        return Err(TextFlaw::Repeated);
    }
    keeps_secrets(text, turn)?;
    Ok(text.to_owned())
}

/// Checks a sentence of feedback and returns it trimmed.
///
/// # Errors
/// The first [`TextFlaw`] found.
pub(super) fn feedback(text: &str, turn: &InterviewTurn<'_>) -> Result<String, TextFlaw> {
    let text = plain(text, FEEDBACK_CHARS_MAX)?;
    if question_marks(text) > 0 {
        return Err(TextFlaw::Asks);
    }
    keeps_secrets(text, turn)?;
    Ok(text.to_owned())
}

/// Trimmed text with words in it, short enough, and without anything that Discord or an eye would take for more than text.
fn plain(text: &str, chars_max: usize) -> Result<&str, TextFlaw> {
    let text = text.trim();
    if text.chars().count() > chars_max {
        return Err(TextFlaw::TooLong(chars_max));
    }
    if words(text).is_empty() {
        return Err(TextFlaw::Empty);
    }
    let invisible = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let lower = text.to_lowercase();
    let has_any = |marks: &[&str]| marks.iter().any(|mark| lower.contains(mark));
    let line_starts = |marks: &[&str]| text.lines().any(|line| marks.iter().any(|m| line.trim_start().starts_with(m)));
    let forbidden = [
        (text.contains(invisible), "invisible characters"),
        (has_any(&["@everyone", "@here", "<@", "<#", "</", "<:", "<a:", "<t:"]), "mentions"),
        (has_any(&["://", "www.", "discord.gg", "]("]), "links"),
        (line_starts(&["#", "-#", ">", "- ", "* ", "1."]), "headings, lists or quotes"),
        (has_any(&["```", "||"]), "code blocks or spoilers"),
    ];
    match forbidden.into_iter().find(|(found, _)| *found) {
        Some((_, what)) => Err(TextFlaw::Forbidden(what)),
        None => Ok(text),
    }
}

/// Latin, full-width and Arabic question marks.
fn question_marks(text: &str) -> usize {
    text.chars().filter(|c| matches!(c, '?' | '？' | '؟')).count()
}

/// Whether two messages share most of their words (Jaccard index of the sets of words).
fn same_message(one: &str, other: &str) -> bool {
    let (one, other): (HashSet<_>, HashSet<_>) = (words(one).into_iter().collect(), words(other).into_iter().collect());
    let shared = one.intersection(&other).count();
    let all = one.len() + other.len() - shared;
    #[expect(clippy::cast_precision_loss, reason = "counts of words in a message")]
    let similarity = shared as f64 / all.max(1) as f64;
    similarity >= SAME_MESSAGE
}

/// Refuses what the candidate should find alone: runs of words from the rubric, the hints, the model answer and the
/// corrections; several of the rubric's ideas at once; lists of point ids. What was said before is no secret any more.
fn keeps_secrets(text: &str, turn: &InterviewTurn<'_>) -> Result<(), TextFlaw> {
    let message = Spoken::new([text]);
    let question = turn.question;
    let said = turn.conversation.iter().map(|said| said.text.as_str());
    let asked = [question.prompt.as_str(), question.title.as_str(), turn.answer];
    let probes = question.rubric.iter().map(|point| point.probe.as_str());
    let known = Spoken::new(said.chain(asked).chain(probes).chain(question.follow_ups.iter().map(String::as_str)));

    let leaks = secrets(question).any(|secret| {
        let secret = words(secret);
        let run = secret.len().min(LEAK_WORDS);
        run >= LEAK_WORDS_MIN && secret.windows(run).any(|run| message.has(run) && !known.has(run))
    });
    let names = |spoken: &Spoken, alternatives: &[String]| alternatives.iter().any(|cue| spoken.has(&words(cue)));
    let cues = question.rubric.iter().flat_map(|point| &point.cues);
    let ideas: BTreeSet<&[String]> =
        cues.map(|cue| cue.0.as_slice()).filter(|cue| names(&message, cue) && !names(&known, cue)).collect();
    // Only hyphenated ids: `latency` is also a word.
    let ids =
        question.rubric.iter().filter(|point| point.id.as_str().contains('-') && text.contains(point.id.as_str()));
    if leaks || ideas.len() >= LEAK_IDEAS || ids.count() > 1 { Err(TextFlaw::Leak) } else { Ok(()) }
}

fn secrets(question: &Question) -> impl Iterator<Item = &str> {
    let points = question.rubric.iter().flat_map(|point| [point.point.as_str(), point.hint.as_str()]);
    let corrections = question.misconceptions.iter().map(|wrong| wrong.correction.as_str());
    let by_level = question.by_level.iter().map(|(_, text)| text.as_str());
    points.chain(corrections).chain(by_level).chain([question.strong_answer.as_str()])
}

/// Texts as one searchable row of words.
struct Spoken(String);

impl Spoken {
    fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        // The bar keeps a run from reaching over the end of one text into the next.
        let rows: Vec<String> = texts.into_iter().map(|text| words(text).join(" ")).collect();
        Self(format!(" {} ", rows.join(" | ")))
    }

    fn has(&self, run: &[String]) -> bool {
        !run.is_empty() && self.0.contains(&format!(" {} ", run.join(" ")))
    }
}

/// Lower-case runs of letters and digits.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
