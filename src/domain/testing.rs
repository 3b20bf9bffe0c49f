//! Small questions and taxonomies for tests of the domain and of what builds on it.

use super::bank::Bank;
use super::ids::Slug;
use super::question::{Cue, Question, RubricPoint};
use super::taxonomy::{Level, Named, Skill, Taxonomy};

/// A slug that is known to be good.
pub fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

/// A question of the category, with the skills, asked at junior to senior, with a rubric of four points.
pub fn question(name: &str, category: &str, skills: &[&str]) -> Question {
    let point = |id: &str, cue: &str, weight| RubricPoint {
        id: slug(id),
        point: format!("Says {cue}"),
        weight,
        cues: vec![Cue(vec![cue.to_owned()])],
        probe: format!("What about {id} in {name}?"),
        hint: format!("Think of {id}."),
    };
    Question {
        slug: slug(name),
        category: slug(category),
        title: format!("Explain {name}."),
        skills: skills.iter().map(|s| slug(s)).collect(),
        stages: vec![slug("technical-screen")],
        levels: vec![Level::Junior, Level::Mid, Level::Senior],
        minutes: 5,
        frameworks: vec![],
        competencies: vec![],
        related: vec![],
        sources: vec![],
        rubric: vec![
            point("first", "alpha", 3),
            point("second", "bravo", 2),
            point("third", "charlie", 1),
            point("fourth", "delta", 1),
        ],
        misconceptions: vec![],
        prompt: format!("A team runs {name} and something goes wrong. What do you look at?"),
        why_they_ask: "To learn.".to_owned(),
        approach: "One. Two.".to_owned(),
        strong_answer: "First alpha, then bravo, then charlie, and finally delta.".to_owned(),
        weak_answer: "It depends on many things, honestly.".to_owned(),
        weak_reason: "It says nothing.".to_owned(),
        follow_ups: vec!["And then?".to_owned()],
        by_level: vec![],
    }
}

/// A taxonomy with the groups and skills given as `(skill, group)` and a handful of categories.
pub fn taxonomy(skills: &[(&str, &str)]) -> Taxonomy {
    let named = |s: &str| Named { slug: slug(s), name: s.to_owned() };
    let mut groups: Vec<Named> = Vec::new();
    for (_, group) in skills {
        if !groups.iter().any(|g| g.slug.as_str() == *group) {
            groups.push(named(group));
        }
    }
    Taxonomy {
        groups,
        skills: skills.iter().map(|(s, g)| Skill { slug: slug(s), name: (*s).to_owned(), group: slug(g) }).collect(),
        categories: ["technical", "databases", "caching"].into_iter().map(named).collect(),
        stages: vec![named("technical-screen")],
        ..Taxonomy::default()
    }
}

/// Three questions: `indexes` and `vacuum` on postgresql, `eviction` on redis.
pub fn bank() -> Bank {
    Bank::new(
        taxonomy(&[("postgresql", "databases-search"), ("redis", "databases-search"), ("kafka", "messaging")]),
        vec![
            question("indexes", "databases", &["postgresql"]),
            question("vacuum", "technical", &["postgresql", "redis"]),
            question("eviction", "caching", &["redis"]),
        ],
    )
}
