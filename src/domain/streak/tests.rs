//! Streaks against a slow and obvious reference, and the product's rules one by one.

mod clockwork;

use jiff::civil::{Weekday, date};
use proptest::prelude::*;

use super::*;

/// Day `n` of a stretch that begins on Monday, 5 January 2026.
fn day(n: i32) -> Date {
    date(2026, 1, 5) + n.days()
}

fn days(range: std::ops::Range<i32>) -> Vec<Date> {
    range.map(day).collect()
}

fn of(active: &[Date], today: Date) -> Streak {
    streak(&StreakInput { active, ..StreakInput::default() }, today)
}

#[test]
fn nobody_begins_with_an_empty_streak() {
    assert_eq!(of(&[], day(0)), Streak::default());
    assert_eq!(of(&[day(3)], day(0)), Streak::default(), "the future does not count");
}

#[test]
fn each_day_with_practice_adds_one_and_several_answers_on_it_add_nothing() {
    let streak = of(&[day(0), day(1), day(1), day(0), day(2)], day(2));
    assert_eq!((streak.current, streak.best, streak.today_done), (3, 3, true));
}

#[test]
fn today_unfinished_never_breaks_a_streak() {
    let streak = of(&days(0..3), day(3));
    assert_eq!((streak.current, streak.today_done), (3, false));
    assert_eq!(of(&days(0..3), day(4)).current, 0, "yesterday missed, no freeze held");
}

#[test]
fn seven_active_days_earn_a_freeze_and_the_first_missed_day_spends_it() {
    assert_eq!(of(&days(0..6), day(5)).freezes_held, 0);
    assert_eq!(of(&days(0..7), day(6)).freezes_held, 1);
    let frozen = of(&days(0..7), day(8));
    assert_eq!((frozen.current, frozen.freezes_held, frozen.freezes_used), (7, 0, vec![day(7)]));
    let broken = of(&days(0..7), day(9));
    assert_eq!((broken.current, broken.best, broken.freezes_used), (0, 7, vec![day(7)]));
}

#[test]
fn two_freezes_are_held_at_most() {
    let streak = of(&days(0..35), day(35));
    assert_eq!((streak.current, streak.freezes_held), (35, 2));
    assert_eq!(of(&days(0..35), day(37)).freezes_used, [day(35), day(36)]);
    assert_eq!(of(&days(0..35), day(38)).current, 0);
}

#[test]
fn seven_active_days_earn_a_freeze_even_with_gaps_between_them() {
    let every_other: Vec<Date> = (0..7).map(|n| day(2 * n)).collect();
    let streak = of(&every_other, day(12));
    assert_eq!((streak.current, streak.freezes_held), (1, 1));
}

#[test]
fn rest_days_pauses_and_excused_days_neither_break_nor_count() {
    let active = [day(0), day(1), day(2), day(3), day(4), day(7), day(12), day(14)];
    let input = StreakInput {
        active: &active,
        rest_weekdays: Weekdays::WEEKENDS,
        paused: &[(day(8), day(11))],
        excused: &[day(13)],
        repairs: &[],
    };
    let streak = streak(&input, day(14));
    assert_eq!((streak.current, streak.best), (8, 8));
    assert_eq!(streak.consistency_30, Consistency { active: 8, countable: 8 });
    let without = of(&active, day(14));
    assert_eq!((without.current, without.freezes_used), (2, vec![day(13)]), "without them it breaks twice");
}

#[test]
fn practice_on_a_rest_day_counts() {
    let resting = Weekdays::from_iter([Weekday::Tuesday]);
    let active = days(0..3);
    let input = StreakInput { active: &active, rest_weekdays: resting, ..StreakInput::default() };
    assert_eq!(streak(&input, day(2)).current, 3);
}

#[test]
fn a_repair_covers_a_missed_day_and_gives_back_its_freeze() {
    let active = [days(0..7), days(8..10)].concat();
    let repaired = StreakInput { active: &active, repairs: &[day(7)], ..StreakInput::default() };
    let with = streak(&repaired, day(9));
    assert_eq!((with.current, with.freezes_held, with.freezes_used.len()), (9, 1, 0));
    let without = of(&active, day(9));
    assert_eq!((without.current, without.freezes_held), (9, 0));
    let short = [day(0), day(2)];
    assert_eq!(
        streak(&StreakInput { active: &short, repairs: &[day(1)], ..StreakInput::default() }, day(2)).current,
        2
    );
}

