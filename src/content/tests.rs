//! What the loader and the linter promise, on small banks in temporary directories.

mod bank;
mod handbook;

use std::fs;

use proptest::prelude::*;
use tempfile::TempDir;

use super::stats::Stats;
use super::*;
use crate::domain::taxonomy::Level;

const GOOD: &str = include_str!("../../content/questions/_template.md");

/// A bank of these files, with the embedded taxonomy.
fn bank(files: &[(&str, &[u8])]) -> (TempDir, Source) {
    let dir = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let full = dir.path().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, bytes).unwrap();
    }
    let source = Source::Directory(dir.path().to_owned());
    (dir, source)
}

fn faults_of(files: &[(&str, &[u8])]) -> String {
    let (_dir, source) = bank(files);
    lint(&source).faults.to_string()
}

/// The faults of the template with one change.
fn after(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "the template has no {from:?}");
    faults_of(&[("questions/technical/q.md", GOOD.replacen(from, to, 1).as_bytes())])
}

#[test]
fn the_shipped_bank_has_no_faults() {
    let checked = lint(&Source::Embedded);
    assert!(checked.faults.is_empty(), "{}", checked.faults);
    assert_eq!(load(&Source::Embedded).unwrap().questions().len(), checked.questions);
}

#[test]
fn the_template_is_a_faultless_question_that_is_never_asked() {
    let (_dir, source) = bank(&[("questions/technical/q.md", GOOD.as_bytes())]);
    assert!(lint(&source).faults.is_empty(), "{}", lint(&source).faults);
    let loaded = load(&source).unwrap();
    let question = loaded.get("q").unwrap();
    assert_eq!(question.category.as_str(), "technical");
    assert!(!question.weak_reason.is_empty() && !question.weak_answer.contains("Why it fails"));
    assert_eq!(question.by_level.iter().map(|(l, _)| *l).collect::<Vec<_>>(), question.levels);
    assert!(load(&Source::Embedded).unwrap().get("template").is_none());
}

#[test]
fn a_broken_template_stops_the_linter_and_not_the_bot() {
    let (_dir, source) = bank(&[("questions/technical/q.md", GOOD.as_bytes()), ("questions/_template.md", b"nothing")]);
    assert!(load(&source).is_ok());
    assert!(lint(&source).faults.to_string().starts_with("questions/_template.md:1: "));
}

#[test]
fn bytes_that_are_no_question_are_refused_with_a_remedy() {
    let huge = vec![b'x'; 10 * 1024 * 1024];
    let crlf = GOOD.replace('\n', "\r\n");
    let bom = format!("\u{feff}{GOOD}");
    for (bytes, expected) in [
        (&huge[..], "q.md: the file has 10485760 bytes; the limit is 65536"),
        (b"+++\ntitle = \"caf\xe9\"\n+++\n", "q.md:2: the file is not UTF-8"),
        (b"", "q.md:1: the file does not begin with front matter"),
        (b"+++\ntitle = \"x\"\n", "q.md:1: the front matter never ends"),
        (crlf.as_bytes(), "q.md:1: the file has carriage returns (CRLF)"),
        (bom.as_bytes(), "q.md:1: the file begins with a byte order mark"),
    ] {
        let found = faults_of(&[("questions/technical/q.md", bytes)]);
        assert!(found.contains(expected) && found.contains("1 fault in 1 file"), "{expected}: {found}");
        let (_dir, source) = bank(&[("questions/technical/q.md", bytes)]);
        assert!(load(&source).is_err(), "{expected}");
    }
}

#[test]
fn a_file_in_the_wrong_place_or_with_a_bad_name_is_refused() {
    let good = GOOD.as_bytes();
    let found = faults_of(&[
        ("questions/loose.md", good),
        ("questions/technical/deep/er.md", good),
        ("questions/chacing/a.md", good),
        ("questions/technical/Bad Name.md", good),
    ]);
    assert!(found.contains("questions/loose.md: a question lies in questions/<category>/"), "{found}");
    assert!(found.contains("questions/technical/deep/er.md: a question lies in"), "{found}");
    assert!(found.contains("there is no category `chacing`\n    did you mean `caching`?"), "{found}");
    assert!(found.contains("Bad Name.md: the folder or file name is not a slug"), "{found}");
}

#[test]
fn an_empty_or_missing_directory_is_a_fault() {
    assert!(faults_of(&[]).contains("questions: cannot be read"));
    assert!(faults_of(&[("questions/readme.txt", b"hello")]).contains("there is no question"));
}

