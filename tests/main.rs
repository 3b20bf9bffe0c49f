//! What the program does, seen from outside. One module a behaviour.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod playground;
