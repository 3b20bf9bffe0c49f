//! Judging an answer: by the model when there is one that answers sensibly in time, else by the deterministic grader.
//! Either way the domain decides what may be asked next.

use std::sync::Arc;

use anyhow::Context as _;

use super::{BANK, turn_of};
use crate::app::practice::trained_by;
use crate::app::profile::practice_day;
use crate::app::{App, Result, new_id};
use crate::domain::grade::{Grade, POINT_MAX};
use crate::domain::ids::Slug;
use crate::domain::interview::{Interview, MAX_PROBES, Proposal, Step, Style, Turn, TurnKind, merge};
use crate::domain::question::Question;
use crate::grading;
use crate::llm::{InterviewTurn, Judged, Next, Said, Speaker};
use crate::store::{InterviewRow, NewAttempt, NewTurn};

impl App {
    /// Judges the answer to turn `seq` and stores the grade with the turn that follows.
    pub(super) async fn judge(&self, row: &InterviewRow, interview: Interview, seq: u32) -> Result<()> {
        let question = self.question_of(&interview, seq)?;
        let judged = self.ask_model(row, &interview, &question, seq).await;
        let grade = match &judged {
            Some(judged) => judged.grade.clone(),
            None => self.grade_without_model(&interview, seq)?,
        };
        let feedback = match (row.plan.style, &judged) {
            (Style::Pressure, _) => None,
            (Style::Coached, Some(judged)) => judged.feedback.clone(),
            (Style::Coached, None) => Some(coverage(&interview, &question, &grade)),
        };
        let interview = interview.judge(seq, grade.clone()).context("judging a turn that waits for it")?;
        let next = match interview.next(&self.bank) {
            Step::Ask(proposal) => Some(self.next_turn(&interview, &proposal, judged, feedback)),
            _ => None,
        };
        // What is finished counts before the next thing is asked; done twice, it counts once.
        let still_open = next.as_ref().filter(|n| n.point.is_some()).map(|n| n.question.clone());
        self.record_questions(row, &interview, still_open.as_ref()).await?;
        self.store.judged(&row.id, seq, &grade, next.as_ref(), self.clock.now()).await?;
        Ok(())
    }

    /// The deterministic grade of the answer to turn `seq`. What the effort gate would turn away earns nothing here.
    pub(super) fn grade_without_model(&self, interview: &Interview, seq: u32) -> Result<Grade> {
        let question = self.question_of(interview, seq)?;
        let answer = turn(interview, seq)?.answer.as_ref().map_or("", |a| a.text.as_str());
        let nothing = |_| Grade::from_points(&question, grading::NAME, Vec::new(), 1.0);
        Ok(self.grader.grade(&question, answer).unwrap_or_else(nothing))
    }

    /// The turn that follows: the model's probe where the domain allows one, else the bank's words.
    fn next_turn(
        &self,
        interview: &Interview,
        proposal: &Proposal,
        judged: Option<Judged>,
        feedback: Option<String>,
    ) -> NewTurn {
        let bank = |feedback| turn_of(proposal, proposal.text.clone(), BANK.to_owned(), feedback);
        let (TurnKind::Probe { .. }, Some(judged)) = (&proposal.kind, judged) else { return bank(feedback) };
        let by = format!("{} interviewer-{}", judged.grade.grader, judged.prompt_version);
        match judged.next {
            Next::Probe { point, text } => {
                let reworded = Proposal { kind: TurnKind::Probe { point }, ..proposal.clone() };
                // The domain refuses a point or words that were used before.
                match interview.clone().ask(&reworded, text.clone()) {
                    Ok(_) => turn_of(&reworded, text, by, feedback),
                    Err(_) => bank(feedback),
                }
            }
            Next::MoveOn => match self.moved_on(interview, proposal) {
                Some(opening) => turn_of(&opening, opening.text.clone(), BANK.to_owned(), feedback),
                None => bank(feedback),
            },
        }
    }

    /// The next planned question, when the model would leave this one after at least one probe.
    fn moved_on(&self, interview: &Interview, proposal: &Proposal) -> Option<Proposal> {
        (probes(interview, &proposal.question) > 0).then(|| interview.next_opening(&self.bank)).flatten()
    }

