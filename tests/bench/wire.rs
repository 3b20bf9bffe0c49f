//! The figures of the whole bot over loopback: the release binary in a process of its own, the playground in this one.
//!
//! `cargo bench --bench wire` prints them beside their targets. The database holds 100,000 attempts, is on disk, and
//! is as durable as in production. Left out: Discord's own latency, and a model's.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod process;

use std::time::{Duration, Instant};

use coach::playground::people::{Channel, Message, Modal, Person};
use coach::playground::{Options, Playground};
use process::Coach;
use sqlx::{Connection as _, SqliteConnection};

/// Members who practise, and the attempts each has behind them.
const MEMBERS: usize = 200;
const ATTEMPTS: usize = 100_000;

/// Interactions of each kind that are measured.
const ROUNDS: usize = 2_000;

/// Starts that are timed.
const STARTS: usize = 20;

/// Servers connected while memory is measured, and the channels in each.
const SERVERS: usize = 1_000;
const CHANNELS: usize = 10;

const ANSWER: &str = "A hot key expires and many concurrent requests miss at once, so they all recompute the same value \
                      and the database falls over. I would let one request recompute it behind a lock, serve the stale \
                      value meanwhile, add jitter to expiry times, and refresh hot keys early.";

#[tokio::main]
async fn main() {
    let directory = tempfile::tempdir().unwrap();
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let people: Vec<Person> = (0..MEMBERS).map(|n| server.member(&format!("member-{n}"))).collect();

    let coach = Coach::start(directory.path(), &playground).await;
    coach.stop();
    fill(&directory.path().join("coach.db"), &people).await;

    let starts = starts(directory.path(), &playground).await;
    report("process start to ready, ms", &starts, Some(300.0));
    let coach = Coach::start(directory.path(), &playground).await;
    practise(&coach, &channel, &people).await;
    coach.stop();
    let (idle, crowded) = memory().await;
    println!("{:<46} {idle:>8.1} MB", "resident memory, one server");
    println!("{:<46} {crowded:>8.1} MB   (target < 30)", format!("resident memory, {SERVERS} servers"));
}

async fn playground() -> Playground {
    Playground::start(Options { recorded_exchanges: 0, ..Options::default() }).await.unwrap()
}

/// Puts [`ATTEMPTS`] attempts and all that belongs to them into the database, the same for every run.
async fn fill(database: &std::path::Path, people: &[Person]) {
    let mut db = SqliteConnection::connect(&format!("sqlite://{}", database.display())).await.unwrap();
    sqlx::query("CREATE TEMP TABLE people (n INTEGER PRIMARY KEY, id INTEGER)").execute(&mut db).await.unwrap();
    for (n, person) in people.iter().enumerate() {
        let insert = sqlx::query("INSERT INTO people VALUES ($1, $2)");
        insert.bind(n as i64).bind(person.id.0.cast_signed()).execute(&mut db).await.unwrap();
    }
    sqlx::query("CREATE TEMP TABLE questions (n INTEGER PRIMARY KEY, slug TEXT)").execute(&mut db).await.unwrap();
    for (n, slug) in QUESTIONS.iter().enumerate() {
        sqlx::query("INSERT INTO questions VALUES ($1, $2)").bind(n as i64).bind(slug).execute(&mut db).await.unwrap();
    }
    let rows = format!(
        "WITH RECURSIVE row (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM row WHERE n < {ATTEMPTS} - 1)
         SELECT row.n AS n, people.id AS member, slug, 1700000000000 + row.n * 300000 AS at_ms FROM row
         JOIN people ON people.n = row.n % {MEMBERS}
         JOIN questions ON questions.n = (row.n / {MEMBERS}) % {}",
        QUESTIONS.len()
    );
    let fills = [
        format!("CREATE TEMP TABLE rows AS {rows}"),
        "INSERT INTO servings SELECT printf('%032x', n), member, 1, slug, at_ms FROM rows".to_owned(),
        format!(
            "INSERT INTO attempts SELECT printf('%032x', n), 'form:' || n, printf('%032x', n), NULL, member, 1, slug,
                 '{ANSWER}', '{{}}', 'points', 0, 0.5, 1, at_ms, 'UTC', date(at_ms / 1000, 'unixepoch') FROM rows"
        ),
        "INSERT INTO members (id, zone, created_at_ms) SELECT id, 'Europe/Berlin', 0 FROM people".to_owned(),
    ];
    for sql in fills {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut db).await.unwrap();
    }
    db.close().await.unwrap();
}

