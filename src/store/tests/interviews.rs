//! Interviews and their turns: one at a time, one answer a turn, and never half a step.

use super::super::{InterviewRow, NewInterview, NewTurn, Store};
use super::{ANA, AWKWARD, BEN, GUILD, Kept, at, fresh, grade};
use crate::domain::ids::{ChannelId, MemberId, MessageId};
use crate::domain::interview::{Interview, Plan, Style, scorecard};
use crate::domain::samples::{self, slug};
use crate::domain::taxonomy::{Level, Track};

fn plan() -> Plan {
    Plan {
        track: Track::SystemDesign,
        style: Style::Pressure,
        level: Level::Senior,
        minutes: 30,
        questions: vec![slug("q0"), slug("q1")],
    }
}

fn interview(id: &str, member: MemberId, thread: u64) -> NewInterview {
    NewInterview {
        id: id.to_owned(),
        member,
        server: Some(GUILD),
        channel: ChannelId(u64::MAX),
        thread: ChannelId(thread),
        plan: plan(),
    }
}

fn turn(seq: u32, point: Option<&str>) -> NewTurn {
    NewTurn {
        seq,
        question: slug("q0"),
        point: point.map(slug),
        asked: format!("Question {seq}?"),
        asked_by: "bank".to_owned(),
        feedback: (seq > 1).then(|| "Good.".to_owned()),
    }
}

/// Ana's interview `i` in thread 7, begun at second 0 with its first turn.
async fn begun() -> Kept {
    let store = fresh().await;
    assert!(store.begin_interview(&interview("i", ANA, 7), &turn(1, None), at(0)).await.unwrap());
    store
}

async fn end(store: &Store, id: &str) -> bool {
    let bank = samples::bank(3);
    let card = scorecard(&Interview::start(plan()), &bank);
    store.end_interview(id, "ended by the candidate", &card, at(500)).await.unwrap()
}

#[tokio::test]
async fn an_interview_comes_back_as_it_began_by_every_way_to_it() {
    let store = begun().await;
    let expected = InterviewRow {
        id: "i".to_owned(),
        member: ANA,
        server: Some(GUILD),
        channel: ChannelId(u64::MAX),
        thread: ChannelId(7),
        plan: plan(),
        started_at: at(0),
        seen_message: None,
        ended_at: None,
        end_reason: None,
        scorecard: None,
        scorecard_posted: false,
        tries: 0,
    };
    assert_eq!(store.interview("i").await.unwrap(), Some(expected.clone()));
    assert_eq!(store.interview_in(ChannelId(7)).await.unwrap(), Some(expected.clone()));
    assert_eq!(store.running_interview(ANA).await.unwrap(), Some(expected.clone()));
    assert_eq!(store.running_interviews().await.unwrap(), [expected]);
    let turns = store.turns("i").await.unwrap();
    assert_eq!((&turns[0].turn, turns[0].asked_at, turns.len()), (&turn(1, None), at(0), 1));
    assert_eq!(store.interview("never-was").await.unwrap(), None);
    assert_eq!(store.interview_in(ChannelId(8)).await.unwrap(), None);
    assert_eq!(store.running_interview(BEN).await.unwrap(), None);
}

