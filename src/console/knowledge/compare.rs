//! What became of a document from one version to the next, word by word within its fields.

use guichet_kb::diff::{self, Part};
use guichet_kb::{DocumentKey, DocumentKind, Entry, EntryId, front_matter};

use crate::text::knowledge as text;

/// Lines that are shown around a change of a text.
const AROUND: usize = 2;

/// A field that differs.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) pieces: Vec<Piece>,
}

/// A stretch of text of before, of after, or of both.
pub(super) struct Piece {
    pub(super) kind: PieceKind,
    pub(super) text: String,
}

/// Where a stretch of text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PieceKind {
    Same,
    Removed,
    Added,
    /// Lines that are the same and not shown.
    Skipped,
}

impl Piece {
    pub(super) fn is_removed(&self) -> bool {
        self.kind == PieceKind::Removed
    }

    pub(super) fn is_added(&self) -> bool {
        self.kind == PieceKind::Added
    }

    pub(super) fn is_skipped(&self) -> bool {
        self.kind == PieceKind::Skipped
    }
}

/// What differs between two states of the document `key`.
pub(super) fn documents(key: &DocumentKey, before: &str, after: &str) -> Vec<Field> {
    let entry = |text: &str| front_matter::parse("", text).0.map(|(entry, _)| entry);
    match (key.kind(), entry(before), entry(after)) {
        (DocumentKind::Entry, Some(before), Some(after)) => entries(&before, &after),
        (DocumentKind::Entry | DocumentKind::Orientation | DocumentKind::Table, ..) if before == after => Vec::new(),
        (DocumentKind::Entry | DocumentKind::Orientation | DocumentKind::Table, ..) => {
            vec![Field { name: text::WHOLE_TEXT, pieces: lines(before, after) }]
        }
    }
}

/// What differs between two states of an entry, but for its status.
pub(super) fn entries(before: &Entry, after: &Entry) -> Vec<Field> {
    fields(before)
        .into_iter()
        .zip(fields(after))
        .filter(|((_, before), (_, after))| before != after)
        .map(|((name, before), (_, after))| Field { name: text::field(name), pieces: words(&before, &after) })
        .collect()
}

/// The fields of an entry by the names of its form.
pub(super) fn fields(entry: &Entry) -> Vec<(&'static str, String)> {
    let ids: Vec<&str> = entry.follow_ups.iter().map(EntryId::as_str).collect();
    vec![
        ("question", entry.question.clone()),
        ("answer", entry.answer.clone()),
        ("composed", entry.composed.clone()),
        ("variants", entry.variants.join("\n")),
        ("must", entry.checks.must.join("\n")),
        ("must_not", entry.checks.must_not.join("\n")),
        ("follow_ups", ids.join("\n")),
        ("facts", entry.facts.join("\n")),
        ("category", entry.category.clone()),
        ("audience", text::audience(entry.audience).to_owned()),
        ("owner", entry.owner.clone()),
        ("review_by", entry.review_by.map(|day| day.to_string()).unwrap_or_default()),
    ]
}

fn words(before: &str, after: &str) -> Vec<Piece> {
    diff::words(before, after).into_iter().map(piece).collect()
}

/// The lines around what differs.
fn lines(before: &str, after: &str) -> Vec<Piece> {
    let all: Vec<Piece> = diff::lines(before, after).into_iter().map(piece).collect();
    let is_near = |at: usize| {
        all[at.saturating_sub(AROUND)..(at + AROUND + 1).min(all.len())]
            .iter()
            .any(|piece| piece.kind != PieceKind::Same)
    };
    let near: Vec<bool> = (0..all.len()).map(is_near).collect();
    let mut shown: Vec<Piece> = Vec::new();
    for (mut piece, is_near) in all.into_iter().zip(near) {
        piece.text.push('\n');
        if is_near {
            shown.push(piece);
        } else if shown.last().is_none_or(|last| !last.is_skipped()) {
            shown.push(Piece { kind: PieceKind::Skipped, text: String::new() });
        }
    }
    shown
}

fn piece(part: Part) -> Piece {
    let (kind, text) = match part {
        Part::Same(text) => (PieceKind::Same, text),
        Part::Removed(text) => (PieceKind::Removed, text),
        Part::Added(text) => (PieceKind::Added, text),
    };
    Piece { kind, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown() {
        let before = Entry::new("a".parse().expect("an id"), "Où ?", "X", "Au guichet 3, le matin.");
        let after = Entry { answer: "Au guichet 4, le matin.".into(), ..before.clone() };
        let fields = entries(&before, &after);
        assert_eq!(fields.len(), 1);
        let shown: Vec<(PieceKind, &str)> =
            fields[0].pieces.iter().map(|piece| (piece.kind, piece.text.as_str())).collect();
        let expected = [
            (PieceKind::Same, "Au guichet "),
            (PieceKind::Removed, "3"),
            (PieceKind::Added, "4"),
            (PieceKind::Same, ", le matin."),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn of_long_texts_only_the_lines_around_are_shown() {
        let before: String = (0..40).map(|line| format!("{line}\n")).collect();
        let pieces = lines(&before, &before.replace("\n20\n", "\nvingt\n"));
        let kinds: Vec<PieceKind> = pieces.iter().map(|piece| piece.kind).collect();
        use PieceKind::{Added, Removed, Same, Skipped};
        assert_eq!(kinds, [Skipped, Same, Same, Removed, Added, Same, Same, Skipped]);
    }
}
