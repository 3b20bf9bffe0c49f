//! Questions that are nearly one another, by the words they are about, and openings that repeat.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::faults::Faults;
use super::super::parse::Draft;
use crate::grading;

/// The Jaccard index of content stems in title and rubric from which two questions are one.
const NEAR_DUPLICATE: f64 = 0.5;

/// How many words of a question's beginning must not be another's.
const OPENING_WORDS: usize = 4;

/// Compares every pair of questions.
pub(super) fn check(drafts: &[Draft], faults: &mut Faults) {
    let mut ids: HashMap<String, usize> = HashMap::new();
    let about: Vec<BTreeSet<usize>> = drafts.iter().map(|draft| stems(draft, &mut ids)).collect();
    for (at, later) in drafts.iter().enumerate() {
        for (earlier, set) in drafts.iter().zip(&about).take(at) {
            let alike = jaccard(set, &about[at]);
            if alike >= NEAR_DUPLICATE {
                let percent = (alike * 100.0).round();
                let limit = NEAR_DUPLICATE * 100.0;
                let what =
                    format!("{percent}% of its title and rubric is also in {}; the limit is {limit}%", earlier.file);
                faults.add(&later.file, later.line("title"), what, "merge the two, or ask something else");
            }
        }
    }
    openings(drafts, faults);
}

fn stems(draft: &Draft, ids: &mut HashMap<String, usize>) -> BTreeSet<usize> {
    let rubric = draft.question.rubric.iter().map(|p| p.point.as_str());
    let text: Vec<&str> = std::iter::once(draft.question.title.as_str()).chain(rubric).collect();
    let stems = grading::content_stems(&text.join("\n"));
    stems
        .into_iter()
        .map(|stem| {
            let next = ids.len();
            *ids.entry(stem).or_insert(next)
        })
        .collect()
}

fn jaccard(a: &BTreeSet<usize>, b: &BTreeSet<usize>) -> f64 {
    let both = a.intersection(b).count();
    let either = a.len() + b.len() - both;
    if either == 0 { 0.0 } else { both as f64 / either as f64 }
}

fn openings(drafts: &[Draft], faults: &mut Faults) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for draft in drafts {
        let words: Vec<&str> = draft.question.prompt.split_whitespace().take(OPENING_WORDS).collect();
        if words.len() < OPENING_WORDS {
            continue;
        }
        let opening = words.join(" ");
        if let Some(earlier) = seen.get(&opening.to_lowercase()) {
            let what = format!("the question opens \"{opening}\" as {earlier} does");
            faults.add(&draft.file, draft.line("Question"), what, "open another way");
        } else {
            seen.insert(opening.to_lowercase(), &draft.file);
        }
    }
}
