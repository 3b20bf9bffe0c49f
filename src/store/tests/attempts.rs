//! Attempts and their summaries: stored once per source, with estimates and states in the same transaction.

use jiff::civil::date;

use super::super::{Recorded, SoFar, StoreError, Totals};
use super::{ANA, AWKWARD, BEN, at, attempt, fresh};
use crate::domain::ids::MemberId;
use crate::domain::mastery::Mastery;
use crate::domain::samples::slug;

#[tokio::test]
async fn the_same_source_is_stored_once_and_answers_with_the_first() {
    let store = fresh().await;
    let first = attempt("interaction:1", ANA, 0);
    assert_eq!(store.record_attempt(&first, &[(slug("redis"), 1.0)]).await.unwrap(), Recorded::New);
    let mut second = attempt("interaction:1", ANA, 60);
    second.id = "another-id".to_owned();
    second.score = 0.9;
    let Recorded::Already(stored) = store.record_attempt(&second, &[(slug("redis"), 1.0)]).await.unwrap() else {
        panic!("stored twice")
    };
    assert_eq!((stored.id.as_str(), stored.score), (first.id.as_str(), first.score));
    assert_eq!(stored.grade, first.grade);
    assert_eq!(store.totals(ANA).await.unwrap(), Totals { attempts: 1, questions: 1 });
    assert_eq!(store.masteries(ANA).await.unwrap()[0].evidence, 1);
    assert!(store.attempt("another-id").await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_deliveries_of_one_event_at_once_only_one_counts() {
    let store = fresh().await;
    for round in 0..10 {
        let source = format!("event-{round}");
        let record = |id: &str| {
            let (store, mut new) = (store.clone(), attempt(&source, ANA, round));
            new.id = format!("{source}-{id}");
            tokio::spawn(async move { store.record_attempt(&new, &[(slug("redis"), 1.0)]).await.unwrap() })
        };
        let (one, two) = (record("a"), record("b"));
        let outcomes = [one.await.unwrap(), two.await.unwrap()];
        assert_eq!(outcomes.iter().filter(|o| **o == Recorded::New).count(), 1, "{outcomes:?}");
    }
    assert_eq!(store.totals(ANA).await.unwrap().attempts, 10);
    assert_eq!(store.masteries(ANA).await.unwrap()[0].evidence, 10);
}

#[tokio::test]
async fn an_attempt_comes_back_as_it_was_stored() {
    let store = fresh().await;
    let mut new = attempt("one", ANA, 0);
    (new.hints, new.counts, new.serving, new.server) = (2, false, None, None);
    store.record_attempt(&new, &[]).await.unwrap();
    let stored = store.attempt(&new.id).await.unwrap().unwrap();
    assert_eq!((stored.id, stored.member, stored.question), (new.id, new.member, new.question));
    assert_eq!((stored.serving, stored.grade, stored.score), (None, new.grade, new.score));
    assert_eq!((stored.hints, stored.counts), (2, false));
    assert!(store.attempt("never-was").await.unwrap().is_none());
}

#[tokio::test]
async fn any_text_survives_the_round_trip() {
    let store = fresh().await;
    let huge = "🦀 אב ".repeat(200_000);
    for (n, text) in AWKWARD.into_iter().chain([huge.as_str()]).enumerate() {
        let mut new = attempt(&format!("{n}:{}", text.chars().take(50).collect::<String>()), ANA, 0);
        new.id = n.to_string();
        new.answer = Some(text.to_owned());
        new.grade.points[0].span = Some(text.to_owned());
        new.grade.grader = text.to_owned();
        assert_eq!(store.record_attempt(&new, &[]).await.unwrap(), Recorded::New);
        assert_eq!(store.attempt(&new.id).await.unwrap().unwrap().grade, new.grade);
        let answer: String = sqlx::query_scalar("SELECT answer FROM attempts WHERE id = $1")
            .bind(&new.id)
            .fetch_one(&store.read)
            .await
            .unwrap();
        assert!(answer == text, "{text:?} came back as {answer:?}");
        assert!(matches!(store.record_attempt(&new, &[]).await.unwrap(), Recorded::Already(_)));
    }
}

#[tokio::test]
async fn a_score_outside_0_to_1_is_refused_and_leaves_nothing_behind() {
    let store = fresh().await;
    for score in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let mut new = attempt("bad", ANA, 0);
        new.score = score;
        assert!(
            matches!(store.record_attempt(&new, &[(slug("redis"), 1.0)]).await, Err(StoreError::Other(_))),
            "{score}"
        );
    }
    assert_eq!(store.choosing(ANA, None).await.unwrap().questions, []);
    assert_eq!(store.masteries(ANA).await.unwrap(), []);
}

#[tokio::test]
async fn a_question_state_keeps_the_last_score_and_the_latest_sight() {
    let store = fresh().await;
    let mut first = attempt("1", ANA, 100);
    first.score = 0.25;
    let mut second = attempt("2", ANA, 50);
    second.score = 0.75;
    let mut other = attempt("3", ANA, 10);
    other.question = slug("q1");
    for new in [&first, &second, &other, &attempt("4", BEN, 0)] {
        store.record_attempt(new, &[]).await.unwrap();
    }
    let mut states = store.choosing(ANA, None).await.unwrap().questions;
    states.sort_by_key(|s| s.question.clone());
    assert_eq!(states.len(), 2);
    assert_eq!((states[0].attempts, states[0].last_score, states[0].last_seen), (2, Some(0.75), at(100)));
    assert_eq!(store.totals(ANA).await.unwrap(), Totals { attempts: 3, questions: 2 });
    assert_eq!(store.totals(MemberId(404)).await.unwrap(), Totals { attempts: 0, questions: 0 });
}

#[tokio::test]
async fn a_question_whose_slug_no_longer_parses_is_left_out_of_the_states() {
    let store = fresh().await;
    store.record_attempt(&attempt("1", ANA, 0), &[]).await.unwrap();
    sqlx::query("INSERT INTO question_states (member_id, question, last_seen_ms) VALUES ($1, 'Not A Slug', 0)")
        .bind(super::super::db_id(ANA.0))
        .execute(&store.write)
        .await
        .unwrap();
    assert_eq!(store.choosing(ANA, None).await.unwrap().questions.len(), 1);
}

#[tokio::test]
async fn every_trained_skill_moves_as_the_domain_says() {
    let store = fresh().await;
    let (first, second) = (attempt("1", ANA, 0), attempt("2", ANA, 86_400));
    store.record_attempt(&first, &[(slug("redis"), 1.0), (slug("kafka"), 0.5)]).await.unwrap();
    store.record_attempt(&second, &[(slug("redis"), 1.0)]).await.unwrap();
    let expected = |skill: &str, weight: f64, of: &[(f64, jiff::Timestamp)]| {
        of.iter().fold(Mastery::unknown(slug(skill), at(0)), |m, (score, when)| m.update(*score, weight, *when))
    };
    let mut stored = store.masteries(ANA).await.unwrap();
    stored.sort_by_key(|m| m.skill.clone());
    let kafka = expected("kafka", 0.5, &[(first.score, at(0))]);
    let redis = expected("redis", 1.0, &[(first.score, at(0)), (second.score, at(86_400))]);
    assert_eq!(stored, [kafka, redis]);
    let mut chosen_from = store.choosing(ANA, None).await.unwrap().skills;
    chosen_from.sort_by_key(|m| m.skill.clone());
    let rounded = |m: &Mastery| (m.skill.clone(), (m.mean * 1e12).round(), (m.uncertainty * 1e12).round(), m.evidence);
    assert!(chosen_from.iter().map(rounded).eq(stored.iter().map(rounded)), "{chosen_from:?}");
    assert_eq!(store.masteries(BEN).await.unwrap(), []);
}

#[tokio::test]
async fn practice_dates_are_those_that_count_once_each_and_in_order() {
    let store = fresh().await;
    let days = [(1, true), (3, true), (3, true), (2, false), (2, true), (4, false)];
    for (n, (day, counts)) in days.into_iter().enumerate() {
        let mut new = attempt(&n.to_string(), ANA, 0);
        (new.local_date, new.counts) = (date(2026, 11, day), counts);
        store.record_attempt(&new, &[]).await.unwrap();
    }
    let dates = store.standing(ANA, None).await.unwrap().practice_dates;
    assert_eq!(dates, [date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)]);
    assert_eq!(store.standing(BEN, None).await.unwrap().practice_dates, []);
}

