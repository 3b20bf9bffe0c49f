//! What is read beside the questions: cut into pages, checked, and everything wrong told at its line.

use super::*;

const GUIDE: &str = "+++\ntitle = \"A guide\"\ntopic = \"loop\"\nsummary = \"What one gets out of reading it.\"\n\
                     questions = [\"q\"]\ncommands = [\"/question\"]\nas_of = \"2026-11\"\n+++\n\n## One\n\nTEXT\n\n## Two\n\nTEXT\n";

pub(super) fn guide(from: &str, to: &str) -> String {
    let changed = GUIDE.replacen(from, to, 1);
    changed.replace("TEXT", &"Say what was measured, and how. ".repeat(8))
}

/// What is said of a handbook of these files beside one good question.
fn handbook_faults(files: &[(&str, &str)]) -> String {
    let question: (&str, &[u8]) = ("questions/technical/q.md", GOOD.as_bytes());
    let files: Vec<(&str, &[u8])> =
        std::iter::once(question).chain(files.iter().map(|(path, text)| (*path, text.as_bytes()))).collect();
    let (_dir, source) = bank(&files);
    load(&source).map(|_| String::new()).unwrap_or_else(|faults| faults.to_string())
}

#[test]
fn a_guide_is_cut_into_pages_and_linked() {
    let text = guide("", "");
    let (_dir, source) = bank(&[("questions/technical/q.md", GOOD.as_bytes()), ("guides/a-guide.md", text.as_bytes())]);
    let loaded = load(&source).unwrap();
    let article = loaded.article_named("A guide").unwrap();
    let titles: Vec<&str> = article.pages.iter().map(|page| page.title.as_str()).collect();
    assert_eq!((titles, article.as_of.as_deref()), (vec!["One", "Two"], Some("2026-11")));
    assert_eq!(article.questions.len(), 1);
}

#[test]
fn each_thing_wrong_with_a_guide_is_said_at_its_line() {
    for (from, to, said) in [
        ("topic = \"loop\"", "topic = \"lop\"", "guides/g.md:3: `topic`: there is no `lop`\n    did you mean `loop`?"),
        ("[\"q\"]", "[\"qq\"]", "guides/g.md:5: `questions`: there is no `qq`"),
        ("[\"/question\"]", "[\"question\"]", "guides/g.md:6: `question` is no command"),
        ("2026-11", "2026-13", "guides/g.md:7: `as_of` is not a month: `2026-13`"),
        ("title = ", "titel = ", "guides/g.md:2: unknown key `titel`\n    did you mean `title`?"),
        ("## One", "One", "guides/g.md:10: text before the first page"),
        ("## Two\n\nTEXT", "## Two\n\nShort.", "the page `Two` has 6 characters; the limit is 200 to 1800"),
        ("+++\ntitle", "title", "guides/g.md:1: the file does not begin with front matter"),
    ] {
        let faults = handbook_faults(&[("guides/g.md", &guide(from, to))]);
        assert!(faults.contains(said), "{from} -> {to}:\n{faults}");
    }
    let faults = handbook_faults(&[("guides/kafka.md", &guide("", "")), ("guides/Not A Slug.md", &guide("", ""))]);
    assert!(faults.contains("guides/kafka.md: `kafka` is also the name of a skill"), "{faults}");
    assert!(faults.contains("guides/Not A Slug.md: the file name is not a slug"), "{faults}");
}

#[test]
fn lists_are_read_whole_and_every_fault_in_them_is_told() {
    let checklist = "title = \"The day before\"\nwhen = \"The evening before an interview.\"\n\
                     [[item]]\nid = \"sleep\"\ntext = \"Sleep enough\"\nwhy = \"Tired people ramble.\"\n\
                     [[item]]\nid = \"sleep\"\ntext = \"x\"\nwhy = \"Tired people ramble.\"\n";
    let plan = "title = \"One week\"\nsummary = \"From nothing to something.\"\n\
                [[emphasis]]\nlevel = \"guru\"\ntext = \"More of everything.\"\n\
                [[week]]\ntitle = \"Look around\"\ngoal = \"You know where you stand.\"\noutput = \"A list of gaps.\"\n\
                [[week.task]]\nid = \"Read It\"\ntext = \"Read the posting twice.\"\nminutes = 1\npractise = \"question\"\n";
    let skills = "[[skill]]\nslug = \"kafak\"\nasked = \"Short.\"\njunior = \"\"\nmid = 3\n";
    let files = [("checklists/day-before.toml", checklist), ("plans/one-week.toml", plan), ("skills.toml", skills)];
    insta::assert_snapshot!(handbook_faults(&files));
}

#[test]
fn a_bank_without_a_handbook_reads_the_one_the_program_carries() {
    let (_dir, source) = bank(&[("questions/technical/q.md", GOOD.as_bytes())]);
    let (own, embedded) = (load(&source).unwrap(), load(&Source::Embedded).unwrap());
    assert_eq!(own.handbook, embedded.handbook);
    assert!(lint(&source).faults.is_empty(), "what it names elsewhere is no fault of this bank");
}
