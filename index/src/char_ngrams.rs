//! Pieces of letters: they find `desactivre une cle` when no word matches.
//!
//! Every word is padded with a space on both sides and cut into pieces of 3 to 5 letters: `cle` → `␣cl`, `cle`, `le␣`,
//! `␣cle`, `cle␣`, `␣cle␣`. Weighed and compared by [`crate::sparse`].

use guichet_kb::fold::fold;

/// Lengths of pieces, in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=5;
/// What is read of a text. Nobody asks in more, and the cost of a question stays bounded.
const MAX_CHARS: usize = 2_000;

/// Every piece of `text`. Five characters of 21 bits fit a `u128`: no hash, thus no collision.
pub(crate) fn pieces(text: &str) -> Vec<u128> {
    let start: String = text.chars().take(MAX_CHARS).collect();
    let folded = fold(&start);
    let mut pieces = Vec::with_capacity(folded.len() * 3);
    let mut padded = Vec::new();
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        padded.clear();
        padded.push(' ');
        padded.extend(word.chars());
        padded.push(' ');
        for length in LENGTHS {
            let pack = |piece: &[char]| piece.iter().fold(0, |key, c| (key << 21) | u128::from(u32::from(*c)));
            pieces.extend(padded.windows(length).map(pack));
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::Sparse;

    #[test]
    fn a_word_is_cut_with_its_edges() {
        assert_eq!(pieces("cle").len(), 6);
        assert_eq!(pieces("à").len(), 1);
        assert_eq!(pieces("Clé d’Été"), pieces("cle d'ete"));
        assert!(pieces("🙂 !").is_empty());
    }

    #[test]
    fn a_typo_stays_close() {
        let cosines = Sparse::new(["activer une clé", "résilier un contrat"].into_iter().map(pieces))
            .cosines(pieces("resillier contra"));
        assert!(cosines[1] > 0.3 && cosines[1] > cosines[0], "{cosines:?}");
    }
}
