//! The real program against the playground: a process of its own, real sockets, a database on disk.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use coach::playground::people::{Channel, Message, Person, Response, Server};
use coach::playground::{Options, Playground};
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;

use super::openapi::OpenApi;

/// Long enough for a debug build on a loaded machine; nothing waits this long unless it has failed.
const PATIENCE: Duration = Duration::from_secs(30);

static OPENAPI: LazyLock<Option<OpenApi>> = LazyLock::new(OpenApi::from_env);

/// A playground with one server, and the bot in it.
pub struct World {
    /// Discord.
    pub playground: Playground,
    /// The server.
    pub server: Server,
    /// A text channel in it.
    pub channel: Channel,
    /// Where the bot keeps its database.
    pub directory: TempDir,
    /// What the bot asks, unless a test says otherwise.
    _content: TempDir,
    settings: Vec<(String, String)>,
    bot: Option<Bot>,
}

/// The bot's process.
pub struct Bot {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
    listener: Option<JoinHandle<()>>,
}

impl World {
    /// A world whose bot is ready.
    pub async fn new() -> Self {
        Self::with(Options::default(), &[]).await
    }

    /// A world whose bot has these settings (environment variables) besides the usual ones.
    pub async fn with(options: Options, settings: &[(&str, &str)]) -> Self {
        let mut world = Self::without_bot(options, settings).await;
        world.start().await;
        world
    }

    /// A world whose bot is not started yet.
    pub async fn without_bot(options: Options, settings: &[(&str, &str)]) -> Self {
        let options = Options { patience: PATIENCE, ..options };
        let playground = Playground::start(options).await.unwrap();
        let server = playground.add_server("Study Hall");
        let channel = server.text_channel("practice");
        let content = super::content::sixteen();
        let usual = ("COACH_CONTENT__DIR".to_owned(), content.path().display().to_string());
        let own = settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let settings = std::iter::once(usual).chain(own).collect();
        Self {
            playground,
            server,
            channel,
            directory: tempfile::tempdir().unwrap(),
            _content: content,
            settings,
            bot: None,
        }
    }

    /// Starts the bot and waits until it is connected with its commands registered.
    pub async fn start(&mut self) {
        self.launch();
        if let Err(failure) = self.playground.wait_for_commands().await {
            panic!("{failure}\nthe log says:\n{}", self.log());
        }
    }

    /// Starts the bot's process and waits for nothing.
    pub fn launch(&mut self) {
        assert!(self.bot.is_none(), "the bot is running already");
        self.bot = Some(Bot::launch(self.command()));
    }

