//! `/profile`: the level someone practises for and the clock they live by.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{App, Error, Result, Who, refuse};
use crate::domain::recurrence::{parse_zone, zone_name};
use crate::domain::streak::{Clockwork, LATEST_DAY_START, Pending};
use crate::domain::taxonomy::Level;
use crate::store::{Member, NextClock, Standing};

/// What someone wants changed; nothing is left as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// The level to practise for.
    pub level: Option<Level>,
    /// An IANA zone as typed.
    pub time_zone: Option<String>,
    /// The local hour at which the day starts.
    pub day_start: Option<u8>,
}

/// Where a member's zone comes from, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneFrom {
    /// They chose it.
    Choice,
    /// They have practised in it. It stays until they choose: two servers' zones must not give one evening two dates.
    Practice,
    /// The server's.
    Server,
    /// Nobody has set one, so it is UTC.
    Nobody,
}

/// A profile as people see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// What is stored.
    pub member: Member,
    /// The zone that counts now.
    pub zone: String,
    /// Where it comes from.
    pub zone_from: ZoneFrom,
    /// The hour at which the day starts now.
    pub day_start_hour: u8,
    /// When the present practice day ends.
    pub day_ends: Timestamp,
    /// A change that waits for that: the zone, the hour, from when.
    pub next: Option<NextClock>,
}

impl App {
    /// Shows the profile.
    pub async fn profile(&self, who: Who) -> Result<Profile> {
        let standing = self.store.standing(who.member, who.server).await?;
        let (clockwork, from) = clockwork_from(&standing);
        Ok(present(standing.member, &clockwork, from, self.clock.now()))
    }

    /// Changes the profile. A new zone or day start counts from the end of the present practice day, or at once for
    /// someone who has not practised yet.
    pub async fn change_profile(&self, who: Who, change: &ProfileChange) -> Result<Profile> {
        let now = self.clock.now();
        let standing = self.store.standing(who.member, who.server).await?;
        let (mut clockwork, mut from) = clockwork_from(&standing);
        let has_practised = !standing.practice_dates.is_empty();
        let mut member = standing.member;
        member.level = change.level.or(member.level);
        if change.time_zone.is_some() || change.day_start.is_some() {
            clockwork = changed_clock(clockwork, has_practised, change, now)?;
            store_clock(&mut member, &clockwork, change.time_zone.is_some());
        }
        if member.zone.is_some() {
            from = ZoneFrom::Choice;
        }
        self.store.save_member(&member, &clockwork.cut_short(), now).await?;
        Ok(present(member, &clockwork, from, now))
    }
}

fn changed_clock(
    clockwork: Clockwork,
    has_practised: bool,
    change: &ProfileChange,
    now: Timestamp,
) -> Result<Clockwork> {
    // A second change on one day builds on the first.
    let (zone, hour) = match &clockwork.pending {
        Some(p) if p.from > now => (p.zone.clone(), p.day_start),
        _ => {
            let (zone, hour) = clockwork.at(now);
            (zone.clone(), hour)
        }
    };
    let zone = match &change.time_zone {
        Some(typed) => parse_zone(typed).map_err(|e| Error::User(e.to_string()))?,
        None => zone,
    };
    let hour = change.day_start.unwrap_or(hour);
    if hour > LATEST_DAY_START {
        return refuse(format!(
            "A practice day starts between 0 and {LATEST_DAY_START} o'clock. Choose one of those hours."
        ));
    }
    Ok(if has_practised { clockwork.change(now, zone, hour) } else { Clockwork::new(zone, hour) })
}

/// The member's clock: their own zone, else the one they practised in last, else the server's, else UTC.
pub(super) fn clockwork(standing: &Standing) -> Clockwork {
    clockwork_from(standing).0
}

fn clockwork_from(standing: &Standing) -> (Clockwork, ZoneFrom) {
    let member = &standing.member;
    let (zone, from) = match (&member.zone, &standing.last_zone, &standing.server_zone) {
        (Some(zone), ..) => (zone_of(zone), ZoneFrom::Choice),
        (None, Some(zone), _) => (zone_of(zone), ZoneFrom::Practice),
        (None, None, Some(zone)) => (zone_of(zone), ZoneFrom::Server),
        (None, None, None) => (TimeZone::UTC, ZoneFrom::Nobody),
    };
    let pending = member.next_clock.as_ref().map(|next| Pending {
        zone: zone_of(&next.zone),
        day_start: next.day_start_hour,
        from: next.from,
    });
    (Clockwork { pending, not_before: member.not_before, ..Clockwork::new(zone, member.day_start_hour) }, from)
}

/// The practice date of now, with the name of the zone it is of.
pub(super) fn practice_day(standing: &Standing, now: Timestamp) -> (Date, String) {
    let clockwork = clockwork(standing);
    (clockwork.date(now), zone_name(clockwork.at(now).0).to_owned())
}

/// A stored zone was valid when it was stored; should the zone data ever lose it, UTC keeps the bot working.
fn zone_of(name: &str) -> TimeZone {
    parse_zone(name).unwrap_or(TimeZone::UTC)
}

fn store_clock(member: &mut Member, clockwork: &Clockwork, zone_chosen: bool) {
    if member.zone.is_some() || zone_chosen {
        member.zone = Some(zone_name(&clockwork.zone).to_owned());
    }
    member.day_start_hour = clockwork.day_start;
    member.not_before = clockwork.not_before;
    member.next_clock = clockwork.pending.as_ref().map(|p| NextClock {
        zone: zone_name(&p.zone).to_owned(),
        day_start_hour: p.day_start,
        from: p.from,
    });
}

fn present(member: Member, clockwork: &Clockwork, zone_from: ZoneFrom, now: Timestamp) -> Profile {
    let (zone, day_start_hour) = clockwork.at(now);
    Profile {
        zone: zone_name(zone).to_owned(),
        zone_from,
        day_start_hour,
        day_ends: clockwork.deadline(now),
        next: member.next_clock.clone().filter(|next| next.from > now),
        member,
    }
}
