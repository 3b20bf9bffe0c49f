//! Drops: what may be created, and that what is due is owed once, caught up or recorded as missed.

use std::collections::HashSet;

use super::{Bench, GUILD, refusal};
use crate::app::drops::{PREVIEWED, ScheduleForm};
use crate::app::topics::TopicChange;
use crate::domain::ids::{ChannelId, MemberId, ServerId, Slug};
use crate::domain::samples;
use crate::domain::taxonomy::Level;
use crate::store::{DeliveryStatus, Schedule};

fn form() -> ScheduleForm {
    ScheduleForm {
        channel: ChannelId(5),
        home_channel: ChannelId(6),
        days: "daily".to_owned(),
        time: "09:00".to_owned(),
        zone: Some("Europe/Lisbon".to_owned()),
        topics: None,
        level: None,
        thread: false,
        ping_role: None,
        by: MemberId(1),
    }
}

/// Before the first drop of the day, with one daily schedule over `questions` questions.
async fn bench(questions: usize) -> (Bench, Schedule) {
    let mut bench = Bench::new(samples::bank(questions)).await;
    bench.set_clock("2026-11-23T08:00:00Z");
    let schedule = bench.create_schedule(GUILD, &form()).await.unwrap();
    (bench, schedule)
}

/// Plans until nothing is due, and says how often there was something.
async fn plan_all(bench: &Bench) -> usize {
    let mut planned = 0;
    loop {
        match bench.plan_due_drops().await.unwrap() {
            0 => return planned,
            more => planned += more,
        }
    }
}

/// Delivers everything that can be, and says what was asked.
async fn deliver(bench: &Bench) -> Vec<Slug> {
    let mut asked = Vec::new();
    for drop in bench.take_due_drops(9).await.unwrap() {
        bench.store.finish_delivery(&drop.delivery.id, DeliveryStatus::Sent, None).await.unwrap();
        asked.push(drop.question.slug.clone());
    }
    asked
}

#[tokio::test]
async fn a_form_that_makes_no_sense_is_refused_with_what_to_change() {
    let bench = Bench::new(samples::bank(3)).await;
    let long = "x".repeat(10_000);
    let forms = [
        ScheduleForm { days: "someday".to_owned(), ..form() },
        ScheduleForm { days: String::new(), ..form() },
        ScheduleForm { days: "🦀".to_owned(), ..form() },
        ScheduleForm { time: "25:00".to_owned(), ..form() },
        ScheduleForm { time: long.clone(), ..form() },
        ScheduleForm { zone: Some("Mars/Olympus".to_owned()), ..form() },
        ScheduleForm { zone: Some(long), ..form() },
        ScheduleForm { topics: Some("postgresql, nonsense".to_owned()), ..form() },
        ScheduleForm { topics: Some("kafka".to_owned()), ..form() },
        ScheduleForm { level: Some(Level::Principal), ..form() },
    ];
    for form in forms {
        let sentence = refusal(bench.create_schedule(GUILD, &form).await);
        assert!(sentence.ends_with('.') && sentence.len() < 500, "{sentence}");
    }
    assert_eq!(bench.schedules(GUILD).await.unwrap(), []);
}

#[tokio::test]
async fn a_server_has_25_schedules_at_most() {
    let bench = Bench::new(samples::bank(1)).await;
    for _ in 0..25 {
        bench.create_schedule(GUILD, &form()).await.unwrap();
    }
    let sentence = refusal(bench.create_schedule(GUILD, &form()).await);
    assert_eq!(sentence, "This server has 25 schedules, the most there can be. Delete one with /drops delete first.");
    assert!(bench.create_schedule(ServerId(1), &form()).await.is_ok());
}

#[tokio::test]
async fn the_first_schedules_zone_becomes_the_servers_and_the_next_ones_default() {
    let (bench, first) = bench(1).await;
    assert_eq!(first.next.unwrap().1, "2026-11-23");
    let second = bench.create_schedule(GUILD, &ScheduleForm { zone: None, ..form() }).await.unwrap();
    assert_eq!(second.wanted.zone, "Europe/Lisbon");
    let elsewhere = bench.create_schedule(ServerId(1), &ScheduleForm { zone: None, ..form() }).await.unwrap();
    assert_eq!(elsewhere.wanted.zone, "UTC");
}

#[tokio::test]
async fn a_drop_is_owed_when_it_is_due_and_only_once() {
    let (mut bench, schedule) = bench(3).await;
    assert_eq!(plan_all(&bench).await, 0);
    bench.set_clock("2026-11-23T09:00:00Z");
    assert_eq!(plan_all(&bench).await, 1);
    assert_eq!(plan_all(&bench).await, 0);
    let drops = bench.take_due_drops(9).await.unwrap();
    assert_eq!(drops.len(), 1);
    assert_eq!(
        (&drops[0].delivery.schedule_id, &drops[0].question.slug),
        (&schedule.wanted.id, drops[0].delivery.question.as_ref().unwrap())
    );
    assert_eq!(bench.take_due_drops(9).await.unwrap().len(), 0);
}

