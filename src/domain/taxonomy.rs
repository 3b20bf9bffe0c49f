//! The vocabulary of the bank: skills and their groups, categories, stages, levels, tracks, roles, competencies.
//!
//! Loaded from `content/taxonomy.toml`. Levels, tracks and styles are closed sets that code reasons about, so
//! they are enums here; the rest are slugs that only the content knows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ids::Slug;

/// Everything that has a name in the bank. All lists keep the file's order, which is the order people see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taxonomy {
    /// Skill groups, such as `databases-search`.
    pub groups: Vec<Named>,
    /// Skills, such as `postgresql`, each in one group.
    pub skills: Vec<Skill>,
    /// Question categories; a question's folder.
    pub categories: Vec<Named>,
    /// Interview stages in the order of a hiring loop.
    pub stages: Vec<Named>,
    /// The levels with the years of experience they stand for.
    pub levels: Vec<LevelEntry>,
    /// Mock interview tracks and what each draws from.
    pub tracks: Vec<TrackEntry>,
    /// Target roles.
    pub roles: Vec<Named>,
    /// Behavioural competencies.
    pub competencies: Vec<Named>,
    /// Answer and design frameworks.
    pub frameworks: Vec<Named>,
}

/// A slug with the name that people read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The stable identifier.
    pub slug: Slug,
    /// What people read.
    pub name: String,
    /// How many questions of this kind a bank should have; 0 where nobody counts.
    #[serde(default)]
    pub least: usize,
}

/// A skill and the group it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skill {
    /// The stable identifier.
    pub slug: Slug,
    /// What people read.
    pub name: String,
    /// The slug of one of [`Taxonomy::groups`].
    pub group: Slug,
}

/// A level as the content describes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelEntry {
    /// Which level.
    pub slug: Level,
    /// What people read.
    pub name: String,
    /// Years of experience it usually stands for, as people write it; absent where years say little.
    pub years: Option<String>,
}

/// A track and the categories and stages its questions come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrackEntry {
    /// Which track.
    pub slug: Track,
    /// What people read.
    pub name: String,
    /// Categories its questions come from, in the order a full loop takes them.
    pub categories: Vec<Slug>,
}

impl Taxonomy {
    /// The skill of that slug.
    #[must_use]
    pub fn skill(&self, slug: &str) -> Option<&Skill> {
        self.skills.iter().find(|s| s.slug.as_str() == slug)
    }

    /// The name people read for a skill, group, category, stage, competency or framework; the slug where there is none.
    #[must_use]
    pub fn name_of<'a>(&'a self, slug: &'a str) -> &'a str {
        let named = [&self.groups, &self.categories, &self.stages, &self.competencies, &self.frameworks, &self.roles];
        self.skill(slug)
            .map(|s| s.name.as_str())
            .or_else(|| named.into_iter().flatten().find(|n| n.slug.as_str() == slug).map(|n| n.name.as_str()))
            .unwrap_or(slug)
    }
}

/// How senior a role the candidate is interviewed for. Ordered from the least to the most senior.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A student or first placement.
    Intern,
    /// Up to about two years.
    Junior,
    /// About two to five years.
    Mid,
    /// Five years and more; owns outcomes.
    Senior,
    /// Works across teams.
    Staff,
    /// Works across the company; also architects.
    Principal,
}

impl Level {
    /// Every level, least senior first.
    pub const ALL: [Self; 6] = [Self::Intern, Self::Junior, Self::Mid, Self::Senior, Self::Staff, Self::Principal];

    /// The slug used in content, commands and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intern => "intern",
            Self::Junior => "junior",
            Self::Mid => "mid",
            Self::Senior => "senior",
            Self::Staff => "staff",
            Self::Principal => "principal",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Level {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|l| l.as_str() == text).ok_or(UnknownName)
    }
}

/// What a mock interview is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Track {
    /// Explain and reason about backend technology.
    Technical,
    /// Design a system aloud.
    SystemDesign,
    /// Stories from one's own work.
    Behavioral,
    /// Solve a problem by discussing it.
    Coding,
    /// Lead people and change.
    Leadership,
    /// Build with language models.
    Ai,
    /// All stages, one after another.
    FullLoop,
}

impl Track {
    /// Every track, in the order people see.
    pub const ALL: [Self; 7] = [
        Self::Technical,
        Self::SystemDesign,
        Self::Behavioral,
        Self::Coding,
        Self::Leadership,
        Self::Ai,
        Self::FullLoop,
    ];

    /// The slug used in content, commands and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Technical => "technical",
            Self::SystemDesign => "system-design",
            Self::Behavioral => "behavioral",
            Self::Coding => "coding",
            Self::Leadership => "leadership",
            Self::Ai => "ai",
            Self::FullLoop => "full-loop",
        }
    }
}

impl fmt::Display for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Track {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|t| t.as_str() == text).ok_or(UnknownName)
    }
}

/// A name that is not one of a closed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a known name")]
pub struct UnknownName;
