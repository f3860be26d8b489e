//! Dump features of every entry for questions: kb dir, questions jsonl, [--no-variants]
use guichet_index::{Content, Index};
use guichet_kb::Loaded;
use std::io::{BufRead, Write};
use std::path::Path;
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let knowledge_base = Loaded::from_dir(Path::new(&arguments[0]))?.knowledge_base;
    let mut entries = knowledge_base.public_entries();
    entries.iter_mut().for_each(|entry| entry.variants.clear());
    let index = Index::in_ram(Content::from(&entries), &mut |_| {})?;
    let mut out = std::io::BufWriter::new(std::fs::File::create(&arguments[2])?);
    for line in std::io::BufReader::new(std::fs::File::open(&arguments[1])?).lines() {
        let line = line?;
        let value: serde_json::Value = serde_json::from_str(&line)?;
        let found = index.find(value["q"].as_str().unwrap(), entries.len())?;
        write!(
            out,
            "{}\t{:.4}",
            value["n"].as_str().map_or_else(|| value["q"].as_str().unwrap().replace('\t', " "), str::to_owned),
            found.confidence
        )?;
        for hit in &found.hits {
            let f = hit.features;
            write!(
                out,
                "\t{},{:.4},{:.3},{:.3},{:.3},{:.3},{:.4},{:.4},{:.4}",
                entries[hit.entry].id,
                hit.score,
                f.best_formulation,
                f.second_formulation,
                f.answer,
                f.category,
                f.char_ngrams,
                f.words,
                f.meaning
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}