#[tokio::test]
async fn a_showing_remembers_the_latest_attempt_the_hints_and_the_reveal() {
    let store = fresh().await;
    let nothing = SoFar { last: None, hints: 0, revealed: false };
    assert_eq!(store.so_far("serving-1", ANA).await.unwrap(), nothing);
    for (source, seconds) in [("1", 0), ("3", 20), ("2", 10)] {
        store.record_attempt(&attempt(source, ANA, seconds), &[]).await.unwrap();
    }
    store.take_hint("serving-1", ANA, &[slug("point-0")], at(5)).await.unwrap();
    store.record_reveal("serving-1", ANA, at(6)).await.unwrap();
    let last = Some(("attempt-3".to_owned(), attempt("3", ANA, 20).score));
    assert_eq!(store.so_far("serving-1", ANA).await.unwrap(), SoFar { last, hints: 1, revealed: true });
    assert_eq!(store.so_far("serving-1", BEN).await.unwrap(), nothing);
    assert_eq!(store.so_far("serving-2", ANA).await.unwrap(), nothing);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_an_error_without_anyones_words() {
    let store = fresh().await;
    store.record_attempt(&attempt("1", ANA, 0), &[]).await.unwrap();
    let broken = "UPDATE attempts SET grade = '{\"s3cr3t\": \"my answer', local_date = 'yesterday'";
    sqlx::query(broken).execute(&store.write).await.unwrap();
    let error = store.attempt("attempt-1").await.unwrap_err();
    assert!(matches!(error, StoreError::Unreadable { what: "a grade", .. }), "{error:?}");
    assert!(!error.to_string().contains("s3cr3t"), "{error}");
    assert!(matches!(store.standing(ANA, None).await, Err(StoreError::Unreadable { .. })));
}
