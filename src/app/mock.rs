//! `/mock`: a mock interview, one stored step at a time. What to do next is computed from what is stored, so a restarted
//! process goes on where the last one stopped.

mod answers;
mod judging;

use crate::domain::bank::Wanted;
use crate::domain::ids::{ChannelId, MessageId, Slug};
use crate::domain::interview::{
    Answer, AnswerSource, FinishReason, Interview, Plan, Proposal, Scorecard, Step, Style, Turn, TurnKind, Wish, plan,
    scorecard,
};
use crate::domain::question::Question;
use crate::domain::taxonomy::{Level, Track};
use crate::store::{Choosing, InterviewRow, NewInterview, NewTurn, TurnRow};
use jiff::{SignedDuration, Timestamp};

pub use answers::{Heard, Taken};

use super::{App, Result, Who, new_id, refuse};

/// The length of an interview, in minutes, unless asked otherwise.
pub const DEFAULT_MINUTES: u32 = 30;

/// The shortest and the longest interview, in minutes.
pub const MINUTES: std::ops::RangeInclusive<u32> = 10..=90;

/// How many past interviews keep their questions from coming back at once.
const RECENT_INTERVIEWS: u32 = 3;

/// Who speaks when no model does.
pub const BANK: &str = "bank";

/// What a member asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MockForm {
    /// What it is about.
    pub track: Track,
    /// A skill or skill group, as typed.
    pub topic: Option<String>,
    /// How senior the role is; the profile's level, else mid, when absent.
    pub level: Option<Level>,
    /// The length in minutes.
    pub minutes: u32,
    /// When feedback comes.
    pub style: Style,
}

/// What the surface must do next for an interview.
#[derive(Debug, Clone)]
pub enum ToDo {
    /// Nothing: the candidate has the word, or all is done.
    Nothing,
    /// Show a turn, then say that it is shown.
    Ask(Box<Asking>),
    /// Show the scorecard, then say that it is shown.
    Score(Box<InterviewRow>),
}

/// A turn to show.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The interview.
    pub interview: InterviewRow,
    /// The turn.
    pub turn: NewTurn,
    /// When it was decided; one from before this process began may have been shown already.
    pub asked_at: Timestamp,
    /// Which planned question it belongs to, from 1, and how many there are.
    pub place: (usize, usize),
}

impl App {
    /// Plans an interview for someone who has none running.
    pub async fn plan_mock(&self, who: Who, form: &MockForm) -> Result<Plan> {
        self.refuse_second_mock(who).await?;
        if !MINUTES.contains(&form.minutes) {
            return refuse(format!(
                "A mock interview takes {} to {} minutes. Choose a length in between.",
                MINUTES.start(),
                MINUTES.end()
            ));
        }
        let topics: Vec<Slug> = form.topic.iter().map(|t| self.topic_named(t)).collect::<Result<_>>()?;
        let Choosing { level: practised, rules, .. } = self.store.choosing(who.member, who.server).await?;
        let wanted = Wanted { topics, ..Wanted::default() };
        let track = self.bank.taxonomy.tracks.iter().find(|t| t.slug == form.track);
        let categories = track.map(|t| t.categories.clone()).unwrap_or_default();
        let pool: Vec<&Question> =
            self.bank.pool(&wanted).map(AsRef::as_ref).filter(|q| rules.weight(q, &self.bank.taxonomy) > 0).collect();
        let past = self.store.past_interviews(who.member, RECENT_INTERVIEWS).await?;
        let recent: Vec<Slug> = past.into_iter().flat_map(|i| i.plan.questions).collect();
        let level = form.level.or(practised).unwrap_or(Level::Mid);
        let wish = Wish { track: form.track, style: form.style, level, minutes: form.minutes };
        plan(wish, pool, &categories, &recent, new_id().1).map_or_else(
            || {
                let name = track.map_or(form.track.as_str(), |t| t.name.as_str());
                refuse(format!(
                    "There is no {name} question for that here. Try another track or leave the topic out; moderators \
                     choose this server's topics with /topics."
                ))
            },
            Ok,
        )
    }

    /// Where a past interview of the member's was, and what to ask for to have another like it.
    pub async fn same_mock_again(&self, who: Who, id: &str) -> Result<(ChannelId, MockForm)> {
        let Some(row) = self.store.interview(id).await? else {
            return refuse("That interview is no longer stored. Start another with /mock start.");
        };
        if row.member != who.member {
            return refuse(format!("This was <@{}>’s interview. Start your own with /mock start.", row.member));
        }
        let Plan { track, level, minutes, style, .. } = row.plan;
        Ok((row.channel, MockForm { track, topic: None, level: Some(level), minutes, style }))
    }

