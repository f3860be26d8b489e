//! How well a knowledge base is found, from itself alone: formulations asked of a classifier that has not seen them, and
//! the check questions, which no index holds.
//!
//! `cargo run --release -p guichet-index --example figures -- kb [--no-variants]`

use std::path::Path;
use std::time::Instant;

use guichet_index::{Content, Found, Index};
use guichet_kb::Loaded;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let dir = arguments.next().ok_or("name the directory of a knowledge base")?;
    let knowledge_base = Loaded::from_dir(Path::new(&dir))?.knowledge_base;
    let mut entries = knowledge_base.public_entries();
    let without_variants = arguments.any(|argument| argument == "--no-variants");
    if without_variants {
        entries.iter_mut().for_each(|entry| entry.variants.clear());
    }
    let content = if without_variants { Content::from(&entries) } else { Content::of(&entries, &knowledge_base) };

    let start = Instant::now();
    let index = Index::in_ram(content, &mut |_| {})?;
    let mut lines = vec![format!("built in {:.1} s; {:?}", start.elapsed().as_secs_f32(), index.stats())];
    if let Some(held_out) = index.held_out() {
        lines.push(format!("{held_out:?}"));
    }

    let start = Instant::now();
    let (mut asked, mut first, mut three, mut taken) = (0, 0, 0, 0);
    let mut sure: Vec<(f32, bool)> = Vec::new();
    let leads =
        |found: &Found| found.orientation.is_some_and(|one| found.hits.first().is_none_or(|hit| one.score > hit.score));
    for (number, entry) in entries.iter().enumerate() {
        for question in &entry.checks.must {
            let found = index.find(question, 10)?;
            let place = found.hits.iter().position(|hit| hit.entry == number);
            asked += 1;
            first += usize::from(place == Some(0));
            three += usize::from(place.is_some_and(|place| place < 3));
            taken += usize::from(leads(&found));
            sure.push((found.confidence, place == Some(0)));
        }
    }
    let (mut look_alikes, mut stolen) = (0, 0);
    for (number, entry) in entries.iter().enumerate() {
        for question in &entry.checks.must_not {
            let found = index.find(question, 10)?;
            look_alikes += 1;
            stolen += usize::from(!leads(&found) && found.hits.first().is_some_and(|hit| hit.entry == number));
        }
    }
    let share = |count: usize, of: usize| count as f32 / of.max(1) as f32;
    let milliseconds = start.elapsed().as_secs_f32() * 1000.0 / (asked + look_alikes).max(1) as f32;
    lines.push(format!(
        "must: {asked} first {:.3} among three {:.3} taken {:.3}; must_not: {look_alikes} stolen {:.3}; {milliseconds:.2} ms each",
        share(first, asked),
        share(three, asked),
        share(taken, asked),
        share(stolen, look_alikes),
    ));
    for threshold in [0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9] {
        let answered: Vec<bool> = sure.iter().filter(|one| one.0 >= threshold).map(|one| one.1).collect();
        let right = answered.iter().filter(|right| **right).count();
        let (unseen, of) = index.held_out().map_or((0, 0), |summary| summary.unseen_from(threshold));
        lines.push(format!(
            "confidence {threshold}: answered right {:.3}, precision {:.3}, of unseen topics {:.3}",
            share(right, asked),
            share(right, answered.len()),
            share(unseen, of),
        ));
    }
    std::io::Write::write_all(&mut std::io::stdout(), (lines.join("\n") + "\n").as_bytes())?;
    Ok(())
}
