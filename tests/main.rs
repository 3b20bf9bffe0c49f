//! What the program does, seen from outside. One module a behaviour.

// Clippy lets tests, and only what it knows to be tests, use `expect`.
#![cfg(test)]

mod openapi;
mod support;
