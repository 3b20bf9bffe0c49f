//! The figure for drops: 2,000 due in the same minute in 200 servers, under Discord's global limit, the bot killed
//! three times on the way. Every one must arrive once, and nobody may be asked to slow down.
//!
//! `cargo bench --bench drops`; `BENCH_SEED` chooses other moments to die at. Exits with 1 unless duplicates, losses and
//! 429s are all 0. Left out on purpose: how fast one drop is, which the pace of 40 requests a second decides.

// A bench that cannot set its stage has failed; saying so is all that is wanted.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "what the tests need besides")]
mod support;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use coach::playground::Options;
use coach::playground::people::{Channel, Person};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use support::app::World;

const SERVERS: usize = 200;
const CHANNELS_EACH: usize = 10;
const KILLS: usize = 3;

/// Nothing waits this long unless it has failed.
const PATIENCE: Duration = Duration::from_secs(300);

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure())
}

async fn measure() -> ExitCode {
    let seed = std::env::var("BENCH_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(7);
    let options = Options { requests_per_second: Some(50), recorded_exchanges: 100_000, ..Options::default() };
    let mut world = World::with(options, &[]).await;
    world.kill();
    let channels = channels(&world);
    let mut database = SqliteConnectOptions::new().filename(world.database()).connect().await.unwrap();
    let due = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3);
    schedule(&mut database, &channels, due).await;

    let member = world.server.member("ana");
    let requests_before = world.playground.request_count();
    launch(&mut world).await;
    let began = Instant::now();
    let mut kills = kill_times(seed);
    let mut slowest = Duration::ZERO;
    let mut last_asked = Instant::now();
    while left(&mut database).await > 0 && began.elapsed() < PATIENCE {
        if kills.last().is_some_and(|at| began.elapsed() >= *at) {
            kills.pop();
            world.kill();
            launch(&mut world).await;
        }
        if last_asked.elapsed() >= Duration::from_secs(1) {
            last_asked = Instant::now();
            slowest = slowest.max(ask(&world, &member).await);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let took = began.elapsed().as_secs_f64();
    world.kill();
    let requests = world.playground.request_count() - requests_before;
    report(&world, &channels, took, requests, slowest)
}

/// Says what came of it.
fn report(world: &World, channels: &[(u64, Channel)], took: f64, requests: u64, slowest: Duration) -> ExitCode {
    let posted = |channel: &Channel| channel.messages().iter().filter(|m| m.button("Answer").is_some()).count();
    let counts: Vec<usize> = channels.iter().map(|(_, channel)| posted(channel)).collect();
    let delivered = counts.iter().filter(|&&count| count > 0).count();
    let duplicates: usize = counts.iter().map(|count| count.saturating_sub(1)).sum();
    let losses = channels.len() - delivered;
    let limited = world.playground.exchanges().iter().filter(|e| e.status == Some(429)).count();
    println!("delivered   {delivered} of {} in {took:.1} s, through {KILLS} kills", channels.len());
    println!("duplicates  {duplicates}");
    println!("losses      {losses}");
    println!("429s        {limited}");
    println!("requests    {requests}, {:.1} a second", requests as f64 / took);
    println!("slowest acknowledgement of /question meanwhile: {:.1} ms", slowest.as_secs_f64() * 1_000.0);
    let good = duplicates == 0 && losses == 0 && limited == 0;
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn channels(world: &World) -> Vec<(u64, Channel)> {
    let servers = (0..SERVERS).map(|n| world.playground.add_server(&format!("server {n}")));
    let channels = servers.flat_map(|server| {
        (0..CHANNELS_EACH).map(move |n| (server.id.0, server.text_channel(&format!("quiz-{n}")))).collect::<Vec<_>>()
    });
    channels.collect()
}

/// One schedule for each channel, all due at the same moment.
async fn schedule(database: &mut SqliteConnection, channels: &[(u64, Channel)], due: jiff::Timestamp) {
    let now = due.to_zoned(jiff::tz::TimeZone::UTC);
    let minute_of_day = i32::from(now.hour()) * 60 + i32::from(now.minute());
    sqlx::query("BEGIN").execute(&mut *database).await.unwrap();
    for (server, channel) in channels {
        sqlx::query(
            "INSERT INTO schedules (id, server_id, channel_id, home_channel_id, days, minute_of_day, zone, topics, thread,
                                    next_due_ms, next_local_date, created_by, created_at_ms)
             VALUES ($1, $2, $3, $3, 127, $4, 'UTC', '[]', 0, $5, $6, 1, 0)",
        )
        .bind(uuid::Uuid::now_v7().simple().to_string())
        .bind(server.cast_signed())
        .bind(channel.id.0.cast_signed())
        .bind(minute_of_day)
        .bind(due.as_millisecond())
        .bind(now.date().to_string())
        .execute(&mut *database)
        .await
        .unwrap();
    }
    sqlx::query("COMMIT").execute(&mut *database).await.unwrap();
}

/// How many are neither delivered nor given up.
async fn left(database: &mut SqliteConnection) -> i64 {
    let settled = "SELECT count(*) FROM deliveries WHERE status IN ('sent', 'missed', 'failed')";
    let settled: i64 = sqlx::query_scalar(settled).fetch_one(database).await.unwrap();
    i64::try_from(SERVERS * CHANNELS_EACH).unwrap() - settled
}

/// When the bot dies, the last one first: at moments within the 50 s that 2,000 requests take.
fn kill_times(seed: u64) -> Vec<Duration> {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut times: Vec<Duration> =
        (0..KILLS).map(|_| Duration::from_millis(dice.random_range(4_000..45_000))).collect();
    times.sort_unstable_by(|a, b| b.cmp(a));
    times
}

async fn launch(world: &mut World) {
    let before = world.playground.gateway_counts().0;
    world.launch();
    world.told(world.playground.wait_for_identifies(before + 1).await);
    world.told(world.playground.wait_for_gateway().await);
}

/// How long a question takes to be acknowledged.
async fn ask(world: &World, member: &Person) -> Duration {
    let response = world.told(member.run(&world.channel, "/question").await);
    response.acknowledged_after().unwrap_or(Duration::MAX)
}