#[test]
fn consistency_looks_back_thirty_days_and_leaves_unfinished_today_out() {
    let active = days(0..40);
    assert_eq!(of(&active, day(39)).consistency_30, Consistency { active: 30, countable: 30 });
    assert_eq!(of(&active, day(40)).consistency_30, Consistency { active: 29, countable: 29 });
    assert_eq!(of(&active, day(45)).consistency_30, Consistency { active: 24, countable: 29 });
    assert_eq!(
        of(&[day(0), day(3)], day(3)).consistency_30,
        Consistency { active: 2, countable: 4 },
        "since the first"
    );
}

/// The rules again, as one would check them by hand: every question about the past is answered by scanning it anew.
mod reference {
    use super::*;

    pub fn streak(input: &StreakInput<'_>, today: Date) -> Streak {
        let used = frozen(input, today);
        let breaks = |d: Date| is_missed(input, d, today) && !used.contains(&d);
        let run_to = |end: Date| {
            let mut length = 0;
            let mut d = end;
            while let Some(first) = first(input, today).filter(|&first| d >= first && !breaks(d)) {
                length += u32::from(input.active.contains(&d));
                if d == first {
                    break;
                }
                d = d.yesterday().unwrap();
            }
            length
        };
        let all: Vec<Date> = span(input, today);
        let thirty: Vec<Date> = all.iter().copied().filter(|&d| (today - d).get_days() < 30).collect();
        let is_active = |d: &&Date| input.active.contains(d);
        let active = thirty.iter().filter(is_active).count();
        let open = |d: &&Date| !input.active.contains(d) && !free(input, **d) && **d != today;
        let countable = active + thirty.iter().filter(open).count();
        Streak {
            current: run_to(today),
            best: all.iter().map(|&d| run_to(d)).max().unwrap_or(0),
            freezes_held: held_at(input, today, &used),
            consistency_30: Consistency { active: active as u32, countable: countable as u32 },
            today_done: input.active.contains(&today),
            freezes_used: used,
        }
    }

    fn first(input: &StreakInput<'_>, today: Date) -> Option<Date> {
        input.active.iter().copied().filter(|&d| d <= today).min()
    }

    fn span(input: &StreakInput<'_>, today: Date) -> Vec<Date> {
        first(input, today).map_or(Vec::new(), |first| first.series(1.day()).take_while(|&d| d <= today).collect())
    }

    fn free(input: &StreakInput<'_>, d: Date) -> bool {
        input.excused.contains(&d)
            || input.rest_weekdays.contains(d.weekday())
            || input.paused.iter().any(|&(from, to)| from <= d && d <= to)
    }

    fn is_missed(input: &StreakInput<'_>, d: Date, today: Date) -> bool {
        d < today && !input.active.contains(&d) && !input.repairs.contains(&d) && !free(input, d)
    }

    /// Freezes in hand at the end of `d`, given on which dates one was spent.
    fn held_at(input: &StreakInput<'_>, d: Date, spent: &[Date]) -> u32 {
        let (mut held, mut practised) = (0u32, 0);
        for x in span(input, d) {
            if input.active.contains(&x) {
                practised += 1;
                if practised % 7 == 0 && held < 2 {
                    held += 1;
                }
            } else if spent.contains(&x) {
                held -= 1;
            }
        }
        held
    }

    fn frozen(input: &StreakInput<'_>, today: Date) -> Vec<Date> {
        let mut spent = Vec::new();
        for d in span(input, today) {
            if is_missed(input, d, today) && held_at(input, d, &spent) > 0 {
                spent.push(d);
            }
        }
        spent
    }
}

fn some_days(density: f64) -> impl Strategy<Value = Vec<Date>> {
    prop::collection::vec(prop::bool::weighted(density), 90)
        .prop_map(|on| (0..).zip(on).filter(|(_, on)| *on).map(|(n, _)| day(n)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn streaks_agree_with_the_reference(
        active in prop_oneof![some_days(0.5), some_days(0.85), some_days(0.95), some_days(0.1)],
        rest in prop_oneof![Just(0u8), 0u8..128],
        paused in prop::collection::vec((0i32..90, 0i32..10), 0..3),
        excused in some_days(0.03),
        repairs in some_days(0.05),
        today in 0i32..95,
    ) {
        let paused: Vec<_> = paused.into_iter().map(|(from, length)| (day(from), day(from + length))).collect();
        let input = StreakInput {
            active: &active,
            rest_weekdays: Weekdays::from_bits(rest).unwrap(),
            paused: &paused,
            excused: &excused,
            repairs: &repairs,
        };
        prop_assert_eq!(streak(&input, day(today)), reference::streak(&input, day(today)));
    }
}
