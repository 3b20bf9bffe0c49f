//! Settings: what an operator can decide, read once at start from three layers.
//!
//! Defaults, then one TOML file, then the environment; a later layer wins. Everything is checked before anything
//! starts, and every fault is reported at once. It deliberately leaves out moderators' settings (those are rows in
//! the database, changed by slash command) and reloading: a changed setting takes a restart.

mod faults;
mod keys;
mod layers;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

pub use faults::SettingsErrors;
use faults::{Fault, Origin, quoted};
use layers::Layers;

/// The file that is read when no other is named, if it is in the working directory.
pub const DEFAULT_FILE: &str = "coach.toml";

/// The server that is used unless another is named.
const OPENAI_URL: &str = "https://api.openai.com/v1";

/// Ten Julian years, in seconds: as far as `clock.offset_seconds` may shift the clock either way.
const TEN_YEARS_S: i64 = 10 * 31_557_600;

/// Every setting, checked and typed. `Debug` never shows a secret.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How to reach Discord.
    pub discord: Discord,
    /// Where members' data lives.
    pub database: Database,
    /// The language model, if any.
    pub llm: Llm,
    /// The operator's HTTP endpoints.
    pub http: Http,
    /// Where questions and the taxonomy come from.
    pub content: Content,
    /// Where prompts come from.
    pub prompts: Prompts,
    /// Scheduled questions.
    pub drops: Drops,
    /// The process's clock.
    pub clock: Clock,
    /// What is logged, and how.
    pub log: Log,
}

/// How to reach Discord.
#[derive(Debug, Clone)]
pub struct Discord {
    /// The bot's token. Only `coach run` needs it: see [`Settings::token`].
    pub token: Option<SecretString>,
    /// Base of a Discord-compatible server or proxy, with neither path nor trailing slash. `None`: Discord itself.
    pub api_url: Option<String>,
    /// Whether to ask for the privileged intent that shows the text of every message.
    pub message_content: bool,
}

/// Where members' data lives.
#[derive(Debug, Clone)]
pub struct Database {
    /// An SQLite URL, `sqlite://path`.
    pub url: String,
}

/// The language model, if any.
#[derive(Debug, Clone)]
pub struct Llm {
    /// Whether a model is used at all. Unless set, true when there is a key or a server other than OpenAI's.
    pub enabled: bool,
    /// The key sent to the server. Local servers often want none.
    pub api_key: Option<SecretString>,
    /// Base of an OpenAI-compatible server, version included, without trailing slash.
    pub base_url: String,
    /// The model's name, as the server spells it.
    pub model: String,
    /// The longest a request may take, in milliseconds (100 to 120,000).
    pub timeout_ms: u64,
    /// The longest reply asked for, in tokens (64 to 32,768).
    pub max_output_tokens: u32,
}

/// The operator's HTTP endpoints.
#[derive(Debug, Clone)]
pub struct Http {
    /// Where `/healthz`, `/readyz` and `/metrics` listen. `None`: nowhere.
    pub listen: Option<SocketAddr>,
}

/// Where questions and the taxonomy come from.
#[derive(Debug, Clone)]
pub struct Content {
    /// A directory laid out like `content/`. `None`: what the program carries.
    pub dir: Option<PathBuf>,
}

/// Where prompts come from.
#[derive(Debug, Clone)]
pub struct Prompts {
    /// A directory laid out like `prompts/`. `None`: what the program carries.
    pub dir: Option<PathBuf>,
}

/// Scheduled questions.
#[derive(Debug, Clone)]
pub struct Drops {
    /// How late a missed drop may still be posted, in minutes (0 to 10,080). Older ones are recorded as missed.
    pub catch_up_minutes: u32,
    /// The most drops posted in one second (1 to 50, Discord's own limit).
    pub requests_per_second: u32,
}

/// The process's clock.
#[derive(Debug, Clone)]
pub struct Clock {
    /// Seconds added to the system's clock, ten years at most either way; for trying schedules and streaks.
    pub offset_seconds: i64,
}

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct Log {
    /// Directives as in `RUST_LOG`. `None`: each command's own default.
    pub filter: Option<String>,
    /// The shape of a line.
    pub format: LogFormat,
}

/// The shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

