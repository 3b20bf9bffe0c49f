//! What is wrong with the settings, in words that end in the next step.
//!
//! Never the value of a secret, nor of a URL: callers put a value into `what` only where it can hold neither.

use std::fmt;

/// Every fault found in the settings, at least one. `Display` lists them, one a line.
#[derive(Debug, thiserror::Error)]
#[error("{}", listing(.0))]
pub struct SettingsErrors(Vec<Fault>);

impl SettingsErrors {
    /// The faults as an error, or `None` when there are none. Sorted, so that the listing is stable.
    pub(super) fn unless_empty(mut faults: Vec<Fault>) -> Option<Self> {
        faults.sort_by(|a, b| a.subject.cmp(&b.subject));
        (!faults.is_empty()).then_some(Self(faults))
    }

    /// A single fault as an error.
    pub(super) fn one(fault: Fault) -> Self {
        Self(vec![fault])
    }

    /// Where to look next, for a `hint:` line.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        "coach.example.toml lists every setting with its default"
    }
}

/// One thing that is wrong.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The key, the variable or the file at fault.
    subject: String,
    origin: Origin,
    what: String,
    remedy: String,
}

/// Where a faulty value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// No layer holds it, or the subject says where already.
    Nowhere,
    /// A file, by its path, or an environment variable, by its name.
    Named(String),
}

impl Fault {
    /// `what` continues a sentence that begins with the subject; `remedy` is a sentence without its full stop.
    pub(super) fn at(
        subject: impl Into<String>,
        origin: Origin,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { subject: subject.into(), origin, what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.subject)?;
        if let Origin::Named(name) = &self.origin {
            write!(f, " (from {name})")?;
        }
        write!(f, " {}. {}.", self.what, self.remedy)
    }
}

/// A value for display: quoted, escaped, and cut where nobody would read on.
pub(super) fn quoted(value: &str) -> String {
    const SHOWN: usize = 60;
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}…", &value[..end]),
        None => format!("{value:?}"),
    }
}

fn listing(faults: &[Fault]) -> String {
    let heading = match faults.len() {
        1 => "1 setting needs attention:".to_owned(),
        many => format!("{many} settings need attention:"),
    };
    faults.iter().fold(heading, |text, fault| format!("{text}\n  {fault}"))
}
