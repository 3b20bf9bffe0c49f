//! Deliveries: taken by one, released after a crash, and forward only.

use super::super::{Delivery, DeliveryStatus, Posted, Store};
use super::schedules::{schedule, with_schedule};
use super::{AWKWARD, Disk, GUILD, at, fresh};
use crate::domain::ids::MessageId;
use crate::domain::samples::slug;

/// A delivery owed by schedule `a` for the 21st, due at second 100.
pub(super) fn delivery(id: &str) -> Delivery {
    Delivery {
        id: id.to_owned(),
        schedule_id: "a".to_owned(),
        local_date: Some("2026-11-21".to_owned()),
        due: at(100),
        question: Some(slug("q0")),
        status: DeliveryStatus::Owed,
        tries: 0,
        message: None,
        reason: None,
    }
}

/// One that was run by hand: any number may be due at once.
fn by_hand(id: &str) -> Delivery {
    Delivery { local_date: None, ..delivery(id) }
}

async fn post(store: &Store, id: &str, thread_next: bool) {
    let question = slug("q0");
    let posted =
        Posted { id, message: MessageId(u64::MAX), thread_next, server: GUILD, question: &question, ends_trouble: "" };
    store.delivery_posted(posted, at(101)).await.unwrap();
}

#[tokio::test]
async fn a_taken_delivery_is_hidden_until_its_lease_ends_and_then_says_that_someone_tried() {
    let store = with_schedule().await;
    store.owe_delivery(&delivery("d1")).await.unwrap();
    assert_eq!(store.claim_deliveries(at(99), at(220), 9).await.unwrap(), []);
    assert_eq!(store.claim_deliveries(at(100), at(220), 9).await.unwrap(), [delivery("d1")]);
    assert_eq!(store.claim_deliveries(at(219), at(400), 9).await.unwrap(), []);
    let again = store.claim_deliveries(at(220), at(400), 9).await.unwrap();
    assert_eq!(again, [Delivery { status: DeliveryStatus::Sending, tries: 1, ..delivery("d1") }]);
}

