//! The handbook's own quality: how it is typed, and that no skill, framework or level is left without its page.

use super::super::faults::Faults;
use super::super::handbook::Written;
use super::super::source::SKILLS;
use super::prose;
use crate::domain::handbook::Handbook;
use crate::domain::taxonomy::{Level, Taxonomy};

/// The fewest tasks that anyone of any level has in a week.
const TASKS_LEAST: usize = 4;

/// Checks a handbook that belongs to the bank being linted.
pub(super) fn check(book: &Handbook, written: &[Written], taxonomy: &Taxonomy, faults: &mut Faults) {
    if written.is_empty() {
        return;
    }
    for file in written {
        prose::characters(&file.file, &file.text, faults);
    }
    for skill in taxonomy.skills.iter().filter(|skill| !book.skills.iter().any(|note| note.slug == skill.slug)) {
        faults.add(SKILLS, 0, format!("the skill `{}` has no note", skill.slug), "add its `[[skill]]`");
    }
    for framework in taxonomy.frameworks.iter().filter(|f| !book.guides.iter().any(|guide| guide.slug == f.slug)) {
        let file = format!("guides/{}.md", framework.slug);
        faults.add(&file, 0, "this framework has no guide", "write one with a worked example");
    }
    for plan in &book.plans {
        for (number, week) in (1..).zip(&plan.weeks) {
            for level in Level::ALL {
                let tasks = week.tasks.iter().filter(|task| task.is_for(level)).count();
                if tasks < TASKS_LEAST {
                    let what =
                        format!("week {number} has {tasks} tasks for `{level}`; the limit is {TASKS_LEAST} or more");
                    faults.add(&format!("plans/{}.toml", plan.slug), 0, what, "add some, or widen their `levels`");
                }
            }
        }
    }
}

/// Each file's sentences, a line each, for finding those that stand in two files.
pub(super) fn texts(book: &Handbook) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for guide in &book.guides {
        let pages = guide.pages.iter().map(|page| page.text.as_str());
        let lines: Vec<&str> = std::iter::once(guide.summary.as_str()).chain(pages).collect();
        texts.push((format!("guides/{}.md", guide.slug), lines.join("\n")));
    }
    for note in &book.skills {
        // One name for each, so that two notes cannot share a sentence either.
        let lines = [note.asked.as_str(), &note.junior, &note.mid, &note.senior];
        texts.push((format!("{SKILLS} ({})", note.slug), lines.join("\n")));
    }
    for plan in &book.plans {
        let mut lines: Vec<&str> = plan.emphasis.iter().map(|e| e.text.as_str()).collect();
        for week in &plan.weeks {
            lines.extend([week.goal.as_str(), &week.output]);
            lines.extend(week.tasks.iter().map(|task| task.text.as_str()));
        }
        texts.push((format!("plans/{}.toml", plan.slug), lines.join("\n")));
    }
    for list in &book.checklists {
        let lines: Vec<&str> = list.items.iter().flat_map(|item| [item.text.as_str(), &item.why]).collect();
        texts.push((format!("checklists/{}.toml", list.slug), lines.join("\n")));
    }
    texts
}
