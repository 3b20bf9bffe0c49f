//! A graded answer: what each rubric point earned, and the arithmetic that turns points into a score.
//!
//! Graders judge points; only this file adds them up.

use serde::{Deserialize, Serialize};

use super::ids::Slug;
use super::question::Question;

/// The most a rubric point can earn.
pub const POINT_MAX: u8 = 3;

/// What one hint takes from the score (of 1.0).
pub const HINT_COST: f64 = 0.1;

/// A graded answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grade {
    /// Who judged, for instance `rubric-v1` or `llm:gpt-x`; stored and shown.
    pub grader: String,
    /// One entry per rubric point, in the rubric's order.
    pub points: Vec<PointGrade>,
    /// The weighted share of the rubric that was earned, 0 to 1, before hints.
    pub score: f64,
    /// How sure the grader is, 0 to 1.
    pub confidence: f64,
}

/// What one rubric point earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointGrade {
    /// The point's id within its question.
    pub id: Slug,
    /// 0 to [`POINT_MAX`].
    pub score: u8,
    /// How the answer stands to the point.
    pub verdict: Verdict,
    /// The words of the answer that this rests on, verbatim.
    pub span: Option<String>,
}

/// How an answer stands to a rubric point. "Not addressed" is different from "wrong".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Said, wholly or in part.
    Covered,
    /// Nothing in the answer speaks to it.
    NotAddressed,
    /// The answer says the opposite, or a listed misconception.
    Contradicted,
}

impl Grade {
    /// Adds up judged points. Points the question does not have are dropped, missing ones count as not addressed, and
    /// scores above [`POINT_MAX`] are cut to it: a grader cannot invent credit.
    #[must_use]
    pub fn from_points(question: &Question, grader: &str, mut judged: Vec<PointGrade>, confidence: f64) -> Self {
        let points: Vec<PointGrade> = question
            .rubric
            .iter()
            .map(|point| match judged.iter().position(|p| p.id == point.id) {
                Some(at) => {
                    let mut found = judged.swap_remove(at);
                    found.score = found.score.min(POINT_MAX);
                    found
                }
                None => PointGrade { id: point.id.clone(), score: 0, verdict: Verdict::NotAddressed, span: None },
            })
            .collect();
        let (mut earned, mut possible) = (0.0, 0.0);
        for (point, graded) in question.rubric.iter().zip(&points) {
            earned += f64::from(point.weight) * f64::from(graded.score);
            possible += f64::from(point.weight) * f64::from(POINT_MAX);
        }
        let score = if possible > 0.0 { earned / possible } else { 0.0 };
        Self { grader: grader.to_owned(), points, score, confidence: confidence.clamp(0.0, 1.0) }
    }

    /// The weakest point: least earned first, then the heavier, then the rubric's order. `skip` leaves points out.
    #[must_use]
    pub fn weakest<'q>(
        &self,
        question: &'q Question,
        skip: impl Fn(&Slug) -> bool,
    ) -> Option<&'q super::question::RubricPoint> {
        question
            .rubric
            .iter()
            .zip(&self.points)
            .filter(|(point, graded)| graded.score < POINT_MAX && !skip(&point.id))
            .min_by_key(|(point, graded)| (graded.score, std::cmp::Reverse(point.weight)))
            .map(|(point, _)| point)
    }
}

/// The score after hints, never below 0.
#[must_use]
pub fn after_hints(score: f64, hints: u32) -> f64 {
    (score - HINT_COST * f64::from(hints)).max(0.0)
}

/// A score as people read it, and how it compares with the one before: `72 of 100, up from 60`.
#[must_use]
pub fn score_in_words(score: f64, previous: Option<f64>) -> String {
    let score = of_100(score);
    match previous.map(of_100) {
        Some(before) if before < score => format!("{score} of 100, up from {before}"),
        Some(before) if before > score => format!("{score} of 100, down from {before}"),
        Some(_) => format!("{score} of 100, as before"),
        None => format!("{score} of 100"),
    }
}

/// What hints took from a score, if there were any: `2 hints took 20 points`.
#[must_use]
pub fn hints_in_words(hints: u32, before: f64, after: f64) -> Option<String> {
    let taken = of_100(before).saturating_sub(of_100(after));
    match hints {
        0 => None,
        1 => Some(format!("1 hint took {taken} points")),
        hints => Some(format!("{hints} hints took {taken} points")),
    }
}

/// A share of 1 as a whole number of 100, which is how people see scores.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to 0..=100 first")]
pub fn of_100(share: f64) -> u8 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}

/// Why an answer was turned away before any grader ran. No penalty, no attempt stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// Nothing but white space, punctuation or emoji.
    Empty,
    /// Fewer words than any answer needs.
    TooShort,
    /// The question's own words, handed back.
    EchoedQuestion,
    /// Letters without words.
    Gibberish,
}

impl Gate {
    /// The reason as a friendly sentence that ends in the next step.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Empty => "I could not find any words in that. Write a sentence or two and send it again.",
            Self::TooShort => "That is too short to grade fairly. Say how it works and why, in two or three sentences.",
            Self::EchoedQuestion => {
                "That is mostly the question's own words. Answer it in yours: what would you do, and why?"
            }
            Self::Gibberish => {
                "I could not make out words in that. Write it as you would say it aloud, and send it again."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_a_whole_number_of_a_hundred() {
        assert_eq!([-1.0, 0.0, 0.005, 0.675, 1.0, 7.0, f64::NAN].map(of_100), [0, 0, 1, 68, 100, 100, 0]);
    }

    #[test]
    fn hints_never_make_a_score_negative() {
        assert!((after_hints(0.55, 2) - 0.35).abs() < 1e-9);
        assert_eq!(after_hints(0.15, u32::MAX), 0.0);
    }

    #[test]
    fn every_gate_says_what_to_do_next_and_blames_nobody() {
        for gate in [Gate::Empty, Gate::TooShort, Gate::EchoedQuestion, Gate::Gibberish] {
            let sentence = gate.sentence();
            assert!(sentence.ends_with(['.', '?']) && sentence.matches(['.', '?']).count() >= 2, "{sentence}");
        }
    }
}
