//! What the bank holds and how well its samples separate, as numbers and as aligned tables.

use std::fmt::Write as _;

use serde::Serialize;

use super::coverage::holes;
use super::faults::counted;
use super::lint::{similarity, strangers};
use crate::domain::bank::Bank;
use crate::domain::ids::Slug;
use crate::domain::question::Question;
use crate::domain::taxonomy::Level;
use crate::grading::Grader;

/// How many of the worst pairs are named.
const WORST: usize = 5;

/// The bank in numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stats {
    /// How many questions there are.
    pub questions: usize,
    /// How many questions have each skill as their first, by level.
    pub skills: Table,
    /// Categories by stage.
    pub categories: Table,
    /// How far apart the samples' scores lie; absent in an empty bank.
    pub separation: Option<Separation>,
    /// The pairs of questions whose titles and rubrics are most alike, by the Jaccard index of their stems.
    pub most_alike: Vec<Pair>,
    /// The strong answers that score most as answers to another question of their category.
    pub worst_strangers: Vec<Pair>,
    /// What the bank lacks; empty when it is complete.
    pub holes: Vec<String>,
}

/// Two questions and a number from 0 to 1 about them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// The question.
    pub question: Slug,
    /// The other one.
    pub other: Slug,
    /// How alike they are, or what the other's strong answer scores.
    pub value: f64,
}

/// Counts by row and column. A question counts in every row and column it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The columns' slugs.
    pub columns: Vec<String>,
    /// Each row's slug, its number of questions, and the number in each column.
    pub rows: Vec<(Slug, usize, Vec<usize>)>,
}

/// The strong sample's score less the weak one's, over the bank.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Separation {
    /// Of all questions, the middle one (the lower of two).
    pub median: f64,
    /// The least.
    pub worst: f64,
    /// The question that has it.
    pub worst_question: Slug,
    /// The median score of the strong samples.
    pub strong_median: f64,
    /// The median score of the weak samples.
    pub weak_median: f64,
}

impl Stats {
    /// Counts a bank and grades its samples.
    #[must_use]
    pub fn of(bank: &Bank) -> Self {
        let skills = Table::count(
            bank,
            bank.taxonomy.skills.iter().map(|s| &s.slug),
            Level::ALL.iter().map(Level::to_string).collect(),
            |question, skill| question.primary_skill() == skill,
            |question, level| question.levels.iter().any(|l| l.as_str() == level),
        );
        let categories = Table::count(
            bank,
            bank.taxonomy.categories.iter().map(|c| &c.slug),
            bank.taxonomy.stages.iter().map(|s| s.slug.to_string()).collect(),
            |question, category| question.category == *category,
            |question, stage| question.stages.iter().any(|s| s.as_str() == stage),
        );
        let questions: Vec<&Question> = bank.questions().iter().map(AsRef::as_ref).collect();
        let pair = |question: usize, other: usize, value: f64| Pair {
            question: questions[question].slug.clone(),
            other: questions[other].slug.clone(),
            value,
        };
        let strangers = strangers::scores(&questions, &Grader::new(bank));
        let mut worst_strangers: Vec<Pair> = (0..)
            .zip(strangers)
            .filter_map(|(question, scores)| scores.first().map(|(score, other)| pair(question, *other, *score)))
            .collect();
        worst_strangers.sort_by(|a, b| b.value.total_cmp(&a.value));
        worst_strangers.truncate(WORST);
        let alike = similarity::pairs(&questions).into_iter().take(WORST);
        Self {
            questions: bank.questions().len(),
            skills,
            categories,
            separation: Separation::of(bank),
            most_alike: alike.map(|(value, later, earlier)| pair(later, earlier, value)).collect(),
            worst_strangers,
            holes: holes(bank),
        }
    }

    /// The tables as text, readable without colour.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n\n", counted(self.questions, "question"));
        self.skills.write("first skill", &mut text);
        text.push('\n');
        self.categories.write("category", &mut text);
        if let Some(s) = &self.separation {
            let _ = writeln!(
                text,
                "\nstrong less weak sample: median {:.2}, worst {:.2} ({})\nmedian score: strong {:.2}, weak {:.2}",
                s.median, s.worst, s.worst_question, s.strong_median, s.weak_median
            );
        }
        let (alike, stranger) = (similarity::NEAR_DUPLICATE, strangers::MOST);
        write_pairs(&format!("most alike (refused from {alike:.2})"), "and", &self.most_alike, &mut text);
        let heading = format!("strong answers to another question (refused above {stranger:.2})");
        write_pairs(&heading, "answered by", &self.worst_strangers, &mut text);
        match self.holes.len() {
            0 => text.push_str("\nno holes\n"),
            count => {
                let _ = writeln!(text, "\n{}:\n- {}", counted(count, "hole"), self.holes.join("\n- "));
            }
        }
        text
    }
}

fn write_pairs(heading: &str, joined_by: &str, pairs: &[Pair], text: &mut String) {
    let _ = writeln!(text, "\n{heading}:");
    for pair in pairs {
        let _ = writeln!(text, "  {:.2}  {} {joined_by} {}", pair.value, pair.question, pair.other);
    }
}

impl Table {
    fn count<'a>(
        bank: &Bank,
        rows: impl Iterator<Item = &'a Slug>,
        columns: Vec<String>,
        in_row: impl Fn(&Question, &Slug) -> bool,
        in_column: impl Fn(&Question, &str) -> bool,
    ) -> Self {
        let row = |slug: &Slug| {
            let members: Vec<_> = bank.questions().iter().filter(|q| in_row(q, slug)).collect();
            let counts = columns.iter().map(|c| members.iter().filter(|q| in_column(q, c)).count()).collect();
            (slug.clone(), members.len(), counts)
        };
        Self { rows: rows.map(row).collect(), columns }
    }

    fn write(&self, heading: &str, text: &mut String) {
        let first = self.rows.iter().map(|(slug, _, _)| slug.as_str().len()).max().unwrap_or(0).max(heading.len());
        let _ = write!(text, "{heading:<first$}  {:>5}", "all");
        for column in &self.columns {
            let _ = write!(text, "  {column:>5}");
        }
        text.push('\n');
        for (slug, all, counts) in &self.rows {
            let _ = write!(text, "{:<first$}  {all:>5}", slug.as_str());
            for (column, count) in self.columns.iter().zip(counts) {
                let width = column.len().max(5);
                let shown = if *count == 0 { "·".to_owned() } else { count.to_string() };
                let _ = write!(text, "  {shown:>width$}");
            }
            text.push('\n');
        }
    }
}

impl Separation {
    fn of(bank: &Bank) -> Option<Self> {
        let grader = Grader::new(bank);
        let score = |question: &Question, answer: &str| grader.grade(question, answer).map_or(0.0, |grade| grade.score);
        let pairs: Vec<(f64, f64, &Slug)> =
            bank.questions().iter().map(|q| (score(q, &q.strong_answer), score(q, &q.weak_answer), &q.slug)).collect();
        let gap = |(strong, weak, _): &(f64, f64, &Slug)| strong - weak;
        let worst = pairs.iter().min_by(|a, b| gap(a).total_cmp(&gap(b)))?;
        Some(Self {
            median: median(pairs.iter().map(gap).collect())?,
            worst: gap(worst),
            worst_question: worst.2.clone(),
            strong_median: median(pairs.iter().map(|p| p.0).collect())?,
            weak_median: median(pairs.iter().map(|p| p.1).collect())?,
        })
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied()
}
