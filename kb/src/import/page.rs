//! A FAQ page copied as text: headings, questions, answers, in this order, nothing marked.
//!
//! Each line gets a score for being a heading, a question or part of an answer, from its form alone (its end, its first
//! words, its length, bullets); the reading of the whole page is the sequence with the best sum that has the shape
//! `preamble? (heading? (question answer+)+)+` (Viterbi). What was decided by a narrow margin is a diagnostic, so that
//! a person looks at it. Questions of an id map are certain.

use super::ids::IdMap;
use super::{IdMaker, Imported, unmarked};
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, one_line};
use crate::fold::fold;

/// Below this lead over the other readings of a line, the reading is reported as a guess.
const NARROW: f32 = 1.0;
/// Score of a reading that cannot be.
const NEVER: f32 = -1.0e6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Preamble,
    Heading,
    Question,
    Answer,
}

const ROLES: [Role; 4] = [Role::Preamble, Role::Heading, Role::Question, Role::Answer];

struct Line<'a> {
    number: usize,
    text: &'a str,
    /// Stands alone between blank lines.
    alone: bool,
    blank_before: bool,
}

/// Reads the page `text` of the file named `file`.
pub fn import(file: &str, text: &str, ids: &IdMap) -> Imported {
    let lines = lines(text);
    let roles = read(&lines, ids);
    let mut imported = Imported::default();
    if lines.is_empty() {
        imported.diagnostics.push(Diagnostic::error(file, 0, "the page is empty"));
        return imported;
    }
    let mut makers = IdMaker::default();
    let mut category = String::new();
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        match roles[at] {
            Role::Preamble => {
                let message = "stands before the first question: left out";
                imported.diagnostics.push(Diagnostic::warning(file, line.number, message));
                at += 1;
            }
            Role::Heading => {
                category = one_line(line.text.trim_end_matches(['?', '\u{a0}', ' ']));
                at += 1;
            }
            Role::Question => {
                let end = (at + 1..lines.len()).find(|&next| roles[next] != Role::Answer).unwrap_or(lines.len());
                let question = one_line(line.text);
                let known = ids.id(&question).cloned();
                if known.is_none() && !ids.is_empty() {
                    let message = "this question is not in the id map: an id was made";
                    imported.diagnostics.push(Diagnostic::warning(file, line.number, message));
                } else if known.is_none() && margin(line) < NARROW {
                    let message = "taken as a question, but it does not look like one: check it";
                    imported.diagnostics.push(Diagnostic::warning(file, line.number, message));
                }
                let id = match known {
                    Some(id) if makers.take(&id) => id,
                    Some(id) => {
                        let message = format!("the question of `{id}` stands twice: an id was made for this one");
                        imported.diagnostics.push(Diagnostic::warning(file, line.number, message));
                        makers.make(&question)
                    }
                    None => makers.make(&question),
                };
                imported.entries.push(Entry::new(id, &question, &category, &unmarked(&answer(&lines[at + 1..end]))));
                at = end;
            }
            Role::Answer => {
                let message = "belongs to no question: left out";
                imported.diagnostics.push(Diagnostic::error(file, line.number, message));
                at += 1;
            }
        }
    }
    if imported.entries.is_empty() {
        let message = "no question with an answer was found: is this the text of a FAQ page?";
        imported.diagnostics.push(Diagnostic::error(file, 0, message));
    }
    imported
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let all: Vec<&str> =
        text.lines().map(|line| line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')).collect();
    let is_blank = |at: Option<usize>| at.and_then(|at| all.get(at)).is_none_or(|line| line.is_empty());
    let texts = all.iter().enumerate().filter(|(_, line)| !line.is_empty());
    texts
        .map(|(at, line)| {
            let blank_before = is_blank(at.checked_sub(1));
            Line { number: at + 1, text: line, alone: blank_before && is_blank(Some(at + 1)), blank_before }
        })
        .collect()
}

