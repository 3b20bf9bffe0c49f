//! Guides, skill notes, plans and checklists from their files, every fault reported at its line.

mod guides;
mod lists;

use std::borrow::Cow;

use super::faults::Faults;
use super::front_matter::Context;
use super::parse::decode;
use super::source::{File, SKILLS, Source};
use crate::domain::handbook::Handbook;
use crate::domain::ids::Slug;
use crate::domain::taxonomy::Taxonomy;

/// What a handbook may refer to.
pub(super) struct Known<'a> {
    pub taxonomy: &'a Taxonomy,
    /// The slugs of the questions; `None` when the questions are somebody else's.
    pub questions: Option<&'a [&'a str]>,
}

/// A file of the handbook with its text.
pub(super) struct Written {
    pub file: String,
    pub text: Cow<'static, str>,
}

/// Reads the source's handbook, or the embedded one where it has none. The texts come along for the linter; they are
/// only of files that belong to the source.
pub(super) fn read(
    source: &Source,
    taxonomy: Option<&Taxonomy>,
    questions: &[&str],
    faults: &mut Faults,
) -> (Handbook, Vec<Written>) {
    let (files, own) = source.read_handbook(faults);
    let Some(taxonomy) = taxonomy else { return (Handbook::default(), Vec::new()) };
    let known = Known { taxonomy, questions: own.then_some(questions) };
    let mut book = Handbook::default();
    let mut written = Vec::new();
    for file in &files {
        // What is not ours was checked when it was built; with another taxonomy it may name what is not there.
        let mut unheard = Faults::default();
        let told = if own { &mut *faults } else { &mut unheard };
        if let Some(text) = decode(file, told) {
            one(file, &text, &known, &mut book, told);
            written.push(Written { file: file.path.clone(), text });
        }
    }
    if own {
        unique(&book, taxonomy, faults);
    } else {
        written.clear();
    }
    let place = |slug: &Slug| taxonomy.skills.iter().position(|skill| skill.slug == *slug);
    book.skills.retain(|note| place(&note.slug).is_some());
    book.skills.sort_by_key(|note| place(&note.slug));
    (book, written)
}

fn one(file: &File, text: &str, known: &Known<'_>, book: &mut Handbook, faults: &mut Faults) {
    let path = file.path.as_str();
    if path == SKILLS {
        let mut context = Context::new(path, text, 1, faults);
        return lists::skills(&mut context, known, &mut book.skills);
    }
    let (folder, name) = path.split_once('/').unwrap_or_default();
    let Ok(slug) = Slug::parse(name.split('.').next().unwrap_or_default()) else {
        let remedy = "a slug is 1 to 48 of a-z, 0-9 and single hyphens between them; rename it";
        return faults.add(path, 0, "the file name is not a slug", remedy);
    };
    if folder == "guides" {
        return book.guides.extend(guides::read(path, text, slug, known, faults));
    }
    let mut context = Context::new(path, text, 1, faults);
    if folder == "plans" {
        book.plans.push(lists::plan(&mut context, slug));
    } else {
        book.checklists.push(lists::checklist(&mut context, slug));
    }
}

/// People ask for an article by one name, whatever it is.
fn unique(book: &Handbook, taxonomy: &Taxonomy, faults: &mut Faults) {
    let mut taken: Vec<(&str, String)> =
        taxonomy.skills.iter().map(|skill| (skill.slug.as_str(), "a skill".to_owned())).collect();
    let files = [
        ("guides", "md", book.guides.iter().map(|g| &g.slug).collect::<Vec<_>>()),
        ("plans", "toml", book.plans.iter().map(|p| &p.slug).collect()),
        ("checklists", "toml", book.checklists.iter().map(|c| &c.slug).collect()),
    ];
    for (folder, suffix, slugs) in files {
        for slug in slugs {
            let file = format!("{folder}/{slug}.{suffix}");
            if let Some((_, other)) = taken.iter().find(|(name, _)| *name == slug.as_str()) {
                faults.add(&file, 0, format!("`{slug}` is also the name of {other}"), "rename the file");
            }
            taken.push((slug.as_str(), file));
        }
    }
}
