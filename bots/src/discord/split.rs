//! Long texts in several messages, parted where a reader would part them.

mod marks;

use marks::{Atom, Open};

/// Parts of at most `max` UTF-16 units, as Discord counts: between paragraphs where possible, else lines, sentences,
/// words, and only then anywhere.
pub(super) fn split(paragraphs: &[String], max: usize) -> Vec<String> {
    let mut pages: Vec<String> = Vec::new();
    for paragraph in paragraphs {
        for piece in pieces(paragraph, max) {
            match pages.last_mut() {
                Some(page) if length(page) + 2 + length(&piece) <= max && !piece.is_empty() => {
                    page.push_str("\n\n");
                    page.push_str(&piece);
                }
                _ => pages.push(piece),
            }
        }
    }
    pages
}

/// The longest marks, before and behind.
const MARKS: usize = 6;

/// One paragraph in pieces of at most `max`. What is strong or emphasised goes on being so in the next piece; links and code
/// stay whole.
fn pieces(text: &str, max: usize) -> Vec<String> {
    // Between marks there is less room.
    let room = if text.contains('*') { max.saturating_sub(MARKS).max(1) } else { max };
    let atoms = marks::scan(text, room);
    let mut pieces = Vec::new();
    let (mut at, mut open) = (0, Open::default());
    while at < atoms.len() {
        let end = end_of_piece(&atoms[at..], open, max) + at;
        let after = atoms[end - 1].open;
        let whole: String = atoms[at..end].iter().map(|atom| &*atom.text).collect();
        // Where a line was parted, the next one keeps its indent.
        let inside = match at {
            0 => &*whole,
            _ => whole.strip_prefix('\n').unwrap_or_else(|| whole.trim_start_matches(' ')),
        };
        let inside = inside.trim_end();
        if !inside.is_empty() {
            pieces.push(format!("{}{inside}{}", open.mark(), after.mark()));
        }
        (at, open) = (end, after);
    }
    pieces
}

/// How many of `atoms` the next piece takes: all, when they fit; else up to the best place in its second half.
fn end_of_piece(atoms: &[Atom], open: Open, max: usize) -> usize {
    let mut used = length(open.mark());
    // The last place of each kind, best kind first.
    let mut places = [None; 6];
    let mut last = None;
    for (number, atom) in atoms.iter().enumerate() {
        used += length(&atom.text);
        // A piece ends neither between a mark and its word nor without room for the marks that end there.
        let fits = used + length(atom.open.mark()) <= max;
        let next = atoms.get(number + 1);
        if fits && next.is_none() {
            return atoms.len();
        }
        if used > max {
            break;
        }
        if !fits || atom.opens || next.is_some_and(|next| next.closes) {
            continue;
        }
        last = Some(number + 1);
        let is_plain = atom.open == Open::default();
        let begins = |text: &str| next.is_some_and(|next| next.text.starts_with(text));
        let kind = match &*atom.text {
            _ if begins("\n") => Some(if is_plain { 0 } else { 2 }),
            "." | "!" | "?" | ";" if begins(" ") => Some(if is_plain { 1 } else { 3 }),
            _ if begins(" ") => Some(if is_plain { 4 } else { 5 }),
            _ => None,
        };
        if let Some(kind) = kind.filter(|_| used * 2 >= max) {
            places[kind] = Some(number + 1);
        }
    }
    places.into_iter().flatten().next().or(last).unwrap_or(1)
}

/// The longest beginning of `text` of at most `max` units that ends between characters and parts no escape.
fn fitting(text: &str, max: usize) -> usize {
    let mut units = 0;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > max {
            break;
        }
        end = at + c.len_utf8();
    }
    // A backslash at the end would escape nothing here, and leave bare what it escaped.
    let slashes = text[..end].bytes().rev().take_while(|byte| *byte == b'\\').count();
    if slashes % 2 == 1 { end - 1 } else { end }
}

