//! The one place where an error becomes a message. What a person can mend is said as it is; what they cannot gets a
//! short reference, which the log has too.

use super::render::Card;
use crate::app::Error;
use crate::app::StoreError;

/// Says an error to whoever met it and to nobody else, and logs it once if it is ours.
pub fn card(error: &Error) -> Card {
    let card = match error {
        Error::User(sentence) => Card::text(sentence),
        Error::Store(error) => {
            let reference = logged(error);
            let sentence = match error {
                StoreError::Busy(_) => "The database is busy, so this was not saved. Try again in a moment.",
                StoreError::Full(_) => {
                    "The disk that I write to is full, so this was not saved. Ask whoever runs me to make room, then \
                     try again."
                }
                StoreError::ReadOnly(_) => {
                    "I may not write to my database, so this was not saved. Ask whoever runs me to look at its \
                     permissions, then try again."
                }
                StoreError::Other(_) | StoreError::Unreadable { .. } => {
                    "My database failed, so this was not saved. Try again; if it stays like this, tell whoever runs me."
                }
            };
            Card::text(format!("{sentence} (Reference {reference})"))
        }
        Error::Internal(error) => {
            let reference = logged(error.as_ref());
            Card::text(format!(
                "Something went wrong on my side. Try again; if it stays like this, tell whoever runs me. (Reference \
                 {reference})"
            ))
        }
    };
    card.private()
}

/// Logs an error that nobody is there to be told.
pub fn log(error: &Error) {
    match error {
        Error::User(sentence) => tracing::warn!(sentence, "work in the background was refused"),
        Error::Store(error) => _ = logged(error),
        Error::Internal(error) => _ = logged(error.as_ref()),
    }
}

/// Logs an error with all its causes under a new reference.
fn logged(error: &(dyn std::error::Error + 'static)) -> String {
    let id = uuid::Uuid::now_v7().simple().to_string();
    // The end of a version 7 UUID is random; six digits tell the errors of a day apart.
    let reference = id.chars().skip(26).collect::<String>();
    let causes: Vec<String> = std::iter::successors(Some(error), |e| e.source()).map(ToString::to_string).collect();
    tracing::error!(reference, error = causes.join(": "), "an intent failed");
    metrics::counter!("coach_errors_total").increment(1);
    reference
}
