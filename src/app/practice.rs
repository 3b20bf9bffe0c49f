//! `/question` and what its buttons do: pick, hint, reveal, skip, answer, retry, share.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::SignedDuration;

use super::profile::practice_day;
use super::progress::streak_of;
use super::{App, Error, Result, Who, new_id, refuse};
use crate::domain::bank::Wanted;
use crate::domain::grade::{Gate, Grade, after_hints};
use crate::domain::ids::Slug;
use crate::domain::mastery::weight_at;
use crate::domain::question::{Question, RubricPoint};
use crate::domain::selection::{Context, Seen, select};
use crate::domain::streak::Streak;
use crate::store::{Attempt, Choosing, NewAttempt, NewServing, Recorded, SoFar};

/// How long a question stays away after it was shown, while others remain.
const REPEAT_AFTER: SignedDuration = SignedDuration::from_hours(24 * 14);

/// The longest answer, in characters: what Discord's modal holds.
pub const ANSWER_MAX: usize = 4_000;

/// A question picked for someone.
#[derive(Debug, Clone)]
pub struct Served {
    /// The showing, to be recorded once it is shown.
    pub serving: NewServing,
    /// What to ask.
    pub question: Arc<Question>,
    /// Why this one, in a sentence.
    pub reason: String,
}

/// A showing that someone acts on: which, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Showing {
    /// The serving's id.
    pub serving: String,
    /// The question.
    pub question: Slug,
}

/// A hint, and what it costs.
#[derive(Debug, Clone)]
pub struct Hint {
    /// What helps.
    pub text: String,
    /// Which hint of this showing it is, from 1.
    pub number: u32,
    /// How many there are.
    pub of: usize,
}

/// An answer that was graded and stored.
#[derive(Debug, Clone)]
pub struct Graded {
    /// The attempt's id.
    pub attempt: String,
    /// The showing it answers; none for an interview's.
    pub serving: Option<String>,
    /// The question.
    pub question: Arc<Question>,
    /// What each point earned.
    pub grade: Grade,
    /// The score after hints, 0 to 1.
    pub score: f64,
    /// Hints taken before it.
    pub hints: u32,
    /// The score of the attempt before this one at the same showing.
    pub previous: Option<f64>,
    /// Whether it counts. Not after a reveal.
    pub counts: bool,
    /// The rubric point to think about next.
    pub follow_up: Option<RubricPoint>,
    /// The member's streak with this answer.
    pub streak: Streak,
}

/// What became of an answer.
#[derive(Debug, Clone)]
pub enum Answered {
    /// Turned away before grading; nothing stored.
    TurnedAway(Gate),
    /// Graded and stored.
    Graded(Box<Graded>),
}

impl App {
    /// Picks the question most worth answering next, among what was asked for and the server allows.
    pub async fn pick_question(&self, who: Who, wanted: &Wanted) -> Result<Served> {
        self.pick(who, wanted, None).await
    }

    /// Picks another question than the one skipped, which may have been shown a moment ago and not be stored yet.
    pub async fn pick_another(&self, who: Who, skipped: &Slug) -> Result<Served> {
        self.pick(who, &Wanted::default(), Some(skipped)).await
    }

    async fn pick(&self, who: Who, wanted: &Wanted, skipped: Option<&Slug>) -> Result<Served> {
        let now = self.clock.now();
        let Choosing { level, rules, questions, skills } = self.store.choosing(who.member, who.server).await?;
        let candidates: Vec<(&Question, u8)> = self
            .bank
            .pool(wanted)
            .map(|q| (q.as_ref(), rules.weight(q, &self.bank.taxonomy)))
            .filter(|(_, weight)| *weight > 0)
            .collect();
        if candidates.is_empty() {
            return refuse(self.why_nothing_fits(wanted));
        }
        let mut seen: HashMap<Slug, Seen> =
            questions.into_iter().map(|s| (s.question, Seen { at: s.last_seen, score: s.last_score })).collect();
        seen.extend(skipped.map(|slug| (slug.clone(), Seen { at: now, score: None })));
        let context = Context { level, mastery: &skills, seen: &seen, now, window: REPEAT_AFTER };
        let (id, seed) = new_id();
        let choice = select(candidates, &context, seed)
            .ok_or_else(|| anyhow::anyhow!("selection found nothing in a pool that is not empty"))?;
        Ok(Served {
            question: self.question(choice.question.as_str())?,
            serving: NewServing { id, member: Some(who.member), server: who.server, question: choice.question },
            reason: choice.reason.sentence(&self.bank.taxonomy),
        })
    }

    /// Serves one question by name.
    pub fn serve_question(&self, who: Who, question: &Slug) -> Result<Served> {
        let question = self.question(question.as_str())?;
        let serving = NewServing {
            id: new_id().0,
            member: Some(who.member),
            server: who.server,
            question: question.slug.clone(),
        };
        Ok(Served { serving, question, reason: String::new() })
    }

    /// Records that a picked question was shown.
    pub async fn question_shown(&self, served: &Served) -> Result<()> {
        Ok(self.store.record_serving(&served.serving, self.clock.now()).await?)
    }

    /// The question of that slug, which an old button may name long after it has left the bank.
    pub fn question(&self, slug: &str) -> Result<Arc<Question>> {
        self.bank.get(slug).cloned().ok_or_else(|| {
            Error::User("That question has been retired from the bank. Use /question for a current one.".to_owned())
        })
    }

