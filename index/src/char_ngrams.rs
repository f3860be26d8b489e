//! Likeness of letters: finds `desactivre une cle` when no word matches.
//!
//! Every word is padded with a space on both sides and cut into pieces of 3 to 5 letters: `cle` → `␣cl`, `cle`, `le␣`,
//! `␣cle`, `cle␣`, `␣cle␣`. Pieces weigh TF-IDF with a sublinear TF; the likeness of a question and a formulation is
//! the cosine, between 0 and 1. Held in memory as one inverted list.

use std::collections::HashMap;

use guichet_kb::fold::fold;

/// Lengths of pieces, in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=5;
/// What is read of a text. Nobody asks in more, and the cost of a question stays bounded.
const MAX_CHARS: usize = 2_000;

/// The inverted list.
#[derive(Debug)]
pub(crate) struct CharNgrams {
    /// Piece → its ordinal.
    pieces: HashMap<u128, u32>,
    /// By piece: how telling it is.
    idf: Vec<f32>,
    /// The same for a piece that no formulation has.
    idf_of_unknown: f32,
    /// By piece: where its postings start in `postings`; one more at the end.
    starts: Vec<usize>,
    /// Formulation, share of the piece in it.
    postings: Vec<(u32, f32)>,
    /// By formulation: its entry and its number in it.
    owners: Vec<(usize, usize)>,
}

/// The formulation of an entry that is most like the question.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Likeness {
    /// From 0 to 1.
    pub(crate) cosine: f32,
    /// Number of the formulation.
    pub(crate) number: usize,
}

impl CharNgrams {
    /// Reads every formulation, each with the ordinal of its entry and its number.
    pub(crate) fn new<'a>(formulations: impl Iterator<Item = (usize, usize, &'a str)>) -> Self {
        let mut pieces: HashMap<u128, u32> = HashMap::new();
        let mut document_frequencies: Vec<u32> = Vec::new();
        let mut owners = Vec::new();
        let mut weights: Vec<(u32, f32)> = Vec::new();
        let mut ends = Vec::new();
        for (entry, number, text) in formulations {
            owners.push((entry, number));
            for (piece, tf) in weighted_pieces(text) {
                let next = pieces.len() as u32;
                let ordinal = *pieces.entry(piece).or_insert(next);
                if ordinal == next {
                    document_frequencies.push(0);
                }
                document_frequencies[ordinal as usize] += 1;
                weights.push((ordinal, tf));
            }
            ends.push(weights.len());
        }

        let idf_of = |frequency: u32| ((1.0 + owners.len() as f32) / (1.0 + frequency as f32)).ln() + 1.0;
        let idf: Vec<f32> = document_frequencies.iter().map(|frequency| idf_of(*frequency)).collect();
        let mut starts = vec![0; pieces.len() + 1];
        for (piece, frequency) in document_frequencies.iter().enumerate() {
            starts[piece + 1] = starts[piece] + *frequency as usize;
        }

        let mut postings = vec![(0, 0.0); weights.len()];
        let mut next_free = starts.clone();
        let mut start = 0;
        for (formulation, end) in ends.into_iter().enumerate() {
            let own = &mut weights[start..end];
            start = end;
            let mut squares = 0.0;
            for (piece, weight) in own.iter_mut() {
                *weight *= idf[*piece as usize];
                squares += *weight * *weight;
            }
            let norm = squares.sqrt();
            for (piece, weight) in own.iter() {
                let free = &mut next_free[*piece as usize];
                postings[*free] = (formulation as u32, weight / norm);
                *free += 1;
            }
        }
        let idf_of_unknown = idf_of(0);
        Self { pieces, idf, idf_of_unknown, starts, postings, owners }
    }

    /// By entry, the likeness of its closest formulation; 0 when nothing is alike.
    pub(crate) fn likeness(&self, question: &str, entries: usize) -> Vec<Likeness> {
        let mut cosines = vec![0.0_f32; self.owners.len()];
        let mut squares = 0.0;
        for (piece, tf) in weighted_pieces(question) {
            let known = self.pieces.get(&piece).map(|ordinal| *ordinal as usize);
            let weight = tf * known.map_or(self.idf_of_unknown, |ordinal| self.idf[ordinal]);
            squares += weight * weight;
            let Some(ordinal) = known else { continue };
            for (formulation, share) in &self.postings[self.starts[ordinal]..self.starts[ordinal + 1]] {
                cosines[*formulation as usize] += weight * share;
            }
        }

        let mut best = vec![Likeness::default(); entries];
        if squares == 0.0 {
            return best;
        }
        let norm = squares.sqrt();
        for ((entry, number), cosine) in self.owners.iter().zip(cosines) {
            let cosine = cosine / norm;
            if cosine > best[*entry].cosine {
                best[*entry] = Likeness { cosine, number: *number };
            }
        }
        best
    }
}

/// The pieces of `text`, each once, with its sublinear TF, in an order that depends on the text only.
fn weighted_pieces(text: &str) -> Vec<(u128, f32)> {
    let mut all = pieces(text);
    all.sort_unstable();
    all.chunk_by(|a, b| a == b).map(|same| (same[0], 1.0 + (same.len() as f32).ln())).collect()
}

/// Every piece of `text`. Five characters of 21 bits fit a `u128`: no hash, thus no collision.
fn pieces(text: &str) -> Vec<u128> {
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

    fn of(formulations: &[&str]) -> CharNgrams {
        CharNgrams::new(formulations.iter().enumerate().map(|(entry, text)| (entry, 0, *text)))
    }

    #[test]
    fn a_word_is_cut_with_its_edges() {
        assert_eq!(pieces("cle").len(), 6);
        assert_eq!(pieces("à").len(), 1);
        assert_eq!(pieces("Clé d’Été"), pieces("cle d'ete"));
        assert!(pieces("🙂 !").is_empty());
    }

    #[test]
    fn the_same_text_has_a_cosine_of_one() {
        let likeness = of(&["activer une clé", "résilier un contrat"]).likeness("ACTIVER une cle", 2);
        assert!((likeness[0].cosine - 1.0).abs() < 1e-5, "{likeness:?}");
        assert!(likeness[1].cosine < 0.3, "{likeness:?}");
    }

    #[test]
    fn a_typo_stays_close() {
        let likeness = of(&["activer une clé", "résilier un contrat"]).likeness("resillier contra", 2);
        assert!(likeness[1].cosine > 0.3 && likeness[1].cosine > likeness[0].cosine, "{likeness:?}");
    }

    #[test]
    fn nothing_is_like_nothing() {
        assert_eq!(of(&["activer"]).likeness("", 1), [Likeness::default()]);
        assert_eq!(of(&["", "🙂"]).likeness("activer", 2), [Likeness::default(); 2]);
        assert!(of(&[]).likeness("activer", 0).is_empty());
    }
}
