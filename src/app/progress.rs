//! `/progress`: the streak, derived from attempts, and the weakest skills with their evidence.

use jiff::Timestamp;

use super::profile::clockwork;
use super::{App, Result, Who};
use crate::domain::ids::{ChannelId, Slug};
use crate::domain::mastery::{Mastery, weakest};
use crate::domain::recurrence::Weekdays;
use crate::domain::streak::{Streak, StreakInput, streak};
use crate::store::{Standing, Totals};

/// How many weak skills are shown.
const WEAKEST_SHOWN: usize = 5;

/// Where a member stands.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Current and best streak, freezes, consistency.
    pub streak: Streak,
    /// When the practice day ends.
    pub day_ends: Timestamp,
    /// How much was answered.
    pub totals: Totals,
    /// The skills that are confidently low, weakest first.
    pub weakest: Vec<Mastery>,
    /// How many skills have evidence.
    pub skills_met: usize,
}

/// The one thing most worth doing next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// Nothing was answered yet.
    FirstQuestion,
    /// An interview waits in that thread.
    Interview(ChannelId),
    /// Today has no answer yet, and a streak of so many days would break.
    KeepStreak(u32),
    /// A skill is weak.
    Practise(Slug),
    /// Nothing presses.
    Mock,
}

impl App {
    /// The one thing most worth doing next.
    pub async fn next_step(&self, who: Who) -> Result<NextStep> {
        if let Some(running) = self.store.running_interview(who.member).await? {
            return Ok(NextStep::Interview(running.thread));
        }
        let progress = self.progress(who).await?;
        let streak = &progress.streak;
        Ok(match progress.weakest.first() {
            _ if progress.totals.attempts == 0 => NextStep::FirstQuestion,
            _ if !streak.today_done && streak.current > 0 => NextStep::KeepStreak(streak.current),
            Some(weakest) => NextStep::Practise(weakest.skill.clone()),
            None => NextStep::Mock,
        })
    }

    /// Where the member stands.
    pub async fn progress(&self, who: Who) -> Result<Progress> {
        let now = self.clock.now();
        let standing = self.store.standing(who.member, who.server).await?;
        let mastery: Vec<Mastery> = self.store.masteries(who.member).await?.into_iter().map(|m| m.faded(now)).collect();
        Ok(Progress {
            streak: streak_of(&standing, now),
            day_ends: clockwork(&standing).deadline(now),
            totals: self.store.totals(who.member).await?,
            weakest: weakest(&mastery, WEAKEST_SHOWN).into_iter().cloned().collect(),
            skills_met: mastery.len(),
        })
    }
}

/// The member's streak as of now.
pub(super) fn streak_of(standing: &Standing, now: Timestamp) -> Streak {
    let input = StreakInput {
        active: &standing.practice_dates,
        rest_weekdays: Weekdays::from_bits(standing.member.rest_weekdays).unwrap_or(Weekdays::NONE),
        paused: &[],
        excused: &standing.excused_days,
        repairs: &[],
    };
    streak(&input, clockwork(standing).date(now))
}
