//! Text to pieces: normalisation, then the most probable way to cut it (unigram, Viterbi).
//!
//! "Comment résilier ?" → "▁Comment▁résilier▁?" → `▁Comment` `▁ré` `sili` `er` `▁?`
//!
//! Differs from the original in three points. The typographic apostrophe is the plain one: partners write both, and
//! the vocabulary of the original glues neither to a word. Control characters are spaces. And a text is read up to
//! [`MOST_TOKENS`] only: the mean over more says less, and the time has to end.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use super::EncoderError;
use super::sections::{Section, Sections};

/// Rows that are no pieces: unknown, beginning, end.
pub(super) const SPECIAL: usize = 3;

/// Tokens of a text, beginning and end included.
pub(super) const MOST_TOKENS: usize = 128;

const UNKNOWN: usize = 0;
const BEGINNING: usize = 1;
const END: usize = 2;

const SPACE: char = '▁';

/// Characters that are looked at: no piece is longer than 16.
const MOST_CHARACTERS: usize = MOST_TOKENS * 16;

/// The pieces in the order of their bytes. This order is a trie already: the pieces that begin alike stand together,
/// and one more character narrows the range by a binary search. A built trie would cost memory and time at each start.
pub(super) struct Tokenizer {
    text: Section,
    ends: Vec<u32>,
    scores: Vec<f32>,
    unknown_score: f32,
}

/// The best way to reach a place in the text.
#[derive(Clone, Copy)]
struct Step {
    score: f64,
    from: usize,
    row: usize,
}

impl Tokenizer {
    /// Reads the sections of the pieces.
    pub(super) fn read(sections: &mut Sections<'_>, unknown_score: f32) -> Result<Self, EncoderError> {
        let count = sections.pieces();
        let ends = sections.offsets("POFF", count.saturating_add(1))?;
        let text = sections.bytes("PTXT")?;
        if ends.last().is_none_or(|end| *end as usize != text.len()) {
            return Err(EncoderError::Damaged { place: "POFF" });
        }
        let scores = sections.floats("PSCO", count)?;
        Ok(Self { text, ends, scores, unknown_score })
    }

    /// The rows of the tokens of `text`, from beginning to end; none when the text is blank.
    pub(super) fn tokens(&self, text: &str) -> Vec<usize> {
        let normalized = normalize(text);
        if normalized.is_empty() {
            return Vec::new();
        }
        let mut tokens = vec![BEGINNING];
        tokens.extend(self.cut(&normalized));
        tokens.truncate(MOST_TOKENS - 1);
        tokens.push(END);
        tokens
    }

    fn cut(&self, text: &str) -> Vec<usize> {
        let unreached = Step { score: f64::NEG_INFINITY, from: 0, row: UNKNOWN };
        let mut best = vec![unreached; text.len() + 1];
        best[0].score = 0.0;
        for (start, first) in text.char_indices() {
            let base = best[start].score;
            let mut reach = |end: usize, score: f32, row| {
                let score = base + f64::from(score);
                if score > best[end].score {
                    best[end] = Step { score, from: start, row };
                }
            };
            let mut candidates = 0..self.scores.len();
            let mut is_known = false;
            for (at, character) in text[start..].char_indices() {
                let end = at + character.len_utf8();
                candidates = self.narrow(candidates, &text.as_bytes()[start + at..start + end], at);
                if candidates.is_empty() {
                    break;
                }
                // The shortest of those that begin alike comes first: the prefix itself, if it is a piece.
                if self.piece(candidates.start).len() == end {
                    reach(start + end, self.scores[candidates.start], SPECIAL + candidates.start);
                    is_known |= at == 0;
                }
            }
            if !is_known {
                reach(start + first.len_utf8(), self.unknown_score, UNKNOWN);
            }
        }
        let mut rows = Vec::new();
        let mut end = text.len();
        while end > 0 {
            rows.push(best[end].row);
            end = best[end].from;
        }
        rows.reverse();
        rows
    }

