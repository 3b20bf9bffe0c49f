//! What moderators see, and what a mock interview shows in its thread.

use std::sync::Arc;

use jiff::Timestamp;

use super::samples::{AWKWARD, SERVING, question, slug, taxonomy};
use super::shown;
use crate::app::drops::{DueDrop, Preview};
use crate::app::mock::{Asking, BANK};
use crate::app::topics::Topics;
use crate::discord::components::Action;
use crate::discord::render::{drops, mock, topics};
use crate::domain::bank::Bank;
use crate::domain::grade::Verdict;
use crate::domain::ids::{ChannelId, MemberId, RoleId, ServerId};
use crate::domain::interview::{Gap, Plan, QuestionScore, Scorecard, SkillScore, Strength, Style};
use crate::domain::recurrence::Occurrence;
use crate::domain::taxonomy::{Level, Track};
use crate::domain::topics::{RuleKind, TopicRule, TopicRules};
use crate::store::{Delivery, DeliveryStatus, InterviewRow, NewSchedule, NewTurn, Schedule};

fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn schedule() -> Schedule {
    let wanted = NewSchedule {
        id: SERVING.to_owned(),
        server: ServerId(1),
        channel: ChannelId(2),
        home_channel: ChannelId(3),
        days: 0b001_1111,
        minute_of_day: 9 * 60 + 5,
        zone: "Europe/Berlin".to_owned(),
        topics: vec![slug("redis"), slug("stores")],
        level: Some(Level::Mid),
        thread: true,
        ping_role: Some(RoleId(4)),
        created_by: MemberId(5),
    };
    Schedule { wanted, paused_reason: None, next: Some((instant(1_893_556_800), "2030-01-02".to_owned())) }
}

fn delivery(status: DeliveryStatus, reason: Option<&str>) -> Delivery {
    Delivery {
        id: SERVING.to_owned(),
        schedule_id: SERVING.to_owned(),
        local_date: None,
        due: instant(1_893_470_400),
        question: None,
        status,
        tries: 1,
        message: None,
        reason: reason.map(str::to_owned),
    }
}

#[test]
fn topics_on_off_and_weighed() {
    let rule = |kind, name: &str, weight| TopicRule { kind, slug: slug(name), weight };
    let rules = TopicRules::new(vec![
        rule(RuleKind::Topic, "redis", 5),
        rule(RuleKind::Topic, "stores", 0),
        rule(RuleKind::Category, "behavioral", 0),
        rule(RuleKind::Level, "mid", 1),
    ]);
    let topics = Topics { rules, pool: 3, of: 16 };
    insta::assert_snapshot!(shown(topics::topics(&topics, "This server's topics", &taxonomy())));
}

#[test]
fn a_list_of_schedules_in_every_state() {
    let mut paused = schedule();
    paused.paused_reason = Some("by a moderator".to_owned());
    let past = |status, reason| (schedule(), vec![delivery(status, reason)]);
    let all = [
        (schedule(), vec![]),
        (paused, vec![]),
        past(DeliveryStatus::Sent, None),
        past(DeliveryStatus::Missed, Some("I was down")),
        past(DeliveryStatus::Failed, Some("I may not post there")),
        past(DeliveryStatus::Owed, None),
    ];
    let none = shown(drops::list(&[], &taxonomy()));
    insta::assert_snapshot!(format!("{none}\n\n{}", shown(drops::list(&all, &taxonomy()))));
}

#[test]
fn a_preview_of_pools_that_last_run_out_and_are_empty() {
    let question = Arc::new(question());
    let occurrence = Occurrence { local_date: jiff::civil::date(2030, 1, 2), at: instant(1_893_556_800) };
    let cards = [(16, 12), (3, 1), (0, 0)].map(|(pool, unused)| {
        let next = if pool == 0 { Vec::new() } else { vec![(occurrence, Arc::clone(&question)); 2] };
        shown(drops::preview(&Preview { next, paused_reason: None, pool, unused }))
    });
    insta::assert_snapshot!(cards.join("\n\n"));
}

#[test]
fn a_drop_pings_its_role_and_nobody_else() {
    let delivery = delivery(DeliveryStatus::Owed, None);
    let due =
        DueDrop { delivery, schedule: schedule(), question: Arc::new(question()), withdrawn: None, nonce_holds: false };
    insta::assert_snapshot!(shown(drops::drop(&due, &taxonomy())));
}

fn interview() -> InterviewRow {
    let plan = Plan {
        track: Track::SystemDesign,
        style: Style::Coached,
        level: Level::Senior,
        minutes: 30,
        questions: vec![slug("cache-stampede")],
    };
    InterviewRow {
        id: SERVING.to_owned(),
        member: MemberId(42),
        server: Some(ServerId(1)),
        channel: ChannelId(2),
        thread: ChannelId(3),
        plan,
        started_at: instant(0),
        seen_message: None,
        ended_at: None,
        end_reason: None,
        scorecard: None,
        scorecard_posted: false,
        tries: 0,
    }
}

#[test]
fn an_interviews_opening_and_a_models_follow_up() {
    let action = Action::MockAnswer { interview: SERVING.to_owned(), seq: 1 };
    let cards = [(1, BANK, "**Why** does it melt?"), (2, "llm:some-model", AWKWARD)].map(|(seq, by, asked)| {
        let follows = seq > 1;
        let turn = NewTurn {
            seq,
            question: slug("cache-stampede"),
            point: follows.then(|| slug("cure")),
            asked: asked.to_owned(),
            asked_by: by.to_owned(),
            feedback: follows.then(|| AWKWARD.to_owned()),
        };
        shown(mock::turn(&Asking { interview: interview(), turn, asked_at: instant(0), place: (1, 3) }, &action))
    });
    insta::assert_snapshot!(cards.join("\n\n"));
}

#[test]
fn a_scorecard() {
    let mut row = interview();
    row.end_reason = Some("time is up".to_owned());
    row.scorecard = Some(Scorecard {
        overall: Some(0.42),
        per_question: vec![QuestionScore {
            question: slug("cache-stampede"),
            title: "Explain a cache stampede.".to_owned(),
            score: Some(0.42),
            probes: 2,
        }],
        per_skill: vec![
            SkillScore { skill: slug("redis"), score: 0.1, questions: 1 },
            SkillScore { skill: slug("caching"), score: 0.7, questions: 1 },
        ],
        strengths: vec![Strength {
            question: slug("cache-stampede"),
            point: "Many callers miss at once".to_owned(),
            quote: AWKWARD.to_owned(),
        }],
        gaps: vec![Gap {
            question: slug("cache-stampede"),
            add: "One caller rebuilds".to_owned(),
            score: 0,
            verdict: Verdict::NotAddressed,
        }],
        practise_next: vec![slug("cache-stampede")],
        graders: vec!["rubric-1".to_owned()],
        answered: 3,
        asked: 4,
    });
    insta::assert_snapshot!(shown(mock::scorecard(&row, &Bank::new(taxonomy(), vec![question()]))));
}
