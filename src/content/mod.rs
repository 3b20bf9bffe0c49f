//! Files in, the domain's bank out; and the linter that keeps the bank good.
//!
//! [`load`] makes the structural checks that every start needs and refuses the whole bank on any fault. [`lint`] adds
//! the checks of quality, which may take a second. Both report every fault at once. Left out on purpose:
//! changing content, which is reviewed text in files.

mod body;
mod check;
pub mod coverage;
pub mod export;
pub mod faults;
mod front_matter;
mod handbook;
pub mod limits;
mod lint;
mod parse;
mod sections;
mod source;
pub mod stats;
mod vocabulary;

#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;
use std::thread;

use crate::domain::bank::Bank;
use crate::domain::handbook::Handbook;
use crate::domain::taxonomy::Taxonomy;
pub use faults::{Fault, Faults};
use handbook::Written;
pub use lint::{Checked, lint};
use parse::Draft;
use source::File;
pub use source::Source;
pub(crate) use vocabulary::nearest;

/// Reads a bank and checks its structure.
///
/// # Errors
/// Every [`Fault`] of every file. A bank with a fault is refused whole: half a bank would break links and schedules.
pub fn load(source: &Source) -> Result<Bank, Faults> {
    let mut faults = Faults::default();
    let read = read(source, &mut faults);
    if faults.is_empty() { Ok(read.into_bank()) } else { Err(faults) }
}

/// Everything that was read, sound or not.
struct Reading {
    taxonomy: Option<Taxonomy>,
    drafts: Vec<Draft>,
    /// Files whose names begin with `_`: examples for writers, which only the linter reads.
    templates: Vec<File>,
    handbook: Handbook,
    /// The handbook's own files.
    written: Vec<Written>,
}

impl Reading {
    fn into_bank(self) -> Bank {
        Bank::new(self.taxonomy.unwrap_or_default(), self.drafts.into_iter().map(|d| d.question).collect())
            .with_handbook(self.handbook)
    }
}

/// Reads all files and makes the structural checks, within files and across.
fn read(source: &Source, faults: &mut Faults) -> Reading {
    let (taxonomy_file, files) = source.read(faults);
    let all_read = faults.is_empty();
    let taxonomy = taxonomy_file.and_then(|file| vocabulary::read(&file, faults));
    let (templates, questions): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_template(&file.path));
    let drafts = parse_all(&questions, taxonomy.as_ref(), faults);
    if questions.is_empty() && all_read {
        faults.add("questions", 0, "there is no question", "copy questions/_template.md into a category's folder");
    }
    check::across(&drafts, faults);
    let slugs: Vec<&str> = drafts.iter().map(|draft| draft.question.slug.as_str()).collect();
    let (handbook, written) = handbook::read(source, taxonomy.as_ref(), &slugs, faults);
    Reading { taxonomy, drafts, templates, handbook, written }
}

/// Parses the files on every core, in their order: every start waits for this.
fn parse_all(files: &[File], taxonomy: Option<&Taxonomy>, faults: &mut Faults) -> Vec<Draft> {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let parse = |chunk: &[File]| {
        let mut faults = Faults::default();
        let drafts = chunk.iter().filter_map(|file| parse::question(file, taxonomy, &mut faults)).collect();
        (drafts, faults)
    };
    let parsed: Vec<(Vec<Draft>, Faults)> = thread::scope(|scope| {
        let chunks = files.chunks(files.len().div_ceil(cores).max(1));
        let running: Vec<_> = chunks.map(|chunk| scope.spawn(move || parse(chunk))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut drafts = Vec::with_capacity(files.len());
    for (some, found) in parsed {
        drafts.extend(some);
        faults.append(found);
    }
    drafts
}

fn is_template(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with('_'))
}
