//! What Discord refuses in request bodies, although its own description of its requests lets it through.
//!
//! Pure functions from a JSON body to a [`Refusal`]. Like Discord, each reports every fault of a body at once,
//! by field. Paths are relative to the body given, so a caller that passes the `data` of an interaction callback
//! finds `components.0`, not `data.components.0`. Lengths are counted in Unicode code points, as Discord counts
//! them: an emoji with a skin tone is two, and no byte or UTF-16 unit is ever counted.
//!
//! Left out on purpose: everything that needs to know the server's state (permissions, channels that exist,
//! whether an edit leaves the message empty), the content of polls, stickers and uploaded files, and component
//! kinds this bot cannot build (file uploads, radio and check boxes in modals). Where Discord publishes no name
//! for a fault, the name follows the pattern of its neighbours; nobody should match on those.

use serde_json::Value;

use crate::playground::refusal::Refusal;

mod commands;
mod components;
mod embeds;
mod form;
mod layout;
mod localization;
mod message;
mod modal;
mod options;
mod threads;

#[cfg(test)]
mod tests;

/// Which request carries the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// A new message in a channel.
    Create,
    /// A change to a message: only what is present is judged, since what stays is not in the body.
    Edit,
    /// An interaction's reply that shows something now (callback type 4, or a follow-up). A deferral carries no
    /// message, so it is not for this check.
    InteractionReply,
}

/// Judges the body of a message.
///
/// # Errors
///
/// 50035 with the faults by field, or 50006 when a new message would be empty.
pub fn check_message(body: &Value, kind: MessageKind) -> Result<(), Refusal> {
    let faults = form::Faults::default();
    let root = faults.root(body);
    message::check(&root, kind);
    let empty = kind != MessageKind::Edit && message::is_empty(body);
    faults.into_result()?;
    if empty { Err(Refusal::new(400, 50006, "Cannot send an empty message")) } else { Ok(()) }
}

/// Judges the `data` of a callback that opens a modal (type 9).
///
/// # Errors
///
/// 50035 with the faults by field.
pub fn check_modal(body: &Value) -> Result<(), Refusal> {
    let faults = form::Faults::default();
    modal::check(&faults.root(body));
    faults.into_result()
}

/// Judges the list of commands that replaces an application's commands.
///
/// # Errors
///
/// 50035 with the faults by field (the first part of a path is the command's index), or 30032 when there are more
/// commands of one type than Discord keeps.
pub fn check_commands(body: &Value) -> Result<(), Refusal> {
    let faults = form::Faults::default();
    let counts = commands::check(&faults.root(body));
    faults.into_result()?;
    counts
}

/// Judges the body that opens a thread, with the first message if it carries one (as forum posts do).
///
/// # Errors
///
/// 50035 with the faults by field, or 50006 when the first message would be empty.
pub fn check_thread(body: &Value) -> Result<(), Refusal> {
    let faults = form::Faults::default();
    threads::check(&faults.root(body));
    faults.into_result()?;
    match body.get("message") {
        Some(message) if message.is_object() && message::is_empty(message) => {
            Err(Refusal::new(400, 50006, "Cannot send an empty message"))
        }
        _ => Ok(()),
    }
}

/// Judges the `data` of an autocomplete callback (type 8).
///
/// # Errors
///
/// 50035 with the faults by field.
pub fn check_autocomplete(body: &Value) -> Result<(), Refusal> {
    let faults = form::Faults::default();
    options::check_autocomplete(&faults.root(body));
    faults.into_result()
}
