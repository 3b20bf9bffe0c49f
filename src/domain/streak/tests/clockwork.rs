//! Practice dates through daylight saving and travel.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::domain::recurrence::parse_zone;

const NANO: SignedDuration = SignedDuration::from_nanos(1);

fn zone(name: &str) -> TimeZone {
    parse_zone(name).unwrap()
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn the_day_starts_at_the_start_hour_by_the_wall_clock() {
    let berlin = zone("Europe/Berlin");
    let at = |text: &str| practice_date(instant(text), &berlin, 4);
    assert_eq!(at("2026-06-10T01:59:59Z"), date(2026, 6, 9), "03:59:59 local");
    assert_eq!(at("2026-06-10T02:00:00Z"), date(2026, 6, 10), "04:00 local");
    assert_eq!(practice_date(instant("2026-06-09T22:00:00Z"), &berlin, 0), date(2026, 6, 10));
    assert_eq!(
        practice_date(instant("2026-06-10T03:59:59Z"), &berlin, 200),
        date(2026, 6, 9),
        "later hours count as six"
    );
}

#[test]
fn the_deadline_is_the_next_start_hour_also_when_the_night_is_longer() {
    let berlin = zone("Europe/Berlin");
    assert_eq!(deadline(instant("2026-06-10T12:00:00Z"), &berlin, 4), instant("2026-06-11T02:00:00Z"));
    assert_eq!(deadline(instant("2026-10-24T12:00:00Z"), &berlin, 4), instant("2026-10-25T03:00:00Z"));
    // The hour from two to three is skipped: a day that starts at two starts when the clock shows three.
    assert_eq!(deadline(instant("2026-03-28T12:00:00Z"), &berlin, 2), instant("2026-03-29T01:00:00Z"));
}

#[test]
fn a_clock_that_goes_back_over_the_start_hour_does_not_bring_yesterday_back() {
    // Troll goes back by two hours, from 03:00 to 01:00; the day starts at 02:00.
    let troll = zone("Antarctica/Troll");
    let first = instant("2026-10-25T00:00:00Z");
    let again = first + SignedDuration::from_mins(90);
    assert_eq!(troll.to_datetime(first), date(2026, 10, 25).at(2, 0, 0, 0));
    assert_eq!(troll.to_datetime(again), date(2026, 10, 25).at(1, 30, 0, 0));
    assert_eq!(practice_date(first, &troll, 2), date(2026, 10, 25));
    assert_eq!(practice_date(again, &troll, 2), date(2026, 10, 25));
}

#[test]
fn a_zone_change_applies_from_the_end_of_the_practice_day() {
    let now = instant("2026-06-10T12:00:00Z");
    let clock = Clockwork::new(zone("Europe/Berlin"), 4).change(now, zone("America/New_York"), 5);
    assert_eq!(clock.date(now), date(2026, 6, 10));
    assert_eq!(clock.at(now), (&zone("Europe/Berlin"), 4));
    let from = instant("2026-06-11T02:00:00Z");
    assert_eq!(clock.pending.as_ref().unwrap().from, from);
    assert_eq!(clock.at(from - NANO), (&zone("Europe/Berlin"), 4));
    assert_eq!(clock.at(from), (&zone("America/New_York"), 5));
}

#[test]
fn moving_west_stretches_the_day_and_cannot_earn_it_twice() {
    let now = instant("2026-06-10T20:00:00Z");
    let clock = Clockwork::new(zone("Pacific/Kiritimati"), 4).change(now, zone("Pacific/Honolulu"), 4);
    let today = clock.date(now);
    assert_eq!(today, date(2026, 6, 11), "it is tomorrow already on Kiritimati");
    // At the switch it is a whole day earlier in Honolulu.
    let from = clock.pending.as_ref().unwrap().from;
    assert_eq!(practice_date(from, &zone("Pacific/Honolulu"), 4), today);
    assert_eq!(clock.date(from), today);
    let end = clock.deadline(now);
    assert_eq!(end, instant("2026-06-12T14:00:00Z"), "04:00 in Honolulu on the 12th");
    assert_eq!((clock.date(end - NANO), clock.date(end)), (today, today.tomorrow().unwrap()));
}

#[test]
fn moving_east_over_the_date_line_names_the_date_that_is_skipped_or_cut_short() {
    let now = instant("2026-06-10T20:00:00Z");
    let clock = Clockwork::new(zone("Pacific/Honolulu"), 4).change(now, zone("Pacific/Kiritimati"), 4);
    assert_eq!(clock.date(now), date(2026, 6, 10));
    assert_eq!(clock.cut_short(), [date(2026, 6, 11)]);
    assert_eq!(clock.date(clock.deadline(now)), date(2026, 6, 12));
    let to = |name| Clockwork::new(zone("UTC"), 4).change(now, zone(name), 4);
    assert!(to("Asia/Tokyo").cut_short().is_empty(), "nine hours less leave fifteen");
    assert_eq!(to("Pacific/Apia").cut_short(), [date(2026, 6, 11)], "thirteen less leave eleven");
}

#[test]
fn a_second_change_on_the_same_day_replaces_the_first_and_going_back_cancels_it() {
    let now = instant("2026-06-10T12:00:00Z");
    let berlin = Clockwork::new(zone("Europe/Berlin"), 4);
    let twice = berlin.clone().change(now, zone("Asia/Tokyo"), 4).change(now, zone("America/Lima"), 3);
    assert_eq!(twice, berlin.clone().change(now, zone("America/Lima"), 3));
    assert_eq!(berlin.clone().change(now, zone("Asia/Tokyo"), 4).change(now, zone("Europe/Berlin"), 4), berlin);
}

#[test]
fn storing_a_change_that_took_effect_changes_no_date() {
    let now = instant("2026-06-10T12:00:00Z");
    let clock = Clockwork::new(zone("Asia/Tokyo"), 4).change(now, zone("America/Los_Angeles"), 4);
    for hours in 0..72 {
        let later = now + SignedDuration::from_hours(hours);
        let settled = clock.clone().settled(later);
        assert_eq!(settled.date(later), clock.date(later));
        assert_eq!(settled.deadline(later), clock.deadline(later));
    }
    assert_eq!(clock.clone().settled(now), clock);
}

const PLACES: [&str; 9] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Pacific/Apia",
    "Antarctica/Troll",
    "Australia/Lord_Howe",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_travel_earns_a_day_twice_or_rewrites_one(
        start in 1_250_000_000i64..1_900_000_000,
        journey in prop::collection::vec((1i64..40, prop::option::weighted(0.4, (0usize..PLACES.len(), 0u8..=6))), 1..60),
    ) {
        let begin = Timestamp::from_second(start).unwrap();
        let mut now = begin;
        let mut clock = Clockwork::new(zone(PLACES[start as usize % PLACES.len()]), 4);
        let mut lived: Vec<Date> = vec![clock.date(now)];
        let mut excused: BTreeSet<Date> = BTreeSet::new();
        for (hours, change) in journey {
            // Hour by hour, so that no date goes by unseen.
            for _ in 0..hours {
                now += SignedDuration::from_hours(1);
                let date = clock.date(now);
                prop_assert!(date >= *lived.last().unwrap(), "{now}: {date} after {lived:?}");
                lived.push(date);
            }
            excused.extend(clock.cut_short());
            if let Some((place, day_start)) = change {
                let before = (clock.date(now), clock.at(now).0.clone());
                clock = clock.change(now, zone(PLACES[place]), day_start);
                prop_assert_eq!((clock.date(now), clock.at(now).0.clone()), before, "a change waits");
            }
            let (today, end) = (clock.date(now), clock.deadline(now));
            prop_assert!(end > now);
            prop_assert_eq!(clock.date(end - NANO), today);
            prop_assert!(clock.date(end) > today);
            prop_assert!(clock.cut_short().len() <= 1);
        }
        let distinct: BTreeSet<Date> = lived.iter().copied().collect();
        // Practice clocks run from 18 hours behind UTC (-12, day start at six) to 14 ahead: whatever the changes, the
        // dates are among those of an interval 32 hours longer than the journey.
        let most = (now.duration_since(begin).as_hours() + 32) / 24 + 2;
        prop_assert!(distinct.len() as i64 <= most, "{} dates in {}", distinct.len(), now.duration_since(begin));
        for (one, next) in lived.iter().zip(&lived[1..]) {
            let jumped = one.series(1.day()).skip(1).take_while(|d| d < next);
            for missed in jumped {
                let samoa = missed == date(2011, 12, 30);
                prop_assert!(excused.contains(&missed) || samoa, "{missed} was skipped without a word");
            }
        }
    }

    #[test]
    fn within_one_zone_dates_only_move_forward_and_days_end_at_their_deadline(
        place in prop::sample::select(PLACES.as_slice()),
        day_start in 0u8..=6,
        start in 1_250_000_000i64..1_900_000_000,
    ) {
        let zone = zone(place);
        let begin = Timestamp::from_second(start).unwrap();
        let mut ends: BTreeMap<Date, Timestamp> = BTreeMap::new();
        let mut last = Date::MIN;
        for step in 0..24 * 8 {
            let now = begin + SignedDuration::from_mins(step * 30);
            let today = practice_date(now, &zone, day_start);
            let end = deadline(now, &zone, day_start);
            prop_assert!(today >= last && end > now);
            prop_assert_eq!(*ends.entry(today).or_insert(end), end);
            prop_assert_eq!(practice_date(end - NANO, &zone, day_start), today);
            prop_assert!(practice_date(end, &zone, day_start) > today);
            last = today;
        }
    }
}
