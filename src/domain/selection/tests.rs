//! Selection over random banks and histories, and every reason in words.

use proptest::prelude::*;

use super::*;
use crate::domain::samples::{bank, question, slug, taxonomy};

fn now() -> Timestamp {
    Timestamp::from_second(1_780_000_000).unwrap()
}

fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

fn known(skill: &str, score: f64, answers: u32) -> Mastery {
    (0..answers).fold(Mastery::unknown(slug(skill), now()), |m, _| m.update(score, 1.0, now()))
}

/// A context that owns what it lends.
#[derive(Default)]
struct Member {
    level: Option<Level>,
    /// By primary skill; 1 where nothing is set.
    weights: HashMap<Slug, u8>,
    mastery: Vec<Mastery>,
    seen: HashMap<Slug, Seen>,
}

impl Member {
    fn choose<'q>(&self, questions: impl IntoIterator<Item = &'q Question>, seed: u64) -> Option<Choice> {
        let context = Context {
            level: self.level,
            mastery: &self.mastery,
            seen: &self.seen,
            now: now(),
            window: SignedDuration::from_hours(24 * 14),
        };
        let weigh = |q: &'q Question| (q, self.weights.get(q.primary_skill()).copied().unwrap_or(1));
        select(questions.into_iter().map(weigh), &context, seed)
    }

    /// How often each question comes up over many seeds.
    fn counts(&self, questions: &[Question]) -> HashMap<String, u32> {
        let mut counts = HashMap::new();
        for seed in 0..600 {
            *counts.entry(self.choose(questions, seed).unwrap().question.to_string()).or_default() += 1;
        }
        counts
    }

    fn sees(&mut self, name: &str, days: i64, score: Option<f64>) {
        self.seen.insert(slug(name), Seen { at: days_ago(days), score });
    }
}

fn stores() -> [Question; 3] {
    [question("q-postgres", "postgresql"), question("q-redis", "redis"), question("q-kafka", "kafka")]
}

#[test]
fn a_weak_skill_comes_up_more_often_than_a_new_one_and_a_strong_one_least() {
    let mastery = vec![known("postgresql", 0.2, 3), known("redis", 0.95, 3)];
    let counts = Member { mastery, ..Member::default() }.counts(&stores());
    assert!(counts["q-postgres"] > counts["q-kafka"], "{counts:?}");
    assert!(counts["q-kafka"] > counts["q-redis"], "{counts:?}");
    assert!(counts["q-redis"] > 0, "nothing is out of reach");
}

#[test]
fn a_topic_that_is_off_never_comes_and_a_heavier_one_comes_more() {
    let weights = [(slug("postgresql"), 0), (slug("redis"), 5)].into_iter().collect();
    let counts = Member { weights, ..Member::default() }.counts(&stores());
    assert!(!counts.contains_key("q-postgres"));
    assert!(counts["q-redis"] > 3 * counts["q-kafka"], "{counts:?}");
}

#[test]
fn the_members_level_is_preferred_not_demanded() {
    let staff = Question { levels: vec![Level::Staff], ..question("for-staff", "redis") };
    let questions = [question("for-mid", "redis"), staff];
    let mut member = Member { level: Some(Level::Staff), ..Member::default() };
    assert!(member.counts(&questions)["for-staff"] > 400);
    member.sees("for-staff", 1, Some(1.0));
    assert_eq!(member.choose(&questions, 1).unwrap().question, slug("for-mid"));
}

#[test]
fn nothing_allowed_means_no_choice() {
    assert_eq!(Member::default().choose([], 1), None);
    let weights = ["postgresql", "redis", "kafka"].into_iter().map(|s| (slug(s), 0)).collect();
    assert_eq!(Member { weights, ..Member::default() }.choose(&stores(), 1), None);
}

#[test]
fn when_everything_was_seen_lately_the_oldest_comes_back() {
    let mut member = Member::default();
    for (name, days) in [("q-postgres", 1), ("q-redis", 3), ("q-kafka", 2)] {
        member.sees(name, days, Some(0.5));
    }
    for seed in 0..20 {
        let choice = member.choose(&stores(), seed).unwrap();
        assert_eq!(choice.question, slug("q-redis"));
        assert!(matches!(choice.reason, Reason::AllSeen { .. }));
    }
}

#[test]
fn the_reason_says_what_is_true_of_the_choice() {
    let only = |member: &Member| member.choose(&stores()[..1], 7).unwrap().reason.sentence(&taxonomy());
    let mut member = Member::default();
    assert_eq!(only(&member), "You have not met PostgreSQL yet.");
    member.mastery = vec![known("postgresql", 0.9, 4)];
    assert_eq!(only(&member), "You have not seen this one on PostgreSQL yet.");
    member.sees("q-postgres", 21, Some(0.449));
    assert_eq!(only(&member), "You answered this 3 weeks ago at 45 of 100.");
    member.sees("q-postgres", 21, None);
    assert_eq!(only(&member), "You left this one open 3 weeks ago.");
    member.mastery = vec![known("postgresql", 0.2, 1)];
    assert_eq!(only(&member), "PostgreSQL is your weakest skill so far (1 answer, 40 of 100).");
    member.mastery.push(known("redis", 0.0, 5));
    assert_eq!(only(&member), "PostgreSQL is among your weakest skills (1 answer, 40 of 100).");
    member.sees("q-postgres", 1, Some(1.0));
    assert_eq!(
        only(&member),
        "You have seen every question here lately; this one longest ago (1 day ago, at 100 of 100)."
    );
}

