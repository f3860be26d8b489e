//! What goes wrong when it is asked to.

use serde_json::{Value, json};

/// Requests that go wrong.
#[derive(Debug, Clone)]
pub(in crate::discord) struct Failing {
    /// They begin with this ("POST /channels").
    pub(in crate::discord) line: String,
    /// And end with this.
    pub(in crate::discord) part: String,
    /// How many of them; afterwards all is well.
    pub(in crate::discord) times: usize,
    /// What they get. 0: the connection is cut.
    pub(in crate::discord) status: u16,
    pub(in crate::discord) code: i64,
    /// What was asked is done nevertheless.
    pub(in crate::discord) is_done: bool,
    /// How long to wait, in seconds, when there are too many requests.
    pub(in crate::discord) retry_after: f64,
}

impl Failing {
    pub(in crate::discord) fn new(line: &str, part: &str, status: u16, code: i64) -> Self {
        Self {
            line: line.to_owned(),
            part: part.to_owned(),
            times: usize::MAX,
            status,
            code,
            is_done: false,
            retry_after: 0.05,
        }
    }

    pub(in crate::discord) fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    pub(in crate::discord) fn retry_after(self, retry_after: f64) -> Self {
        Self { retry_after, ..self }
    }

    /// What was asked is done, and whoever asked is told that it failed.
    pub(in crate::discord) fn after_doing_it(self) -> Self {
        Self { is_done: true, ..self }
    }

    /// Whether it is for this request; counts it.
    pub(super) fn takes(&mut self, line: &str) -> bool {
        let is_meant = self.times > 0 && line.starts_with(&self.line) && line.ends_with(&self.part);
        if is_meant {
            self.times -= 1;
        }
        is_meant
    }

    pub(super) fn body(&self) -> Value {
        match self.status {
            429 => {
                json!({ "message": "You are being rate limited.", "retry_after": self.retry_after, "global": false, "code": 0 })
            }
            _ => json!({ "message": "it fails", "code": self.code }),
        }
    }
}