    async fn ask_model(
        &self,
        row: &InterviewRow,
        interview: &Interview,
        question: &Question,
        seq: u32,
    ) -> Option<Judged> {
        let answer = &turn(interview, seq).ok()?.answer.as_ref()?.text;
        let turns: Vec<&Turn> = interview.turns().iter().filter(|t| t.question == question.slug).collect();
        let mut conversation = Vec::new();
        for turn in &turns {
            conversation.push(Said { speaker: Speaker::Interviewer, text: turn.asked.clone() });
            if let Some(answer) = turn.answer.as_ref().filter(|_| turn.seq != seq) {
                conversation.push(Said { speaker: Speaker::Candidate, text: answer.text.clone() });
            }
        }
        let probes_left = MAX_PROBES.saturating_sub(probes(interview, &question.slug));
        let request = InterviewTurn {
            track: row.plan.track,
            level: row.plan.level,
            coached: row.plan.style == Style::Coached,
            probes_left: u32::try_from(probes_left).unwrap_or(0),
            question,
            conversation: &conversation,
            answer,
        };
        match self.llm.interview_turn(&request).await {
            Ok(judged) => Some(judged),
            Err(crate::llm::LlmError::Disabled) => None,
            Err(error) => {
                tracing::warn!(interview = %row.id, %error, "the model gave nothing to use; grading without it");
                metrics::counter!("coach_llm_fallbacks_total").increment(1);
                None
            }
        }
    }

    /// Records every judged question of the interview as an attempt, but for one that is still being discussed.
    pub(super) async fn record_questions(
        &self,
        row: &InterviewRow,
        interview: &Interview,
        still_open: Option<&Slug>,
    ) -> Result<()> {
        let standing = self.store.standing(row.member, row.server).await?;
        for slug in row.plan.questions.iter().filter(|slug| Some(*slug) != still_open) {
            let Some(question) = self.bank.get(slug.as_str()) else { continue };
            let turns: Vec<&Turn> = interview.turns().iter().filter(|t| &t.question == slug).collect();
            let Some(grade) = merge(question, turns.iter().filter_map(|t| t.judged.as_ref())) else { continue };
            let Some(answered_at) = turns.iter().filter_map(|t| t.answer.as_ref()).map(|a| a.at).max() else {
                continue;
            };
            let (local_date, zone) = practice_day(&standing, answered_at);
            let attempt = NewAttempt {
                id: new_id().0,
                source: format!("mock:{}:{slug}", row.id),
                serving: None,
                interview: Some(row.id.clone()),
                member: row.member,
                server: row.server,
                question: slug.clone(),
                answer: None,
                score: grade.score,
                grade,
                hints: 0,
                counts: true,
                answered_at,
                zone,
                local_date,
            };
            self.store.record_attempt(&attempt, &trained_by(question)).await?;
        }
        Ok(())
    }

    fn question_of(&self, interview: &Interview, seq: u32) -> Result<Arc<Question>> {
        self.question(turn(interview, seq)?.question.as_str())
    }
}

fn turn(interview: &Interview, seq: u32) -> Result<&Turn> {
    let found = interview.turns().iter().find(|t| t.seq == seq);
    found.ok_or_else(|| anyhow::anyhow!("an interview without its turn {seq}").into())
}

fn probes(interview: &Interview, question: &Slug) -> usize {
    let of_question = interview.turns().iter().filter(|t| &t.question == question);
    of_question.filter(|t| matches!(t.kind, TurnKind::Probe { .. })).count()
}

/// A coach's sentence when no model can write one: how much of the question has been covered.
fn coverage(interview: &Interview, question: &Question, latest: &Grade) -> String {
    let earlier = interview.turns().iter().filter(|t| t.question == question.slug).filter_map(|t| t.judged.as_ref());
    let merged = merge(question, earlier.chain([latest]));
    let points = merged.map(|grade| grade.points).unwrap_or_default();
    let covered = points.iter().filter(|p| p.score == POINT_MAX).count();
    let touched = points.iter().filter(|p| (1..POINT_MAX).contains(&p.score)).count();
    let of = question.rubric.len();
    match (covered, touched) {
        (0, 0) => format!("None of the {of} points this question is graded on has come up yet."),
        (0, _) => format!("You have touched {touched} of the {of} points this question is graded on."),
        (_, 0) => format!("You have covered {covered} of the {of} points this question is graded on."),
        _ => format!(
            "You have covered {covered} of the {of} points this question is graded on, and touched {touched} more."
        ),
    }
}
