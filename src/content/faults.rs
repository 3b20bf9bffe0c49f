//! What is wrong with the content, for the person who will put it right.
//!
//! Faults are collected, never returned one at a time. Left out on purpose: severities. Content is right or it is not.

use std::fmt;

/// One thing that is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file, relative to the content directory, with forward slashes.
    pub file: String,
    /// The line, counted from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong, with the limit it breaks.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

/// Every fault that was found, in the order of files and lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds one.
    pub fn add(&mut self, file: &str, line: usize, what: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Fault { file: file.to_owned(), line, what: what.into(), remedy: remedy.into() });
    }

    /// Adds all of another list.
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The faults by file, line and text, each once.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Fault> {
        let mut all: Vec<&Fault> = self.0.iter().collect();
        all.sort();
        all.dedup();
        all
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sorted = self.sorted();
        let mut files: Vec<&str> = sorted.iter().map(|fault| fault.file.as_str()).collect();
        files.dedup();
        for fault in &sorted {
            match fault.line {
                0 => write!(f, "{}: ", fault.file)?,
                line => write!(f, "{}:{line}: ", fault.file)?,
            }
            writeln!(f, "{}\n    {}", fault.what, fault.remedy)?;
        }
        writeln!(f, "\n{} in {}", counted(sorted.len(), "fault"), counted(files.len(), "file"))?;
        write!(f, "hint: questions/_template.md shows every field; `coach content lint` checks again.")
    }
}

impl std::error::Error for Faults {}

/// `1 fault`, `2 faults`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_listed_by_file_and_line_once_each_with_a_count_and_a_hint() {
        let mut faults = Faults::default();
        faults.add("b.md", 2, "later", "fix it");
        faults.add("a.md", 10, "ten", "fix it");
        faults.add("a.md", 9, "nine", "fix it");
        faults.add("a.md", 9, "nine", "fix it");
        faults.add("a.md", 0, "whole file", "fix it");
        let text = faults.to_string();
        let firsts: Vec<_> = text.lines().filter(|l| l.contains(": ") && l.contains(".md:")).collect();
        assert_eq!(firsts, ["a.md: whole file", "a.md:9: nine", "a.md:10: ten", "b.md:2: later"]);
        assert!(text.contains("\n4 faults in 2 files\nhint: "), "{text}");
    }
}
