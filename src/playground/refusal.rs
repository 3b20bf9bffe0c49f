//! How Discord says no: an HTTP status, a JSON error code, a message, and for bad forms the errors by field.

use serde_json::{Value, json};

/// One refusal, as Discord would send it.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// Discord's JSON error code, for instance 50013.
    pub code: u32,
    /// Discord's sentence.
    pub message: String,
    /// Errors by field, for code 50035.
    pub errors: Option<Value>,
}

impl Refusal {
    /// A refusal without errors by field.
    #[must_use]
    pub fn new(status: u16, code: u32, message: &str) -> Self {
        Self { status, code, message: message.to_owned(), errors: None }
    }

    /// 400 with code 50035: a form whose field at `path` (such as `embeds.0.title`) is wrong.
    ///
    /// `code` is Discord's name for the fault, for instance `BASE_TYPE_MAX_LENGTH`.
    #[must_use]
    pub fn invalid_form(path: &str, code: &str, message: &str) -> Self {
        let leaf = json!({ "_errors": [{ "code": code, "message": message }] });
        let errors = path.rsplit('.').filter(|part| !part.is_empty()).fold(leaf, |inner, key| json!({ key: inner }));
        Self { status: 400, code: 50035, message: "Invalid Form Body".to_owned(), errors: Some(errors) }
    }

    /// The body Discord would send.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let Some(errors) = &self.errors {
            body["errors"] = errors.clone();
        }
        body
    }
}