#[tokio::test]
async fn after_a_long_absence_the_latest_is_caught_up_and_the_rest_is_recorded_as_missed() {
    let (mut bench, schedule) = bench(3).await;
    bench.set_clock("2026-11-26T14:00:00Z");
    assert_eq!(plan_all(&bench).await, 4);
    let recent = bench.store.recent_deliveries(&schedule.wanted.id, 9).await.unwrap();
    let stand: Vec<_> = recent.iter().map(|d| (d.local_date.as_deref().unwrap(), d.status)).collect();
    let missed = |date| (date, DeliveryStatus::Missed);
    let expected =
        [("2026-11-26", DeliveryStatus::Owed), missed("2026-11-25"), missed("2026-11-24"), missed("2026-11-23")];
    assert_eq!(stand, expected);
    assert!(recent[1].question.is_none() && recent[1].reason.is_some());
    assert_eq!(bench.take_due_drops(9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_owed_drop_that_nobody_could_deliver_in_time_is_missed_and_not_late() {
    let (mut bench, schedule) = bench(3).await;
    bench.set_clock("2026-11-23T09:00:00Z");
    plan_all(&bench).await;
    bench.set_clock("2026-11-23T15:00:10Z");
    assert_eq!(bench.take_due_drops(9).await.unwrap().len(), 0);
    let recent = bench.store.recent_deliveries(&schedule.wanted.id, 1).await.unwrap();
    assert_eq!(
        (recent[0].status, recent[0].reason.as_deref()),
        (DeliveryStatus::Missed, Some("the catch-up window had passed"))
    );
}

#[tokio::test]
async fn what_is_previewed_is_what_comes() {
    let (mut bench, schedule) = bench(4).await;
    let preview = bench.preview_schedule(GUILD, &schedule.wanted.id).await.unwrap();
    assert_eq!((preview.next.len(), preview.pool, preview.unused), (PREVIEWED, 4, 4));
    for (day, (occurrence, question)) in (23..).zip(&preview.next) {
        assert_eq!(occurrence.local_date.to_string(), format!("2026-11-{day}"));
        bench.set_clock(&format!("2026-11-{day}T09:00:00Z"));
        assert_eq!(plan_all(&bench).await, 1);
        assert_eq!(deliver(&bench).await, std::slice::from_ref(&question.slug));
    }
    let later = bench.preview_schedule(GUILD, &schedule.wanted.id).await.unwrap();
    assert_eq!((later.pool, later.unused), (4, 1));
}

#[tokio::test]
async fn no_question_repeats_until_the_pool_is_used_up() {
    let (mut bench, schedule) = bench(3).await;
    let mut asked: Vec<Slug> = Vec::new();
    for day in 23..30 {
        bench.set_clock(&format!("2026-11-{day}T09:00:00Z"));
        plan_all(&bench).await;
        asked.extend(deliver(&bench).await);
    }
    assert_eq!(asked.len(), 7);
    for round in asked.chunks(3) {
        assert_eq!(round.iter().collect::<HashSet<_>>().len(), round.len(), "{asked:?}");
    }
    assert_ne!(asked[2], asked[3]);
    assert_ne!(asked[5], asked[6]);
    assert_eq!(bench.store.delivered_questions(&schedule.wanted.id).await.unwrap(), asked);
}

#[tokio::test]
async fn running_one_by_hand_leaves_the_schedule_alone() {
    let (mut bench, schedule) = bench(3).await;
    let question = bench.run_schedule(GUILD, &schedule.wanted.id).await.unwrap();
    assert_eq!(bench.schedule(GUILD, &schedule.wanted.id).await.unwrap(), schedule);
    let by_hand = bench.store.recent_deliveries(&schedule.wanted.id, 9).await.unwrap();
    assert_eq!((by_hand.len(), &by_hand[0].local_date), (1, &None));
    assert_eq!(deliver(&bench).await, std::slice::from_ref(&question.slug));
    bench.set_clock("2026-11-23T09:00:00Z");
    assert_eq!(plan_all(&bench).await, 1);
    assert_ne!(deliver(&bench).await, std::slice::from_ref(&question.slug));
}

#[tokio::test]
async fn a_refused_drop_pauses_its_schedule_and_tells_the_moderators_once() {
    let (mut bench, schedule) = bench(3).await;
    let id = &schedule.wanted.id;
    bench.run_schedule(GUILD, id).await.unwrap();
    bench.run_schedule(GUILD, id).await.unwrap();
    for drop in bench.take_due_drops(9).await.unwrap() {
        bench.drop_refused(&drop, "I may not write there", "Allow me to.").await.unwrap();
    }
    assert_eq!(bench.schedule(GUILD, id).await.unwrap().paused_reason.as_deref(), Some("I may not write there"));
    let now = bench.clock.now();
    let later = now + jiff::SignedDuration::from_hours(1);
    let notice = bench.store.claim_notice(now, later).await.unwrap().unwrap();
    let expected = "The question schedule for <#5> is paused: I may not write there. Allow me to.";
    assert_eq!((notice.text.as_str(), notice.channel), (expected, ChannelId(6)));
    assert_eq!(bench.store.claim_notice(now, later).await.unwrap(), None);
    // Days later it goes on at its next time, owing nothing for the days between.
    bench.set_clock("2026-11-26T14:00:00Z");
    assert_eq!(plan_all(&bench).await, 0);
    let resumed = bench.resume_schedule(GUILD, id).await.unwrap();
    assert_eq!((resumed.paused_reason, resumed.next.unwrap().1.as_str()), (None, "2026-11-27"));
    assert_eq!(plan_all(&bench).await, 0);
}

#[tokio::test]
async fn a_delayed_drop_comes_back_a_little_later_each_time() {
    let (mut bench, schedule) = bench(3).await;
    bench.run_schedule(GUILD, &schedule.wanted.id).await.unwrap();
    let drop = bench.take_due_drops(9).await.unwrap().remove(0);
    bench.drop_delayed(&drop, "Discord answered 503").await.unwrap();
    assert_eq!(bench.take_due_drops(9).await.unwrap().len(), 0);
    bench.set_clock("2026-11-23T08:05:00Z");
    let again = bench.take_due_drops(9).await.unwrap().remove(0);
    assert_eq!((again.delivery.status, again.delivery.tries), (DeliveryStatus::Sending, 1));
    bench.set_clock("2026-11-23T18:00:00Z");
    bench.drop_delayed(&again, "Discord answered 503").await.unwrap();
    let recent = bench.store.recent_deliveries(&schedule.wanted.id, 1).await.unwrap();
    assert_eq!(recent[0].status, DeliveryStatus::Missed);
}

#[tokio::test]
async fn a_pool_that_topics_emptied_fails_the_drop_and_tells_the_moderators() {
    let (mut bench, schedule) = bench(2).await;
    let other = ScheduleForm { topics: Some("postgresql".to_owned()), ..form() };
    assert!(refusal(bench.create_schedule(GUILD, &other).await).starts_with("No question fits these topics"));
    let rule = crate::domain::topics::TopicRule {
        kind: crate::domain::topics::RuleKind::Level,
        slug: samples::slug("principal"),
        weight: 1,
    };
    bench.store.set_topic_rules(GUILD, &[rule]).await.unwrap();
    bench.set_clock("2026-11-23T09:00:00Z");
    assert_eq!(plan_all(&bench).await, 1);
    let recent = bench.store.recent_deliveries(&schedule.wanted.id, 1).await.unwrap();
    assert_eq!(recent[0].status, DeliveryStatus::Failed);
    let now = bench.clock.now();
    let notice = bench.store.claim_notice(now, now).await.unwrap().unwrap();
    assert!(notice.text.contains("had no question to ask"), "{}", notice.text);
    assert!(refusal(bench.run_schedule(GUILD, &schedule.wanted.id).await).starts_with("This schedule has no question"));
    let change = TopicChange { level: Some(Level::Mid), weight: 1, ..TopicChange::default() };
    bench.set_topics(GUILD, &change).await.unwrap();
    assert!(bench.run_schedule(GUILD, &schedule.wanted.id).await.is_ok());
}

#[tokio::test]
async fn another_servers_schedule_is_none_of_yours() {
    let (bench, schedule) = bench(1).await;
    let id = &schedule.wanted.id;
    let stranger = ServerId(666);
    for sentence in [
        refusal(bench.schedule(stranger, id).await),
        refusal(bench.pause_schedule(stranger, id).await),
        refusal(bench.resume_schedule(stranger, id).await),
        refusal(bench.delete_schedule(stranger, id).await),
        refusal(bench.preview_schedule(stranger, id).await),
        refusal(bench.run_schedule(stranger, id).await),
        refusal(bench.schedule(GUILD, "'; --").await),
    ] {
        assert_eq!(sentence, "There is no such schedule here. Choose one from the list, or see /drops list.");
    }
    assert!(bench.pause_schedule(GUILD, id).await.unwrap().paused_reason.is_some());
    bench.delete_schedule(GUILD, id).await.unwrap();
    assert_eq!(bench.schedules(GUILD).await.unwrap(), []);
}
