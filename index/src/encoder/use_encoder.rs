//! The encoder that comes with the program.

use std::sync::LazyLock;

use super::model::{DIMENSION, Model};
use super::sections::Sections;
use super::{Encode, EncoderError, forward};

static FILE: &[u8] = include_bytes!("../../data/use3-fr.bin");

static EMBEDDED: LazyLock<UseEncoder> = LazyLock::new(|| {
    let sections = Sections::embedded(FILE);
    let model = sections.and_then(Model::read).expect("the file in the program was tested when the program was built");
    UseEncoder { model }
});

/// Universal Sentence Encoder, multilingual, third version, with the pieces that French needs.
///
/// Texts are read up to 128 tokens, about 90 words. Case and accents count.
pub struct UseEncoder {
    model: Model,
}

impl UseEncoder {
    /// The encoder in the program. Made at the first call (under a millisecond), then shared.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// An encoder from the bytes of a model file, checked and copied.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EncoderError> {
        Ok(Self { model: Model::read(Sections::checked(bytes)?)? })
    }
}

impl Encode for UseEncoder {
    fn dimension(&self) -> usize {
        DIMENSION
    }

    fn encode(&self, text: &str) -> Vec<f32> {
        forward::vector(&self.model, &self.model.tokenizer.tokens(text))
    }
}

impl std::fmt::Debug for UseEncoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UseEncoder").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::encoder::sections;

    #[test]
    fn the_file_in_the_program_is_whole() {
        UseEncoder::from_bytes(FILE).expect("index/data/use3-fr.bin was not damaged");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        // Under a checksum that is right, so that the sections themselves have to hold. Most of what decides is in the
        // first megabyte: offsets, texts, scores, groups.
        #[test]
        fn changed_bytes_are_refused_or_read_but_never_panic(
            changes in prop::collection::vec((prop_oneof![24..1_000_000_usize, 24..FILE.len()], any::<u8>()), 1..4),
        ) {
            let mut bytes = FILE.to_vec();
            for (at, byte) in changes {
                bytes[at] = byte;
            }
            sections::seal(&mut bytes);
            if let Ok(encoder) = UseEncoder::from_bytes(&bytes) {
                encoder.encode("Où est la facture n° 42 ?");
            }
        }
    }
}
