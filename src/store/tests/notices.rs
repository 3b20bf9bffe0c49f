//! Notices: owed once, taken by one, and told again only when forgotten.

use super::super::Notice;
use super::{AWKWARD, GUILD, at, fresh};
use crate::domain::ids::ChannelId;

pub(super) fn notice(key: &str) -> Notice {
    Notice {
        key: key.to_owned(),
        server: Some(GUILD),
        channel: ChannelId(u64::MAX),
        text: "Look.".to_owned(),
        tries: 0,
        owed_at: at(0),
    }
}

#[tokio::test]
async fn the_same_thing_is_owed_once() {
    let store = fresh().await;
    store.owe_notice(&notice("k")).await.unwrap();
    store.owe_notice(&Notice { text: "Look again.".to_owned(), owed_at: at(1), ..notice("k") }).await.unwrap();
    let taken = store.claim_notice(at(2), at(60)).await.unwrap();
    assert_eq!(taken, Some(Notice { tries: 1, ..notice("k") }));
    assert_eq!(store.claim_notice(at(2), at(60)).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_takers_at_once_never_take_the_same_notice() {
    let store = fresh().await;
    store.owe_notice(&notice("a")).await.unwrap();
    store.owe_notice(&notice("b")).await.unwrap();
    let takers: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.claim_notice(at(1), at(60)).await.unwrap() })
        })
        .collect();
    let mut keys = Vec::new();
    for taker in takers {
        keys.extend(taker.await.unwrap().map(|n| n.key));
    }
    keys.sort();
    assert_eq!(keys, ["a", "b"]);
}

#[tokio::test]
async fn a_notice_nobody_finished_comes_back_when_its_time_is_up() {
    let store = fresh().await;
    store.owe_notice(&Notice { owed_at: at(10), ..notice("k") }).await.unwrap();
    assert_eq!(store.claim_notice(at(9), at(60)).await.unwrap(), None);
    assert_eq!(store.claim_notice(at(10), at(60)).await.unwrap().unwrap().tries, 1);
    assert_eq!(store.claim_notice(at(59), at(120)).await.unwrap(), None);
    assert_eq!(store.claim_notice(at(60), at(120)).await.unwrap().unwrap().tries, 2);
}

#[tokio::test]
async fn a_notice_can_be_said_somewhere_else_at_once() {
    let store = fresh().await;
    store.owe_notice(&notice("k")).await.unwrap();
    store.claim_notice(at(0), at(600)).await.unwrap();
    store.redirect_notice("k", ChannelId(5), at(1)).await.unwrap();
    assert_eq!(store.claim_notice(at(1), at(600)).await.unwrap().unwrap().channel, ChannelId(5));
}

#[tokio::test]
async fn what_was_told_is_not_told_again_until_it_is_forgotten() {
    let store = fresh().await;
    store.owe_notice(&notice("k")).await.unwrap();
    store.finish_notice("k", at(1)).await.unwrap();
    store.owe_notice(&Notice { owed_at: at(2), ..notice("k") }).await.unwrap();
    assert_eq!(store.claim_notice(at(9), at(60)).await.unwrap(), None);
    store.forget_notice("k").await.unwrap();
    store.owe_notice(&Notice { owed_at: at(10), ..notice("k") }).await.unwrap();
    assert!(store.claim_notice(at(10), at(60)).await.unwrap().is_some());
}

#[tokio::test]
async fn any_text_survives_as_key_and_as_text() {
    let store = fresh().await;
    for text in AWKWARD {
        let new = Notice { text: text.to_owned(), server: None, ..notice(text) };
        store.owe_notice(&new).await.unwrap();
        assert_eq!(store.claim_notice(at(0), at(60)).await.unwrap(), Some(Notice { tries: 1, ..new }));
        store.finish_notice(text, at(0)).await.unwrap();
    }
}
