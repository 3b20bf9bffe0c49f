//! Practice days and streaks, derived from the dates of attempts, never from a counter.
//!
//! Where the rules of the product are silent, this is decided:
//!
//! - A streak's length is its active days. Freezes, rest days, pauses, excused and repaired days hold it together and
//!   add nothing.
//! - Every seventh active day earns a freeze, streak or no streak; one earned while two are held is lost.
//! - A freeze is spent on the first missed day, then on the next; the first missed day without one ends the streak.
//! - A repaired day spends no freeze. Everything is derived afresh, so a repair gives back one that was spent.
//! - Practice on a rest, paused or excused day counts like any other.
//!
//! Left out on purpose: which attempts count (the effort gate), and who may pause or repair when.

mod clockwork;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use super::recurrence::Weekdays;

pub use clockwork::{Clockwork, DEFAULT_DAY_START, FAIR_HOURS, LATEST_DAY_START, Pending, deadline, practice_date};

/// Active days that earn one freeze.
pub const DAYS_PER_FREEZE: u32 = 7;

/// The most freezes held at once.
pub const MAX_FREEZES: u32 = 2;

/// The days, ending today, that consistency looks back on.
pub const CONSISTENCY_DAYS: i32 = 30;

/// What a streak is derived from. Lists may be in any order and hold duplicates.
#[derive(Debug, Clone, Copy, Default)]
pub struct StreakInput<'a> {
    /// Practice dates with at least one answer that counts.
    pub active: &'a [Date],
    /// Weekdays on which the member rests.
    pub rest_weekdays: Weekdays,
    /// Pauses: first and last date, both included.
    pub paused: &'a [(Date, Date)],
    /// Dates excused for everyone, because the bot was down, and dates a zone change cut short.
    pub excused: &'a [Date],
    /// Missed dates that were made good in time.
    pub repairs: &'a [Date],
}

/// A member's streak as of one day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Streak {
    /// Active days since the last break.
    pub current: u32,
    /// The longest there ever was, this one included.
    pub best: u32,
    /// Freezes held, 0 to [`MAX_FREEZES`].
    pub freezes_held: u32,
    /// The dates on which a freeze was spent, oldest first.
    pub freezes_used: Vec<Date>,
    /// The last 30 days.
    pub consistency_30: Consistency,
    /// Whether today counts already.
    pub today_done: bool,
}

/// Active days among those that asked for practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Consistency {
    /// Days with practice.
    pub active: u32,
    /// Days with practice or without an excuse, since the first practice ever. Today counts once it is done.
    pub countable: u32,
}

/// What a date means for a streak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    Active,
    /// Rest, paused or excused.
    Free,
    Repaired,
    Missed,
}

impl StreakInput<'_> {
    fn is_free(&self, date: Date) -> bool {
        self.rest_weekdays.contains(date.weekday())
            || self.paused.iter().any(|&(first, last)| (first..=last).contains(&date))
    }
}

/// The streak as of `today`. Dates after today are ignored. The work grows with the days since the first practice.
#[must_use]
pub fn streak(input: &StreakInput<'_>, today: Date) -> Streak {
    let active: BTreeSet<Date> = input.active.iter().copied().filter(|&d| d <= today).collect();
    let excused: BTreeSet<Date> = input.excused.iter().copied().collect();
    let repairs: BTreeSet<Date> = input.repairs.iter().copied().collect();
    let recent = today.saturating_sub((CONSISTENCY_DAYS - 1).days());
    let mut streak = Streak { today_done: active.contains(&today), ..Streak::default() };
    let mut days_active = 0;
    let days = std::iter::successors(active.first().copied(), |date| date.tomorrow().ok());
    for date in days.take_while(|&d| d <= today) {
        let day = if active.contains(&date) {
            Day::Active
        } else if input.is_free(date) || excused.contains(&date) {
            Day::Free
        } else if repairs.contains(&date) {
            Day::Repaired
        } else {
            Day::Missed
        };
        if date == today && day != Day::Active {
            break;
        }
        if date >= recent && day != Day::Free {
            streak.consistency_30.countable += 1;
        }
        match day {
            Day::Active => {
                days_active += 1;
                streak.current += 1;
                streak.best = streak.best.max(streak.current);
                if days_active % DAYS_PER_FREEZE == 0 {
                    streak.freezes_held = (streak.freezes_held + 1).min(MAX_FREEZES);
                }
                streak.consistency_30.active += u32::from(date >= recent);
            }
            Day::Free | Day::Repaired => {}
            Day::Missed if streak.freezes_held > 0 => {
                streak.freezes_held -= 1;
                streak.freezes_used.push(date);
            }
            Day::Missed => streak.current = 0,
        }
    }
    streak
}
