//! What three filters share: each rewrites one token at a time, and a token rewritten to nothing disappears.

use tantivy::tokenizer::{Token, TokenFilter, TokenStream, Tokenizer};

/// A change of one token that depends on nothing else.
pub(super) trait Rewrite: Clone + Send + Sync + 'static {
    /// Changes `text` in place.
    fn rewrite(&mut self, text: &mut String);
}

/// The filter that applies a [`Rewrite`] to every token.
#[derive(Debug, Clone)]
pub(super) struct Rewriting<R>(pub(super) R);

impl<R: Rewrite> TokenFilter for Rewriting<R> {
    type Tokenizer<T: Tokenizer> = RewritingTokenizer<R, T>;

    fn transform<T: Tokenizer>(self, inner: T) -> Self::Tokenizer<T> {
        RewritingTokenizer { rewrite: self.0, inner }
    }
}

/// The tokenizer with a [`Rewrite`] after it.
#[derive(Debug, Clone)]
pub(super) struct RewritingTokenizer<R, T> {
    rewrite: R,
    inner: T,
}

impl<R: Rewrite, T: Tokenizer> Tokenizer for RewritingTokenizer<R, T> {
    type TokenStream<'a> = RewritingStream<'a, R, T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        RewritingStream { rewrite: &mut self.rewrite, inner: self.inner.token_stream(text) }
    }
}

/// The stream with a [`Rewrite`] after it.
#[derive(Debug)]
pub(super) struct RewritingStream<'a, R, S> {
    rewrite: &'a mut R,
    inner: S,
}

impl<R: Rewrite, S: TokenStream> TokenStream for RewritingStream<'_, R, S> {
    fn advance(&mut self) -> bool {
        while self.inner.advance() {
            let text = &mut self.inner.token_mut().text;
            self.rewrite.rewrite(text);
            if !text.is_empty() {
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        self.inner.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.inner.token_mut()
    }
}
