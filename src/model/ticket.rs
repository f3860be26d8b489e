//! A request that a person must answer.

use serde::{Deserialize, Serialize};

use super::{Asker, EmailAddress, File};

/// The letters and digits of references: none that look alike (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What a person quotes to speak of a ticket: `G-` and eight letters or digits in two groups, as `G-7K3M-2PQ9`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct TicketRef(String);

/// A reference that stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) reference: TicketRef,
    /// Where it stands, in bytes.
    pub(crate) place: std::ops::Range<usize>,
    /// With the dash after its first letter, as it is told.
    pub(crate) is_written_out: bool,
}

/// The text is no reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no reference of a ticket")]
pub(crate) struct NoTicketRef;

impl TicketRef {
    /// The reference made of 40 random bits (the lower ones of `random`).
    pub(crate) fn from_random(random: u64) -> Self {
        let letter = |place: u32| char::from(ALPHABET[(random >> (5 * place)) as usize & 31]);
        let group = |from: u32| (from..from + 4).map(letter).collect::<String>();
        Self(format!("G-{}-{}", group(0), group(4)))
    }

    /// The reference as it is written.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The first reference in `text`, as people copy it, in a word of its own. Without dashes it must hold a digit: words
    /// do not.
    pub(crate) fn find_in(text: &str) -> Option<Named> {
        let begins = text.char_indices().filter(|(at, letter)| {
            matches!(letter, 'G' | 'g')
                && !text[..*at].ends_with(|before: char| before.is_alphanumeric() || before == '-')
        });
        begins.map(|(at, _)| at).find_map(|at| named_at(text, at))
    }
}

/// The reference that begins at `start`, where a G is.
fn named_at(text: &str, start: usize) -> Option<Named> {
    let rest = &text[start + 1..];
    let is_gap = |c: char| matches!(c, '-' | ' ');
    let (mut letters, mut end, mut was_gap) = (0, 0, false);
    for (at, c) in rest.char_indices() {
        if letters == 8 {
            break;
        }
        if is_gap(c) && !was_gap && matches!(letters, 0 | 4) {
            was_gap = true;
        } else if c.is_ascii_alphanumeric() {
            (letters, was_gap) = (letters + 1, false);
        } else {
            return None;
        }
        end = at + c.len_utf8();
    }
    let goes_on = rest[end..].starts_with(|after: char| after.is_alphanumeric() || after == '-');
    let is_written_out = rest.starts_with('-');
    let is_told_from_words = is_written_out || rest[..end].contains(|c: char| c.is_ascii_digit());
    let place = start..start + 1 + end;
    let reference = text[place.clone()].parse().ok().filter(|_| !goes_on && is_told_from_words)?;
    Some(Named { reference, place, is_written_out })
}

impl std::fmt::Display for TicketRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for TicketRef {
    type Err = NoTicketRef;

    /// As people copy it: any case, O for 0, I and L for 1, with or without dashes.
    fn from_str(text: &str) -> Result<Self, NoTicketRef> {
        let rest = text.trim().strip_prefix(['G', 'g']).ok_or(NoTicketRef)?;
        let letters: String = rest
            .chars()
            .filter(|c| !matches!(c, '-' | ' '))
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            })
            .collect();
        let is_known = |c: char| u8::try_from(c).is_ok_and(|byte| ALPHABET.contains(&byte));
        if letters.chars().count() != 8 || !letters.chars().all(is_known) {
            return Err(NoTicketRef);
        }
        Ok(Self(format!("G-{}-{}", &letters[..4], &letters[4..])))
    }
}

impl TryFrom<String> for TicketRef {
    type Error = NoTicketRef;

    fn try_from(text: String) -> Result<Self, NoTicketRef> {
        text.parse()
    }
}

impl From<TicketRef> for String {
    fn from(reference: TicketRef) -> Self {
        reference.0
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Requester {
    /// First and last name.
    pub(crate) name: String,
    /// Where to answer.
    pub(crate) email: EmailAddress,
    /// The partner company.
    pub(crate) company: Option<String>,
}

/// How much it presses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Urgency {
    /// It can wait.
    Low,
    /// As usual.
    #[default]
    Normal,
    /// Work is hindered.
    High,
    /// Work is stopped.
    Urgent,
}

impl Urgency {
    /// Every urgency, from the least.
    pub(crate) const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];

    /// The name in machine-readable places.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}

/// Who speaks in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Speaker {
    /// The person who asks.
    Visitor,
    /// Guichet.
    Assistant,
    /// Somebody of the staff, by name.
    Agent(String),
}

/// One line of the conversation that led to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TranscriptLine {
    /// Who speaks.
    pub(crate) speaker: Speaker,
    /// What is said, as plain text.
    pub(crate) text: String,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
}

