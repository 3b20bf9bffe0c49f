//! What the grader promises, on one small question.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::domain::question::{Cue, Misconception};
use crate::domain::taxonomy::Taxonomy;

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

fn point(id: &str, weight: u8, cues: &[&str]) -> RubricPoint {
    RubricPoint {
        id: slug(id),
        point: format!("The point of {id}"),
        weight,
        cues: cues.iter().map(|c| Cue(c.split(" / ").map(str::to_owned).collect())).collect(),
        probe: "And then?".to_owned(),
        hint: "Think of noon.".to_owned(),
    }
}

fn stampede() -> Question {
    Question {
        slug: slug("cache-stampede"),
        category: slug("caching"),
        title: "Explain a cache stampede.".to_owned(),
        skills: vec![slug("caching")],
        stages: vec![slug("technical-screen")],
        levels: vec![],
        minutes: 5,
        frameworks: vec![],
        competencies: vec![],
        related: vec![],
        sources: vec![],
        rubric: vec![
            point(
                "mechanism",
                3,
                &["expire / expiry / ttl", "at once / concurrent / simultaneously", "recompute / hit the database"],
            ),
            point("lock", 2, &["lock / mutex / single flight", "serve stale / stale while revalidate"]),
            point("jitter", 1, &["jitter / random offset"]),
            point("cost", 1, &["O(n log n) / p99"]),
        ],
        misconceptions: vec![Misconception {
            says: "Adding more cache memory prevents it".to_owned(),
            correction: "Expiry starts a stampede, not eviction".to_owned(),
        }],
        prompt: "At noon the home page's key vanishes. What does the database see?".to_owned(),
        why_they_ask: String::new(),
        approach: String::new(),
        strong_answer: String::new(),
        weak_answer: String::new(),
        weak_reason: String::new(),
        follow_ups: vec![],
        by_level: vec![],
    }
}

fn grader() -> Grader {
    Grader::new(&Bank::new(Taxonomy::default(), vec![stampede()]))
}

fn grade(answer: &str) -> Grade {
    grader().grade(&stampede(), answer).unwrap()
}

fn judged(answer: &str, id: &str) -> PointGrade {
    grade(answer).points.into_iter().find(|p| p.id.as_str() == id).unwrap()
}

#[test]
fn a_complete_answer_earns_everything_and_quotes_itself() {
    let answer = "A hot key expires and thousands of callers miss at once. They all recompute the value. I would take a \
                  mutex per key and serve stale data meanwhile, add jitter to every lifetime, and watch p99.";
    let grade = grade(answer);
    assert_eq!(grade.score, 1.0);
    assert_eq!(grade.grader, NAME);
    for point in &grade.points {
        assert_eq!(point.verdict, Verdict::Covered);
        assert!(answer.contains(point.span.as_deref().unwrap()));
    }
    assert_eq!(grade.points[0].span.as_deref(), Some("A hot key expires and thousands of callers miss at once."));
}

#[test]
fn a_point_earns_by_the_share_of_its_cues() {
    let one = judged("The entry reaches its ttl, and this is a problem for every reader of it.", "mechanism");
    assert_eq!((one.score, one.verdict), (1, Verdict::Covered));
    let two = judged("The entry reaches its ttl and concurrent readers all want it back quickly.", "mechanism");
    assert_eq!((two.score, two.verdict), (2, Verdict::Covered));
    let half = judged("I would hold a lock around the one call that does the expensive work here.", "lock");
    assert_eq!(half.score, 1);
}

#[test]
fn words_match_by_stem_and_phrases_with_a_little_between() {
    assert_eq!(
        judged("Recomputing happens everywhere because they are all hitting our poor database.", "mechanism").score,
        1
    );
    assert_eq!(judged("We could add a small random, per-key offset to each of the lifetimes.", "jitter").score, 3);
    assert_eq!(judged("Random is what our users are, and I would rather like to have an offset.", "jitter").score, 0);
    assert_eq!(judged("Sorting the waiters by age takes us O(n log n) time per second, I think.", "cost").score, 3);
    assert_eq!(judged("A singleflight wrapper or single-flight group makes one caller do the work.", "lock").score, 1);
}

#[test]
fn a_negated_cue_earns_nothing_and_only_negated_cues_contradict() {
    let negated = judged("You do not need a lock here, and the database will cope with it all.", "lock");
    assert_eq!((negated.score, negated.verdict), (0, Verdict::Contradicted));
    assert!(negated.span.unwrap().starts_with("You do not need a lock"));
    let both = judged("You don't need a lock on reads. On writes, a mutex per key is right.", "lock");
    assert_eq!((both.score, both.verdict), (1, Verdict::Covered));
    let turned = judged("It is not about memory but jitter, which spreads the lifetimes of the keys.", "jitter");
    assert_eq!(turned.verdict, Verdict::Covered);
    let far = judged("The flag is not evidence of safety under jitter, which we added to all lifetimes.", "jitter");
    assert_eq!(far.verdict, Verdict::Covered);
}

#[test]
fn a_misconception_contradicts_the_point_it_speaks_to() {
    let wrong = "It happens when keys expire. Simply adding more memory to the cache prevents it for good.";
    let point = judged(wrong, "mechanism");
    assert_eq!((point.score, point.verdict), (0, Verdict::Contradicted));
    assert_eq!(point.span.as_deref(), Some("Simply adding more memory to the cache prevents it for good."));
    for right in [
        "It happens when keys expire. Adding more memory to the cache never prevents it, sadly.",
        "It happens when keys expire. That adding cache memory prevents it is a myth, sadly.",
    ] {
        assert_eq!(judged(right, "mechanism").verdict, Verdict::Covered, "{right}");
    }
}

