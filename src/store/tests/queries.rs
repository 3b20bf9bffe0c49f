//! Every statement of the store is explained by SQLite: none may read a whole table that grows with use.

use sqlx::Row as _;

use super::fresh;

/// The files that hold SQL.
const SOURCES: [(&str, &str); 10] = [
    ("attempts", include_str!("../attempts.rs")),
    ("choosing", include_str!("../choosing.rs")),
    ("deliveries", include_str!("../deliveries.rs")),
    ("interviews", include_str!("../interviews.rs")),
    ("members", include_str!("../members.rs")),
    ("notices", include_str!("../notices.rs")),
    ("schedules", include_str!("../schedules.rs")),
    ("servings", include_str!("../servings.rs")),
    ("standing", include_str!("../standing.rs")),
    ("topics", include_str!("../topics.rs")),
];

/// Partial indexes that hold only what is pending or running: reading one whole is reading what there is to do.
const SMALL_INDEXES: [&str; 4] =
    ["schedules_by_due", "deliveries_pending", "notices_pending", "interviews_one_at_a_time"];

/// The SQL literals of a source file: string literals that begin with a statement's verb. One that ends in a space is
/// the beginning of a statement that is built.
fn statements(source: &str) -> Vec<&str> {
    let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "];
    let literals = source.split('"').skip(1).step_by(2).filter(|text| !text.ends_with(' '));
    literals.filter(|text| verbs.iter().any(|verb| text.starts_with(verb))).collect()
}

#[tokio::test]
async fn no_statement_reads_a_whole_table() {
    let store = fresh().await;
    let (mut explained, mut found) = (0, Vec::new());
    for (file, source) in SOURCES {
        for statement in statements(source) {
            let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
            let rows = sqlx::query(explain).fetch_all(&store.read).await.unwrap_or_else(|e| panic!("{statement}: {e}"));
            for row in rows {
                let step: String = row.get("detail");
                // What a subquery or a parameter yields is as small as what it came from, which has a step of its own.
                let derived = ["SCAN CONSTANT ROW", "SCAN (subquery", "SCAN json_each"];
                let whole_table = step.starts_with("SCAN ") && !derived.iter().any(|d| step.starts_with(d));
                let small = SMALL_INDEXES.iter().any(|index| step.contains(index));
                if whole_table && !small {
                    found.push(format!("{file}.rs: {step}\n{statement}"));
                }
            }
            explained += 1;
        }
    }
    assert!(found.is_empty(), "these statements read a whole table:\n{}", found.join("\n\n"));
    assert!(explained > 50, "only {explained} statements were found");
}

#[test]
fn statements_are_found_between_quotes() {
    let source =
        "let a = \"SELECT 1\n  FROM b\"; let c = \"a grade\"; query(\"DELETE FROM d\"); new(\"INSERT INTO e \")";
    assert_eq!(statements(source), ["SELECT 1\n  FROM b", "DELETE FROM d"]);
}
