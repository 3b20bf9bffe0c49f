//! Schedules, and planning what they owe.

use super::super::{Delivery, DeliveryStatus, NewSchedule, Schedule};
use super::deliveries::delivery;
use super::{ANA, GUILD, Kept, at, fresh};
use crate::domain::ids::{ChannelId, RoleId, ServerId};
use crate::domain::samples::slug;
use crate::domain::taxonomy::Level;

pub(super) fn schedule(id: &str) -> NewSchedule {
    NewSchedule {
        id: id.to_owned(),
        server: GUILD,
        channel: ChannelId(u64::MAX),
        home_channel: ChannelId(8),
        days: 0b001_1111,
        minute_of_day: 1_439,
        zone: "America/New_York".to_owned(),
        topics: vec![slug("kafka"), slug("stores")],
        level: Some(Level::Senior),
        thread: true,
        ping_role: Some(RoleId(u64::MAX - 1)),
        created_by: ANA,
    }
}

/// A store with schedule `a`, due at second 100 for the 21st.
pub(super) async fn with_schedule() -> Kept {
    let store = fresh().await;
    store.add_schedule(&schedule("a"), (at(100), "2026-11-21"), at(0)).await.unwrap();
    store
}

fn next() -> Option<(jiff::Timestamp, String)> {
    Some((at(86_500), "2026-11-22".to_owned()))
}

#[tokio::test]
async fn a_schedule_comes_back_as_it_was_made() {
    let store = with_schedule().await;
    let bare = NewSchedule { topics: Vec::new(), level: None, thread: false, ping_role: None, ..schedule("b") };
    store.add_schedule(&bare, (at(200), "2026-11-21"), at(0)).await.unwrap();
    let stored =
        |wanted, seconds| Schedule { wanted, paused_reason: None, next: Some((at(seconds), "2026-11-21".to_owned())) };
    let expected = [stored(schedule("a"), 100), stored(bare, 200)];
    assert_eq!(store.schedules(GUILD).await.unwrap(), expected);
    assert_eq!(store.schedule("b").await.unwrap(), Some(expected[1].clone()));
    assert_eq!(store.schedule("c").await.unwrap(), None);
    assert_eq!(store.schedules(ServerId(1)).await.unwrap(), []);
}

#[tokio::test]
async fn only_running_schedules_come_due_the_longest_due_first() {
    let store = with_schedule().await;
    for (id, seconds) in [("b", 50), ("c", 300), ("d", 10)] {
        store.add_schedule(&schedule(id), (at(seconds), "2026-11-21"), at(0)).await.unwrap();
    }
    store.pause_schedule("d", "why", at(1)).await.unwrap();
    let due = |seconds, limit| {
        let store = store.clone();
        async move {
            let found = store.due_schedules(at(seconds), limit).await.unwrap();
            found.into_iter().map(|s| s.wanted.id).collect::<Vec<_>>()
        }
    };
    assert_eq!(due(9, 10).await, [""; 0]);
    assert_eq!(due(100, 10).await, ["b", "a"]);
    assert_eq!(due(100, 1).await, ["b"]);
}

#[tokio::test]
async fn pausing_says_why_and_resuming_goes_on_at_the_next_occurrence() {
    let store = with_schedule().await;
    store.pause_schedule("a", "the channel is gone", at(1)).await.unwrap();
    let paused = store.schedule("a").await.unwrap().unwrap();
    assert_eq!(paused.paused_reason.as_deref(), Some("the channel is gone"));
    assert_eq!(paused.next, Some((at(100), "2026-11-21".to_owned())));
    store.resume_schedule("a", (at(500), "2026-11-23")).await.unwrap();
    let resumed = store.schedule("a").await.unwrap().unwrap();
    assert_eq!((resumed.paused_reason, resumed.next), (None, Some((at(500), "2026-11-23".to_owned()))));
}

#[tokio::test]
async fn deleting_takes_the_history_along() {
    let store = with_schedule().await;
    store.owe_delivery(&delivery("d1")).await.unwrap();
    assert!(store.delete_schedule("a").await.unwrap());
    assert!(!store.delete_schedule("a").await.unwrap());
    assert_eq!(store.recent_deliveries("a", 9).await.unwrap(), []);
}

#[tokio::test]
async fn an_occurrence_planned_twice_is_owed_once_and_the_schedule_moves_once() {
    let store = with_schedule().await;
    let first = vec![(delivery("d1"), next())];
    let second = vec![(delivery("d2"), Some((at(999_999), "2027-01-01".to_owned())))];
    store.plan_deliveries(&first).await.unwrap();
    store.plan_deliveries(&second).await.unwrap();
    assert_eq!(store.recent_deliveries("a", 9).await.unwrap(), [delivery("d1")]);
    assert_eq!(store.schedule("a").await.unwrap().unwrap().next, next());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_planners_at_once_owe_one_delivery() {
    let store = with_schedule().await;
    let planners: Vec<_> = (0..4)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move { store.plan_deliveries(&[(delivery(&format!("d{n}")), next())]).await.unwrap() })
        })
        .collect();
    for planner in planners {
        planner.await.unwrap();
    }
    assert_eq!(store.recent_deliveries("a", 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_date_that_has_its_delivery_gets_no_second_one_even_when_the_schedule_was_set_back() {
    let store = with_schedule().await;
    store.plan_deliveries(&[(delivery("d1"), next())]).await.unwrap();
    store.resume_schedule("a", (at(100), "2026-11-21")).await.unwrap();
    store.plan_deliveries(&[(delivery("d2"), next())]).await.unwrap();
    assert_eq!(store.recent_deliveries("a", 9).await.unwrap(), [delivery("d1")]);
    assert_eq!(store.schedule("a").await.unwrap().unwrap().next, next());
}

#[tokio::test]
async fn nothing_is_planned_for_a_schedule_that_was_paused_or_deleted_meanwhile() {
    let store = with_schedule().await;
    store.pause_schedule("a", "why", at(1)).await.unwrap();
    let gone = Delivery { schedule_id: "gone".to_owned(), ..delivery("d2") };
    store.plan_deliveries(&[(delivery("d1"), next()), (gone, next())]).await.unwrap();
    assert_eq!(store.recent_deliveries("a", 9).await.unwrap(), []);
}

#[tokio::test]
async fn a_schedule_without_a_next_occurrence_never_comes_due_again() {
    let store = with_schedule().await;
    let missed = Delivery { status: DeliveryStatus::Missed, question: None, ..delivery("d1") };
    store.plan_deliveries(&[(missed.clone(), None)]).await.unwrap();
    assert_eq!(store.schedule("a").await.unwrap().unwrap().next, None);
    assert_eq!(store.due_schedules(at(1_000_000_000), 9).await.unwrap(), []);
    assert_eq!(store.recent_deliveries("a", 9).await.unwrap(), [missed]);
}
