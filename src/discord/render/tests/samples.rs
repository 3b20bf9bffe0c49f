//! Small content with everything awkward in it. Leaves out real questions: those live under `content/`.

use std::sync::Arc;

use crate::app::practice::Graded;
use crate::domain::grade::{Grade, PointGrade, Verdict, after_hints};
use crate::domain::ids::Slug;
use crate::domain::question::{Misconception, Question, RubricPoint};
use crate::domain::streak::Streak;
use crate::domain::taxonomy::{Level, Named, Skill, Taxonomy};

/// What someone might write to break the lines around it.
pub const AWKWARD: &str = "**bold** `x` @everyone <@&1> [link](https://x.y)\r\n# head\n\u{202e}שלום";

/// A showing's id.
pub const SERVING: &str = "0190a5b0c1d27e3f8a4b5c6d7e8f9a0b";

pub fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

pub fn taxonomy() -> Taxonomy {
    let named = |slug_text: &str, name: &str| Named { slug: slug(slug_text), name: name.to_owned(), least: 0 };
    Taxonomy {
        groups: vec![named("stores", "Stores & Search")],
        skills: vec![
            Skill { slug: slug("redis"), name: "Redis".to_owned(), group: slug("stores") },
            Skill { slug: slug("caching"), name: "Caching".to_owned(), group: slug("stores") },
        ],
        categories: vec![named("behavioral", "Behavioral")],
        ..Taxonomy::default()
    }
}

pub fn question() -> Question {
    let point = |id: &str, point: &str, weight: u8| RubricPoint {
        id: slug(id),
        point: point.to_owned(),
        weight,
        cues: Vec::new(),
        probe: format!("What about the {id}?"),
        hint: format!("Think of the {id}."),
    };
    Question {
        slug: slug("cache-stampede"),
        category: slug("caching"),
        title: "Explain a cache stampede.".to_owned(),
        skills: vec![slug("caching"), slug("redis")],
        stages: Vec::new(),
        levels: vec![Level::Mid, Level::Senior],
        minutes: 7,
        frameworks: Vec::new(),
        competencies: Vec::new(),
        related: Vec::new(),
        sources: vec!["RFC 9111, section 4.2.4".to_owned(), "RFC 5861".to_owned()],
        rubric: vec![
            point("cause", "Many callers miss at once", 3),
            point("cure", "One caller rebuilds", 3),
            point("guard", "The lock can fail", 2),
            point("spread", "Jitter spreads many keys", 1),
        ],
        misconceptions: vec![Misconception {
            says: "A larger cache prevents it".to_owned(),
            correction: "Expiry starts it, not eviction.".to_owned(),
        }],
        prompt: "Every five minutes the database melts. **Why**, and what do you do?".to_owned(),
        why_they_ask: String::new(),
        approach: "1. Name the cause.\n2. Offer a cure.".to_owned(),
        strong_answer: "A TTL ends and everyone recomputes. I would coalesce.".to_owned(),
        weak_answer: String::new(),
        weak_reason: String::new(),
        follow_ups: Vec::new(),
        by_level: Vec::new(),
    }
}

/// One point in full, one in part, one contradicted, one not addressed; every span awkward.
pub fn grade() -> Grade {
    let judged = |id: &str, score: u8, verdict: Verdict, span: Option<&str>| PointGrade {
        id: slug(id),
        score,
        verdict,
        span: span.map(str::to_owned),
    };
    let points = vec![
        judged("cause", 3, Verdict::Covered, Some(AWKWARD)),
        judged("cure", 1, Verdict::Covered, Some(&"long words ".repeat(18))),
        judged("guard", 0, Verdict::Contradicted, Some("A lock never fails.")),
        judged("spread", 0, Verdict::NotAddressed, None),
    ];
    Grade::from_points(&question(), "rubric-1", points, 0.35)
}

/// That grade as a first attempt with a hint.
pub fn graded() -> Graded {
    let (question, grade) = (question(), grade());
    Graded {
        attempt: "1".repeat(32),
        serving: Some(SERVING.to_owned()),
        follow_up: grade.weakest(&question, |_| false).cloned(),
        question: Arc::new(question),
        score: after_hints(grade.score, 1),
        grade,
        hints: 1,
        previous: None,
        counts: true,
        streak: Streak { current: 3, best: 9, today_done: true, ..Streak::default() },
    }
}
