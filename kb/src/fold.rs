//! Text without its accents and capitals: for slugs, comparisons and the index, so that all fold the same way.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, no accents, `œ` → `oe`, `æ` → `ae`, `ß` → `ss`, typographic apostrophes → `'`, compatibility forms (NFKD)
/// resolved. Everything else is kept.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// Appends [`fold`] of `text` to `out`.
pub fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        out.extend(text.chars().map(|c| c.to_ascii_lowercase()));
        return;
    }
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'œ' | 'Œ' => out.push_str("oe"),
            'æ' | 'Æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            '’' | '‘' | 'ʼ' | '′' | '`' | '´' => out.push('\''),
            _ => out.extend(c.to_lowercase()),
        }
    }
}

/// A slug of `text`: [`fold`]ed, every run of other characters than `a-z0-9` one `-`, none at the ends, cut at a `-`
/// so that it fits an [`crate::EntryId`]. Empty when nothing is left.
pub fn slug(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        let separator = usize::from(!slug.is_empty());
        let room = crate::EntryId::MAX_LEN - slug.len();
        if word.len() + separator > room {
            if slug.is_empty() {
                slug.push_str(&word[..room]);
            }
            break;
        }
        if separator == 1 {
            slug.push('-');
        }
        slug.push_str(word);
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_capitals_and_ligatures_are_folded() {
        for (text, expected) in [
            ("Clés d’activation", "cles d'activation"),
            ("ŒUVRE", "oeuvre"),
            ("e\u{301}te\u{301}", "ete"),
            ("ﬁche №2", "fiche no2"),
            ("ÇA", "ca"),
        ] {
            assert_eq!(fold(text), expected);
        }
    }

    #[test]
    fn a_slug_is_a_valid_id_or_empty() {
        for (text, expected) in [
            ("La gestion de mon parc clients", "la-gestion-de-mon-parc-clients"),
            ("  Où trouver ?!", "ou-trouver"),
            ("???", ""),
        ] {
            assert_eq!(slug(text), expected);
        }
        assert_eq!(slug(&"a".repeat(200)).len(), 80);
        assert!(slug(&"abcdefghi ".repeat(20)).len() <= 80);
    }
}