    /// Of `range`, whose pieces agree in `depth` bytes, those that go on with `next`.
    fn narrow(&self, range: Range<usize>, next: &[u8], depth: usize) -> Range<usize> {
        let rest = |number: usize| {
            let rest = self.piece(number).get(depth..).unwrap_or_default();
            &rest[..rest.len().min(next.len())]
        };
        let start = partition_point(range.clone(), |number| rest(number) < next);
        start..partition_point(start..range.end, |number| rest(number) == next)
    }

    fn piece(&self, number: usize) -> &[u8] {
        &self.text[self.ends[number] as usize..self.ends[number + 1] as usize]
    }
}

/// NFKC, each run of spaces one `▁`, one before the first word, none at the end.
fn normalize(text: &str) -> String {
    let plain = text.chars().take(MOST_CHARACTERS).map(|c| if matches!(c, '’' | 'ʼ') { '\'' } else { c });
    let mut normalized = String::with_capacity(text.len().min(MOST_CHARACTERS) + SPACE.len_utf8());
    let mut is_after_space = true;
    for character in plain.nfkc().take(MOST_CHARACTERS) {
        if is_space(character) {
            is_after_space = true;
            continue;
        }
        if is_after_space {
            normalized.push(SPACE);
        }
        normalized.push(character);
        is_after_space = false;
    }
    normalized
}

/// White space, and what is as invisible.
fn is_space(character: char) -> bool {
    let is_invisible =
        matches!(character, SPACE | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{FFFD}');
    is_invisible || character.is_whitespace() || character.is_control()
}

/// The first number of `range` that is not `before`, when those that are come first.
fn partition_point(range: Range<usize>, before: impl Fn(usize) -> bool) -> usize {
    let Range { mut start, mut end } = range;
    while start < end {
        let middle = start + (end - start) / 2;
        if before(middle) {
            start = middle + 1;
        } else {
            end = middle;
        }
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokenizer(pieces: &[(&str, f32)]) -> Tokenizer {
        let mut pieces = pieces.to_vec();
        pieces.sort_by_key(|(piece, _)| *piece);
        let mut text = Vec::new();
        let mut ends = vec![0];
        for (piece, _) in &pieces {
            text.extend_from_slice(piece.as_bytes());
            ends.push(text.len() as u32);
        }
        let scores = pieces.iter().map(|(_, score)| *score).collect();
        Tokenizer { text: text.into(), ends, scores, unknown_score: -20.0 }
    }

    fn check(tokenizer: &Tokenizer, text: &str, expected: &[&str]) {
        let tokens = tokenizer.tokens(text);
        let pieces: Vec<&str> = tokens
            .iter()
            .map(|row| match *row {
                UNKNOWN => "?",
                BEGINNING => "<",
                END => ">",
                row => std::str::from_utf8(tokenizer.piece(row - SPECIAL)).expect("the pieces above are text"),
            })
            .collect();
        assert_eq!(pieces, expected, "{text:?}");
    }

    #[test]
    fn the_most_probable_cut_wins() {
        let tokenizer = tokenizer(&[("▁", -3.0), ("▁le", -2.0), ("▁l", -4.0), ("e", -3.0), ("é", -3.0), ("es", -9.0)]);
        check(&tokenizer, "le", &["<", "▁le", ">"]);
        check(&tokenizer, "lé", &["<", "▁l", "é", ">"]);
        check(&tokenizer, "les", &["<", "▁l", "es", ">"]);
        check(&tokenizer, " le\tlex ", &["<", "▁le", "▁le", "?", ">"]);
        check(&tokenizer, "漢字", &["<", "▁", "?", "?", ">"]);
    }

    #[test]
    fn spaces_compositions_and_apostrophes_are_brought_together() {
        for text in ["l'été  ﬁni", "\u{FEFF}l’e\u{301}te\u{301}\u{A0}fini\r\n", "l'été\u{200B}fini\0"] {
            assert_eq!(normalize(text), "▁l'été▁fini", "{text:?}");
        }
        for text in ["", " \n\t", "\u{200B}", "▁"] {
            assert_eq!(normalize(text), "", "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_cut_off() {
        let tokens = tokenizer(&[("▁a", -1.0)]).tokens(&"a ".repeat(10_000));
        assert_eq!(tokens.len(), MOST_TOKENS);
        assert_eq!(tokens.last(), Some(&END));
    }
}
