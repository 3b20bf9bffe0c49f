//! The estimate against its closed form, and what counts as weak.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::domain::samples::slug;

fn at_day(days: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000).unwrap() + SignedDuration::from_hours(24 * days)
}

fn after(scores: &[f64]) -> Mastery {
    scores.iter().fold(Mastery::unknown(slug("redis"), at_day(0)), |m, &score| m.update(score, 1.0, at_day(0)))
}

#[test]
fn nothing_known_is_the_middle_and_not_sure_at_all() {
    let unknown = Mastery::unknown(slug("redis"), at_day(0));
    assert_eq!((unknown.mean, unknown.evidence), (0.5, 0));
    assert!((unknown.uncertainty - (1.0f64 / 12.0).sqrt()).abs() < 1e-12, "a uniform distribution's");
}

#[test]
fn answers_move_the_mean_and_sharpen_it() {
    let (one, five) = (after(&[0.0]), after(&[0.0; 5]));
    assert!((one.mean - 1.0 / 3.0).abs() < 1e-9 && (five.mean - 1.0 / 7.0).abs() < 1e-9, "Laplace's rule");
    assert!(five.uncertainty < one.uncertainty && five.upper() < one.upper());
    assert_eq!((one.evidence, five.evidence), (1, 5));
    assert!(five.lower() <= five.mean && five.mean <= five.upper());
}

#[test]
fn an_answer_counts_half_after_the_half_life_and_knowledge_fades_to_unknown() {
    let later = after(&[1.0]).faded(at_day(60));
    assert!((later.mean - 1.5 / 2.5).abs() < 1e-9);
    let never = after(&[0.0; 20]).faded(at_day(20_000));
    assert!((never.mean - 0.5).abs() < 1e-6 && never.upper() > 0.95, "{never:?}");
    assert_eq!((never.evidence, never.last), (20, at_day(0)), "what it rested on stays known");
}

#[test]
fn the_primary_skill_learns_more_than_the_others() {
    let skills = [slug("redis"), slug("caching")];
    let estimates = estimate([Scored { skills: &skills, score: 1.0, at: at_day(0) }], at_day(0));
    let of = |name: &str| estimates.iter().find(|m| m.skill == slug(name)).unwrap();
    assert!((of("redis").mean - 2.0 / 3.0).abs() < 1e-9);
    assert!((of("caching").mean - 1.5 / 2.5).abs() < 1e-9);
    assert_eq!(of("caching").evidence, 1);
}

#[test]
fn weak_is_confidently_low_not_merely_unseen() {
    let named = |name: &str, scores: &[f64]| Mastery { skill: slug(name), ..after(scores) };
    let estimates = [
        named("unseen", &[]),
        named("strong", &[0.95, 1.0, 0.9, 1.0]),
        named("once-bad", &[0.2]),
        named("often-bad", &[0.2, 0.2, 0.2]),
        named("middling", &[0.5, 0.5, 0.5]),
    ];
    let names = |n| weakest(&estimates, n).into_iter().map(|m| m.skill.as_str()).collect::<Vec<_>>();
    assert_eq!(names(9), ["often-bad", "once-bad", "middling"]);
    assert_eq!(names(1), ["often-bad"]);
    let one_blank = [named("one-blank", &[0.0]), named("often-poor", &[0.3; 5])];
    assert!(one_blank[0].mean < one_blank[1].mean);
    assert_eq!(weakest(&one_blank, 1)[0].skill, slug("often-poor"), "one blank answer proves less");
    assert!(weakest(&[], 3).is_empty());
}

#[test]
fn broken_numbers_do_not_spread() {
    for score in [f64::NAN, f64::INFINITY, -7.0, 1e300] {
        let m = after(&[score]);
        assert!((0.0..=1.0).contains(&m.mean) && m.uncertainty.is_finite(), "{score}: {m:?}");
    }
    let stored = Mastery { mean: 0.3, uncertainty: 0.0, ..after(&[0.3]) };
    let updated = stored.update(0.5, 1.0, at_day(1));
    assert!(updated.mean.is_finite() && updated.uncertainty > 0.0);
}

proptest! {
    #[test]
    fn updates_one_by_one_in_any_order_give_the_closed_form(
        answers in prop::collection::vec((0.0f64..=1.0, 0i64..400, prop::bool::ANY), 1..40),
    ) {
        let newest = answers.iter().map(|a| a.1).max().unwrap();
        let (mut earned, mut missed) = (1.0, 1.0);
        for &(score, day, primary) in &answers {
            let weight = weight_at(usize::from(!primary)) * 0.5f64.powf((newest - day) as f64 / HALF_LIFE_DAYS);
            earned += weight * score;
            missed += weight * (1.0 - score);
        }
        let start = Mastery::unknown(slug("redis"), at_day(answers[0].1));
        let learned = answers.iter().fold(start, |m, &(score, day, primary)| {
            m.update(score, weight_at(usize::from(!primary)), at_day(day))
        });
        let total: f64 = earned + missed;
        let deviation = (earned * missed / (total * total * (total + 1.0))).sqrt();
        prop_assert!((learned.mean - earned / total).abs() < 1e-6);
        prop_assert!((learned.uncertainty - deviation).abs() < 1e-6);
        prop_assert_eq!(learned.evidence as usize, answers.len());
        prop_assert_eq!(learned.last, at_day(newest));
    }
}
