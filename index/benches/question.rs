//! How long a question takes, stage by stage, over a generated knowledge base of 1,000 entries, on one core.
//!
//! ```sh
//! cargo bench -p guichet-index                          # with the sentence encoder
//! cargo bench -p guichet-index --no-default-features    # without
//! cargo bench -p guichet-index -- 200 5                 # other numbers of entries and of variants of each
//! ```
//!
//! The generated entries are the same everywhere. Stages: `normalise` reads the text as it is meant, `compare` measures its
//! likeness to every formulation and what the classifier makes of it, `retrieve` asks tantivy, `rank` orders and judges;
//! `question` is all of them, `encode` the sentence encoder alone, which is a part of `compare`. What decides afterwards
//! compares a few numbers and is not measured here.

use std::hint::black_box;
use std::time::{Duration, Instant};

use guichet_index::Index;
#[cfg(feature = "encoder")]
use guichet_index::encoder::{Encode as _, UseEncoder};
use guichet_kb::Entry;

/// Asked of each index, after as many that warm it up.
const QUESTIONS: usize = 400;
const CANDIDATES: usize = 10;

const FRAMES: [&str; 8] = [
    "Comment {v} {n} avec {m} ?",
    "où {v} {n} de {m}",
    "je n'arrive pas à {v} {n}, {m} ne répond plus",
    "qui peut {v} {n} pour {m} svp",
    "cmt {v} {n} {m}",
    "Mon client veut {v} {n} avant {m}, est-ce possible ?",
    "{n} {m} impossible à {v}",
    "quel délai pour {v} {n} chez {m}",
];
const VERBS: [&str; 10] = [
    "commander",
    "annuler",
    "modifier",
    "consulter",
    "renvoyer",
    "payer",
    "activer",
    "exporter",
    "valider",
    "retrouver",
];
const STARTS: [&str; 16] =
    ["bar", "cor", "del", "fan", "gli", "jou", "lam", "mer", "nov", "pal", "qui", "rou", "sil", "tan", "vol", "zer"];
const ENDS: [&str; 16] = [
    "ance", "ier", "ette", "oir", "ure", "age", "ille", "ment", "eur", "ade", "eau", "tion", "isme", "ard", "elle",
    "ois",
];

/// A small generator of numbers, the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    fn noun(&mut self) -> String {
        format!("{}{}{}", STARTS[self.below(16)], STARTS[self.below(16)], ENDS[self.below(16)])
    }
}

/// What one entry is about.
struct Subject {
    verb: &'static str,
    noun: String,
    other: String,
}

impl Subject {
    fn asked(&self, frame: usize) -> String {
        FRAMES[frame % FRAMES.len()].replace("{v}", self.verb).replace("{n}", &self.noun).replace("{m}", &self.other)
    }
}

fn main() {
    // Cargo adds `--bench`.
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let entries = numbers.first().copied().unwrap_or(1_000);
    match numbers.get(1) {
        Some(variants) => measure(entries, *variants),
        // Few enough formulations to be learned, then as many as a curated knowledge base has.
        None => [5, 30].into_iter().for_each(|variants| measure(entries, variants)),
    }
}

fn measure(count: usize, variants: usize) {
    let mut numbers = Numbers(7);
    let subjects: Vec<Subject> = (0..count)
        .map(|number| Subject { verb: VERBS[number % VERBS.len()], noun: numbers.noun(), other: numbers.noun() })
        .collect();
    let entries: Vec<Entry> =
        subjects.iter().enumerate().map(|(number, one)| entry(number, one, variants, &mut numbers)).collect();
    let start = Instant::now();
    let index = Index::in_ram(&entries, &mut |_| {}).expect("the entries can be indexed");
    let built = start.elapsed();

    let questions: Vec<String> = (0..2 * QUESTIONS)
        .map(|number| mistyped(&subjects[numbers.below(count)].asked(number + 3), &mut numbers))
        .collect();
    let (warm_up, asked) = questions.split_at(QUESTIONS);
    for question in warm_up {
        black_box(index.find(question, CANDIDATES).expect("any text can be asked"));
    }
    println(&format!("{count} entries, {} formulations each, built in {:.1} s", variants + 1, built.as_secs_f32()));
    let mut by_stage: [Vec<Duration>; 4] = Default::default();
    for question in asked {
        let (_, stages) = black_box(index.find_timed(question, CANDIDATES).expect("any text can be asked"));
        let each = [stages.normalise, stages.compare, stages.retrieve, stages.rank];
        by_stage.iter_mut().zip(each).for_each(|(times, time)| times.push(time));
    }
    for (name, times) in ["normalise", "compare", "retrieve", "rank"].into_iter().zip(by_stage) {
        report(name, times);
    }
    #[cfg(feature = "encoder")]
    stage("encode", asked, |question| {
        black_box(UseEncoder::embedded().encode(question));
    });
    stage("question", asked, |question| {
        black_box(index.find(question, CANDIDATES).expect("any text can be asked"));
    });
}

/// An entry with `variants` ways to ask for it, each with a word of its own.
fn entry(number: usize, subject: &Subject, variants: usize, numbers: &mut Numbers) -> Entry {
    let id = format!("fiche-{number}").parse().expect("a valid id");
    let answer = format!("Ouvrez **{}**, puis choisissez {} et validez.", subject.noun, subject.other);
    let mut entry = Entry::new(id, &subject.asked(number), "Essais", &answer);
    entry.variants =
        (1..=variants).map(|frame| format!("{} {}", subject.asked(number + frame), numbers.noun())).collect();
    entry
}

/// `text` without one of its letters.
fn mistyped(text: &str, numbers: &mut Numbers) -> String {
    let gone = numbers.below(text.chars().count());
    text.chars().enumerate().filter(|(at, _)| *at != gone).map(|(_, c)| c).collect()
}

fn stage(name: &str, questions: &[String], work: impl Fn(&str)) {
    let mut times: Vec<Duration> = Vec::new();
    for question in questions {
        let start = Instant::now();
        work(question);
        times.push(start.elapsed());
    }
    report(name, times);
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let of = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    println(&format!("  {name:<10} median {:.3} ms   95 % {:.3} ms", of(50), of(95)));
}

fn println(line: &str) {
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{line}").expect("the standard output can be written to");
}
