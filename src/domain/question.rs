//! One question of the bank: what is asked, what a listener could tick, and what good and bad sound like.

use super::ids::Slug;
use super::taxonomy::Level;

/// A complete question. Every text is Markdown that Discord renders.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its file's name.
    pub slug: Slug,
    /// Its folder.
    pub category: Slug,
    /// One line, ending in `.` or `?`.
    pub title: String,
    /// Skills it trains; the first is primary. Never empty.
    pub skills: Vec<Slug>,
    /// Interview stages at which it is asked. Never empty.
    pub stages: Vec<Slug>,
    /// Who is asked this, least senior first. Never empty.
    pub levels: Vec<Level>,
    /// How long a spoken answer takes.
    pub minutes: u32,
    /// Frameworks that help to answer it.
    pub frameworks: Vec<Slug>,
    /// Behavioural competencies it shows.
    pub competencies: Vec<Slug>,
    /// Questions to try next.
    pub related: Vec<Slug>,
    /// Primary sources of its facts.
    pub sources: Vec<String>,
    /// What the answer is graded on: four to seven points.
    pub rubric: Vec<RubricPoint>,
    /// Errors that people make, with the correction.
    pub misconceptions: Vec<Misconception>,
    /// What is posted.
    pub prompt: String,
    /// What the interviewer learns.
    pub why_they_ask: String,
    /// How to structure the answer.
    pub approach: String,
    /// What a very good candidate says aloud.
    pub strong_answer: String,
    /// A real answer that fails, without the reason.
    pub weak_answer: String,
    /// Why the weak answer fails, in one line.
    pub weak_reason: String,
    /// Where the conversation goes next, hardest last.
    pub follow_ups: Vec<String>,
    /// What each level adds.
    pub by_level: Vec<(Level, String)>,
}

/// One idea a listener could tick.
#[derive(Debug, Clone, PartialEq)]
pub struct RubricPoint {
    /// Unique within the question.
    pub id: Slug,
    /// The idea, as a statement.
    pub point: String,
    /// 1 (nice) to 3 (vital).
    pub weight: u8,
    /// Needed ideas; each lists alternatives in the words people use.
    pub cues: Vec<Cue>,
    /// A question that leads to the point without giving it away.
    pub probe: String,
    /// Help that costs points.
    pub hint: String,
}

/// One needed idea: any alternative will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue(pub Vec<String>);

/// Something people say that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misconception {
    /// The wrong statement.
    pub says: String,
    /// What is true instead.
    pub correction: String,
}

impl Question {
    /// The skill this question trains first.
    ///
    /// # Panics
    /// Never for a question from [`crate::content`], which refuses an empty list.
    #[must_use]
    pub fn primary_skill(&self) -> &Slug {
        &self.skills[0]
    }

    /// The rubric point of that id.
    #[must_use]
    pub fn point(&self, id: &str) -> Option<&RubricPoint> {
        self.rubric.iter().find(|p| p.id.as_str() == id)
    }
}
