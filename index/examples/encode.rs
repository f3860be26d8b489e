//! Tries the encoder.
//!
//! ```sh
//! cargo run --release -p guichet-index --example encode                      # time per question
//! cargo run --release -p guichet-index --example encode -- TEXT TEXT         # cosine
//! cargo run --release -p guichet-index --example encode -- --vectors <TEXTS  # a line each: f32, little-endian
//! ```

use std::io::{self, BufRead as _, Write as _};
use std::time::{Duration, Instant};

use guichet_index::encoder::{Encode as _, UseEncoder};

const QUESTIONS: [&str; 5] = [
    "comment arrêter le contrat d'un client avant la fin",
    "où puis-je télécharger la facture du mois de mars dernier ?",
    "Je n'arrive plus à me connecter à mon espace partenaire",
    "Quel est le délai pour recevoir la clé d'activation commandée ?",
    "qui prévenir quand un client change de raison sociale svp",
];
const ROUNDS: usize = 200;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut out = io::stdout().lock();
    let start = Instant::now();
    let encoder = UseEncoder::embedded();
    let loaded = start.elapsed();
    match arguments.as_slice() {
        [] => {
            writeln!(out, "loaded in {loaded:?}")?;
            let mut times: Vec<Duration> = Vec::new();
            for question in QUESTIONS.iter().cycle().take(ROUNDS * QUESTIONS.len()) {
                let start = Instant::now();
                std::hint::black_box(encoder.encode(std::hint::black_box(question)));
                times.push(start.elapsed());
            }
            times.sort();
            writeln!(out, "median {:?}, 99 % {:?}", times[times.len() / 2], times[times.len() * 99 / 100])
        }
        [option] if option == "--vectors" => {
            for line in io::stdin().lock().lines() {
                for value in encoder.encode(&line?) {
                    out.write_all(&value.to_le_bytes())?;
                }
            }
            Ok(())
        }
        [one, other] => {
            let (one, other) = (encoder.encode(one), encoder.encode(other));
            let cosine: f32 = one.iter().zip(&other).map(|(a, b)| a * b).sum();
            writeln!(out, "{cosine:.4}")
        }
        _ => Err(io::Error::other("usage: encode [TEXT TEXT | --vectors]")),
    }
}
