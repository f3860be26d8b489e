//! How index and question grow with the number of entries, beside plain tantivy on the same entries: one field for the
//! question, one for the answer, the OR of the words, the first ten. One line of JSON for each number of entries, for
//! `scripts/bench`. The generated entries are the same everywhere.
//!
//! `cargo run --release -p guichet-index --example scale -- 1000 10000`; a directory of a knowledge base can stand for a
//! number: its entries are taken, each with its variants.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use guichet_index::Index;
use guichet_kb::{Entry, Loaded};
use tantivy::TantivyDocument;
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{Schema, TEXT};

/// Asked of each, after as many that warm it up.
const QUESTIONS: usize = 500;
const CANDIDATES: usize = 10;
/// As the index of the service has it.
const MEMORY_BUDGET_BYTES: usize = 50_000_000;

/// Syllables of invented words: 18 × 18 × 18 of them, of which few are frequent, as in a language.
const STARTS: [&str; 18] = [
    "bar", "cor", "del", "fan", "gli", "jou", "lam", "mer", "nov", "pal", "qui", "rou", "sil", "tan", "vol", "zer",
    "bri", "cha",
];
const ENDS: [&str; 18] = [
    "ance", "ier", "ette", "oir", "ure", "age", "ille", "ment", "eur", "ade", "eau", "tion", "isme", "ard", "elle",
    "ois", "ude", "ique",
];
const VERBS: [&str; 8] = ["commander", "annuler", "modifier", "consulter", "renvoyer", "payer", "activer", "exporter"];

/// A small generator of numbers, the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    /// A word; the smaller of two draws makes some of them frequent.
    fn word(&mut self) -> String {
        let mut part = |list: &[&'static str; 18]| {
            let (one, other) = (self.below(18), self.below(18));
            list[one.min(other)]
        };
        [part(&STARTS), part(&STARTS), part(&ENDS)].concat()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    for argument in std::env::args().skip(1) {
        let mut numbers = Numbers(11);
        let entries: Vec<Entry> = match argument.parse::<usize>() {
            Ok(count) => (0..count).map(|number| entry(number, &mut numbers)).collect(),
            Err(_) => Loaded::from_dir(Path::new(&argument))?.knowledge_base.public_entries(),
        };
        measure(&entries, &mut numbers)?;
    }
    Ok(())
}

fn measure(entries: &Vec<Entry>, numbers: &mut Numbers) -> Result<(), Box<dyn Error>> {
    let count = entries.len();
    let questions: Vec<String> = (0..2 * QUESTIONS)
        .map(|_| {
            let entry = &entries[numbers.below(count)];
            format!("{} {}", entry.question.trim_end_matches(" ?"), numbers.word())
        })
        .collect();

    let begun = Instant::now();
    let index = Index::in_ram(entries, &mut |_| {})?;
    let built = begun.elapsed();
    let ours = times(&questions, |question| {
        black_box(index.find(question, CANDIDATES).map(|found| found.hits.len()))?;
        Ok(())
    })?;
    drop(index);

    let (question, answer, schema) = {
        let mut builder = Schema::builder();
        (builder.add_text_field("question", TEXT), builder.add_text_field("answer", TEXT), builder.build())
    };
    let begun = Instant::now();
    let engine = tantivy::Index::create_in_ram(schema);
    let mut writer = engine.writer_with_num_threads::<TantivyDocument>(1, MEMORY_BUDGET_BYTES)?;
    for entry in entries {
        let mut document = TantivyDocument::default();
        document.add_text(question, &entry.question);
        document.add_text(answer, &entry.answer);
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    let plainly_built = begun.elapsed();
    let searcher = engine.reader()?.searcher();
    let parser = QueryParser::for_index(&engine, vec![question, answer]);
    let plain = times(&questions, |question| {
        let query = parser.parse_query_lenient(question).0;
        black_box(searcher.search(&query, &TopDocs::with_limit(CANDIDATES).order_by_score())?);
        Ok(())
    })?;

    let line = serde_json::json!({
        "entries": count,
        "build_ms": millis(built),
        "plain_build_ms": millis(plainly_built),
        "question_ms": millis(ours[0]),
        "question_p99_ms": millis(ours[1]),
        "plain_question_ms": millis(plain[0]),
        "plain_question_p99_ms": millis(plain[1]),
    });
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

/// An entry with a question of six words and an answer of forty.
fn entry(number: usize, numbers: &mut Numbers) -> Entry {
    let id = format!("fiche-{number}").parse().expect("a valid id");
    let verb = VERBS[numbers.below(VERBS.len())];
    let question = format!("Comment {verb} {} pour {} ?", numbers.word(), numbers.word());
    let answer: Vec<String> = (0..40).map(|_| numbers.word()).collect();
    Entry::new(id, &question, "Essais", &answer.join(" "))
}

/// Median and 99th of a hundred.
fn times(
    questions: &[String],
    work: impl Fn(&str) -> Result<(), Box<dyn Error>>,
) -> Result<[Duration; 2], Box<dyn Error>> {
    let (warm_up, asked) = questions.split_at(QUESTIONS);
    for question in warm_up {
        work(question)?;
    }
    let mut times = Vec::with_capacity(asked.len());
    for question in asked {
        let begun = Instant::now();
        work(question)?;
        times.push(begun.elapsed());
    }
    times.sort();
    Ok([times[times.len() / 2], times[times.len() * 99 / 100]])
}

fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}
