//! What the interviewer asks without a model: the bank's words, the weakest point, nothing twice, one thing at a time.

use std::collections::{BTreeMap, BTreeSet};

use coach::domain::grade::Grade;

use super::story::{BANK, Interview, StoredTurn, turns};
use crate::support::app::World;

#[tokio::test]
async fn follow_ups_are_the_banks_probes_at_the_weakest_uncovered_point() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start length:45").await;
    interview.play(first).await;
    let stored = turns(&world).await;
    assert!(stored.iter().any(|turn| turn.point.is_some()), "weak answers are probed");

    let mut best: BTreeMap<(&str, &str), u8> = BTreeMap::new();
    let mut probed: BTreeSet<(&str, &str)> = BTreeSet::new();
    let grades: Vec<Grade> = stored.iter().map(|t| serde_json::from_str(t.grade.as_ref().unwrap()).unwrap()).collect();
    for (turn, grade) in stored.iter().zip(&grades) {
        let question = BANK.get(&turn.question).unwrap();
        match &turn.point {
            None => assert_eq!(turn.asked, question.prompt),
            Some(point) => {
                assert_eq!(turn.asked, question.point(point).unwrap().probe);
                let open = question.rubric.iter().filter(|p| !probed.contains(&(&turn.question, p.id.as_str())));
                let weakest = open.map(|p| best[&(turn.question.as_str(), p.id.as_str())]).min().unwrap();
                assert_eq!(best[&(turn.question.as_str(), point.as_str())], weakest, "{turn:?}");
                assert!(weakest < 2, "a covered point needs no probe");
                assert!(probed.insert((&turn.question, point)), "a point is probed once");
            }
        }
        for point in &grade.points {
            let kept = best.entry((&turn.question, point.id.as_str())).or_default();
            *kept = point.score.max(*kept);
        }
    }
}

#[tokio::test]
async fn nothing_is_asked_twice_and_one_question_waits_at_a_time() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start track:full-loop length:60").await;
    interview.play(first).await;
    let mut words = BTreeSet::new();
    for question in interview.asked() {
        let text = question.embeds()[0]["description"].as_str().unwrap().to_owned();
        assert!(words.insert(text.clone()), "asked twice: {text}");
    }
    // Between two questions stands an answer: the thread reads as a conversation.
    let kinds: Vec<bool> = interview.thread.messages().iter().filter(|m| !m.text().is_empty()).map(is_answer).collect();
    assert!(kinds.windows(2).all(|pair| pair[0] != pair[1]), "{kinds:?}");
}

#[tokio::test]
async fn a_complete_answer_is_not_probed() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start topic:redis").await;
    let question = BANK.get("cache-stampede").unwrap();
    let strong: String = question.strong_answer.chars().take(4_000).collect();
    interview.answer(&first, &strong).await;
    interview.next(2).await;
    let stored: Vec<StoredTurn> = turns(&world).await;
    let grade: Grade = serde_json::from_str(stored[0].grade.as_ref().unwrap()).unwrap();
    let weak: BTreeSet<&str> = grade.points.iter().filter(|p| p.score < 2).map(|p| p.id.as_str()).collect();
    match stored.get(1) {
        Some(probe) => assert!(weak.contains(probe.point.as_deref().unwrap()), "{probe:?}"),
        None => assert!(weak.is_empty(), "{weak:?}"),
    }
}

fn is_answer(message: &coach::playground::people::Message) -> bool {
    message.text().starts_with("Your answer")
}
