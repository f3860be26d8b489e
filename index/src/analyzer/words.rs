//! Cuts text into words, the first step of the chain.
//!
//! | text | words |
//! |---|---|
//! | `l’abonnement d'un client` | `l'abonnement`, `d'un`, `client` |
//! | `au 01.41.66.22.66 le 31/12/2026` | `au`, `01.41.66.22.66`, `le`, `31/12/2026` |
//! | `N-1, FA-2031` | `N-1`, `FA-2031` |
//! | `un rendez-vous par e-mail` | `un`, `rendez`, `vous`, `par`, `email` |
//!
//! The text is first put in its NFKC form, without soft hyphens and other invisible characters, and with one kind of
//! apostrophe and of hyphen. Offsets of tokens are in that form: nothing here highlights text.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer words are dropped: they are never words, and the index refuses very long ones.
const MAX_WORD_BYTES: usize = 200;

/// The tokenizer.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    normal_form: String,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        let text = if text.is_ascii() && !text.contains('`') {
            text
        } else {
            self.normal_form.clear();
            self.normal_form.extend(normal_form(text));
            &self.normal_form
        };
        WordStream { text, at: 0, token: Token::default() }
    }
}

/// The words of one text.
#[derive(Debug)]
pub(super) struct WordStream<'a> {
    text: &'a str,
    at: usize,
    token: Token,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some(skipped) = self.text[self.at..].find(char::is_alphanumeric) {
            self.at += skipped;
            self.read_word();
            if self.token.text.len() <= MAX_WORD_BYTES {
                self.token.position = self.token.position.wrapping_add(1);
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

impl WordStream<'_> {
    /// Reads the word that starts here into the token, and moves behind it.
    fn read_word(&mut self) {
        let word = &mut self.token.text;
        word.clear();
        let mut before = None;
        let mut chars = self.text[self.at..].char_indices().peekable();
        let mut length = self.text.len() - self.at;
        while let Some((offset, c)) = chars.next() {
            if c.is_alphanumeric() {
                word.push(c);
                before = Some(c);
                continue;
            }
            if is_combining_mark(c) {
                word.push(c);
                continue;
            }
            let joint = match (before, chars.peek()) {
                (Some(before), Some(&(_, after))) => joint(word, before, c, after),
                (None, _) | (_, None) => Joint::None,
            };
            match joint {
                Joint::Kept => word.push(c),
                Joint::Silent => {}
                Joint::None => {
                    length = offset;
                    break;
                }
            }
        }
        self.token.offset_from = self.at;
        self.token.offset_to = self.at + length;
        self.at += length;
    }
}

/// What a character between two others does to the word.
enum Joint {
    /// It stays inside.
    Kept,
    /// It goes, and both sides are one word.
    Silent,
    /// It ends the word.
    None,
}

fn joint(word: &str, before: char, c: char, after: char) -> Joint {
    let between_digits = before.is_numeric() && after.is_numeric();
    let between_letters = before.is_alphabetic() && after.is_alphabetic();
    let beside_a_digit = after.is_alphanumeric() && (before.is_numeric() || after.is_numeric());
    match c {
        '\'' if between_letters => Joint::Kept,
        '.' | ',' | '/' | ':' if between_digits => Joint::Kept,
        '-' if beside_a_digit => Joint::Kept,
        '-' if between_letters && matches!(word, "e" | "E" | "é" | "É") => Joint::Silent,
        _ => Joint::None,
    }
}

/// The characters of `text` in their NFKC form, without invisible ones, with one kind of apostrophe and of hyphen.
pub(crate) fn normal_form(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !is_invisible(*c)).map(plain).nfkc()
}

/// Apostrophes and hyphens as on a keyboard. Before NFKC, which makes a space and an accent of `´`.
fn plain(c: char) -> char {
    match c {
        '’' | '‘' | 'ʼ' | '′' | '`' | '´' | '＇' | 'ʹ' | '‛' => '\'',
        '\u{2010}' | '\u{2011}' | '\u{2212}' => '-',
        _ => c,
    }
}

/// Soft hyphens, zero-width characters and marks of direction: people paste them without knowing.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &[&str]) {
        let mut words = Words::default();
        let mut found = Vec::new();
        words.token_stream(input).process(&mut |token| found.push(token.text.clone()));
        assert_eq!(found, expected, "for {input:?}");
    }

    #[test]
    fn an_apostrophe_between_letters_stays() {
        check("l’abonnement d'un client", &["l'abonnement", "d'un", "client"]);
        check("aujourd´hui `ici' l' offre", &["aujourd'hui", "ici", "l", "offre"]);
    }

    #[test]
    fn numbers_dates_and_amounts_stay_whole() {
        check("au 01.41.66.22.66 le 31/12/2026.", &["au", "01.41.66.22.66", "le", "31/12/2026"]);
        check("1\u{202f}234,56 € à 10:30", &["1", "234,56", "à", "10:30"]);
        check("3.Et 4,", &["3", "Et", "4"]);
    }

    #[test]
    fn a_hyphen_stays_beside_a_digit() {
        check("N-1, FA-2031 (2026\u{2011}03)", &["N-1", "FA-2031", "2026-03"]);
        check("rendez-vous -12 12-", &["rendez", "vous", "12", "12"]);
        check("e-mail É-MAIL de-mail e-", &["email", "ÉMAIL", "de", "mail", "e"]);
    }

    #[test]
    fn compatibility_forms_and_invisible_characters_go() {
        check("ﬁche\u{ad}s №2 ｃｌé", &["fiches", "No2", "clé"]);
        check("e\u{301}te\u{301} q\u{303}", &["été", "q\u{303}"]);
        check("\u{0}a\u{7}b\u{1b}", &["a", "b"]);
    }

    #[test]
    fn a_word_that_is_too_long_is_dropped() {
        check(&format!("a {} b", "x".repeat(201)), &["a", "b"]);
        check(&"x".repeat(200), &["x".repeat(200).as_str()]);
    }
}
