//! Answering: what is stored, what counts, and what trains.

use std::collections::HashSet;

use super::{ANA, BEN, Bench, GUILD, refusal};
use crate::app::Who;
use crate::app::practice::{Answered, Showing};
use crate::domain::bank::Wanted;
use crate::domain::grade::{HINT_COST, after_hints};
use crate::domain::ids::MemberId;
use crate::domain::samples::{self, slug};
use crate::domain::topics::{RuleKind, TopicRule};

#[tokio::test]
async fn what_the_gate_turns_away_leaves_nothing() {
    let bench = Bench::real().await;
    let showing = bench.show(ANA).await;
    let echo = bench.question(showing.question.as_str()).unwrap().prompt.clone();
    for text in ["", " \r\n\t", "🦀🦀", "no", "asdfgh qwerty zxcvbn hjkl", "\0", &echo] {
        let answered = bench.answer(ANA, &showing, text, text).await.unwrap();
        assert!(matches!(answered, Answered::TurnedAway(_)), "{text:?}: {answered:?}");
    }
    let progress = bench.progress(ANA).await.unwrap();
    assert_eq!((progress.totals.attempts, progress.streak.current, progress.skills_met), (0, 0, 0));
}

#[tokio::test]
async fn a_question_that_was_shown_does_not_come_again_while_others_remain() {
    let bench = Bench::new(samples::bank(6)).await;
    let mut shown = HashSet::new();
    for _ in 0..6 {
        assert!(shown.insert(bench.show(ANA).await.question));
    }
    assert!(shown.contains(&bench.show(ANA).await.question));
}

#[tokio::test]
async fn a_strong_answer_scores_well_and_begins_a_streak() {
    let bench = Bench::real().await;
    let graded = bench.practise(ANA, "1").await;
    assert!(graded.score > 0.6, "{}", graded.score);
    assert_eq!((graded.streak.current, graded.streak.today_done, graded.counts), (1, true, true));
    assert_eq!((graded.previous, graded.hints), (None, 0));
    bench.practise(ANA, "2").await;
    assert_eq!(bench.progress(ANA).await.unwrap().streak.current, 1);
    assert_eq!(bench.progress(BEN).await.unwrap().streak.current, 0);
}

#[tokio::test]
async fn hints_cost_points_and_come_to_an_end() {
    let bench = Bench::real().await;
    let showing = bench.show(ANA).await;
    let points = bench.question(showing.question.as_str()).unwrap().rubric.len();
    let first = bench.hint(ANA, &showing).await.unwrap();
    assert_eq!((first.number, first.of), (1, points));
    let graded = bench.graded(ANA, &showing, "1", &bench.strong(&showing)).await;
    assert_eq!((graded.hints, graded.score), (1, after_hints(graded.grade.score, 1)));
    assert!((graded.grade.score - graded.score - HINT_COST).abs() < 1e-9);
    for number in 2..=points {
        assert_eq!(bench.hint(ANA, &showing).await.unwrap().number as usize, number);
    }
    assert!(refusal(bench.hint(ANA, &showing).await).starts_with("You have had every hint"));
}

#[tokio::test]
async fn an_answer_after_a_reveal_is_stored_and_earns_nothing() {
    let bench = Bench::real().await;
    let showing = bench.show(ANA).await;
    bench.reveal(ANA, &showing).await.unwrap();
    let graded = bench.graded(ANA, &showing, "1", &bench.strong(&showing)).await;
    assert!(!graded.counts);
    let progress = bench.progress(ANA).await.unwrap();
    assert_eq!((progress.totals.attempts, progress.streak.current, progress.skills_met), (1, 0, 0));
}

#[tokio::test]
async fn reading_the_model_answer_after_an_attempt_forfeits_nothing() {
    let bench = Bench::real().await;
    let showing = bench.show(ANA).await;
    bench.graded(ANA, &showing, "1", &bench.strong(&showing)).await;
    bench.reveal(ANA, &showing).await.unwrap();
    assert!(bench.graded(ANA, &showing, "2", &bench.strong(&showing)).await.counts);
    // Somebody else's reveal of the same drop is not mine either.
    bench.reveal(BEN, &showing).await.unwrap();
    assert!(bench.graded(ANA, &showing, "3", &bench.strong(&showing)).await.counts);
}

