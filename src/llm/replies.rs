//! What the interviewer's model must reply, and what code believes of it.
//!
//! A model may be talked into anything by an answer, so credit needs evidence: a score stands only on words that occur
//! in the answer. Pure. What it leaves out: what the texts that people see may say (`wording`).

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::client::ReplyShape;
use super::errors::Flaw;
use super::interviewer::{InterviewTurn, Next};
use super::wording;
use crate::domain::grade::{Grade, POINT_MAX, PointGrade, Verdict};
use crate::domain::question::RubricPoint;

/// How many `{` of a chatty reply are tried as the start of the object.
const OBJECT_TRIES: usize = 16;

/// The fewest letters and digits a quote must have: a lone "the" is in every answer.
const QUOTE_CHARS_MIN: usize = 4;

/// How many points may rest on the very same words. An answer that says "give me 3 for everything" otherwise has a quote
/// for everything.
const POINTS_PER_QUOTE: usize = 2;

/// Confidence of a grade all of whose quotes were found, 0 to 1. An estimate until grades are compared with people's.
const CONFIDENCE: f64 = 0.8;

/// One turn of an interviewer.
// The schema demands every field and no other; parsing is more forgiving, because servers without schema support let
// models add and omit. These doc comments are in the schema: the model reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct InterviewerReply {
    /// One judgement per rubric point.
    pub(super) points: Vec<JudgedPoint>,
    /// Whether to ask on.
    pub(super) next: NextMove,
    /// The id of the rubric point that `message` is after; null when moving on.
    #[serde(default)]
    pub(super) probe_point: Option<String>,
    /// The next question to the candidate; empty when moving on.
    #[serde(default)]
    pub(super) message: String,
    /// One sentence on the latest answer, or null.
    #[serde(default)]
    pub(super) feedback: Option<String>,
}

/// The judgement of one rubric point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct JudgedPoint {
    /// The point's id, as given.
    pub(super) id: String,
    /// 0 to 3.
    #[schemars(schema_with = "score_schema")]
    pub(super) score: u8,
    /// The words of the answer that the score rests on, or an empty string.
    #[serde(default)]
    pub(super) quote: String,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum NextMove {
    Probe,
    MoveOn,
}

/// Strict servers refuse `format` and some refuse ranges; all know `enum`.
fn score_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "integer", "enum": [0, 1, 2, 3] })
}

/// The reply's shape for the request, within the subset of JSON schema that strict servers accept: one inlined document,
/// every field required, no other allowed, no defaults.
pub(super) fn shape() -> ReplyShape {
    let without_defaults = RecursiveTransform(|schema: &mut Schema| {
        schema.remove("default");
    });
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(without_defaults).with(|settings| {
        settings.meta_schema = None;
        settings.inline_subschemas = true;
    });
    let schema = settings.into_generator().into_root_schema_for::<InterviewerReply>();
    ReplyShape { name: "InterviewerReply", schema: schema.into() }
}

/// Finds the reply in what the model said. Without schema support models put prose, thoughts or a code fence around it.
///
/// # Errors
/// [`Flaw::Empty`] or [`Flaw::NotJson`].
pub(super) fn parse(text: &str) -> Result<InterviewerReply, Flaw> {
    if text.trim().is_empty() {
        return Err(Flaw::Empty);
    }
    text.match_indices('{')
        .take(OBJECT_TRIES)
        .find_map(|(at, _)| InterviewerReply::deserialize(&mut serde_json::Deserializer::from_str(&text[at..])).ok())
        .ok_or(Flaw::NotJson)
}

/// A reply that passed every check.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Accepted {
    pub(super) grade: Grade,
    pub(super) next: Next,
    pub(super) feedback: Option<String>,
}

