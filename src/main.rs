//! The program `coach`: reads arguments and settings, starts logging, and hands over to [`coach::cli`].
//!
//! Anything worth testing lives in the library.

use std::process::ExitCode;

use clap::Parser as _;
use coach::cli::{self, Cli};
use coach::config::Settings;
use coach::discord::bot::closing;
use coach::telemetry;

fn main() -> ExitCode {
    start(Cli::parse()).unwrap_or_else(|error| cli::report(&error))
}

fn start(cli: Cli) -> anyhow::Result<ExitCode> {
    let settings = Settings::load(cli.config.as_deref(), environment())?;
    telemetry::start_tracing(&settings.log, cli.command.log_filter(), closing::listener())?;
    // An error would mean that a provider is there already, which is all that is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    cli::run(cli.command, &settings)
}

/// The environment. What is not UTF-8 is made so: `std::env::vars` would panic on it, though it be no variable of ours.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
}
