//! What must happen next in an interview. Leaves out doing it.

use super::{Interview, MAX_PROBES, PROBE_BELOW, Turn, TurnKind, merge};
use crate::domain::bank::Bank;
use crate::domain::ids::Slug;
use crate::domain::question::{Question, RubricPoint};

/// What must happen next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The candidate has the word.
    AwaitAnswer {
        /// The turn that waits.
        seq: u32,
    },
    /// An answer wants its grade.
    Judge {
        /// The turn whose answer it is.
        seq: u32,
    },
    /// The interviewer has the word.
    Ask(Proposal),
    /// Nothing is left to ask.
    Finish {
        /// Why.
        reason: FinishReason,
        /// Planned questions at the end that were not asked because they have left the bank.
        retired: Vec<Slug>,
    },
}

/// What to ask, in the bank's words. A model may reword it; question and kind stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The turn's number.
    pub seq: u32,
    /// The planned question.
    pub question: Slug,
    /// What the turn asks for.
    pub kind: TurnKind,
    /// The bank's words: the question's prompt or the point's probe.
    pub text: String,
    /// Planned questions that this one is asked instead of, because they have left the bank. Each is named once.
    pub retired: Vec<Slug>,
}

/// Why an interview is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishReason {
    /// The member ended it.
    Ended,
    /// Every planned question was asked.
    PlanDone,
    /// Nothing was asked, and none of the planned questions is in the bank any more.
    NothingLeft,
}

impl Interview {
    /// What must happen next, from the plan, the turns and the bank alone. An answer to a question that has left the
    /// bank meanwhile cannot be graded: it stays, and the interview goes on.
    #[must_use]
    pub fn next(&self, bank: &Bank) -> Step {
        if let Some(last) = self.turns.last() {
            let question = bank.get(last.question.as_str());
            if last.answer.is_some() && last.judged.is_none() && question.is_some() {
                return Step::Judge { seq: last.seq };
            }
            if !self.ended {
                if last.answer.is_none() {
                    return Step::AwaitAnswer { seq: last.seq };
                }
                if let Some((question, point)) = question.and_then(|q| Some((q, self.worth_a_probe(q, bank)?))) {
                    let kind = TurnKind::Probe { point: point.id.clone() };
                    return Step::Ask(self.proposal(question, kind, point.probe.clone(), Vec::new()));
                }
            }
        }
        let opening = self.to_come(bank).next();
        let retired = self.passed_over(opening.map(|q| &q.slug), bank);
        if self.ended {
            return Step::Finish { reason: FinishReason::Ended, retired };
        }
        match opening {
            Some(question) => Step::Ask(self.proposal(question, TurnKind::Opening, question.prompt.clone(), retired)),
            None if self.turns.is_empty() => Step::Finish { reason: FinishReason::NothingLeft, retired },
            None => Step::Finish { reason: FinishReason::PlanDone, retired },
        }
    }

    fn proposal(&self, question: &Question, kind: TurnKind, text: String, retired: Vec<Slug>) -> Proposal {
        Proposal { seq: self.next_seq(), question: question.slug.clone(), kind, text, retired }
    }

    /// The weakest point of the question as answered so far, when it is weak enough and a probe fits the allowance.
    fn worth_a_probe<'q>(&self, question: &'q Question, bank: &Bank) -> Option<&'q RubricPoint> {
        let turns: Vec<&Turn> = self.turns.iter().filter(|turn| turn.question == question.slug).collect();
        let probes = turns.iter().filter(|turn| matches!(turn.kind, TurnKind::Probe { .. })).count();
        let turns_kept = 2 * self.to_come(bank).count();
        if probes >= MAX_PROBES || self.turns.len() + 1 + turns_kept > self.plan.turns_allowed() {
            return None;
        }
        let merged = merge(question, turns.iter().filter_map(|turn| turn.judged.as_ref()))?;
        let point = merged.weakest(question, |id| {
            self.has_asked(&question.slug, &TurnKind::Probe { point: id.clone() })
                || question.point(id.as_str()).is_some_and(|point| self.has_said_in_bank_words(&point.probe, bank))
        })?;
        let score = merged.points.iter().find(|p| p.id == point.id)?.score;
        (score < PROBE_BELOW).then_some(point)
    }

    /// The planned questions that are still to be asked, in order.
    fn to_come<'a>(&'a self, bank: &'a Bank) -> impl Iterator<Item = &'a Question> {
        self.unasked()
            .filter_map(|slug| bank.get(slug.as_str()).map(AsRef::as_ref))
            .filter(|question| !self.has_said_in_bank_words(&question.prompt, bank))
    }

    fn unasked(&self) -> impl Iterator<Item = &Slug> {
        self.plan.questions.iter().filter(|slug| !self.has_asked(slug, &TurnKind::Opening))
    }

    /// The planned questions that have left the bank, from the last one that was asked up to `next`, or to the plan's end.
    fn passed_over(&self, next: Option<&Slug>, bank: &Bank) -> Vec<Slug> {
        let planned = &self.plan.questions;
        let asked = planned.iter().rposition(|slug| self.has_asked(slug, &TurnKind::Opening)).map_or(0, |at| at + 1);
        let next = next.and_then(|next| planned.iter().position(|slug| slug == next)).unwrap_or(planned.len());
        let between = planned.iter().take(next).skip(asked);
        between.filter(|slug| bank.get(slug.as_str()).is_none()).cloned().collect()
    }

    /// Whether these words of the bank were used before, as they are or as the source of reworded ones.
    fn has_said_in_bank_words(&self, text: &str, bank: &Bank) -> bool {
        self.has_said(text)
            || self.turns.iter().any(|turn| {
                bank.get(turn.question.as_str()).is_some_and(|question| match &turn.kind {
                    TurnKind::Opening => question.prompt == text,
                    TurnKind::Probe { point } => question.point(point.as_str()).is_some_and(|p| p.probe == text),
                })
            })
    }
}
