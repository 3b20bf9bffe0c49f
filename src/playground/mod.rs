//! A local server that speaks Discord's REST and gateway well enough that a client library cannot tell.
//!
//! Tests act as people through it. It knows nothing of the bot: it reads what any bot sends and refuses what
//! Discord refuses, with Discord's codes.

pub mod limits;
pub mod refusal;
