//! When a schedule falls due: weekdays and a local time of day in an IANA zone, turned into instants.
//!
//! The rule for clocks that jump, which every caller relies on:
//!
//! - A local time that is **skipped** (clocks go forward) is moved later by the length of the gap: 02:30 becomes 03:30.
//! - A local time that comes **twice** (clocks go back) means the first.
//! - A local **date** that a zone never had (Samoa, 30 December 2011) has no occurrence.
//! - Each local date has at most one occurrence, and later dates have later instants. Should a gap of a whole day
//!   move an occurrence onto or past the next date's own, the skipped one gives way.
//!
//! The first two are RFC 5545, section 3.3.5, and what jiff calls "compatible". Left out on purpose: what a drop
//! posts and whether it was delivered (the store keeps that), and RRULEs.

mod clock_time;
mod weekdays;
mod zones;

#[cfg(test)]
mod tests;

use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};

pub use clock_time::{BadTime, parse_time};
pub use weekdays::{BadWeekdays, Weekdays};
pub use zones::{UnknownZone, parse_zone, zone_name, zones_matching};

/// Days of the week and a time of day in a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence {
    /// The local weekdays. An empty set never occurs.
    pub days: Weekdays,
    /// The local time of day, to the minute.
    pub time: Time,
    /// The zone whose clock counts.
    pub zone: TimeZone,
}

/// One time that a schedule falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// The date the schedule counts it for; with the schedule, the key under which it is delivered at most once.
    pub local_date: Date,
    /// When it is due.
    pub at: Timestamp,
}

impl Recurrence {
    /// When the schedule falls due for that local date; `None` on other weekdays and on dates the zone never had.
    #[must_use]
    pub fn occurrence_on(&self, date: Date) -> Option<Timestamp> {
        let at = self.resolve(date)?;
        // Only a gap can carry an occurrence out of its date; then the next date's own may be there already.
        if self.zone.to_datetime(at).date() > date
            && let Some(next) = date.tomorrow().ok().and_then(|next| self.resolve(next))
            && next <= at
        {
            return None;
        }
        Some(at)
    }

    /// The first occurrence strictly after `instant`; `None` only for an empty set of days or at the end of time.
    #[must_use]
    pub fn next_after(&self, instant: Timestamp) -> Option<Occurrence> {
        self.after(instant).next()
    }

    /// The occurrences after `from`, up to and including `to`, in order. Ranges that touch share nothing.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Vec<Occurrence> {
        self.after(from).take_while(|o| o.at <= to).collect()
    }

    /// Every occurrence strictly after `instant`, in order, without end (until jiff's last year, 9999).
    pub fn after(&self, instant: Timestamp) -> impl Iterator<Item = Occurrence> + '_ {
        // A gap can carry an occurrence into the next date, so start before the instant's own date.
        let first = self.zone.to_datetime(instant).date().saturating_sub(2.days());
        std::iter::successors((!self.days.is_empty()).then_some(first), |date| date.tomorrow().ok())
            .filter_map(|local_date| Some(Occurrence { local_date, at: self.occurrence_on(local_date)? }))
            .skip_while(move |o| o.at <= instant)
    }

    /// The instant for `date` by the rule for gaps and folds alone.
    fn resolve(&self, date: Date) -> Option<Timestamp> {
        if !self.days.contains(date.weekday()) || !date_exists(&self.zone, date) {
            return None;
        }
        self.zone.to_ambiguous_timestamp(date.to_datetime(self.time)).compatible().ok()
    }
}

/// Whether the zone's clock ever showed that date. A skipped date lies in a gap from its first moment to its last.
fn date_exists(zone: &TimeZone, date: Date) -> bool {
    let skipped =
        |time| matches!(zone.to_ambiguous_timestamp(date.to_datetime(time)).offset(), AmbiguousOffset::Gap { .. });
    !(skipped(Time::MIN) && skipped(Time::MAX))
}

/// What to do with planned work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Its time has not come.
    Early,
    /// Its time has come, and it is not too late.
    Deliver,
    /// The catch-up window is over; record it as missed.
    Missed,
}

/// Whether work planned for `planned` is to be done at `now`, given how long it may be late. The window's last moment
/// still delivers; a negative window counts as zero.
#[must_use]
pub fn due(planned: Timestamp, now: Timestamp, window: SignedDuration) -> Due {
    let late = now.duration_since(planned);
    if late.is_negative() {
        Due::Early
    } else if late <= window.max(SignedDuration::ZERO) {
        Due::Deliver
    } else {
        Due::Missed
    }
}
