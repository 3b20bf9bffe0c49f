//! Which practice day an instant belongs to, through daylight saving, travel and changes of the day's start.
//!
//! Practice day D begins at the first instant at which the wall clock shows D at the start hour or later. From that
//! one definition follow its end and, since beginnings only move forward, that practice dates never go back when a
//! clock does. A change of zone waits for the end of the current practice day and then keeps one promise: **the date
//! never falls below the last one of the old zone**. Travelling west stretches that date until the new zone has caught
//! up. Travelling east may skip a date or cut it short, which [`Clockwork::cut_short`] names so that it can be excused.
//! No date is earned twice, and nothing earned is rewritten. Left out on purpose: where zones come from and where this
//! is kept.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// The hour at which a practice day begins unless the member says otherwise.
pub const DEFAULT_DAY_START: u8 = 4;

/// The latest hour at which a practice day may begin.
pub const LATEST_DAY_START: u8 = 6;

/// A practice day that a change of zone leaves fewer hours than this is excused.
pub const FAIR_HOURS: i64 = 12;

/// The practice date of an instant: the wall clock's date, a day earlier before `day_start_hour` (0 to
/// [`LATEST_DAY_START`]; later hours count as that).
#[must_use]
pub fn practice_date(instant: Timestamp, zone: &TimeZone, day_start_hour: u8) -> Date {
    let hours = i64::from(day_start_hour.min(LATEST_DAY_START));
    let date = zone.to_datetime(instant).saturating_sub(SignedDuration::from_hours(hours)).date();
    // Where the clock went back across the start hour, the next date has begun already and does not end again.
    match date.tomorrow() {
        Ok(next) if beginning(next, zone, day_start_hour) <= instant => next,
        _ => date,
    }
}

/// When the practice day that `now` belongs to ends, and the next begins.
#[must_use]
pub fn deadline(now: Timestamp, zone: &TimeZone, day_start_hour: u8) -> Timestamp {
    end_of(practice_date(now, zone, day_start_hour), zone, day_start_hour)
}

fn end_of(date: Date, zone: &TimeZone, day_start_hour: u8) -> Timestamp {
    date.tomorrow().map_or(Timestamp::MAX, |next| beginning(next, zone, day_start_hour))
}

/// The first instant at which the wall clock shows `date` at the start hour or later.
fn beginning(date: Date, zone: &TimeZone, day_start_hour: u8) -> Timestamp {
    let hour = i8::try_from(day_start_hour.min(LATEST_DAY_START)).unwrap_or_default();
    let start = DateTime::from_parts(date, Time::MIN).saturating_add(SignedDuration::from_hours(i64::from(hour)));
    let ambiguous = zone.to_ambiguous_timestamp(start);
    match ambiguous.offset() {
        // The skipped time itself never comes: the clock shows a later one from the moment it jumps.
        AmbiguousOffset::Gap { after, .. } => {
            let before_the_jump = after.to_timestamp(start).unwrap_or(Timestamp::MAX);
            zone.following(before_the_jump).next().map_or(Timestamp::MAX, |jump| jump.timestamp())
        }
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => {
            ambiguous.compatible().unwrap_or(Timestamp::MAX)
        }
    }
}

/// A member's zone and day start, with a change that may be waiting for the day to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clockwork {
    /// The zone that counts until a pending change takes effect.
    pub zone: TimeZone,
    /// The hour at which a practice day begins, 0 to [`LATEST_DAY_START`].
    pub day_start: u8,
    /// The last practice date under the settings before these; no date falls below it. `None` without such settings.
    pub not_before: Option<Date>,
    /// A change that waits.
    pub pending: Option<Pending>,
}

/// A change that takes effect when the practice day on which it was asked for has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The zone from then on.
    pub zone: TimeZone,
    /// The start hour from then on.
    pub day_start: u8,
    /// When it takes effect.
    pub from: Timestamp,
}

impl Clockwork {
    /// Settings without a past. A start hour above [`LATEST_DAY_START`] counts as that.
    ///
    /// Someone without a zone of their own takes the server's at their first answer and keeps it: two servers' zones
    /// must not give one evening two dates.
    #[must_use]
    pub fn new(zone: TimeZone, day_start: u8) -> Self {
        Self { zone, day_start: day_start.min(LATEST_DAY_START), not_before: None, pending: None }
    }

    /// The zone and start hour that count at `now`.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> (&TimeZone, u8) {
        match &self.pending {
            Some(p) if p.from <= now => (&p.zone, p.day_start),
            _ => (&self.zone, self.day_start),
        }
    }

    /// The practice date at `now`. It never goes back as time goes on, through any number of changes.
    #[must_use]
    pub fn date(&self, now: Timestamp) -> Date {
        let (zone, day_start) = self.at(now);
        let date = practice_date(now, zone, day_start);
        self.floor_at(now).map_or(date, |floor| date.max(floor))
    }

    /// When the practice day that `now` belongs to ends. A pending move west makes it longer.
    #[must_use]
    pub fn deadline(&self, now: Timestamp) -> Timestamp {
        let today = self.date(now);
        match &self.pending {
            Some(p) if now < p.from && practice_date(p.from, &p.zone, p.day_start) > today => p.from,
            Some(p) => end_of(today, &p.zone, p.day_start),
            None => end_of(today, &self.zone, self.day_start),
        }
    }

    /// Asks for another zone or start hour. It counts from the end of the current practice day; a second change on the
    /// same day replaces the first, and going back to what counts now cancels it.
    #[must_use]
    pub fn change(self, now: Timestamp, zone: TimeZone, day_start: u8) -> Self {
        let mut settled = self.settled(now);
        let day_start = day_start.min(LATEST_DAY_START);
        let same = zone == settled.zone && day_start == settled.day_start;
        settled.pending = None;
        let from = settled.deadline(now);
        settled.pending = (!same).then_some(Pending { zone, day_start, from });
        settled
    }

    /// The same settings with a change that has taken effect folded in. Storing it is optional.
    #[must_use]
    pub fn settled(self, now: Timestamp) -> Self {
        let not_before = self.floor_at(now);
        match self.pending {
            Some(p) if p.from <= now => Self { zone: p.zone, day_start: p.day_start, not_before, pending: None },
            pending => Self { pending, ..self },
        }
    }

    /// The dates that the pending change jumps over or leaves less than [`FAIR_HOURS`] of (a move east; at most one).
    /// Nobody can be asked to practise on them: they are to be stored as excused once the change has taken effect.
    #[must_use]
    pub fn cut_short(&self) -> Vec<Date> {
        let Some(p) = &self.pending else { return Vec::new() };
        let Some(last) = self.floor_at(p.from) else { return Vec::new() };
        let fair = p.from.saturating_add(SignedDuration::from_hours(FAIR_HOURS)).unwrap_or(Timestamp::MAX);
        std::iter::successors(last.tomorrow().ok(), |date| date.tomorrow().ok())
            .take_while(|&date| end_of(date, &p.zone, p.day_start) < fair)
            .collect()
    }

    /// The date below which none may fall at `now`: the old settings' last, once a change has taken effect.
    fn floor_at(&self, now: Timestamp) -> Option<Date> {
        match &self.pending {
            Some(p) if p.from <= now => {
                let last_moment = p.from.saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(p.from);
                // A change waits for the end of a day that is not below an earlier floor itself.
                Some(practice_date(last_moment, &self.zone, self.day_start))
            }
            _ => self.not_before,
        }
    }
}
