//! The outer form of a model file: a head, then tagged sections one after the other. `index/data/README.md` documents it.

use std::borrow::Cow;

use super::EncoderError;

const MAGIC: &[u8; 8] = b"GUICHET\0";
const VERSION: u32 = 1;
const HEAD_LENGTH: usize = 24;
const ALIGNMENT: usize = 8;

const CHECKSUM_PRIME: u64 = 0x9E37_79B9_7F4A_7C15;
const CHECKSUM_LANES: usize = 4;

/// Bytes of one section: borrowed from the program, or owned when they came from elsewhere.
pub(super) type Section = Cow<'static, [u8]>;

/// Reads the sections of a file in their order.
pub(super) struct Sections<'a> {
    rest: &'a [u8],
    keep: fn(&'a [u8]) -> Section,
    pieces: usize,
}

impl Sections<'static> {
    /// Sections of the bytes in the program: not copied, and not summed up either, for that would read all of them at
    /// every start. A test does it.
    pub(super) fn embedded(bytes: &'static [u8]) -> Result<Self, EncoderError> {
        let head = Head::read(bytes)?;
        Ok(Self { rest: head.body, keep: |bytes| Cow::Borrowed(bytes), pieces: head.pieces })
    }
}

impl<'a> Sections<'a> {
    /// Sections of bytes from outside: summed up, and copied.
    pub(super) fn checked(bytes: &'a [u8]) -> Result<Self, EncoderError> {
        let head = Head::read(bytes)?;
        if checksum(head.body) != head.checksum {
            return Err(EncoderError::Damaged { place: "the checksum" });
        }
        Ok(Self { rest: head.body, keep: |bytes| Cow::Owned(bytes.to_vec()), pieces: head.pieces })
    }

    /// How many pieces the head announces.
    pub(super) fn pieces(&self) -> usize {
        self.pieces
    }

    /// The bytes of the next section, which must bear `tag`.
    pub(super) fn bytes(&mut self, tag: &'static str) -> Result<Section, EncoderError> {
        self.next(tag).map(self.keep)
    }

    /// As [`Self::bytes`], of exactly `length`.
    pub(super) fn bytes_exact(&mut self, tag: &'static str, length: usize) -> Result<Section, EncoderError> {
        let bytes = self.bytes(tag)?;
        if bytes.len() == length { Ok(bytes) } else { Err(EncoderError::Damaged { place: tag }) }
    }

    /// The next section as `count` finite floats.
    pub(super) fn floats(&mut self, tag: &'static str, count: usize) -> Result<Vec<f32>, EncoderError> {
        let bytes = self.next(tag)?;
        floats(bytes, count).ok_or(EncoderError::Damaged { place: tag })
    }

    /// The next section as `count` offsets that never decrease, from 0 to the end of something.
    pub(super) fn offsets(&mut self, tag: &'static str, count: usize) -> Result<Vec<u32>, EncoderError> {
        let (words, tail) = self.next(tag)?.as_chunks();
        let offsets: Vec<u32> = words.iter().map(|word| u32::from_le_bytes(*word)).collect();
        let is_complete = offsets.len() == count && tail.is_empty();
        if is_complete && offsets.first() == Some(&0) && offsets.is_sorted() {
            Ok(offsets)
        } else {
            Err(EncoderError::Damaged { place: tag })
        }
    }

    /// The next section as a matrix: the scales of the `outputs`, then their weights.
    pub(super) fn matrix(&mut self, outputs: usize, inputs: usize) -> Result<(Vec<f32>, Section), EncoderError> {
        let place = "MATX";
        let bytes = self.next(place)?;
        let (scales, weights) = bytes.split_at_checked(outputs * 4).ok_or(EncoderError::Damaged { place })?;
        let scales = floats(scales, outputs).ok_or(EncoderError::Damaged { place })?;
        if weights.len() != outputs * inputs {
            return Err(EncoderError::Damaged { place });
        }
        Ok((scales, (self.keep)(weights)))
    }

    fn next(&mut self, tag: &'static str) -> Result<&'a [u8], EncoderError> {
        let damaged = EncoderError::Damaged { place: tag };
        let Some((head, after)) = self.rest.split_first_chunk::<8>() else { return Err(damaged) };
        let [found @ .., a, b, c, d] = head;
        let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
        if found != tag.as_bytes() || after.len() < length.next_multiple_of(ALIGNMENT) {
            return Err(damaged);
        }
        self.rest = &after[length.next_multiple_of(ALIGNMENT)..];
        Ok(&after[..length])
    }
}

struct Head<'a> {
    pieces: usize,
    checksum: u64,
    body: &'a [u8],
}

impl<'a> Head<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, EncoderError> {
        if !bytes.starts_with(MAGIC) {
            return Err(EncoderError::NotAModel);
        }
        let damaged = EncoderError::Damaged { place: "the head" };
        let Some((head, body)) = bytes.split_first_chunk::<HEAD_LENGTH>() else { return Err(damaged) };
        let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let found = word(8);
        if found != VERSION {
            return Err(EncoderError::UnknownVersion { found, expected: VERSION });
        }
        Ok(Self { pieces: word(12) as usize, checksum: u64::from(word(16)) | u64::from(word(20)) << 32, body })
    }
}

fn floats(bytes: &[u8], count: usize) -> Option<Vec<f32>> {
    let (words, tail) = bytes.as_chunks();
    let floats: Vec<f32> = words.iter().map(|word| f32::from_le_bytes(*word)).collect();
    (floats.len() == count && tail.is_empty() && floats.iter().all(|x| x.is_finite())).then_some(floats)
}

/// Finds a damaged copy, not a malicious one. Four running products side by side: a millisecond for the whole file.
fn checksum(body: &[u8]) -> u64 {
    let mix = |state: u64, word: u64| {
        let product = (state ^ word).wrapping_mul(CHECKSUM_PRIME);
        product ^ (product >> 29)
    };
    let mut lanes: [u64; CHECKSUM_LANES] = [1, 2, 3, 4];
    for block in body.chunks(CHECKSUM_LANES * 8) {
        let mut words = [[0; 8]; CHECKSUM_LANES];
        words.as_flattened_mut()[..block.len()].copy_from_slice(block);
        for (lane, word) in lanes.iter_mut().zip(words) {
            *lane = mix(*lane, u64::from_le_bytes(word));
        }
    }
    lanes.into_iter().fold(body.len() as u64, mix)
}

/// Writes the checksum that belongs to the sections of `bytes`.
#[cfg(test)]
pub(super) fn seal(bytes: &mut [u8]) {
    let checksum = checksum(&bytes[HEAD_LENGTH..]);
    bytes[16..HEAD_LENGTH].copy_from_slice(&checksum.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_sees_a_single_bit_and_the_length() {
        let body = [7; 96];
        let mut changed = body;
        changed[50] ^= 1;
        assert_ne!(checksum(&body), checksum(&changed));
        assert_ne!(checksum(&[0; 32]), checksum(&[0; 64]));
    }

    #[test]
    fn a_section_with_another_tag_is_refused() {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([1, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend([0; 8]);
        bytes.extend([*b"NUMB", [4, 0, 0, 0], [0; 4], [0; 4]].concat());
        seal(&mut bytes);
        let mut sections = Sections::checked(&bytes).expect("the head is right");
        assert_eq!(sections.bytes("PTXT"), Err(EncoderError::Damaged { place: "PTXT" }));
        assert_eq!(sections.floats("NUMB", 1), Ok(vec![0.0]));
    }
}
