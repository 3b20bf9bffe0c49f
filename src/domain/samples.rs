//! Small content for the domain's own tests. Leaves out real questions: those live under `content/`.

use super::bank::Bank;
use super::grade::{Grade, PointGrade, Verdict};
use super::ids::Slug;
use super::question::{Question, RubricPoint};
use super::taxonomy::{Level, Named, Skill, Taxonomy};

/// A slug that the test knows to be good.
pub fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

/// A question of that name in category `databases`, for mid level, on that primary skill, of five minutes, with four
/// rubric points of weights 3, 2, 1 and 1.
pub fn question(name: &str, skill: &str) -> Question {
    let point = |(n, weight): (usize, u8)| RubricPoint {
        id: slug(&format!("point-{n}")),
        point: format!("{name} point {n}"),
        weight,
        cues: Vec::new(),
        probe: format!("What about {name}, part {n}?"),
        hint: format!("Think of {name} {n}."),
    };
    Question {
        slug: slug(name),
        category: slug("databases"),
        title: format!("Explain {name}."),
        skills: vec![slug(skill)],
        stages: vec![slug("technical-screen")],
        levels: vec![Level::Mid],
        minutes: 5,
        frameworks: Vec::new(),
        competencies: Vec::new(),
        related: Vec::new(),
        sources: Vec::new(),
        rubric: [3, 2, 1, 1].into_iter().enumerate().map(point).collect(),
        misconceptions: Vec::new(),
        prompt: format!("How would you explain {name}?"),
        why_they_ask: String::new(),
        approach: String::new(),
        strong_answer: String::new(),
        weak_answer: String::new(),
        weak_reason: String::new(),
        follow_ups: Vec::new(),
        by_level: Vec::new(),
    }
}

/// A bank of `count` questions named `q0`, `q1`, ..., each on its own skill `s0`, `s1`, ...
pub fn bank(count: usize) -> Bank {
    let questions = (0..count).map(|n| question(&format!("q{n}"), &format!("s{n}"))).collect();
    Bank::new(taxonomy(), questions)
}

/// A few names.
pub fn taxonomy() -> Taxonomy {
    let skill = |name: &str, text: &str| Skill { slug: slug(name), name: text.into(), group: slug("stores") };
    Taxonomy {
        groups: vec![Named { slug: slug("stores"), name: "Stores".into(), least: 0 }],
        skills: vec![skill("postgresql", "PostgreSQL"), skill("redis", "Redis"), skill("kafka", "Kafka")],
        ..Taxonomy::default()
    }
}

/// A grade with these scores for the question's points, each resting on a span that names it.
pub fn grade(question: &Question, scores: &[u8]) -> Grade {
    let judged = question.rubric.iter().zip(scores).map(|(point, &score)| PointGrade {
        id: point.id.clone(),
        score,
        verdict: if score > 0 { Verdict::Covered } else { Verdict::NotAddressed },
        span: (score > 0).then(|| format!("said {} at {score}", point.id)),
    });
    Grade::from_points(question, "rubric-v1", judged.collect(), 0.8)
}
