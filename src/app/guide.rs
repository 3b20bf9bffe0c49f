//! `/guide`: what there is to read, found by the name that was typed.

use super::topics::no_such;
use super::{App, Result, refuse};
use crate::domain::handbook::Article;

impl App {
    /// The article that was typed, by slug or by title.
    pub fn article(&self, typed: &str) -> Result<Article> {
        self.bank.article_named(typed).map_or_else(|| refuse(no_such("guide", typed)), Ok)
    }
}
