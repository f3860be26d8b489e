//! What a composed entry says case by case: each state of a contract, each product, on given days. For curators, on the
//! command line and in the console; nothing of it is anybody's.

use guichet_bots::{Outbound, terminal};
use guichet_kb::{Entry, KnowledgeBase};
use jiff::civil::Date;
use serde::Serialize;

use crate::facts::values::values;
use crate::portal_demo::{self, Case};
use crate::reply::composed::{Composition, compose};
use crate::text::dates;

/// One text, with the cases in which it is said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Simulated {
    /// The cases.
    pub(crate) cases: Vec<Named>,
    /// What is said in the first of them.
    pub(crate) text: String,
    /// The same with its sources.
    #[serde(skip)]
    pub(crate) reply: Outbound,
}

/// A case by its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Named {
    /// What the contract is like, in French.
    pub(crate) state: String,
    /// The product.
    pub(crate) product: String,
    /// The day.
    pub(crate) today: Date,
}

/// Why nothing is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SimulationError {
    /// The entry has no composed answer, or one that is wrong.
    #[error("this entry has no composed answer: see `guichet kb check`")]
    NotComposed,
    /// There are no rules to compose with.
    #[error("the knowledge base has no rules.fr.toml")]
    NoRules,
}

/// What `entry` says in every case on each of `days`. Cases in which nearly the same is said (numbers and dates apart) stand
/// together.
pub(crate) fn simulate(
    entry: &Entry,
    knowledge_base: &KnowledgeBase,
    days: &[Date],
) -> Result<Vec<Simulated>, SimulationError> {
    let template = entry.template().ok_or(SimulationError::NotComposed)?;
    let rules = knowledge_base.rules.as_ref().ok_or(SimulationError::NoRules)?;
    let mut texts: Vec<(String, Simulated)> = Vec::new();
    for today in days {
        for Case { state, dossier, now } in portal_demo::cases(*today) {
            let values = values(&dossier, rules, now, *today);
            let composition = Composition { entry, template: &template, values: &values, rules, knowledge_base };
            let reply = compose(&composition);
            let text = terminal::plain(&Outbound { sources: Vec::new(), ..reply.clone() });
            let product = dossier.contract.value.product.name.clone();
            let case = Named { state: state.to_owned(), product: product.clone(), today: *today };
            let shape = shape(&text.replace(&product, ""));
            match texts.iter_mut().find(|(known, _)| *known == shape) {
                Some((_, simulated)) => simulated.cases.push(case),
                None => texts.push((shape, Simulated { cases: vec![case], text, reply })),
            }
        }
    }
    Ok(texts.into_iter().map(|(_, simulated)| simulated).collect())
}

