//! What a person typed, made safe once at the border.

/// Longest question, in characters. A long story has room; a pasted log does not.
pub(crate) const MAX_CHARS: usize = 4_000;

/// A question: not empty, not too long, without control characters. Anything else is allowed: it is only text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question(String);

/// Why a text is no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QuestionError {
    /// Nothing that can be seen.
    #[error("the question is empty")]
    Empty,
    /// More than [`MAX_CHARS`].
    #[error("the question is longer than {MAX_CHARS} characters")]
    TooLong,
}

impl Question {
    /// Parses what was typed: control characters become spaces (line breaks stay), what is invisible around is dropped.
    /// The length is the one of what was sent, as the description of the API says.
    pub(crate) fn parse(typed: &str) -> Result<Self, QuestionError> {
        let clean: String = typed
            .chars()
            .filter(|c| !matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'))
            .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
            .collect();
        let text = clean.trim();
        if text.is_empty() {
            return Err(QuestionError::Empty);
        }
        if typed.chars().count() > MAX_CHARS {
            return Err(QuestionError::TooLong);
        }
        Ok(Self(text.to_owned()))
    }

    /// A question whose secrets were replaced by masks, which may have made it longer than what may be typed.
    pub(crate) fn masked(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, expected: Result<&str, QuestionError>) {
        assert_eq!(Question::parse(typed).as_ref().map(Question::as_str).map_err(|error| *error), expected);
    }

    #[test]
    fn any_text_that_can_be_seen_is_a_question() {
        check("  où est la clé ?\n", Ok("où est la clé ?"));
        check("a\u{0}b\u{1b}[31m\nc\td", Ok("a b [31m\nc d"));
        check("\u{202e}abc\u{200b}", Ok("abc"));
        check("<script>alert(1)</script>'; DROP TABLE x; --", Ok("<script>alert(1)</script>'; DROP TABLE x; --"));
        check("🙂", Ok("🙂"));
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        check(" \n\u{200b}\u{0} ", Err(QuestionError::Empty));
        check(&"é".repeat(MAX_CHARS), Ok(&"é".repeat(MAX_CHARS)));
        check(&"é".repeat(MAX_CHARS + 1), Err(QuestionError::TooLong));
    }
}
