//! Discord's 429s behind `discord.api_url`: waited out as asked, and few.

use std::time::{Duration, Instant};

use coach::playground::people::{Channel, Person};
use coach::playground::{Fault, Options};

use crate::support::app::World;

/// How long Discord asks to wait.
const WAIT: Duration = Duration::from_millis(1_200);

fn limited(global: bool) -> Fault {
    Fault::RateLimit { retry_after: WAIT, global }
}

/// Creates a schedule for a channel and returns its id.
async fn schedule(world: &World, moderator: &Person, channel: &str) -> String {
    world.run(moderator, &format!("/drops create channel:#{channel} time:3:00 days:daily time_zone:UTC")).await;
    let mut database = world.connect().await;
    let newest = "SELECT id FROM schedules ORDER BY created_at_ms DESC, id DESC LIMIT 1";
    sqlx::query_scalar(newest).fetch_one(&mut database).await.unwrap()
}

async fn drop_in(world: &World, channel: &Channel) {
    world.told(channel.wait_for("the drop", |message| message.button("Answer").is_some()).await);
}

/// Waits until Discord has refused a request with 429.
async fn refused(world: &World) -> Instant {
    world.told(world.playground.wait_for_exchange("a 429", |e| e.status == Some(429)).await);
    Instant::now()
}

fn statuses(world: &World, method: &str, path_end: &str) -> Vec<Option<u16>> {
    let exchanges = world.playground.exchanges();
    let posts = exchanges.iter().filter(|e| e.method == method && e.path.ends_with(path_end));
    posts.map(|e| e.status).collect()
}

#[tokio::test]
async fn a_post_that_is_rate_limited_waits_as_long_as_asked_and_is_sent_once() {
    let world = World::new().await;
    let moderator = world.server.moderator("mo");
    let id = schedule(&world, &moderator, "practice").await;
    world.playground.plan_fault("POST", "/channels/*/messages", 1, limited(false));
    world.run(&moderator, &format!("/drops run schedule:{id}")).await;
    let since = refused(&world).await;
    drop_in(&world, &world.channel).await;
    assert!(since.elapsed() >= WAIT - Duration::from_millis(100), "{:?} is too soon", since.elapsed());
    assert_eq!(statuses(&world, "POST", "/messages"), [Some(429), Some(200)]);
    assert_eq!(world.playground.invalid_requests(), 1);
}

#[tokio::test]
async fn a_global_limit_holds_posts_to_other_channels_and_no_answer_to_a_person() {
    let world = World::new().await;
    let moderator = world.server.moderator("mo");
    let elsewhere = world.server.text_channel("elsewhere");
    let first = schedule(&world, &moderator, "practice").await;
    let second = schedule(&world, &moderator, "elsewhere").await;
    world.playground.plan_fault("POST", "/channels/*/messages", 1, limited(true));
    world.run(&moderator, &format!("/drops run schedule:{first}")).await;
    let since = refused(&world).await;
    // Answers to interactions are not counted by Discord, so the command itself is answered during the wait.
    world.run(&moderator, &format!("/drops run schedule:{second}")).await;
    assert!(since.elapsed() < WAIT, "a person waited {:?}", since.elapsed());
    drop_in(&world, &elsewhere).await;
    assert!(since.elapsed() >= WAIT - Duration::from_millis(100), "{:?} is too soon", since.elapsed());
    drop_in(&world, &world.channel).await;
    assert_eq!(world.playground.invalid_requests(), 1);
}

#[tokio::test]
async fn commands_are_registered_though_discord_asks_to_wait_first() {
    let mut world = World::without_bot(Options::default(), &[]).await;
    world.playground.plan_fault("PUT", "/applications/**", 2, limited(false));
    world.start().await;
    assert_eq!(statuses(&world, "PUT", "/commands"), [Some(429), Some(429), Some(200)]);
    assert_eq!(world.playground.invalid_requests(), 2);
}

#[tokio::test]
async fn drops_due_at_once_stay_under_the_limit_of_fifty_a_second() {
    let options = Options { requests_per_second: Some(50), ..Options::default() };
    let world = World::with(options, &[("COACH_DROPS__REQUESTS_PER_SECOND", "45")]).await;
    let moderator = world.server.moderator("mo");
    let id = schedule(&world, &moderator, "practice").await;
    let mut database = world.connect().await;
    const DROPS: i64 = 100;
    let owe = "WITH RECURSIVE row (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < $1)
               INSERT INTO deliveries (id, schedule_id, question, due_ms, status, next_try_ms)
               SELECT printf('019b0000000070008000%012d', n), $2, 'cache-stampede', unixepoch('subsec') * 1000, 'owed', 0 FROM row";
    sqlx::query(owe).bind(DROPS).bind(&id).execute(&mut database).await.unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let open = "SELECT count(*) FROM deliveries WHERE status NOT IN ('sent', 'failed', 'missed')";
    while sqlx::query_scalar::<_, i64>(open).fetch_one(&mut database).await.unwrap() > 0 {
        assert!(Instant::now() < deadline, "{}", world.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let sent = statuses(&world, "POST", "/messages");
    assert_eq!(sent.len(), usize::try_from(DROPS).unwrap(), "{}", world.log());
    assert_eq!(world.playground.invalid_requests(), 0, "paced, so never refused");
}
