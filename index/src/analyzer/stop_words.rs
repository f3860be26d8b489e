//! Words that say nothing about the subject go: `comment je peux activer ma cle` → `peux activer cle`.
//!
//! Articles, pronouns, auxiliaries, prepositions, words of question, and how people type them in a chat (`jai`, `pr`,
//! `koi`). `bonjour` and `svp` are not here: they are rare in entries, thus harmless, and small talk needs them. A text
//! made of stop words only is kept whole: `c'est quoi` still finds an entry worded like that. Expects folded text
//! without elisions.

use std::collections::VecDeque;

use tantivy::tokenizer::{Token, TokenFilter, TokenStream, Tokenizer};

/// In folded form, by first letter.
#[rustfmt::skip]
const STOP_WORDS: &[&str] = &[
    "a", "ai", "ais", "ait", "alors", "apres", "as", "au", "aucun", "aucune", "aura", "aurai", "auraient", "aurais",
    "aurait", "auras", "aurez", "auriez", "aurions", "aurons", "auront", "aussi", "autre", "autres", "aux", "auxquelles",
    "auxquels", "avaient", "avais", "avait", "avant", "avec", "avez", "aviez", "avions", "avoir", "avons", "ayant",
    "ayez", "ayons",
    "c", "ca", "car", "ce", "ceci", "cela", "celle", "celles", "celui", "ces", "cest", "cet", "cette", "ceux", "chez",
    "chui", "ci", "cmt", "combien", "comme", "comment",
    "d", "dans", "de", "depuis", "des", "desquelles", "desquels", "donc", "dont", "ds", "du", "duquel",
    "elle", "elles", "en", "encore", "entre", "es", "est", "et", "etaient", "etais", "etait", "etant", "ete", "etes",
    "etiez", "etions", "etre", "eu", "eut", "eux",
    "furent", "fut", "g", "ici", "il", "ils",
    "j", "jai", "je", "jsuis", "jusqu", "jusque", "ke", "ki", "koi",
    "l", "la", "laquelle", "le", "lequel", "les", "lesquelles", "lesquels", "leur", "leurs", "lorsqu", "lorsque", "lui",
    "m", "ma", "mais", "me", "mes", "meme", "memes", "mm", "moi", "mon",
    "n", "ne", "ni", "nos", "notre", "nous", "ns",
    "on", "ont", "or", "ou", "par", "parce", "pas", "pcq", "pendant", "pk", "pour", "pourquoi", "pr", "puis", "puisqu",
    "puisque",
    "qd", "qu", "quand", "que", "quel", "quelle", "quelles", "quelqu", "quelque", "quelques", "quelquun", "quels", "qui",
    "quoi", "quoiqu", "quoique",
    "s", "sa", "se", "sera", "serai", "seraient", "serais", "serait", "seras", "serez", "seriez", "serions", "serons",
    "seront", "ses", "si", "soi", "soient", "sois", "soit", "sommes", "son", "sont", "sous", "soyez", "soyons", "suis",
    "sur",
    "t", "ta", "te", "tes", "toi", "ton", "tres", "tu", "un", "une", "vers", "voici", "voila", "vos", "votre", "vous",
    "vs", "y", "ya",
];

/// True when `folded` says nothing about the subject of a text.
fn is_stop_word(folded: &str) -> bool {
    sorted().binary_search(&folded).is_ok()
}

/// The list in byte order. Above it is as an eye reads it.
fn sorted() -> &'static [&'static str] {
    static SORTED: std::sync::LazyLock<Vec<&'static str>> = std::sync::LazyLock::new(|| {
        let mut words = STOP_WORDS.to_vec();
        words.sort_unstable();
        words
    });
    &SORTED
}

/// The filter.
#[derive(Debug, Clone)]
pub(super) struct StopWords;

impl TokenFilter for StopWords {
    type Tokenizer<T: Tokenizer> = StopWordsTokenizer<T>;

    fn transform<T: Tokenizer>(self, inner: T) -> Self::Tokenizer<T> {
        StopWordsTokenizer { inner }
    }
}

/// The tokenizer with the filter after it.
#[derive(Debug, Clone)]
pub(super) struct StopWordsTokenizer<T> {
    inner: T,
}

impl<T: Tokenizer> Tokenizer for StopWordsTokenizer<T> {
    type TokenStream<'a> = StopWordsStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        StopWordsStream { inner: self.inner.token_stream(text), state: State::Undecided, token: Token::default() }
    }
}

/// What is known of the text so far.
#[derive(Debug)]
enum State {
    /// Nothing was read.
    Undecided,
    /// There is another word than stop words: they go.
    Dropping,
    /// There were stop words only: these are left to give.
    Giving(VecDeque<Token>),
}

/// The stream with the filter after it.
#[derive(Debug)]
pub(super) struct StopWordsStream<S> {
    inner: S,
    state: State,
    token: Token,
}

impl<S: TokenStream> StopWordsStream<S> {
    /// Goes to the next other word. The stop words before it end in `dropped`.
    fn next_other_word(&mut self, mut dropped: impl FnMut(&Token)) -> bool {
        while self.inner.advance() {
            if !is_stop_word(&self.inner.token().text) {
                std::mem::swap(&mut self.token, self.inner.token_mut());
                // The tokenizer counts positions in its token.
                self.inner.token_mut().position = self.token.position;
                return true;
            }
            dropped(self.inner.token());
        }
        false
    }
}

impl<S: TokenStream> TokenStream for StopWordsStream<S> {
    fn advance(&mut self) -> bool {
        loop {
            match &mut self.state {
                State::Dropping => return self.next_other_word(|_| {}),
                State::Giving(kept) => {
                    let Some(token) = kept.pop_front() else { return false };
                    self.token = token;
                    return true;
                }
                State::Undecided => {
                    let mut kept = VecDeque::new();
                    if self.next_other_word(|token| kept.push_back(token.clone())) {
                        self.state = State::Dropping;
                        return true;
                    }
                    self.state = State::Giving(kept);
                }
            }
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::filtered;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        assert_eq!(filtered(StopWords, input), expected, "for {input:?}");
    }

    #[test]
    fn words_that_say_nothing_go() {
        check("comment je peux activer ma cle", "peux activer cle");
        check("bonjour ou est le contrat svp", "bonjour contrat svp");
        check("contrat", "contrat");
        check("contrat pour qui", "contrat");
    }

    #[test]
    fn a_text_is_never_emptied() {
        check("c est quoi", "c est quoi");
        check("ou", "ou");
        check("", "");
    }

    #[test]
    fn the_list_holds_folded_words_once() {
        for word in STOP_WORDS {
            assert_eq!(guichet_kb::fold::fold(word), *word);
        }
        let mut unique = sorted().to_vec();
        unique.dedup();
        assert_eq!(unique.len(), STOP_WORDS.len());
    }
}
