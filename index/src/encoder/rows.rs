//! The table that gives each piece its row of numbers, under prefix codes.
//!
//! A plain table takes 20 MB. Its values have 64 levels and most are near the middle, so that 3.1 bits do: rows are
//! sorted into classes by how wide they spread, each class has its code, and each row begins at a byte. Reading a row
//! takes about two microseconds, a tenth of what the layers then do with it.

use super::EncoderError;
use super::sections::{Section, Sections};

/// Numbers of a row.
pub(super) const WIDTH: usize = 512;

const LEVELS: usize = 64;
const LONGEST_CODE: u32 = 12;

/// Rows of all pieces.
pub(super) struct Rows {
    scales: Vec<f32>,
    lowest: Vec<f32>,
    zeros: Section,
    groups: Section,
    classes: Section,
    decoders: Vec<Decoder>,
    offsets: Vec<u32>,
    bits: Section,
}

/// From the next [`LONGEST_CODE`] bits to a level and the length of its code.
struct Decoder(Vec<[u8; 2]>);

impl Rows {
    /// Reads the sections of a table with `count` rows.
    pub(super) fn read(sections: &mut Sections<'_>, count: usize) -> Result<Self, EncoderError> {
        const GROUPS: usize = 17;
        const CLASSES: usize = 8;
        let scales = sections.floats("RSCL", GROUPS)?;
        let lowest = sections.floats("RLOW", GROUPS)?;
        let zeros = sections.bytes_exact("RZER", GROUPS)?;
        let groups = sections.bytes_exact("RGRP", count)?;
        if groups.iter().any(|group| usize::from(*group) >= GROUPS) {
            return Err(EncoderError::Damaged { place: "RGRP" });
        }
        let classes = sections.bytes_exact("RCLS", count)?;
        if classes.iter().any(|class| usize::from(*class) >= CLASSES) {
            return Err(EncoderError::Damaged { place: "RCLS" });
        }
        let lengths = sections.bytes_exact("RLEN", CLASSES * LEVELS)?;
        let decoders = lengths.chunks(LEVELS).map(Decoder::new).collect::<Option<_>>();
        let decoders = decoders.ok_or(EncoderError::Damaged { place: "RLEN" })?;
        let offsets = sections.offsets("ROFF", count + 1)?;
        let bits = sections.bytes("RBIT")?;
        if offsets.last().is_none_or(|end| *end as usize != bits.len()) {
            return Err(EncoderError::Damaged { place: "ROFF" });
        }
        Ok(Self { scales, lowest, zeros, groups, classes, decoders, offsets, bits })
    }

    /// Writes row `number` to `row`.
    pub(super) fn decode(&self, number: usize, row: &mut [f32]) {
        let group = usize::from(self.groups[number]);
        let (scale, lowest, zero) = (self.scales[group], self.lowest[group], self.zeros[group]);
        let decoder = &self.decoders[usize::from(self.classes[number])].0;
        let mut bytes = self.bits[self.offsets[number] as usize..self.offsets[number + 1] as usize].iter();
        let mut window: u64 = 0;
        let mut available = 0;
        for value in row {
            while available < LONGEST_CODE {
                // Past the end come zeros: the last codes of a row are shorter than the window.
                window = window << 8 | u64::from(bytes.next().copied().unwrap_or(0));
                available += 8;
            }
            let next = window >> (available - LONGEST_CODE) & ((1 << LONGEST_CODE) - 1);
            let [level, length] = decoder[next as usize];
            available -= u32::from(length);
            *value = f32::from(level.wrapping_add(zero) % LEVELS as u8) * scale + lowest;
        }
    }
}

impl Decoder {
    /// The canonical code with these lengths (shorter codes first, then lower levels), if they are those of a code.
    fn new(lengths: &[u8]) -> Option<Self> {
        let mut levels: Vec<u8> = (0..LEVELS as u8).collect();
        levels.sort_by_key(|level| lengths[usize::from(*level)]);
        let mut table = Vec::with_capacity(1 << LONGEST_CODE);
        for level in levels {
            let length = lengths[usize::from(level)];
            if length == 0 || u32::from(length) > LONGEST_CODE {
                return None;
            }
            table.resize(table.len() + (1 << (LONGEST_CODE - u32::from(length))), [level, length]);
        }
        (table.len() == 1 << LONGEST_CODE).then_some(Self(table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_that_are_no_complete_code_are_refused() {
        assert!(Decoder::new(&[6; LEVELS]).is_some());
        assert!(Decoder::new(&[7; LEVELS]).is_none(), "half of the codes would mean nothing");
        assert!(Decoder::new(&[5; LEVELS]).is_none(), "two levels would share a code");
        assert!(Decoder::new(&[0; LEVELS]).is_none());
        assert!(Decoder::new(&[200; LEVELS]).is_none());
    }
}