/// A ticket as it is asked for: everything that the desk is told, at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TicketDraft {
    /// Known before any desk has heard of it; also the key that makes creating it idempotent.
    pub(crate) reference: TicketRef,
    /// The conversation it comes from.
    pub(crate) conversation: String,
    /// Who asks.
    pub(crate) requester: Requester,
    /// Who was signed in, and whom it is about; `None` when nobody was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) asker: Option<Asker>,
    /// In one line.
    pub(crate) subject: String,
    /// In the person's own words.
    pub(crate) description: String,
    /// The product it is about.
    pub(crate) product: Option<String>,
    /// How much it presses.
    pub(crate) urgency: Urgency,
    /// The whole conversation so far.
    pub(crate) transcript: Vec<TranscriptLine>,
    /// Words to sort by.
    pub(crate) tags: Vec<String>,
    /// When it was asked for, in milliseconds since 1970.
    pub(crate) created_at: i64,
    /// Files that go with it. They are not kept here: whoever hands the ticket over reads them from the store.
    #[serde(skip)]
    pub(crate) attachments: Vec<File>,
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TicketStatus {
    /// Nobody has looked at it.
    #[default]
    New,
    /// An agent works on it.
    Open,
    /// The partner must answer.
    Pending,
    /// An agent thinks that it is done.
    Solved,
    /// It is done for good.
    Closed,
}

impl TicketStatus {
    /// Every status, in the order of a ticket's life.
    pub(crate) const ALL: [Self; 5] = [Self::New, Self::Open, Self::Pending, Self::Solved, Self::Closed];

    /// The name in machine-readable places.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Open => "open",
            Self::Pending => "pending",
            Self::Solved => "solved",
            Self::Closed => "closed",
        }
    }
}

/// A ticket as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ticket {
    /// Everything asked for, as it was asked for.
    pub(crate) draft: TicketDraft,
    /// Chosen by whoever asked, unique in the conversation: asking twice is one ticket.
    pub(crate) request_key: String,
    /// Where it stands.
    pub(crate) status: TicketStatus,
    /// How much it presses, as staff see it.
    pub(crate) urgency: Urgency,
    /// Who works on it.
    pub(crate) assignee: Option<String>,
    /// Words to sort by.
    pub(crate) tags: Vec<String>,
    /// The id that another desk gave it.
    pub(crate) external_id: Option<String>,
    /// Last change, in milliseconds since 1970.
    pub(crate) updated_at: i64,
    /// When the first answer of a person is promised.
    pub(crate) due_at: i64,
    /// When it came.
    pub(crate) answered_at: Option<i64>,
    /// Since when the clock of that promise stands still, because the partner must answer.
    pub(crate) paused_at: Option<i64>,
    /// When the other desk last said where it stands, by its clock, in whole seconds; 0 when it has not.
    pub(crate) external_at: i64,
}

/// Something said about a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comment {
    pub(crate) id: String,
    pub(crate) reference: TicketRef,
    pub(crate) author: CommentAuthor,
    /// False: only staff sees it.
    pub(crate) is_public: bool,
    /// Plain text.
    pub(crate) text: String,
    /// In milliseconds since 1970.
    pub(crate) created_at: i64,
}

/// Who says it, with the name that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CommentAuthor {
    /// The person who asked.
    Partner(String),
    /// Somebody of the staff.
    Agent(String),
}

/// One change of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HistoryLine {
    pub(crate) who: String,
    pub(crate) what: String,
    /// In milliseconds since 1970.
    pub(crate) at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_found_in_what_people_write() {
        let check = |text: &str, expected: Option<(&str, bool)>| {
            let found = TicketRef::find_in(text);
            let found = found.as_ref().map(|it| (&text[it.place.clone()], it.is_written_out));
            assert_eq!(found, expected, "{text}");
        };
        check("où en est la G-7K3M-2PQ9 ?", Some(("G-7K3M-2PQ9", true)));
        check("g-7k3m2pq9.", Some(("g-7k3m2pq9", true)));
        check("g 7k3m 2pq9", Some(("g 7k3m 2pq9", false)));
        check("G7K3M2PQ9", Some(("G7K3M2PQ9", false)));
        check("un gros génie, G-7K3M-2PQ9", Some(("G-7K3M-2PQ9", true)));
        for text in
            ["", "G", "G-", "g test mail", "G-7K3M-2PQ9X", "G-7K3M-2PQ9-1", "AG-7K3M-2PQ9", "G--7K3M-2PQ9", "G-é"]
        {
            check(text, None);
        }
    }

    #[test]
    fn a_reference_survives_being_copied_by_hand() {
        let reference = TicketRef::from_random(0x12_3456_789a);
        assert_eq!(reference.as_str().len(), 11);
        assert_eq!(reference.as_str().parse(), Ok(reference.clone()));
        assert_eq!(reference.as_str().to_lowercase().replace('-', " ").parse(), Ok(reference));
        assert_eq!("g-oil0-0000".parse::<TicketRef>().map(String::from), Ok("G-0110-0000".to_owned()));
        for text in ["", "G-", "G-1234", "X-1234-5678", "G-1234-567U", "G-1234-5678-9", "G-é234-5678"] {
            assert!(text.parse::<TicketRef>().is_err(), "{text}");
        }
    }
}
