//! `coach content`: check, count and export the bank from the terminal.
//!
//! Left out on purpose: changing content. Questions are reviewed text, edited as files.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::content::faults::counted;
use crate::content::stats::Stats;
use crate::content::{self, Source, export};
use crate::domain::bank::Bank;

/// Check, count or export the question bank.
#[derive(Debug, clap::Args)]
pub struct ContentArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Report everything that is wrong, with file, line and remedy; exit code 1 when anything is
    Lint(From),
    /// Count questions by skill, level, category and stage, and name what is missing; exit code 1 when anything is
    Stats {
        #[command(flatten)]
        from: From,
        /// Print JSON instead of tables
        #[arg(long)]
        json: bool,
    },
    /// Print the whole bank as JSON
    Export {
        #[command(flatten)]
        from: From,
        /// Write to this file instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
struct From {
    /// A directory laid out like content/ [default: the configured one, else the built-in bank]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl From {
    fn source(self, configured: Option<PathBuf>) -> Source {
        self.dir.or(configured).map_or(Source::Embedded, Source::Directory)
    }
}

/// Runs the subcommand; `dir_from_settings` stands in for a missing `--dir`.
///
/// # Errors
/// When the output cannot be written. Faults in the content are no error: they are printed, and the exit code is 1.
pub fn run(args: ContentArgs, dir_from_settings: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    match args.action {
        Action::Lint(from) => lint(&from.source(dir_from_settings)),
        Action::Stats { from, json } => match load(&from.source(dir_from_settings)) {
            Ok(bank) => stats(&bank, json),
            Err(code) => Ok(code),
        },
        Action::Export { from, out } => match load(&from.source(dir_from_settings)) {
            Ok(bank) => export(&bank, out),
            Err(code) => Ok(code),
        },
    }
}

fn lint(source: &Source) -> anyhow::Result<ExitCode> {
    let checked = content::lint(source);
    if checked.faults.is_empty() {
        print(&format!("{}, no faults\n", counted(checked.questions, "question")))?;
        Ok(ExitCode::SUCCESS)
    } else {
        print(&format!("{}\n", checked.faults))?;
        Ok(ExitCode::FAILURE)
    }
}

/// The bank, or its faults on standard error.
fn load(source: &Source) -> Result<Bank, ExitCode> {
    content::load(source).map_err(|faults| {
        eprintln!("{faults}");
        ExitCode::FAILURE
    })
}

fn stats(bank: &Bank, json: bool) -> anyhow::Result<ExitCode> {
    let stats = Stats::of(bank);
    if json {
        print(&(serde_json::to_string_pretty(&stats).context("printing the statistics")? + "\n"))?;
    } else {
        print(&stats.to_text())?;
    }
    Ok(if stats.holes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn export(bank: &Bank, out: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    let json = serde_json::to_string_pretty(&export::to_json(bank)).context("printing the bank")?;
    match out {
        Some(path) => {
            fs::write(&path, json + "\n").with_context(|| format!("writing {}", path.display()))?;
            eprintln!("wrote {} to {}", counted(bank.questions().len(), "question"), path.display());
        }
        None => print(&(json + "\n"))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes to standard output; a reader that has seen enough, such as `head`, is no error.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error).context("writing to standard output"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: ContentArgs,
    }

    fn run_line(line: &[&str], configured: Option<PathBuf>) -> ExitCode {
        let parsed = Line::try_parse_from([&["content"], line].concat()).unwrap();
        run(parsed.args, configured).unwrap()
    }

    #[test]
    fn faults_are_an_exit_code_and_the_directory_of_the_line_wins_over_the_settings() {
        let (empty, small) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let folder = small.path().join("questions/technical");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("q.md"), include_str!("../../content/questions/_template.md")).unwrap();
        let (empty, small) = (Some(empty.path().to_owned()), Some(small.path().to_owned()));
        let named = small.as_ref().unwrap().to_string_lossy().into_owned();
        assert_eq!(run_line(&["lint"], small.clone()), ExitCode::SUCCESS);
        assert_eq!(run_line(&["lint"], empty.clone()), ExitCode::FAILURE);
        assert_eq!(run_line(&["lint", "--dir", &named], empty.clone()), ExitCode::SUCCESS);
        assert_eq!(run_line(&["stats", "--json"], empty), ExitCode::FAILURE);
        assert_eq!(run_line(&["stats"], small), ExitCode::FAILURE, "a bank of one question has holes");
    }

    #[test]
    fn the_export_is_json_in_the_file_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("bank.json");
        assert_eq!(run_line(&["export", "--out", &out.to_string_lossy()], None), ExitCode::SUCCESS);
        let json: serde_json::Value = serde_json::from_slice(&fs::read(out).unwrap()).unwrap();
        assert!(json["questions"].as_array().unwrap().len() >= 16);
    }
}
