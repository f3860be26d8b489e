//! French typography: a no-break space before `: ; ? ! »` and after `«`, so that no line begins with a lone mark, and
//! the curved apostrophe between letters. Curators type what their keyboard has.

const NO_BREAK: char = '\u{a0}';

/// `text` with its ordinary spaces around French punctuation made no-break and its apostrophes curved. Nothing else
/// changes.
pub(crate) fn french(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    let mut before = None;
    while let Some(c) = characters.next() {
        let holds = c == ' ' && (matches!(characters.peek(), Some(':' | ';' | '?' | '!' | '»')) || before == Some('«'));
        let is_apostrophe = c == '\''
            && before.is_some_and(char::is_alphabetic)
            && characters.peek().is_some_and(|next| next.is_alphanumeric());
        out.push(match c {
            _ if holds => NO_BREAK,
            _ if is_apostrophe => '’',
            c => c,
        });
        before = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn spaces_around_french_punctuation_and_apostrophes_change_and_nothing_else() {
        assert_eq!(super::french("« Oui » ! Où : là ?"), "«\u{a0}Oui\u{a0}»\u{a0}! Où\u{a0}: là\u{a0}?");
        assert_eq!(super::french("l'option d'un client 'a' 5'"), "l’option d’un client 'a' 5'");
        assert_eq!(super::french("a:b https://x.example/?q=1"), "a:b https://x.example/?q=1");
    }
}
