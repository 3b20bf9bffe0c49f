//! The pure core: every decision, and nothing that touches a disk, a socket, a clock or dice.
//!
//! Instants and seeds come in as arguments. What it leaves out on purpose: text for Discord (that is
//! `discord::render`), reading files (`content`) and SQL (`store`).

pub mod bank;
pub mod grade;
pub mod handbook;
pub mod ids;
pub mod interview;
pub mod mastery;
pub mod question;
pub mod recurrence;
#[cfg(test)]
pub(crate) mod samples;
pub mod selection;
pub mod streak;
pub mod taxonomy;
pub mod topics;
