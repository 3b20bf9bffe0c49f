//! `coach practice`: questions, answers and results in the terminal, with no account and no network.
//!
//! Also reads from a pipe, until its end. Left out on purpose: mock interviews, and everything a server has.

mod input;
mod render;

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::app::practice::{ANSWER_MAX, Answered, Showing};
use crate::app::profile::{ProfileChange, ZoneFrom};
use crate::app::{App, Error, Who};
use crate::config::Settings;
use crate::domain::bank::Wanted;
use crate::domain::ids::{MemberId, Slug};
use crate::domain::taxonomy::Level;

use super::wiring;
use super::wrap::plain;
use input::{Ending, Input, Lines};
use render::{HELP, Page};

/// Whoever sits here.
const WHO: Who = Who { member: MemberId::LOCAL, server: None };

/// What can be asked for.
#[derive(Debug, clap::Args)]
pub struct PracticeArgs {
    /// Only this skill or group of skills, such as kafka
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,
    /// Only questions asked at this level: intern, junior, mid, senior, staff or principal
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    level: Option<Level>,
    /// Only this category, such as databases
    #[arg(long, value_name = "CATEGORY")]
    category: Option<String>,
}

fn level(text: &str) -> Result<Level, String> {
    let names = Level::ALL.map(Level::as_str).join(", ");
    text.trim().to_lowercase().parse().map_err(|_| format!("choose one of {names}"))
}

/// An argument that names nothing in the bank.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct UnknownName(pub(super) String);

/// Practises until the person stops or the input ends.
///
/// # Errors
/// When the content, the database or the terminal fails, or an argument names nothing.
pub fn run(args: &PracticeArgs, settings: &Settings) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let outcome = runtime.block_on(async {
        let app = wiring::open_app(settings).await?;
        let result = practise(&app, args).await;
        app.store.close().await;
        result
    });
    match outcome {
        // Whoever reads our output, such as `head`, has seen enough.
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe) => {
            Ok(ExitCode::SUCCESS)
        }
        outcome => outcome.map(|()| ExitCode::SUCCESS),
    }
}

async fn practise(app: &App, args: &PracticeArgs) -> anyhow::Result<()> {
    let wanted = wanted(app, args)?;
    settle_zone(app).await?;
    let lines = Lines::from_stdin()?;
    let mut session = Session { app, lines, ansi: understands_ansi(), draft: Vec::new() };
    session.greet().await?;
    while session.one_question(&wanted).await? {}
    session.take_leave().await
}

/// Whether output may hold escape sequences: only for a person, and not against their will (<https://no-color.org>).
fn understands_ansi() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn wanted(app: &App, args: &PracticeArgs) -> anyhow::Result<Wanted> {
    let taxonomy = &app.bank.taxonomy;
    let asked = |slug: &&Slug| {
        let wanted = Wanted { topics: vec![(*slug).clone()], ..Wanted::default() };
        app.bank.pool(&wanted).next().is_some()
    };
    let topics =
        || taxonomy.groups.iter().map(|g| &g.slug).chain(taxonomy.skills.iter().map(|s| &s.slug)).filter(asked);
    let categories = || taxonomy.categories.iter().map(|c| &c.slug);
    let named = |what, typed: &Option<String>, found: Option<Slug>, all: &mut dyn Iterator<Item = &Slug>| match typed {
        Some(typed) if found.is_none() => Err(UnknownName(unknown(what, typed, all))),
        _ => Ok(Vec::from_iter(found)),
    };
    let topic = args.topic.as_deref().and_then(|typed| app.topic_named(typed).ok());
    let category = args.category.as_deref().and_then(|typed| app.category_named(typed).ok());
    Ok(Wanted {
        topics: named("topic", &args.topic, topic, &mut topics())?,
        categories: named("category", &args.category, category, &mut categories())?,
        levels: args.level.into_iter().collect(),
    })
}

