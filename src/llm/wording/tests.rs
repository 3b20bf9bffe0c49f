//! What may be said to a candidate.

use super::super::interviewer::Said;
use super::super::tests::{ANSWER, PROBE, first_turn, sample_question};
use super::*;

fn asked(text: &str) -> Result<String, TextFlaw> {
    question(text, &first_turn(&sample_question(), ANSWER))
}

fn fed_back(text: &str) -> Result<String, TextFlaw> {
    feedback(text, &first_turn(&sample_question(), ANSWER))
}

#[test]
fn a_plain_question_passes_and_is_trimmed() {
    assert_eq!(asked(&format!("  {PROBE}\n")), Ok(PROBE.to_owned()));
    for good in ["What breaks first? Take your time.", "为什么？", "لماذا؟", "Why 🔥?", "Is p99 < 20 ms, or > 20 ms?"]
    {
        assert!(asked(good).is_ok(), "{good}");
    }
}

#[test]
fn a_question_has_exactly_one_question_mark_and_some_words() {
    assert_eq!(asked("Tell me more."), Err(TextFlaw::NotOneQuestion(0)));
    assert_eq!(asked("Why? How?"), Err(TextFlaw::NotOneQuestion(2)));
    assert_eq!(asked("Why？ How?"), Err(TextFlaw::NotOneQuestion(2)));
    for empty in ["", "   ", "?", "🔥?", "\u{200b}?"] {
        assert_eq!(asked(empty), Err(TextFlaw::Empty), "{empty}");
    }
}

#[test]
fn length_is_counted_in_characters() {
    assert!(asked(&format!("{}?", "é".repeat(599))).is_ok());
    assert_eq!(asked(&format!("{}?", "é".repeat(600))), Err(TextFlaw::TooLong(600)));
    assert!(fed_back(&"é".repeat(300)).is_ok());
    assert_eq!(fed_back(&"é".repeat(301)), Err(TextFlaw::TooLong(300)));
}

#[test]
fn feedback_asks_nothing() {
    assert_eq!(fed_back("Good, but why?"), Err(TextFlaw::Asks));
}

#[test]
fn nothing_that_discord_turns_into_more_than_text() {
    for bad in [
        "@everyone, why?",
        "@EVERYONE why?",
        "Why, @here?",
        "Why, <@123>?",
        "Why, <@&123>?",
        "In <#1>, why?",
        "Run </mock:1>, why?",
        "<:smile:1> why?",
        "When <t:1> why?",
        "See https://x.y, why?",
        "See HTTP://x, why?",
        "See www.x.y, why?",
        "See [this](x), why?",
        "# Why?",
        "So\n## why?",
        "-# why?",
        "> why?",
        "- why?",
        "1. why?",
        "```why?```",
        "||why||?",
        "Why \u{202e}not?",
        "Why\u{200b} not?",
        "Why\u{7} not?",
        "Why\r\nnot?",
    ] {
        assert!(matches!(asked(bad), Err(TextFlaw::Forbidden(_))), "{bad:?} gave {:?}", asked(bad));
        assert!(matches!(fed_back(&bad.replace('?', ".")), Err(TextFlaw::Forbidden(_))), "{bad:?}");
    }
}

#[test]
fn nothing_is_asked_twice_not_even_in_other_dress() {
    let question_asked = sample_question();
    let said = |speaker, text: &str| Said { speaker, text: text.to_owned() };
    let conversation = [said(Speaker::Interviewer, "Why did you choose Postgres?"), said(Speaker::Candidate, "And X?")];
    let turn = InterviewTurn { conversation: &conversation, ..first_turn(&question_asked, ANSWER) };
    for again in ["why did you choose postgres?", "So why did you choose Postgres?", &question_asked.prompt] {
        assert_eq!(question(again, &turn), Err(TextFlaw::Repeated), "{again}");
    }
    for new in ["Why did you choose Kafka then?", "And X?"] {
        assert!(question(new, &turn).is_ok(), "{new}");
    }
}

#[test]
fn six_words_in_a_row_from_a_secret_text_give_it_away_and_five_do_not() {
    assert_eq!(asked("Is it that a unique constraint lets exactly one win?"), Err(TextFlaw::Leak));
    assert_eq!(asked("Is it that A UNIQUE, constraint -- lets exactly ONE win?"), Err(TextFlaw::Leak));
    assert!(asked("Is it that a unique constraint lets exactly two win?").is_ok());
    for secret in [
        "Would you say that each attempt carries a key chosen by someone?",
        "Is it true that a method name promises nothing that matters?",
        "Do you do reconciliation with the card network overnight anywhere?",
        "Can you think about what expiry would mean here?",
    ] {
        assert_eq!(asked(secret), Err(TextFlaw::Leak), "{secret}");
    }
}

#[test]
fn what_the_candidate_said_or_the_bank_asks_is_no_secret() {
    let question_asked = sample_question();
    let answer = "A unique constraint lets exactly one of two simultaneous attempts win.";
    let turn = first_turn(&question_asked, answer);
    assert!(question("You say a unique constraint lets exactly one of two attempts win; how?", &turn).is_ok());
    assert!(question(&question_asked.rubric[3].probe, &turn).is_ok());
}

#[test]
fn a_short_rubric_point_leaks_as_a_whole() {
    let mut short = sample_question();
    short.rubric[0].point = "Retries need jitter.".to_owned();
    let turn = first_turn(&short, ANSWER);
    assert_eq!(question("Do retries need jitter here?", &turn), Err(TextFlaw::Leak));
    assert!(question("Do retries need anything here?", &turn).is_ok());
}

#[test]
fn several_new_ideas_or_ids_at_once_give_the_rubric_away() {
    assert_eq!(
        asked("Would you want a unique index, a row lock, or garbage collection with a time to live?"),
        Err(TextFlaw::Leak)
    );
    assert!(asked("Would you want a row lock, and why?").is_ok());
    assert_eq!(asked("Shall we do same-transaction or concurrent-duplicates next?"), Err(TextFlaw::Leak));
    assert!(asked("Are concurrent-duplicates a worry to you?").is_ok(), "one hyphenated word is only a word");
}
