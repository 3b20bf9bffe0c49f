//! Streaks over days, zones and servers, and the weakest skills with what they rest on.

use coach::playground::people::{Channel, Person};

use crate::support::app::World;
use crate::support::content::{strong_answer, weak_answer};

const STAMPEDE: &str = "caching/cache-stampede";

/// Answers a question in that channel; the result.
async fn practise(world: &World, person: &Person, channel: &Channel) -> String {
    let shown = world.run_in(person, channel, "/question category:caching").await;
    world.answer(person, &shown, "Answer", &strong_answer(STAMPEDE)).await.text()
}

/// A world at that instant.
async fn world_at(instant: &str) -> World {
    let mut world = World::new().await;
    world.restart_at(instant).await;
    world
}

/// The text of `/progress`.
async fn progress(world: &World, person: &Person) -> String {
    world.run(person, "/progress").await.text()
}

#[tokio::test]
async fn a_streak_grows_breaks_and_leaves_the_best_one_standing() {
    let mut world = world_at("2030-01-07T12:00:00Z").await;
    let ana = world.server.member("ana");
    let new = progress(&world, &ana).await;
    assert!(new.contains("Current streak\n0 days\nBest streak\n0 days\nLast 30 days\nno days yet"), "{new}");
    assert!(new.contains("Nothing yet. /question gives you the first one."), "{new}");
    assert!(practise(&world, &ana, &world.channel).await.contains("Streak: 1 day\n"));
    assert!(progress(&world, &ana).await.contains("Today is done."));

    world.restart_at("2030-01-08T12:00:00Z").await;
    let unfinished = progress(&world, &ana).await;
    assert!(unfinished.contains("Current streak\n1 day\n"), "today unfinished breaks nothing: {unfinished}");
    assert!(
        unfinished.contains("One answer before <t:1894161600:t> (<t:1894161600:R>) counts for today."),
        "04:00 UTC"
    );
    assert!(practise(&world, &ana, &world.channel).await.contains("Streak: 2 days"));
    assert!(practise(&world, &ana, &world.channel).await.contains("Streak: 2 days"), "a second answer adds no day");

    world.restart_at("2030-01-10T12:00:00Z").await;
    let broken = progress(&world, &ana).await;
    assert!(broken.contains("Current streak\n0 days\nBest streak\n2 days\nLast 30 days\n2 of 3 days"), "{broken}");
    assert!(practise(&world, &ana, &world.channel).await.contains("Streak: 1 day\n"));
    assert!(
        progress(&world, &ana).await.contains("Current streak\n1 day\nBest streak\n2 days\nLast 30 days\n3 of 4 days")
    );
}

#[tokio::test]
async fn the_day_starts_at_four_in_the_morning() {
    let mut world = world_at("2030-01-07T12:00:00Z").await;
    let ana = world.server.member("ana");
    practise(&world, &ana, &world.channel).await;
    world.restart_at("2030-01-08T03:50:00Z").await;
    assert!(practise(&world, &ana, &world.channel).await.contains("Streak: 1 day\n"), "still the evening before");
    world.restart_at("2030-01-08T04:01:00Z").await;
    assert!(practise(&world, &ana, &world.channel).await.contains("Streak: 2 days"));
}

#[tokio::test]
async fn a_zone_change_cannot_earn_a_day_twice() {
    let mut world = world_at("2030-01-07T15:00:00Z").await;
    let ana = world.server.member("ana");
    practise(&world, &ana, &world.channel).await;
    // There it is five in the morning of the next day already.
    let saved = world.run(&ana, "/profile time_zone:Pacific/Kiritimati").await.text();
    assert!(saved.contains("From <t:1894075200:f> on: Pacific/Kiritimati, day starts 04:00."), "{saved}");
    assert!(saved.contains("**Time zone:** UTC\n"), "{saved}");
    assert!(practise(&world, &ana, &world.channel).await.contains("Streak: 1 day\n"));
    world.restart_at("2030-01-08T12:00:00Z").await;
    assert!(world.run(&ana, "/profile").await.text().contains("**Time zone:** Pacific/Kiritimati\n"));
    assert!(practise(&world, &ana, &world.channel).await.contains("Streak: 2 days"));
    assert_eq!(world.count("SELECT count(DISTINCT local_date) FROM attempts").await, 2);
    let own_date = "SELECT count(*) FROM attempts WHERE zone = 'Pacific/Kiritimati' AND local_date = '2030-01-08'";
    assert_eq!(world.count(own_date).await, 1);
}

#[tokio::test]
async fn a_zone_chosen_before_the_first_answer_counts_at_once() {
    let world = world_at("2030-01-07T15:00:00Z").await;
    let ana = world.server.member("ana");
    world.run(&ana, "/profile time_zone:Pacific/Kiritimati").await;
    practise(&world, &ana, &world.channel).await;
    assert_eq!(world.count("SELECT count(*) FROM attempts WHERE local_date = '2030-01-08'").await, 1);
}

#[tokio::test]
async fn two_servers_zones_cannot_give_one_evening_two_dates() {
    let world = world_at("2030-01-07T15:00:00Z").await;
    let elsewhere = world.playground.add_server("Night Owls");
    let other = elsewhere.text_channel("practice");
    for (server, channel, zone) in
        [(&world.server, &world.channel, "Pacific/Kiritimati"), (&elsewhere, &other, "Pacific/Honolulu")]
    {
        let moderator = server.moderator("mo");
        let created = format!("/drops create channel:#practice time:09:00 time_zone:{zone}");
        assert!(world.run_in(&moderator, channel, &created).await.text().starts_with("Created"));
    }
    let ana = world.server.member("ana");
    elsewhere.join(&ana);
    let before = world.run(&ana, "/profile").await.text();
    assert!(before.contains("Pacific/Kiritimati (this server's; /profile time_zone sets yours)"), "{before}");
    assert!(practise(&world, &ana, &world.channel).await.contains("Streak: 1 day\n"));
    assert!(practise(&world, &ana, &other).await.contains("Streak: 1 day\n"), "the same day, wherever it is spent");
    assert!(practise(&world, &ana, &ana.dm()).await.contains("Streak: 1 day\n"));
    assert_eq!(world.count("SELECT count(DISTINCT local_date) FROM attempts").await, 1);
    let after = world.run_in(&ana, &other, "/profile").await.text();
    assert!(after.contains("Pacific/Kiritimati (where you began; /profile time_zone sets yours)"), "{after}");
}

#[tokio::test]
async fn the_weakest_skills_come_with_their_evidence() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    for (category, answer) in
        [("caching", weak_answer(STAMPEDE)), ("databases", strong_answer("databases/dynamodb-vs-postgresql"))]
    {
        let shown = world.run(&ana, &format!("/question category:{category}")).await;
        world.answer(&ana, &shown, "Answer", &answer).await;
    }
    let shown = world.run(&ana, "/progress").await;
    assert!(shown.is_ephemeral(), "weak areas are for the member alone");
    let text = shown.text();
    let weakest = text.split("Weakest skills\n").nth(1).unwrap();
    assert!(weakest.starts_with("**Caching** · "), "{text}");
    assert!(weakest.lines().all(|line| line.ends_with(" of 100, from 1 answer")), "{text}");
    assert!(text.contains("2 answers to 2 questions, on 7 skills"), "{text}");
    let next = world.press(&ana, &shown, "Practise now").await;
    assert!(next.is_ephemeral() && next.button("Answer").is_some());
}
