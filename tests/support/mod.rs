//! What several behaviours' tests need. Nothing in here is a test.

pub mod openapi;