#[tokio::test]
async fn a_claim_takes_no_more_than_asked_the_oldest_first() {
    let store = with_schedule().await;
    for (id, due) in [("d3", 30), ("d1", 10), ("d2", 20)] {
        store.owe_delivery(&Delivery { due: at(due), ..by_hand(id) }).await.unwrap();
    }
    let ids = |found: Vec<Delivery>| found.into_iter().map(|d| d.id).collect::<Vec<_>>();
    assert_eq!(ids(store.claim_deliveries(at(50), at(99), 2).await.unwrap()), ["d1", "d2"]);
    assert_eq!(ids(store.claim_deliveries(at(50), at(99), 2).await.unwrap()), ["d3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_takers_at_once_never_take_the_same_delivery() {
    let store = with_schedule().await;
    for n in 0..20 {
        store.owe_delivery(&by_hand(&format!("d{n:02}"))).await.unwrap();
    }
    let takers: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.claim_deliveries(at(100), at(220), 7).await.unwrap() })
        })
        .collect();
    let mut ids = Vec::new();
    for taker in takers {
        ids.extend(taker.await.unwrap().into_iter().map(|d| d.id));
    }
    ids.sort();
    assert_eq!(ids, (0..20).map(|n| format!("d{n:02}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_new_process_takes_over_at_once_what_a_dead_one_had_taken() {
    let disk = Disk::new();
    let store = disk.open().await;
    store.add_schedule(&schedule("a"), (at(100), "2026-11-21"), at(0)).await.unwrap();
    store.owe_delivery(&delivery("d1")).await.unwrap();
    store.owe_delivery(&Delivery { due: at(5_000), ..by_hand("later") }).await.unwrap();
    store.claim_deliveries(at(100), at(220), 9).await.unwrap();
    store.close().await;
    let store = disk.open().await;
    store.release_leases(at(110)).await.unwrap();
    let taken = store.claim_deliveries(at(110), at(230), 9).await.unwrap();
    assert_eq!(taken, [Delivery { status: DeliveryStatus::Sending, tries: 1, ..delivery("d1") }]);
}

#[tokio::test]
async fn a_posted_drop_is_a_showing_that_anyone_may_answer() {
    let store = with_schedule().await;
    store.owe_delivery(&delivery("d1")).await.unwrap();
    post(&store, "d1", false).await;
    let sent = Delivery { status: DeliveryStatus::Sent, message: Some(MessageId(u64::MAX)), ..delivery("d1") };
    assert_eq!(store.recent_deliveries("a", 9).await.unwrap(), [sent]);
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM servings WHERE id = 'd1' AND member_id IS NULL")
        .fetch_one(&store.read)
        .await
        .unwrap();
    assert_eq!(rows, 1);
    assert_eq!(store.claim_deliveries(at(9_999), at(19_999), 9).await.unwrap(), []);
}

#[tokio::test]
async fn a_drop_whose_thread_is_missing_stays_pending_until_it_is_finished() {
    let store = with_schedule().await;
    store.owe_delivery(&delivery("d1")).await.unwrap();
    store.claim_deliveries(at(100), at(220), 9).await.unwrap();
    post(&store, "d1", true).await;
    post(&store, "d1", true).await;
    let pending = store.claim_deliveries(at(220), at(340), 9).await.unwrap();
    assert_eq!((pending[0].status, pending[0].message), (DeliveryStatus::Threading, Some(MessageId(u64::MAX))));
    store.finish_delivery("d1", DeliveryStatus::Sent, None).await.unwrap();
    assert_eq!(store.claim_deliveries(at(9_999), at(19_999), 9).await.unwrap(), []);
}

#[tokio::test]
async fn what_failed_or_was_missed_is_never_tried_again_and_says_why() {
    let store = with_schedule().await;
    for (n, (status, why)) in [DeliveryStatus::Failed, DeliveryStatus::Missed].into_iter().zip(AWKWARD).enumerate() {
        let id = format!("d{n}");
        store.owe_delivery(&by_hand(&id)).await.unwrap();
        store.finish_delivery(&id, status, Some(why)).await.unwrap();
        let stored = &store.recent_deliveries("a", 1).await.unwrap()[0];
        assert_eq!((stored.status, stored.reason.as_deref()), (status, Some(why)));
    }
    assert_eq!(store.claim_deliveries(at(9_999), at(19_999), 9).await.unwrap(), []);
}

#[tokio::test]
async fn a_retry_waits_for_its_instant_and_keeps_its_reason() {
    let store = with_schedule().await;
    store.owe_delivery(&delivery("d1")).await.unwrap();
    store.claim_deliveries(at(100), at(220), 9).await.unwrap();
    store.retry_delivery("d1", DeliveryStatus::Sending, at(104), "Discord answered 503").await.unwrap();
    assert_eq!(store.claim_deliveries(at(103), at(220), 9).await.unwrap(), []);
    let again = store.claim_deliveries(at(104), at(220), 9).await.unwrap();
    assert_eq!((again[0].tries, again[0].reason.as_deref()), (1, Some("Discord answered 503")));
}

#[tokio::test]
async fn what_a_schedule_asked_is_listed_in_order_without_what_never_arrived() {
    let store = with_schedule().await;
    store.add_schedule(&schedule("b"), (at(100), "2026-11-21"), at(0)).await.unwrap();
    let asked = [("1", Some("q2"), "a"), ("2", Some("q1"), "a"), ("3", None, "a"), ("4", Some("q3"), "b")];
    for (id, question, of) in asked {
        let new = Delivery { question: question.map(slug), schedule_id: of.to_owned(), ..by_hand(id) };
        store.owe_delivery(&new).await.unwrap();
    }
    store.owe_delivery(&Delivery { question: Some(slug("q9")), ..by_hand("5") }).await.unwrap();
    store.finish_delivery("5", DeliveryStatus::Failed, Some("refused")).await.unwrap();
    assert_eq!(store.delivered_questions("a").await.unwrap(), [slug("q2"), slug("q1")]);
    let recent = store.recent_deliveries("a", 2).await.unwrap();
    assert_eq!(recent.iter().map(|d| d.id.as_str()).collect::<Vec<_>>(), ["5", "3"]);
}

#[tokio::test]
async fn a_delivery_without_its_schedule_is_refused() {
    let store = fresh().await;
    assert!(store.owe_delivery(&delivery("d1")).await.is_err());
}
