//! The bank: the taxonomy with every question, and the pool that a set of wishes leaves.

use std::collections::HashMap;
use std::sync::Arc;

use super::handbook::{Article, Handbook};
use super::ids::Slug;
use super::question::Question;
use super::taxonomy::{Level, Taxonomy};

/// All content that questions are drawn from. Immutable once loaded.
#[derive(Debug, Clone, Default)]
pub struct Bank {
    /// The vocabulary.
    pub taxonomy: Taxonomy,
    /// What there is to read beside the questions.
    pub handbook: Handbook,
    questions: Vec<Arc<Question>>,
    by_slug: HashMap<Slug, usize>,
}

impl Bank {
    /// Joins a taxonomy with questions. Order is kept; of two questions with one slug the first is found by [`Self::get`].
    #[must_use]
    pub fn new(taxonomy: Taxonomy, questions: Vec<Question>) -> Self {
        let questions: Vec<_> = questions.into_iter().map(Arc::new).collect();
        let mut by_slug = HashMap::with_capacity(questions.len());
        for (index, question) in questions.iter().enumerate() {
            by_slug.entry(question.slug.clone()).or_insert(index);
        }
        Self { taxonomy, handbook: Handbook::default(), questions, by_slug }
    }

    /// The same bank with that handbook.
    #[must_use]
    pub fn with_handbook(self, handbook: Handbook) -> Self {
        Self { handbook, ..self }
    }

    /// The article that was typed, by slug or by title, linked to this bank's questions.
    #[must_use]
    pub fn article_named(&self, typed: &str) -> Option<Article> {
        let typed = typed.trim();
        let fits = |title: &str, slug: &Slug| slug.as_str() == typed || title.eq_ignore_ascii_case(typed);
        let (_, slug) = self.handbook.titles(self).find(|(title, slug)| fits(title, slug))?;
        self.handbook.article(slug.as_str(), self)
    }

    /// Every question, in the order of the files.
    #[must_use]
    pub fn questions(&self) -> &[Arc<Question>] {
        &self.questions
    }

    /// The question of that slug; `None` when it was never there or is retired.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Arc<Question>> {
        let slug = Slug::parse(slug).ok()?;
        self.by_slug.get(&slug).map(|&index| &self.questions[index])
    }

    /// The questions that `wanted` leaves, in the order of the files.
    pub fn pool<'a>(&'a self, wanted: &'a Wanted) -> impl Iterator<Item = &'a Arc<Question>> {
        self.questions.iter().filter(|q| wanted.admits(q, &self.taxonomy))
    }
}

/// What someone asked for. An empty list means no wish.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Skills or skill groups; a question fits when any of its skills is one of these or in one of these.
    pub topics: Vec<Slug>,
    /// Categories.
    pub categories: Vec<Slug>,
    /// Levels; a question fits when it is asked at any of these.
    pub levels: Vec<Level>,
}

impl Wanted {
    /// Whether the question fits every wish.
    #[must_use]
    pub fn admits(&self, question: &Question, taxonomy: &Taxonomy) -> bool {
        let topic_fits = |topic: &Slug| {
            question
                .skills
                .iter()
                .any(|s| s == topic || taxonomy.skill(s.as_str()).is_some_and(|skill| &skill.group == topic))
        };
        (self.topics.is_empty() || self.topics.iter().any(topic_fits))
            && (self.categories.is_empty() || self.categories.contains(&question.category))
            && (self.levels.is_empty() || self.levels.iter().any(|l| question.levels.contains(l)))
    }
}
