//! One file into one question, with the line of everything that a later check may want to point at.
//!
//! Every fault in the file is reported. What is broken is filled with something harmless, so that the checks across
//! files still see the rest; such a draft is not sound and never reaches the bank.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::faults::Faults;
use super::front_matter::{Context, Placed, Table};
use super::limits;
use super::source::File;
use super::vocabulary::nearest;
use super::{body, sections};
use crate::domain::ids::Slug;
use crate::domain::question::{Cue, Misconception, Question, RubricPoint};
use crate::domain::taxonomy::{Level, Named, Taxonomy};

/// Between front matter and body.
const FENCE: &str = "+++";

/// A question as its file has it.
#[derive(Debug)]
pub(super) struct Draft {
    pub file: String,
    /// The file's text, as it was.
    pub text: Cow<'static, str>,
    pub question: Question,
    /// Whether the file alone had no fault.
    pub sound: bool,
    lines: HashMap<String, usize>,
}

impl Draft {
    /// The line of a place such as `title`, `rubric 2`, `rubric 2 cues` or `Strong answer`; 0 when unknown.
    pub fn line(&self, place: &str) -> usize {
        self.lines.get(place).copied().unwrap_or(0)
    }
}

/// Reads a file. `None` when it cannot even be told which question it is.
pub(super) fn question(file: &File, taxonomy: Option<&Taxonomy>, faults: &mut Faults) -> Option<Draft> {
    let (category, slug) = name(&file.path, taxonomy, faults)?;
    named(file, category, slug, taxonomy, faults)
}

/// Reads a file as the question of that category and slug, whatever its path.
pub(super) fn named(
    file: &File,
    category: Slug,
    slug: Slug,
    taxonomy: Option<&Taxonomy>,
    faults: &mut Faults,
) -> Option<Draft> {
    let before = faults.len();
    let text = decode(file, faults)?;
    let (front, body, body_line) = split(&file.path, &text, faults)?;
    let mut lines = HashMap::new();
    let mut context = Context::new(&file.path, front, 2, faults);
    let mut reader = Reader { taxonomy, lines: &mut lines };
    let mut question = reader.front_matter(&mut context, category, slug);
    let sections = sections::split(&file.path, body, body_line, context.faults);
    lines.extend(sections::HEADINGS.iter().zip(&sections).map(|(heading, s)| ((*heading).to_owned(), s.line)));
    body::fill(&mut context, &mut question, &sections);
    let sound = faults.len() == before;
    Some(Draft { file: file.path.clone(), text, question, sound, lines })
}

/// Category and slug from `questions/<category>/<slug>.md`.
fn name(path: &str, taxonomy: Option<&Taxonomy>, faults: &mut Faults) -> Option<(Slug, Slug)> {
    let parts: Vec<&str> = path.split('/').collect();
    let [_, category, stem] = parts[..] else {
        faults.add(path, 0, "a question lies in questions/<category>/", "move it into its category's folder");
        return None;
    };
    let stem = stem.strip_suffix(".md").unwrap_or(stem);
    let parsed = Slug::parse(category).ok().zip(Slug::parse(stem).ok());
    if parsed.is_none() {
        let remedy = "a slug is 1 to 48 of a-z, 0-9 and single hyphens between them; rename it";
        faults.add(path, 0, "the folder or file name is not a slug", remedy);
    }
    if let Some(taxonomy) = taxonomy {
        let known = || taxonomy.categories.iter().map(|c| c.slug.as_str());
        if !known().any(|k| k == category) {
            faults.add(path, 0, format!("there is no category `{category}`"), suggest(category, known()));
        }
    }
    parsed
}

/// UTF-8 with unix line ends, and no byte order mark. The latter two are faults, but the rest is read all the same. What
/// is embedded is not copied.
pub(super) fn decode(file: &File, faults: &mut Faults) -> Option<Cow<'static, str>> {
    let text = match std::str::from_utf8(&file.bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = 1 + file.bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count();
            faults.add(&file.path, line, "the file is not UTF-8", "save it as UTF-8");
            return None;
        }
    };
    if !text.starts_with('\u{feff}') && !text.contains('\r') {
        return match &file.bytes {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Cow::Owned(_) => Some(Cow::Owned(text.to_owned())),
        };
    }
    let mut text = text.to_owned();
    if text.starts_with('\u{feff}') {
        faults.add(&file.path, 1, "the file begins with a byte order mark", "save it as UTF-8 without one");
        text.remove(0);
    }
    if let Some(at) = text.find('\r') {
        let line = 1 + text[..at].matches('\n').count();
        let remedy = "save it with unix line ends (LF); .gitattributes keeps git from changing them";
        faults.add(&file.path, line, "the file has carriage returns (CRLF)", remedy);
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    Some(Cow::Owned(text))
}

