//! Scheduled questions, from the moderator's command to the message in the channel, through crashes, refusals and clocks
//! that jump.

mod commands;
mod crashes;
mod delivery;
mod pauses;
mod time;
mod trouble;

use std::time::Duration;

use coach::playground::people::{Channel, Message, Person};
use coach::playground::{Fault, Options};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Row};

use crate::support::app::World;

/// Where a bot posts messages.
const POSTING: &str = "/channels/*/messages";
/// Where a bot opens threads.
const THREADING: &str = "/channels/*/messages/*/threads";

/// A world with someone who may make schedules.
struct Stage {
    world: World,
    mia: Person,
    /// What the bot's clock runs ahead, in seconds.
    offset: i64,
}

impl Stage {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    async fn with(settings: &[(&str, &str)]) -> Self {
        let world = World::with(Options::default(), settings).await;
        let mia = world.server.moderator("mia");
        Self { world, mia, offset: 0 }
    }

    /// A stage whose bot believes that it is `instant`.
    async fn at(instant: &str) -> Self {
        let offset = offset_to(instant);
        let stage = Self::with(&[("COACH_CLOCK__OFFSET_SECONDS", &offset.to_string())]).await;
        Self { offset, ..stage }
    }

    /// A daily schedule in the practice channel, with these options besides.
    async fn daily(&self, options: &str) -> Message {
        let made = self.run(&format!("/drops create channel:#practice days:daily time_zone:UTC {options}")).await;
        assert!(made.text().starts_with("Created"), "{}", made.text());
        made
    }

    async fn run(&self, typed: &str) -> Message {
        self.world.run(&self.mia, typed).await
    }

    /// Runs a subcommand on the newest schedule.
    async fn on_schedule(&self, subcommand: &str) -> Message {
        let id = self.schedule_ids().await.pop().unwrap();
        self.run(&format!("/drops {subcommand} schedule:{id}")).await
    }

    /// Has the newest schedule owe a question now.
    async fn drop_now(&self) {
        let said = self.on_schedule("run").await;
        assert!(said.text().starts_with("On its way"), "{}", said.text());
    }

    async fn schedule_ids(&self) -> Vec<String> {
        self.rows("SELECT id FROM schedules ORDER BY id").await
    }

    /// Starts the bot again, after `kill -9`, at another time of its own.
    async fn restart_at(&mut self, instant: &str) {
        self.world.kill();
        self.start_at(instant).await;
    }

    /// Starts the bot at a time of its own.
    async fn start_at(&mut self, instant: &str) {
        self.offset = offset_to(instant);
        self.world.set("COACH_CLOCK__OFFSET_SECONDS", &self.offset.to_string());
        self.start().await;
    }

    /// Starts the bot and waits until it is connected.
    async fn start(&mut self) {
        let before = self.world.playground.gateway_counts().0;
        self.world.launch();
        self.world.told(self.world.playground.wait_for_identifies(before + 1).await);
    }

    /// The question that the bot posted in the practice channel, once it is there.
    async fn question(&self) -> Message {
        self.question_in(&self.world.channel).await
    }

    async fn question_in(&self, channel: &Channel) -> Message {
        self.world.told(channel.wait_for("a question", is_question).await)
    }

    /// The questions in the practice channel.
    fn questions(&self) -> Vec<Message> {
        self.world.channel.messages().into_iter().filter(is_question).collect()
    }

    fn fail(&self, method: &str, pattern: &str, times: usize, fault: Fault) {
        self.world.playground.plan_fault(method, pattern, times, fault);
    }

    /// How many messages the bot tried to post in the practice channel.
    fn posts(&self) -> usize {
        let path = format!("/channels/{}/messages", self.world.channel.id);
        self.world.playground.exchanges().iter().filter(|e| e.method == "POST" && e.path == path).count()
    }

    /// The first column of each row, as text.
    async fn rows(&self, sql: &'static str) -> Vec<String> {
        let mut database = self.database().await;
        let rows = sqlx::query(sql).fetch_all(&mut database).await.unwrap();
        rows.iter().map(|row| row.try_get::<Option<String>, _>(0).unwrap().unwrap_or_default()).collect()
    }

    /// The same, once they are as wanted. Another process's database tells nobody of its changes, so this looks often.
    async fn rows_become(&self, sql: &'static str, wanted: &[&str]) {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        loop {
            let rows = self.rows(sql).await;
            if rows == wanted {
                return;
            }
            let said = self.world.log();
            assert!(tokio::time::Instant::now() < deadline, "{sql}\ngives {rows:?}, not {wanted:?}\n{said}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// How each delivery stands, the oldest first.
    async fn statuses_become(&self, wanted: &[&str]) {
        self.rows_become("SELECT status FROM deliveries ORDER BY id", wanted).await;
    }

    /// Writes what no command would.
    async fn write(&self, sql: &'static str) {
        let mut database = self.database().await;
        sqlx::query(sql).execute(&mut database).await.unwrap();
    }

    async fn database(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.world.database()).connect().await.unwrap()
    }
}

fn is_question(message: &Message) -> bool {
    message.button("Answer").is_some()
}

/// How far the bot's clock must run ahead for it to believe that it is `instant`.
fn offset_to(instant: &str) -> i64 {
    let wanted: jiff::Timestamp = instant.parse().unwrap();
    wanted.as_second() - jiff::Timestamp::now().as_second()
}

/// Now, in Unix milliseconds.
fn now_ms() -> u64 {
    jiff::Timestamp::now().as_millisecond().unsigned_abs()
}
