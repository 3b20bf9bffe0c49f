//! What the program does, seen from outside. One module a behaviour.

// A test that cannot set its stage has failed; saying so is all that is wanted. clippy.toml allows it inside `#[test]`
// functions only, and what they share stands outside.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cli;
mod gateway;
mod health;
mod house;
mod layers;
mod openapi;
mod playground;
mod practice;
mod rate_limits;
mod run;
mod stop;
mod support;