impl Settings {
    /// Reads and checks every setting.
    ///
    /// The file at `config_path` must exist; without one, [`DEFAULT_FILE`] is read if it is there. `env` is the
    /// environment, an argument so that tests need not change the process's own.
    ///
    /// # Errors
    /// [`SettingsErrors`] lists every fault in every layer.
    pub fn load(
        config_path: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, SettingsErrors> {
        let default_file = Path::new(DEFAULT_FILE);
        Self::from_layers(config_path.or(default_file.exists().then_some(default_file)), env)
    }

    /// Reads exactly the layers given: [`Settings::load`] without its look at the working directory.
    pub(crate) fn from_layers(
        file: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, SettingsErrors> {
        let mut reader = Reader { layers: Layers::default(), faults: Vec::new() };
        reader.layers = layers::read(file, env, &mut reader.faults);
        let settings = Self {
            discord: Discord {
                token: reader.secret("discord.token"),
                api_url: reader.api_url("discord.api_url"),
                message_content: reader.flag("discord.message_content").unwrap_or_default(),
            },
            database: Database { url: reader.database_url("database.url") },
            llm: reader.llm(),
            http: Http { listen: reader.listen("http.listen") },
            content: Content { dir: reader.directory("content.dir") },
            prompts: Prompts { dir: reader.directory("prompts.dir") },
            drops: Drops {
                catch_up_minutes: reader.whole("drops.catch_up_minutes", 0..=10_080),
                requests_per_second: reader.whole("drops.requests_per_second", 1..=50),
            },
            clock: Clock { offset_seconds: reader.whole("clock.offset_seconds", -TEN_YEARS_S..=TEN_YEARS_S) },
            log: Log { filter: reader.filter("log.filter"), format: reader.format("log.format") },
        };
        SettingsErrors::unless_empty(reader.faults).map_or(Ok(settings), Err)
    }

    /// The bot's token, for the one command that cannot do without.
    ///
    /// # Errors
    /// [`SettingsErrors`] saying where to put it, when it is not set.
    pub fn token(&self) -> Result<&SecretString, SettingsErrors> {
        self.discord.token.as_ref().ok_or_else(|| {
            SettingsErrors::one(Fault::at(
                "discord.token",
                Origin::Nowhere,
                "is not set",
                "Set DISCORD_TOKEN to the bot's token, from the Bot page of your application in Discord's developer \
                 portal",
            ))
        })
    }
}

/// Takes one setting after the other from the layers and keeps every fault.
///
/// After a fault a method returns some value of the right type; nobody sees it, since the faults are returned instead.
struct Reader {
    layers: Layers,
    faults: Vec<Fault>,
}

impl Reader {
    fn refuse(&mut self, key: &'static str, what: impl Into<String>, remedy: impl Into<String>) {
        let origin = self.layers.origin(key);
        self.faults.push(Fault::at(key, origin, what, remedy));
    }

    /// The text of a setting; `shape` says in the remedy what it should look like.
    fn text(&mut self, key: &'static str, shape: &str) -> Option<String> {
        let text = self.layers.text(key)?;
        if text.is_none() {
            self.refuse(key, "is not text", format!("Put {shape} in quotes"));
        }
        text
    }

    fn secret(&mut self, key: &'static str) -> Option<SecretString> {
        let text = self.text(key, "it")?;
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            // It ends up in a request header, which could not be built.
            self.refuse(key, "has a space or a character outside ASCII", "Copy it again, whole and alone");
        }
        Some(SecretString::from(text))
    }

    fn flag(&mut self, key: &'static str) -> Option<bool> {
        let flag = self.layers.flag(key)?;
        if let Err(shown) = &flag {
            self.refuse(key, format!("is {shown}, neither true nor false"), "Write true or false");
        }
        flag.ok()
    }

    fn whole<N: TryFrom<i64> + Default>(&mut self, key: &'static str, range: RangeInclusive<i64>) -> N {
        let remedy = format!("Give a whole number from {} to {}", range.start(), range.end());
        let what = match self.layers.whole(key) {
            Some(Ok(number)) if range.contains(&number) => match N::try_from(number) {
                Ok(number) => return number,
                Err(_) => format!("is {number}, out of range"),
            },
            Some(Ok(number)) => format!("is {number}, out of range"),
            Some(Err(shown)) => format!("is {shown}, not a whole number"),
            None => "is not set".to_owned(),
        };
        self.refuse(key, what, remedy);
        N::default()
    }

    /// An http or https URL without trailing slash. Its text is never repeated: people put passwords in URLs.
    fn url(&mut self, key: &'static str, example: &str) -> Option<String> {
        let text = self.text(key, "a URL")?;
        let url = text.trim_end_matches('/').to_owned();
        if let Err(what) = check_http_url(&url) {
            self.refuse(key, what, format!("Give a URL such as {example}"));
        }
        Some(url)
    }

    fn api_url(&mut self, key: &'static str) -> Option<String> {
        const EXAMPLE: &str = "http://127.0.0.1:8177";
        let before = self.faults.len();
        let url = self.url(key, EXAMPLE)?;
        let has_path = url.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
        if has_path && self.faults.len() == before {
            self.refuse(key, "has a path", format!("Give the base alone, such as {EXAMPLE}; /api/v10 is added"));
        }
        Some(url)
    }

    fn database_url(&mut self, key: &'static str) -> String {
        let url = self.text(key, "a URL such as sqlite://coach.db").unwrap_or_default();
        let path = url.strip_prefix("sqlite:").map(|rest| rest.trim_start_matches('/'));
        if !url.is_empty() && path.is_none_or(str::is_empty) {
            self.refuse(key, "names no SQLite file", "Give a URL such as sqlite://coach.db");
        }
        url
    }

    fn listen(&mut self, key: &'static str) -> Option<SocketAddr> {
        let text = self.text(key, "an address and port")?;
        let address = text.parse().ok();
        if address.is_none() {
            let remedy = "Give an IP address and a port, such as 127.0.0.1:9090 or [::1]:9090";
            self.refuse(key, format!("is {}, not an address with a port", quoted(&text)), remedy);
        }
        address
    }

    fn directory(&mut self, key: &'static str) -> Option<PathBuf> {
        let text = self.text(key, "a path")?;
        let path = PathBuf::from(&text);
        if !path.is_dir() {
            let remedy = "Name a directory that exists, or leave it unset to use what the program carries";
            self.refuse(key, format!("is {}, not a directory", quoted(&text)), remedy);
        }
        Some(path)
    }

    fn filter(&mut self, key: &'static str) -> Option<String> {
        let text = self.text(key, "a filter")?;
        if let Err(error) = tracing_subscriber::EnvFilter::builder().parse(&text) {
            let remedy = "Write it as in RUST_LOG, such as info or warn,coach=debug";
            self.refuse(key, format!("is {}, not a log filter ({error})", quoted(&text)), remedy);
        }
        Some(text)
    }

    fn format(&mut self, key: &'static str) -> LogFormat {
        match self.text(key, "text or json").as_deref() {
            Some("json") => return LogFormat::Json,
            Some("text") | None => {}
            Some(other) => {
                self.refuse(key, format!("is {}, not a log format", quoted(other)), "Write \"text\" or \"json\"")
            }
        }
        LogFormat::Text
    }

    fn llm(&mut self) -> Llm {
        let api_key = self.secret("llm.api_key");
        let base_url = self.url("llm.base_url", OPENAI_URL).unwrap_or_default();
        // OpenAI itself wants a key; any other server may not. Naming OpenAI, as the example file does, adds nothing.
        let reachable = api_key.is_some() || base_url != OPENAI_URL;
        let enabled = self.flag("llm.enabled").unwrap_or(reachable);
        if enabled && !reachable {
            let remedy = "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server that needs no key";
            self.refuse("llm.enabled", "is true, but there is neither a key nor a server to use", remedy);
        }
        Llm {
            enabled,
            api_key,
            base_url,
            model: self.text("llm.model", "the model's name").unwrap_or_default(),
            timeout_ms: self.whole("llm.timeout_ms", 100..=120_000),
            max_output_tokens: self.whole("llm.max_output_tokens", 64..=32_768),
        }
    }
}

/// Says what keeps `url` from being a plain http or https URL.
fn check_http_url(url: &str) -> Result<(), &'static str> {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let rest = rest.ok_or("does not start with http:// or https://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        // A colon inside the brackets belongs to an IPv6 address.
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, "80"),
    };
    if authority.contains('@') {
        return Err("holds a user name or a password");
    }
    if url.contains(['?', '#']) {
        return Err("has a query or a fragment");
    }
    if host.is_empty() || !url.bytes().all(|b| b.is_ascii_graphic()) || port.parse::<u16>().is_err() {
        return Err("has no valid host and port");
    }
    Ok(())
}