    /// Begins a planned interview in its thread. The first question is stored before anyone sees it.
    pub async fn begin_mock(&self, who: Who, channel: ChannelId, thread: ChannelId, plan: Plan) -> Result<String> {
        let Step::Ask(first) = Interview::start(plan.clone()).next(&self.bank) else {
            return refuse("The planned questions have just left the bank. Run /mock start once more.");
        };
        let (id, _) = new_id();
        let new = NewInterview { id: id.clone(), member: who.member, server: who.server, channel, thread, plan };
        let first = turn_of(&first, first.text.clone(), BANK.to_owned(), None);
        if !self.store.begin_interview(&new, &first, self.clock.now()).await? {
            self.refuse_second_mock(who).await?;
            return refuse("You already have a mock interview running. End it with /mock end, then start another.");
        }
        Ok(id)
    }

    /// Does what can be done without the surface, and says what the surface must do.
    pub async fn advance_mock(&self, id: &str) -> Result<ToDo> {
        loop {
            let Some(row) = self.store.interview(id).await? else { return Ok(ToDo::Nothing) };
            if row.ended_at.is_some() {
                return Ok(if row.scorecard_posted { ToDo::Nothing } else { ToDo::Score(Box::new(row)) });
            }
            let turns = self.store.turns(id).await?;
            // Whoever answered a turn has seen it, even if Discord's word that it is posted got lost.
            if let Some(unshown) = turns.last().filter(|t| t.message.is_none() && t.answer.is_none()) {
                return Ok(ToDo::Ask(Box::new(asking(&row, unshown))));
            }
            let interview = match resume(&row, &turns, false) {
                Ok(interview) => interview,
                Err(damage) => {
                    tracing::error!(interview = id, %damage, "an interview cannot go on; it ends with what is readable");
                    self.end_interview(&row).await?;
                    continue;
                }
            };
            match interview.next(&self.bank) {
                Step::AwaitAnswer { .. } => return Ok(ToDo::Nothing),
                Step::Judge { seq } => self.judge(&row, interview, seq).await?,
                Step::Ask(next) => {
                    let turn = turn_of(&next, next.text.clone(), BANK.to_owned(), None);
                    self.store.add_turn(id, &turn, self.clock.now()).await?;
                }
                Step::Finish { reason, .. } => self.finish(&row, &interview, reason).await?,
            }
        }
    }

    /// Ends the member's running interview. The scorecard is then owed to its thread.
    pub async fn end_mock(&self, who: Who) -> Result<InterviewRow> {
        let Some(row) = self.store.running_interview(who.member).await? else {
            return refuse("You have no mock interview running. Start one with /mock start.");
        };
        self.end_interview(&row).await?;
        Ok(row)
    }

    /// Ends an interview now, whatever it was waiting for. An answer nobody has judged yet is judged without a model:
    /// whoever ends an interview wants the scorecard, not another wait. Of a damaged record, the sound turns at its
    /// beginning count: nobody is kept in an interview that can neither go on nor end.
    pub async fn end_interview(&self, row: &InterviewRow) -> Result<()> {
        let turns = self.store.turns(&row.id).await?;
        let sound = (0..=turns.len()).rev().find_map(|n| resume(row, turns.get(..n)?, true).ok());
        let mut interview = sound.unwrap_or_else(|| Interview::start(row.plan.clone()));
        if let Step::Judge { seq } = interview.next(&self.bank) {
            let grade = self.grade_without_model(&interview, seq)?;
            self.store.judged(&row.id, seq, &grade, None, self.clock.now()).await?;
            interview = interview.judge(seq, grade).map_err(|e| anyhow::anyhow!("an unjudged turn: {e}"))?;
        }
        self.finish(row, &interview, FinishReason::Ended).await
    }

    /// The member's running interview, to go back to, with the turn that waits for an answer.
    pub async fn running_mock(&self, who: Who) -> Result<(InterviewRow, Option<Asking>)> {
        let Some(row) = self.store.running_interview(who.member).await? else {
            return refuse("You have no mock interview running. Start one with /mock start.");
        };
        let turns = self.store.turns(&row.id).await?;
        let waiting = turns.last().filter(|t| t.answer.is_none()).map(|t| asking(&row, t));
        Ok((row, waiting))
    }

