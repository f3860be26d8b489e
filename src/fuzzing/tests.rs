//! The targets over their seeds and small changes of these: what a fuzzer does, without its eyes, in every test run.

use std::fs;
use std::path::Path;

use guichet_kb::front_matter as entries;

use super::KNOWLEDGE;

/// How many changed seeds each target gets.
const CHANGED: usize = 800;

/// What is put in: marks of all our formats, characters that are longer than they look, numbers at the edges.
const PIECES: [&str; 32] = [
    "+++\n",
    "\n+++ client\n",
    "{{",
    "}}",
    "{% if ",
    "{% end %}",
    "{% else %}",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\\",
    "\\u0000",
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "- ",
    "> ",
    "**",
    "](",
    "'",
    "’",
    "é",
    "e\u{301}",
    "🙂",
    "\u{f0000}",
    "\u{202f}",
    "-1",
    "18446744073709551616",
];

#[test]
fn nothing_that_is_imported_breaks_the_importer() {
    run(super::importer, &seeds("importer"));
}

#[test]
fn nothing_in_a_file_of_the_knowledge_base_breaks_its_reader() {
    run(super::front_matter, &[seeds("front_matter"), carried()].concat());
}

#[test]
fn nothing_that_is_typed_breaks_the_analyzer() {
    let questions = KNOWLEDGE.entries.iter().map(|entry| entry.question.clone().into_bytes()).collect();
    run(super::analyzer, &[seeds("analyzer"), questions].concat());
}

#[test]
fn nothing_in_a_template_breaks_what_is_composed() {
    let composed = KNOWLEDGE.entries.iter().filter(|entry| !entry.composed.is_empty());
    let mut all: Vec<Vec<u8>> = composed.map(|entry| entry.composed.clone().into_bytes()).collect();
    all.push(fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("kb/rules.fr.toml")).expect("the rules"));
    run(super::templates, &[seeds("templates"), all].concat());
}

#[test]
fn nothing_that_claims_to_come_from_the_desk_breaks_its_reader() {
    run(super::webhooks, &seeds("webhooks"));
}

#[test]
fn nothing_that_discord_could_send_breaks_the_connector() {
    run(super::discord, &seeds("discord"));
}

fn run(target: fn(&[u8]), seeds: &[Vec<u8>]) {
    for seed in seeds {
        target(seed);
    }
    let mut dice = Dice(4);
    for number in 0..CHANGED {
        let other = &seeds[dice.below(seeds.len())];
        target(&changed(&seeds[number % seeds.len()], other, &mut dice));
    }
}

/// The files of `fuzz/seeds/` for a target.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = files.map(|file| file.expect("the folder can be listed").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    paths.iter().map(|path| fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))).collect()
}

/// The entries that the binary carries, as files.
fn carried() -> Vec<Vec<u8>> {
    KNOWLEDGE.entries.iter().map(|entry| entries::write(entry).into_bytes()).collect()
}

/// `seed` with a few changes; some put in parts of `other`.
fn changed(seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut data = seed.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(data.len() + 1);
        let end = (at + dice.below(40)).min(data.len());
        match dice.below(7) {
            0 if at < data.len() => data[at] ^= 1 << dice.below(8),
            1 => drop(data.drain(at..end)),
            2 => data.truncate(at),
            3 => {
                let again = data[at..end].repeat(1 + dice.below(40));
                data.splice(at..at, again);
            }
            4 => {
                let from = dice.below(other.len() + 1);
                let to = (from + dice.below(200)).min(other.len());
                data.splice(at..end, other[from..to].iter().copied());
            }
            _ => {
                let piece = PIECES[dice.below(PIECES.len())].repeat(if dice.below(20) == 0 { 3_000 } else { 1 });
                data.splice(at..at, piece.bytes());
            }
        }
    }
    data
}

/// Chance that falls the same way every time (xorshift).
struct Dice(u64);

impl Dice {
    /// A number from 0 to `sides` - 1.
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or_default() % sides
    }
}
