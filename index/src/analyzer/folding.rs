//! Capitals, accents and ligatures go: `Clés` → `cles`, `ŒUVRE` → `oeuvre`, `ÇA` → `ca`.
//!
//! Before every other filter, so that their lists hold one form of each word. The work is [`guichet_kb::fold`]'s.

use guichet_kb::fold::fold_into;

use super::rewrite::Rewrite;

/// The filter.
#[derive(Debug, Clone, Default)]
pub(super) struct Folding {
    buffer: String,
}

impl Rewrite for Folding {
    fn rewrite(&mut self, text: &mut String) {
        if text.is_ascii() {
            text.make_ascii_lowercase();
            return;
        }
        self.buffer.clear();
        fold_into(text, &mut self.buffer);
        std::mem::swap(text, &mut self.buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::filtered;
    use crate::analyzer::rewrite::Rewriting;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        assert_eq!(filtered(Rewriting(Folding::default()), input), expected, "for {input:?}");
    }

    #[test]
    fn one_form_is_left() {
        check("Clés D’ACTIVATION", "cles d'activation");
        check("ŒUVRE Ex æquo", "oeuvre ex aequo");
        check("ÇA déjà naïf e\u{301}te\u{301}", "ca deja naif ete");
        check("İstanbul Straße ΣΊΣΥΦΟΣ", "istanbul strasse σισυφοσ");
    }
}
