//! The terminal: what `coach` can be asked, and how it answers when something fails.
//!
//! One file a command. This file only names them, sends each to its own, and turns errors into `error:` and `hint:`
//! lines and exit codes: 0 done, 1 failed, 2 the arguments or the settings are wrong.

mod check;
pub mod content;
pub mod guide;
pub mod practice;
mod run;
pub mod wiring;
mod wrap;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Settings, SettingsErrors};
use crate::http::BindError;

/// The arguments of `coach`.
#[derive(Debug, Parser)]
#[command(name = "coach", version, about = "Makes backend engineers better at interviews, one answer at a time.")]
pub struct Cli {
    /// Read settings from this file instead of coach.toml
    #[arg(long, global = true, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `coach` can be asked. The doc comments are what `coach --help` shows.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the bot on Discord
    Run,
    /// Answer interview questions here and now; needs no account and no network
    Practice(practice::PracticeArgs),
    /// Read about a skill, a framework, the loop, a resume and more
    Guide(guide::GuideArgs),
    /// Check, count or export the questions
    Content(content::ContentArgs),
    /// Say whether everything is right for the bot to start
    Check,
}

impl Command {
    /// The log filter that applies while the operator sets none: at a terminal, only what needs attention. What
    /// serenity's connection says is left out of it, since the bot says the same in its own words.
    #[must_use]
    pub fn log_filter(&self) -> &'static str {
        match self {
            Self::Run => "info,serenity=warn,serenity::gateway::shard=off,serenity::gateway::bridge::shard_runner=off",
            Self::Practice(_) | Self::Guide(_) | Self::Content(_) | Self::Check => "warn",
        }
    }
}

/// Does what was asked.
///
/// # Errors
/// Whatever kept the command from finishing, for [`report`].
pub fn run(command: Command, settings: &Settings) -> anyhow::Result<ExitCode> {
    match command {
        Command::Run => run::run(settings),
        Command::Practice(args) => practice::run(&args, settings),
        Command::Guide(args) => guide::run(&args, settings),
        Command::Content(args) => content::run(args, settings.content.dir.clone()),
        Command::Check => check::run(settings, &mut std::io::stdout()),
    }
}

/// Prints `error` to standard error, with the next step where one is known, and returns the exit code.
#[must_use]
pub fn report(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    if let Some(hint) = hint(error) {
        eprintln!("hint: {hint}");
    }
    let asked_wrongly = error.is::<SettingsErrors>() || error.is::<practice::UnknownName>();
    ExitCode::from(if asked_wrongly { 2 } else { 1 })
}

fn hint(error: &anyhow::Error) -> Option<&'static str> {
    let settings = error.downcast_ref::<SettingsErrors>().map(SettingsErrors::hint);
    settings.or_else(|| error.downcast_ref::<BindError>().map(BindError::hint))
}