    /// Gives the next hint, the vital points first.
    pub async fn hint(&self, who: Who, showing: &Showing) -> Result<Hint> {
        let question = self.question(showing.question.as_str())?;
        let mut points: Vec<&RubricPoint> = question.rubric.iter().collect();
        points.sort_by_key(|p| std::cmp::Reverse(p.weight));
        let ids: Vec<Slug> = points.iter().map(|p| p.id.clone()).collect();
        let taken = self.store.take_hint(&showing.serving, who.member, &ids, self.clock.now()).await?;
        let Some((point, number)) = taken else {
            return refuse(
                "You have had every hint for this question. Give it a try: a part of the answer earns points too.",
            );
        };
        let text = question.point(point.as_str()).map(|p| p.hint.clone()).unwrap_or_default();
        Ok(Hint { text, number, of: question.rubric.len() })
    }

    /// Shows the model answer on request. Before an attempt that forfeits the showing: answers to it count for nothing
    /// from then on, which the flag says. After one it is the member's to read.
    pub async fn reveal(&self, who: Who, showing: &Showing) -> Result<(Arc<Question>, bool)> {
        let question = self.question(showing.question.as_str())?;
        let forfeits = self.store.so_far(&showing.serving, who.member).await?.last.is_none();
        if forfeits {
            self.store.record_reveal(&showing.serving, who.member, self.clock.now()).await?;
        }
        Ok((question, forfeits))
    }

    /// Grades an answer and stores the attempt. `source` names the event it came from, so that a repeated event is
    /// the same attempt.
    pub async fn answer(&self, who: Who, showing: &Showing, source: &str, text: &str) -> Result<Answered> {
        let question = self.question(showing.question.as_str())?;
        let grade = match self.grader.grade(&question, text) {
            Ok(grade) => grade,
            Err(gate) => return Ok(Answered::TurnedAway(gate)),
        };
        let now = self.clock.now();
        let SoFar { last: before, hints, revealed } = self.store.so_far(&showing.serving, who.member).await?;
        let mut standing = self.store.standing(who.member, who.server).await?;
        let (local_date, zone) = practice_day(&standing, now);
        let new = NewAttempt {
            id: new_id().0,
            source: source.to_owned(),
            serving: Some(showing.serving.clone()),
            interview: None,
            member: who.member,
            server: who.server,
            question: question.slug.clone(),
            answer: Some(text.to_owned()),
            score: after_hints(grade.score, hints),
            grade,
            hints,
            counts: !revealed,
            answered_at: now,
            zone,
            local_date,
        };
        // Only the first try at a showing says what someone knew; after it they have read the result.
        let trains = if before.is_none() && !revealed { trained_by(&question) } else { Vec::new() };
        let attempt = match self.store.record_attempt(&new, &trains).await? {
            Recorded::New => {
                match standing.practice_dates.binary_search(&local_date) {
                    Err(place) if new.counts => standing.practice_dates.insert(place, local_date),
                    _ => {}
                }
                stored(new)
            }
            Recorded::Already(attempt) => {
                // The twin of this event was stored after the standing was read.
                standing = self.store.standing(who.member, who.server).await?;
                *attempt
            }
        };
        let previous = before.filter(|(id, _)| *id != attempt.id).map(|(_, score)| score);
        Ok(Answered::Graded(Box::new(graded(question, attempt, previous, streak_of(&standing, now)))))
    }

    /// A stored attempt of this member, for showing it again or sharing it.
    pub async fn graded_attempt(&self, who: Who, id: &str) -> Result<Graded> {
        let Some(attempt) = self.store.attempt(id).await? else {
            return refuse("That result is no longer stored. Use /question for a new one.");
        };
        if attempt.member != who.member {
            return refuse("That result is someone else's. Use /question to get your own.");
        }
        let question = self.question(attempt.question.as_str())?;
        let standing = self.store.standing(who.member, who.server).await?;
        Ok(graded(question, attempt, None, streak_of(&standing, self.clock.now())))
    }

    fn why_nothing_fits(&self, wanted: &Wanted) -> String {
        let name = |slug: &Slug| self.bank.taxonomy.name_of(slug.as_str()).to_owned();
        let mut wishes: Vec<String> = wanted.topics.iter().map(|t| format!("topic {}", name(t))).collect();
        wishes.extend(wanted.categories.iter().map(|c| format!("category {}", name(c))));
        wishes.extend(wanted.levels.iter().map(|l| format!("level {l}")));
        if self.bank.pool(wanted).next().is_none() {
            format!("The bank has no question for {}. Leave one of these out, or choose another.", wishes.join(", "))
        } else if wishes.is_empty() {
            "This server's topics leave no question. A moderator can change them with /topics.".to_owned()
        } else {
            format!(
                "This server's topics leave no question for {}. Leave one of these out, or ask a moderator to change \
                 /topics.",
                wishes.join(", ")
            )
        }
    }
}

/// The skills an answer to this question says something about, with how much.
pub(super) fn trained_by(question: &Question) -> Vec<(Slug, f64)> {
    question.skills.iter().enumerate().map(|(place, skill)| (skill.clone(), weight_at(place))).collect()
}

fn graded(question: Arc<Question>, attempt: Attempt, previous: Option<f64>, streak: Streak) -> Graded {
    Graded {
        attempt: attempt.id,
        serving: attempt.serving,
        follow_up: attempt.grade.weakest(&question, |_| false).cloned(),
        question,
        grade: attempt.grade,
        score: attempt.score,
        hints: attempt.hints,
        previous,
        counts: attempt.counts,
        streak,
    }
}

fn stored(new: NewAttempt) -> Attempt {
    Attempt {
        id: new.id,
        member: new.member,
        question: new.question,
        serving: new.serving,
        grade: new.grade,
        hints: new.hints,
        score: new.score,
        counts: new.counts,
    }
}
