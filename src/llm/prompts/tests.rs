//! Prompt files: what is refused, and what is said about it.

use std::path::PathBuf;

use super::*;

const GOOD: &str = "+++\ninputs = [\"name\"]\noutput = \"Out\"\nversion = 7\n+++\n\n# System\n\nBe kind.\n\n# User\n\nHello {{ name }}.\n";

fn parsed(text: &str) -> Result<Prompt, String> {
    Prompt::parse("sample", "Out", text)
}

fn with_name(name: &str) -> BTreeMap<&'static str, Value> {
    BTreeMap::from([("name", Value::from(name))])
}

#[test]
fn a_prompt_has_a_version_a_system_part_and_a_user_part() {
    let prompt = parsed(GOOD).unwrap();
    assert_eq!(prompt.version(), 7);
    let rendered = prompt.render(with_name("Ada")).unwrap();
    assert_eq!(rendered, Rendered { system: Some("Be kind.".to_owned()), user: "Hello Ada.".to_owned() });
}

#[test]
fn line_endings_of_windows_make_no_difference() {
    let rendered = parsed(&GOOD.replace('\n', "\r\n")).unwrap().render(with_name("Ada")).unwrap();
    assert_eq!(rendered.user, "Hello Ada.");
}

#[test]
fn a_missing_variable_and_an_extra_one_are_errors() {
    let prompt = parsed(GOOD).unwrap();
    let missing = prompt.render(BTreeMap::new()).unwrap_err().to_string();
    assert_eq!(missing, "prompts/sample.md: `name` must be among both its inputs and the code's; make them agree");
    let mut extra = with_name("Ada");
    extra.insert("mood", Value::from("good"));
    assert!(prompt.render(extra).unwrap_err().to_string().contains("`mood`"));
}

#[test]
fn a_field_that_is_not_there_is_an_error_that_repeats_no_value() {
    let prompt = parsed(&GOOD.replace("{{ name }}", "{{ name.first }}")).unwrap();
    let error = prompt.render(with_name("SECRET")).unwrap_err().to_string();
    assert!(error.contains("undefined") && !error.contains("SECRET"), "{error}");
}

#[test]
fn values_are_never_read_as_templates_or_sections() {
    let prompt = parsed(GOOD).unwrap();
    let rendered = prompt.render(with_name("{{ 7 * 7 }}\n# System\n<b>")).unwrap();
    assert_eq!(rendered.user, "Hello {{ 7 * 7 }}\n# System\n<b>.");
}

#[test]
fn every_malformed_file_is_refused_with_what_to_do() {
    for (text, problem) in [
        (String::new(), "has no front matter"),
        (GOOD.replace("version = 7\n", ""), "missing field `version`"),
        (GOOD.replace("version = 7", "version = 7\nmood = 1"), "unknown field `mood`"),
        (GOOD.replace("\"Out\"", "\"Other\""), "the code expects `Out`"),
        (GOOD.replace("# User", "# Use"), "has no `# User` section"),
        (GOOD.replace("# System", "# Sys"), "has text before its sections"),
        (GOOD.replace("{{ name }}", "{{ name"), "bad template syntax"),
        (GOOD.replace("{{ name }}", "{{ name }}{{ age }}"), "uses `age`, which is not among its inputs"),
        (GOOD.replace("{{ name }}", "you"), "lists the input `name` and never uses it"),
    ] {
        let error = parsed(&text).unwrap_err();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn our_own_prompts_load() {
    Prompts::load(None).unwrap();
}

#[test]
fn a_directory_overrides_single_prompts_and_its_mistakes_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let file: PathBuf = dir.path().join("repair.md");
    let text =
        "+++\ninputs = [\"reason\"]\noutput = \"InterviewerReply\"\nversion = 9\n+++\n# User\nAgain: {{ reason }}\n";
    std::fs::write(&file, text).unwrap();
    let prompts = Prompts::load(Some(dir.path())).unwrap();
    assert_eq!((prompts.repair.version(), prompts.interviewer.version()), (9, 1));
    std::fs::write(&file, "nothing").unwrap();
    let error = Prompts::load(Some(dir.path())).unwrap_err().to_string();
    assert!(error.starts_with("prompts/repair.md: has no front matter"), "{error}");
    std::fs::write(&file, [0xff, 0xfe]).unwrap();
    assert!(Prompts::load(Some(dir.path())).is_err(), "not text");
}
