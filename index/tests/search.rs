//! What questions find.

#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::sync::Arc;

use common::{entries, entry};
use guichet_index::{Hit, Index};

fn index() -> Index {
    Index::in_ram(&entries(), &mut |_| {}).unwrap()
}

fn search(question: &str) -> Vec<Hit> {
    index().search(question, 50).unwrap()
}

#[track_caller]
fn check(question: &str, expected: &str) {
    let first = search(question)[0];
    assert_eq!(entries()[first.entry].id.as_str(), expected, "for {question:?}: {first:?}");
}

#[test]
fn a_question_finds_its_entry() {
    check("je veux activer ma clé", "activer");
    check("resiliation du contrat de mon client", "resilier");
    check("FA-2031", "facture");
    check("c'est quand", "horaires");
    check("aujourdhui", "horaires");
}

#[test]
fn accents_capitals_and_apostrophes_never_change_the_hits() {
    let index = index();
    let expected = index.search("arrêter l'abonnement d'un client déjà activé", 50).unwrap();
    for same in [
        "arreter l'abonnement d'un client deja active",
        "ARRÊTER L’ABONNEMENT D’UN CLIENT DÉJÀ ACTIVÉ",
        "Arre\u{302}ter l`abonnement d´un client de\u{301}ja\u{300} active\u{301}",
        "arrêter l‘abonnement d＇un client déjà activé",
    ] {
        assert_eq!(index.search(same, 50).unwrap(), expected, "for {same:?}");
    }
}

#[test]
fn a_typo_without_a_matching_word_finds_by_letters() {
    check("fac-tu-re", "facture");
    let hit = search("facturologie")[0];
    assert_eq!(entries()[hit.entry].id.as_str(), "facture");
    assert_eq!(hit.features.best_formulation, 0.0);
    assert!(hit.features.char_ngrams > 0.1, "{hit:?}");
}

#[test]
fn features_say_which_formulation_matched() {
    let hit = search("facture introuvable")[0];
    assert_eq!(hit.features.best_formulation_index, 2);
    assert!(hit.features.best_formulation > hit.features.second_formulation && hit.features.second_formulation > 0.0);
    assert!((hit.features.char_ngrams - 1.0).abs() < 1e-5);
    assert_eq!(search("Où trouver mes factures ?")[0].features.best_formulation_index, 0);
}

#[test]
fn answers_are_searched_without_their_placeholders() {
    assert!(search("comptabilité").iter().any(|hit| hit.entry == 2 && hit.features.answer > 0.0));
    assert!(search("contact.resiliation.email").iter().all(|hit| hit.features.answer == 0.0));
}

#[test]
fn hits_are_the_best_first_and_at_most_the_limit() {
    let hits = search("client contrat facture clé");
    assert!(hits.len() >= 3 && hits.is_sorted_by(|a, b| a.score >= b.score), "{hits:?}");
    let index = index();
    assert_eq!(index.search("client contrat facture clé", 2).unwrap(), hits[..2]);
    assert!(index.search("client", 0).unwrap().is_empty());
}

#[test]
fn equal_entries_come_in_their_order() {
    let same: Vec<_> = (0..5).map(|n| entry(&format!("e{n}"), "Activer une clé", &[], "Voilà.")).collect();
    let hits = Index::in_ram(&same, &mut |_| {}).unwrap().search("activer", 3).unwrap();
    assert_eq!(hits.iter().map(|hit| hit.entry).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn two_builds_give_the_same_hits() {
    for question in ["activer une clé", "contrat", "où sont les factures de mes clients ?"] {
        assert_eq!(search(question), search(question));
    }
}

#[test]
fn odd_questions_do_not_fail() {
    let index = index();
    for nothing in ["", " \n\t", "🙂", "🤷‍♀️ 👍🏽 🇫🇷", "?!…", "\u{0}\u{1}\u{7f}\u{200b}\u{feff}"]
    {
        assert!(index.search(nothing, 50).unwrap().is_empty(), "for {nothing:?}");
    }
    let repeated = index.search(&"contrat ".repeat(10_000), 50).unwrap();
    assert_eq!(entries()[repeated[0].entry].id.as_str(), "resilier");
    let different: String = (0..20_000).map(|n| format!("mot{n} ")).collect();
    for long in [different, "a".repeat(100_000), "é'".repeat(50_000), "\u{301}".repeat(50_000), "-1".repeat(50_000)] {
        index.search(&long, 50).unwrap();
    }
    let mixed = index.search("con\u{0}trat \u{7}facture\u{1b}[31m", 50).unwrap();
    assert_eq!(entries()[mixed[0].entry].id.as_str(), "facture");
}

#[test]
fn no_entries_and_blank_entries_work() {
    let empty = Index::in_ram(&[], &mut |_| {}).unwrap();
    assert!(empty.search("contrat", 50).unwrap().is_empty());
    assert_eq!((empty.stats().entries, empty.stats().distinct_terms), (0, 0));
    let blank = Index::in_ram(&[entry("blank", "", &["", "🙂"], "")], &mut |_| {}).unwrap();
    assert!(blank.search("contrat", 50).unwrap().is_empty());
}

#[test]
fn progress_and_stats_count_what_was_read() {
    let mut seen = Vec::new();
    let stats = Index::in_ram(&entries(), &mut |done| seen.push(done)).unwrap().stats();
    assert_eq!(seen, [1, 2, 3, 4]);
    assert_eq!((stats.entries, stats.formulations, stats.bytes_on_disk), (4, 11, 0));
    assert!(stats.distinct_terms > 20, "{stats:?}");
}

#[test]
fn four_threads_search_while_another_index_is_built() {
    let index = Arc::new(index());
    let expected = index.search("résilier un contrat", 50).unwrap();
    let searchers: Vec<_> = (0..4)
        .map(|_| {
            let (index, expected) = (Arc::clone(&index), expected.clone());
            std::thread::spawn(move || {
                for _ in 0..100 {
                    assert_eq!(index.search("résilier un contrat", 50).unwrap(), expected);
                }
            })
        })
        .collect();
    for _ in 0..3 {
        Index::in_ram(&entries(), &mut |_| {}).unwrap();
    }
    for searcher in searchers {
        searcher.join().unwrap();
    }
}