/// Questions of the bank that the attempts were at.
const QUESTIONS: [&str; 6] = [
    "cache-stampede",
    "connection-pooling",
    "delete-vs-soft-delete",
    "explain-idempotency",
    "explain-rest-apis",
    "dynamodb-vs-postgresql",
];

/// The time from starting the process to `/readyz` answering 200, in milliseconds.
async fn starts(directory: &std::path::Path, playground: &Playground) -> Vec<f64> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let coach = Coach::start(directory, playground).await;
        times.push(ms(coach.ready_after));
        coach.stop();
    }
    times
}

/// Asks for questions, opens the form, submits it; each for all rounds before the next, so that the processor time of
/// one kind is that kind's.
async fn practise(coach: &Coach, channel: &Channel, people: &[Person]) {
    // What is read for the first time is read from disk.
    for person in people {
        person.run(channel, "/question").await.unwrap();
    }
    let mut shown: Vec<(Person, Message)> = Vec::new();
    let mut times = Vec::new();
    let before = coach.processor_time();
    for person in people.iter().cycle().take(ROUNDS) {
        let response = person.run(channel, "/question").await.unwrap();
        times.push(ms(response.acknowledged_after().unwrap()));
        shown.push((person.clone(), response.message().unwrap()));
    }
    report("/question acknowledged, ms", &times, Some(2.0));
    report_processor_time(coach, before).await;

    let mut forms: Vec<(Person, Modal)> = Vec::new();
    let mut times = Vec::new();
    let before = coach.processor_time();
    for (person, message) in shown {
        let response = person.press(&message, "Answer").await.unwrap();
        times.push(ms(response.acknowledged_after().unwrap()));
        forms.push((person, response.modal().unwrap()));
    }
    report("Answer pressed, form opened, ms", &times, None);
    report_processor_time(coach, before).await;

    let mut times = Vec::new();
    let before = coach.processor_time();
    for (person, form) in forms {
        let response = person.submit(&form, &[("answer", ANSWER)]).await.unwrap();
        times.push(ms(response.acknowledged_after().unwrap()));
        assert!(response.message().unwrap().text().contains("of 100"));
    }
    report("answer graded and answered, ms", &times, Some(4.0));
    report_processor_time(coach, before).await;
}

async fn report_processor_time(coach: &Coach, before: Duration) {
    // What is written after the acknowledgement belongs to the interaction too.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let each = ms(coach.processor_time() - before) / ROUNDS as f64;
    println!("{:<46} {each:>8.3} ms   (target < 0.4)", "  processor time each");
}

/// Resident memory in MB with one server, and with [`SERVERS`], once it no longer changes.
async fn memory() -> (f64, f64) {
    let directory = tempfile::tempdir().unwrap();
    let playground = playground().await;
    let mut measured = [0.0; 2];
    for (memory, servers) in measured.iter_mut().zip([1, SERVERS - 1]) {
        for n in 0..servers {
            let server = playground.add_server(&format!("Server {n}"));
            for channel in 0..CHANNELS {
                let _ = server.text_channel(&format!("channel-{channel}"));
            }
        }
        let coach = Coach::start(directory.path(), &playground).await;
        *memory = settled_memory(&coach).await;
        coach.stop();
    }
    (measured[0], measured[1])
}

async fn settled_memory(coach: &Coach) -> f64 {
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut last = coach.resident_mb();
    loop {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let now = coach.resident_mb();
        if (now - last).abs() < 0.1 || Instant::now() > deadline {
            return now;
        }
        last = now;
    }
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// Prints the median and the 99th percentile.
fn report(what: &str, times: &[f64], target: Option<f64>) {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    let target = target.map(|t| format!("   (target: median < {t})")).unwrap_or_default();
    println!("{what:<46} {:>8.3} median {:>8.3} p99 {:>8.3} max{target}", at(0.5), at(0.99), at(1.0));
}
