//! What a reply may claim, and what it is believed.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::tests::{ANSWER, first_turn, good_reply, sample_question};
use super::*;

fn accepted(reply: &Value, answer: &str) -> Result<Accepted, Flaw> {
    accept(parse(&reply.to_string())?, &first_turn(&sample_question(), answer), "llm:x")
}

/// A reply that gives every point 3 on the quotes in turn.
fn quoting(quotes: [&str; 4]) -> Value {
    let mut reply = good_reply();
    for (point, quote) in reply["points"].as_array_mut().unwrap().iter_mut().zip(quotes) {
        point["score"] = json!(3);
        point["quote"] = json!(quote);
    }
    reply
}

fn scores(reply: &Value, answer: &str) -> Vec<u8> {
    accepted(reply, answer).unwrap().grade.points.iter().map(|point| point.score).collect()
}

#[test]
fn the_evidence_kept_is_the_answers_own_words() {
    let answer = "We STORE  the\n“idempotency” key’s hash, straße included.";
    let reply = quoting(["store the \"IDEMPOTENCY\"", "key's hash", "STRASSE", "Straße included."]);
    let grade = accepted(&reply, answer).unwrap().grade;
    let spans: Vec<_> = grade.points.iter().map(|point| point.span.as_deref()).collect();
    assert_eq!(spans, [Some("STORE  the\n“idempotency"), Some("key’s hash"), None, Some("straße included")]);
}

#[test]
fn a_quote_that_does_not_occur_or_says_nothing_earns_nothing() {
    assert_eq!(scores(&quoting(["two-phase commit", "", "the", " . "]), ANSWER), [0, 0, 0, 0]);
    assert_eq!(scores(&quoting(["retry", "", "", ""]), ""), [0, 0, 0, 0]);
}

#[test]
fn the_same_words_carry_at_most_two_points() {
    let quote = "Then a retry finds the old result";
    assert_eq!(scores(&quoting([quote; 4]), ANSWER), [3, 3, 0, 0]);
}

#[test]
fn a_quote_without_a_score_means_that_the_answer_says_the_opposite() {
    let mut reply = good_reply();
    reply["points"][3]["quote"] = json!("a retry finds the old result");
    let points = accepted(&reply, ANSWER).unwrap().grade.points;
    assert_eq!((points[3].verdict, points[3].score), (Verdict::Contradicted, 0));
    assert_eq!((points[2].verdict, &points[2].span), (Verdict::NotAddressed, &None));
    assert_eq!(points[0].verdict, Verdict::Covered);
}

#[test]
fn scores_beyond_the_scale_are_cut_to_it() {
    let mut reply = good_reply();
    reply["points"][0]["score"] = json!(200);
    assert_eq!(scores(&reply, ANSWER)[0], POINT_MAX);
    reply["points"][0]["score"] = json!(-1);
    assert_eq!(accepted(&reply, ANSWER), Err(Flaw::NotJson));
}

#[test]
fn a_point_left_out_is_a_flaw_and_of_two_judgements_the_first_counts() {
    let mut reply = good_reply();
    let points = reply["points"].as_array_mut().unwrap();
    points.push(json!({ "id": "expiry", "score": 3, "quote": "Then a retry" }));
    assert_eq!(scores(&reply, ANSWER), [3, 2, 0, 0]);
    reply["points"].as_array_mut().unwrap().remove(0);
    assert_eq!(accepted(&reply, ANSWER), Err(Flaw::PointsMissing(1)));
}

#[test]
fn confidence_falls_with_every_claim_that_has_no_evidence() {
    let all = accepted(&good_reply(), ANSWER).unwrap().grade.confidence;
    let half = quoting(["an idempotency key", "same transaction", "nowhere said", "not said"]);
    let half = accepted(&half, ANSWER).unwrap().grade.confidence;
    assert!((all - 0.8).abs() < 1e-9 && (half - 0.4).abs() < 1e-9, "{all} {half}");
}

#[test]
fn with_no_probes_left_the_interview_moves_on_whatever_the_model_wants() {
    let question = sample_question();
    let turn = InterviewTurn { probes_left: 0, ..first_turn(&question, ANSWER) };
    let reply = parse(&good_reply().to_string()).unwrap();
    assert_eq!(accept(reply, &turn, "llm:x").unwrap().next, Next::MoveOn);
}

#[test]
fn moving_on_needs_neither_a_message_nor_a_point() {
    let mut reply = good_reply();
    reply["next"] = json!("move_on");
    reply["message"] = json!("@everyone, next!");
    reply["probe_point"] = Value::Null;
    assert_eq!(accepted(&reply, ANSWER).unwrap().next, Next::MoveOn);
}

#[test]
fn the_pressure_style_shows_no_feedback() {
    let question = sample_question();
    let turn = InterviewTurn { coached: false, ..first_turn(&question, ANSWER) };
    let reply = parse(&good_reply().to_string()).unwrap();
    assert_eq!(accept(reply, &turn, "llm:x").unwrap().feedback, None);
}

#[test]
fn the_coached_style_may_go_without_feedback_but_not_with_any() {
    let mut reply = good_reply();
    for nothing in [Value::Null, json!(" ")] {
        reply["feedback"] = nothing;
        assert_eq!(accepted(&reply, ANSWER).unwrap().feedback, None);
    }
    reply["feedback"] = json!("Ask @everyone.");
    assert!(matches!(accepted(&reply, ANSWER), Err(Flaw::Feedback(_))));
}

#[test]
fn the_object_is_found_among_prose_thoughts_and_fences() {
    let object = good_reply().to_string();
    for text in [
        object.clone(),
        format!("Here:\n```json\n{object}\n```\nDone."),
        format!("<think>Braces {{ like these }} confuse.</think>{object}"),
    ] {
        assert!(parse(&text).is_ok(), "{text}");
    }
    for text in ["", "\u{feff} \n"] {
        assert!(parse(text).is_err());
    }
    for text in ["null", "[]", "{}", "{\"points\": 3}", &object[..object.len() - 1], "🔥", "{{{{"] {
        assert_eq!(parse(text), Err(Flaw::NotJson), "{text}");
    }
}

#[test]
fn what_a_forgetful_model_omits_has_a_harmless_meaning() {
    let reply = parse(r#"{"points": [], "next": "move_on", "mood": "sunny"}"#).unwrap();
    assert_eq!((reply.message.as_str(), reply.probe_point, reply.feedback), ("", None, None));
}

proptest! {
    #[test]
    fn any_piece_of_an_answer_is_found_again_as_a_piece_of_it(answer in "\\PC{0,60}", from in 0_usize..60, len in 0_usize..60) {
        let piece: String = answer.chars().skip(from).take(len).collect();
        let folded = Folded::new(&answer);
        match folded.find(&piece) {
            Some(span) => prop_assert!(answer.contains(span)),
            None => prop_assert!(piece.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).count() < QUOTE_CHARS_MIN),
        }
    }

    #[test]
    fn no_text_makes_parsing_panic(text in "[\\PC{}\"\\[\\]:,]{0,200}") {
        let _ = parse(&text);
    }
}
