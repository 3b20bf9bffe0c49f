//! What people see in the terminal, as snapshots.

use std::sync::Arc;

use super::*;
use crate::domain::samples::{self, slug};
use crate::store::NewServing;

const PAGE: Page = Page { width: 72, bold: false };

fn streak(current: u32, today_done: bool) -> Streak {
    Streak { current, today_done, ..Streak::default() }
}

/// A question with something in every part.
fn question() -> Question {
    let mut question = samples::question("q0", "postgresql");
    question.prompt =
        "A **job** queue lives in one table.\n\n- workers poll it every second\n- each takes the oldest row, \
                       works for a minute, and deletes it afterwards\n\n```sql\nSELECT * FROM jobs ORDER BY id LIMIT 1 \
                       FOR UPDATE\n```\n\nWhy is it slow?"
            .to_owned();
    question.strong_answer = "Every worker waits for the same row.\n\nSo they take turns.".to_owned();
    question.approach = "1. Say who waits.\n2. Say for what.".to_owned();
    question.misconceptions = vec![crate::domain::question::Misconception {
        says: "more workers help".to_owned(),
        correction: "They wait as well.".to_owned(),
    }];
    question.sources = vec!["PostgreSQL documentation: Explicit Locking".to_owned()];
    question
}

fn graded() -> Graded {
    let question = Arc::new(question());
    let mut grade = samples::grade(&question, &[3, 1, 0, 0]);
    grade.points[0].span = Some("they wait \u{1b}[2J for\nthe **same** row @everyone \u{202e}".to_owned());
    grade.points[1].span = Some("lock ".repeat(100));
    grade.points[2].verdict = Verdict::Contradicted;
    Graded {
        attempt: "a".to_owned(),
        serving: Some("s".to_owned()),
        follow_up: grade.weakest(&question, |_| false).cloned(),
        question,
        score: grade.score,
        grade,
        hints: 0,
        previous: None,
        counts: true,
        streak: streak(1, true),
    }
}

#[test]
fn a_question_is_wrapped_with_its_lists_its_code_and_its_reason() {
    let serving = NewServing { id: "s".to_owned(), member: None, server: None, question: slug("q0") };
    let reason = "You have not met PostgreSQL yet.".to_owned();
    let served = Served { serving, question: Arc::new(question()), reason };
    insta::assert_snapshot!(PAGE.question(&served, &samples::taxonomy()));
}

#[test]
fn a_result_names_every_point_with_the_words_it_rests_on() {
    insta::assert_snapshot!(PAGE.result(&graded()));
}

#[test]
fn a_result_says_what_hints_took_and_how_it_compares() {
    let with = |score, hints, previous, counts| {
        let text = PAGE.result(&Graded { score, hints, previous, counts, ..graded() });
        let last = text.trim_end().rsplit("\n\n").next().unwrap_or_default().replace('\n', " ");
        format!("{} | {last}", text.lines().skip(1).take(2).collect::<Vec<_>>().join(" "))
    };
    let score = graded().score;
    let shown = [
        with(score, 0, Some(0.2), true),
        with(score, 0, Some(0.9), true),
        with(score, 0, Some(score), true),
        with(score - 0.1, 1, None, true),
        with(score - 0.2, 2, None, false),
    ];
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_model_answer_says_what_is_often_wrong_and_where_it_is_from() {
    insta::assert_snapshot!(PAGE.model_answer(&question(), true));
    assert!(!PAGE.model_answer(&question(), false).contains("practice from here on"));
}

#[test]
fn the_small_things() {
    let hint = Hint { text: "Ask who waits for whom, and for how long they do so.".to_owned(), number: 2, of: 4 };
    let shown = [
        PAGE.welcome(16, &streak(0, false)),
        PAGE.welcome(16, &streak(3, false)),
        PAGE.hint(&hint),
        PAGE.turned_away(Gate::TooShort),
        PAGE.farewell(&streak(0, false)),
        PAGE.farewell(&streak(1, true)),
        PAGE.farewell(&streak(12, false)),
    ];
    insta::assert_snapshot!(shown.join("=====\n"));
}

#[test]
fn escapes_are_for_terminals_only_and_never_come_from_an_answer() {
    assert!(!PAGE.result(&graded()).contains('\u{1b}'));
    let bold = Page { bold: true, ..PAGE }.result(&graded());
    assert!(bold.starts_with("\n\u{1b}[1m52 of 100\u{1b}[0m\n"), "{bold}");
    assert!(!bold.contains("\u{1b}[2J") && !bold.contains('\u{202e}'));
}

#[test]
fn text_is_never_wider_than_the_page_nor_absurdly_narrow() {
    for (columns, width) in [(0, NARROWEST), (60, 60), (5_000, WIDEST)] {
        let page = Page::new(columns, false);
        assert_eq!(page.width, width);
        let text = page.result(&graded());
        assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
    }
}
