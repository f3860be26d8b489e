//! What a classifier learned, as a file: `classifier.bin` in the folder of an index.
//!
//! A line of JSON says what follows and its checksum; then numbers, little endian: centering and
//! weights of four bytes, vectors of two.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::calibration::Calibration;
use crate::classifier::{self, Classifier, Likeness};
use crate::content::Content;
use crate::held_out::{AskedAgain, Summary};
use crate::meaning::Meaning;
use crate::parts::{Parts, encoder};
use crate::ridge::Ridge;

/// Its name.
pub(crate) const NAME: &str = "classifier.bin";

#[derive(Serialize, Deserialize)]
struct Header {
    /// What the likeness was made with: weights for another one are worth nothing.
    recipe: Vec<f32>,
    /// Checksum of the formulations as they were read: another program may read them otherwise.
    readings: u64,
    calibration: Calibration,
    summary: Summary,
    asked_again: Vec<AskedAgain>,
    centering: usize,
    vectors: usize,
    weights: usize,
    checksum: u64,
}

/// Writes `classifier` below `folder`.
pub(crate) fn write(folder: &Path, classifier: &Classifier, parts: &Parts) -> io::Result<()> {
    let (centering, vectors) = classifier.likeness.meaning().map_or((Vec::new(), [].as_slice()), Meaning::numbers);
    let weights = classifier.ridge.weights();
    let mut numbers: Vec<u8> = centering.iter().chain(weights).flat_map(|number| number.to_le_bytes()).collect();
    numbers.extend(vectors.iter().flat_map(|number| number.to_le_bytes()));
    let header = Header {
        recipe: classifier::RECIPE.to_vec(),
        readings: checksum_of_readings(parts),
        calibration: classifier.calibration,
        summary: classifier.summary,
        asked_again: classifier.asked_again.clone(),
        centering: centering.len(),
        vectors: vectors.len(),
        weights: weights.len(),
        checksum: checksum(&numbers),
    };
    let mut bytes = serde_json::to_vec(&header)?;
    bytes.push(b'\n');
    bytes.extend(numbers);
    fs::write(folder.join(NAME), bytes)
}

/// Reads the classifier of `content` below `folder`.
pub(crate) fn read(folder: &Path, content: Content<'_>, parts: &Parts) -> io::Result<Classifier> {
    let damaged = |what: &str| io::Error::new(io::ErrorKind::InvalidData, format!("{NAME}: {what}"));
    let bytes = fs::read(folder.join(NAME))?;
    let end = bytes.iter().position(|byte| *byte == b'\n').ok_or_else(|| damaged("it has no header"))?;
    let header: Header = serde_json::from_slice(&bytes[..end])?;
    if header.recipe != classifier::RECIPE || header.readings != checksum_of_readings(parts) {
        return Err(damaged("it was made by another version of the program"));
    }
    let numbers = &bytes[end + 1..];
    if checksum(numbers) != header.checksum {
        return Err(damaged("its checksum is wrong"));
    }
    let floats = header.centering.saturating_add(header.weights);
    let Some((floats, vectors)) = numbers
        .split_at_checked(floats.saturating_mul(4))
        .filter(|(_, rest)| rest.len() / 2 == header.vectors && rest.len() % 2 == 0)
    else {
        return Err(damaged("it has another length"));
    };
    let read = |numbers: &[[u8; 4]]| numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect::<Vec<f32>>();
    let (centering, weights) = floats.as_chunks::<4>().0.split_at(header.centering);
    let vectors = vectors.as_chunks::<2>().0.iter().map(|bytes| i16::from_le_bytes(*bytes)).collect();
    let count = parts.formulations.len();
    let meaning = match encoder() {
        Some(encoder) => {
            let meaning = Meaning::from_numbers(encoder, &read(centering), vectors, count);
            Some(meaning.ok_or_else(|| damaged("it was made by another encoder"))?)
        }
        None if header.vectors > 0 => return Err(damaged("it was made with an encoder")),
        None => None,
    };
    let ridge = Ridge::from_weights(read(weights), count, content.classes());
    let ridge = ridge.ok_or_else(|| damaged("it was made of other formulations"))?;
    let likeness = Likeness::new(&parts.readings, meaning);
    let told = (header.summary, header.asked_again);
    Ok(Classifier::restored(content, &parts.formulations, likeness, ridge, header.calibration, told))
}

fn checksum_of_readings(parts: &Parts) -> u64 {
    let texts = parts.readings.iter().flat_map(|reading| {
        [reading.sentence.as_str(), reading.words.as_str()]
            .into_iter()
            .chain(reading.implied.iter().map(String::as_str))
    });
    texts.fold(0, |sum, text| sum.rotate_left(1) ^ checksum(text.as_bytes()))
}

/// FNV-1a over words of eight bytes: finds damage, not malice.
fn checksum(bytes: &[u8]) -> u64 {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let (words, rest) = bytes.as_chunks::<8>();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let rest = rest.iter().map(|byte| u64::from(*byte));
    words.chain(rest).fold(START, |sum, word| (sum ^ word).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::checksum;

    #[test]
    fn a_changed_byte_changes_the_checksum() {
        let bytes: Vec<u8> = (0..100).collect();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_ne!(checksum(&bytes), checksum(&changed), "at {at}");
        }
    }
}
