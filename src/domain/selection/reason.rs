//! Why a question was picked, as a value and as a sentence. Leaves out formatting for any one surface.

use jiff::SignedDuration;

use crate::domain::grade::of_100;
use crate::domain::ids::Slug;
use crate::domain::taxonomy::Taxonomy;

/// Why a question was picked.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// Its primary skill is a weak area.
    WeakSkill {
        /// The skill.
        skill: Slug,
        /// Whether it is the weakest of all.
        weakest: bool,
        /// Answers that the estimate rests on.
        answers: u32,
        /// The estimate, 0 to 1.
        mean: f64,
    },
    /// Nothing on its primary skill was answered yet.
    NewSkill {
        /// The skill.
        skill: Slug,
    },
    /// It was seen, but not lately.
    SeenBefore {
        /// How long ago.
        ago: SignedDuration,
        /// What the answer earned, 0 to 1; `None` when there was none.
        score: Option<f64>,
    },
    /// The skill is known, the question is not.
    NewQuestion {
        /// The skill.
        skill: Option<Slug>,
    },
    /// Everything was seen lately, and this longest ago.
    AllSeen {
        /// How long ago.
        ago: SignedDuration,
        /// What the answer earned, 0 to 1; `None` when there was none.
        score: Option<f64>,
    },
}

impl Reason {
    /// The reason as one plain sentence with names for slugs and scores of 100.
    #[must_use]
    pub fn sentence(&self, taxonomy: &Taxonomy) -> String {
        let name = |skill: &Slug| taxonomy.name_of(skill.as_str()).to_owned();
        match self {
            Self::WeakSkill { skill, weakest, answers, mean } => {
                let rank = if *weakest { "your weakest skill so far" } else { "among your weakest skills" };
                let answers = counted(i64::from(*answers), "answer");
                format!("{} is {rank} ({answers}, {} of 100).", name(skill), of_100(*mean))
            }
            Self::NewSkill { skill } => format!("You have not met {} yet.", name(skill)),
            Self::SeenBefore { ago, score: Some(score) } => {
                format!("You answered this {} at {} of 100.", ago_in_words(*ago), of_100(*score))
            }
            Self::SeenBefore { ago, score: None } => format!("You left this one open {}.", ago_in_words(*ago)),
            Self::NewQuestion { skill: Some(skill) } => format!("You have not seen this one on {} yet.", name(skill)),
            Self::NewQuestion { skill: None } => "You have not seen this one yet.".to_owned(),
            Self::AllSeen { ago, score } => {
                let at = score.map_or(String::new(), |score| format!(", at {} of 100", of_100(score)));
                format!("You have seen every question here lately; this one longest ago ({}{at}).", ago_in_words(*ago))
            }
        }
    }
}

fn ago_in_words(ago: SignedDuration) -> String {
    let (minutes, hours) = (ago.as_mins(), ago.as_hours());
    let days = hours / 24;
    let words = match (minutes, hours, days) {
        (i64::MIN..=0, ..) => return "just now".to_owned(),
        (1..=59, ..) => counted(minutes, "minute"),
        (_, 0..=23, _) => counted(hours, "hour"),
        (_, _, 0..=13) => counted(days, "day"),
        (_, _, 14..=59) => counted(days / 7, "week"),
        (_, _, 60..=729) => counted(days / 30, "month"),
        _ => counted(days / 365, "year"),
    };
    format!("{words} ago")
}

fn counted(n: i64, unit: &str) -> String {
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}
