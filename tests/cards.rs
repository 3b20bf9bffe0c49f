//! Every card stays within Discord's limits, whatever the content, the answer and the grade: at the limits of what content
//! may hold, with whatever someone may type.

use std::sync::Arc;

use coach::app::practice::{Graded, Served, Showing};
use coach::discord::render::{Card, practice};
use coach::domain::grade::{Gate, Grade, PointGrade, Verdict};
use coach::domain::ids::Slug;
use coach::domain::question::{Misconception, Question, RubricPoint};
use coach::domain::streak::Streak;
use coach::domain::taxonomy::{Level, Taxonomy};
use coach::playground::limits::{MessageKind, check_message, check_modal};
use coach::store::NewServing;
use proptest::prelude::*;
use serenity::all::{CreateInteractionResponseMessage, CreateMessage};

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

/// A question in which everything is as long as the content's limits allow, made of `text`.
fn longest_question(text: &str) -> Question {
    let long = |limit: usize| text.chars().cycle().take(limit).collect::<String>();
    let names = |n: usize| (0..n).map(|i| slug(&format!("{}-{i}", "s".repeat(46)))).collect::<Vec<_>>();
    let point = |n: usize| RubricPoint {
        id: slug(&format!("point-{n}")),
        point: long(200),
        weight: 3,
        cues: Vec::new(),
        probe: long(300),
        hint: long(300),
    };
    Question {
        slug: slug(&"q".repeat(Slug::MAX_LEN)),
        category: slug("caching"),
        title: long(256),
        skills: names(6),
        stages: names(4),
        levels: Level::ALL.to_vec(),
        minutes: 60,
        frameworks: names(8),
        competencies: Vec::new(),
        related: names(8),
        sources: vec![long(200); 8],
        rubric: (0..7).map(point).collect(),
        misconceptions: vec![Misconception { says: long(300), correction: long(300) }; 6],
        prompt: long(1_499),
        why_they_ask: long(4_096),
        approach: long(4_096),
        strong_answer: long(4_096),
        weak_answer: long(4_096),
        weak_reason: long(1_024),
        follow_ups: vec![long(300); 6],
        by_level: vec![(Level::Mid, long(1_024))],
    }
}

fn verdicts() -> impl Strategy<Value = Verdict> {
    prop_oneof![Just(Verdict::Covered), Just(Verdict::NotAddressed), Just(Verdict::Contradicted)]
}

/// Text that is trouble: Markdown, mentions, several scripts, signs of no width.
fn trouble(longest: usize) -> impl Strategy<Value = String> {
    let any = proptest::collection::vec(any::<char>(), 1..=longest).prop_map(|chars| chars.into_iter().collect());
    let marks = proptest::collection::vec("[*_~`|>#@<\\[\\]()א\u{202e}🎉\u{200b} \r\n]", 1..=longest)
        .prop_map(|pieces| pieces.concat());
    prop_oneof![any, marks, Just("`".repeat(longest)), Just("@everyone ".repeat(longest / 10))]
}

fn graded(question: &Arc<Question>, points: Vec<(u8, Verdict, Option<String>)>, hints: u32, score: f64) -> Graded {
    let judged = question.rubric.iter().zip(points).map(|(point, (score, verdict, span))| PointGrade {
        id: point.id.clone(),
        score,
        verdict,
        span,
    });
    Graded {
        attempt: "a".repeat(32),
        serving: Some("b".repeat(32)),
        question: Arc::clone(question),
        grade: Grade::from_points(question, &"g".repeat(60), judged.collect(), score),
        score,
        hints,
        previous: Some(1.0 - score),
        counts: hints.is_multiple_of(2),
        follow_up: question.rubric.first().cloned(),
        streak: Streak { current: u32::MAX, best: u32::MAX, ..Streak::default() },
    }
}

/// Whether Discord would take the card as a reply and as a post.
fn check(what: &str, card: &Card) -> Result<(), TestCaseError> {
    let reply = serde_json::to_value(CreateInteractionResponseMessage::from(card.clone())).unwrap();
    let post = serde_json::to_value(CreateMessage::from(card.clone())).unwrap();
    for (body, kind) in [(reply, MessageKind::InteractionReply), (post, MessageKind::Create)] {
        let judged = check_message(&body, kind);
        prop_assert!(judged.is_ok(), "{what}: {judged:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn cards_of_the_longest_question_and_any_answer_are_ones_discord_takes(
        words in trouble(40),
        answer in trouble(4_000),
        points in proptest::collection::vec((0..=9u8, verdicts(), proptest::option::of(trouble(200))), 7),
        (hints, score) in (0..=7u32, 0.0..=1.0f64),
    ) {
        let question = Arc::new(longest_question(&words));
        let taxonomy = Taxonomy::default();
        let graded = graded(&question, points, hints, score);
        check("a result", &practice::result(&graded))?;
        check("a shared result", &practice::shared(&graded, u64::MAX))?;
        check("a model answer", &practice::model_answer(&question, true))?;
        for gate in [Gate::Empty, Gate::TooShort, Gate::EchoedQuestion, Gate::Gibberish] {
            check("a turned-away answer", &practice::turned_away(gate, &answer))?;
        }
        let showing = Showing { serving: "c".repeat(32), question: question.slug.clone() };
        let serving = NewServing { id: "c".repeat(32), member: None, server: None, question: question.slug.clone() };
        let served = Served { serving, question: Arc::clone(&question), reason: words.repeat(3) };
        check("a question", &practice::served(&served, &taxonomy))?;
        let form = serde_json::to_value(practice::form(&question, &showing)).unwrap();
        prop_assert!(check_modal(&form).is_ok(), "{:?}", check_modal(&form));
    }
}