#[test]
fn a_story_is_never_contradicted() {
    let mut story = stampede();
    story.competencies = vec![slug("ownership")];
    let answer = "I did not use a lock then. I thought that adding more cache memory prevents it, frankly.";
    let points = grader().grade(&story, answer).unwrap().points;
    assert!(points.iter().all(|p| p.verdict == Verdict::NotAddressed && p.span.is_none()), "{points:?}");
    assert_eq!(judged(answer, "lock").verdict, Verdict::Contradicted);
}

#[test]
fn useful_is_not_used() {
    let mut question = stampede();
    question.rubric[2] = point("jitter", 1, &["useful"]);
    let answer = "We have used this for three years and nobody in the office ever complained.";
    assert_eq!(grader().grade(&question, answer).unwrap().points[2].score, 0);
}

#[test]
fn the_questions_own_words_earn_only_beside_others() {
    let mut question = stampede();
    question.rubric[2] = point("jitter", 1, &["home page / jitter"]);
    let graded = |answer: &str| grader().grade(&question, answer).unwrap().points[2].score;
    assert_eq!(
        graded("The home page key vanishes at noon! Mutexes, queues, replicas, shards, leases, tokens, quorums."),
        0
    );
    assert_eq!(graded("I would render the home page ahead of time in a background job, before readers arrive."), 3);
}

#[test]
fn what_is_not_said_is_not_addressed() {
    let grade = grade("Honestly I would ask the platform group, since they own that part of the stack.");
    assert_eq!(grade.score, 0.0);
    assert!(grade.points.iter().all(|p| p.verdict == Verdict::NotAddressed && p.span.is_none()));
}

#[test]
fn another_language_is_graded_with_low_confidence_and_nothing_addressed() {
    let hebrew = "כאשר המפתח פג תוקף אלפי בקשות פונות בבת אחת אל מסד הנתונים כדי לחשב אותו ערך";
    let english =
        "When the key expires thousands of requests at once recompute it, so I would add a lock and some jitter.";
    let (foreign, native) = (grade(hebrew), grade(english));
    assert!(foreign.points.iter().all(|p| p.verdict == Verdict::NotAddressed));
    assert!(foreign.confidence < 0.1 && native.confidence > 0.3, "{} {}", foreign.confidence, native.confidence);
}

#[test]
fn a_long_sentence_is_quoted_from_where_it_matters() {
    let answer = format!("{} and in the end we added jitter to it", "we talked about many things é ".repeat(20));
    let span = judged(&answer, "jitter").span.unwrap();
    assert!(span.starts_with("jitter") && answer.contains(&span) && span.chars().count() <= SPAN_MAX);
}

#[test]
fn markdown_mentions_and_line_ends_change_nothing() {
    let plain = "The key expires and everyone recomputes at once. Use a lock and jitter.";
    let marked =
        "@everyone **The key** `expires` and\u{a0}everyone __recomputes__ at once.\r\n> Use a `lock` and ~~_jitter_~~.";
    assert_eq!(grade(plain).score, grade(marked).score);
}

#[test]
fn a_question_outside_the_bank_is_graded_even_under_a_banks_slug() {
    let mut other = stampede();
    other.rubric = vec![point("only", 1, &["umbrella"])];
    let grade = grader().grade(&other, "When it rains in the data center I hold an umbrella over it.").unwrap();
    assert_eq!((grade.points.len(), grade.score), (1, 1.0));
}

#[test]
fn time_grows_with_the_length_and_not_faster() {
    let (question, grader) = (stampede(), grader());
    let unit = "lock at once serve the random hit O(n expire, not ";
    let timed = |answer: String| {
        let fastest = (0..5).map(|_| {
            let start = Instant::now();
            let _ = grader.grade(&question, &answer);
            start.elapsed()
        });
        fastest.min().unwrap()
    };
    let (short, long) = (timed(unit.repeat(100)), timed(unit.repeat(1_600)));
    assert!(long < short * 16 * 6 + Duration::from_millis(20), "{short:?} for 5 kB, {long:?} for 80 kB");
}

proptest! {
    #[test]
    fn any_text_gives_the_same_grade_twice_with_spans_of_its_own(answer in "\\PC{0,400}|([a-z]{1,9}[ .,'-]){0,80}|(lock |not |jitter|at once|\u{301}|O\\(|\n|%|’s ){0,60}") {
        let (question, grader) = (stampede(), grader());
        let first = grader.grade(&question, &answer);
        prop_assert_eq!(&first, &grader.grade(&question, &answer));
        prop_assert_eq!(first.as_ref().err().copied(), grader.gate(&question, &answer));
        if let Ok(grade) = first {
            prop_assert!((0.0..=1.0).contains(&grade.score) && (0.0..=SUREST).contains(&grade.confidence));
            for point in grade.points {
                let span = point.span.unwrap_or_default();
                prop_assert!(answer.contains(&span) && span.chars().count() <= SPAN_MAX);
                prop_assert_eq!(span.is_empty(), point.verdict == Verdict::NotAddressed);
            }
        }
    }
}
