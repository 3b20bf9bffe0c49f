//! What a bank lacks to serve every skill, kind of question, stage and level.
//!
//! Left out on purpose: whether the questions are any good; that is the linter's and a reader's work.

use std::collections::HashSet;

use super::faults::counted;
use crate::domain::bank::Bank;
use crate::domain::ids::Slug;
use crate::domain::question::Question;
use crate::domain::taxonomy::{Level, Named, Track};

/// How many questions have a skill as their first.
pub const SKILL_LEAST: usize = 3;

/// How many questions of each stage one loop takes.
pub const LOOP_QUESTIONS: usize = 2;

/// How long an interview can be filled with a track's questions of one level, in minutes: as long as one takes unless
/// asked otherwise.
pub const TRACK_MINUTES: u32 = 30;

/// Three sorts of question that every skill has, each by another question.
const BANDS: [(&str, &[Level]); 3] = [
    ("junior", &[Level::Junior]),
    ("mid", &[Level::Mid]),
    ("senior or above", &[Level::Senior, Level::Staff, Level::Principal]),
];

/// Everything the bank lacks, a sentence each; empty when it is complete.
#[must_use]
pub fn holes(bank: &Bank) -> Vec<String> {
    let mut holes = Vec::new();
    for skill in &bank.taxonomy.skills {
        holes.extend(skill_hole(bank, &skill.slug));
    }
    let questions = bank.questions();
    let short = |what: &str, named: &Named, count: usize| {
        let least = named.least;
        (count < least)
            .then(|| format!("{what} {}: {}, at least {least} are wanted", named.slug, counted(count, "question")))
    };
    for category in &bank.taxonomy.categories {
        holes.extend(short("category", category, questions.iter().filter(|q| q.category == category.slug).count()));
    }
    for stage in &bank.taxonomy.stages {
        holes.extend(short("stage", stage, questions.iter().filter(|q| q.stages.contains(&stage.slug)).count()));
    }
    for level in Level::ALL {
        holes.extend(Track::ALL.into_iter().filter_map(|track| track_hole(bank, track, level)));
        holes.extend(loop_hole(bank, level));
    }
    holes
}

fn skill_hole(bank: &Bank, skill: &Slug) -> Option<String> {
    let first: Vec<&Question> =
        bank.questions().iter().map(AsRef::as_ref).filter(|q| q.primary_skill() == skill).collect();
    if first.len() < SKILL_LEAST {
        let count = counted(first.len(), "question");
        return Some(format!("skill {skill}: first in {count}, at least {SKILL_LEAST} are wanted"));
    }
    let seats: Vec<Vec<usize>> = BANDS
        .iter()
        .map(|(_, levels)| {
            let asked = |q: &&Question| q.levels.iter().any(|level| levels.contains(level));
            first.iter().enumerate().filter(|(_, q)| asked(q)).map(|(at, _)| at).collect()
        })
        .collect();
    let empty = unseated(&seats, first.len())?;
    Some(format!("skill {skill}: no question of its own is left for {}", BANDS[empty].0))
}

fn track_hole(bank: &Bank, track: Track, level: Level) -> Option<String> {
    let entry = bank.taxonomy.tracks.iter().find(|entry| entry.slug == track)?;
    let fits = |q: &&Question| q.levels.contains(&level) && entry.categories.contains(&q.category);
    let minutes: u32 = bank.questions().iter().map(AsRef::as_ref).filter(fits).map(|q| q.minutes).sum();
    let lacks = minutes < TRACK_MINUTES;
    lacks
        .then(|| format!("track {track}, {level}: {minutes} minutes of questions, at least {TRACK_MINUTES} are wanted"))
}

/// A loop goes through every stage and asks nothing twice.
fn loop_hole(bank: &Bank, level: Level) -> Option<String> {
    let questions = bank.questions();
    let asked: Vec<(&Slug, Vec<usize>)> = bank
        .taxonomy
        .stages
        .iter()
        .map(|stage| {
            let fits = |q: &Question| q.levels.contains(&level) && q.stages.contains(&stage.slug);
            (&stage.slug, (0..questions.len()).filter(|at| fits(&questions[*at])).collect())
        })
        .collect();
    let seats: Vec<Vec<usize>> = asked.iter().flat_map(|(_, fit)| vec![fit.clone(); LOOP_QUESTIONS]).collect();
    let empty = unseated(&seats, questions.len())?;
    let stage = asked[empty / LOOP_QUESTIONS].0;
    Some(format!("a loop for {level}: no {LOOP_QUESTIONS} questions are left for the stage {stage}"))
}

/// The first seat that stays empty when each is given a question of its own, or none. Kuhn's algorithm for matchings
/// in bipartite graphs.
fn unseated(seats: &[Vec<usize>], questions: usize) -> Option<usize> {
    let mut seat_of: Vec<Option<usize>> = vec![None; questions];
    (0..seats.len()).find(|&seat| !take(seat, seats, &mut seat_of, &mut HashSet::new()))
}

/// Gives the seat a question, moving others to other questions where that makes room.
fn take(seat: usize, seats: &[Vec<usize>], seat_of: &mut [Option<usize>], tried: &mut HashSet<usize>) -> bool {
    for &question in &seats[seat] {
        if tried.insert(question) && seat_of[question].is_none_or(|other| take(other, seats, seat_of, tried)) {
            seat_of[question] = Some(seat);
            return true;
        }
    }
    false
}
