//! TOML walked by hand, so that every error in a file is reported, each at its line.
//!
//! Deserialising into a struct would stop at the first. Left out on purpose: what the keys mean.

use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::faults::{Faults, counted};
use super::limits;

/// A value with the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed<T> {
    pub line: usize,
    pub value: T,
}

/// Where TOML text stands in its file, and where its faults go.
pub(super) struct Context<'a> {
    pub file: &'a str,
    /// The TOML text.
    pub text: &'a str,
    /// The line of the file on which `text` begins, counted from 1.
    pub first_line: usize,
    /// Whether the syntax is broken; what seems to be missing may then be there.
    pub broken: bool,
    pub faults: &'a mut Faults,
    /// Where the lines of `text` begin, so that finding the line of a value does not read the file again.
    starts: Vec<usize>,
}

/// A table whose keys are taken one by one; what is left at the end is unknown.
pub(super) struct Table<'i> {
    entries: DeTable<'i>,
    /// How messages name it: empty for the top level, else for instance `rubric 2: `.
    prefix: String,
    /// Where it begins.
    pub line: usize,
    known: Vec<&'static str>,
}

impl<'a> Context<'a> {
    /// TOML that begins on that line of its file.
    pub fn new(file: &'a str, text: &'a str, first_line: usize, faults: &'a mut Faults) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        Self { file, text, first_line, broken: false, faults, starts }
    }
}

impl Context<'_> {
    /// Adds a fault in this file.
    pub fn fault(&mut self, line: usize, what: impl Into<String>, remedy: impl Into<String>) {
        self.faults.add(self.file, line, what, remedy);
    }

    fn line_of(&self, offset: usize) -> usize {
        self.first_line + self.starts.partition_point(|start| *start <= offset)
    }

    /// Parses the text, reporting every syntax error, and gives what could be understood.
    pub fn parse<'i>(&mut self, text: &'i str) -> Table<'i> {
        let (table, errors) = DeTable::parse_recoverable(text);
        self.broken = !errors.is_empty();
        let mut latest = 0;
        for error in errors {
            let line = self.line_of(error.span().map_or(0, |span| span.start));
            if line == std::mem::replace(&mut latest, line) {
                // One slip often breaks several rules of the grammar.
                continue;
            }
            let what = format!("not valid TOML: {}", error.message().replace('\n', "; "));
            self.fault(line, what, "put quotes round text, commas between list entries, and close every bracket");
        }
        Table { entries: table.into_inner(), prefix: String::new(), line: self.first_line, known: Vec::new() }
    }

    /// Checks a length in characters.
    pub fn check_length(&mut self, line: usize, name: &str, text: &str, limits: &RangeInclusive<usize>) {
        let length = text.chars().count();
        if text.trim().is_empty() {
            self.fault(line, format!("{name} is empty"), "write it");
        } else if !limits.contains(&length) {
            let length_read = counted(length, "character");
            let what = format!("{name} has {length_read}; the limit is {}", limits::range(limits));
            self.fault(line, what, if length > *limits.end() { "shorten it" } else { "say more" });
        }
    }

    pub fn check_count(&mut self, line: usize, name: &str, count: usize, limits: &RangeInclusive<usize>) {
        if !limits.contains(&count) {
            let what = format!("{name} lists {count}; the limit is {}", limits::range(limits));
            self.fault(line, what, if count > *limits.end() { "keep the most telling ones" } else { "add more" });
        }
    }
}

impl<'i> Table<'i> {
    fn name(&self, key: &str) -> String {
        format!("{}`{key}`", self.prefix)
    }

