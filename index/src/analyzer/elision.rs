//! Elided words go: `l'offre` → `offre`, `jusqu'a` → `a`, `qu'aujourd'hui` → `aujourdhui`.
//!
//! An apostrophe that belongs to a word goes alone, so that those who leave it out are understood: `prud'homme` →
//! `prudhomme`, `entr'aide` → `entraide`, `presqu'ile` → `presquile`. Expects folded text.

use super::rewrite::Rewrite;

/// What may stand before the apostrophe and say nothing.
const ELIDED: [&str; 13] = ["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"];

/// The filter.
#[derive(Debug, Clone)]
pub(super) struct Elision;

impl Rewrite for Elision {
    fn rewrite(&mut self, text: &mut String) {
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('\'')
            && ELIDED.contains(&before)
        {
            rest = after;
        }
        let stripped = text.len() - rest.len();
        text.drain(..stripped);
        text.retain(|c| c != '\'');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::filtered;
    use crate::analyzer::rewrite::Rewriting;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        assert_eq!(filtered(Rewriting(Elision), input), expected, "for {input:?}");
    }

    #[test]
    fn elided_words_go() {
        check("l'offre d'un client", "offre un client");
        check("j'ai m'aider t'es s'il n'est c'est", "ai aider es il est est");
        check("qu'il jusqu'au lorsqu'on puisqu'elle quoiqu'un", "il au on elle un");
        check("qu'aujourd'hui n'l'ai", "aujourdhui ai");
    }

    #[test]
    fn other_apostrophes_are_parts_of_words() {
        check("aujourd'hui prud'hommes entr'aide presqu'ile", "aujourdhui prudhommes entraide presquile");
        check("o'neil quelqu'un", "oneil quelquun");
    }
}
