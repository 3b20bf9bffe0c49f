//! `coach practice` as a person or a script meets it: the real program, fed through a pipe.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A sentence that any grader of prose lets through.
const ANSWER: &str = "A retry after a timeout can repeat the effect, so the client sends an idempotency key and the \
                      server stores it under a unique constraint in the same transaction as the change.";

/// Runs `coach practice` in `folder` with `typed` on its standard input.
fn practise(folder: &Path, arguments: &[&str], variables: &[(&str, &str)], typed: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_coach"))
        .arg("practice")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that has refused its arguments no longer reads.
    let _ = child.stdin.take().unwrap().write_all(typed);
    child.wait_with_output().unwrap()
}

/// What a run printed, having checked that it ended well and complained of nothing.
fn printed(output: Output) -> String {
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success() && err.is_empty(), "{err}\n{out}");
    assert!(!out.contains('\u{1b}'), "escape sequences in a pipe: {out:?}");
    out
}

#[test]
fn an_answer_is_scored_counted_and_remembered_by_the_next_run() {
    let here = tempfile::tempdir().unwrap();
    let first = printed(practise(here.path(), &["--topic", "api-design"], &[], format!("{ANSWER}\n\nq\n").as_bytes()));
    assert!(first.contains("Why this one: You have not met "), "{first}");
    assert!(first.contains(" of 100\n") && first.contains("Not addressed: "), "{first}");
    assert!(first.contains("Streak: 1 day. Graded by rubric-1"), "{first}");
    assert!(first.ends_with("Goodbye. Your streak stands at 1 day.\n"), "{first}");
    assert!(here.path().join("coach.db").exists());
    let second = printed(practise(here.path(), &[], &[], b"/quit\n"));
    assert!(second.contains("Your streak stands at 1 day."), "{second}");
}

#[test]
fn the_day_after_the_streak_waits_and_an_answer_prolongs_it() {
    let here = tempfile::tempdir().unwrap();
    let run = |offset: &str| {
        let typed = format!("{ANSWER}\n\n");
        printed(practise(here.path(), &[], &[("COACH_CLOCK__OFFSET_SECONDS", offset), ("TZ", "UTC")], typed.as_bytes()))
    };
    run("0");
    let next_day = run("86400");
    assert!(next_day.contains("Your streak of 1 day waits for today's answer."), "{next_day}");
    assert!(next_day.contains("Streak: 2 days."), "{next_day}");
}

#[test]
fn hints_cost_a_retry_compares_and_the_model_answer_is_a_key_away() {
    let here = tempfile::tempdir().unwrap();
    let typed = format!("/hint\n{ANSWER}\n\nr\n{ANSWER}\nIt also keeps the first response.\n\nwhat?\nm\nq\n");
    let out = printed(practise(here.path(), &["--topic", "rest-api"], &[], typed.as_bytes()));
    for expected in ["Hint 1 of ", "1 hint took ", "Once more, then.", "Type r, m, n or q.", "Model answer\n"] {
        assert!(out.contains(expected), "{expected} is missing from: {out}");
    }
    assert!(out.contains(" of 100, up from ") || out.contains(" of 100, as before"), "{out}");
}

#[test]
fn nothing_typed_is_refused_unkindly_or_stored() {
    let here = tempfile::tempdir().unwrap();
    let huge = "word ".repeat(200_000);
    let typed =
        format!("\n\u{1f980}\u{1f468}\u{200d}\u{1f4bb}\n\nno\n\n{huge}\n\n/hnit\n\u{202e}שלום\0 @everyone\r\n\r\n");
    let mut typed = typed.into_bytes();
    typed.extend(b"\xff\xfe\n\n");
    let out = printed(practise(here.path(), &[], &[], &typed));
    assert_eq!(out.matches("I could not find any words in that.").count(), 3, "{out}");
    assert!(out.contains("That is too short to grade fairly."), "{out}");
    assert!(out.contains("That is 1000000 characters; the most is 4000."), "{out}");
    assert!(out.contains("There is no /hnit here. /help lists what there is."), "{out}");
    assert!(out.ends_with("Goodbye. One answer starts a streak whenever you like.\n"), "{out}");
}

#[test]
fn a_revealed_question_earns_nothing() {
    let here = tempfile::tempdir().unwrap();
    let out = printed(practise(here.path(), &[], &[], format!("/reveal\n{ANSWER}\n\n").as_bytes()));
    assert!(out.contains("practice from here on") && out.contains("Practice after a reveal: not counted."), "{out}");
    assert!(out.ends_with("Goodbye. One answer starts a streak whenever you like.\n"), "{out}");
}

#[test]
fn every_question_can_be_skipped_without_end() {
    let here = tempfile::tempdir().unwrap();
    let out = printed(practise(here.path(), &["--level", "senior"], &[], "/skip\n".repeat(40).as_bytes()));
    assert_eq!(out.matches("Why this one: ").count(), 41, "{out}");
}

#[test]
fn what_cannot_be_asked_for_is_refused_with_what_can() {
    let here = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str]| {
        let output = practise(here.path(), arguments, &[], b"");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&["--topic", "kafak"]).starts_with("error: there is no topic \"kafak\"; choose one of "));
    assert!(refused(&["--category", "\u{1b}[31m"]).starts_with("error: there is no category \"[31m\"; choose one of "));
    assert!(refused(&["--level", "boss"]).contains("choose one of intern, junior, mid"));
}

#[test]
fn a_database_that_cannot_be_used_is_one_sentence_and_exit_code_1() {
    let here = tempfile::tempdir().unwrap();
    std::fs::write(here.path().join("diary.db"), "Dear diary, this is not a database at all. ".repeat(99)).unwrap();
    for (url, expected) in [
        ("sqlite://no/such/folder/coach.db", "check that its folder exists and that this user may write to it\n"),
        ("sqlite://diary.db", "restore it from a backup or choose another file\n"),
    ] {
        let output = practise(here.path(), &[], &[("DATABASE_URL", url)], b"");
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{text}");
        assert!(text.starts_with("error: ") && text.ends_with(expected) && text.lines().count() == 1, "{text}");
    }
    let output = practise(here.path(), &[], &[("DATABASE_URL", "postgres://host/db")], b"");
    assert_eq!(output.status.code(), Some(2));
}
