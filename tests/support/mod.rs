//! What several behaviours' tests need. Nothing in here is a test.

pub mod app;
pub mod content;
pub mod openapi;