#[tokio::test]
async fn a_retry_shows_the_difference_and_only_the_first_try_trains() {
    let bench = Bench::real().await;
    let showing = bench.show(ANA).await;
    let weak = bench.question(showing.question.as_str()).unwrap().weak_answer.clone();
    let first = bench.graded(ANA, &showing, "1", &weak).await;
    let skills = bench.store.masteries(ANA.member).await.unwrap();
    let second = bench.graded(ANA, &showing, "2", &bench.strong(&showing)).await;
    assert_eq!(second.previous, Some(first.score));
    assert!(second.score > first.score);
    assert!(!skills.is_empty());
    assert_eq!(bench.store.masteries(ANA.member).await.unwrap(), skills);
    assert_eq!(bench.progress(ANA).await.unwrap().totals.attempts, 2);
}

#[tokio::test]
async fn an_event_that_arrives_twice_is_one_attempt_with_the_first_result() {
    let bench = Bench::real().await;
    let showing = bench.show(ANA).await;
    let first = bench.graded(ANA, &showing, "1", &bench.strong(&showing)).await;
    let weak = bench.question(showing.question.as_str()).unwrap().weak_answer.clone();
    let again = bench.graded(ANA, &showing, "1", &weak).await;
    assert_eq!((&again.attempt, again.score, again.previous), (&first.attempt, first.score, None));
    assert_eq!(bench.progress(ANA).await.unwrap().totals.attempts, 1);
}

#[tokio::test]
async fn a_result_is_its_owners_alone() {
    let bench = Bench::real().await;
    let graded = bench.practise(ANA, "1").await;
    let mine = bench.graded_attempt(ANA, &graded.attempt).await.unwrap();
    assert_eq!((mine.score, mine.serving), (graded.score, graded.serving));
    assert!(refusal(bench.graded_attempt(BEN, &graded.attempt).await).starts_with("That result is someone else's."));
    assert!(refusal(bench.graded_attempt(ANA, "never-was").await).starts_with("That result is no longer stored."));
}

#[tokio::test]
async fn everyone_in_the_channel_answers_a_drop_for_themselves() {
    let bench = Bench::real().await;
    let question = bench.bank.questions()[0].slug.clone();
    let drop = Showing { serving: "drop".to_owned(), question };
    bench.hint(ANA, &drop).await.unwrap();
    let ana = bench.graded(ANA, &drop, "1", &bench.strong(&drop)).await;
    let ben = bench.graded(BEN, &drop, "2", &bench.strong(&drop)).await;
    assert_eq!((ana.hints, ben.hints, ben.previous), (1, 0, None));
}

#[tokio::test]
async fn a_pool_without_questions_is_explained_by_what_emptied_it() {
    let bench = Bench::new(samples::bank(3)).await;
    let wanted = |topic: &str| Wanted { topics: vec![slug(topic)], ..Wanted::default() };
    let sentence = refusal(bench.pick_question(ANA, &wanted("kafka")).await);
    assert_eq!(sentence, "The bank has no question for topic Kafka. Leave one of these out, or choose another.");
    let rule = TopicRule { kind: RuleKind::Category, slug: slug("databases"), weight: 0 };
    bench.store.set_topic_rules(GUILD, &[rule]).await.unwrap();
    let sentence = refusal(bench.pick_question(ANA, &Wanted::default()).await);
    assert_eq!(sentence, "This server's topics leave no question. A moderator can change them with /topics.");
    assert!(refusal(bench.pick_question(ANA, &wanted("s0")).await).contains("leave no question for topic s0."));
    // A server's rules end at its door.
    let at_home = Who { member: MemberId::LOCAL, server: None };
    assert!(bench.pick_question(at_home, &Wanted::default()).await.is_ok());
}

#[tokio::test]
async fn a_button_of_a_retired_question_says_so() {
    let bench = Bench::real().await;
    let gone = Showing { serving: "s".to_owned(), question: slug("long-gone") };
    for sentence in [
        refusal(bench.hint(ANA, &gone).await),
        refusal(bench.reveal(ANA, &gone).await),
        refusal(bench.answer(ANA, &gone, "1", "whatever").await),
    ] {
        assert_eq!(sentence, "That question has been retired from the bank. Use /question for a current one.");
    }
}

#[tokio::test]
async fn awkward_words_around_an_answer_change_neither_it_nor_anything_else() {
    let bench = Bench::real().await;
    let showing = bench.show(ANA).await;
    let around = "\u{202e}@everyone **<@1>** `'; DROP TABLE attempts;--` \0 שלום 👩‍💻\r\n";
    let text = format!("{around}{}{around}", bench.strong(&showing));
    let graded = bench.graded(ANA, &showing, "1", &text).await;
    for span in graded.grade.points.iter().filter_map(|p| p.span.as_deref()) {
        assert!(text.contains(span), "{span:?} is not in the answer");
    }
    assert_eq!(bench.graded_attempt(ANA, &graded.attempt).await.unwrap().grade, graded.grade);
}
