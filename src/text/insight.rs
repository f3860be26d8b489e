//! What staff read of the questions that got no good answer, of the test bench and of the figures.

use crate::model::Gap;

pub(crate) const BENCH: &str = "Essai";
pub(crate) const GAPS: &str = "Lacunes";
/// Why a revision was written.
pub(crate) const FROM_GAPS: &str = "Questions de partenaires";
pub(crate) const NOTHING_CHOSEN: &str = "Cochez au moins une question.";
pub(crate) const SYNONYM_INCOMPLETE: &str = "Indiquez ce qui se dit et ce que cela veut dire.";
/// The text of an entry that was just begun.
pub(crate) const ANSWER_TO_WRITE: &str = "Réponse à écrire.";

/// A period up to now.
pub(crate) fn period(days: i64) -> &'static str {
    match days {
        7 => "7 derniers jours",
        90 => "90 derniers jours",
        _ => "30 derniers jours",
    }
}

/// Why a question is shown.
pub(crate) fn reason(gap: Gap) -> &'static str {
    match gap {
        Gap::Unanswered => "sans réponse",
        Gap::Unsure => "réponse hésitante",
        Gap::Unhelpful => "réponse jugée inutile",
        Gap::Escalated => "suivie d’une demande",
    }
}

/// How many questions are shown for this reason.
pub(crate) fn reason_count(gap: Gap, count: usize) -> String {
    format!("{}\u{a0}: {count}", reason(gap))
}

/// How many questions.
pub(crate) fn questions(count: usize) -> String {
    counted(count, "question", "questions")
}

/// How many people, as far as they can be told apart.
pub(crate) fn partners(count: usize) -> String {
    counted(count, "visiteur", "visiteurs")
}

/// How many tickets; nothing when there are none.
pub(crate) fn tickets(count: usize) -> String {
    if count == 0 { String::new() } else { counted(count, "demande", "demandes") }
}

/// All of a page in one sentence.
pub(crate) fn gaps_summary(count: usize, subjects: usize, days: i64) -> String {
    format!("{} à regarder sur {days}\u{a0}jours, en {}.", questions(count), counted(subjects, "sujet", "sujets"))
}

/// More or less than in the period before.
pub(crate) fn trend(now: usize, before: usize) -> String {
    match (now, before) {
        (_, 0) => "nouveau".to_owned(),
        (now, before) if now > before => format!("▲\u{a0}{} de plus que la période précédente", now - before),
        (now, before) if now < before => format!("▼\u{a0}{} de moins que la période précédente", before - now),
        _ => "stable".to_owned(),
    }
}

/// A number with its noun, as French counts: zero and one are singular.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", number(count), if count < 2 { one } else { many })
}

/// A number with its thousands apart.
pub(crate) fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_french_writes_them() {
        for (count, expected) in
            [(0, "0"), (999, "999"), (1_000, "1\u{202f}000"), (1_234_567, "1\u{202f}234\u{202f}567")]
        {
            assert_eq!(number(count), expected);
        }
        assert_eq!((questions(1), questions(2)), ("1\u{a0}question".to_owned(), "2\u{a0}questions".to_owned()));
        assert_eq!(trend(5, 2), "▲\u{a0}3 de plus que la période précédente");
    }
}