/// The paragraphs of an answer: bullets become list items, lines that stood together stay together.
fn answer(lines: &[Line<'_>]) -> String {
    let mut out = String::new();
    for line in lines {
        if !out.is_empty() {
            out.push_str(if line.blank_before { "\n\n" } else { "\n" });
        }
        match line.text.strip_prefix('•') {
            Some(item) => out.push_str(&format!("- {}", item.trim_start())),
            None => out.push_str(line.text),
        }
    }
    out
}

fn read(lines: &[Line<'_>], ids: &IdMap) -> Vec<Role> {
    let mut best: Vec<[(f32, usize); 4]> = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let mut row = [(NEVER, 0); 4];
        for (slot, &role) in row.iter_mut().zip(&ROLES) {
            let (before, from) = if at == 0 {
                (if role == Role::Answer { NEVER } else { 0.0 }, 0)
            } else {
                best_before(&best[at - 1], role)
            };
            *slot = (before + score(line, role, ids), from);
        }
        best.push(row);
    }
    let mut roles = vec![Role::Preamble; lines.len()];
    // A page ends with an answer: a question or a heading without one is no reading.
    let mut state = 3;
    for at in (0..lines.len()).rev() {
        roles[at] = ROLES[state];
        state = best[at][state].1;
    }
    roles
}

fn best_before(row: &[(f32, usize); 4], role: Role) -> (f32, usize) {
    let may_follow = |before: Role| match role {
        Role::Preamble => before == Role::Preamble,
        Role::Heading => matches!(before, Role::Preamble | Role::Answer),
        Role::Question => before != Role::Question,
        Role::Answer => matches!(before, Role::Question | Role::Answer),
    };
    let mut best = (NEVER * 2.0, 0);
    for (from, (score, _)) in row.iter().enumerate() {
        if may_follow(ROLES[from]) && *score > best.0 {
            best = (*score, from);
        }
    }
    best
}

fn score(line: &Line<'_>, role: Role, ids: &IdMap) -> f32 {
    if !ids.is_empty() && role == Role::Question {
        return if ids.id(line.text).is_some() { 100.0 } else { question(line) - 8.0 };
    }
    match role {
        Role::Preamble => -0.5,
        Role::Heading => heading(line),
        Role::Question => question(line),
        Role::Answer => answer_line(line),
    }
}

/// How far a line looks more like a question than like anything else.
fn margin(line: &Line<'_>) -> f32 {
    question(line) - heading(line).max(answer_line(line))
}

fn heading(line: &Line<'_>) -> f32 {
    let length = line.text.chars().count();
    if !line.alone || length > 70 || starts_item(line.text) {
        return -8.0;
    }
    let ends = if line.text.ends_with(['.', ':', ',', ';', '!']) { -5.0 } else { 0.0 };
    let asks = if line.text.ends_with('?') { -2.0 } else { 0.0 };
    let short = if length <= 35 { 1.0 } else { -1.0 };
    short + ends + asks
}

fn question(line: &Line<'_>) -> f32 {
    let length = line.text.chars().count();
    if !line.alone || length > 220 || starts_item(line.text) || !line.text.contains(char::is_alphanumeric) {
        return -8.0;
    }
    let begins_like_one = begins_like_a_question(line.text);
    let asks = match (line.text.ends_with('?'), has_end_mark(line.text)) {
        (true, _) => 4.0,
        // A statement that stands for a question has no full stop, as a title has none.
        (false, false) if begins_like_one => 2.0,
        (false, _) => -1.0,
    };
    let begins = match (begins_like_one, asks_back(line.text)) {
        (true, _) => 1.5,
        (false, true) => -3.0,
        (false, false) => -0.5,
    };
    let long = if length > 140 { -1.5 } else { 0.0 };
    let sentences = line.text.matches(". ").count() as f32 * -1.5;
    asks + begins + long + sentences
}

fn answer_line(line: &Line<'_>) -> f32 {
    let length = line.text.chars().count();
    let ends = if line.text.ends_with(['.', ':', ';', ')']) { 1.0 } else { 0.0 };
    let long = if length > 140 { 1.0 } else { 0.0 };
    let item = if starts_item(line.text) || !line.alone { 1.0 } else { 0.0 };
    let title = if line.alone && length <= 140 && !has_end_mark(line.text) { -1.0 } else { 0.0 };
    let asks = if line.alone && line.text.ends_with('?') && !asks_back(line.text) { -1.5 } else { 0.0 };
    ends + long + item + title + asks
}

fn has_end_mark(text: &str) -> bool {
    text.ends_with(['.', '!', '?', ':', ';', ','])
}

/// An answer that asks the reader something ("Avez-vous regardé … ?") is no question of the page.
fn asks_back(text: &str) -> bool {
    text.split_whitespace().next().is_some_and(|word| fold(word).ends_with("-vous"))
}

fn starts_item(text: &str) -> bool {
    text.starts_with(['•', '-', '*', '–']) || text.chars().next().is_some_and(|c| c.is_ascii_digit())
}

/// First words of questions in French, and of the statements that stand for one ("Je ne trouve pas …").
fn begins_like_a_question(text: &str) -> bool {
    const BEGINNINGS: [&str; 30] = [
        "comment ",
        "ou ",
        "quand ",
        "quel",
        "pourquoi ",
        "qui ",
        "que ",
        "qu'",
        "combien ",
        "est-",
        "est ce",
        "puis-je",
        "peut-on",
        "peux-tu",
        "pouvez-",
        "dois-je",
        "faut-il",
        "y a-t-il",
        "a quoi",
        "a qui",
        "a partir",
        "je ",
        "j'",
        "votre question",
        "existe-t-il",
        "sur ",
        "avec qu",
        "dans qu",
        "mon ",
        "ma ",
    ];
    let folded = fold(text);
    BEGINNINGS.iter().any(|beginning| folded.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of the form that portals give when they are copied, written for this test.
    const PAGE: &str = "Menu\nSe déconnecter\n\nFAQ\n\nLivraison\n\nComment suivre mon colis\u{a0}?\n\n\
        Le numéro de suivi est dans l'e-mail d'expédition.Il sert sur le site du transporteur.\n\n \n\n\
        Je n'ai rien reçu\n\nAvez-vous regardé chez le gardien ?\n\nSinon, écrivez à [email protected].\n\n\
        Autres sujets ?\n\nPuis-je payer par chèque ?\n\nOui :\n\n  • à l'ordre du magasin\n  • en euros\n";

    #[test]
    fn headings_questions_and_answers_are_told_apart() {
        let imported = import("page.txt", PAGE, &IdMap::default());
        let read: Vec<_> = imported
            .entries
            .iter()
            .map(|entry| (entry.id.as_str(), entry.category.as_str(), entry.answer.as_str()))
            .collect();
        assert_eq!(
            read,
            vec![
                (
                    "comment-suivre-mon-colis",
                    "Livraison",
                    "Le numéro de suivi est dans l'e-mail d'expédition.Il sert sur le site du transporteur."
                ),
                (
                    "je-n-ai-rien-recu",
                    "Livraison",
                    "Avez-vous regardé chez le gardien ?\n\nSinon, écrivez à [email protected]."
                ),
                ("puis-je-payer-par-cheque", "Autres sujets", "Oui :\n\n- à l'ordre du magasin\n- en euros"),
            ]
        );
        let left_out: Vec<usize> =
            imported.diagnostics.iter().filter(|d| d.message.contains("left out")).map(|d| d.line).collect();
        assert_eq!(left_out, vec![1, 2, 4]);
    }

    #[test]
    fn an_id_map_names_the_questions_and_settles_doubts() {
        let ids = IdMap::from_json(
            r#"[{"id":"colis","question":"COMMENT suivre mon colis?"},{"id":"rien","question":"Je n’ai rien reçu"}]"#,
        )
        .expect("the map is valid");
        let imported = import("page.txt", PAGE, &ids);
        let ids: Vec<_> = imported.entries.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids[..2], ["colis", "rien"]);
    }

    #[test]
    fn a_text_without_questions_is_an_error_and_never_a_panic() {
        for text in ["", "\n \n", "Bonjour", "Une phrase.\nUne autre.", "?\n\n?\n\n?"] {
            let imported = import("page.txt", text, &IdMap::default());
            assert!(!imported.diagnostics.is_empty(), "{text:?}");
        }
    }
}
