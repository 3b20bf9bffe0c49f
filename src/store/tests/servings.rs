//! Showings, hints and reveals.

use super::super::NewServing;
use super::{ANA, BEN, GUILD, at, fresh};
use crate::domain::ids::{MemberId, Slug};
use crate::domain::samples::slug;

fn serving(id: &str, member: Option<MemberId>) -> NewServing {
    NewServing { id: id.to_owned(), member, server: Some(GUILD), question: slug("q0") }
}

fn points() -> Vec<Slug> {
    ["point-0", "point-1", "point-2"].map(slug).to_vec()
}

#[tokio::test]
async fn a_showing_counts_as_seen() {
    let store = fresh().await;
    store.record_serving(&serving("s1", Some(ANA)), at(10)).await.unwrap();
    store.record_serving(&serving("s1", Some(ANA)), at(10)).await.unwrap();
    store.record_serving(&serving("s2", Some(ANA)), at(5)).await.unwrap();
    let states = store.choosing(ANA, None).await.unwrap().questions;
    assert_eq!(states.len(), 1);
    assert_eq!((states[0].last_seen, states[0].last_score, states[0].attempts), (at(10), None, 0));
}

#[tokio::test]
async fn hints_come_in_order_until_there_are_none() {
    let store = fresh().await;
    for number in 1..=3 {
        let (point, count) = store.take_hint("s1", ANA, &points(), at(0)).await.unwrap().unwrap();
        assert_eq!((point, count), (points()[number - 1].clone(), u32::try_from(number).unwrap()));
    }
    assert_eq!(store.take_hint("s1", ANA, &points(), at(0)).await.unwrap(), None);
    assert_eq!(store.take_hint("s1", ANA, &[], at(0)).await.unwrap(), None);
    // Another showing, or another member, starts anew.
    assert_eq!(store.take_hint("s2", ANA, &points(), at(0)).await.unwrap().unwrap().1, 1);
    assert_eq!(store.take_hint("s1", BEN, &points(), at(0)).await.unwrap().unwrap().1, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_presses_at_once_get_two_different_hints() {
    let store = fresh().await;
    for round in 0..10 {
        let press = || {
            let (store, id) = (store.clone(), format!("s{round}"));
            tokio::spawn(async move { store.take_hint(&id, ANA, &points(), at(0)).await.unwrap().unwrap() })
        };
        let (one, two) = (press(), press());
        let mut given = [one.await.unwrap(), two.await.unwrap()];
        given.sort();
        assert_eq!(given, [(slug("point-0"), 1), (slug("point-1"), 2)]);
    }
}

#[tokio::test]
async fn revealing_twice_is_revealing_once() {
    let store = fresh().await;
    store.record_reveal("s1", ANA, at(0)).await.unwrap();
    store.record_reveal("s1", ANA, at(1)).await.unwrap();
    assert!(store.so_far("s1", ANA).await.unwrap().revealed);
    assert!(!store.so_far("s1", BEN).await.unwrap().revealed);
}
