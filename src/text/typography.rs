//! French typography: a no-break space before `: ; ? ! »` and after `«`, so that no line begins with a lone mark.

const NO_BREAK: char = '\u{a0}';

/// `text` with its ordinary spaces around French punctuation made no-break. Nothing else changes.
pub(crate) fn french(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    let mut before = None;
    while let Some(c) = characters.next() {
        let holds = c == ' ' && (matches!(characters.peek(), Some(':' | ';' | '?' | '!' | '»')) || before == Some('«'));
        out.push(if holds { NO_BREAK } else { c });
        before = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_spaces_around_french_punctuation_change() {
        assert_eq!(super::french("« Oui » ! Où : là ?"), "«\u{a0}Oui\u{a0}»\u{a0}! Où\u{a0}: là\u{a0}?");
        assert_eq!(super::french("a:b https://x.example/?q=1"), "a:b https://x.example/?q=1");
    }
}
