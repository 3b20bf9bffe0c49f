//! `/progress`: the streak, derived from attempts, and the weakest skills with their evidence.

use jiff::Timestamp;

use super::{App, Result, Who};
use crate::domain::mastery::{Mastery, weakest};
use crate::domain::recurrence::Weekdays;
use crate::domain::streak::{Streak, StreakInput, streak};
use crate::store::Totals;

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

impl App {
    /// Where the member stands.
    pub async fn progress(&self, who: Who) -> Result<Progress> {
        let now = self.clock.now();
        let member = self.store.member(who.member).await?;
        let day_ends = self.clockwork(who, &member).await?.deadline(now);
        let mastery: Vec<Mastery> = self.store.masteries(who.member).await?.into_iter().map(|m| m.faded(now)).collect();
        Ok(Progress {
            streak: self.streak(who).await?,
            day_ends,
            totals: self.store.totals(who.member).await?,
            weakest: weakest(&mastery, WEAKEST_SHOWN).into_iter().cloned().collect(),
            skills_met: mastery.len(),
        })
    }

    /// The member's streak as of now.
    pub(super) async fn streak(&self, who: Who) -> Result<Streak> {
        let now = self.clock.now();
        let member = self.store.member(who.member).await?;
        let today = self.clockwork(who, &member).await?.date(now);
        let active = self.store.practice_dates(who.member).await?;
        let excused = self.store.excused_days(who.member).await?;
        let input = StreakInput {
            active: &active,
            rest_weekdays: Weekdays::from_bits(member.rest_weekdays).unwrap_or(Weekdays::NONE),
            paused: &[],
            excused: &excused,
            repairs: &[],
        };
        Ok(streak(&input, today))
    }
}
