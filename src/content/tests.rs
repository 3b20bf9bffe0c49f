//! What the loader and the linter promise.
