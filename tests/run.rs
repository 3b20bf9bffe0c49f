//! Starting: whatever keeps the bot from running is said in one sentence that ends in the next step.
//!
//! The playground gets threads of its own here, since waiting for a process to end blocks the test's.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::{Duration, Instant};

use coach::playground::{Fault, Options};
use sqlx::{Connection as _, SqliteConnection};

use crate::support::app::World;

/// A start that failed.
struct Failed {
    code: Option<i32>,
    said: String,
    took: Duration,
}

/// Starts the bot, which must end by itself.
fn start_in_vain(world: &mut World) -> Failed {
    let began = Instant::now();
    world.launch();
    let (code, said) = world.ended();
    Failed { code, said, took: began.elapsed() }
}

impl Failed {
    /// The one sentence, after making sure that it is the only one.
    fn sentence(&self) -> &str {
        let mut errors = self.said.lines().filter_map(|line| line.strip_prefix("error: "));
        let sentence = errors.next().unwrap_or_else(|| panic!("no error in: {}", self.said));
        assert_eq!(errors.next(), None, "{}", self.said);
        for noise in [" WARN ", " ERROR ", "panicked", "backtrace", "playground-token"] {
            assert!(!self.said.contains(noise), "{noise:?} in: {}", self.said);
        }
        assert_eq!(self.code, Some(1), "{}", self.said);
        sentence
    }
}

