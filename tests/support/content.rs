//! The bank's own sample answers, and banks with fewer questions.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

/// What a very good candidate says to a question, named as in `caching/cache-stampede`.
pub fn strong_answer(question: &str) -> String {
    section(question, "Strong answer")
}

/// An honest answer to a question that misses most of it.
pub fn weak_answer(question: &str) -> String {
    let section = section(question, "Weak answer");
    section.split("Why it fails:").next().unwrap().trim().to_owned()
}

/// A content directory with only these questions.
pub fn bank_of(questions: &[&str]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for question in questions {
        let path = directory.path().join("questions").join(question).with_extension("md");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // What a question is related to may not be among them.
        let text = read(question);
        let lines = text.lines().map(|line| if line.starts_with("related = ") { "related = []" } else { line });
        fs::write(path, lines.collect::<Vec<_>>().join("\n")).unwrap();
    }
    directory
}

fn read(question: &str) -> String {
    let path = Path::new("content/questions").join(question).with_extension("md");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn section(question: &str, name: &str) -> String {
    let text = read(question);
    let (_, rest) = text.split_once(&format!("## {name}\n")).unwrap();
    rest.split("\n## ").next().unwrap().trim().to_owned()
}
