//! What members see.

use jiff::Timestamp;

use super::samples::{AWKWARD, SERVING, graded, question, slug, taxonomy};
use super::{opened, shown};
use crate::app::practice::{Hint, Served, Showing};
use crate::app::profile::{Profile, ZoneFrom};
use crate::app::progress::{NextStep, Progress};
use crate::app::{Member, NewServing, NextClock, Totals};
use crate::discord::errors;
use crate::discord::render::{help, practice, profile, progress};
use crate::domain::grade::Gate;
use crate::domain::ids::{ChannelId, MemberId};
use crate::domain::mastery::Mastery;
use crate::domain::streak::{Consistency, Streak};

fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[test]
fn a_question_with_why_it_was_picked() {
    let question = question();
    let serving = NewServing { id: SERVING.to_owned(), member: None, server: None, question: question.slug.clone() };
    let reason = "Caching is your weakest skill so far (2 answers, 31 of 100).".to_owned();
    let served = Served { serving, question: question.into(), reason };
    insta::assert_snapshot!(shown(practice::served(&served, &taxonomy())));
}

#[test]
fn the_answer_form() {
    let showing = Showing { serving: SERVING.to_owned(), question: slug("cache-stampede") };
    insta::assert_snapshot!(opened(practice::form(&question(), &showing)));
}

#[test]
fn a_result_by_point() {
    insta::assert_snapshot!(shown(practice::result(&graded())));
}

#[test]
fn a_retry_with_its_delta_after_a_reveal() {
    let mut graded = graded();
    (graded.previous, graded.hints, graded.counts, graded.follow_up) = (Some(0.2), 0, false, None);
    insta::assert_snapshot!(shown(practice::result(&graded)));
}

#[test]
fn a_result_shared() {
    insta::assert_snapshot!(shown(practice::shared(&graded(), 42)));
}

#[test]
fn a_hint() {
    let hint = Hint { text: "Think of who waits.".to_owned(), number: 2, of: 4 };
    insta::assert_snapshot!(shown(practice::hint(&hint)));
}

#[test]
fn every_way_to_be_turned_away() {
    let gates = [Gate::Empty, Gate::TooShort, Gate::EchoedQuestion, Gate::Gibberish];
    let cards = gates.map(|gate| shown(practice::turned_away(gate, AWKWARD)));
    insta::assert_snapshot!(cards.join("\n\n"));
}

#[test]
fn the_model_answer_before_and_after_an_attempt() {
    let cards = [true, false].map(|earned_nothing| shown(practice::model_answer(&question(), earned_nothing)));
    insta::assert_snapshot!(cards.join("\n\n"));
}

#[test]
fn an_error_that_the_member_can_mend_is_said_as_it_is() {
    let error = crate::app::Error::User("Choose another one.".to_owned());
    assert_eq!(shown(errors::card(&error)), "(for one person)\nChoose another one.");
}

#[test]
fn progress_with_weak_skills_and_without_anything() {
    let weak = |skill: &str, evidence: u32| {
        let unknown = Mastery::unknown(slug(skill), instant(0));
        (0..evidence).fold(unknown, |m, _| m.update(0.2, 1.0, instant(0)))
    };
    let mut stands = Progress {
        streak: Streak {
            current: 3,
            best: 9,
            consistency_30: Consistency { active: 12, countable: 20 },
            ..Streak::default()
        },
        day_ends: instant(1_893_556_800),
        totals: Totals { attempts: 21, questions: 14 },
        weakest: vec![weak("caching", 2), weak("redis", 1)],
        skills_met: 5,
    };
    let some = shown(progress::progress(&stands, &taxonomy()));
    stands.weakest.clear();
    stands.streak.today_done = true;
    let strong = shown(progress::progress(&stands, &taxonomy()));
    stands.totals = Totals { attempts: 0, questions: 0 };
    (stands.streak, stands.skills_met) = (Streak::default(), 0);
    let none = shown(progress::progress(&stands, &taxonomy()));
    let frozen = |freezes_held, freezes_used| {
        let streak = Streak { freezes_held, freezes_used, ..Streak::default() };
        let card = shown(progress::progress(&Progress { streak, ..stands.clone() }, &taxonomy()));
        card.split("├ ").find(|field| field.starts_with("Freezes")).unwrap_or("no field\n").to_owned()
    };
    let used = || vec![jiff::civil::date(2029, 12, 30)];
    let freezes = [frozen(0, Vec::new()), frozen(1, Vec::new()), frozen(2, used()), frozen(0, used())].concat();
    insta::assert_snapshot!([some, strong, none, freezes].join("\n\n"));
}

#[test]
fn a_profile_from_every_source_of_a_zone() {
    let sources = [ZoneFrom::Choice, ZoneFrom::Practice, ZoneFrom::Server, ZoneFrom::Nobody];
    let cards = sources.map(|zone_from| {
        let next = NextClock { zone: "Asia/Tokyo".to_owned(), day_start_hour: 6, from: instant(1_893_556_800) };
        let waits = zone_from == ZoneFrom::Choice;
        let profile = Profile {
            member: Member::new(MemberId(1)),
            zone: "Europe/Berlin".to_owned(),
            zone_from,
            day_start_hour: 4,
            day_ends: instant(1_893_556_800),
            next: waits.then_some(next),
        };
        shown(profile::profile(&profile, waits))
    });
    insta::assert_snapshot!(cards.join("\n\n"));
}

#[test]
fn help_for_a_member_with_every_next_step_and_for_a_moderator() {
    let steps = [
        NextStep::FirstQuestion,
        NextStep::Interview(ChannelId(7)),
        NextStep::KeepStreak(1),
        NextStep::KeepStreak(8),
        NextStep::Practise(slug("caching")),
        NextStep::Mock,
    ];
    let first_lines = steps.map(|step| shown(help::help(&step, false)).lines().nth(1).unwrap_or_default().to_owned());
    let whole = shown(help::help(&NextStep::FirstQuestion, true));
    insta::assert_snapshot!(format!("{}\n\n{whole}", first_lines.join("\n")));
}