#[test]
fn limits_of_the_front_matter_are_enforced_at_their_line() {
    for (from, to, expected) in [
        ("minutes = ", "minutes = 9", "`minutes` is 9"),
        ("minutes = ", "minutes = \"x\" #", "`minutes` is of the wrong kind (string)"),
        ("minutes = ", "minuts = ", "unknown key `minuts`\n    did you mean `minutes`?"),
        ("weight = ", "weight = 0 # ", "rubric 1: `weight` is 0; the limit is 1 to 3"),
        ("title = \"", "title = \"Why\" # ", "`title` has 3 characters; the limit is 8 to 256"),
        ("levels = [", "levels = [\"staff\", ", "is out of order"),
        ("levels = [", "levels = [\"medium\", ", "there is no level `medium`"),
        ("skills = [", "skills = [\"reddis\", ", "`skills`: there is no `reddis`\n    did you mean `redis`?"),
        ("related = [", "related = [\"q\", ", "no other question `q`\n    a question does not relate to itself"),
        ("related = [", "related = [\"no-such\", ", "no other question `no-such`"),
        ("probe = \"", "proeb = \"", "rubric 1: `probe` is missing"),
    ] {
        let found = after(from, to);
        assert!(found.contains(expected), "{expected}: {found}");
        assert!(found.contains("q.md:"), "{found}");
    }
}

#[test]
fn limits_of_discord_are_enforced() {
    let long = "x".repeat(400);
    let prompt = format!("## Question\n\n{}", "long story ".repeat(150));
    for (from, to, expected) in [
        ("hint = \"", format!("hint = \"{long}"), "`hint` has"),
        ("probe = \"", format!("probe = \"{long}"), "`probe` has"),
        ("point = \"", format!("point = \"{long}"), "`point` has"),
        ("says = \"", format!("says = \"{long}"), "`says` has"),
        ("title = \"", format!("title = \"{long}"), "`title` has"),
        ("## Question\n", prompt, "the question has"),
        ("## Follow-ups\n\n- ", format!("## Follow-ups\n\n- {long}"), "a follow-up has"),
        ("## Strong answer\n", format!("## Strong answer\n\n{}", "word ".repeat(900)), "the strong answer has"),
    ] {
        let found = after(from, &to);
        assert!(found.contains(expected) && found.contains("the limit is"), "{expected}: {found}");
    }
}

#[test]
fn invisible_characters_and_untidy_line_ends_are_reported_by_the_linter_only() {
    for (to, expected) in [
        ("## Approach \n", "white space at the end of the line"),
        ("## Approach\n\u{202e}evil", "the invisible character U+202E"),
        ("## Approach\n\ta tab", "the invisible character U+0009"),
    ] {
        let text = GOOD.replacen("## Approach\n", to, 1);
        let (_dir, source) = bank(&[("questions/technical/q.md", text.as_bytes())]);
        assert!(load(&source).is_ok());
        assert!(lint(&source).faults.to_string().contains(expected), "{}", lint(&source).faults);
    }
    let unended = GOOD.trim_end();
    assert!(faults_of(&[("questions/technical/q.md", unended.as_bytes())]).contains("exactly one line end"));
}

#[test]
fn two_files_of_one_question_are_noticed_by_slug_title_words_and_opening() {
    let found =
        faults_of(&[("questions/technical/q.md", GOOD.as_bytes()), ("questions/caching/q.md", GOOD.as_bytes())]);
    for expected in [
        "its slug is also that of questions/caching/q.md",
        "its title is also that of",
        "100% of its title and rubric",
        "the question opens \"",
    ] {
        assert!(found.contains(expected), "{expected}: {found}");
    }
}

#[test]
fn a_rubric_that_does_not_work_on_its_own_samples_is_reported() {
    let (_, cue) = GOOD.split_once("cues = [\"").unwrap();
    let alternative = cue.split(" / ").next().unwrap();
    let found = after("probe = \"", &format!("probe = \"Would {alternative} help? "));
    assert!(found.contains("the probe gives away its cue"), "{found}");
    let found = after("cues = [\"", "cues = [\"zebra crossing\", \"");
    assert!(found.contains("the strong answer never meets the cue \"zebra crossing\""), "{found}");
    let (before, rest) = GOOD.split_once("## Weak answer\n").unwrap();
    let (_, strong) = before.split_once("## Strong answer\n").unwrap();
    let (_, reason) = rest.split_once("Why it fails: ").unwrap();
    let twice = format!("{before}## Weak answer\n{strong}Why it fails: {reason}");
    let found = faults_of(&[("questions/technical/q.md", twice.as_bytes())]);
    assert!(found.contains("the weak answer scores 1.00; the limit is 0.40 or less"), "{found}");
    assert!(found.contains("0.00 lies between the samples' scores"), "{found}");
    let found = after("## Strong answer\n", "## Strong answer\n\nDone.\n\n## Strong answer\n");
    assert!(
        found.contains("does not pass the effort gate") || found.contains("a second `## Strong answer`"),
        "{found}"
    );
}