/// Checks a reply. Invented points are ignored and scores without evidence become 0; anything else wrong is a flaw,
/// which the model gets one chance to correct.
///
/// # Errors
/// The first [`Flaw`] found.
pub(super) fn accept(reply: InterviewerReply, turn: &InterviewTurn<'_>, grader: &str) -> Result<Accepted, Flaw> {
    let grade = grade(&reply.points, turn, grader)?;
    let next = match reply.next {
        NextMove::MoveOn => Next::MoveOn,
        // The model was told; whatever it asks would not be asked.
        NextMove::Probe if turn.probes_left == 0 => Next::MoveOn,
        NextMove::Probe => {
            let point = reply.probe_point.as_deref().and_then(|id| turn.question.point(id)).ok_or(Flaw::ProbePoint)?;
            let text = wording::question(&reply.message, turn).map_err(Flaw::Message)?;
            Next::Probe { point: point.id.clone(), text }
        }
    };
    let feedback = match reply.feedback {
        Some(text) if turn.coached && !text.trim().is_empty() => {
            Some(wording::feedback(&text, turn).map_err(Flaw::Feedback)?)
        }
        _ => None,
    };
    Ok(Accepted { grade, next, feedback })
}

fn grade(judged: &[JudgedPoint], turn: &InterviewTurn<'_>, grader: &str) -> Result<Grade, Flaw> {
    let rubric = &turn.question.rubric;
    let found: Vec<(&RubricPoint, &JudgedPoint)> = rubric
        .iter()
        .filter_map(|point| judged.iter().find(|j| j.id == point.id.as_str()).map(|judged| (point, judged)))
        .collect();
    // A point left out would silently count as not addressed.
    if found.len() < rubric.len() {
        return Err(Flaw::PointsMissing(rubric.len() - found.len()));
    }
    let answer = Folded::new(turn.answer);
    let mut points: Vec<PointGrade> = Vec::with_capacity(found.len());
    let mut unproven = 0;
    for (point, judged) in found {
        let span = answer.find(&judged.quote);
        let worn_out = points.iter().filter(|p| p.span.is_some() && p.span.as_deref() == span).count();
        let span = span.filter(|_| worn_out < POINTS_PER_QUOTE);
        let score = if span.is_some() { judged.score.min(POINT_MAX) } else { 0 };
        unproven += usize::from(score < judged.score.min(POINT_MAX));
        let verdict = match (score, span) {
            (0, None) => Verdict::NotAddressed,
            (0, Some(_)) => Verdict::Contradicted,
            _ => Verdict::Covered,
        };
        points.push(PointGrade { id: point.id.clone(), score, verdict, span: span.map(str::to_owned) });
    }
    #[expect(clippy::cast_precision_loss, reason = "a rubric has a handful of points")]
    let proven = 1.0 - unproven as f64 / rubric.len().max(1) as f64;
    Ok(Grade::from_points(turn.question, grader, points, CONFIDENCE * proven))
}

/// An answer with case, white space and typographic quotes evened out, and the way back to its own words.
struct Folded<'a> {
    original: &'a str,
    folded: String,
    /// For every byte of `folded`, where the character it came from starts in `original`.
    origin: Vec<usize>,
}

impl<'a> Folded<'a> {
    fn new(original: &'a str) -> Self {
        let (mut folded, mut origin) = (String::with_capacity(original.len()), Vec::with_capacity(original.len()));
        for (at, character) in original.char_indices() {
            let before = folded.len();
            fold_into(&mut folded, character);
            origin.extend(std::iter::repeat_n(at, folded.len() - before));
        }
        Self { original, folded, origin }
    }

    /// The words of the original that `quote` stands for; `None` when they do not occur or are too few to mean anything.
    fn find(&self, quote: &str) -> Option<&'a str> {
        let mut wanted = String::with_capacity(quote.len());
        quote.chars().for_each(|character| fold_into(&mut wanted, character));
        let wanted = wanted.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '.' | '…'));
        if wanted.chars().filter(|c| c.is_alphanumeric()).count() < QUOTE_CHARS_MIN {
            return None;
        }
        let start = self.folded.find(wanted)?;
        let last = self.origin[start + wanted.len() - 1];
        let end = last + self.original[last..].chars().next().map_or(0, char::len_utf8);
        Some(&self.original[self.origin[start]..end])
    }
}

fn fold_into(folded: &mut String, character: char) {
    match character {
        c if c.is_whitespace() => {
            if !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        '“' | '”' | '„' | '«' | '»' => folded.push('"'),
        '‘' | '’' => folded.push('\''),
        c => folded.extend(c.to_lowercase()),
    }
}

#[cfg(test)]
mod tests;
