//! `coach guide`: what there is to read, in the terminal. Needs no database.

use std::process::ExitCode;

use anyhow::Context as _;

use super::content::print;
use super::practice::UnknownName;
use super::wiring::load_bank;
use super::wrap::{plain, wrap};
use crate::config::Settings;
use crate::content::nearest;
use crate::domain::bank::Bank;
use crate::domain::handbook::{Article, Shelf};

/// How wide text is set, in columns.
const WIDTH: usize = 80;

/// What can be asked for.
#[derive(Debug, clap::Args)]
pub struct GuideArgs {
    /// What to read, by name, such as kafka or star; without it, a list of all there is
    #[arg(value_name = "TOPIC")]
    topic: Option<String>,
}

/// Prints the list of all there is, or one article with all its pages.
///
/// # Errors
/// Faults in the content, a name that nothing has, and output that cannot be written.
pub fn run(args: &GuideArgs, settings: &Settings) -> anyhow::Result<ExitCode> {
    let bank = load_bank(settings.content.dir.clone())?;
    let text = match &args.topic {
        None => index(&bank),
        Some(typed) => article(&bank.article_named(typed).ok_or_else(|| unknown(&bank, typed))?),
    };
    print(&text).context("cannot show the guide")?;
    Ok(ExitCode::SUCCESS)
}

fn index(bank: &Bank) -> String {
    let book = &bank.handbook;
    let mut text = String::new();
    let mut shelf = |name: &str, entries: &mut dyn Iterator<Item = (&str, &str)>| {
        let lines: Vec<String> = entries.map(|(slug, title)| format!("  {slug:<28}  {title}\n")).collect();
        if !lines.is_empty() {
            text += &format!("{name}\n{}\n", lines.concat());
        }
    };
    for of in Shelf::ALL {
        shelf(of.name(), &mut book.shelf(of).map(|guide| (guide.slug.as_str(), guide.title.as_str())));
    }
    let plans = book.plans.iter().map(|plan| (plan.slug.as_str(), plan.title.as_str()));
    shelf("Plan and checklists", &mut plans.chain(book.checklists.iter().map(|l| (l.slug.as_str(), l.title.as_str()))));
    let skills: Vec<&str> = book.skills.iter().map(|note| note.slug.as_str()).collect();
    if !skills.is_empty() {
        text += &format!("Skills\n{}\n\n", wrap(&skills.join(", "), WIDTH, "  "));
    }
    text + "Read one with `coach guide NAME`.\n"
}

fn article(article: &Article) -> String {
    let mut text = format!("{}\n{}\n", article.title, "─".repeat(WIDTH));
    for page in &article.pages {
        text += &format!("\n{}\n\n{}\n", page.title, wrap(&page.text, WIDTH, "  "));
    }
    if !article.commands.is_empty() || !article.questions.is_empty() {
        text += "\nPractise it\n\n";
    }
    for command in &article.commands {
        text += &format!("  {command} on Discord\n");
    }
    if let Some(skill) = &article.skill {
        text += &format!("  coach practice --topic {skill}\n");
    }
    for (_, title) in &article.questions {
        text += &format!("{}\n", wrap(&format!("- {title}"), WIDTH, "  "));
    }
    if let Some(month) = &article.as_of {
        text += &format!("\nAs of {month}.\n");
    }
    text
}

fn unknown(bank: &Bank, typed: &str) -> UnknownName {
    let shown: String = plain(typed).chars().take(60).collect();
    let slugs = bank.handbook.titles(bank).map(|(_, slug)| slug.as_str());
    let next = match nearest(&typed.trim().to_lowercase(), slugs) {
        Some(near) => format!("did you mean {near}?"),
        None => "`coach guide` lists all there is".to_owned(),
    };
    UnknownName(format!("there is no guide \"{shown}\"; {next}"))
}
