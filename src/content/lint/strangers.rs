//! Each question against the strong answers of the others in its category: cues so common that a good answer to
//! something else meets them teach nothing.

use super::super::faults::Faults;
use super::super::parse::Draft;
use crate::grading::{Grader, Reading};

/// The most that another question's strong answer may score.
const STRANGER_MOST: f64 = 0.30;

/// How many of a question's worst strangers are named.
const NAMED: usize = 3;

/// Grades every strong answer as an answer to every other question of its category.
pub(super) fn check(sound: &[&Draft], grader: &Grader, faults: &mut Faults) {
    let answers: Vec<(&Draft, Reading)> =
        sound.iter().map(|draft| (*draft, Reading::of(&draft.question.strong_answer))).collect();
    for draft in sound {
        let question = &draft.question;
        let strangers = answers
            .iter()
            .filter(|(other, _)| other.question.category == question.category && other.question.slug != question.slug);
        let score = |answer: &Reading| grader.grade_reading(question, answer).map_or(0.0, |grade| grade.score);
        let mut over: Vec<(f64, &Draft)> = strangers
            .map(|(other, answer)| (score(answer), *other))
            .filter(|(score, _)| *score > STRANGER_MOST)
            .collect();
        over.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.file.cmp(&y.file)));
        for (score, other) in over.into_iter().take(NAMED) {
            let what = format!(
                "the strong answer of {} scores {score:.2} here; the limit is {STRANGER_MOST:.2} or less",
                other.question.slug
            );
            let remedy = "narrow the cues it meets: phrases that belong to this point instead of single common words";
            faults.add(&draft.file, draft.line("rubric 1"), what, remedy);
        }
    }
}
