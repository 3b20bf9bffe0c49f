//! Opening: what is refused and in which words, how durable it is, and what a lock held elsewhere does.

use std::fs;
use std::time::{Duration, Instant};

use sqlx::{Connection as _, SqliteConnection};

use super::super::{Found, OpenError, Store, StoreError};
use super::{ANA, Disk, attempt, fresh};

/// Why that URL cannot be opened, as the operator reads it.
async fn refusal(url: &str) -> (OpenError, String) {
    let error = Store::open(url).await.unwrap_err();
    let text = error.to_string();
    (error, text)
}

#[tokio::test]
async fn reopening_keeps_everything() {
    let disk = Disk::new();
    let store = disk.open().await;
    store.record_attempt(&attempt("one", ANA, 0), &[]).await.unwrap();
    store.close().await;
    let again = disk.open().await;
    assert_eq!(again.attempt("attempt-one").await.unwrap().unwrap().member, ANA);
    assert_eq!(again.standing(ANA, None).await.unwrap().practice_dates.len(), 1);
}

#[tokio::test]
async fn what_was_acknowledged_is_there_for_another_process_at_once() {
    let disk = Disk::new();
    let first = disk.open().await;
    first.record_attempt(&attempt("one", ANA, 0), &[]).await.unwrap();
    let second = disk.open().await;
    assert!(second.attempt("attempt-one").await.unwrap().is_some());
}

#[tokio::test]
async fn every_connection_is_durable_and_checks_its_links() {
    let store = fresh().await;
    for pool in [&store.read, &store.write] {
        let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(pool).await.unwrap();
        let links: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(pool).await.unwrap();
        let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await.unwrap();
        assert_eq!((synchronous, links, journal.as_str()), (2, 1, "wal"));
    }
}

#[tokio::test]
async fn a_database_answers_until_it_is_closed() {
    let store = fresh().await;
    store.ping().await.unwrap();
    store.close().await;
    assert!(store.ping().await.is_err());
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let disk = Disk::new();
    disk.open().await.close().await;
    let mut raw = SqliteConnection::connect(&disk.url()).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (20991231000000, 'from the future', 1, x'00', 0)";
    sqlx::query(newer).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    let (error, text) = refusal(&disk.url()).await;
    assert!(matches!(error, OpenError::NewerSchema(_)), "{error:?}");
    let path = disk.path();
    assert_eq!(
        text,
        format!(
            "the database {} was written by a newer version of coach; run that version, or restore a backup from \
             before the upgrade",
            path.display()
        )
    );
}

#[tokio::test]
async fn a_folder_that_does_not_exist_is_named_with_what_to_check() {
    let disk = Disk::new();
    let (error, text) = refusal(&format!("sqlite://{}/no/such/coach.db", disk.folder.path().display())).await;
    assert!(matches!(error, OpenError::Unwritable { .. }), "{error:?}");
    assert!(text.contains("/no/such/coach.db"), "{text}");
    assert!(text.ends_with("check that its folder exists and that this user may write to it"), "{text}");
}

#[tokio::test]
async fn a_folder_in_the_place_of_the_file_cannot_be_written() {
    let disk = Disk::new();
    fs::create_dir(disk.path()).unwrap();
    let (error, text) = refusal(&disk.url()).await;
    assert!(matches!(error, OpenError::Directory(_)), "{error:?}");
    assert!(text.contains("coach.db"), "{text}");
}

