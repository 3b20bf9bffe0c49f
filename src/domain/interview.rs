//! The mock interview as a state machine: what was asked and answered, and from that alone what must happen next.
//!
//! An [`Interview`] is its plan and its turns. [`Interview::next`] is a pure function of them and the bank, so a process
//! that was killed and reads the turns back does exactly what the first one would have done. Transitions consume the
//! interview and refuse what cannot follow.
//!
//! Members may be away for days, so time is not measured but budgeted: a length in minutes is an allowance of turns
//! ([`MINUTES_PER_TURN`] each), never less than two for every planned question. Each question may be probed up to
//! [`MAX_PROBES`] times at its weakest rubric point, as long as every question still to come keeps two turns. So every
//! planned question is reached, each weak answer is probed at least once, and the number of turns has a bound
//! ([`Plan::turns_allowed`]).
//!
//! Left out on purpose: who words a question (a model may reword a [`Proposal`]), threads and messages, stages and
//! difficulty that follows the candidate.

mod plan;
mod scorecard;
mod step;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::grade::Grade;
use super::ids::Slug;

pub use plan::{MAX_QUESTIONS, Plan, Style, Wish, plan};
pub use scorecard::{Gap, QuestionScore, Scorecard, SkillScore, Strength, merge, scorecard};
pub use step::{FinishReason, Proposal, Step};

/// The most probes at one question.
pub const MAX_PROBES: usize = 3;

/// What one exchange, a question and its typed answer, takes of an interview's length.
pub const MINUTES_PER_TURN: u32 = 3;

/// A rubric point below this score is worth a probe.
pub const PROBE_BELOW: u8 = 2;

/// What a turn asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TurnKind {
    /// A planned question.
    Opening,
    /// A follow-up at one rubric point of the question before.
    Probe {
        /// The point.
        point: Slug,
    },
}

/// How an answer arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerSource {
    /// The Answer button's form.
    Modal,
    /// A reply to the interviewer's message.
    Reply,
    /// A message that mentions the bot.
    Mention,
    /// A plain message in the thread.
    Message,
    /// Typed into `coach practice`.
    Terminal,
}

/// What the candidate said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The words, untouched.
    pub text: String,
    /// When they arrived.
    pub at: Timestamp,
    /// How they arrived.
    pub source: AnswerSource,
}

/// One exchange.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// 1 for the first.
    pub seq: u32,
    /// The planned question it belongs to.
    pub question: Slug,
    /// What it asks for.
    pub kind: TurnKind,
    /// The words that were shown.
    pub asked: String,
    /// The answer, once there is one.
    pub answer: Option<Answer>,
    /// The answer's grade over the question's whole rubric, once there is one.
    pub judged: Option<Grade>,
}

/// A mock interview at some moment of its life.
#[derive(Debug, Clone, PartialEq)]
pub struct Interview {
    plan: Plan,
    turns: Vec<Turn>,
    ended: bool,
}

/// What cannot happen to an interview as it stands. The sentences are for the member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IllegalTransition {
    /// The interview is over.
    #[error("This interview is over. Start another with /mock start.")]
    Ended,
    /// Nothing was asked that still wants an answer: two answers at once, or an answer to an old question.
    #[error("That question has its answer already. Please answer the newest one.")]
    NotWaiting,
    /// The last question has no answer, or its grade is not in yet.
    #[error("The last question is not finished yet. Please answer it first.")]
    NotFinished,
    /// There is no ungraded answer with that number.
    #[error("There is no answer to grade here. Please carry on with the newest question.")]
    NothingToJudge,
    /// The same question, point or words again.
    #[error("That was asked before. Please carry on with the newest question.")]
    Repeated,
    /// Stored turns that no interview could have had.
    #[error("This interview's record is damaged. Please start another with /mock start.")]
    Damaged,
}

impl Interview {
    /// An interview in which nothing was asked yet.
    #[must_use]
    pub fn start(plan: Plan) -> Self {
        Self { plan, turns: Vec::new(), ended: false }
    }

