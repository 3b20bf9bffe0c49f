//! What was asked over REST and what was answered, the latest few thousand, for tests to read.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path below `/api/v10`, without the query.
    pub path: String,
    /// The query, without `?`; empty if there was none.
    pub query: String,
    /// The JSON body as it came; of a multipart body, its `payload_json`. Null if there was none.
    pub request: Value,
    /// The status answered. None if the connection was dropped.
    pub status: Option<u16>,
    /// The JSON body answered. Null if there was none.
    pub response: Value,
    /// How long the answer took, planned delays included.
    pub took: Duration,
}

/// The latest exchanges.
#[derive(Debug)]
pub(crate) struct Recorder {
    kept: VecDeque<Arc<Exchange>>,
    limit: usize,
    /// How many exchanges there were in all.
    pub(crate) total: u64,
    /// How many were invalid in Discord's sense (401, 403, 429).
    pub(crate) invalid: u64,
}

impl Recorder {
    /// A recorder that keeps the latest `limit` exchanges.
    pub(crate) fn new(limit: usize) -> Self {
        Self { kept: VecDeque::new(), limit, total: 0, invalid: 0 }
    }

    /// Records one exchange.
    pub(crate) fn record(&mut self, exchange: Exchange) {
        self.total += 1;
        self.invalid += u64::from(matches!(exchange.status, Some(401 | 403 | 429)));
        if self.limit > 0 {
            if self.kept.len() >= self.limit {
                self.kept.pop_front();
            }
            self.kept.push_back(Arc::new(exchange));
        }
    }

    /// The exchanges kept among all but the first `seen`, oldest first.
    pub(crate) fn since(&self, seen: u64) -> impl Iterator<Item = &Arc<Exchange>> {
        let fresh = usize::try_from(self.total.saturating_sub(seen)).unwrap_or(usize::MAX);
        self.kept.iter().skip(self.kept.len().saturating_sub(fresh))
    }

    /// The exchanges kept, oldest first.
    pub(crate) fn exchanges(&self) -> Vec<Arc<Exchange>> {
        self.kept.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(path: &str, status: u16) -> Exchange {
        Exchange {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: String::new(),
            request: Value::Null,
            status: Some(status),
            response: Value::Null,
            took: Duration::ZERO,
        }
    }

    #[test]
    fn only_the_latest_are_kept_but_all_are_counted() {
        let mut recorder = Recorder::new(2);
        for (path, status) in [("/a", 200), ("/b", 403), ("/c", 429)] {
            recorder.record(exchange(path, status));
        }
        assert_eq!(recorder.since(2).map(|exchange| exchange.path.as_str()).collect::<Vec<_>>(), ["/c"]);
        let paths: Vec<String> = recorder.exchanges().iter().map(|exchange| exchange.path.clone()).collect();
        assert_eq!(paths, ["/b", "/c"]);
        assert_eq!((recorder.total, recorder.invalid), (3, 2));
    }
}
