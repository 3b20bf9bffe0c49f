//! Questions that are nearly one another, by the words they are about; openings and sentences that repeat.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::faults::Faults;
use super::super::parse::Draft;
use crate::domain::question::Question;
use crate::grading;

/// The Jaccard index of content stems in title and rubric from which two questions are one.
pub(in crate::content) const NEAR_DUPLICATE: f64 = 0.5;

/// How many words of a question's beginning must not be another's.
const OPENING_WORDS: usize = 5;

/// A sentence of this many words, articles aside, belongs to one file.
const SENTENCE_WORDS: usize = 8;

/// Compares every pair of questions; and the sentences of all files, those of the `handbook` too.
pub(super) fn check(drafts: &[Draft], handbook: Vec<(String, String)>, faults: &mut Faults) {
    let asked: Vec<&Question> = drafts.iter().map(|draft| &draft.question).collect();
    for (alike, later, earlier) in pairs(&asked).into_iter().take_while(|(alike, ..)| *alike >= NEAR_DUPLICATE) {
        let (later, earlier) = (&drafts[later], &drafts[earlier]);
        let (percent, limit) = ((alike * 100.0).round(), NEAR_DUPLICATE * 100.0);
        let what = format!("{percent}% of its title and rubric is also in {}; the limit is {limit}%", earlier.file);
        faults.add(&later.file, later.line("title"), what, "merge the two, or ask something else");
    }
    openings(drafts, faults);
    let questions = drafts.iter().map(|draft| (draft.file.clone(), prose(draft)));
    sentences(questions.chain(handbook), faults);
}

/// How alike every pair of questions is, by index, the most alike first.
pub(in crate::content) fn pairs(questions: &[&Question]) -> Vec<(f64, usize, usize)> {
    let mut ids: HashMap<String, usize> = HashMap::new();
    let about: Vec<BTreeSet<usize>> = questions.iter().map(|question| stems(question, &mut ids)).collect();
    let mut pairs: Vec<(f64, usize, usize)> = (0..about.len())
        .flat_map(|later| (0..later).map(move |earlier| (later, earlier)))
        .map(|(later, earlier)| (jaccard(&about[later], &about[earlier]), later, earlier))
        .collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    pairs
}

fn stems(question: &Question, ids: &mut HashMap<String, usize>) -> BTreeSet<usize> {
    let rubric = question.rubric.iter().map(|p| p.point.as_str());
    let text: Vec<&str> = std::iter::once(question.title.as_str()).chain(rubric).collect();
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
    let mut seen: BTreeMap<Vec<String>, &str> = BTreeMap::new();
    for draft in drafts {
        let words = draft.question.prompt.split_whitespace().take(OPENING_WORDS);
        let words: Vec<String> =
            words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()).collect();
        if words.len() < OPENING_WORDS {
            continue;
        }
        if let Some(earlier) = seen.get(&words) {
            let what = format!("the question opens \"{}\" as {earlier} does", words.join(" "));
            faults.add(&draft.file, draft.line("Question"), what, "open another way");
        } else {
            seen.insert(words, &draft.file);
        }
    }
}

/// A sentence that stands in two files was copied, or says too little to be worth its place.
fn sentences(texts: impl Iterator<Item = (String, String)>, faults: &mut Faults) {
    let mut seen: HashMap<Vec<String>, String> = HashMap::new();
    for (file, text) in texts {
        for sentence in grading::sentences(&text).into_iter().filter(|words| words.len() >= SENTENCE_WORDS) {
            match seen.get(&sentence) {
                Some(earlier) if *earlier != file => {
                    let what = format!("the sentence \"{}\" is also in {earlier}", sentence.join(" "));
                    faults.add(&file, 0, what, "say it in words that fit this file alone");
                }
                Some(_) => {}
                None => {
                    seen.insert(sentence, file.clone());
                }
            }
        }
    }
}

/// Everything in a question that is written in sentences, a line each. Cues and sources are not.
fn prose(draft: &Draft) -> String {
    let q = &draft.question;
    let mut lines =
        vec![&q.title, &q.prompt, &q.why_they_ask, &q.approach, &q.strong_answer, &q.weak_answer, &q.weak_reason];
    lines.extend(&q.follow_ups);
    lines.extend(q.rubric.iter().flat_map(|p| [&p.point, &p.probe, &p.hint]));
    lines.extend(q.misconceptions.iter().flat_map(|m| [&m.says, &m.correction]));
    lines.extend(q.by_level.iter().map(|(_, text)| text));
    lines.iter().map(|line| line.as_str()).collect::<Vec<_>>().join("\n")
}
