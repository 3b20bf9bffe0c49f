//! Discord's limits on what a bot may send. A stub: the real checks come with their own branch.

use serde_json::Value;

use super::refusal::Refusal;

/// What a message body is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// A new message.
    Create,
    /// An edit of one.
    Edit,
    /// The reply to an interaction.
    InteractionReply,
}

/// Checks a message body.
///
/// # Errors
/// What Discord would answer.
pub fn check_message(_body: &Value, _ctx: MessageKind) -> Result<(), Refusal> {
    Ok(())
}

/// Checks a modal.
///
/// # Errors
/// What Discord would answer.
pub fn check_modal(_modal: &Value) -> Result<(), Refusal> {
    Ok(())
}

/// Checks an array of commands.
///
/// # Errors
/// What Discord would answer.
pub fn check_commands(_commands: &Value) -> Result<(), Refusal> {
    Ok(())
}

/// Checks the body that opens or edits a thread.
///
/// # Errors
/// What Discord would answer.
pub fn check_thread(_thread: &Value) -> Result<(), Refusal> {
    Ok(())
}

/// Checks the choices an autocomplete answers with.
///
/// # Errors
/// What Discord would answer.
pub fn check_autocomplete(_answer: &Value) -> Result<(), Refusal> {
    Ok(())
}
