//! Dependence runs one way. These tests read every source file and fail on a path that runs against it.
//!
//! The tables below are the rule. A new module needs a row; a new arrow needs a reason that a reader would accept.

mod paths;

use std::path::{Path, PathBuf};

use paths::Target;

/// Each module and the modules that it may name. `cli` and the program's root may name any.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    // Decides: pure functions, so that years of time zones are tested in milliseconds.
    ("domain", &[]),
    ("grading", &["domain"]),
    // The linter asks the grader whether each question's samples come apart.
    ("content", &["domain", "grading"]),
    ("store", &["domain"]),
    ("llm", &["domain"]),
    ("charts", &["domain"]),
    ("app", &["domain", "grading", "content", "store", "llm", "charts"]),
    // Reports to `http` when the gateway is connected and the commands are registered.
    ("discord", &["domain", "app", "http"]),
    // Knows nothing of the bot: it must refuse what Discord refuses, not what the bot happens to send.
    ("playground", &[]),
    ("config", &[]),
    ("telemetry", &["config"]),
    ("http", &[]),
];

/// Crates that only the modules named beside them may know, so that replacing one is one folder's work.
const CONFINED: &[(&str, &[&str])] = &[
    ("serenity", &["discord"]),
    ("poise", &["discord"]),
    ("async_openai", &["llm"]),
    ("sqlx", &["store"]),
    ("axum", &["http", "playground"]),
    ("clap", &["cli", ROOT]),
];

/// The dependencies that `domain` may use: values, dates, dice handed in, and the forgetting curve. No IO.
const DOMAIN_MAY_KNOW: &[&str] = &["fsrs", "jiff", "rand", "serde", "thiserror"];

/// What the tests in `domain` may use besides: turns and grades are stored as JSON, and must survive it.
const DOMAIN_TESTS_MAY_KNOW: &[&str] = &["serde_json"];

/// What `domain` may not touch even where a permitted crate, or the standard library, offers it.
const DOMAIN_MUST_NOT: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "rand::random",
    "rand::rng",
];

/// Clock readings recognised by their last two names, since the type is usually imported.
const CLOCKS: &[&str] = &["Instant::now", "SystemTime::now", "Timestamp::now", "Zoned::now"];

/// The module name under which `main.rs` and `lib.rs` appear.
const ROOT: &str = "root";

/// Every breach in one file, as `line: what`. `file` is relative to `src`; `dependencies` are crate names.
fn breaches(file: &Path, source: &str, dependencies: &[String]) -> Vec<String> {
    let module = module_path(file);
    let own = module.first().map_or(ROOT, String::as_str);
    let in_tests = module.iter().any(|name| name == "tests");
    let mut found = Vec::new();
    for path in paths::in_source(source, &module) {
        let broken = match &path.target {
            Target::Ours(names) => import_breach(own, names.first().map_or("*", String::as_str)),
            Target::Elsewhere(names) => outside_breach(own, in_tests, names, dependencies),
        };
        found.extend(broken.map(|what| format!("{}: {what}", path.line)));
    }
    found.dedup();
    found
}

/// `src/app/mock.rs` is `app::mock`, `src/app/mod.rs` is `app`, `src/main.rs` is the root.
fn module_path(file: &Path) -> Vec<String> {
    let names = file.with_extension("");
    let mut names: Vec<String> = names.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|name| matches!(name.as_str(), "mod" | "lib" | "main")) {
        names.pop();
    }
    names
}

fn import_breach(own: &str, imported: &str) -> Option<String> {
    if imported == own || matches!(own, ROOT | "cli") {
        return None;
    }
    match MAY_IMPORT.iter().find(|(module, _)| *module == own) {
        Some((_, allowed)) if allowed.contains(&imported) => None,
        Some(_) => Some(format!("`{own}` must not import `{imported}`")),
        None => Some(format!("`{own}` has no row in MAY_IMPORT")),
    }
}

fn outside_breach(own: &str, in_tests: bool, names: &[String], dependencies: &[String]) -> Option<String> {
    let confined = CONFINED.iter().find(|(name, _)| *name == names[0]);
    if let Some((name, allowed)) = confined.filter(|(_, allowed)| !allowed.contains(&own)) {
        return Some(format!("only {allowed:?} may know `{name}`, not `{own}`"));
    }
    if own != "domain" {
        return None;
    }
    let full = names.join("::");
    let name = names[0].as_str();
    let may_know = DOMAIN_MAY_KNOW.contains(&name) || (in_tests && DOMAIN_TESTS_MAY_KNOW.contains(&name));
    let impure = dependencies.contains(&names[0]) && !may_know;
    let forbidden = DOMAIN_MUST_NOT.iter().any(|path| reaches(&full, path));
    let clock = CLOCKS.iter().any(|clock| full.ends_with(clock));
    (impure || forbidden || clock).then(|| format!("`domain` is pure and must not use `{full}`"))
}

/// Whether naming `path` gives access to `forbidden`: it is that, something in it, or a module that holds it.
fn reaches(path: &str, forbidden: &str) -> bool {
    let inside = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with("::"));
    let path = path.strip_suffix("::*").unwrap_or(path);
    // Importing a whole crate root (`use rand;`) reaches nothing by itself; importing a module or a glob does.
    path == forbidden || inside(forbidden, path) || (path.contains("::") && inside(path, forbidden))
}

