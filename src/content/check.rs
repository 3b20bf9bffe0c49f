//! Structural checks across files: names that must be unique, links that must hold.

use std::collections::{HashMap, HashSet};

use super::faults::Faults;
use super::parse::Draft;
use super::vocabulary::nearest;
use crate::domain::ids::Slug;

/// Checks slugs, titles and `related` of all drafts together.
pub(super) fn across(drafts: &[Draft], faults: &mut Faults) {
    unique(drafts, "title", |d| d.question.title.trim().to_lowercase(), "give each question its own", faults);
    unique(drafts, "slug", |d| d.question.slug.to_string(), "rename one of the files", faults);
    let slugs: HashSet<&Slug> = drafts.iter().map(|d| &d.question.slug).collect();
    for draft in drafts {
        for related in &draft.question.related {
            let remedy = if *related == draft.question.slug {
                "a question does not relate to itself; remove it".to_owned()
            } else if slugs.contains(related) {
                continue;
            } else {
                let known = drafts.iter().map(|d| d.question.slug.as_str());
                match nearest(related.as_str(), known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "remove it until that question exists".to_owned(),
                }
            };
            faults.add(&draft.file, draft.line("related"), format!("`related`: no other question `{related}`"), remedy);
        }
    }
}

fn unique(drafts: &[Draft], what: &str, key: impl Fn(&Draft) -> String, remedy: &str, faults: &mut Faults) {
    let mut first: HashMap<String, &str> = HashMap::new();
    for draft in drafts {
        let key = key(draft);
        if key.is_empty() {
            continue;
        }
        match first.get(&key) {
            Some(taken) => {
                faults.add(&draft.file, draft.line(what), format!("its {what} is also that of {taken}"), remedy)
            }
            None => {
                first.insert(key, &draft.file);
            }
        }
    }
}
