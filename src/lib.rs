//! Interview Coach: a Discord bot that makes backend engineers better at interviews, one answer at a time.
//!
//! This is the map. Read the modules in this order:
//!
//! - [`domain`] decides. Questions, rubrics, grades, streaks, recurrence, selection and the interview's state
//!   machine, as pure functions: no IO, no clock, no randomness of their own.
//! - [`content`] turns the files under `content/` into the domain's bank and handbook, and lints them.
//! - [`grading`] is the deterministic grader: text in, scored rubric out.
//! - [`store`] holds every line of SQL, one file per aggregate.
//! - [`llm`] is the only place that knows an OpenAI-compatible server.
//! - [`app`] holds the use cases, named as people's intents; it does IO last.
//! - [`discord`] is the only place that knows serenity and poise: commands in, embeds out.
//! - [`playground`] is a local server that speaks Discord's REST and gateway; tests act as people through it.
//! - [`cli`] is the terminal: `run`, `practice`, `content`, and the rest.
//! - [`config`], [`telemetry`] and [`http`] serve whoever operates it.
//!
//! Dependence runs one way: `cli`, `discord` -> `app` -> `store`, `llm`, `grading`, `content` -> `domain`.
//! `playground` knows none of the others. `tests/layers.rs` fails on a breach.

pub mod app;
pub mod cli;
pub mod config;
pub mod content;
pub mod discord;
pub mod domain;
pub mod grading;
pub mod http;
pub mod llm;
pub mod playground;
pub mod store;
pub mod telemetry;