    /// Sets a setting for the next start.
    pub fn set(&mut self, name: &str, value: &str) {
        self.settings.retain(|(n, _)| n != name);
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    /// Kills the bot where it stands: `kill -9`.
    pub fn kill(&mut self) {
        let mut bot = self.bot.take().expect("no bot is running");
        bot.child.kill().unwrap();
        bot.child.wait().unwrap();
    }

    /// Kills the bot and starts it again.
    pub async fn restart(&mut self) {
        let before = self.playground.gateway_counts().0;
        self.kill();
        self.launch();
        self.playground.wait_for_identifies(before + 1).await.unwrap();
        self.playground.wait_for_commands().await.unwrap();
    }

    /// Asks the bot to stop (SIGTERM) and waits for its end.
    pub fn stop(&mut self) -> (ExitStatus, Duration) {
        self.stop_by("TERM")
    }

    /// Waits for the bot to end by itself; its exit code and what it said on standard error.
    pub fn ended(&mut self) -> (Option<i32>, String) {
        let mut bot = self.bot.take().expect("no bot is running");
        let status = bot.wait();
        (status.code(), bot.said())
    }

    /// What the bot has logged so far.
    pub fn log(&self) -> String {
        self.bot.as_ref().map(Bot::said).unwrap_or_default()
    }

    /// Where the database file is.
    pub fn database(&self) -> PathBuf {
        self.directory.path().join("coach.db")
    }

    /// Runs a command as someone in the server's channel, and gives the answer once it is there.
    pub async fn run(&self, person: &Person, typed: &str) -> Message {
        self.run_in(person, &self.channel, typed).await
    }

    /// Runs a command in some channel.
    pub async fn run_in(&self, person: &Person, channel: &Channel, typed: &str) -> Message {
        let response = self.told(person.run(channel, typed).await);
        self.told(response.settled().await)
    }

    /// Presses a button and gives the answer.
    pub async fn press(&self, person: &Person, message: &Message, label: &str) -> Message {
        let response = self.told(person.press(message, label).await);
        self.told(response.settled().await)
    }

    /// Presses Answer (or Retry), fills the form in, and gives the answer.
    pub async fn answer(&self, person: &Person, message: &Message, label: &str, text: &str) -> Message {
        let response = self.submit(person, message, label, text).await;
        self.told(response.settled().await)
    }

    /// Presses Answer (or Retry), fills the form in, and gives whatever came of it.
    pub async fn submit(&self, person: &Person, message: &Message, label: &str, text: &str) -> Response {
        let pressed = self.told(person.press(message, label).await);
        let modal = self.told(pressed.modal());
        self.told(person.submit(&modal, &[("answer", text)]).await)
    }

    /// What was hoped for, or a failure with the bot's log.
    pub fn told<T, E: std::fmt::Display>(&self, result: Result<T, E>) -> T {
        result.unwrap_or_else(|failure| panic!("{failure}\nthe log says:\n{}", self.log()))
    }

    /// Sends the bot a signal, such as `TERM`, and waits for its end.
    pub fn stop_by(&mut self, signal: &str) -> (ExitStatus, Duration) {
        let mut bot = self.bot.take().expect("no bot is running");
        let asked = Instant::now();
        let status = Command::new("kill").args([&format!("-{signal}"), &bot.child.id().to_string()]).status().unwrap();
        assert!(status.success());
        (bot.wait(), asked.elapsed())
    }

    /// Takes one of the usual settings away for the next start.
    pub fn unset(&mut self, name: &str) {
        self.set(name, "");
    }

    /// Waits until the bot has logged a line with these words.
    pub async fn wait_for_log(&self, words: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.log().contains(words) {
            assert!(Instant::now() < deadline, "{words:?} is not in the log:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Starts the bot after a kill and waits until it is connected anew.
    pub async fn start_again(&mut self) {
        let before = self.playground.gateway_counts().0;
        self.launch();
        self.told(self.playground.wait_for_identifies(before + 1).await);
        self.told(self.playground.wait_for_commands().await);
    }

    /// Starts the bot again at that instant of its clock, such as `2030-01-07T12:00:00Z`.
    pub async fn restart_at(&mut self, instant: &str) {
        let instant: jiff::Timestamp = instant.parse().unwrap();
        let offset = instant.duration_since(jiff::Timestamp::now()).as_secs();
        self.set("COACH_CLOCK__OFFSET_SECONDS", &offset.to_string());
        self.restart().await;
    }

    /// Kills the bot and starts it again on a disk that takes no file larger than so many blocks of 512 bytes (of 1,024
    /// under some shells).
    pub async fn restart_on_a_small_disk(&mut self, blocks: u32) {
        let before = self.playground.gateway_counts().0;
        self.kill();
        let ordinary = self.command();
        let mut command = Command::new("sh");
        let run = format!(r#"trap "" XFSZ; ulimit -f {blocks}; exec "$0" run"#);
        command.args(["-c", &run]).arg(ordinary.get_program()).current_dir(self.directory.path()).env_clear();
        command.envs(ordinary.get_envs().filter_map(|(name, value)| Some((name, value?))));
        self.bot = Some(Bot::launch(command));
        self.playground.wait_for_identifies(before + 1).await.unwrap();
    }

    /// A connection of the test's own to the database, as another program would have.
    pub async fn connect(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.database()).connect().await.unwrap()
    }

    /// One number out of the database.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut self.connect().await).await.unwrap()
    }

    fn command(&self) -> Command {
        let mut command = coach(self.directory.path());
        command
            .arg("run")
            .env("DISCORD_TOKEN", "playground-token")
            .env("COACH_DISCORD__API_URL", self.playground.url())
            .envs(self.settings.iter().map(|(k, v)| (k, v)));
        for (name, _) in self.settings.iter().filter(|(_, value)| value.is_empty()) {
            command.env_remove(name);
        }
        command
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(mut bot) = self.bot.take() {
            let _ = bot.child.kill();
            let _ = bot.child.wait();
        }
        if !std::thread::panicking() {
            for exchange in self.playground.exchanges() {
                assert_pings_nobody(&exchange.request);
            }
        }
        // Whatever a test was about, every request it made must be one that Discord's description allows.
        if let Some(openapi) = OPENAPI.as_ref().filter(|_| !std::thread::panicking()) {
            for exchange in self.playground.exchanges() {
                let body = (!exchange.request.is_null()).then_some(&exchange.request);
                let path = match exchange.query.as_str() {
                    "" => exchange.path.clone(),
                    query => format!("{}?{query}", exchange.path),
                };
                if let Err(why) = openapi.check(&exchange.method, &path, body) {
                    panic!("{} {path} is not as Discord describes it: {why}", exchange.method);
                }
            }
        }
    }
}

impl Bot {
    /// Starts a process and keeps what it says on standard error.
    pub fn launch(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (lines, kept) = (BufReader::new(child.stderr.take().unwrap()), Arc::clone(&log));
        let listener = std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                kept.lock().unwrap().push(line);
            }
        });
        Self { child, log, listener: Some(listener) }
    }

    fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // Its last words may still be on their way.
                if let Some(listener) = self.listener.take() {
                    listener.join().unwrap();
                }
                return status;
            }
            assert!(Instant::now() < deadline, "the bot does not end; it said:\n{}", self.said());
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    fn said(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }
}

/// The program, in a directory of its own and with none of the settings of whoever runs the tests.
pub fn coach(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coach"));
    command.current_dir(directory).env_clear().envs(std::env::vars().filter(|(name, _)| name == "PATH"));
    command
}

/// Whatever a test was about, no message may ping anyone but a role that a moderator chose.
fn assert_pings_nobody(request: &Value) {
    for body in [request, &request["data"], &request["message"]] {
        let says_something = body["content"].is_string() || body["embeds"].is_array();
        let allowed = &body["allowed_mentions"];
        let closed = |key: &str| allowed[key].as_array().is_none_or(Vec::is_empty);
        let is_closed = allowed["parse"].is_array() && closed("parse") && closed("users");
        assert!(!says_something || (is_closed && allowed["replied_user"] != true), "this could ping someone: {body}");
    }
}
