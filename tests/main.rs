//! What the program does, seen from outside. One module a behaviour.

// A test that cannot set its stage has failed; saying so is all that is wanted. clippy.toml allows it inside `#[test]`
// functions only, and what they share stands outside.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cards;
mod cli;
mod drops;
mod gateway;
mod guide;
mod health;
mod help;
mod house;
mod interviewer;
mod layers;
mod mock;
mod openapi;
mod playground;
mod practice;
mod profile;
mod progress;
mod rate_limits;
mod run;
mod stop;
mod support;
mod terminal;
mod topics;
