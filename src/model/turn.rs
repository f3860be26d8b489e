//! What is kept of a turn to look back: figures, and the questions that curators should see.

/// One turn, as it is counted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TurnRecord {
    /// What the person did.
    pub(crate) kind: TurnKind,
    /// As in a reply: `answer`, `clarify`, …
    pub(crate) decision: String,
    /// 0 to 1.
    pub(crate) confidence: f32,
    /// The entry that was given.
    pub(crate) entry: Option<String>,
    /// The channel it came by.
    pub(crate) channel: String,
    /// From the message to the reply, in milliseconds.
    pub(crate) took_ms: i64,
}

/// What the person did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TurnKind {
    /// Asked something.
    Question,
    /// Chose an entry that was offered.
    Choice,
    /// Anything else: small talk, the way to a person.
    Step,
}

impl TurnKind {
    /// The name in the store.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Choice => "choice",
            Self::Step => "step",
        }
    }
}

/// Why a question deserves a curator's look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// Nothing was answered.
    Unanswered,
    /// A choice was offered instead of an answer.
    Unsure,
    /// The answer did not help, says the person.
    Unhelpful,
    /// It became a ticket.
    Escalated,
}

impl Gap {
    /// Every reason.
    pub(crate) const ALL: [Self; 4] = [Self::Unanswered, Self::Unsure, Self::Unhelpful, Self::Escalated];

    /// The name in the store and in addresses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unanswered => "unanswered",
            Self::Unsure => "unsure",
            Self::Unhelpful => "unhelpful",
            Self::Escalated => "escalated",
        }
    }

    /// The reason with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|gap| gap.name() == name)
    }

    /// Why a turn that was just taken deserves a look, if it does.
    pub(crate) fn of(record: &TurnRecord) -> Option<Self> {
        match (record.kind, record.decision.as_str()) {
            (TurnKind::Question, "noanswer") => Some(Self::Unanswered),
            (TurnKind::Question, "clarify") => Some(Self::Unsure),
            (TurnKind::Question | TurnKind::Choice | TurnKind::Step, _) => None,
        }
    }
}

/// A question that nobody has looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenQuestion {
    /// Id of its turn.
    pub(crate) id: String,
    /// In milliseconds since 1970.
    pub(crate) at: i64,
    /// As it was asked, masked.
    pub(crate) text: String,
    pub(crate) gap: Gap,
    /// The entry that was given or chosen.
    pub(crate) entry: Option<String>,
    pub(crate) partner: Option<String>,
    pub(crate) conversation: String,
    /// The ticket it led to.
    pub(crate) ticket: Option<String>,
}

/// Sums over turns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TurnSums {
    pub(crate) turns: i64,
    /// Questions that led to a ticket.
    pub(crate) escalated: i64,
    /// Answers of which somebody says that they helped, or did not.
    pub(crate) helpful: i64,
    pub(crate) unhelpful: i64,
    /// Questions that got an entry, long enough ago.
    pub(crate) given: i64,
    /// Those after which no ticket came, and nobody said that it did not help.
    pub(crate) lasting: i64,
}

/// Sums of a stretch of time, for one kind of turn of one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TimeSums {
    /// In milliseconds since 1970.
    pub(crate) begins_at: i64,
    pub(crate) channel: String,
    /// `question`, `choice` or `step`.
    pub(crate) kind: String,
    pub(crate) decision: String,
    pub(crate) sums: TurnSums,
}

/// Sums of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntrySums {
    pub(crate) entry: String,
    pub(crate) sums: TurnSums,
}