/// Front matter, body, and the line on which the body begins.
pub(super) fn split<'t>(path: &str, text: &'t str, faults: &mut Faults) -> Option<(&'t str, &'t str, usize)> {
    let remedy = "begin the file with a line of +++, then the front matter, then another line of +++";
    let Some(rest) = text.strip_prefix("+++\n") else {
        faults.add(path, 1, "the file does not begin with front matter", remedy);
        return None;
    };
    let mut offset = 0;
    for (index, line) in rest.split_inclusive('\n').enumerate() {
        if line.trim_end() == FENCE {
            return Some((&rest[..offset], &rest[offset + line.len()..], index + 3));
        }
        offset += line.len();
    }
    faults.add(path, 1, "the front matter never ends", remedy);
    None
}

pub(super) fn suggest<'a>(slug: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(slug, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "use one from taxonomy.toml, or add it there".to_owned(),
    }
}

struct Reader<'a> {
    taxonomy: Option<&'a Taxonomy>,
    lines: &'a mut HashMap<String, usize>,
}

impl Reader<'_> {
    fn note(&mut self, place: impl Into<String>, line: usize) {
        self.lines.insert(place.into(), line);
    }

    fn front_matter(&mut self, context: &mut Context<'_>, category: Slug, slug: Slug) -> Question {
        let mut table = context.parse(context.text);
        let title = table.text(context, "title", &limits::TITLE);
        self.note("title", title.line);
        if !title.value.is_empty() && !title.value.ends_with(['.', '?']) {
            context.fault(title.line, "`title` does not end in a full stop or question mark", "end it with one");
        }
        let taxonomy = self.taxonomy;
        let named = |list: fn(&Taxonomy) -> &Vec<Named>| {
            taxonomy.map(|t| list(t).iter().map(|n| n.slug.as_str()).collect::<Vec<_>>())
        };
        let skills = taxonomy.map(|t| t.skills.iter().map(|s| s.slug.as_str()).collect::<Vec<_>>());
        let optional = &limits::OPTIONAL_LIST;
        let question = Question {
            skills: slugs(context, &mut table, "skills", &limits::SKILLS, skills.as_deref()),
            stages: slugs(context, &mut table, "stages", &limits::STAGES, named(|t| &t.stages).as_deref()),
            levels: levels(context, &mut table, true),
            minutes: u32::try_from(table.number(context, "minutes", &limits::MINUTES)).unwrap_or(1),
            frameworks: slugs(context, &mut table, "frameworks", optional, named(|t| &t.frameworks).as_deref()),
            competencies: slugs(context, &mut table, "competencies", optional, named(|t| &t.competencies).as_deref()),
            related: self.related(context, &mut table),
            sources: sources(context, &mut table),
            rubric: self.rubric(context, &mut table),
            misconceptions: misconceptions(context, &mut table),
            title: title.value,
            slug,
            category,
            prompt: String::new(),
            why_they_ask: String::new(),
            approach: String::new(),
            strong_answer: String::new(),
            weak_answer: String::new(),
            weak_reason: String::new(),
            follow_ups: Vec::new(),
            by_level: Vec::new(),
        };
        table.finish(context);
        question
    }

    /// Whether the other questions exist is checked when all files are read.
    fn related(&mut self, context: &mut Context<'_>, table: &mut Table<'_>) -> Vec<Slug> {
        let related = slugs(context, table, "related", &limits::OPTIONAL_LIST, None);
        let line = front_matter_line(context, "related");
        self.note("related", line);
        related
    }

    fn rubric(&mut self, context: &mut Context<'_>, table: &mut Table<'_>) -> Vec<RubricPoint> {
        let mut points: Vec<RubricPoint> = Vec::new();
        for (index, mut entry) in table.tables(context, "rubric", &limits::POINTS).into_iter().enumerate() {
            let place = format!("rubric {}", index + 1);
            self.note(place.clone(), entry.line);
            let id = id(context, &mut entry, "id", &place);
            let point = entry.text(context, "point", &limits::POINT);
            let weight = u8::try_from(entry.number(context, "weight", &limits::WEIGHT)).unwrap_or(1);
            let cues = entry.texts(context, "cues", &limits::CUES, true);
            let probe = entry.text(context, "probe", &limits::SENTENCE);
            let hint = entry.text(context, "hint", &limits::SENTENCE);
            self.note(format!("{place} cues"), cues.line);
            self.note(format!("{place} probe"), probe.line);
            entry.finish(context);
            let Some(Placed { line, value: id }) = id else { continue };
            if points.iter().any(|p| p.id == id) {
                context.fault(line, format!("{place}: `id` `{id}` is taken"), "give each point its own");
            }
            points.push(RubricPoint {
                id,
                point: point.value,
                weight,
                cues: cues.value.into_iter().map(|c| cue(context, &place, c)).collect(),
                probe: probe.value,
                hint: hint.value,
            });
        }
        points
    }
}

