//! Runs of digits, as people group them.

use std::ops::Range;

/// Digits that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// Where they are.
    pub(super) place: Range<usize>,
    /// The digits.
    pub(super) digits: String,
}

/// What may stand between the groups of one number.
pub(super) fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '-' | '.' | '_')
}

/// The runs of groups of `text`: within one, groups are one or two separators apart. A group that touches a letter is part
/// of a word and in no run.
pub(super) fn runs(text: &str) -> Vec<Vec<Group>> {
    let mut runs: Vec<Vec<Group>> = Vec::new();
    let mut rest = 0;
    while let Some(start) = text[rest..].find(|c: char| c.is_ascii_digit()).map(|at| rest + at) {
        let end = text[start..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |at| start + at);
        let is_word = text[..start].ends_with(char::is_alphabetic) || text[end..].starts_with(char::is_alphabetic);
        let group = Group { place: start..end, digits: text[start..end].to_owned() };
        let last = runs.last_mut().filter(|run| !run.is_empty());
        match last {
            _ if is_word => runs.push(Vec::new()),
            Some(run) if run.last().is_some_and(|before| are_near(&text[before.place.end..start])) => run.push(group),
            _ => runs.push(vec![group]),
        }
        rest = end;
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn are_near(between: &str) -> bool {
    between.chars().count() <= 2 && between.chars().all(is_separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_as_they_are_written() {
        let shown = |text: &str| -> Vec<String> {
            let run = |run: Vec<Group>| run.into_iter().map(|group| group.digits).collect::<Vec<_>>().join(" ");
            runs(text).into_iter().map(run).collect()
        };
        assert_eq!(shown("01 55 26 34 89, 4970-1000  0154 12/27"), ["01 55 26 34 89", "4970 1000 0154 12", "27"]);
        assert_eq!(shown("FA2203871 12 abc 3d 4"), ["12", "4"]);
        assert_eq!(shown("é1é 2"), ["2"]);
        assert!(shown("").is_empty());
    }
}
