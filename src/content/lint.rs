//! The linter: what keeps the bank good beyond being well-formed. One file a concern.
//!
//! Left out on purpose: whether a question is true or interesting. That takes a reader.

mod handbook;
mod prose;
mod samples;
pub(super) mod similarity;
pub(super) mod strangers;

use super::faults::Faults;
use super::parse::Draft;
use super::source::Source;
use super::{Reading, check, parse, read};
use crate::domain::ids::Slug;
use crate::domain::taxonomy::Taxonomy;

/// What a lint run looked at and what it found.
#[derive(Debug)]
pub struct Checked {
    /// How many questions were read, sound or not.
    pub questions: usize,
    /// What is wrong; empty when all is well.
    pub faults: Faults,
}

/// Makes every check there is on a source.
#[must_use]
pub fn lint(source: &Source) -> Checked {
    let mut faults = Faults::default();
    let Reading { taxonomy, mut drafts, templates, handbook: book, written } = read(source, &mut faults);
    let questions = drafts.len();
    let as_templates = templates.iter().filter_map(|file| {
        let (category, slug) = (Slug::parse("technical").ok()?, Slug::parse("template").ok()?);
        parse::named(file, category, slug, taxonomy.as_ref(), &mut faults)
    });
    let as_templates: Vec<Draft> = as_templates.collect();
    drafts.extend(as_templates);
    check::across(&drafts, &mut faults);
    if let Some(taxonomy) = &taxonomy {
        handbook::check(&book, &written, taxonomy, &mut faults);
    }
    let texts = if written.is_empty() { Vec::new() } else { handbook::texts(&book) };
    quality(&drafts, texts, taxonomy.as_ref(), &mut faults);
    Checked { questions, faults }
}

/// The checks of quality. Those that need a whole question skip drafts that are not sound.
fn quality(drafts: &[Draft], handbook: Vec<(String, String)>, taxonomy: Option<&Taxonomy>, faults: &mut Faults) {
    for draft in drafts {
        prose::check(draft, faults);
    }
    similarity::check(drafts, handbook, faults);
    if let Some(taxonomy) = taxonomy {
        samples::check(drafts, taxonomy, faults);
    }
}
