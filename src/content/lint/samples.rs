//! The rubric against the samples: cues that work, probes that do not give away, a grader that tells good from bad.

use super::super::faults::Faults;
use super::super::parse::Draft;
use super::strangers;
use crate::domain::bank::Bank;
use crate::domain::taxonomy::Taxonomy;
use crate::grading::{self, Grader};

/// The least that the strong answer must score.
const STRONG_LEAST: f64 = 0.70;
/// The most that the weak answer may score.
const WEAK_MOST: f64 = 0.40;
/// The least that must lie between the two.
const GAP_LEAST: f64 = 0.40;

/// Grades both samples of every sound question.
pub(super) fn check(drafts: &[Draft], taxonomy: &Taxonomy, faults: &mut Faults) {
    let sound: Vec<&Draft> = drafts.iter().filter(|d| d.sound).collect();
    let bank = Bank::new(taxonomy.clone(), sound.iter().map(|d| d.question.clone()).collect());
    let grader = Grader::new(&bank);
    strangers::check(&sound, &grader, faults);
    for draft in sound {
        cues(draft, &grader, faults);
        probes(draft, faults);
        separation(draft, &grader, faults);
    }
}

/// Every cue is met by the strong answer: one that is not is mistyped, too narrow, or an idea the answer lacks.
fn cues(draft: &Draft, grader: &Grader, faults: &mut Faults) {
    let question = &draft.question;
    let met = grader.cues_met(question, &question.strong_answer);
    for (index, (point, met)) in question.rubric.iter().zip(met).enumerate() {
        for (cue, _) in point.cues.iter().zip(met).filter(|(_, met)| !met) {
            let place = format!("rubric {}", index + 1);
            let what =
                format!("{place} (`{}`): the strong answer never meets the cue \"{}\"", point.id, cue.0.join(" / "));
            let remedy = "add the words people use, without a \"not\" before them; words of the question count only \
                          beside three of the answer's own in a sentence";
            faults.add(&draft.file, draft.line(&format!("{place} cues")), what, remedy);
        }
    }
}

/// A probe leads to its point without saying it.
fn probes(draft: &Draft, faults: &mut Faults) {
    for (index, point) in draft.question.rubric.iter().enumerate() {
        for alternative in point.cues.iter().flat_map(|cue| &cue.0) {
            if grading::says(&point.probe, alternative) {
                let place = format!("rubric {}", index + 1);
                let what = format!("{place} (`{}`): the probe gives away its cue \"{alternative}\"", point.id);
                let remedy = "ask for it in other words, or drop the alternative";
                faults.add(&draft.file, draft.line(&format!("{place} probe")), what, remedy);
            }
        }
    }
}

fn separation(draft: &Draft, grader: &Grader, faults: &mut Faults) {
    let question = &draft.question;
    let samples = [("Strong answer", &question.strong_answer), ("Weak answer", &question.weak_answer)];
    let mut scores = [0.0; 2];
    for ((heading, text), score) in samples.into_iter().zip(&mut scores) {
        match grader.grade(question, text) {
            Ok(grade) => *score = grade.score,
            Err(gate) => {
                let what = format!("`## {heading}` does not pass the effort gate ({gate:?})");
                faults.add(&draft.file, draft.line(heading), what, "write what a person would say");
                return;
            }
        }
    }
    let [strong, weak] = scores;
    let line = draft.line("Strong answer");
    if strong < STRONG_LEAST {
        let what = format!("the strong answer scores {strong:.2}; the limit is {STRONG_LEAST:.2} or more");
        faults.add(&draft.file, line, what, "say what the rubric asks for, or widen the cues");
    }
    if weak > WEAK_MOST {
        let what = format!("the weak answer scores {weak:.2}; the limit is {WEAK_MOST:.2} or less");
        faults.add(&draft.file, draft.line("Weak answer"), what, "narrow the cues that it meets by chance");
    }
    if strong - weak < GAP_LEAST {
        let what =
            format!("{:.2} lies between the samples' scores; the limit is {GAP_LEAST:.2} or more", strong - weak);
        faults.add(&draft.file, line, what, "make the rubric ask for what the weak answer lacks");
    }
}
