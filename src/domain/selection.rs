//! Which question comes next, and the reason in words.
//!
//! Every question gets a worth from the server's topics, the member's level, how well they do at its primary skill,
//! and what they did with it before; a seeded draw in proportion to worth picks one, so that practice follows the
//! weak areas without becoming a drill of one. Left out on purpose: due reviews (the memory of single questions), and
//! where history comes from.

mod reason;

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::ids::Slug;
use super::mastery::{Mastery, weakest};
use super::question::Question;
use super::taxonomy::Level;

pub use reason::Reason;

/// How many of the weakest skills count as weak areas.
pub const WEAK_AREAS: usize = 3;

/// What a member last did with a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// When it was last put to them.
    pub at: Timestamp,
    /// What the last answer earned, 0 to 1; `None` when it was skipped or revealed.
    pub score: Option<f64>,
}

/// Everything a choice depends on besides the candidates and the seed.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The member's level; questions asked at it are preferred.
    pub level: Option<Level>,
    /// The member's skills.
    pub mastery: &'a [Mastery],
    /// What the member has seen, by question.
    pub seen: &'a HashMap<Slug, Seen>,
    /// The present.
    pub now: Timestamp,
    /// How long a question stays away after it was seen, while others remain.
    pub window: SignedDuration,
}

/// A question and why it was picked.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The question.
    pub question: Slug,
    /// Why this one.
    pub reason: Reason,
}

/// Picks the question most worth answering next, each candidate with its weight (1 is ordinary, more is more often);
/// `None` when no candidate weighs anything. The same arguments
/// give the same choice, whatever the candidates' order. A question seen within the window comes only when there is no
/// other, and then the one seen longest ago.
#[must_use]
pub fn select<'q>(
    candidates: impl IntoIterator<Item = (&'q Question, u8)>,
    context: &Context<'_>,
    seed: u64,
) -> Option<Choice> {
    let mut allowed: Vec<(&Question, u8)> = candidates.into_iter().filter(|&(_, weight)| weight > 0).collect();
    allowed.sort_by(|a, b| a.0.slug.cmp(&b.0.slug));
    let weak = weakest(context.mastery, WEAK_AREAS);
    let fresh: Vec<(&Question, f64)> = allowed
        .iter()
        .filter(|(q, _)| !context.seen_lately(q))
        .map(|&(q, weight)| (q, f64::from(weight) * context.worth(q, &weak)))
        .collect();
    if let Some(question) = draw(&fresh, seed) {
        return Some(Choice { question: question.slug.clone(), reason: context.reason(question, &weak) });
    }
    let seen = allowed.iter().filter_map(|(q, _)| Some((q, context.seen.get(&q.slug)?)));
    let (question, seen) = seen.min_by_key(|(_, seen)| seen.at)?;
    let reason = Reason::AllSeen { ago: context.now.duration_since(seen.at), score: seen.score };
    Some(Choice { question: question.slug.clone(), reason })
}

impl Context<'_> {
    fn seen_lately(&self, question: &Question) -> bool {
        self.seen.get(&question.slug).is_some_and(|seen| self.now.duration_since(seen.at) < self.window)
    }

    fn mastery_of(&self, question: &Question) -> Option<&Mastery> {
        let skill = question.skills.first()?;
        self.mastery.iter().find(|m| &m.skill == skill && m.evidence > 0)
    }

    /// Always above 0: nothing that is allowed is out of reach. The factors are judgement, to be tuned by simulation.
    fn worth(&self, question: &Question, weak: &[&Mastery]) -> f64 {
        let need = match self.mastery_of(question) {
            Some(known) if weak.iter().any(|w| w.skill == known.skill) => 4.0,
            Some(known) => 1.5 - known.mean,
            None => 2.0,
        };
        let novelty = match self.seen.get(&question.slug) {
            None => 2.0,
            Some(Seen { score: Some(score), .. }) => 1.5 - score.clamp(0.0, 1.0),
            Some(Seen { score: None, .. }) => 1.0,
        };
        need * novelty * self.level.map_or(1.0, |level| level_fit(question, level))
    }

    /// The strongest true statement about why this question came up.
    fn reason(&self, question: &Question, weak: &[&Mastery]) -> Reason {
        let skill = question.skills.first();
        if let Some(rank) = weak.iter().position(|w| Some(&w.skill) == skill) {
            let Mastery { skill, evidence, mean, .. } = weak[rank];
            return Reason::WeakSkill { skill: skill.clone(), weakest: rank == 0, answers: *evidence, mean: *mean };
        }
        if let Some(seen) = self.seen.get(&question.slug) {
            return Reason::SeenBefore { ago: self.now.duration_since(seen.at), score: seen.score };
        }
        match skill {
            Some(skill) if self.mastery_of(question).is_none() => Reason::NewSkill { skill: skill.clone() },
            _ => Reason::NewQuestion { skill: skill.cloned() },
        }
    }
}

/// 1 when the question is asked at that level, else less with each level between.
fn level_fit(question: &Question, level: Level) -> f64 {
    let steps = question.levels.iter().map(|&l| (l as u8).abs_diff(level as u8)).min().unwrap_or(0);
    0.3f64.powi(i32::from(steps))
}

/// One item, with a probability in proportion to its worth.
fn draw<'q>(items: &[(&'q Question, f64)], seed: u64) -> Option<&'q Question> {
    let total: f64 = items.iter().map(|(_, worth)| worth).sum();
    let mut left = StdRng::seed_from_u64(seed).random::<f64>() * total;
    let hit = items.iter().find(|(_, worth)| {
        left -= worth;
        left < 0.0
    });
    // Rounding can leave a crumb after the last item.
    hit.or(items.last()).map(|&(question, _)| question)
}

/// The next question of a drop: one from `pool` that was not used in this round; `None` only for an empty pool. `used`
/// is the schedule's history, oldest first. A round ends when the whole pool, as it is now, has been used, and the next
/// does not begin with the question that ended it. Questions that join the pool join the round.
#[must_use]
pub fn select_for_drop(pool: &[Slug], used: &[Slug], seed: u64) -> Option<Slug> {
    let pool: BTreeSet<&Slug> = pool.iter().collect();
    let mut round: BTreeSet<&Slug> = BTreeSet::new();
    let mut last = None;
    for slug in used.iter().filter(|slug| pool.contains(slug)) {
        if !round.insert(slug) {
            round = BTreeSet::from([slug]);
        }
        last = Some(slug);
    }
    let mut open: Vec<&Slug> = pool.difference(&round).copied().collect();
    if open.is_empty() {
        open = pool.iter().copied().filter(|&slug| pool.len() == 1 || Some(slug) != last).collect();
    }
    if open.is_empty() {
        return None;
    }
    let at = StdRng::seed_from_u64(seed).random_range(0..open.len());
    Some(open[at].clone())
}