    fn take(&mut self, context: &Context<'_>, key: &'static str) -> Option<Placed<DeValue<'i>>> {
        self.known.push(key);
        self.entries
            .remove(key)
            .map(|spanned| Placed { line: context.line_of(spanned.span().start), value: spanned.into_inner() })
    }

    fn take_required(&mut self, context: &mut Context<'_>, key: &'static str) -> Option<Placed<DeValue<'i>>> {
        let taken = self.take(context, key);
        if taken.is_none() && !context.broken {
            let line = self.line;
            context.fault(line, format!("{} is missing", self.name(key)), format!("add `{key} = …`"));
        }
        taken
    }

    /// A required text within limits; empty when missing or of another kind, which is then reported.
    pub fn text(
        &mut self,
        context: &mut Context<'_>,
        key: &'static str,
        limits: &RangeInclusive<usize>,
    ) -> Placed<String> {
        let name = self.name(key);
        match self.take_required(context, key) {
            Some(Placed { line, value: DeValue::String(text) }) => {
                context.check_length(line, &name, &text, limits);
                Placed { line, value: text.into_owned() }
            }
            Some(Placed { line, value }) => {
                wrong_kind(context, line, &name, "text in quotes", &value);
                Placed { line, value: String::new() }
            }
            None => Placed { line: self.line, value: String::new() },
        }
    }

    /// A text within limits that may be left out.
    pub fn optional_text(
        &mut self,
        context: &mut Context<'_>,
        key: &'static str,
        limits: &RangeInclusive<usize>,
    ) -> Option<Placed<String>> {
        self.known.push(key);
        self.entries.contains_key(key).then(|| self.text(context, key, limits))
    }

    /// A required whole number within limits; the least allowed when missing or wrong, which is then reported.
    pub fn number(&mut self, context: &mut Context<'_>, key: &'static str, limits: &RangeInclusive<i64>) -> i64 {
        let name = self.name(key);
        let Some(Placed { line, value }) = self.take_required(context, key) else { return *limits.start() };
        let DeValue::Integer(integer) = &value else {
            wrong_kind(context, line, &name, "a whole number", &value);
            return *limits.start();
        };
        match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) if limits.contains(&number) => number,
            _ => {
                let what = format!("{name} is {}; the limit is {}", integer.as_str(), limits::range(limits));
                context.fault(line, what, "choose a number within it");
                *limits.start()
            }
        }
    }

    /// A list of texts, each with its line. When `required`, its absence is a fault; else it is an empty list.
    pub fn texts(
        &mut self,
        context: &mut Context<'_>,
        key: &'static str,
        limits: &RangeInclusive<usize>,
        required: bool,
    ) -> Placed<Vec<Placed<String>>> {
        let name = self.name(key);
        let taken = if required { self.take_required(context, key) } else { self.take(context, key) };
        let Some(Placed { line, value }) = taken else { return Placed { line: self.line, value: Vec::new() } };
        let DeValue::Array(array) = value else {
            wrong_kind(context, line, &name, "a list of texts, [\"…\", \"…\"]", &value);
            return Placed { line, value: Vec::new() };
        };
        context.check_count(line, &name, array.len(), limits);
        let mut texts = Vec::with_capacity(array.len());
        for entry in array {
            let line = context.line_of(entry.span().start);
            match entry.into_inner() {
                DeValue::String(text) => texts.push(Placed { line, value: text.into_owned() }),
                other => wrong_kind(context, line, &format!("an entry of {name}"), "text in quotes", &other),
            }
        }
        Placed { line, value: texts }
    }

    /// The tables of `[[key]]`, within limits of number.
    pub fn tables(
        &mut self,
        context: &mut Context<'_>,
        key: &'static str,
        limits: &RangeInclusive<usize>,
    ) -> Vec<Table<'i>> {
        let name = self.name(key);
        let Some(Placed { line, value }) = self.take(context, key) else {
            if *limits.start() > 0 && !context.broken {
                let what = format!("{name} is missing; the limit is {} of them", limits::range(limits));
                context.fault(self.line, what, format!("add `[[{key}]]` tables"));
            }
            return Vec::new();
        };
        let DeValue::Array(array) = value else {
            wrong_kind(context, line, &name, &format!("`[[{key}]]` tables"), &value);
            return Vec::new();
        };
        context.check_count(line, &name, array.len(), limits);
        let mut tables = Vec::with_capacity(array.len());
        for (index, entry) in array.into_iter().enumerate() {
            let line = context.line_of(entry.span().start);
            let prefix = format!("{key} {}: ", index + 1);
            match entry.into_inner() {
                DeValue::Table(entries) => tables.push(Table { entries, prefix, line, known: Vec::new() }),
                other => wrong_kind(context, line, &format!("entry {} of {name}", index + 1), "a table", &other),
            }
        }
        tables
    }

    /// Reports every key that nobody took.
    pub fn finish(self, context: &mut Context<'_>) {
        for key in self.entries.keys() {
            let line = context.line_of(Spanned::span(key).start);
            let what = format!("{}unknown key `{}`", self.prefix, key.get_ref());
            let remedy = match super::vocabulary::nearest(key.get_ref(), self.known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("remove it; the keys here are {}", self.known.join(", ")),
            };
            context.fault(line, what, remedy);
        }
    }
}

fn wrong_kind(context: &mut Context<'_>, line: usize, name: &str, wanted: &str, found: &DeValue<'_>) {
    let what = format!("{name} is of the wrong kind ({})", found.type_str());
    context.fault(line, what, format!("write {wanted}"));
}
