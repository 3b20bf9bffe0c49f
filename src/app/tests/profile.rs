//! The clock that members live by, through moves, servers and bad input.

use super::{ANA, BEN, Bench, GUILD, refusal};
use crate::app::Who;
use crate::app::profile::{ProfileChange, ZoneFrom};
use crate::domain::ids::ServerId;
use crate::domain::taxonomy::Level;

fn zone(name: &str) -> ProfileChange {
    ProfileChange { time_zone: Some(name.to_owned()), ..ProfileChange::default() }
}

#[tokio::test]
async fn the_first_zone_counts_at_once() {
    let bench = Bench::real().await;
    let profile = bench.change_profile(ANA, &zone("Asia/Kolkata")).await.unwrap();
    assert_eq!((profile.zone.as_str(), profile.zone_from, profile.next), ("Asia/Kolkata", ZoneFrom::Choice, None));
    assert_eq!(bench.profile(ANA).await.unwrap().zone, "Asia/Kolkata");
    // 04:00 in India.
    assert_eq!(profile.day_ends, "2026-11-23T22:30:00Z".parse().unwrap());
}

#[tokio::test]
async fn a_later_zone_waits_for_the_practice_day_to_end() {
    let mut bench = Bench::real().await;
    bench.practise(ANA, "1").await;
    let profile = bench.change_profile(ANA, &zone("America/New_York")).await.unwrap();
    let next = profile.next.unwrap();
    assert_eq!((profile.zone.as_str(), next.zone.as_str()), ("UTC", "America/New_York"));
    // West of UTC the day ends later: the 23rd lasts until the new zone has caught up.
    assert_eq!(next.from, "2026-11-24T04:00:00Z".parse().unwrap());
    bench.set_clock("2026-11-24T12:00:00Z");
    let profile = bench.profile(ANA).await.unwrap();
    assert_eq!((profile.zone.as_str(), profile.next), ("America/New_York", None));
}

#[tokio::test]
async fn no_move_earns_a_day_twice_or_two_days_in_an_hour() {
    for far in ["Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let mut bench = Bench::real().await;
        bench.set_clock("2026-11-23T11:30:00Z");
        bench.practise(ANA, "1").await;
        bench.change_profile(ANA, &zone(far)).await.unwrap();
        bench.practise(ANA, "2").await;
        bench.set_clock("2026-11-23T12:20:00Z");
        assert_eq!(bench.practise(ANA, "3").await.streak.current, 1, "{far}");
        // A day and a half later it is another day everywhere, and nothing has broken.
        bench.set_clock("2026-11-25T00:00:00Z");
        assert_eq!(bench.practise(ANA, "4").await.streak.current, 2, "{far}");
        assert_eq!(bench.store.standing(ANA.member, None).await.unwrap().practice_dates.len(), 2, "{far}");
    }
}

#[tokio::test]
async fn one_evening_in_two_servers_is_one_day() {
    let mut bench = Bench::real().await;
    let (east, west) = (GUILD, ServerId(78));
    let now = bench.clock.now();
    bench.store.default_server_zone(east, "Pacific/Kiritimati", now).await.unwrap();
    bench.store.default_server_zone(west, "Pacific/Pago_Pago", now).await.unwrap();
    bench.set_clock("2026-11-23T20:00:00Z");
    let everywhere = [None, Some(west), Some(east), None, Some(east), Some(west)];
    for (n, server) in everywhere.into_iter().enumerate() {
        let graded = bench.practise(Who { server, ..ANA }, &format!("ana {n}")).await;
        assert_eq!(graded.streak.current, 1, "Ana in {server:?}");
    }
    for (n, server) in everywhere.into_iter().rev().enumerate() {
        let graded = bench.practise(Who { server, ..BEN }, &format!("ben {n}")).await;
        assert_eq!(graded.streak.current, 1, "Ben in {server:?}");
    }
}

#[tokio::test]
async fn whoever_sets_no_zone_takes_the_first_servers_and_keeps_it() {
    let mut bench = Bench::real().await;
    bench.store.default_server_zone(GUILD, "Asia/Tokyo", bench.clock.now()).await.unwrap();
    let before = bench.profile(ANA).await.unwrap();
    assert_eq!((before.zone.as_str(), before.zone_from), ("Asia/Tokyo", ZoneFrom::Server));
    bench.practise(ANA, "1").await;
    let in_a_dm = Who { server: None, ..ANA };
    assert_eq!(bench.profile(in_a_dm).await.unwrap().zone, "Asia/Tokyo");
    // Someone who began outside any server stays with UTC until they choose.
    let ben_dm = Who { server: None, ..BEN };
    bench.practise(ben_dm, "2").await;
    bench.practise(BEN, "3").await;
    bench.set_clock("2026-11-24T12:00:00Z");
    assert_eq!(bench.profile(BEN).await.unwrap().zone, "UTC");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let bench = Bench::real().await;
    bench.change_profile(ANA, &zone("Europe/Lisbon")).await.unwrap();
    let before = bench.profile(ANA).await.unwrap();
    for typed in ["", "Mars/Olympus", "🦀", "@everyone", &"x".repeat(10_000), "\0", "../../etc/passwd"] {
        let change = ProfileChange { level: Some(Level::Staff), ..zone(typed) };
        let sentence = refusal(bench.change_profile(ANA, &change).await);
        assert!(sentence.len() < 400, "{sentence}");
    }
    let late = ProfileChange { day_start: Some(7), ..ProfileChange::default() };
    let sentence = refusal(bench.change_profile(ANA, &late).await);
    assert_eq!(sentence, "A practice day starts between 0 and 6 o'clock. Choose one of those hours.");
    assert_eq!(bench.profile(ANA).await.unwrap(), before);
}

#[tokio::test]
async fn a_level_leaves_the_clock_alone() {
    let bench = Bench::real().await;
    bench.practise(ANA, "1").await;
    let change = ProfileChange { level: Some(Level::Senior), ..ProfileChange::default() };
    let profile = bench.change_profile(ANA, &change).await.unwrap();
    assert_eq!(
        (profile.member.level, profile.zone_from, profile.next),
        (Some(Level::Senior), ZoneFrom::Practice, None)
    );
}

#[tokio::test]
async fn the_day_may_start_at_another_hour_from_tomorrow() {
    let mut bench = Bench::real().await;
    bench.practise(ANA, "1").await;
    let change = ProfileChange { day_start: Some(0), ..ProfileChange::default() };
    let profile = bench.change_profile(ANA, &change).await.unwrap();
    assert_eq!((profile.day_start_hour, profile.next.map(|n| n.day_start_hour)), (4, Some(0)));
    bench.set_clock("2026-11-25T02:00:00Z");
    assert_eq!(bench.profile(ANA).await.unwrap().day_start_hour, 0);
}