#[test]
fn a_directory_may_bring_its_own_taxonomy() {
    let taxonomy = include_str!("../../content/taxonomy.toml").replace("slug = \"technical\"", "slug = \"plumbing\"");
    let taxonomy = taxonomy.replace("\"technical\"", "\"plumbing\"").replacen(
        "{ slug = \"plumbing\", name = \"Technical\", categories",
        "{ slug = \"technical\", name = \"Technical\", categories",
        1,
    );
    let (_dir, source) = bank(&[("taxonomy.toml", taxonomy.as_bytes()), ("questions/plumbing/q.md", GOOD.as_bytes())]);
    let loaded = load(&source).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(loaded.questions()[0].category.as_str(), "plumbing");
}

#[test]
fn statistics_count_a_question_under_its_first_skill_and_every_level() {
    let (_dir, source) = bank(&[("questions/technical/q.md", GOOD.as_bytes())]);
    let bank = load(&source).unwrap();
    let stats = Stats::of(&bank);
    let question = bank.get("q").unwrap();
    assert_eq!(stats.skills.rows.len(), bank.taxonomy.skills.len());
    assert_eq!(stats.skills.rows.iter().map(|(_, all, _)| all).sum::<usize>(), 1);
    let (_, all, by_level) = stats.skills.rows.iter().find(|(slug, ..)| slug == question.primary_skill()).unwrap();
    let asked = Level::ALL.map(|l| usize::from(question.levels.contains(&l)));
    assert_eq!((*all, by_level.as_slice()), (1, asked.as_slice()));
    let separation = stats.separation.as_ref().unwrap();
    assert!(separation.worst >= 0.4 && separation.worst_question.as_str() == "q");
    let text = stats.to_text();
    assert!(text.starts_with("1 question\n") && text.contains("\n- skill kafka: first in 0 questions"), "{text}");
    assert!(serde_json::to_value(&stats).unwrap()["questions"] == 1);
}

#[test]
fn the_export_has_every_question_in_full() {
    let (_dir, source) = bank(&[("questions/technical/q.md", GOOD.as_bytes())]);
    let bank = load(&source).unwrap();
    let json = export::to_json(&bank);
    let question = &json["questions"][0];
    assert_eq!(question["slug"], "q");
    assert_eq!(question["strong_answer"], bank.questions()[0].strong_answer.as_str());
    assert_eq!(question["rubric"].as_array().unwrap().len(), bank.questions()[0].rubric.len());
    assert!(question.as_object().unwrap().values().all(|v| !v.is_null()));
}

#[test]
fn a_thoroughly_broken_bank_is_listed_whole() {
    let broken = include_str!("tests/broken.md");
    let no_sections = "+++\ntitle = [\nminutes = 5\n+++\n";
    let listed = faults_of(&[
        ("questions/technical/broken.md", broken.as_bytes()),
        ("questions/technical/no-sections.md", no_sections.as_bytes()),
        ("questions/technical/latin1.md", b"+++\n\xff\n+++\n"),
        ("questions/puzzles/Q.md", b"no front matter"),
        ("questions/loose.md", b""),
    ]);
    insta::assert_snapshot!(listed);
}

proptest! {
    #[test]
    fn a_mangled_file_gives_faults_at_lines_it_has_and_never_panics(
        cut in 0..GOOD.len(),
        removed in 0..400_usize,
        inserted in "(\\PC{0,20}|[\\[\\]\"=+#\n\r\t-]{0,20})",
    ) {
        let mut bytes = GOOD.as_bytes().to_vec();
        bytes.splice(cut..(cut + removed).min(GOOD.len()), inserted.into_bytes());
        let lines = 2 + bytes.iter().filter(|b| matches!(b, b'\n' | b'\r')).count();
        let file = File { path: "questions/technical/q.md".to_owned(), bytes: bytes.into() };
        let taxonomy: Taxonomy = toml::from_str(include_str!("../../content/taxonomy.toml")).unwrap();
        let mut faults = Faults::default();
        let draft = parse::question(&file, Some(&taxonomy), &mut faults);
        prop_assert!(faults.sorted().iter().all(|f| f.line <= lines), "{}", faults);
        prop_assert_eq!(draft.is_some_and(|d| d.sound), faults.is_empty());
    }
}
