//! What scorecards say, and what they must not.

use super::*;
use crate::domain::grade::{PointGrade, Verdict};

fn close(a: Option<f64>, b: f64) -> bool {
    a.is_some_and(|a| (a - b).abs() < 1e-9)
}

#[test]
fn merging_keeps_each_points_best_score_and_the_newest_words_that_earned_it() {
    let q = question("q0", "redis");
    let said = |scores: &[u8], words: &str| {
        let mut graded = grade(&q, scores);
        graded.points.iter_mut().filter(|p| p.span.is_some()).for_each(|p| p.span = Some(words.to_owned()));
        graded
    };
    let (mut first, mut second) = (said(&[3, 1, 2, 0], "first"), said(&[1, 2, 2, 0], "second"));
    first.points[3].verdict = Verdict::Contradicted;
    second.grader = "llm:x".into();
    second.confidence = 0.4;
    let merged = merge(&q, [&first, &second]).unwrap();
    let of = |p: &PointGrade| (p.score, p.span.clone());
    let word = |w: &str| Some(w.to_owned());
    assert_eq!(
        merged.points.iter().map(of).collect::<Vec<_>>(),
        [(3, word("first")), (2, word("second")), (2, word("second")), (0, None)]
    );
    assert_eq!(merged.points[3].verdict, Verdict::Contradicted, "silence later does not make it unsaid");
    assert_eq!((merged.grader.as_str(), merged.confidence), ("rubric-v1 + llm:x", 0.4));
    assert!(close(Some(merged.score), f64::from(3 * 3 + 2 * 2 + 2) / 21.0));
    assert_eq!(merge(&q, []), None);
}

#[test]
fn a_grade_with_points_in_another_order_or_of_another_rubric_does_no_harm() {
    let q = question("q0", "redis");
    let mut odd = grade(&q, &[3, 0, 0, 0]);
    odd.points.reverse();
    odd.points[0].id = slug("no-such-point");
    let merged = merge(&q, [&odd]).unwrap();
    assert_eq!(merged.points.iter().map(|p| p.score).collect::<Vec<_>>(), [3, 0, 0, 0]);
    assert_eq!(
        merged.points.iter().map(|p| p.id.clone()).collect::<Vec<_>>(),
        q.rubric.iter().map(|p| p.id.clone()).collect::<Vec<_>>()
    );
}

#[test]
fn a_scorecard_rests_on_what_was_graded() {
    let mut questions = vec![question("q0", "redis"), question("q1", "kafka"), question("q2", "redis")];
    questions[0].related = vec![slug("gone"), slug("q1"), slug("more-redis")];
    questions.push(question("more-redis", "redis"));
    questions.push(question("even-more-redis", "redis"));
    let bank = Bank::new(taxonomy(), questions);
    let mut interview = Interview::start(a_plan(9, &["q0", "q1", "q2"]));
    interview = exchange(interview, &bank, &[0, 3, 3, 3]);
    interview = exchange(interview, &bank, &[1, 0, 0, 0]);
    interview = exchange(interview, &bank, &[3, 3, 3, 2]);
    let last = proposed(&interview, &bank);
    let interview = interview.ask(&last, last.text.clone()).unwrap().end().unwrap();

    let card = super::super::scorecard(&interview, &bank);
    assert_eq!((card.asked, card.answered), (4, 3));
    let (q0, q1) = (f64::from(3 + 6 + 3 + 3) / 21.0, f64::from(9 + 6 + 3 + 2) / 21.0);
    let scores: Vec<Option<f64>> = card.per_question.iter().map(|q| q.score).collect();
    assert!(close(scores[0], q0) && close(scores[1], q1) && scores[2].is_none(), "{scores:?}");
    assert!(close(card.overall, f64::midpoint(q0, q1)), "what was not answered does not count");
    assert_eq!(card.per_question.iter().map(|q| q.probes).collect::<Vec<_>>(), [1, 0, 0]);
    let skills: Vec<_> = card.per_skill.iter().map(|s| (s.skill.as_str(), s.questions)).collect();
    assert_eq!(skills, [("redis", 1), ("kafka", 1)]);
    assert_eq!((card.strengths.len(), card.strengths[0].quote.as_str()), (5, "said point-0 at 3"));
    assert_eq!(card.gaps.len(), 1);
    assert_eq!((card.gaps[0].add.as_str(), card.gaps[0].score), ("q0 point 0", 1));
    assert_eq!(card.practise_next, [slug("more-redis"), slug("even-more-redis"), slug("q0")]);
    assert_eq!(card.graders, ["rubric-v1"]);
    let stored = serde_json::to_string(&card).unwrap();
    assert_eq!(serde_json::from_str::<Scorecard>(&stored).unwrap(), card);
}

#[test]
fn an_interview_without_a_grade_has_no_score_rather_than_a_zero() {
    let bank = bank(1);
    let interview = Interview::start(a_plan(9, &["q0"]));
    let proposal = proposed(&interview, &bank);
    let asked = interview.ask(&proposal, proposal.text.clone()).unwrap().end().unwrap();
    let card = super::super::scorecard(&asked, &bank);
    assert_eq!((card.overall, card.answered, card.asked), (None, 0, 1));
    assert!(card.strengths.is_empty() && card.gaps.is_empty() && card.practise_next.is_empty());
}

#[test]
fn a_question_that_left_the_bank_keeps_its_score_and_its_slug() {
    let full = bank(2);
    let interview = exchange(Interview::start(a_plan(9, &["q0", "q1"])), &full, &[3, 3, 3, 0]);
    let smaller = Bank::new(taxonomy(), vec![question("q1", "s1")]);
    let card = super::super::scorecard(&interview, &smaller);
    assert!(close(card.per_question[0].score, 18.0 / 21.0));
    assert_eq!(card.per_question[0].title, "q0");
    assert!(card.gaps.is_empty(), "without its rubric there is nothing to say about points");
}

#[test]
fn what_candidates_type_goes_through_untouched() {
    let bank = bank(1);
    let q = bank.get("q0").unwrap();
    for text in ["@everyone **bold** \r\n", "🦀🦀🦀", "שלום עולם", &"x".repeat(4_000), ""] {
        let interview = Interview::start(a_plan(9, &["q0"]));
        let proposal = proposed(&interview, &bank);
        let interview = interview.ask(&proposal, proposal.text.clone()).unwrap();
        let interview = interview.answer(1, an_answer(text)).unwrap();
        assert_eq!(interview.turns()[0].answer.as_ref().unwrap().text, text);
        let mut graded = grade(q, &[3; 4]);
        graded.points[0].span = Some(text.to_owned());
        let card = super::super::scorecard(&interview.judge(1, graded).unwrap(), &bank);
        let quoted = card.strengths.iter().any(|s| s.quote == text);
        assert_eq!(quoted, !text.trim().is_empty(), "an empty quote proves nothing");
    }
}