#[tokio::test]
async fn a_second_interview_of_a_member_or_in_a_thread_is_refused_and_leaves_nothing() {
    let store = begun().await;
    assert!(!store.begin_interview(&interview("j", ANA, 8), &turn(1, None), at(1)).await.unwrap());
    assert!(!store.begin_interview(&interview("k", BEN, 7), &turn(1, None), at(1)).await.unwrap());
    assert_eq!(store.turns("j").await.unwrap(), []);
    assert!(store.begin_interview(&interview("l", BEN, 9), &turn(1, None), at(1)).await.unwrap());
    assert!(end(&store, "i").await);
    assert!(store.begin_interview(&interview("m", ANA, 10), &turn(1, None), at(2)).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_starts_at_once_begin_one_interview() {
    let store = fresh().await;
    let starts: Vec<_> = (0..4)
        .map(|n| {
            let store = store.clone();
            let new = interview(&format!("i{n}"), ANA, 100 + n);
            tokio::spawn(async move { store.begin_interview(&new, &turn(1, None), at(0)).await.unwrap() })
        })
        .collect();
    let mut begun = 0;
    for start in starts {
        begun += usize::from(start.await.unwrap());
    }
    assert_eq!((begun, store.running_interviews().await.unwrap().len()), (1, 1));
}

#[tokio::test]
async fn a_turn_takes_one_answer_and_a_source_answers_once() {
    let store = begun().await;
    assert!(!store.answer_known("modal:1").await.unwrap());
    assert!(store.answer_turn("i", 1, "First.", "modal:1", at(10)).await.unwrap());
    assert!(store.answer_known("modal:1").await.unwrap());
    assert!(!store.answer_turn("i", 1, "Second.", "modal:2", at(11)).await.unwrap());
    store.add_turn("i", &turn(2, Some("point-1")), at(12)).await.unwrap();
    assert!(!store.answer_turn("i", 2, "First again.", "modal:1", at(13)).await.unwrap());
    assert!(!store.answer_turn("i", 3, "To nothing.", "modal:3", at(13)).await.unwrap());
    assert!(!store.answer_turn("gone", 1, "To nothing.", "modal:4", at(13)).await.unwrap());
    let turns = store.turns("i").await.unwrap();
    assert_eq!(turns[0].answer, Some(("First.".to_owned(), at(10), "modal:1".to_owned())));
    assert_eq!((turns[1].answer.as_ref(), &turns[1].turn), (None, &turn(2, Some("point-1"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_answers_at_once_one_is_stored() {
    let store = begun().await;
    let answers: Vec<_> = (0..4)
        .map(|n| {
            let store = store.clone();
            let source = format!("modal:{n}");
            tokio::spawn(async move { store.answer_turn("i", 1, &source, &source, at(10)).await.unwrap() })
        })
        .collect();
    let mut stored = 0;
    for answer in answers {
        stored += usize::from(answer.await.unwrap());
    }
    assert_eq!(stored, 1);
}

#[tokio::test]
async fn a_grade_and_the_turn_that_follows_are_stored_together_or_not_at_all() {
    let store = begun().await;
    store.answer_turn("i", 1, "Well.", "modal:1", at(10)).await.unwrap();
    store.add_turn("i", &turn(2, None), at(11)).await.unwrap();
    // Turn 2 exists, so that the pair cannot be stored: then neither may the grade.
    let clash = turn(2, Some("point-0"));
    assert!(store.judged("i", 1, &grade(&[3, 3, 0, 0]), Some(&clash), at(12)).await.is_err());
    assert_eq!(store.turns("i").await.unwrap()[0].grade, None);
    let follows = turn(3, Some("point-0"));
    assert!(store.judged("i", 1, &grade(&[3, 3, 0, 0]), Some(&follows), at(12)).await.unwrap());
    let turns = store.turns("i").await.unwrap();
    assert_eq!((turns[0].grade.clone(), &turns[2].turn), (Some(grade(&[3, 3, 0, 0])), &follows));
}

#[tokio::test]
async fn a_turn_is_judged_once_and_only_while_the_interview_runs() {
    let store = begun().await;
    store.answer_turn("i", 1, "Well.", "modal:1", at(10)).await.unwrap();
    assert!(store.judged("i", 1, &grade(&[1, 1, 1, 1]), None, at(12)).await.unwrap());
    assert!(!store.judged("i", 1, &grade(&[3, 3, 3, 3]), Some(&turn(2, None)), at(13)).await.unwrap());
    assert_eq!(store.turns("i").await.unwrap().len(), 1);
    assert_eq!(store.turns("i").await.unwrap()[0].grade, Some(grade(&[1, 1, 1, 1])));
    store.add_turn("i", &turn(2, None), at(14)).await.unwrap();
    assert!(end(&store, "i").await);
    assert!(!store.judged("i", 2, &grade(&[1, 1, 1, 1]), None, at(15)).await.unwrap());
    assert!(!store.answer_turn("i", 2, "Late.", "modal:9", at(15)).await.unwrap());
}

#[tokio::test]
async fn a_turn_is_added_once_and_never_to_an_interview_that_is_over() {
    let store = begun().await;
    store.add_turn("i", &turn(2, None), at(1)).await.unwrap();
    store.add_turn("i", &turn(2, Some("point-3")), at(2)).await.unwrap();
    assert_eq!(store.turns("i").await.unwrap()[1].turn, turn(2, None));
    end(&store, "i").await;
    store.add_turn("i", &turn(3, None), at(3)).await.unwrap();
    assert_eq!(store.turns("i").await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_interview_is_pending_while_it_is_the_bots_turn() {
    let store = begun().await;
    let pending = async |seconds| store.pending_interviews(at(seconds), 9).await.unwrap();
    assert_eq!(pending(0).await, ["i"], "the first turn is to be shown");
    store.retry_interview("i", at(30)).await.unwrap();
    assert_eq!(pending(29).await, [""; 0], "not before the next try");
    assert_eq!(store.interview("i").await.unwrap().unwrap().tries, 1);
    store.release_leases(at(5)).await.unwrap();
    assert_eq!(pending(5).await, ["i"], "a new process tries at once");
    store.turn_posted("i", 1, MessageId(u64::MAX)).await.unwrap();
    assert_eq!(pending(99).await, [""; 0], "the candidate has the word");
    let (row, turns) = (store.interview("i").await.unwrap().unwrap(), store.turns("i").await.unwrap());
    assert_eq!((row.tries, turns[0].message), (0, Some(MessageId(u64::MAX))));
    store.retry_interview("i", at(999)).await.unwrap();
    store.answer_turn("i", 1, "Well.", "modal:1", at(100)).await.unwrap();
    assert_eq!(pending(100).await, ["i"], "an answer is judged without delay");
    end(&store, "i").await;
    assert_eq!(pending(499).await, [""; 0]);
    assert_eq!(pending(500).await, ["i"], "the scorecard is owed");
    store.scorecard_posted("i").await.unwrap();
    assert_eq!(pending(9_999).await, [""; 0]);
}

#[tokio::test]
async fn an_interview_ends_once_with_its_scorecard() {
    let store = begun().await;
    assert!(end(&store, "i").await);
    assert!(!end(&store, "i").await);
    let row = store.interview("i").await.unwrap().unwrap();
    assert_eq!((row.ended_at, row.end_reason.as_deref()), (Some(at(500)), Some("ended by the candidate")));
    assert_eq!(row.scorecard, Some(scorecard(&Interview::start(plan()), &samples::bank(3))));
    assert_eq!(store.running_interviews().await.unwrap(), []);
    assert_eq!(store.past_interviews(BEN, 9).await.unwrap(), []);
}

#[tokio::test]
async fn past_interviews_come_newest_first() {
    let store = begun().await;
    end(&store, "i").await;
    store.begin_interview(&interview("j", ANA, 8), &turn(1, None), at(600)).await.unwrap();
    assert_eq!(store.past_interviews(ANA, 9).await.unwrap().len(), 1);
    end(&store, "j").await;
    let ids = |rows: Vec<InterviewRow>| rows.into_iter().map(|r| r.id).collect::<Vec<_>>();
    assert_eq!(ids(store.past_interviews(ANA, 9).await.unwrap()), ["j", "i"]);
    assert_eq!(ids(store.past_interviews(ANA, 1).await.unwrap()), ["j"]);
}

#[tokio::test]
async fn how_far_a_thread_was_read_never_goes_back() {
    let store = begun().await;
    for message in [5, 9, 7] {
        store.seen_message("i", MessageId(message)).await.unwrap();
    }
    assert_eq!(store.interview("i").await.unwrap().unwrap().seen_message, Some(MessageId(9)));
}

#[tokio::test]
async fn any_words_survive_as_question_and_as_answer() {
    let store = begun().await;
    let huge = "😀".repeat(250_000);
    for (n, text) in (2..).zip(AWKWARD.into_iter().chain([huge.as_str()])) {
        let asked = NewTurn { asked: text.to_owned(), feedback: Some(text.to_owned()), ..turn(n, None) };
        store.add_turn("i", &asked, at(0)).await.unwrap();
        assert!(store.answer_turn("i", n, text, &format!("modal:{n}"), at(1)).await.unwrap());
        let stored = store.turns("i").await.unwrap().pop().unwrap();
        assert!(stored.turn == asked && stored.answer.unwrap().0 == text, "turn {n}");
    }
}
