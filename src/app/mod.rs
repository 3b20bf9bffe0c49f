//! The use cases, named as people's intents. Each reads what it needs, lets the domain decide, and does IO last.
//!
//! What it leaves out on purpose: how anything looks (`discord::render`, `cli`), and when it is called.

mod clock;
pub mod drops;
mod guide;
pub mod mock;
mod notices;
pub mod practice;
pub mod profile;
pub mod progress;
pub mod topics;

use std::sync::Arc;

use jiff::SignedDuration;
use uuid::Uuid;

pub use clock::Clock;

use crate::domain::bank::Bank;
use crate::domain::ids::{MemberId, ServerId};
use crate::grading::Grader;
use crate::llm::Llm;
// What a use case hands back as it is stored; surfaces know it from here.
pub use crate::store::{
    Delivery, DeliveryStatus, InterviewRow, Member, NewSchedule, NewServing, NewTurn, NextClock, Notice, Schedule,
    StoreError, Totals,
};

use crate::store::Store;

/// Everything a use case works with. Shared by all surfaces.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// All questions.
    pub bank: Arc<Bank>,
    /// The deterministic grader.
    pub grader: Arc<Grader>,
    /// The model, which may be off.
    pub llm: Llm,
    /// The time.
    pub clock: Clock,
    /// How late a drop may still be delivered.
    pub catch_up: SignedDuration,
}

/// Who acts, and in which server, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// The person.
    pub member: MemberId,
    /// The server; none in a DM or the terminal.
    pub server: Option<ServerId>,
}

/// What can go wrong with an intent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The person can mend it: a whole sentence that ends in the next step.
    #[error("{0}")]
    User(String),
    /// The database failed; what was being done is not stored.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// The result of an intent.
pub type Result<T> = std::result::Result<T, Error>;

/// Shorthand for a refusal that the person can act on.
fn refuse<T>(sentence: impl Into<String>) -> Result<T> {
    Err(Error::User(sentence.into()))
}

/// A new id of ours, and dice: the random part of a version 7 UUID seeds whatever is chosen with it.
fn new_id() -> (String, u64) {
    let id = Uuid::now_v7();
    (id.simple().to_string(), id.as_u64_pair().1)
}

#[cfg(test)]
mod tests;