async fn fails_with(settings: &[(&str, &str)]) -> Failed {
    let mut world = World::without_bot(Options::default(), settings).await;
    start_in_vain(&mut world)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_token_it_says_where_to_get_one() {
    let mut world = World::without_bot(Options::default(), &[]).await;
    world.unset("DISCORD_TOKEN");
    let failed = start_in_vain(&mut world);
    insta::assert_snapshot!(failed.said);
    assert_eq!(failed.code, Some(2));
    assert_eq!(world.playground.request_count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_discord_does_not_know_is_said_to_be_so_and_is_tried_once() {
    let mut world = World::without_bot(Options::default(), &[("DISCORD_TOKEN", "another-token")]).await;
    let failed = start_in_vain(&mut world);
    assert_eq!(
        failed.sentence(),
        "Discord does not accept this token; copy it again from the Bot page of the developer portal into DISCORD_TOKEN"
    );
    assert!(!failed.said.contains("another-token"));
    assert_eq!(world.playground.invalid_requests(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_close_code_that_is_final_ends_the_process_with_its_own_sentence() {
    for (code, sentence) in [
        (4004, "Discord does not accept this token; copy it again"),
        (
            4010,
            "Discord ended the connection for good: it does not know this shard (close code 4010); look for a newer",
        ),
        (4011, "this bot is in more servers than one connection may serve, 2,500; take it out of some"),
        (4012, "Discord ended the connection for good: it no longer speaks this version of its API (close code 4012)"),
        (4013, "Discord ended the connection for good: it does not know these intents (close code 4013); look for"),
        (4014, "Discord does not allow this bot to read messages; switch on Message Content Intent"),
    ] {
        // The operator's filter must not decide whether the process ends.
        let mut world = World::without_bot(Options::default(), &[("RUST_LOG", "off")]).await;
        world.playground.refuse_next_identify(code);
        let failed = start_in_vain(&mut world);
        assert!(failed.sentence().starts_with(sentence), "{code}: {}", failed.said);
        assert_eq!(failed.said.lines().count(), 1, "{}", failed.said);
        assert!(failed.took < Duration::from_secs(6), "{code} took {:?}", failed.took);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_final_close_code_is_not_buried_in_the_default_log() {
    for code in [4004, 4011, 4014] {
        let mut world = World::without_bot(Options::default(), &[]).await;
        world.playground.refuse_next_identify(code);
        let failed = start_in_vain(&mut world);
        assert!(!failed.sentence().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_to_read_messages_without_being_allowed_to_says_what_to_switch() {
    let failed = fails_with(&[("COACH_DISCORD__MESSAGE_CONTENT", "true")]).await;
    assert_eq!(
        failed.sentence(),
        "Discord does not allow this bot to read messages; switch on Message Content Intent on the Bot page of the \
         developer portal, or set discord.message_content = false"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_revoked_while_it_runs_ends_the_process_too() {
    let mut world = World::new().await;
    world.playground.close_gateway(4004);
    let (code, said) = world.ended();
    assert_eq!(code, Some(1));
    assert!(said.lines().any(|line| line.starts_with("error: Discord does not accept this token")), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_port_a_silent_server_and_a_server_that_is_not_discord_are_told_apart() {
    let closed = free_address();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let other = wiremock::MockServer::start().await;
    for (address, reason) in [
        (closed.to_string(), "no connection"),
        (silent.local_addr().unwrap().to_string(), "no answer within 5 s"),
        (other.address().to_string(), "it answered 404 Not Found"),
    ] {
        let failed = fails_with(&[("COACH_DISCORD__API_URL", &format!("http://{address}"))]).await;
        let wanted = format!(
            "cannot reach Discord at http://{address}: {reason}; check the network, and discord.api_url if it is set"
        );
        assert_eq!(failed.sentence(), wanted);
        assert!(failed.took < Duration::from_secs(8), "{:?}", failed.took);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_of_discord_at_start_is_named_with_its_status() {
    let mut world = World::without_bot(Options::default(), &[]).await;
    world.playground.plan_fault("GET", "/gateway", 1, Fault::Answer { status: 503, code: 0 });
    assert!(start_in_vain(&mut world).sentence().contains("it answered 503 Service Unavailable"));
}

async fn fails_with_database(prepare: impl AsyncFnOnce(&Path) -> String) -> Failed {
    let mut world = World::without_bot(Options::default(), &[]).await;
    let url = prepare(world.directory.path()).await;
    world.set("DATABASE_URL", &url);
    let failed = start_in_vain(&mut world);
    // A database that cannot be used is no reason to trouble Discord.
    assert_eq!(world.playground.request_count(), 0);
    failed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_in_a_folder_that_is_not_there_is_refused() {
    let failed = fails_with_database(async |_| "sqlite://nowhere/coach.db".to_owned()).await;
    assert_eq!(
        failed.sentence(),
        "cannot write the database nowhere/coach.db: unable to open database file; check that its folder exists and that \
         this user may write to it"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_directory_in_the_place_of_the_database_is_refused() {
    let failed = fails_with_database(async |directory| {
        std::fs::create_dir(directory.join("coach.db")).unwrap();
        "sqlite://coach.db".to_owned()
    })
    .await;
    assert_eq!(failed.sentence(), "the database coach.db is a directory; name a file in it, such as coach.db/coach.db");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_may_only_be_read_is_refused_before_anyone_answers_into_it() {
    let failed = fails_with_database(async |directory| {
        SqliteConnection::connect(&format!("sqlite://{}/coach.db?mode=rwc", directory.display())).await.unwrap();
        std::fs::write(directory.join("coach.db"), b"").unwrap();
        "sqlite://coach.db?mode=ro".to_owned()
    })
    .await;
    assert_eq!(
        failed.sentence(),
        "cannot write the database coach.db: attempt to write a readonly database; check that its folder exists and that \
         this user may write to it"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let failed = fails_with_database(async |directory| {
        std::fs::write(directory.join("notes.txt"), "Dear diary. ".repeat(200)).unwrap();
        "sqlite://notes.txt".to_owned()
    })
    .await;
    assert_eq!(
        failed.sentence(),
        "notes.txt is not a usable SQLite database: file is not a database; restore it from a backup or choose another file"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_a_newer_version_is_refused() {
    let mut world = World::new().await;
    assert!(world.stop().0.success());
    let mut database = world.connect().await;
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
               VALUES (99990101000000, 'from the future', 1, x'00', 0)";
    sqlx::query(sql).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    assert_eq!(
        start_in_vain(&mut world).sentence(),
        "the database coach.db was written by a newer version of coach; run that version, or restore a backup from before \
         the upgrade"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_another_program_has_locked_is_refused_within_seconds() {
    let mut world = World::new().await;
    assert!(world.stop().0.success());
    let mut database = world.connect().await;
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut database).await.unwrap();
    let failed = start_in_vain(&mut world);
    assert_eq!(
        failed.sentence(),
        "the database coach.db is locked by another program; stop that program and start again"
    );
    assert!(failed.took < Duration::from_secs(6), "{:?}", failed.took);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_is_taken_is_refused_with_another_way() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let failed = fails_with(&[("COACH_HTTP__LISTEN", &address)]).await;
    assert_eq!(
        failed.sentence(),
        format!("cannot listen on {address} (http.listen): another program is listening there")
    );
    assert!(
        failed.said.ends_with("\nhint: stop the other program, or give http.listen (COACH_HTTP__LISTEN) another port")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_settings_are_all_named_at_once() {
    let failed = fails_with(&[
        ("COACH_DISCORD__API_URL", "ftp://example.org"),
        ("COACH_HTTP__LISTEN", "everywhere"),
        ("COACH_LLM__TIMEOUT_MS", "0"),
        ("DATABASE_URL", "postgres://localhost/coach"),
    ])
    .await;
    assert_eq!(failed.code, Some(2));
    for key in ["discord.api_url", "http.listen", "llm.timeout_ms", "database.url"] {
        assert!(failed.said.contains(key), "{key} is missing from: {}", failed.said);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_content_is_refused_with_every_fault_and_its_file() {
    let mut world = World::without_bot(Options::default(), &[]).await;
    let questions = world.directory.path().join("bank/questions/caching");
    std::fs::create_dir_all(&questions).unwrap();
    std::fs::write(questions.join("one.md"), "no front matter at all").unwrap();
    std::fs::write(questions.join("two.md"), "---\ntitle: 7\n---\n").unwrap();
    let guides = world.directory.path().join("bank/guides");
    std::fs::create_dir_all(&guides).unwrap();
    std::fs::write(guides.join("three.md"), [0xff, 0xfe, b'!']).unwrap();
    world.set("COACH_CONTENT__DIR", "bank");
    let failed = start_in_vain(&mut world);
    assert_eq!(failed.code, Some(1));
    for file in [
        "hint: ",
        "questions/caching/one.md",
        "questions/caching/two.md",
        "guides/three.md:1: the file is not UTF-8",
        "in 3 files",
    ] {
        assert!(failed.said.contains(file), "{file} is missing from: {}", failed.said);
    }
    assert_eq!(world.playground.request_count(), 0);
}

/// An address that nobody listens on.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
