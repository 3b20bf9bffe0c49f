//! `coach check`: is everything right for the bot to start?
//!
//! Looks at every part even when one fails, and changes nothing. Reaching Discord or a model is left out: a check
//! should give the same answer with the network unplugged.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use super::wiring;
use crate::config::Settings;
use crate::content::faults::counted;
use crate::llm::Prompts;
use crate::store::{Found, Store};

/// Looks at one part and says in a few words what it found.
type Look = fn(&Settings) -> anyhow::Result<String>;

/// What is looked at, in order. Settings that do not even load never get here.
const PARTS: &[(&str, Look)] =
    &[("settings", settings), ("content", content), ("prompts", prompts), ("database", database)];

/// Prints one line a part, then the verdict.
///
/// # Errors
/// When `out` cannot be written. A part that is not right is no error but exit code 1.
pub(super) fn run(settings: &Settings, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    look_at(PARTS, settings, out)
}

fn look_at(parts: &[(&str, Look)], settings: &Settings, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let mut failed = 0;
    for (name, look) in parts {
        match look(settings) {
            Ok(found) => writeln!(out, "ok    {name}: {found}")?,
            Err(error) => {
                failed += 1;
                writeln!(out, "FAIL  {name}: {error:#}")?;
            }
        }
    }
    if failed == 0 {
        writeln!(out, "All is well.")?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "{failed} of {} to mend; then run `coach check` again.", parts.len())?;
    Ok(ExitCode::FAILURE)
}

fn settings(settings: &Settings) -> anyhow::Result<String> {
    let discord = settings.discord.api_url.as_deref().unwrap_or("Discord");
    let mut text = match settings.discord.token {
        Some(_) => format!("a token for {discord}"),
        None => "no token yet (`coach run` needs DISCORD_TOKEN)".to_owned(),
    };
    match &settings.llm {
        llm if llm.enabled => write!(text, ", model {} at {}", llm.model, llm.base_url)?,
        _ => text.push_str(", no language model"),
    }
    if let Some(listen) = settings.http.listen {
        write!(text, ", health and metrics on {listen}")?;
    }
    Ok(text)
}

fn content(settings: &Settings) -> anyhow::Result<String> {
    let bank = wiring::load_bank(settings.content.dir.clone())?;
    Ok(counted(bank.questions().len(), "question") + &origin(settings.content.dir.as_deref()))
}

fn prompts(settings: &Settings) -> anyhow::Result<String> {
    Prompts::load(settings.prompts.dir.as_deref())?;
    Ok(format!("all there{}", origin(settings.prompts.dir.as_deref())))
}

fn origin(dir: Option<&Path>) -> String {
    dir.map_or(String::new(), |dir| format!(" from {}", dir.display()))
}

fn database(settings: &Settings) -> anyhow::Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (path, found) = runtime.block_on(Store::look(&settings.database.url))?;
    let state = match found {
        Found::Nothing => "will be created".to_owned(),
        Found::Behind(missing) => format!("{} will be applied", counted(missing, "migration")),
        Found::UpToDate => "up to date".to_owned(),
    };
    Ok(format!("{}, {state}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(parts: &[(&str, Look)], variables: &[(&str, &str)]) -> (ExitCode, String) {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let settings = Settings::from_layers(None, variables).unwrap();
        let mut out = Vec::new();
        let code = look_at(parts, &settings, &mut out).unwrap();
        (code, String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_check_says_what_will_be_used_and_that_all_is_well() {
        let parts: &[(&str, Look)] = &[("settings", settings)];
        let bare = "ok    settings: no token yet (`coach run` needs DISCORD_TOKEN), no language model\nAll is well.\n";
        assert_eq!(checked(parts, &[]).1, bare);
        let variables = [
            ("DISCORD_TOKEN", "s3cr3t"),
            ("COACH_DISCORD__API_URL", "http://127.0.0.1:8177"),
            ("OPENAI_API_KEY", "s3cr3t"),
            ("COACH_HTTP__LISTEN", "127.0.0.1:9090"),
        ];
        let full = "ok    settings: a token for http://127.0.0.1:8177, model gpt-4.1-mini at \
                    https://api.openai.com/v1, health and metrics on 127.0.0.1:9090\nAll is well.\n";
        assert_eq!(checked(parts, &variables), (ExitCode::SUCCESS, full.to_owned()));
    }

    #[test]
    fn one_bad_part_does_not_hide_the_next() {
        let parts: &[(&str, Look)] = &[
            ("first", |_| Err(anyhow::anyhow!("disk full").context("cannot write"))),
            ("second", |_| Ok("fine".to_owned())),
        ];
        let expected =
            "FAIL  first: cannot write: disk full\nok    second: fine\n1 of 2 to mend; then run `coach check` again.\n";
        assert_eq!(checked(parts, &[]), (ExitCode::FAILURE, expected.to_owned()));
    }

    #[test]
    fn the_database_is_looked_at_and_not_made() {
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("coach.db");
        let url = format!("sqlite://{}", path.display());
        let (code, text) = checked(&[("database", database)], &[("DATABASE_URL", &url)]);
        assert_eq!(text, format!("ok    database: {}, will be created\nAll is well.\n", path.display()));
        assert_eq!((code, path.exists()), (ExitCode::SUCCESS, false));
        std::fs::write(&path, "").unwrap();
        let (_, text) = checked(&[("database", database)], &[("DATABASE_URL", &url)]);
        assert!(text.contains("coach.db, 2 migrations will be applied\n"), "{text}");
        let nowhere = format!("sqlite://{}/no/coach.db", here.path().display());
        let (code, text) = checked(&[("database", database)], &[("DATABASE_URL", &nowhere)]);
        assert!(text.contains("check that its folder exists"), "{text}");
        assert_eq!(code, ExitCode::FAILURE);
    }

    #[test]
    fn content_and_prompts_are_loaded_from_where_the_settings_say() {
        let parts: &[(&str, Look)] = &[("content", content), ("prompts", prompts)];
        let (code, text) = checked(parts, &[]);
        assert!(text.contains(" questions\nok    prompts: all there\n"), "{text}");
        assert_eq!(code, ExitCode::SUCCESS);
        let empty = tempfile::tempdir().unwrap();
        let dir = empty.path().to_str().unwrap();
        let (code, text) = checked(parts, &[("COACH_CONTENT__DIR", dir), ("COACH_PROMPTS__DIR", dir)]);
        assert!(text.starts_with("FAIL  content: "), "{text}");
        assert!(text.contains(&format!("ok    prompts: all there from {dir}\n")), "{text}");
        assert_eq!(code, ExitCode::FAILURE);
    }
}