/// The text without what differs from one contract to the next: numbers and months.
fn shape(text: &str) -> String {
    let is_letter = |c: &char| !c.is_ascii_digit() && !c.is_whitespace() && !matches!(c, ',' | '.');
    let mut shape: String = text.replace("1er", "").chars().filter(is_letter).collect();
    for month in dates::MONTHS {
        shape = shape.replace(month, "");
    }
    shape
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use guichet_bots::{Block, SourceKind, Span};
    use jiff::civil::date;

    use super::*;
    use crate::answer::Engine;
    use crate::text;

    /// The entries that speak of a customer.
    const COMPOSED: [&str; 18] = [
        "reabonnement-absent",
        "reabonnement-verifier",
        "reabonnement-montant-prochain",
        "prime-fidelite-consulter",
        "resilier-avant-terme",
        "resiliation-demander",
        "bouton-resiliation-absent",
        "resilier-100c-online",
        "facture-reabonnement-non-recue",
        "facture-client-introuvable",
        "cles-codes-clients",
        "cles-delai-commande",
        "cles-equipement-interne",
        "reabonnement-facturation",
        "revalorisation-date-effet",
        "facture-relance",
        "client-introuvable",
        "resiliation-confirmation",
    ];

    fn composed() -> Vec<&'static Entry> {
        let knowledge_base = Engine::carried().knowledge_base();
        knowledge_base.entries.iter().filter(|entry| !entry.composed.is_empty()).collect()
    }

    #[test]
    fn the_entries_that_look_things_up_are_composed_and_right() {
        let knowledge_base = Engine::carried().knowledge_base();
        for id in COMPOSED {
            assert!(knowledge_base.entry(id).and_then(Entry::template).is_some(), "{id}");
        }
    }

    /// Every stretch of every text in every case comes from the entry, from a rule, from a field with the very value that it
    /// has, or is a fixed sentence around them.
    #[test]
    fn every_sentence_comes_from_the_entry_a_rule_or_a_field() {
        for (known_on, seen_on) in DAYS {
            let seen_on = seen_on.parse().expect("a date");
            let count = check_every_sentence(known_on.parse().expect("a date"), seen_on);
            assert!(count > 10_000, "{seen_on}: {count}");
        }
    }

    /// On which day the world is made, and on which day it is looked at: its last day to terminate is the day itself, its
    /// running terms end on another day of the month, indices change on 1 January, invoices go out a month before.
    const DAYS: [(&str, &str); 6] = [
        ("2026-11-24", "2026-11-24"),
        // A day after the last one of the sixty; a year that ends; the new indices.
        ("2026-11-24", "2026-11-25"),
        ("2026-11-24", "2026-12-31"),
        ("2026-11-24", "2027-01-01"),
        // Made on the last day of January: M-1 of what begins in March.
        ("2027-01-31", "2027-02-01"),
        ("2028-02-29", "2028-02-29"),
    ];

    fn check_every_sentence(known_on: Date, seen_on: Date) -> usize {
        let knowledge_base = Engine::carried().knowledge_base();
        let rules = knowledge_base.rules.as_ref().expect("with rules");
        let mut count = 0;
        for entry in composed() {
            let template = entry.template().expect("it is right");
            let curated = squeezed(&format!("{}\n{}", entry.composed, entry.answer), knowledge_base);
            for Case { dossier, now, .. } in portal_demo::demo_dossiers(known_on) {
                let now = now + seen_on.duration_since(known_on);
                let values = values(&dossier, rules, now, seen_on);
                let composition = Composition { entry, template: &template, values: &values, rules, knowledge_base };
                let reply = compose(&composition);
                for (span, block) in all_spans(&reply.blocks) {
                    let source = &reply.sources[span.source.unwrap_or(block)];
                    match source.kind {
                        SourceKind::Fact => {
                            let fact = values.fact(&source.id).expect("a shown field was read");
                            assert_eq!(span.text, text::fact::said(&fact.value), "{} {}", entry.id, source.id);
                            assert_eq!(source.read_at, Some(fact.read_at.as_millisecond()));
                        }
                        SourceKind::Rule => {
                            let is_said = source.label.as_deref() == Some(span.text.as_str());
                            assert!(is_said, "{} {}", entry.id, span.text);
                        }
                        SourceKind::Entry => {
                            assert_eq!((&source.id, span.source), (&entry.id.to_string(), None));
                            for sentence in span.text.split_inclusive(". ") {
                                assert!(curated.contains(&letters(sentence)), "{}: « {sentence} »", entry.id);
                            }
                        }
                        SourceKind::Text => assert!(source.id.starts_with(text::lookup::PREFIX), "{}", source.id),
                    }
                    count += 1;
                }
            }
        }
        count
    }

    #[test]
    fn cases_with_the_same_text_stand_together() {
        let knowledge_base = Engine::carried().knowledge_base();
        let entry = knowledge_base.entry("resiliation-demander").expect("it is there");
        let days = [date(2026, 11, 24), date(2027, 2, 1)];
        let simulated = simulate(entry, knowledge_base, &days).expect("it is composed");
        let cases: usize = simulated.iter().map(|text| text.cases.len()).sum();
        let states: BTreeSet<&str> =
            simulated.iter().flat_map(|text| &text.cases).map(|case| case.state.as_str()).collect();
        assert_eq!((states.len(), cases), (28, 28 * 6 * days.len()));
        assert!((6..30).contains(&simulated.len()), "{}", simulated.len());
        let plain = knowledge_base.entry("tarifs-produits").expect("it is there");
        assert_eq!(simulate(plain, knowledge_base, &days), Err(SimulationError::NotComposed));
    }

    fn all_spans(blocks: &[Block]) -> Vec<(&Span, usize)> {
        let mut all = Vec::new();
        for block in blocks {
            match block {
                Block::Paragraph { spans, source } => all.extend(spans.iter().map(|span| (span, *source))),
                Block::List { items, .. } => items.iter().for_each(|item| all.extend(all_spans(item))),
            }
        }
        all
    }

    /// What curators wrote without its tags, contacts filled in, as letters only.
    fn squeezed(text: &str, knowledge_base: &KnowledgeBase) -> String {
        let mut written = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{%") {
            written.push_str(before);
            rest = after.split_once("%}").map_or("", |(_, after)| after);
        }
        written.push_str(rest);
        letters(&guichet_kb::reference::expand(&written, &knowledge_base.contacts))
    }

    fn letters(text: &str) -> String {
        text.chars().filter(|c| c.is_alphanumeric()).collect()
    }
}
