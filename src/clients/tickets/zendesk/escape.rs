//! Text as Zendesk takes it.

/// Zendesk cuts a longer comment without a word, at 64 kB; some room is left for how it counts.
const MAX_COMMENT_BYTES: usize = 60_000;

/// Longest subject that is sent.
const MAX_SUBJECT_CHARS: usize = 150;

/// Stands between two braces: it takes no room, and joins what it separates when lines are broken.
const WORD_JOINER: char = '\u{2060}';

/// A comment: placeholders made harmless, and never longer than what is kept.
pub(super) fn comment(text: &str) -> String {
    let mut text = without_placeholders(text);
    if text.len() > MAX_COMMENT_BYTES {
        text.truncate(text.floor_char_boundary(MAX_COMMENT_BYTES));
        text.push('…');
    }
    text
}

/// A subject: one line, placeholders made harmless.
pub(super) fn subject(text: &str) -> String {
    let line: Vec<&str> = text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|w| !w.is_empty()).collect();
    without_placeholders(&line.join(" ").chars().take(MAX_SUBJECT_CHARS).collect::<String>())
}

/// `text` with nothing that Zendesk would replace by data of the ticket: `{{…}}` and `{%…%}` are what it knows. What a
/// person typed must not make Zendesk print what it holds.
pub(super) fn without_placeholders(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    for c in text.chars() {
        if matches!((before, c), (Some('{'), '{' | '%') | (Some('}' | '%'), '}')) {
            out.push(WORD_JOINER);
        }
        out.push(c);
        before = Some(c);
    }
    out
}

/// A tag: lower case, words joined by `_`. What has no letter or digit is no tag.
pub(super) fn tag(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '/')))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(str::to_lowercase)
        .collect();
    (!words.is_empty()).then(|| words.join("_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_lose_their_meaning_and_nothing_else_changes() {
        let check = |text: &str, expected: &str| assert_eq!(without_placeholders(text), expected, "{text}");
        check("{{ticket.id}}", "{\u{2060}{ticket.id}\u{2060}}");
        check("{{{x}}}", "{\u{2060}{\u{2060}{x}\u{2060}}\u{2060}}");
        check("{% if x %}", "{\u{2060}% if x %\u{2060}}");
        check("{a} 5 % } {", "{a} 5 % } {");
    }

    #[test]
    fn a_long_comment_is_cut_between_two_letters() {
        let cut = comment(&"é".repeat(40_000));
        assert!(cut.len() <= 64_000 && cut.ends_with("é…"), "{} bytes", cut.len());
        assert_eq!(comment("court"), "court");
    }

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(subject(" a\r\nb\tc  {{d}}"), "a b c {\u{2060}{d}\u{2060}}");
        assert_eq!(subject(&"x".repeat(400)).len(), 150);
    }

    #[test]
    fn tags_are_words_without_spaces() {
        assert_eq!(tag("Activation de licence"), Some("activation_de_licence".to_owned()));
        assert_eq!(tag("é-a, b"), Some("é-a_b".to_owned()));
        assert_eq!(tag(" ,- "), None);
    }
}
