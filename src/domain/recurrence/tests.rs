//! Recurrences through whole years of every zone that changes its clocks, and through the oddest days on record.

use std::collections::BTreeSet;

use jiff::civil::{date, time};
use jiff::tz::{Offset, TimeZoneDatabase};
use proptest::prelude::*;

use super::*;

fn daily(zone: &TimeZone, hour: i8, minute: i8) -> Recurrence {
    Recurrence { days: Weekdays::DAILY, time: time(hour, minute, 0, 0), zone: zone.clone() }
}

fn zone(name: &str) -> TimeZone {
    parse_zone(name).unwrap()
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// One zone for each different behaviour between the two instants among all bundled zones; those without a change of
/// offset are left out. Aliases and zones that keep the same clock would only repeat the work.
fn zones_with_changes(from: Timestamp, to: Timestamp) -> Vec<TimeZone> {
    let database = TimeZoneDatabase::bundled();
    let mut seen = BTreeSet::new();
    let all = database.available().map(|name| database.get(name.as_str()).unwrap());
    all.filter(|zone| {
        let changes: Vec<_> =
            zone.following(from).take_while(|t| t.timestamp() < to).map(|t| (t.timestamp(), t.offset())).collect();
        !changes.is_empty() && seen.insert((zone.to_offset(from), changes))
    })
    .collect()
}

/// What the rule says, found without jiff's own answer for gaps and folds: the first instant at which the clock shows
/// the wanted time, else the wanted time read by the clock as it was before the jump.
fn by_trial(zone: &TimeZone, offsets: &BTreeSet<Offset>, date: Date, time: Time) -> (Timestamp, bool) {
    let wanted = date.to_datetime(time);
    let readings = offsets.iter().map(|offset| offset.to_timestamp(wanted).unwrap());
    match readings.filter(|&at| zone.to_datetime(at) == wanted).min() {
        Some(at) => (at, false),
        None => {
            let jump = zone.following(Offset::MAX.to_timestamp(wanted).unwrap()).next().unwrap().timestamp();
            let before = zone.to_offset(jump - SignedDuration::from_secs(1));
            (before.to_timestamp(wanted).unwrap(), true)
        }
    }
}

#[test]
fn every_date_of_two_years_has_one_occurrence_in_every_zone_that_changes_its_clocks() {
    let (from, to) = (instant("2026-01-01T00:00:00Z"), instant("2028-01-01T00:00:00Z"));
    let zones = zones_with_changes(from, to);
    assert!(zones.len() > 20, "only {} kinds of zones", zones.len());
    let (mut moved, mut doubled) = (0, 0);
    for zone in &zones {
        let offsets: BTreeSet<Offset> = zone
            .following(from)
            .take_while(|t| t.timestamp() < to + SignedDuration::from_hours(48))
            .map(|t| t.offset())
            .chain([zone.to_offset(from)])
            .collect();
        for (hour, minute) in [(0, 0), (0, 30), (1, 59), (2, 30), (3, 0), (9, 0), (23, 30)] {
            let recurrence = daily(zone, hour, minute);
            let mut chain = recurrence.after(from - SignedDuration::from_hours(72)).peekable();
            while chain.next_if(|o| o.local_date < date(2026, 1, 1)).is_some() {}
            let mut last = Timestamp::MIN;
            for day in date(2026, 1, 1).series(1.day()).take_while(|&d| d < date(2028, 1, 1)) {
                let name = zone_name(zone);
                let at = recurrence.occurrence_on(day).unwrap_or_else(|| panic!("{name} {day}: none"));
                let (expected, in_gap) = by_trial(zone, &offsets, day, recurrence.time);
                assert_eq!(at, expected, "{name} {day} {hour}:{minute}");
                assert!(at > last, "{name} {day}: not after the day before");
                assert_eq!(chain.next(), Some(Occurrence { local_date: day, at }), "{name} {day}");
                last = at;
                moved += u32::from(in_gap);
                doubled += u32::from(zone.to_ambiguous_timestamp(day.to_datetime(recurrence.time)).is_ambiguous());
            }
        }
    }
    assert!(moved > 20 && doubled > moved, "the years must hold gaps ({moved}) and folds ({doubled})");
}

#[test]
fn a_skipped_hour_moves_later_and_a_doubled_hour_means_the_first() {
    let berlin = daily(&zone("Europe/Berlin"), 2, 30);
    assert_eq!(berlin.occurrence_on(date(2026, 3, 28)), Some(instant("2026-03-28T01:30:00Z")));
    assert_eq!(berlin.occurrence_on(date(2026, 3, 29)), Some(instant("2026-03-29T01:30:00Z")), "03:30 local");
    assert_eq!(berlin.occurrence_on(date(2026, 3, 30)), Some(instant("2026-03-30T00:30:00Z")));
    assert_eq!(berlin.occurrence_on(date(2026, 10, 25)), Some(instant("2026-10-25T00:30:00Z")), "still summer time");
    let between_the_two = instant("2026-10-25T01:00:00Z");
    assert_eq!(berlin.next_after(between_the_two).unwrap().local_date, date(2026, 10, 26));
}

#[test]
fn nine_in_the_morning_stays_nine_through_the_year() {
    let recurrence = daily(&zone("America/New_York"), 9, 0);
    let year = recurrence.between(instant("2026-01-01T00:00:00Z"), instant("2027-01-01T00:00:00Z"));
    assert_eq!(year.len(), 365);
    assert!(year.iter().all(|o| recurrence.zone.to_datetime(o.at) == o.local_date.at(9, 0, 0, 0)));
}

#[test]
fn a_midnight_that_is_skipped_keeps_its_date() {
    let cairo = daily(&zone("Africa/Cairo"), 0, 0);
    let day = date(2026, 4, 24);
    let at = cairo.occurrence_on(day).unwrap();
    assert_eq!(cairo.zone.to_datetime(at), day.at(1, 0, 0, 0));
    assert_eq!(cairo.next_after(at - SignedDuration::from_secs(1)).unwrap(), Occurrence { local_date: day, at });
}

#[test]
fn an_occurrence_carried_past_midnight_is_still_ahead_and_keeps_its_date() {
    // Nuuk skips the last hour of 28 March 2026: 23:30 becomes 00:30 on the 29th.
    let nuuk = daily(&zone("America/Nuuk"), 23, 30);
    let at = nuuk.occurrence_on(date(2026, 3, 28)).unwrap();
    assert_eq!(nuuk.zone.to_datetime(at), date(2026, 3, 29).at(0, 30, 0, 0));
    let after_midnight = at - SignedDuration::from_mins(10);
    assert_eq!(nuuk.next_after(after_midnight).unwrap().local_date, date(2026, 3, 28));
    assert_eq!(nuuk.next_after(at).unwrap().local_date, date(2026, 3, 29));
}

#[test]
fn a_half_hour_gap_moves_by_half_an_hour() {
    let lord_howe = daily(&zone("Australia/Lord_Howe"), 2, 15);
    let at = lord_howe.occurrence_on(date(2026, 10, 4)).unwrap();
    assert_eq!(lord_howe.zone.to_datetime(at), date(2026, 10, 4).at(2, 45, 0, 0));
}

#[test]
fn a_date_that_a_zone_never_had_has_no_occurrence() {
    for (name, skipped) in [("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21))] {
        for hour in [0, 9, 23] {
            let recurrence = daily(&zone(name), hour, 30);
            let (before, after) = (skipped.yesterday().unwrap(), skipped.tomorrow().unwrap());
            assert_eq!(recurrence.occurrence_on(skipped), None, "{name}");
            let last = recurrence.occurrence_on(before).unwrap();
            assert_eq!(recurrence.next_after(last).unwrap().local_date, after, "{name}");
        }
    }
}

#[test]
fn a_weekly_schedule_whose_day_was_skipped_waits_another_week() {
    let fridays = Recurrence { days: Weekdays::parse("fri").unwrap(), ..daily(&zone("Pacific/Apia"), 9, 0) };
    let found: Vec<Date> = fridays.after(instant("2011-12-20T00:00:00Z")).take(3).map(|o| o.local_date).collect();
    assert_eq!(found, [date(2011, 12, 23), date(2012, 1, 6), date(2012, 1, 13)]);
}

#[test]
fn a_date_that_came_twice_has_one_occurrence() {
    // Kwajalein moved from +11 to -12 on 1 October 1969 and lived most of 30 September again.
    let recurrence = daily(&zone("Pacific/Kwajalein"), 9, 0);
    let found = recurrence.between(instant("1969-09-25T00:00:00Z"), instant("1969-10-05T00:00:00Z"));
    let dates: BTreeSet<Date> = found.iter().map(|o| o.local_date).collect();
    assert_eq!(dates.len(), found.len());
    assert!(found.windows(2).all(|pair| pair[0].at < pair[1].at));
}

#[test]
fn an_occurrence_carried_a_whole_day_gives_way_to_the_next_dates_own() {
    // No real zone skips 24 hours from ten in the morning; this one does, on 10 April.
    let odd = TimeZone::posix("AAA0BBB-24,J100/10,J300/10").unwrap();
    let noon = daily(&odd, 12, 0);
    assert_eq!(noon.occurrence_on(date(2026, 4, 10)), None);
    assert!(noon.occurrence_on(date(2026, 4, 11)).is_some());
    let fridays = Recurrence { days: Weekdays::parse("fri").unwrap(), ..noon };
    assert_eq!(
        fridays.occurrence_on(date(2026, 4, 10)),
        Some(instant("2026-04-10T12:00:00Z")),
        "nothing to give way to"
    );
}

#[test]
fn an_empty_set_of_days_never_occurs() {
    let never = Recurrence { days: Weekdays::NONE, ..daily(&TimeZone::UTC, 9, 0) };
    assert_eq!(never.next_after(instant("2026-01-01T00:00:00Z")), None);
    assert_eq!(daily(&TimeZone::UTC, 9, 0).next_after(Timestamp::MAX), None, "the end of time");
    assert!(daily(&TimeZone::UTC, 9, 0).next_after(Timestamp::MIN).is_some());
}

#[test]
fn late_work_is_delivered_within_the_window_and_missed_after_it() {
    let planned = instant("2026-01-01T09:00:00Z");
    let hour = SignedDuration::from_hours(1);
    let after = |seconds| planned + SignedDuration::from_secs(seconds);
    assert_eq!(due(planned, after(-1), hour), Due::Early);
    assert_eq!(due(planned, planned, hour), Due::Deliver);
    assert_eq!(due(planned, after(3600), hour), Due::Deliver);
    assert_eq!(due(planned, after(3601), hour), Due::Missed);
    assert_eq!(due(planned, planned, -hour), Due::Deliver);
    assert_eq!(due(planned, after(1), SignedDuration::ZERO), Due::Missed);
}

fn any_recurrence() -> impl Strategy<Value = Recurrence> {
    let names: Vec<String> = TimeZoneDatabase::bundled()
        .available()
        .map(|n| n.as_str().to_owned())
        .filter(|n| parse_zone(n).is_ok())
        .collect();
    (1u8..=127, 0i8..24, 0i8..60, prop::sample::select(names)).prop_map(|(days, hour, minute, name)| Recurrence {
        days: Weekdays::from_bits(days).unwrap(),
        ..daily(&zone(&name), hour, minute)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_chain_of_next_occurrences_is_the_enumeration_by_date(
        recurrence in any_recurrence(),
        // 1965 to 2032: the years in which zones jumped over the date line, too.
        seconds in -157_766_400i64..1_956_528_000,
    ) {
        let start = Timestamp::from_second(seconds).unwrap();
        let end = start + SignedDuration::from_hours(24 * 40);
        let mut chain = Vec::new();
        let mut at = start;
        while let Some(next) = recurrence.next_after(at).filter(|o| o.at <= end) {
            prop_assert!(next.at > at);
            at = next.at;
            chain.push(next);
        }
        let first = recurrence.zone.to_datetime(start).date() - 3.days();
        let by_date: Vec<_> = first.series(1.day()).take(50)
            .filter_map(|local_date| Some(Occurrence { local_date, at: recurrence.occurrence_on(local_date)? }))
            .filter(|o| start < o.at && o.at <= end)
            .collect();
        prop_assert_eq!(&chain, &by_date);
        let dates: BTreeSet<Date> = chain.iter().map(|o| o.local_date).collect();
        prop_assert_eq!(dates.len(), chain.len());

        let middle = start + SignedDuration::from_hours(24 * 17);
        let mut halves = recurrence.between(start, middle);
        halves.extend(recurrence.between(middle, end));
        prop_assert_eq!(halves, chain);
    }

    #[test]
    fn no_text_makes_the_parsers_panic(text in ".{0,80}") {
        let _ = (parse_time(&text), Weekdays::parse(&text), parse_zone(&text).map(|_| ()), zones_matching(&text, 25));
    }
}
