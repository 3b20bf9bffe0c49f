//! All the SQL, one file per aggregate. SQLite on disk, durable: what was acknowledged survives a power cut.
//!
//! Writes go through one connection, so that writers queue here instead of failing; reads have a few of their own.
//! What it leaves out on purpose: decisions. A function here answers a question or records a fact.

mod attempts;
mod choosing;
mod deliveries;
mod interviews;
mod members;
mod notices;
mod schedules;
mod servings;
mod standing;
mod topics;

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Sqlite, Transaction};

pub use attempts::{Attempt, NewAttempt, Recorded, Totals};
pub use choosing::{Choosing, QuestionState};
pub use deliveries::{Delivery, DeliveryStatus, Posted};
pub use interviews::{InterviewRow, NewInterview, NewTurn, TurnRow};
pub use members::{Member, NextClock};
pub use notices::Notice;
pub use schedules::{NewSchedule, Schedule};
pub use servings::{NewServing, SoFar};
pub use standing::Standing;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How long a statement waits for a connection, and then again for another process's lock. Twice this is under
/// Discord's 3 s for an acknowledgement, so that the person still gets an answer.
const BUSY_TIMEOUT: Duration = Duration::from_millis(900);

/// Connections that only read. Every one costs about 100 KiB and its page cache.
const READERS: u32 = 3;

/// What there is at a database URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// No file yet; opening makes one.
    Nothing,
    /// A database that lacks this many of the migrations; opening applies them.
    Behind(usize),
    /// A database that this version can use as it is.
    UpToDate,
}

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    read: SqlitePool,
    write: SqlitePool,
}

impl Store {
    /// Opens the database at a `sqlite://path` URL, creating it if it is not there, and brings it up to date.
    ///
    /// # Errors
    /// [`OpenError`], each with what to do about it.
    pub async fn open(url: &str) -> std::result::Result<Self, OpenError> {
        let options = options(url)
            .ok_or_else(|| OpenError::BadUrl(url.to_owned()))?
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .optimize_on_close(true, None);
        let path = options.get_filename().to_owned();
        // SQLite says of it no more than that it cannot be opened.
        if path.is_dir() {
            return Err(OpenError::Directory(path.display().to_string()));
        }
        prepare(&options, &path).await?;
        // Connections to a file do not go stale; asking each whether it is alive would cost every query a second one.
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .test_before_acquire(false)
                .acquire_timeout(BUSY_TIMEOUT)
        };
        let options = options.create_if_missing(false);
        Ok(Self { write: pool(1).connect_lazy_with(options.clone()), read: pool(READERS).connect_lazy_with(options) })
    }

    /// Looks at what [`Store::open`] would find, without making or changing anything.
    ///
    /// # Errors
    /// [`OpenError`] as far as it can be foreseen.
    pub async fn look(url: &str) -> std::result::Result<(PathBuf, Found), OpenError> {
        let options = options(url).ok_or_else(|| OpenError::BadUrl(url.to_owned()))?.busy_timeout(BUSY_TIMEOUT);
        let path = options.get_filename().to_owned();
        let refused = |source: sqlx::Error| OpenError::from_sqlx(&path, source);
        let unwritable =
            |e: io::Error| OpenError::Unwritable { path: path.display().to_string(), detail: e.to_string() };
        if !path.exists() {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            folder.map_or(Ok(()), |folder| folder.metadata().map(|_| ())).map_err(unwritable)?;
            return Ok((path, Found::Nothing));
        }
        // Permission to write is all this asks for; nothing is written.
        OpenOptions::new().append(true).open(&path).map_err(unwritable)?;
        // Without a log beside it nobody has the file open, and reading it as it stands leaves no log behind.
        let mut log = path.clone().into_os_string();
        log.push("-wal");
        let at_rest = !Path::new(&log).exists();
        let options = options.create_if_missing(false).read_only(true).immutable(at_rest);
        let mut connection = options.connect().await.map_err(refused)?;
        let applied = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
        let has_any = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations')";
        let applied: Vec<i64> = if sqlx::query_scalar(has_any).fetch_one(&mut connection).await.map_err(refused)? {
            sqlx::query_scalar(applied).fetch_all(&mut connection).await.map_err(refused)?
        } else {
            Vec::new()
        };
        connection.close().await.map_err(refused)?;
        if applied.iter().any(|version| !MIGRATIONS.version_exists(*version)) {
            return Err(OpenError::NewerSchema(path.display().to_string()));
        }
        let missing = MIGRATIONS.iter().filter(|m| !applied.contains(&m.version)).count();
        Ok((path, if missing == 0 { Found::UpToDate } else { Found::Behind(missing) }))
    }

    /// Begins a transaction that already holds the write lock, so that what it read cannot change before it writes.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.write.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError`] when it does not.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.read).await?;
        Ok(())
    }

    /// Waits for what is being written and closes every connection.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// Makes the database usable before anyone works with it: on a connection of its own, since on a slow disk this takes