    /// One interview.
    pub async fn interview(&self, id: &str) -> Result<Option<InterviewRow>> {
        Ok(self.store.interview(id).await?)
    }

    /// The interview in that thread.
    pub async fn interview_in(&self, thread: ChannelId) -> Result<Option<InterviewRow>> {
        Ok(self.store.interview_in(thread).await?)
    }

    /// The member's past interviews, newest first.
    pub async fn past_mocks(&self, who: Who, limit: u32) -> Result<Vec<InterviewRow>> {
        Ok(self.store.past_interviews(who.member, limit).await?)
    }

    /// A turn is shown.
    pub async fn turn_shown(&self, id: &str, seq: u32, message: MessageId) -> Result<()> {
        Ok(self.store.turn_posted(id, seq, message).await?)
    }

    /// The scorecard is shown, or there is nowhere left to show it.
    pub async fn scorecard_shown(&self, id: &str) -> Result<()> {
        Ok(self.store.scorecard_posted(id).await?)
    }

    /// The step failed; it is tried again after 2 s, 4 s, 8 s … up to 5 minutes.
    pub async fn mock_delayed(&self, id: &str) -> Result<()> {
        let tries = self.store.interview_tries(id).await?;
        let wait = SignedDuration::from_secs((2_i64 << tries.clamp(0, 8)).min(300));
        let at = self.clock.now().saturating_add(wait).unwrap_or(Timestamp::MAX);
        Ok(self.store.retry_interview(id, at).await?)
    }

    /// Interviews with something to do now.
    pub async fn pending_mocks(&self, limit: u32) -> Result<Vec<String>> {
        Ok(self.store.pending_interviews(self.clock.now(), limit).await?)
    }

    async fn refuse_second_mock(&self, who: Who) -> Result<()> {
        match self.store.running_interview(who.member).await? {
            Some(running) => refuse(format!(
                "You already have a mock interview running in <#{}>. Go on there, or end it with /mock end.",
                running.thread
            )),
            None => Ok(()),
        }
    }

    async fn finish(&self, row: &InterviewRow, interview: &Interview, reason: FinishReason) -> Result<()> {
        self.record_questions(row, interview, None).await?;
        let card: Scorecard = scorecard(interview, &self.bank);
        let reason = match reason {
            FinishReason::Ended => "ended by the candidate",
            FinishReason::PlanDone => "every planned question was asked",
            FinishReason::NothingLeft => "its questions have left the bank",
        };
        self.store.end_interview(&row.id, reason, &card, self.clock.now()).await?;
        Ok(())
    }
}

/// The stored rows as the domain's interview.
fn resume(row: &InterviewRow, turns: &[TurnRow], ended: bool) -> Result<Interview> {
    let turns = turns.iter().map(domain_turn).collect();
    let interview = Interview::resume(row.plan.clone(), turns, ended);
    interview.map_err(|e| anyhow::anyhow!("interview {}: {e}", row.id).into())
}

fn domain_turn(row: &TurnRow) -> Turn {
    let kind = row.turn.point.clone().map_or(TurnKind::Opening, |point| TurnKind::Probe { point });
    let answer = row.answer.as_ref().map(|(text, at, source)| Answer {
        text: text.clone(),
        at: *at,
        source: answers::source_kind(source).unwrap_or(AnswerSource::Message),
    });
    Turn {
        seq: row.turn.seq,
        question: row.turn.question.clone(),
        kind,
        asked: row.turn.asked.clone(),
        answer,
        judged: row.grade.clone(),
    }
}

fn turn_of(proposal: &Proposal, asked: String, asked_by: String, feedback: Option<String>) -> NewTurn {
    let point = match &proposal.kind {
        TurnKind::Opening => None,
        TurnKind::Probe { point } => Some(point.clone()),
    };
    NewTurn { seq: proposal.seq, question: proposal.question.clone(), point, asked, asked_by, feedback }
}

fn asking(row: &InterviewRow, turn: &TurnRow) -> Asking {
    let questions = &row.plan.questions;
    let at = questions.iter().position(|q| q == &turn.turn.question).map_or(1, |at| at + 1);
    Asking { interview: row.clone(), turn: turn.turn.clone(), asked_at: turn.asked_at, place: (at, questions.len()) }
}
