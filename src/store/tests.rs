//! Every function of the store, against a real file on disk. Here: what the tests below share.
//!
//! Left out on purpose: what the facts mean. The domain and the use cases have tests of their own.

mod attempts;
mod deliveries;
mod interviews;
mod members;
mod notices;
mod opening;
mod queries;
mod schedules;
mod servings;
mod topics;

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use super::{NewAttempt, Store};
use crate::domain::grade::Grade;
use crate::domain::ids::{MemberId, ServerId};
use crate::domain::samples::{self, slug};

/// The largest snowflake there can be: it must survive SQLite's signed integers.
const ANA: MemberId = MemberId(u64::MAX);
const BEN: MemberId = MemberId(2);
const GUILD: ServerId = ServerId(9_007_199_254_740_993);

/// What people and programs put into text fields, one awkward thing each.
const AWKWARD: [&str; 9] = [
    "",
    "'; DROP TABLE attempts; --",
    "*bold* <@123> @everyone `code` \\",
    "line one\r\nline two\n\ttab",
    "שלום עולם, مرحبا \u{202e}backwards",
    "👩‍💻🏳️‍🌈 e\u{301}",
    "before\0after",
    "\u{feff}byte order mark",
    "\u{ffff}\u{10ffff}",
];

/// A folder with a database in it, gone when dropped.
struct Disk {
    folder: TempDir,
}

impl Disk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("coach.db")
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.path().display())
    }

    async fn open(&self) -> Store {
        Store::open(&self.url()).await.unwrap()
    }
}

/// A database open for one test, with the folder that holds it.
struct Kept {
    store: Store,
    _disk: Disk,
}

impl std::ops::Deref for Kept {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

/// An empty database.
async fn fresh() -> Kept {
    let disk = Disk::new();
    Kept { store: disk.open().await, _disk: disk }
}

/// An instant, in seconds after some morning.
fn at(seconds: i64) -> Timestamp {
    "2026-11-21T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

fn grade(scores: &[u8]) -> Grade {
    samples::grade(&samples::question("q0", "postgresql"), scores)
}

/// An attempt at `q0` from that source, answered `seconds` into the morning.
fn attempt(source: &str, member: MemberId, seconds: i64) -> NewAttempt {
    let grade = grade(&[3, 0, 3, 0]);
    NewAttempt {
        id: format!("attempt-{source}"),
        source: source.to_owned(),
        serving: Some("serving-1".to_owned()),
        interview: None,
        member,
        server: Some(GUILD),
        question: slug("q0"),
        answer: Some("It depends.".to_owned()),
        score: grade.score,
        grade,
        hints: 0,
        counts: true,
        answered_at: at(seconds),
        zone: "Europe/Lisbon".to_owned(),
        local_date: jiff::civil::date(2026, 11, 21),
    }
}
