//! House rules that a machine can check: sizes, opening lines, names, and metrics that are described.

use std::path::Path;

use crate::layers::sources;

/// The longest file, in lines.
const FILE_LINES: usize = 400;

/// The longest function, in lines, from `fn` to its closing brace.
const FUNCTION_LINES: usize = 60;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 5] = ["utils", "helpers", "common", "types", "manager"];

/// Every file the rules apply to, with its path from the project's root.
fn house() -> Vec<(String, String)> {
    let folders = ["src", "tests", "benches"].into_iter().filter(|folder| Path::new(folder).is_dir());
    let files = folders.flat_map(|folder| {
        sources(folder).into_iter().map(move |(path, text)| (format!("{folder}/{}", path.display()), text))
    });
    files.collect()
}

/// Fails with one line a finding.
fn refuse(findings: Vec<String>, rule: &str) {
    assert!(findings.is_empty(), "{rule}:\n{}", findings.join("\n"));
}

/// The functions in `source` as rustfmt lays them out: the line where each begins (from 1) and how many it takes.
fn functions(source: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = source.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| begins_function(line)) {
        let indent = &line[..line.len() - line.trim_start().len()];
        let ends = |line: &&str| line.strip_prefix(indent).is_some_and(|rest| rest == "}" || rest.ends_with(';'));
        let one_line = line.ends_with(['}', ';']);
        let length = if one_line { 1 } else { lines[at..].iter().position(ends).unwrap_or(0) + 1 };
        found.push((at + 1, length));
    }
    found
}

fn begins_function(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let qualifier = |word: &&str| matches!(*word, "const" | "async" | "unsafe" | "default") || word.starts_with("pub");
    words.find(|word| !qualifier(word)) == Some("fn")
}

#[test]
fn no_file_is_too_long() {
    let long = house().into_iter().map(|(path, text)| (path, text.lines().count()));
    let long = long.filter(|(_, lines)| *lines > FILE_LINES).map(|(path, lines)| format!("{path} has {lines}"));
    refuse(long.collect(), "split files of more than 400 lines by what changes together");
}

#[test]
fn no_function_is_too_long() {
    let long = house().into_iter().flat_map(|(path, text)| {
        let long = functions(&text).into_iter().filter(|(_, lines)| *lines > FUNCTION_LINES);
        long.map(|(at, lines)| format!("{path}:{at} has {lines}")).collect::<Vec<_>>()
    });
    refuse(long.collect(), "split functions of more than 60 lines");
}

#[test]
fn every_file_opens_with_its_purpose() {
    let silent = house().into_iter().filter(|(_, text)| !text.starts_with("//! ")).map(|(path, _)| path);
    refuse(silent.collect(), "open these files with //! and their purpose");
}

#[test]
fn no_module_has_an_empty_name() {
    let is_empty_name = |path: &str| {
        let path = Path::new(path).with_extension("");
        path.iter().any(|name| EMPTY_NAMES.iter().any(|empty| name == *empty))
    };
    let vague = house().into_iter().map(|(path, _)| path).filter(|path| is_empty_name(path));
    refuse(vague.collect(), "name these modules after what is inside");
}

/// The metric names in calls such as `counter!("coach_…"`, for the macros that begin with `prefix`.
fn metrics_named(source: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for kind in ["counter", "gauge", "histogram"] {
        let call = format!("{prefix}{kind}!(");
        for (at, _) in source.match_indices(&call) {
            let whole_word = !source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let name = source[at + call.len()..].trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            names.extend(name.filter(|_| whole_word).map(str::to_owned));
        }
    }
    names
}

#[test]
fn every_metric_is_described_and_every_description_is_of_a_metric() {
    let sources = sources("src");
    let all = |prefix: &str| {
        let names = sources.iter().flat_map(|(_, text)| metrics_named(without_tests(text), prefix));
        names.collect::<std::collections::BTreeSet<_>>()
    };
    let described = all("describe_");
    assert!(described.contains("coach_build_info"));
    assert_eq!(all(""), described, "describe metrics in src/telemetry.rs, and only those that something reports");
}

/// What stands before a file's unit tests.
fn without_tests(source: &str) -> &str {
    source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
}

#[test]
fn functions_are_measured_from_their_name_to_their_closing_brace() {
    let source = "impl A {\n    pub(crate) async fn a(\n        b: u8,\n    ) -> u8 {\n        { b }\n    }\n\n    \
                  const fn one() {}\n\n    fn declared(\n        &self,\n    );\n}\n\nfn last() {\n}\n";
    assert_eq!(functions(source), [(2, 5), (8, 1), (10, 3), (15, 2)]);
    assert!(functions("// fn not_this() {\nlet fnord = 1;\n").is_empty());
}

#[test]
fn metrics_are_found_by_their_whole_name() {
    let source =
        "metrics::counter!(\"a\", \"b\" => 1); gauge!(\n    \"c\"); describe_gauge!(\"d\"); my_counter!(\"e\")";
    assert_eq!(metrics_named(source, ""), ["a", "c"]);
    assert_eq!(metrics_named(source, "describe_"), ["d"]);
}