#[test]
fn the_time_since_is_told_in_the_unit_people_would_use() {
    let told =
        |seconds| Reason::SeenBefore { ago: SignedDuration::from_secs(seconds), score: None }.sentence(&taxonomy());
    for (seconds, words) in [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7_199, "1 hour ago"),
        (86_400, "1 day ago"),
        (14 * 86_400, "2 weeks ago"),
        (61 * 86_400, "2 months ago"),
        (800 * 86_400, "2 years ago"),
    ] {
        assert_eq!(told(seconds), format!("You left this one open {words}."));
    }
}

fn play_drops(pool: &[Slug], used: &mut Vec<Slug>, times: usize, seed: u64) {
    for n in 0..times {
        used.push(select_for_drop(pool, used, seed.wrapping_add(n as u64)).unwrap());
    }
}

#[test]
fn a_question_that_joins_the_pool_joins_the_round_and_is_not_drilled() {
    let slugs: Vec<Slug> = ["a", "b", "c", "d"].map(slug).to_vec();
    let mut used = Vec::new();
    play_drops(&slugs[..3], &mut used, 6, 3);
    play_drops(&slugs, &mut used, 1, 9);
    assert_eq!(used[6], slug("d"), "the two rounds of three were complete");
    play_drops(&slugs, &mut used, 4, 9);
    assert_eq!(used[7..].iter().collect::<BTreeSet<_>>().len(), 4);
}

#[test]
fn an_empty_pool_has_no_drop_and_a_pool_of_one_repeats() {
    assert_eq!(select_for_drop(&[], &[slug("a")], 1), None);
    assert_eq!(select_for_drop(&[slug("a")], &[slug("a"), slug("a")], 1), Some(slug("a")));
}

proptest! {
    #[test]
    fn no_question_returns_within_its_window_while_others_remain(
        count in 1usize..20,
        seen in prop::collection::vec((0usize..20, 0i64..30, prop::option::of(0.0f64..=1.0)), 0..20),
        seed: u64,
    ) {
        let bank = bank(count);
        let mut member = Member::default();
        for (n, days, score) in seen {
            member.sees(&format!("q{n}"), days, score);
        }
        let questions = || bank.questions().iter().map(AsRef::as_ref);
        let choice = member.choose(questions(), seed).unwrap();
        prop_assert!(bank.get(choice.question.as_str()).is_some());
        let lately = |q: &Slug| member.seen.get(q).is_some_and(|s| s.at > days_ago(14));
        if lately(&choice.question) {
            for question in questions() {
                prop_assert!(lately(&question.slug));
                prop_assert!(member.seen[&choice.question].at <= member.seen[&question.slug].at);
            }
        }
        prop_assert_eq!(Some(choice.clone()), member.choose(questions(), seed), "the same seed, the same choice");
        let reversed = member.choose(bank.questions().iter().rev().map(AsRef::as_ref), seed);
        prop_assert_eq!(Some(choice), reversed, "whatever the order");
    }

    #[test]
    fn drops_use_the_whole_pool_before_any_question_returns(size in 1usize..12, rounds in 1usize..5, seed: u64) {
        let pool: Vec<Slug> = (0..size).map(|n| slug(&format!("q{n}"))).collect();
        let mut used = Vec::new();
        play_drops(&pool, &mut used, size * rounds, seed);
        for round in used.chunks(size) {
            prop_assert_eq!(round.iter().collect::<BTreeSet<_>>().len(), size);
        }
        if size > 1 {
            prop_assert!(used.windows(2).all(|pair| pair[0] != pair[1]), "{used:?}");
        }
    }

    #[test]
    fn drops_stay_in_a_pool_that_changes(
        pools in prop::collection::vec(prop::collection::btree_set(0usize..8, 1..8), 1..30),
        seed: u64,
    ) {
        let mut used: Vec<Slug> = Vec::new();
        for pool in pools {
            let pool: Vec<Slug> = pool.into_iter().map(|n| slug(&format!("q{n}"))).collect();
            let next = select_for_drop(&pool, &used, seed).unwrap();
            prop_assert!(pool.contains(&next));
            if pool.len() > 1 {
                let last = used.iter().rev().find(|s| pool.contains(s));
                prop_assert_ne!(last, Some(&next));
            }
            used.push(next);
        }
    }
}
