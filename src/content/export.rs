//! The whole bank as JSON, for other tools. The key names are those of the files.

use serde_json::{Value, json};

use crate::domain::bank::Bank;
use crate::domain::question::{Question, RubricPoint};
use crate::domain::taxonomy::Level;

/// Every question in full, in the order of the files.
#[must_use]
pub fn to_json(bank: &Bank) -> Value {
    let questions: Vec<Value> = bank.questions().iter().map(|question| of_question(question)).collect();
    json!({ "questions": questions })
}

fn of_question(question: &Question) -> Value {
    let point = |point: &RubricPoint| {
        json!({
            "id": point.id,
            "point": point.point,
            "weight": point.weight,
            "cues": point.cues.iter().map(|cue| &cue.0).collect::<Vec<_>>(),
            "probe": point.probe,
            "hint": point.hint,
        })
    };
    let by_level = |(level, text): &(Level, String)| json!({ "level": level, "text": text });
    json!({
        "slug": question.slug,
        "category": question.category,
        "title": question.title,
        "skills": question.skills,
        "stages": question.stages,
        "levels": question.levels,
        "minutes": question.minutes,
        "frameworks": question.frameworks,
        "competencies": question.competencies,
        "related": question.related,
        "sources": question.sources,
        "rubric": question.rubric.iter().map(point).collect::<Vec<_>>(),
        "misconception": question.misconceptions.iter().map(|m| json!({ "says": m.says, "correction": m.correction })).collect::<Vec<_>>(),
        "question": question.prompt,
        "why_they_ask": question.why_they_ask,
        "approach": question.approach,
        "strong_answer": question.strong_answer,
        "weak_answer": question.weak_answer,
        "weak_reason": question.weak_reason,
        "follow_ups": question.follow_ups,
        "by_level": question.by_level.iter().map(by_level).collect::<Vec<_>>(),
    })
}