    /// An interview as it was stored, oldest turn first.
    ///
    /// # Errors
    /// [`IllegalTransition::Damaged`] when the turns are not numbered from 1, one before the last has no answer, one
    /// has a grade but no answer, or a question or a probe comes twice.
    pub fn resume(plan: Plan, turns: Vec<Turn>, ended: bool) -> Result<Self, IllegalTransition> {
        let mut interview = Self { plan, turns: Vec::with_capacity(turns.len()), ended };
        for turn in turns {
            let follows = turn.seq == interview.next_seq()
                && interview.turns.last().is_none_or(|last| last.answer.is_some())
                && (turn.judged.is_none() || turn.answer.is_some())
                && !interview.has_asked(&turn.question, &turn.kind);
            if !follows {
                return Err(IllegalTransition::Damaged);
            }
            interview.turns.push(turn);
        }
        Ok(interview)
    }

    /// Records that `asked` is now put to the candidate for `proposal`.
    ///
    /// # Errors
    /// [`IllegalTransition::Ended`], [`IllegalTransition::NotFinished`] when the last turn waits for its answer or the
    /// proposal is not for the next turn, [`IllegalTransition::Repeated`] when the question, the point or the words
    /// were used before.
    pub fn ask(mut self, proposal: &Proposal, asked: String) -> Result<Self, IllegalTransition> {
        if self.ended {
            return Err(IllegalTransition::Ended);
        }
        if self.waiting().is_some() || proposal.seq != self.next_seq() {
            return Err(IllegalTransition::NotFinished);
        }
        if self.has_asked(&proposal.question, &proposal.kind) || self.has_said(&asked) {
            return Err(IllegalTransition::Repeated);
        }
        let (question, kind) = (proposal.question.clone(), proposal.kind.clone());
        self.turns.push(Turn { seq: proposal.seq, question, kind, asked, answer: None, judged: None });
        Ok(self)
    }

    /// Takes the answer to turn `seq`.
    ///
    /// # Errors
    /// [`IllegalTransition::Ended`], or [`IllegalTransition::NotWaiting`] when that turn is not the one that waits.
    pub fn answer(mut self, seq: u32, answer: Answer) -> Result<Self, IllegalTransition> {
        if self.ended {
            return Err(IllegalTransition::Ended);
        }
        match self.turns.last_mut() {
            Some(turn) if turn.seq == seq && turn.answer.is_none() => turn.answer = Some(answer),
            _ => return Err(IllegalTransition::NotWaiting),
        }
        Ok(self)
    }

    /// Takes the grade of turn `seq`'s answer. An interview that was ended still takes its last grade.
    ///
    /// # Errors
    /// [`IllegalTransition::NothingToJudge`] when that turn is not the last, has no answer, or is graded.
    pub fn judge(mut self, seq: u32, grade: Grade) -> Result<Self, IllegalTransition> {
        match self.turns.last_mut() {
            Some(turn) if turn.seq == seq && turn.answer.is_some() && turn.judged.is_none() => {
                turn.judged = Some(grade);
            }
            _ => return Err(IllegalTransition::NothingToJudge),
        }
        Ok(self)
    }

    /// Ends the interview at the member's wish.
    ///
    /// # Errors
    /// [`IllegalTransition::Ended`] when it is over already.
    pub fn end(mut self) -> Result<Self, IllegalTransition> {
        if self.ended {
            return Err(IllegalTransition::Ended);
        }
        self.ended = true;
        Ok(self)
    }

    /// What it was planned to be.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The exchanges so far, oldest first.
    #[must_use]
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// Whether the member ended it.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// The turn that waits for an answer.
    #[must_use]
    pub fn waiting(&self) -> Option<&Turn> {
        self.turns.last().filter(|turn| turn.answer.is_none())
    }

    fn next_seq(&self) -> u32 {
        self.turns.last().map_or(1, |turn| turn.seq.saturating_add(1))
    }

    fn has_asked(&self, question: &Slug, kind: &TurnKind) -> bool {
        self.turns.iter().any(|turn| &turn.question == question && &turn.kind == kind)
    }

    /// Whether these words were put to the candidate before, whatever their case and white space.
    fn has_said(&self, text: &str) -> bool {
        let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
        let text = words(text);
        self.turns.iter().any(|turn| words(&turn.asked) == text)
    }
}
