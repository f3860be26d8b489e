//! Long texts in several messages, parted where a reader would part them.

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

/// One paragraph in pieces of at most `max`.
fn pieces(text: &str, max: usize) -> Vec<String> {
    let mut rest = text;
    let mut pieces = Vec::new();
    while length(rest) > max {
        let end = fitting(rest, max);
        let at = place(&rest[..end]).unwrap_or(end);
        pieces.push(rest[..at].trim_end().to_owned());
        rest = rest[at..].trim_start_matches(['\n', ' ']);
    }
    if !rest.is_empty() {
        pieces.push(rest.to_owned());
    }
    pieces
}

/// The best place to part in the second half of `text`: after a line, after a sentence, after a word.
fn place(text: &str) -> Option<usize> {
    let half = text.len() / 2;
    let after = |mark: &str| text.rfind(mark).map(|at| at + mark.len()).filter(|at| *at > half);
    let line = after("\n");
    let sentence = [". ", "! ", "? ", "; "].iter().filter_map(|mark| after(mark)).max();
    line.or(sentence).or_else(|| after(" "))
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
    use super::*;

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
