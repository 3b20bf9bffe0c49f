//! What only shows across a bank: copied sentences, answers that pass for others, holes.

use super::handbook::guide;
use super::*;

#[test]
fn a_sentence_may_stand_in_one_file_only() {
    let long = "A sentence of more than eight words that nobody should copy.";
    let with = |name: &str| GOOD.replacen("title = \"", &format!("title = \"{name} "), 1);
    let strong = |text: String| text.replacen("## Strong answer\n\n", &format!("## Strong answer\n\n{long} "), 1);
    let (one, two) = (strong(with("Uno")), with("Due"));
    let faults = faults_of(&[("questions/technical/a.md", one.as_bytes()), ("questions/cloud/b.md", two.as_bytes())]);
    assert!(!faults.contains(&long.to_lowercase()[2..20]), "{faults}");
    assert!(faults.contains("is also in questions/"), "the rest of the two is the same: {faults}");
    let guide = guide("TEXT", &format!("{long} TEXT"));
    let files: [(&str, &[u8]); 2] = [("questions/technical/a.md", one.as_bytes()), ("guides/g.md", guide.as_bytes())];
    let faults = faults_of(&files);
    assert!(faults.contains("guides/g.md: the sentence \"sentence of more than eight"), "{faults}");
}

#[test]
fn a_strong_answer_that_passes_for_another_question_is_reported() {
    let other = GOOD.replacen("title = \"", "title = \"Another: ", 1);
    let files: [(&str, &[u8]); 2] =
        [("questions/technical/a.md", GOOD.as_bytes()), ("questions/technical/b.md", other.as_bytes())];
    assert!(faults_of(&files).contains("the strong answer of b scores 1.00 here; the limit is 0.30 or less"));
    let apart: [(&str, &[u8]); 2] =
        [("questions/technical/a.md", GOOD.as_bytes()), ("questions/cloud/b.md", other.as_bytes())];
    assert!(!faults_of(&apart).contains("the strong answer of"), "another category is another conversation");
}

#[test]
fn a_complete_bank_has_no_holes_and_a_small_one_names_them() {
    let (_dir, source) = bank(&[("questions/technical/q.md", GOOD.as_bytes())]);
    let holes = coverage::holes(&load(&source).unwrap());
    for hole in [
        "skill kafka: first in 0 questions, at least 3 are wanted",
        "category coding: 0 questions, at least 30 are wanted",
        "stage offer: 0 questions, at least 8 are wanted",
        "track technical, intern: 0 minutes of questions, at least 30 are wanted",
        "a loop for intern: no 2 questions are left for the stage resume-screen",
    ] {
        assert!(holes.iter().any(|h| h == hole), "{hole} is not in {holes:#?}");
    }
    assert_eq!(coverage::holes(&load(&Source::Embedded).unwrap()), [""; 0]);
}
