//! One guide: TOML front matter, then a page under each `## ` heading.

use super::super::faults::Faults;
use super::super::front_matter::{Context, Placed, Table};
use super::super::limits;
use super::super::parse::{slugs, sources, split};
use super::super::vocabulary::nearest;
use super::Known;
use crate::domain::handbook::{Guide, Page, Shelf};
use crate::domain::ids::Slug;

/// Reads a guide; `None` when it has no front matter.
pub(super) fn read(file: &str, text: &str, slug: Slug, known: &Known<'_>, faults: &mut Faults) -> Option<Guide> {
    let (front, body, body_line) = split(file, text, faults)?;
    let mut context = Context::new(file, front, 2, faults);
    let mut table = context.parse(front);
    let guide = Guide {
        slug,
        title: table.text(&mut context, "title", &limits::GUIDE_TITLE).value,
        topic: shelf(&mut context, &mut table),
        summary: table.text(&mut context, "summary", &limits::SUMMARY).value,
        questions: slugs(&mut context, &mut table, "questions", &limits::OPTIONAL_LIST, known.questions),
        commands: commands(&mut context, &mut table),
        as_of: as_of(&mut context, &mut table),
        sources: sources(&mut context, &mut table),
        pages: pages(&mut context, body, body_line),
    };
    table.finish(&mut context);
    Some(guide)
}

fn shelf(context: &mut Context<'_>, table: &mut Table<'_>) -> Shelf {
    let topic = table.text(context, "topic", &limits::PAGE_TITLE);
    let found = Shelf::ALL.into_iter().find(|shelf| shelf.as_str() == topic.value);
    if found.is_none() && !topic.value.is_empty() {
        let shelves = Shelf::ALL.map(Shelf::as_str);
        let remedy = match nearest(&topic.value, shelves.into_iter()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the topics are {}", shelves.join(", ")),
        };
        context.fault(topic.line, format!("`topic`: there is no `{}`", topic.value), remedy);
    }
    found.unwrap_or(Shelf::Answering)
}

fn commands(context: &mut Context<'_>, table: &mut Table<'_>) -> Vec<String> {
    let listed = table.texts(context, "commands", &limits::COMMANDS, false);
    listed.value.into_iter().map(|command| super::lists::command(context, command)).collect()
}

/// A year and month, such as `2026-11`.
fn as_of(context: &mut Context<'_>, table: &mut Table<'_>) -> Option<String> {
    let Placed { line, value } = table.optional_text(context, "as_of", &(7..=7))?;
    let dated = format!("{value}-01").parse::<jiff::civil::Date>().is_ok();
    if !dated {
        context.fault(line, format!("`as_of` is not a month: `{value}`"), "write it as 2026-11");
    }
    Some(value)
}

/// Cuts the body at its `## ` headings, except inside code blocks.
fn pages(context: &mut Context<'_>, body: &str, first_line: usize) -> Vec<Page> {
    let mut pages: Vec<(usize, Page)> = Vec::new();
    let mut in_code = false;
    for (line, text) in (first_line..).zip(body.lines()) {
        in_code ^= text.trim_start().starts_with("```");
        match (text.strip_prefix("## ").filter(|_| !in_code), pages.last_mut()) {
            (Some(title), _) => {
                pages.push((line, Page { title: title.trim().to_owned(), text: String::new() }));
            }
            (None, Some((_, page))) => {
                page.text.push_str(text);
                page.text.push('\n');
            }
            (None, None) if text.trim().is_empty() => {}
            (None, None) => context.fault(line, "text before the first page", "put it under a heading, `## Title`"),
        }
    }
    context.check_count(first_line, "the number of pages", pages.len(), &limits::PAGES);
    for (line, page) in &mut pages {
        page.text = page.text.trim().to_owned();
        context.check_length(*line, "the page's title", &page.title, &limits::PAGE_TITLE);
        context.check_length(*line, &format!("the page `{}`", page.title), &page.text, &limits::PAGE);
    }
    pages.into_iter().map(|(_, page)| page).collect()
}
