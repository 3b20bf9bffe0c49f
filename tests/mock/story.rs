//! An interview as its candidate goes through it, and a look at what the bot has stored of it.

use std::sync::LazyLock;

use coach::content::{self, Source};
use coach::domain::bank::Bank;
use coach::playground::Snowflake;
use coach::playground::people::{Channel, Message, Person};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

use crate::support::app::World;

/// What the bot asks from.
pub static BANK: LazyLock<Bank> = LazyLock::new(|| content::load(&Source::Embedded).unwrap());

/// An interview in its thread.
pub struct Interview<'w> {
    /// Where it happens.
    pub world: &'w World,
    /// Who is interviewed.
    pub candidate: Person,
    /// Its thread.
    pub thread: Channel,
}

/// A stored turn, as it stands in the database.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct StoredTurn {
    /// From 1.
    pub seq: i64,
    /// The bank's question.
    pub question: String,
    /// The point it probes.
    pub point: Option<String>,
    /// What was said.
    pub asked: String,
    /// Whose words.
    pub asked_by: String,
    /// What was answered.
    pub answer: Option<String>,
    /// Where the answer came from.
    pub answer_source: Option<String>,
    /// What it earned, as JSON.
    pub grade: Option<String>,
}

impl<'w> Interview<'w> {
    /// Starts one in the world's channel and waits for its first question.
    pub async fn start(world: &'w World, candidate: &Person, typed: &str) -> (Self, Message) {
        let told = world.run(candidate, typed).await;
        let interview = Self::told_of(world, candidate, &told);
        let first = interview.question(1).await;
        (interview, first)
    }

    /// The interview whose thread a message names.
    pub fn told_of(world: &'w World, candidate: &Person, told: &Message) -> Self {
        let thread = thread_in(&told.text()).unwrap_or_else(|| panic!("no thread in: {}", told.text()));
        Self { world, candidate: candidate.clone(), thread: world.playground.channel(thread) }
    }

    /// The message that asks turn `seq`, once it is there.
    pub async fn question(&self, seq: u32) -> Message {
        let asked = self.thread.wait_for(&format!("question {seq}"), |message| asks(message) == Some(seq)).await;
        self.world.told(asked)
    }

    /// The scorecard, once it is there.
    pub async fn scorecard(&self) -> Message {
        self.world.told(self.thread.wait_for("the scorecard", is_scorecard).await)
    }

    /// The next question, or the scorecard.
    pub async fn next(&self, seq: u32) -> Message {
        let what = format!("question {seq} or the scorecard");
        let next = self.thread.wait_for(&what, |message| asks(message) == Some(seq) || is_scorecard(message)).await;
        self.world.told(next)
    }

    /// Answers a question by its button and form.
    pub async fn answer(&self, question: &Message, text: &str) -> Message {
        self.world.answer(&self.candidate, question, "Answer", text).await
    }

    /// Answers from a question on until the scorecard; gives it.
    pub async fn play(&self, mut question: Message) -> Message {
        while let Some(seq) = asks(&question) {
            self.answer(&question, &an_answer(seq)).await;
            question = self.next(seq + 1).await;
        }
        question
    }

    /// The questions in the thread, in the order they came.
    pub fn asked(&self) -> Vec<Message> {
        self.thread.messages().into_iter().filter(|message| asks(message).is_some()).collect()
    }

    /// What is said in the thread, all of it.
    pub fn all_said(&self) -> String {
        self.thread.messages().iter().map(Message::text).collect::<Vec<_>>().join("\n")
    }
}

/// An answer that passes the gate and says little.
pub fn an_answer(seq: u32) -> String {
    format!(
        "For point {seq} I would first measure what happens, then write down the options and pick the simplest one."
    )
}

/// Which turn a message asks, by its button.
pub fn asks(message: &Message) -> Option<u32> {
    let button = message.buttons().into_iter().find(|button| button.label == "Answer")?;
    button.custom_id.rsplit(':').next()?.parse().ok()
}

/// Whether a message is a scorecard.
pub fn is_scorecard(message: &Message) -> bool {
    message.text().starts_with("Scorecard")
}

/// The thread that a text links to.
pub fn thread_in(text: &str) -> Option<Snowflake> {
    let (_, rest) = text.split_once("<#")?;
    rest.split('>').next()?.parse().ok()
}

/// The bot's database, to look inside.
pub async fn database(world: &World) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(world.database()).read_only(true);
    SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap()
}

/// All turns of all interviews, oldest first.
pub async fn turns(world: &World) -> Vec<StoredTurn> {
    sqlx::query_as(
        "SELECT seq, question, point, asked, asked_by, answer, answer_source, grade FROM interview_turns
         ORDER BY interview_id, seq",
    )
    .fetch_all(&database(world).await)
    .await
    .unwrap()
}

/// One number from the database.
pub async fn number(world: &World, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&database(world).await).await.unwrap()
}