#[tokio::test]
async fn a_database_that_may_only_be_read_is_refused_at_the_start_and_not_at_the_first_answer() {
    let disk = Disk::new();
    disk.open().await.close().await;
    // By the URL, since an administrator may write to any file.
    let (error, _) = refusal(&format!("{}?mode=ro", disk.url())).await;
    assert!(matches!(error, OpenError::Unwritable { .. }), "{error:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn neither_a_file_nor_a_folder_without_permission_is_opened() {
    use std::os::unix::fs::PermissionsExt as _;
    let disk = Disk::new();
    disk.open().await.close().await;
    fs::set_permissions(disk.path(), fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(disk.folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let administrator = fs::OpenOptions::new().append(true).open(disk.path()).is_ok();
    let opened = Store::open(&disk.url()).await;
    let beside = Store::open(&format!("sqlite://{}/other.db", disk.folder.path().display())).await;
    fs::set_permissions(disk.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    if administrator {
        // Whom no permission binds: then it must simply work.
        assert!(opened.is_ok() && beside.is_ok());
        return;
    }
    for error in [opened.unwrap_err(), beside.unwrap_err()] {
        assert!(matches!(error, OpenError::Unwritable { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_not_overwritten() {
    let disk = Disk::new();
    let precious = "Dear diary, this is not a database at all.\n".repeat(200);
    fs::write(disk.path(), &precious).unwrap();
    let (error, text) = refusal(&disk.url()).await;
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
    assert!(text.ends_with("restore it from a backup or choose another file"), "{text}");
    assert_eq!(fs::read_to_string(disk.path()).unwrap(), precious);
}

#[tokio::test]
async fn a_url_of_another_kind_is_refused_without_making_a_file() {
    for url in ["postgres://host/coach", "coach.db", "", "sqlite://", "sqlite:", "sqlite://x.db?mode=sideways"] {
        let (error, text) = refusal(url).await;
        assert!(matches!(error, OpenError::BadUrl(_)), "{url}: {error:?}");
        assert_eq!(text, format!("`{url}` is not a database URL; write it as sqlite://path/to/coach.db"));
    }
}

#[tokio::test]
async fn a_database_that_another_program_is_writing_is_named_as_locked() {
    let disk = Disk::new();
    disk.open().await.close().await;
    let mut other = SqliteConnection::connect(&disk.url()).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let (error, text) = refusal(&disk.url()).await;
    assert!(matches!(error, OpenError::Locked(_)), "{error:?}");
    assert!(text.ends_with("is locked by another program; stop that program and start again"), "{text}");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    disk.open().await;
}

#[tokio::test]
async fn a_database_that_another_program_holds_for_itself_is_named_as_locked() {
    let disk = Disk::new();
    let mut other = SqliteConnection::connect(&format!("{}?mode=rwc", disk.url())).await.unwrap();
    sqlx::query("CREATE TABLE theirs (id INTEGER)").execute(&mut other).await.unwrap();
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    let (error, _) = refusal(&disk.url()).await;
    assert!(matches!(error, OpenError::Locked(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_meets_a_lock_says_busy_before_discord_gives_up_even_in_a_queue() {
    let disk = Disk::new();
    let store = disk.open().await;
    let mut other = SqliteConnection::connect(&disk.url()).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let writers: Vec<_> = (0..5)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                let started = Instant::now();
                let result = store.record_attempt(&attempt(&n.to_string(), ANA, n), &[]).await;
                (result, started.elapsed())
            })
        })
        .collect();
    for writer in writers {
        let (result, took) = writer.await.unwrap();
        assert!(matches!(result, Err(StoreError::Busy(_))), "{result:?}");
        assert!(took < Duration::from_millis(2_500), "{took:?}");
    }
    // Reading goes on meanwhile, and writing goes on afterwards.
    assert_eq!(store.choosing(ANA, None).await.unwrap().questions, []);
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    store.record_attempt(&attempt("later", ANA, 9), &[]).await.unwrap();
    assert_eq!(store.totals(ANA).await.unwrap().attempts, 1);
}

#[tokio::test]
async fn a_refused_write_says_why_in_words_for_people() {
    let disk = Disk::new();
    let store = disk.open().await;
    sqlx::query("PRAGMA query_only = 1").execute(&store.write).await.unwrap();
    let error = store.owe_notice(&super::notices::notice("k")).await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
    assert_eq!(error.to_string(), "the database is read-only");
    sqlx::query("PRAGMA query_only = 0").execute(&store.write).await.unwrap();
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&store.write).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"))).execute(&store.write).await.unwrap();
    let mut huge = attempt("huge", ANA, 0);
    huge.answer = Some("a".repeat(1_000_000));
    let error = store.record_attempt(&huge, &[]).await.unwrap_err();
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
}

/// The names of the files beside the database.
fn files(disk: &Disk) -> Vec<String> {
    let names = fs::read_dir(disk.folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[tokio::test]
async fn looking_at_a_database_changes_nothing() {
    let disk = Disk::new();
    assert_eq!(Store::look(&disk.url()).await.unwrap(), (disk.path(), Found::Nothing));
    assert_eq!(files(&disk), [""; 0]);
    let store = disk.open().await;
    assert_eq!(Store::look(&disk.url()).await.unwrap().1, Found::UpToDate, "while it is in use");
    store.close().await;
    let before = (files(&disk), fs::read(disk.path()).unwrap());
    assert_eq!(Store::look(&disk.url()).await.unwrap().1, Found::UpToDate);
    assert_eq!(files(&disk), before.0);
    assert!(fs::read(disk.path()).unwrap() == before.1, "the file has changed");
}

#[tokio::test]
async fn looking_counts_the_migrations_to_come() {
    let disk = Disk::new();
    fs::write(disk.path(), "").unwrap();
    let Found::Behind(all) = Store::look(&disk.url()).await.unwrap().1 else { panic!("not behind") };
    assert!(all >= 1);
    disk.open().await.close().await;
    let mut raw = SqliteConnection::connect(&disk.url()).await.unwrap();
    sqlx::query("UPDATE _sqlx_migrations SET version = version + 10000000000").execute(&mut raw).await.unwrap();
    assert!(matches!(Store::look(&disk.url()).await, Err(OpenError::NewerSchema(_))));
}

#[tokio::test]
async fn looking_refuses_what_opening_would_refuse() {
    let disk = Disk::new();
    let folder = disk.folder.path().display();
    assert!(matches!(Store::look("coach.db").await, Err(OpenError::BadUrl(_))));
    let no_folder = Store::look(&format!("sqlite://{folder}/no/coach.db")).await;
    assert!(matches!(no_folder, Err(OpenError::Unwritable { .. })), "{no_folder:?}");
    let a_folder = Store::look(&format!("sqlite://{folder}")).await;
    assert!(matches!(a_folder, Err(OpenError::Unwritable { .. })), "{a_folder:?}");
    fs::write(disk.path(), "Dear diary, this is not a database at all.\n".repeat(200)).unwrap();
    let damaged = Store::look(&disk.url()).await;
    assert!(matches!(damaged, Err(OpenError::Damaged { .. })), "{damaged:?}");
}
