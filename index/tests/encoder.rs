//! The sentence encoder against the original, against damaged files and against any text.

#![cfg(feature = "encoder")]

use guichet_index::encoder::{Encode as _, EncoderError, UseEncoder};
use proptest::prelude::*;
use serde::Deserialize;

static FILE: &[u8] = include_bytes!("../data/use3-fr.bin");

/// What the original says, written by scripts/encoder/build.py.
#[derive(Deserialize)]
struct Golden {
    texts: Vec<GoldenText>,
    cosines: Vec<Vec<f32>>,
}

#[derive(Deserialize)]
struct GoldenText {
    text: String,
    first: Vec<f32>,
}

#[test]
fn vectors_are_those_of_the_original() {
    let golden: Golden =
        serde_json::from_str(include_str!("fixtures/encoder.json")).expect("the fixture is what build.py writes");
    let vectors: Vec<Vec<f32>> = golden.texts.iter().map(|golden| encode(&golden.text)).collect();
    for (golden, vector) in golden.texts.iter().zip(&vectors) {
        let furthest = golden.first.iter().zip(vector).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(furthest < 0.01, "{}: {:?}, not {:?}", golden.text, &vector[..8], golden.first);
    }
    for (row, one) in vectors.iter().enumerate() {
        for (column, other) in vectors.iter().enumerate() {
            let expected = golden.cosines[row][column];
            let found = dot(one, other);
            assert!((found - expected).abs() < 0.02, "{row} and {column}: {found}, not {expected}");
        }
    }
}

#[test]
fn questions_that_mean_the_same_are_nearer_than_others() {
    let check = |question: &str, near: &str, far: &str| {
        let question_vector = encode(question);
        let (near_cosine, far_cosine) = (dot(&question_vector, &encode(near)), dot(&question_vector, &encode(far)));
        assert!(near_cosine > far_cosine, "{question}: {near} {near_cosine}, {far} {far_cosine}");
    };
    check("comment résilier mon contrat", "je veux arrêter mon abonnement", "où télécharger une clé");
    check("mot de passe perdu", "identifiants oubliés", "mon colis est perdu");
    check("Quel est le prix ?", "combien ça coûte", "Quel est le nom ?");
}

#[test]
fn spelling_of_the_same_characters_does_not_matter() {
    assert_eq!(encode("l’été arrivé"), encode("  l'e\u{301}te\u{301}  arrive\u{301}\n"));
}

#[test]
fn a_blank_text_has_no_direction() {
    for text in ["", "  \n", "\u{200B}"] {
        assert!(encode(text).iter().all(|value| *value == 0.0), "{text:?}");
    }
}

#[test]
fn a_long_text_counts_up_to_its_128th_token() {
    let long = "la facture est fausse ".repeat(50);
    assert_eq!(encode(&long), encode(&(long.clone() + "et le contrat aussi")));
}

#[test]
fn the_embedded_encoder_and_the_one_from_bytes_agree() {
    let from_bytes = UseEncoder::from_bytes(FILE).expect("the file is whole");
    assert_eq!(from_bytes.encode("une question"), encode("une question"));
    assert_eq!(from_bytes.dimension(), 512);
}

#[test]
fn what_is_no_model_is_refused() {
    for bytes in [&b""[..], b"GUICHE", b"GGUF\0\0\0\0 and more", &FILE[8..]] {
        assert_eq!(UseEncoder::from_bytes(bytes).err(), Some(EncoderError::NotAModel));
    }
    let mut newer = FILE[..100].to_vec();
    newer[8] = 9;
    let error = UseEncoder::from_bytes(&newer).err();
    assert_eq!(error, Some(EncoderError::UnknownVersion { found: 9, expected: 1 }));
}

#[test]
fn a_damaged_model_is_refused() {
    for length in [8, 23, 24, 31, 1000, FILE.len() / 2, FILE.len() - 8, FILE.len() - 1] {
        let error = UseEncoder::from_bytes(&FILE[..length]).err();
        assert!(matches!(error, Some(EncoderError::Damaged { .. })), "cut at {length}: {error:?}");
    }
    for at in [16, 24, 500, FILE.len() / 2, FILE.len() - 1] {
        let mut bytes = FILE.to_vec();
        bytes[at] ^= 0x10;
        let error = UseEncoder::from_bytes(&bytes).err();
        assert_eq!(error, Some(EncoderError::Damaged { place: "the checksum" }), "changed at {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_has_a_finite_vector_of_length_one_or_none(text in "\\PC{0,80}|[a-zéèçà' ?]{0,80}|.{0,8}") {
        let vector = encode(&text);
        prop_assert_eq!(vector.len(), 512);
        prop_assert!(vector.iter().all(|value| value.is_finite()));
        let length = dot(&vector, &vector).sqrt();
        let is_blank = vector.iter().all(|value| *value == 0.0);
        prop_assert!(is_blank || (length - 1.0).abs() < 1e-4, "{length}");
        prop_assert!(!is_blank || !text.chars().any(char::is_alphanumeric), "{text:?}");
    }
}

fn encode(text: &str) -> Vec<f32> {
    UseEncoder::embedded().encode(text)
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}