fn unknown(what: &str, typed: &str, all: &mut dyn Iterator<Item = &Slug>) -> String {
    let names: Vec<&str> = all.map(Slug::as_str).collect();
    let shown: String = plain(typed).chars().take(60).collect();
    format!("there is no {what} \"{shown}\"; choose one of {}", names.join(", "))
}

/// Takes the system's zone for whoever comes for the first time. They may have set another on purpose since.
async fn settle_zone(app: &App) -> anyhow::Result<()> {
    let zone = TimeZone::try_system().ok().and_then(|zone| zone.iana_name().map(str::to_owned));
    if zone.is_none() || app.profile(WHO).await?.zone_from == ZoneFrom::Choice {
        return Ok(());
    }
    match app.change_profile(WHO, &ProfileChange { time_zone: zone, ..ProfileChange::default() }).await {
        // A zone that our data does not know leaves them with UTC, which works.
        Ok(_) | Err(Error::User(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// What comes after something typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// The same question once more.
    Again,
    /// Another question.
    Next,
    /// Nothing.
    Quit,
}

/// What a person does with a question.
#[derive(Debug, PartialEq, Eq)]
enum Reply {
    Answer(String),
    Hint,
    Skip,
    Reveal,
    Help,
    /// A command that does not exist.
    Unknown(String),
    Quit,
}

/// One sitting.
struct Session<'a> {
    app: &'a App,
    lines: Lines,
    ansi: bool,
    /// What has been typed of an answer that is not finished.
    draft: Vec<String>,
}

impl Session<'_> {
    fn page(&mut self) -> Page {
        Page::new(self.lines.columns(), self.ansi)
    }

    async fn greet(&mut self) -> anyhow::Result<()> {
        let streak = self.app.progress(WHO).await?.streak;
        say(&self.page().welcome(self.app.bank.questions().len(), &streak))
    }

    async fn take_leave(&mut self) -> anyhow::Result<()> {
        let streak = self.app.progress(WHO).await?.streak;
        say(&self.page().farewell(&streak))
    }

    /// Asks one question until it is answered or given up; whether to go on with another.
    async fn one_question(&mut self, wanted: &Wanted) -> anyhow::Result<bool> {
        let served = self.app.pick_question(WHO, wanted).await?;
        self.app.question_shown(&served).await?;
        say(&self.page().question(&served, &self.app.bank.taxonomy))?;
        self.draft.clear();
        let showing = Showing { serving: served.serving.id, question: served.question.slug.clone() };
        let mut attempted = false;
        loop {
            match self.reply()? {
                Reply::Answer(text) => match self.answer(&showing, &text, &mut attempted).await? {
                    Then::Again => {}
                    then => return Ok(then == Then::Next),
                },
                Reply::Hint => match self.app.hint(WHO, &showing).await {
                    Ok(hint) => say(&self.page().hint(&hint))?,
                    Err(Error::User(sentence)) => say(&self.page().sentence(&sentence))?,
                    Err(error) => return Err(error.into()),
                },
                Reply::Reveal => {
                    let (question, forfeits) = self.app.reveal(WHO, &showing).await?;
                    say(&self.page().model_answer(&question, forfeits))?;
                }
                Reply::Skip => return Ok(true),
                Reply::Help => say(&format!("\n{HELP}\n"))?,
                Reply::Unknown(command) => {
                    let text = format!("There is no {command} here. /help lists what there is.");
                    say(&self.page().sentence(&text))?;
                }
                Reply::Quit => return Ok(false),
            }
        }
    }

    /// Reads lines until they are an answer or a command. A draft survives a hint.
    fn reply(&mut self) -> anyhow::Result<Reply> {
        loop {
            match self.lines.next("> ", Ending::EmptyLine)? {
                Input::Line(lines) => {
                    for line in lines.split('\n') {
                        if let Some(command) = command(line, self.draft.is_empty()) {
                            return Ok(command);
                        }
                        self.draft.push(line.to_owned());
                    }
                    // A paste may hold empty lines; only one at the end says that this is all.
                    if self.draft.pop_if(|last| last.trim().is_empty()).is_some() {
                        return Ok(Reply::Answer(self.finished()));
                    }
                }
                Input::End if self.draft.is_empty() => return Ok(Reply::Quit),
                Input::End => return Ok(Reply::Answer(self.finished())),
                Input::Interrupted => return Ok(Reply::Quit),
            }
        }
    }

    fn finished(&mut self) -> String {
        std::mem::take(&mut self.draft).join("\n")
    }

    /// Grades an answer and asks what next. One that was turned away is simply tried again.
    async fn answer(&mut self, showing: &Showing, text: &str, attempted: &mut bool) -> anyhow::Result<Then> {
        let length = text.chars().count();
        if length > ANSWER_MAX {
            let text = format!(
                "That is {length} characters; the most is {ANSWER_MAX}. Say the essentials and send it again. Nothing \
                 was counted."
            );
            say(&self.page().sentence(&text))?;
            return Ok(Then::Again);
        }
        let source = format!("terminal:{}", Uuid::now_v7());
        match self.app.answer(WHO, showing, &source, text).await? {
            Answered::TurnedAway(gate) => {
                say(&self.page().turned_away(gate))?;
                Ok(Then::Again)
            }
            Answered::Graded(graded) => {
                *attempted = true;
                say(&self.page().result(&graded))?;
                self.what_next(showing).await
            }
        }
    }

    /// Asks until one of the four is chosen.
    async fn what_next(&mut self, showing: &Showing) -> anyhow::Result<Then> {
        loop {
            say("[r]etry, [m]odel answer, [n]ext or [q]uit?\n")?;
            let Input::Line(line) = self.lines.next("> ", Ending::Line)? else { return Ok(Then::Quit) };
            match line.trim().trim_start_matches('/').to_lowercase().as_str() {
                "r" | "retry" => {
                    say("\nOnce more, then.\n\n")?;
                    return Ok(Then::Again);
                }
                "m" | "model" | "model answer" | "reveal" => {
                    let (question, forfeits) = self.app.reveal(WHO, showing).await?;
                    say(&self.page().model_answer(&question, forfeits))?;
                }
                "n" | "next" | "skip" => return Ok(Then::Next),
                "q" | "quit" | "exit" => return Ok(Then::Quit),
                _ => say("Type r, m, n or q.\n")?,
            }
        }
    }
}

/// The command that a line is, if it is one. What merely begins with a slash is part of an answer once one is begun.
fn command(line: &str, first: bool) -> Option<Reply> {
    let word = line.trim();
    match word.to_lowercase().as_str() {
        "/hint" => Some(Reply::Hint),
        "/skip" => Some(Reply::Skip),
        "/reveal" => Some(Reply::Reveal),
        "/help" => Some(Reply::Help),
        "/quit" | "/exit" => Some(Reply::Quit),
        _ if first && word.starts_with('/') && !word.contains(char::is_whitespace) => {
            Some(Reply::Unknown(word.chars().take(40).collect()))
        }
        _ => None,
    }
}

/// Prints at once: whoever waits for an answer should see the question.
fn say(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_a_command_is_one_even_in_the_middle_of_an_answer() {
        for first in [true, false] {
            assert_eq!(command(" /Hint ", first), Some(Reply::Hint));
            assert_eq!(command("/quit", first), Some(Reply::Quit));
            assert_eq!(command("/healthz should only fail when a restart helps", first), None);
            assert_eq!(command("", first), None);
        }
        assert_eq!(command("/hnit", true), Some(Reply::Unknown("/hnit".to_owned())));
        assert_eq!(command("/healthz", false), None);
        let Some(Reply::Unknown(shown)) = command(&format!("/{}", "é".repeat(500)), true) else { panic!("taken") };
        assert_eq!(shown.chars().count(), 40);
    }
}
