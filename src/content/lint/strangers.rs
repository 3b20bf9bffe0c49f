//! Each question against the strong answers of the others in its category: cues so common that a good answer to
//! something else meets them teach nothing.

use super::super::faults::Faults;
use super::super::parse::Draft;
use crate::domain::question::Question;
use crate::grading::{Grader, Reading};

/// The most that another question's strong answer may score.
pub(in crate::content) const MOST: f64 = 0.30;

/// How many of a question's worst strangers are named.
const NAMED: usize = 3;

/// Grades every strong answer as an answer to every other question of its category: for each question, in order, the
/// score and the index of whose answer it was, the highest first.
pub(in crate::content) fn scores(questions: &[&Question], grader: &Grader) -> Vec<Vec<(f64, usize)>> {
    let answers: Vec<Reading> = questions.iter().map(|question| Reading::of(&question.strong_answer)).collect();
    let of = |question: &&Question| {
        let strangers = questions
            .iter()
            .enumerate()
            .filter(|(_, other)| other.category == question.category && other.slug != question.slug);
        let score = |at: usize| grader.grade_reading(question, &answers[at]).map_or(0.0, |grade| grade.score);
        let mut scores: Vec<(f64, usize)> = strangers.map(|(at, _)| (score(at), at)).collect();
        scores.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
        scores
    };
    questions.iter().map(of).collect()
}

/// Reports the questions that a stranger's answer would pass.
pub(super) fn check(sound: &[&Draft], grader: &Grader, faults: &mut Faults) {
    let questions: Vec<&Question> = sound.iter().map(|draft| &draft.question).collect();
    for (draft, scores) in sound.iter().zip(scores(&questions, grader)) {
        for (score, other) in scores.into_iter().take_while(|(score, _)| *score > MOST).take(NAMED) {
            let other = &questions[other].slug;
            let what = format!("the strong answer of {other} scores {score:.2} here; the limit is {MOST:.2} or less");
            let remedy = "narrow the cues it meets: phrases that belong to this point instead of single common words";
            faults.add(&draft.file, draft.line("rubric 1"), what, remedy);
        }
    }
}
