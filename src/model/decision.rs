//! What is done with a question.

use guichet_kb::EntryId;

/// What is done with a question.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Decision {
    /// One entry answers it.
    Answer(EntryId),
    /// Two or three entries compete: ask which one is meant.
    Clarify(Vec<EntryId>),
    /// It is about one customer: look the facts up; the entry says where to find them.
    Lookup(Option<EntryId>),
    /// A greeting, thanks and the like; the name of the intent.
    SmallTalk(String),
    /// A person is asked for.
    Handoff,
    /// Nothing fits: say so.
    NoAnswer,
}

impl Decision {
    /// The name in machine-readable output.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Answer(_) => "answer",
            Self::Clarify(_) => "clarify",
            Self::Lookup(_) => "lookup",
            Self::SmallTalk(_) => "smalltalk",
            Self::Handoff => "handoff",
            Self::NoAnswer => "noanswer",
        }
    }
}
