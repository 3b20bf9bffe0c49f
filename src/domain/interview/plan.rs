//! What a mock interview will ask. Leaves out the order of stages within a loop over days.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use super::MINUTES_PER_TURN;
use crate::domain::ids::Slug;
use crate::domain::question::Question;
use crate::domain::taxonomy::{Level, Track, UnknownName};

/// The most questions of one interview.
pub const MAX_QUESTIONS: usize = 8;

/// When the candidate hears how they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// After each answer.
    #[default]
    Coached,
    /// At the end.
    Pressure,
}

impl Style {
    /// Every style, in the order people see.
    pub const ALL: [Self; 2] = [Self::Coached, Self::Pressure];

    /// The slug used in commands and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Coached => "coached",
            Self::Pressure => "pressure",
        }
    }
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Style {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|s| s.as_str() == text).ok_or(UnknownName)
    }
}

/// What the member asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// What it is about.
    pub track: Track,
    /// When feedback comes.
    pub style: Style,
    /// How senior the role is.
    pub level: Level,
    /// The length in minutes.
    pub minutes: u32,
}

/// What an interview will be. Stored when it starts and never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What it is about.
    pub track: Track,
    /// When feedback comes.
    pub style: Style,
    /// How senior the role is.
    pub level: Level,
    /// The length in minutes.
    pub minutes: u32,
    /// The questions in order: 1 to [`MAX_QUESTIONS`], none twice.
    pub questions: Vec<Slug>,
}

impl Plan {
    /// The most turns the interview can have: its length, and never less than two for each question.
    #[must_use]
    pub fn turns_allowed(&self) -> usize {
        let by_length = self.minutes.div_ceil(MINUTES_PER_TURN);
        usize::try_from(by_length).unwrap_or(usize::MAX).max(2 * self.questions.len())
    }
}

/// Chooses the questions; `None` when no question of the pool is in the track's categories (an empty list of
/// categories admits all). Questions asked at the level and not used recently come first, then others not used
/// recently, then the rest. Categories take turns, in an order drawn from the seed, until the questions' minutes fill
/// the length; then the questions are put in the order of the track.
#[must_use]
pub fn plan<'q>(
    wish: Wish,
    pool: impl IntoIterator<Item = &'q Question>,
    categories: &[Slug],
    recent: &[Slug],
    seed: u64,
) -> Option<Plan> {
    let place = |q: &Question| categories.iter().position(|c| c == &q.category);
    let mut candidates: Vec<&Question> =
        pool.into_iter().filter(|q| categories.is_empty() || place(q).is_some()).collect();
    candidates.sort_by(|a, b| a.slug.cmp(&b.slug));
    candidates.dedup_by(|a, b| a.slug == b.slug);
    candidates.shuffle(&mut StdRng::seed_from_u64(seed));
    // A stable sort on (tier, how many of its category and tier came before) lets the categories take turns.
    let mut taken: HashMap<(u8, &Slug), usize> = HashMap::new();
    let mut ranked: Vec<_> = candidates
        .into_iter()
        .map(|q| {
            let tier = match (recent.contains(&q.slug), q.levels.contains(&wish.level)) {
                (false, true) => 0,
                (false, false) => 1,
                (true, _) => 2,
            };
            let turn = taken.entry((tier, &q.category)).or_default();
            *turn += 1;
            (tier, *turn, q)
        })
        .collect();
    ranked.sort_by_key(|&(tier, turn, _)| (tier, turn));

    let mut minutes = 0u32;
    let mut chosen: Vec<&Question> = Vec::new();
    for (_, _, question) in ranked.into_iter().take(MAX_QUESTIONS) {
        if !chosen.is_empty() && minutes >= wish.minutes {
            break;
        }
        minutes = minutes.saturating_add(question.minutes);
        chosen.push(question);
    }
    chosen.sort_by_key(|q| place(q));
    let questions: Vec<Slug> = chosen.into_iter().map(|q| q.slug.clone()).collect();
    let Wish { track, style, level, minutes } = wish;
    (!questions.is_empty()).then_some(Plan { track, style, level, minutes, questions })
}
