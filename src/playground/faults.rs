//! Faults told beforehand: which requests fail, how, and how many times.

use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// Nothing happens, and this status comes back with Discord's code and sentence.
    Answer {
        /// The HTTP status.
        status: u16,
        /// Discord's JSON error code; 0 for none.
        code: u32,
    },
    /// Nothing happens, and the connection breaks.
    DropBefore,
    /// It happens, and the connection breaks before the answer.
    DropAfter,
    /// It happens after this time.
    Delay(Duration),
    /// Nothing happens, and 429 asks to wait this long.
    RateLimit {
        /// How long the client is told to wait.
        retry_after: Duration,
        /// Whether the limit is the global one.
        global: bool,
    },
}

#[derive(Debug)]
struct Planned {
    method: String,
    pattern: Vec<String>,
    left: usize,
    fault: Fault,
}

/// The faults still to come, in the order they were planned.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Planned>);

impl Faults {
    /// Plans a fault for the next `times` requests. `*` stands for any method, and in the pattern for any one
    /// segment; a final `**` for any rest. Paths are those below `/api/v10`.
    pub(crate) fn plan(&mut self, method: &str, pattern: &str, times: usize, fault: Fault) {
        let pattern = segments(pattern).map(str::to_owned).collect();
        self.0.push(Planned { method: method.to_owned(), pattern, left: times, fault });
    }

    /// Takes the fault that strikes this request.
    pub(crate) fn strike(&mut self, method: &str, path: &str) -> Option<Fault> {
        if self.0.is_empty() {
            return None;
        }
        let path: Vec<&str> = segments(path).collect();
        let position = self.0.iter().position(|planned| planned.left > 0 && planned.hits(method, &path))?;
        let planned = self.0.get_mut(position)?;
        planned.left -= 1;
        let fault = planned.fault.clone();
        if planned.left == 0 {
            self.0.remove(position);
        }
        Some(fault)
    }

    /// Forgets everything planned.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

impl Planned {
    fn hits(&self, method: &str, path: &[&str]) -> bool {
        if self.method != "*" && !self.method.eq_ignore_ascii_case(method) {
            return false;
        }
        let (pattern, open) = match self.pattern.split_last() {
            Some((last, start)) if last == "**" => (start, true),
            _ => (self.pattern.as_slice(), false),
        };
        let long_enough = if open { path.len() >= pattern.len() } else { path.len() == pattern.len() };
        long_enough && pattern.iter().zip(path).all(|(wanted, found)| wanted == "*" || wanted == found)
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_planned_and_only_where_planned() {
        let mut faults = Faults::default();
        faults.plan("POST", "/channels/*/messages", 2, Fault::DropAfter);
        assert_eq!(faults.strike("GET", "/channels/1/messages"), None);
        assert_eq!(faults.strike("POST", "/channels/1/messages/2"), None);
        assert_eq!(faults.strike("POST", "/channels/1/messages"), Some(Fault::DropAfter));
        assert_eq!(faults.strike("POST", "/channels/2/messages"), Some(Fault::DropAfter));
        assert_eq!(faults.strike("POST", "/channels/1/messages"), None);
    }

    #[test]
    fn two_stars_stand_for_any_rest() {
        let mut faults = Faults::default();
        faults.plan("*", "/webhooks/**", 1, Fault::DropBefore);
        assert_eq!(faults.strike("PATCH", "/webhooks/1/token/messages/@original"), Some(Fault::DropBefore));
    }
}
