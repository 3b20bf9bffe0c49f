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

/// The questions of most tests' worlds: enough of every kind, and the same however the bank grows.
const SIXTEEN: [&str; 16] = [
    "ai/explain-embeddings",
    "ai/explain-retrieval-augmented-generation-rag",
    "behavioral/disagreed-with-technical-decision",
    "behavioral/production-incident",
    "behavioral/tell-me-about-yourself",
    "caching/cache-stampede",
    "databases/dynamodb-vs-postgresql",
    "distributed-systems/at-least-once-vs-exactly-once",
    "leadership/drive-migration",
    "leadership/mentor-operational-excellence",
    "system-design/design-rate-limiter",
    "system-design/design-url-shortener",
    "technical/connection-pooling",
    "technical/delete-vs-soft-delete",
    "technical/explain-idempotency",
    "technical/explain-rest-apis",
];

/// A content directory with the sixteen questions that tests count on.
pub fn sixteen() -> TempDir {
    bank_of(&SIXTEEN)
}

/// A content directory with only these questions.
pub fn bank_of(questions: &[&str]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for question in questions {
        let path = directory.path().join("questions").join(question).with_extension("md");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, with_related_among(questions, &read(question))).unwrap();
    }
    directory
}

/// The file with what it is related to cut to what is there.
fn with_related_among(questions: &[&str], text: &str) -> String {
    let is_there = |slug: &&str| questions.iter().any(|q| q.rsplit('/').next() == Some(slug.trim_matches([' ', '"'])));
    let cut = |line: &str| match line.strip_prefix("related = [").and_then(|rest| rest.strip_suffix(']')) {
        Some(slugs) => format!("related = [{}]", slugs.split(',').filter(is_there).collect::<Vec<_>>().join(",")),
        None => line.to_owned(),
    };
    text.lines().map(cut).collect::<Vec<_>>().join("\n") + "\n"
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
