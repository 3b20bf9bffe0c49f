//! Members and the zones of servers.

use jiff::civil::date;

use super::super::{Member, NextClock, StoreError};
use super::{ANA, BEN, GUILD, at, fresh};
use crate::domain::ids::ServerId;
use crate::domain::taxonomy::Level;

fn moved() -> Member {
    Member {
        level: Some(Level::Staff),
        zone: Some("Asia/Kolkata".to_owned()),
        day_start_hour: 6,
        not_before: Some(date(2026, 11, 20)),
        next_clock: Some(NextClock { zone: "America/Sao_Paulo".to_owned(), day_start_hour: 0, from: at(3_600) }),
        rest_weekdays: 0b110_0000,
        ..Member::new(ANA)
    }
}

#[tokio::test]
async fn someone_new_has_the_default_profile() {
    let store = fresh().await;
    assert_eq!(store.standing(ANA, None).await.unwrap().member, Member::new(ANA));
    assert_eq!(Member::new(ANA).day_start_hour, 4);
}

#[tokio::test]
async fn a_profile_comes_back_as_it_was_saved_and_may_be_emptied_again() {
    let store = fresh().await;
    store.save_member(&moved(), &[], at(0)).await.unwrap();
    assert_eq!(store.standing(ANA, None).await.unwrap().member, moved());
    store.save_member(&Member::new(ANA), &[], at(1)).await.unwrap();
    assert_eq!(store.standing(ANA, None).await.unwrap().member, Member::new(ANA));
    assert_eq!(store.standing(BEN, None).await.unwrap().member, Member::new(BEN));
}

#[tokio::test]
async fn days_that_a_move_jumps_over_are_kept_once_each_and_in_order() {
    let store = fresh().await;
    let days = [date(2026, 11, 23), date(2026, 11, 22)];
    store.save_member(&moved(), &days, at(0)).await.unwrap();
    store.save_member(&moved(), &days, at(1)).await.unwrap();
    assert_eq!(store.standing(ANA, None).await.unwrap().excused_days, [date(2026, 11, 22), date(2026, 11, 23)]);
    assert_eq!(store.standing(BEN, None).await.unwrap().excused_days, []);
}

#[tokio::test]
async fn a_day_start_after_6_is_refused_with_everything_that_came_with_it() {
    let store = fresh().await;
    let late = Member { day_start_hour: 7, ..moved() };
    assert!(matches!(store.save_member(&late, &[date(2026, 11, 22)], at(0)).await, Err(StoreError::Other(_))));
    assert_eq!(store.standing(ANA, None).await.unwrap().member, Member::new(ANA));
    assert_eq!(store.standing(ANA, None).await.unwrap().excused_days, []);
}

#[tokio::test]
async fn the_first_zone_of_a_server_stays() {
    let store = fresh().await;
    assert_eq!(store.server_zone(GUILD).await.unwrap(), None);
    store.default_server_zone(GUILD, "Europe/Kyiv", at(0)).await.unwrap();
    store.default_server_zone(GUILD, "UTC", at(1)).await.unwrap();
    assert_eq!(store.server_zone(GUILD).await.unwrap().as_deref(), Some("Europe/Kyiv"));
    assert_eq!(store.server_zone(ServerId(1)).await.unwrap(), None);
}