/// The crates in Cargo.toml's `[dependencies]`, as code spells them.
fn dependencies() -> Vec<String> {
    let manifest: toml::Table = toml::from_str(include_str!("../Cargo.toml")).unwrap();
    manifest["dependencies"].as_table().unwrap().keys().map(|name| name.replace('-', "_")).collect()
}

/// Every `.rs` file under `directory` of the project, with its text.
pub(crate) fn sources(directory: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn no_module_names_one_above_it() {
    let dependencies = dependencies();
    let mut all = Vec::new();
    for (file, source) in sources("src") {
        let found = breaches(&file, &source, &dependencies);
        all.extend(found.into_iter().map(|breach| format!("src/{}:{breach}", file.display())));
    }
    assert!(all.is_empty(), "dependence runs one way (see tests/layers.rs):\n{}", all.join("\n"));
}

#[test]
fn every_module_but_the_terminal_has_a_row_and_every_row_a_module() {
    let declared: Vec<&str> = include_str!("../src/lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    for module in &declared {
        assert!(*module == "cli" || MAY_IMPORT.iter().any(|(name, _)| name == module), "{module} has no row");
    }
    for (module, _) in MAY_IMPORT {
        assert!(declared.contains(module) || *module == "charts", "{module} has a row but does not exist");
    }
}

mod the_checker {
    use super::*;

    fn check(file: &str, source: &str) -> Vec<String> {
        breaches(Path::new(file), source, &["tokio".to_owned(), "jiff".to_owned(), "serde_json".to_owned()])
    }

    #[test]
    fn finds_an_import_however_it_is_written() {
        for source in [
            "use crate::store::Attempts;",
            "use crate::{domain::ids, store};",
            "use crate::{domain::{ids, grade}, store::{self, Attempts}};",
            "fn f() { crate::store::open() }",
            "fn f(a: &crate::store::Attempts) {}",
            "use super::store as s;",
            "mod tests { use super::super::store; }",
            "mod inner { mod tests { use super::super::super::store::*; } }",
            "pub(crate) use coach::store::Attempts;",
            "use crate::domain::ids; /* \" */ use crate::store; // \"",
            "const A: char = '\"'; use crate::store;",
            "const A: &str = r#\"\"\"#; use crate::store;",
            "fn f<'a>(a: &'a str) { crate::store::open(a) }",
        ] {
            let found = check("grading.rs", source);
            assert_eq!(found, ["1: `grading` must not import `store`"], "{source}");
        }
    }

    #[test]
    fn finds_no_import_where_there_is_none() {
        for source in [
            "//! Not [`crate::store`].\nuse crate::domain::ids::Slug;",
            "/* use crate::store; /* nested */ use crate::store; */",
            "const A: &str = \"use crate::store;\"; const B: &str = r#\"crate::store\"#;",
            "use std::collections::BTreeMap;\nuse self::store::x;",
            "mod tests { use super::*; }",
            "mod store { pub fn x() {} } fn f() { store::x() }",
        ] {
            assert_eq!(check("grading.rs", source), Vec::<String>::new(), "{source}");
        }
        assert!(
            check("grading/stem.rs", "use super::Grader; mod tests { use super::*; use super::super::Grader; }")
                .is_empty()
        );
        assert!(check("cli/run.rs", "use crate::{store, discord, app};").is_empty());
        assert!(check("main.rs", "use coach::cli;").is_empty());
    }

    #[test]
    fn a_whole_crate_import_hides_what_it_uses_and_is_refused() {
        assert_eq!(check("app/mock.rs", "use crate::*;"), ["1: `app` must not import `*`"]);
        assert_eq!(check("app/mock.rs", "\nuse super::super as everything;"), ["2: `app` must not import `*`"]);
    }

    #[test]
    fn crates_stay_in_their_module() {
        for (file, source) in [
            ("app/mod.rs", "use sqlx::SqlitePool;"),
            ("discord/mod.rs", "fn f() -> ::sqlx::Error {}"),
            ("cli/run.rs", "use ::{serenity::all as s};"),
            ("domain/ids.rs", "impl From<poise::serenity_prelude::UserId> for A {}"),
            ("store/mod.rs", "use {axum::Router, serde::Serialize};"),
            ("config.rs", "#[derive(clap::Parser)] struct A;"),
        ] {
            assert_eq!(check(file, source).len(), 1, "{file}: {source}");
        }
        assert!(check("store/mod.rs", "use sqlx::{SqlitePool, Row as _};").is_empty());
        assert!(check("discord/mod.rs", "use poise::serenity_prelude as serenity;").is_empty());
    }

    #[test]
    fn the_domain_has_no_clock_no_dice_and_no_io() {
        for source in [
            "use std::fs;",
            "use std::{collections::HashMap, time::{Duration, Instant}};",
            "use std::time;",
            "use std::time::*;",
            "fn f() { std::env::var(\"A\") }",
            "use jiff::Timestamp; fn f() { Timestamp::now() }",
            "fn f() { rand::rng() }",
            "#[tokio::test] async fn f() {}",
            "fn f() { serde_json::json!({}) }",
        ] {
            assert_eq!(check("domain/streak.rs", source).len(), 1, "{source}");
        }
        for source in
            ["use std::time::Duration;", "use jiff::{Timestamp, civil::Date};", "use rand::Rng;", "use std::fmt;"]
        {
            assert!(check("domain/streak.rs", source).is_empty(), "{source}");
        }
    }

    #[test]
    fn a_module_without_a_row_is_refused() {
        assert_eq!(check("helpers.rs", "use crate::domain::ids;"), ["1: `helpers` has no row in MAY_IMPORT"]);
    }
}
