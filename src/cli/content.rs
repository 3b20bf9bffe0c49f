//! `coach content`: a stand-in until the real commands arrive from their own branch.

use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `coach content`.
#[derive(Debug, clap::Args)]
pub struct ContentArgs {}

/// Refuses.
///
/// # Errors
/// Always.
pub fn run(_args: ContentArgs, _dir: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    Err(anyhow::anyhow!("this build has no content commands"))
}
