//! How well a member does at a skill: an estimate, how sure it is, and how many answers it rests on.
//!
//! The model is a Beta posterior. Each graded answer is a fractional Bernoulli observation (Gelman et al., *Bayesian
//! Data Analysis*, 3rd ed., section 2.4) on a uniform prior; evidence is discounted exponentially with age (West and
//! Harrison, *Bayesian Forecasting and Dynamic Models*, section 6.3), so that an estimate nobody feeds drifts back to
//! "don't know". Callers see only mean, uncertainty, evidence and time, which a rating such as Glicko-2 could supply
//! as well. Left out on purpose: question difficulty, spread to related skills, and the memory of single questions.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::ids::Slug;

/// What an answer counts for its question's primary skill.
pub const PRIMARY_WEIGHT: f64 = 1.0;

/// What an answer counts for each other skill of its question.
pub const SECONDARY_WEIGHT: f64 = 0.5;

/// Days after which an answer counts half.
pub const HALF_LIFE_DAYS: f64 = 60.0;

/// A skill estimated at or above this is no weak area, even where it is the lowest of all.
pub const WEAK_BELOW: f64 = 0.7;

/// Standard deviations to the bounds: each is passed with a probability of about 5 % (normal approximation).
const BOUND_DEVIATIONS: f64 = 1.645;

/// The prior's two pseudo-counts, one success and one failure: uniform over 0 to 1.
const PRIOR: f64 = 1.0;

const SECONDS_PER_DAY: f64 = 86_400.0;

/// The estimate for one member and one skill, as of its last answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Mastery {
    /// The skill.
    pub skill: Slug,
    /// The expected score of the next answer, 0 to 1.
    pub mean: f64,
    /// The standard deviation of that expectation, above 0 and up to 0.289 (nothing known).
    pub uncertainty: f64,
    /// Answers it rests on, whatever their weight and age.
    pub evidence: u32,
    /// When the newest of them was given.
    pub last: Timestamp,
}

/// One graded answer, as [`estimate`] needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored<'a> {
    /// The question's skills, the primary first.
    pub skills: &'a [Slug],
    /// What the answer earned, 0 to 1.
    pub score: f64,
    /// When it was given.
    pub at: Timestamp,
}

impl Mastery {
    /// What is known before any answer: 0.5, and not sure at all.
    #[must_use]
    pub fn unknown(skill: Slug, at: Timestamp) -> Self {
        Self { skill, mean: 0.5, uncertainty: 0.0, evidence: 0, last: at }.with_counts(0.0, 0.0)
    }

    /// Learns from one answer: `score` from 0 to 1 (others are cut to it), `weight` from [`weight_at`]. Answers may
    /// come in any order; the result is the same.
    #[must_use]
    pub fn update(mut self, score: f64, weight: f64, at: Timestamp) -> Self {
        let newest = self.last.max(at);
        let (earned, missed) = self.counts();
        let (kept, counted) = (kept_after(self.last, newest), weight * kept_after(at, newest));
        let score = if score.is_finite() { score.clamp(0.0, 1.0) } else { 0.0 };
        self.evidence = self.evidence.saturating_add(1);
        self.last = newest;
        self.with_counts(earned * kept + counted * score, missed * kept + counted * (1.0 - score))
    }

    /// The estimate as it stands at `now`, after the time without answers. Evidence and last answer stay.
    #[must_use]
    pub fn faded(self, now: Timestamp) -> Self {
        let kept = kept_after(self.last, now);
        let (earned, missed) = self.counts();
        self.with_counts(earned * kept, missed * kept)
    }

    /// The score that the true skill is most likely (95 %) below, 0 to 1.
    #[must_use]
    pub fn upper(&self) -> f64 {
        (self.mean + BOUND_DEVIATIONS * self.uncertainty).min(1.0)
    }

    /// The score that the true skill is most likely (95 %) above, 0 to 1.
    #[must_use]
    pub fn lower(&self) -> f64 {
        (self.mean - BOUND_DEVIATIONS * self.uncertainty).max(0.0)
    }

    /// The discounted weight of successes and failures, recovered from the Beta's mean m and variance v:
    /// a + b = m (1 - m) / v - 1, a = m (a + b).
    fn counts(&self) -> (f64, f64) {
        let total = self.mean * (1.0 - self.mean) / self.uncertainty.max(1e-6).powi(2) - 1.0;
        let count = |share: f64| (share * total - PRIOR).max(0.0);
        (count(self.mean), count(1.0 - self.mean))
    }

    fn with_counts(mut self, earned: f64, missed: f64) -> Self {
        let (a, b) = (earned + PRIOR, missed + PRIOR);
        self.mean = a / (a + b);
        self.uncertainty = (self.mean * (1.0 - self.mean) / (a + b + 1.0)).sqrt();
        self
    }
}

/// What an answer counts for the skill at that place in its question's list.
#[must_use]
pub const fn weight_at(place: usize) -> f64 {
    if place == 0 { PRIMARY_WEIGHT } else { SECONDARY_WEIGHT }
}

/// The share of evidence that is left at `now`; all of it when time runs backwards.
fn kept_after(then: Timestamp, now: Timestamp) -> f64 {
    let days = now.duration_since(then).as_secs_f64().max(0.0) / SECONDS_PER_DAY;
    0.5f64.powf(days / HALF_LIFE_DAYS)
}

/// The estimates at `now` for every skill of a history, in the order of the skills' slugs.
#[must_use]
pub fn estimate<'a>(history: impl IntoIterator<Item = Scored<'a>>, now: Timestamp) -> Vec<Mastery> {
    let mut by_skill: BTreeMap<&Slug, Mastery> = BTreeMap::new();
    for answer in history {
        for (place, skill) in answer.skills.iter().enumerate() {
            let before = by_skill.remove(skill).unwrap_or_else(|| Mastery::unknown(skill.clone(), answer.at));
            by_skill.insert(skill, before.update(answer.score, weight_at(place), answer.at));
        }
    }
    by_skill.into_values().map(|m| m.faded(now)).collect()
}

/// The up to `n` weakest skills, weakest first: confidently low, not merely unseen. They are ordered by the upper
/// bound, so two poor answers outrank one; skills without answers and good ones (see [`WEAK_BELOW`]) are left out.
#[must_use]
pub fn weakest(estimates: &[Mastery], n: usize) -> Vec<&Mastery> {
    let mut weak: Vec<_> = estimates.iter().filter(|m| m.evidence > 0 && m.mean < WEAK_BELOW).collect();
    weak.sort_by(|a, b| a.upper().total_cmp(&b.upper()).then_with(|| a.skill.cmp(&b.skill)));
    weak.truncate(n);
    weak
}
