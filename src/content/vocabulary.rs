//! Reads `taxonomy.toml` and checks that its lists agree with each other.

use std::collections::HashSet;

use crate::domain::taxonomy::{Level, Taxonomy, Track};

use super::faults::Faults;
use super::source::File;

/// How many letters a name may be off to be suggested.
const NEAR: usize = 3;

/// The taxonomy of a file, or faults.
pub(super) fn read(file: &File, faults: &mut Faults) -> Option<Taxonomy> {
    let Ok(text) = std::str::from_utf8(&file.bytes) else {
        faults.add(&file.path, 0, "the file is not UTF-8", "save it as UTF-8");
        return None;
    };
    match toml::from_str::<Taxonomy>(text) {
        Ok(taxonomy) => {
            check(&taxonomy, &file.path, text, faults);
            Some(taxonomy)
        }
        Err(error) => {
            let line = error.span().map_or(0, |span| line_of(text, span.start));
            let remedy = "write the entry like its neighbours; slugs are a-z, 0-9 and single hyphens, 48 at most";
            faults.add(&file.path, line, error.message().trim(), remedy);
            None
        }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|b| *b == b'\n').count()
}

/// The first line at or after which `list` names `slug`.
fn line_naming(text: &str, list: &str, slug: &str) -> usize {
    let start = text.find(&format!("\n{list} =")).map_or(0, |at| at + 1);
    let quoted = format!("\"{slug}\"");
    text[start..].find(&quoted).map_or(0, |at| line_of(text, start + at))
}

fn check(taxonomy: &Taxonomy, file: &str, text: &str, faults: &mut Faults) {
    let named = |list: &[crate::domain::taxonomy::Named]| list.iter().map(|n| n.slug.to_string()).collect::<Vec<_>>();
    let lists = [
        ("groups", named(&taxonomy.groups)),
        ("skills", taxonomy.skills.iter().map(|s| s.slug.to_string()).collect()),
        ("categories", named(&taxonomy.categories)),
        ("stages", named(&taxonomy.stages)),
        ("levels", taxonomy.levels.iter().map(|l| l.slug.to_string()).collect()),
        ("tracks", taxonomy.tracks.iter().map(|t| t.slug.to_string()).collect()),
        ("roles", named(&taxonomy.roles)),
        ("competencies", named(&taxonomy.competencies)),
        ("frameworks", named(&taxonomy.frameworks)),
    ];
    for (list, slugs) in &lists {
        let mut seen = HashSet::new();
        for slug in slugs.iter().filter(|slug| !seen.insert(slug.as_str())) {
            let line = line_naming(text, list, slug);
            faults.add(file, line, format!("`{list}` has `{slug}` twice"), "remove one of them");
        }
    }
    for skill in taxonomy.skills.iter().filter(|s| !taxonomy.groups.iter().any(|g| g.slug == s.group)) {
        let line = line_naming(text, "skills", skill.slug.as_str());
        faults.add(file, line, format!("there is no group `{}`", skill.group), "use a slug of `groups`, or add it");
    }
    for track in &taxonomy.tracks {
        for category in track.categories.iter().filter(|c| !taxonomy.categories.iter().any(|k| k.slug == **c)) {
            let line = line_naming(text, "tracks", track.slug.as_str());
            faults.add(file, line, format!("there is no category `{category}`"), "use a slug of `categories`");
        }
    }
    for level in Level::ALL.into_iter().filter(|l| !taxonomy.levels.iter().any(|e| e.slug == *l)) {
        faults.add(file, 0, format!("`levels` lacks `{level}`"), "add it: every level needs its name");
    }
    for track in Track::ALL.into_iter().filter(|t| !taxonomy.tracks.iter().any(|e| e.slug == *t)) {
        faults.add(file, 0, format!("`tracks` lacks `{track}`"), "add it with its categories");
    }
}

/// The known name that `text` most resembles, when one is near enough to be a slip.
pub(crate) fn nearest<'a>(text: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = NEAR.min(text.len() / 2);
    known.map(|k| (distance(text, k), k)).filter(|(d, _)| *d <= near).min().map(|(_, k)| k)
}

/// Levenshtein's edit distance in bytes.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let known = ["postgresql", "redis", "sql"];
        assert_eq!(nearest("postgressql", known.into_iter()), Some("postgresql"));
        assert_eq!(nearest("reddis", known.into_iter()), Some("redis"));
        assert_eq!(nearest("cobol", known.into_iter()), None);
        assert_eq!(nearest("", known.into_iter()), None);
    }

    fn faults_of(edit: impl Fn(String) -> String) -> String {
        let text = edit(include_str!("../../content/taxonomy.toml").to_owned());
        let mut faults = Faults::default();
        let _ = read(&File { path: "taxonomy.toml".to_owned(), bytes: text.into_bytes().into() }, &mut faults);
        faults.to_string()
    }

    #[test]
    fn the_shipped_taxonomy_has_everything_that_must_be_covered() {
        let taxonomy: Taxonomy = toml::from_str(include_str!("../../content/taxonomy.toml")).unwrap();
        let counts = [
            taxonomy.groups.len(),
            taxonomy.skills.len(),
            taxonomy.categories.len(),
            taxonomy.stages.len(),
            taxonomy.levels.len(),
            taxonomy.tracks.len(),
            taxonomy.roles.len(),
            taxonomy.frameworks.len(),
        ];
        assert_eq!(counts, [11, 92, 10, 8, 6, 7, 13, 20]);
        assert!(faults_of(|text| text).starts_with("\n0 faults"));
    }

    #[test]
    fn lists_that_disagree_are_reported_with_their_lines() {
        let broken = faults_of(|text| {
            text.replace(
                "slug = \"redis\", name = \"Redis\", group = \"databases-search\"",
                "slug = \"redis\", name = \"Redis\", group = \"stores\"",
            )
            .replace("{ slug = \"mysql\"", "{ slug = \"redis\"")
            .replace("categories = [\"coding\"]", "categories = [\"puzzles\"]")
            .replace("  { slug = \"intern\", name = \"Intern\" },\n", "")
        });
        for expected in ["no group `stores`", "`skills` has `redis` twice", "no category `puzzles`", "lacks `intern`"] {
            assert!(broken.contains(expected), "{expected}: {broken}");
        }
    }

    #[test]
    fn an_unknown_key_or_level_is_a_fault_at_its_line() {
        assert!(faults_of(|t| t.replace("slug = \"mid\"", "slug = \"medior\"")).contains("medior"));
        assert!(faults_of(|t| format!("colour = 1\n{t}")).contains("taxonomy.toml:1: unknown field `colour`"));
    }
}