/// A required slug; `None` when it is missing or none, which is then reported.
pub(super) fn id(
    context: &mut Context<'_>,
    table: &mut Table<'_>,
    key: &'static str,
    place: &str,
) -> Option<Placed<Slug>> {
    let id = table.text(context, key, &(1..=Slug::MAX_LEN));
    match Slug::parse(&id.value) {
        Ok(slug) => Some(Placed { line: id.line, value: slug }),
        Err(_) if id.value.is_empty() => None,
        Err(_) => {
            let remedy = "use a-z, 0-9 and single hyphens between them";
            context.fault(id.line, format!("{place}: `{key}` is not a slug: `{}`", id.value), remedy);
            None
        }
    }
}

/// The line of a top-level key, for a check that no longer has the TOML at hand.
fn front_matter_line(context: &Context<'_>, key: &str) -> usize {
    let starts = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
    context.text.lines().position(starts).map_or(context.first_line, |at| context.first_line + at)
}

/// The levels of a list, which may be left out unless `required`.
pub(super) fn levels(context: &mut Context<'_>, table: &mut Table<'_>, required: bool) -> Vec<Level> {
    let listed = table.texts(context, "levels", &limits::LEVELS, required);
    let mut levels: Vec<Level> = Vec::new();
    for Placed { line, value } in listed.value {
        match value.parse::<Level>() {
            Ok(level) if levels.last().is_some_and(|last| *last >= level) => {
                context.fault(line, format!("`levels`: `{level}` is out of order"), "list each once, juniors first");
            }
            Ok(level) => levels.push(level),
            Err(_) => {
                let known = || Level::ALL.iter().map(|l| l.as_str());
                let remedy = nearest(&value, known()).map_or_else(
                    || format!("the levels are {}", known().collect::<Vec<_>>().join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                context.fault(line, format!("`levels`: there is no level `{value}`"), remedy);
            }
        }
    }
    levels
}

/// A list of slugs; each must be known when a list of known ones is given.
pub(super) fn slugs(
    context: &mut Context<'_>,
    table: &mut Table<'_>,
    key: &'static str,
    limits: &RangeInclusive<usize>,
    known: Option<&[&str]>,
) -> Vec<Slug> {
    let mut found: Vec<Slug> = Vec::new();
    for Placed { line, value } in table.texts(context, key, limits, *limits.start() > 0).value {
        if let Some(known) = known.filter(|known| !known.contains(&value.as_str())) {
            let remedy = suggest(&value, known.iter().copied());
            context.fault(line, format!("`{key}`: there is no `{value}`"), remedy);
            continue;
        }
        match Slug::parse(&value) {
            Ok(slug) if found.contains(&slug) => {
                context.fault(line, format!("`{key}`: `{slug}` is there twice"), "remove one of them");
            }
            Ok(slug) => found.push(slug),
            Err(bad) => context.fault(line, format!("`{key}`: `{value}` is not a slug"), bad.to_string()),
        }
    }
    found
}

pub(super) fn sources(context: &mut Context<'_>, table: &mut Table<'_>) -> Vec<String> {
    let listed = table.texts(context, "sources", &limits::OPTIONAL_LIST, false);
    let mut sources = Vec::with_capacity(listed.value.len());
    for Placed { line, value } in listed.value {
        context.check_length(line, "an entry of `sources`", &value, &limits::SOURCE);
        sources.push(value);
    }
    sources
}

/// Cuts `a / b / c` into its alternatives.
fn cue(context: &mut Context<'_>, place: &str, text: Placed<String>) -> Cue {
    let alternatives: Vec<String> = text.value.split(" / ").map(|a| a.trim().to_owned()).collect();
    if !limits::ALTERNATIVES.contains(&alternatives.len()) {
        let range = limits::range(&limits::ALTERNATIVES);
        let what = format!("{place}: a cue lists {} alternatives; the limit is {range}", alternatives.len());
        context.fault(text.line, what, "keep those that people really say");
    }
    for alternative in &alternatives {
        let name = format!("{place}: the cue alternative `{}`", shortened(alternative));
        context.check_length(text.line, &name, alternative, &limits::ALTERNATIVE);
    }
    Cue(alternatives)
}

/// Enough of a text to recognise it in a message.
pub(super) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn misconceptions(context: &mut Context<'_>, table: &mut Table<'_>) -> Vec<Misconception> {
    let mut found = Vec::new();
    for mut entry in table.tables(context, "misconception", &limits::MISCONCEPTIONS) {
        let says = entry.text(context, "says", &limits::SENTENCE).value;
        let correction = entry.text(context, "correction", &limits::SENTENCE).value;
        entry.finish(context);
        found.push(Misconception { says, correction });
    }
    found
}