/// How long Discord finds a text.
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// `text` in at most `max` units, with an ellipsis when it was longer.
pub(super) fn shortened(text: &str, max: usize) -> String {
    if length(text) <= max {
        return text.to_owned();
    }
    let mut short = text[..fitting(text, max - 1)].trim_end().to_owned();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::markdown;
    use super::*;
    use crate::{Block, Span};

    fn check(paragraphs: &[&str], max: usize, expect: &[&str]) {
        let paragraphs: Vec<String> = paragraphs.iter().map(ToString::to_string).collect();
        let pages = split(&paragraphs, max);
        assert_eq!(pages, expect);
        assert!(pages.iter().all(|page| length(page) <= max));
    }

    #[test]
    fn texts_are_parted_where_a_reader_would() {
        check(&["un", "deux"], 20, &["un\n\ndeux"]);
        check(&["premier", "deuxième"], 12, &["premier", "deuxième"]);
        check(&["1. la clé\n2. le contrat"], 16, &["1. la clé", "2. le contrat"]);
        check(&["C’est fait. Merci de patienter."], 22, &["C’est fait.", "Merci de patienter."]);
        check(&["aaaa bbbb cccc"], 10, &["aaaa bbbb", "cccc"]);
        check(&["abcdefghij"], 4, &["abcd", "efgh", "ij"]);
        check(&[], 4, &[]);
        check(&["1. un\n   - deux"], 10, &["1. un", "   - deux"]);
    }

    #[test]
    fn marks_are_ended_and_begun_again_and_links_and_code_are_whole() {
        check(&["**un deux trois**"], 12, &["**un deux**", "**trois**"]);
        check(&["***un deux trois***"], 16, &["***un deux***", "***trois***"]);
        check(&["oui **un deux** et"], 12, &["oui **un**", "**deux** et"]);
        check(
            &["allez [au portail](<https://a.example>) vite"],
            36,
            &["allez", "[au portail](<https://a.example>)", "vite"],
        );
        check(&["tapez `a b c d` puis"], 12, &["tapez", "`a b c d`", "puis"]);
        check(&["`` a`b `` c"], 10, &["`` a`b ``", "c"]);
        check(&["<https://a.example/b> c"], 22, &["<https://a.example/b>", "c"]);
        // Alone too long for a message.
        check(&["`abcdefgh`"], 7, &["`abcde`", "\u{2060}`fgh`\u{2060}"]);
    }

    fn span() -> impl Strategy<Value = Span> {
        let words = proptest::collection::vec("[a-zé*_\\\\`.<>\\[\\]]{1,9}", 1..9).prop_map(|words| words.join(" "));
        let href = proptest::option::of(Just("https://a.example/b".to_owned()));
        (words, any::<(bool, bool, bool)>(), href).prop_map(|(text, (strong, em, code), href)| Span {
            text,
            strong,
            em,
            code,
            href,
            ..Span::default()
        })
    }

    /// What a reader sees: the text without marks, spaces and addresses.
    fn seen(pages: &[String]) -> String {
        let atoms = pages.iter().flat_map(|page| marks::scan(page, usize::MAX));
        atoms.map(|atom| atom.seen()).collect::<String>().replace('\u{2060}', "").split_whitespace().collect()
    }

    proptest! {
        #[test]
        fn pages_fit_say_the_same_and_each_ends_its_own_marks(
            spans in proptest::collection::vec(span(), 1..12),
            max in 60_usize..200,
        ) {
            let whole = markdown::paragraphs(&[Block::Paragraph { spans, source: 0 }]);
            let pages = split(&whole, max);
            prop_assert_eq!(seen(&pages), seen(&whole));
            for page in &pages {
                prop_assert!(length(page) <= max, "{}", page);
                let last = marks::scan(page, usize::MAX).last().map(|atom| atom.open);
                prop_assert_eq!(last.unwrap_or_default(), Open::default(), "{}", page);
            }
        }
    }

    #[test]
    fn neither_a_character_nor_an_escape_is_parted() {
        check(&["🙂🙂🙂"], 3, &["🙂", "🙂", "🙂"]);
        check(&[r"abc\*d"], 4, &["abc", r"\*d"]);
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(shortened("bonjour", 7), "bonjour");
        assert_eq!(shortened("bonjour à tous", 9), "bonjour…");
    }
}