/// longer than a statement may wait for one.
async fn prepare(options: &SqliteConnectOptions, path: &Path) -> std::result::Result<(), OpenError> {
    let refused = |source: sqlx::Error| OpenError::from_sqlx(path, source);
    let mut connection = SqliteConnection::connect_with(options).await.map_err(refused)?;
    // A file may open and still refuse writes; better to hear it now than at the first answer. SQLite lets a transaction
    // begin on a file that may only be read; only a change finds out.
    let mut probe = connection.begin_with("BEGIN IMMEDIATE").await.map_err(refused)?;
    sqlx::query("PRAGMA user_version = 1").execute(&mut *probe).await.map_err(refused)?;
    probe.rollback().await.map_err(refused)?;
    MIGRATIONS.run(&mut connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
            OpenError::NewerSchema(path.display().to_string())
        }
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => refused(source),
        other => OpenError::Other { path: path.display().to_string(), detail: other.to_string() },
    })?;
    connection.close().await.map_err(refused)
}

/// A statement that failed. "The query failed" is never "not found": absent rows are `None`.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Why a statement failed, as far as a person can act on it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the lock, or every connection is in use.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    /// The disk is full.
    #[error("the disk that holds the database is full")]
    Full(#[source] sqlx::Error),
    /// The file may not be written.
    #[error("the database is read-only")]
    ReadOnly(#[source] sqlx::Error),
    /// Anything else.
    #[error("the database failed")]
    Other(#[source] sqlx::Error),
    /// A row holds something that this version cannot read.
    #[error("the database holds {what} that cannot be read: {detail}")]
    Unreadable {
        /// Which kind of value.
        what: &'static str,
        /// What is wrong with it; never the text of an answer.
        detail: String,
    },
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // SQLite's primary result codes; the extended ones keep them in the low byte.
        match primary_code(&error) {
            Some(5 | 6) => Self::Busy(error),
            Some(13) => Self::Full(error),
            Some(8) => Self::ReadOnly(error),
            _ if matches!(error, sqlx::Error::PoolTimedOut) => Self::Busy(error),
            _ => Self::Other(error),
        }
    }
}

/// How to open the file that a URL names; `None` when it names none.
fn options(url: &str) -> Option<SqliteConnectOptions> {
    // sqlx takes any text for a path.
    let path = url.strip_prefix("sqlite:")?.trim_start_matches('/');
    let options = SqliteConnectOptions::from_str(url).ok().filter(|_| !path.is_empty())?;
    // Not where the URL says how: `mode=ro` must stay what it is.
    Some(if url.contains("mode=") { options } else { options.create_if_missing(true) })
}

fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code: u32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Not a `sqlite://` URL.
    #[error("`{0}` is not a database URL; write it as sqlite://path/to/coach.db")]
    BadUrl(String),
    /// A directory stands where the file should.
    #[error("the database {0} is a directory; name a file in it, such as {0}/coach.db")]
    Directory(String),
    /// The file cannot be made or written.
    #[error(
        "cannot write the database {path}: {detail}; check that its folder exists and that this user may write to it"
    )]
    Unwritable {
        /// The file.
        path: String,
        /// SQLite's words.
        detail: String,
    },
    /// A newer program has been here.
    #[error(
        "the database {0} was written by a newer version of coach; run that version, or restore a backup from before the upgrade"
    )]
    NewerSchema(String),
    /// Someone else is writing, and does not stop.
    #[error("the database {0} is locked by another program; stop that program and start again")]
    Locked(String),
    /// Not a database, or a damaged one.
    #[error("{path} is not a usable SQLite database: {detail}; restore it from a backup or choose another file")]
    Damaged {
        /// The file.
        path: String,
        /// SQLite's words.
        detail: String,
    },
    /// Anything else.
    #[error("cannot open the database {path}: {detail}")]
    Other {
        /// The file.
        path: String,
        /// What went wrong.
        detail: String,
    },
}

impl OpenError {
    fn from_sqlx(path: &Path, error: sqlx::Error) -> Self {
        let path = path.display().to_string();
        let detail = error.as_database_error().map_or_else(|| error.to_string(), |e| e.message().to_owned());
        match primary_code(&error) {
            Some(5 | 6) => Self::Locked(path),
            Some(8 | 10 | 13 | 14) => Self::Unwritable { path, detail },
            Some(11 | 26) => Self::Damaged { path, detail },
            // Connecting has the same time as waiting for a lock, and nothing else takes that long.
            _ if matches!(error, sqlx::Error::PoolTimedOut) => Self::Locked(path),
            _ => Self::Other { path, detail },
        }
    }
}

/// Discord's ids are unsigned and SQLite's integers are not; the bits are the same.
const fn db_id(id: u64) -> i64 {
    id.cast_signed()
}

const fn from_db_id(id: i64) -> u64 {
    id.cast_unsigned()
}

fn instant(ms: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(ms).map_err(|e| StoreError::Unreadable { what: "an instant", detail: e.to_string() })
}

fn parsed<T: FromStr>(what: &'static str, text: &str) -> Result<T>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|e: T::Err| StoreError::Unreadable { what, detail: e.to_string() })
}

fn from_json<T: serde::de::DeserializeOwned>(what: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| StoreError::Unreadable {
        what,
        // serde_json's Display may quote the data; where it stands is enough.
        detail: format!("line {}, column {}", e.line(), e.column()),
    })
}

fn to_json<T: serde::Serialize>(what: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Unreadable { what, detail: e.to_string() })
}

#[cfg(test)]
mod tests;
