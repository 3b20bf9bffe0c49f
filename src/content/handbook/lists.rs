//! Skill notes, plans and checklists: TOML files that are lists.

use super::super::front_matter::{Context, Placed, Table};
use super::super::limits;
use super::super::parse::{id, levels, suggest};
use super::Known;
use crate::domain::handbook::{Checklist, Emphasis, Item, Plan, SkillNote, Task, Week};
use crate::domain::ids::Slug;
use crate::domain::taxonomy::Level;

/// Reads the notes on the skills.
pub(super) fn skills(context: &mut Context<'_>, known: &Known<'_>, notes: &mut Vec<SkillNote>) {
    let mut file = context.parse(context.text);
    for mut entry in file.tables(context, "skill", &(1..=1_000)) {
        let slug = id(context, &mut entry, "slug", "skill");
        let asked = entry.text(context, "asked", &limits::ASKED).value;
        let [junior, mid, senior] =
            ["junior", "mid", "senior"].map(|level| entry.text(context, level, &limits::EXPECTED).value);
        entry.finish(context);
        let Some(Placed { line, value: slug }) = slug else { continue };
        if known.taxonomy.skill(slug.as_str()).is_none() {
            let remedy = suggest(slug.as_str(), known.taxonomy.skills.iter().map(|s| s.slug.as_str()));
            context.fault(line, format!("there is no skill `{slug}`"), remedy);
        } else if notes.iter().any(|note| note.slug == slug) {
            context.fault(line, format!("`{slug}` is there twice"), "remove one of them");
        }
        notes.push(SkillNote { slug, asked, junior, mid, senior });
    }
    file.finish(context);
}

/// Reads a plan.
pub(super) fn plan(context: &mut Context<'_>, slug: Slug) -> Plan {
    let mut file = context.parse(context.text);
    let title = file.text(context, "title", &limits::GUIDE_TITLE).value;
    let summary = file.text(context, "summary", &limits::SUMMARY).value;
    let emphasis = emphasis(context, &mut file);
    let mut ids = Vec::new();
    let weeks = file
        .tables(context, "week", &limits::WEEKS)
        .into_iter()
        .map(|mut entry| {
            let week = Week {
                title: entry.text(context, "title", &limits::PAGE_TITLE).value,
                goal: entry.text(context, "goal", &limits::LINE).value,
                output: entry.text(context, "output", &limits::LINE).value,
                tasks: tasks(context, &mut entry, &mut ids),
            };
            entry.finish(context);
            week
        })
        .collect();
    file.finish(context);
    Plan { slug, title, summary, emphasis, weeks }
}

fn emphasis(context: &mut Context<'_>, file: &mut Table<'_>) -> Vec<Emphasis> {
    let mut found: Vec<Emphasis> = Vec::new();
    for mut entry in file.tables(context, "emphasis", &limits::LEVELS) {
        let level = entry.text(context, "level", &(1..=Slug::MAX_LEN));
        let text = entry.text(context, "text", &limits::EMPHASIS).value;
        entry.finish(context);
        match level.value.parse::<Level>() {
            Ok(level) => found.push(Emphasis { level, text }),
            Err(_) => {
                let levels = Level::ALL.map(|l| l.to_string()).join(", ");
                let what = format!("there is no level `{}`", level.value);
                context.fault(level.line, what, format!("the levels are {levels}"));
            }
        }
    }
    let missing: Vec<&str> =
        Level::ALL.into_iter().filter(|level| !found.iter().any(|e| e.level == *level)).map(Level::as_str).collect();
    if !missing.is_empty() {
        context.fault(0, format!("`emphasis` lacks {}", missing.join(", ")), "add them: every level has its own");
    }
    found
}

fn tasks(context: &mut Context<'_>, week: &mut Table<'_>, ids: &mut Vec<Slug>) -> Vec<Task> {
    let mut tasks = Vec::new();
    for mut entry in week.tables(context, "task", &limits::TASKS) {
        let id = id(context, &mut entry, "id", "task");
        let text = entry.text(context, "text", &limits::LINE).value;
        let minutes = u32::try_from(entry.number(context, "minutes", &limits::TASK_MINUTES)).unwrap_or(0);
        let levels = levels(context, &mut entry, false);
        let practise = entry.optional_text(context, "practise", &limits::COMMAND).map(|typed| command(context, typed));
        entry.finish(context);
        if let Some(id) = unique(context, id, ids) {
            tasks.push(Task { id, text, minutes, levels, practise });
        }
    }
    tasks
}

/// Reads a checklist.
pub(super) fn checklist(context: &mut Context<'_>, slug: Slug) -> Checklist {
    let mut file = context.parse(context.text);
    let title = file.text(context, "title", &limits::GUIDE_TITLE).value;
    let when = file.text(context, "when", &limits::SUMMARY).value;
    let mut items = Vec::new();
    let mut ids = Vec::new();
    for mut entry in file.tables(context, "item", &limits::TASKS) {
        let id = id(context, &mut entry, "id", "item");
        let text = entry.text(context, "text", &limits::ITEM).value;
        let why = entry.text(context, "why", &limits::LINE).value;
        entry.finish(context);
        if let Some(id) = unique(context, id, &mut ids) {
            items.push(Item { id, text, why });
        }
    }
    file.finish(context);
    Checklist { slug, title, when, items }
}

/// The id, unless another has it.
fn unique(context: &mut Context<'_>, id: Option<Placed<Slug>>, ids: &mut Vec<Slug>) -> Option<Slug> {
    let Placed { line, value: id } = id?;
    if ids.contains(&id) {
        context.fault(line, format!("`{id}` is taken"), "give each its own: ticks refer to it");
        return None;
    }
    ids.push(id.clone());
    Some(id)
}

/// A command as people type it.
pub(super) fn command(context: &mut Context<'_>, typed: Placed<String>) -> String {
    context.check_length(typed.line, "a command", &typed.value, &limits::COMMAND);
    if !typed.value.starts_with('/') {
        context.fault(typed.line, format!("`{}` is no command", typed.value), "begin it with a slash");
    }
    typed.value
}
