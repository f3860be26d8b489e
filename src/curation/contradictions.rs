//! Statements of two entries about the same thing that do not go together. A suspicion for a reader, not a verdict: the
//! closest subjects come first.

use std::collections::{BTreeMap, BTreeSet};

use guichet_kb::{Entry, EntryId};
use serde::Serialize;

use super::statements::{self, Statement};

// How much two statements, each with the question of its entry, must speak of the same. The rarer the coincidence, the
// less is asked. Set on our entries and on the texts they were made from, so that every suspicion is worth reading.

/// The same figure with another bound.
const FOR_BOUND: f64 = 0.12;
/// Two times.
const FOR_TIME: f64 = 0.2;
/// Two figures of one unit.
const FOR_FIGURE: f64 = 0.3;
/// Yes and no.
const FOR_YES_NO: f64 = 0.35;
/// One excludes and the other does not.
const FOR_EXCLUSION: f64 = 0.4;
/// Two lists are of the same kind when they share this much of the shorter one.
const SAME_LIST: f64 = 0.6;
/// A question counts less than what is stated.
const WEIGHT_OF_QUESTION: f64 = 0.5;

/// Two statements that may contradict each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Contradiction {
    /// The entries.
    pub(crate) entries: [EntryId; 2],
    /// What each says.
    pub(crate) statements: [String; 2],
    /// How they differ.
    pub(crate) differ: Differ,
    /// How much they speak of the same, 0 to 1.
    pub(crate) closeness: f64,
}

/// How two statements differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Differ {
    /// The same unit with another figure.
    Figure,
    /// The same figure, as a limit here and as a window there.
    Bound,
    /// Other days or seasons.
    Time,
    /// Yes and no.
    YesNo,
    /// One closes a list that the other makes longer.
    List,
    /// One excludes what the other speaks of.
    Exclusion,
}

struct Stated<'a> {
    entry: &'a Entry,
    statement: Statement,
    weights: BTreeMap<String, f64>,
}

/// Suspicions over all pairs of `entries`, the closest subjects first.
pub(crate) fn find(entries: &[&Entry]) -> Vec<Contradiction> {
    let all: Vec<(&Entry, Statement)> =
        entries.iter().flat_map(|entry| statements::of(entry).into_iter().map(|one| (*entry, one))).collect();
    let mut frequencies: BTreeMap<&String, usize> = BTreeMap::new();
    all.iter().flat_map(|(_, one)| &one.terms).for_each(|term| *frequencies.entry(term).or_default() += 1);
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 statements")]
    let idf = |term: &String| {
        let frequency = frequencies.get(term).copied().unwrap_or_default();
        ((1.0 + all.len() as f64) / (1.0 + frequency as f64)).ln()
    };
    let stated: Vec<Stated<'_>> = all
        .iter()
        .filter(|(_, statement)| says_something(statement))
        .map(|(entry, statement)| Stated {
            entry,
            weights: weights(entry, statement, &idf),
            statement: statement.clone(),
        })
        .collect();

    let mut found: BTreeMap<(&EntryId, &EntryId), Contradiction> = BTreeMap::new();
    for (at, one) in stated.iter().enumerate() {
        for other in stated[at + 1..].iter().filter(|other| other.entry.id != one.entry.id) {
            if one.entry.answer == other.entry.answer {
                continue;
            }
            let closeness = cosine(&one.weights, &other.weights);
            let Some(differ) = differ(&one.statement, &other.statement, closeness) else { continue };
            let contradiction = Contradiction {
                entries: [one.entry.id.clone(), other.entry.id.clone()],
                statements: [one.statement.text.clone(), other.statement.text.clone()],
                differ,
                closeness: (closeness * 1e3).round() / 1e3,
            };
            // The closest of a pair is enough to make somebody read both.
            let best = found.entry((&one.entry.id, &other.entry.id)).or_insert_with(|| contradiction.clone());
            if best.closeness < contradiction.closeness {
                *best = contradiction;
            }
        }
    }
    let mut found: Vec<Contradiction> = found.into_values().collect();
    found.sort_by(|a, b| b.closeness.total_cmp(&a.closeness).then_with(|| a.entries.cmp(&b.entries)));
    found
}

fn says_something(statement: &Statement) -> bool {
    !statement.quantities.is_empty()
        || !statement.times.is_empty()
        || statement.polarity.is_some()
        || statement.is_exclusive
        || !statement.items.is_empty()
        || statement.terms.len() > 2
}

fn weights(entry: &Entry, statement: &Statement, idf: &impl Fn(&String) -> f64) -> BTreeMap<String, f64> {
    let mut weights: BTreeMap<String, f64> = BTreeMap::new();
    for term in statements::terms(&entry.question) {
        weights.insert(term.clone(), WEIGHT_OF_QUESTION * idf(&term));
    }
    for term in &statement.terms {
        *weights.entry(term.clone()).or_default() += idf(term);
    }
    weights
}

fn cosine(one: &BTreeMap<String, f64>, other: &BTreeMap<String, f64>) -> f64 {
    let norm = |weights: &BTreeMap<String, f64>| weights.values().map(|weight| weight * weight).sum::<f64>().sqrt();
    let common: f64 = one.iter().filter_map(|(term, weight)| Some(weight * other.get(term)?)).sum();
    let norms = norm(one) * norm(other);
    if norms > 0.0 { common / norms } else { 0.0 }
}

/// How the statements differ, the most telling first.
fn differ(one: &Statement, other: &Statement, closeness: f64) -> Option<Differ> {
    // Lists of the same kind speak of the same by their items.
    if longer_than_closed(one, other) || longer_than_closed(other, one) {
        return Some(Differ::List);
    }
    for a in &one.quantities {
        for b in other.quantities.iter().filter(|b| b.unit == a.unit) {
            let bounds_differ = a.bound.is_some() && b.bound.is_some() && a.bound != b.bound;
            if a.value == b.value && bounds_differ && closeness >= FOR_BOUND {
                return Some(Differ::Bound);
            }
            let is_in_both = other.quantities.contains(a) || one.quantities.contains(b);
            if a.value != b.value && !is_in_both && closeness >= FOR_FIGURE {
                return Some(Differ::Figure);
            }
        }
    }
    let both_have_times = !one.times.is_empty() && !other.times.is_empty();
    if both_have_times && one.times.is_disjoint(&other.times) && closeness >= FOR_TIME {
        return Some(Differ::Time);
    }
    let both_decide = one.polarity.is_some() && other.polarity.is_some();
    if both_decide && one.polarity != other.polarity && closeness >= FOR_YES_NO {
        return Some(Differ::YesNo);
    }
    (one.is_exclusive != other.is_exclusive && closeness >= FOR_EXCLUSION).then_some(Differ::Exclusion)
}

/// Whether `closed` excludes all but what it lists, and `open` lists the same kind of things and more.
fn longer_than_closed(closed: &Statement, open: &Statement) -> bool {
    if !closed.is_exclusive || open.is_exclusive || closed.items.len() < 2 || open.items.len() < 2 {
        return false;
    }
    let is_in =
        |item: &BTreeSet<String>, list: &[BTreeSet<String>]| list.iter().any(|other| overlap(item, other) >= 0.5);
    let common = open.items.iter().filter(|item| is_in(item, &closed.items)).count();
    #[expect(clippy::cast_precision_loss, reason = "a handful of items")]
    let share = common as f64 / closed.items.len().min(open.items.len()) as f64;
    share >= SAME_LIST && common < open.items.len()
}

#[expect(clippy::cast_precision_loss, reason = "a handful of words")]
fn overlap(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    one.intersection(other).count() as f64 / one.union(other).count().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(first: (&str, &str), second: (&str, &str), expected: Option<Differ>) {
        let entry = |id: &str, (question, answer): (&str, &str)| {
            Entry::new(id.parse().expect("a valid id"), question, "X", answer)
        };
        // Others make words rare or common, as in a real knowledge base.
        let others = [
            entry("c", ("Où lire mes factures ?", "Ouvrez la rubrique des factures et avoirs de la boutique.")),
            entry("d", ("Qui appeler ?", "Appelez le service commercial du lundi au vendredi.")),
            entry("e", ("Comment créer un devis ?", "Cliquez sur le bouton de la page principale.")),
        ];
        let pair = [entry("a", first), entry("b", second)];
        let entries: Vec<&Entry> = pair.iter().chain(&others).collect();
        let found = find(&entries);
        let found = found.iter().find(|one| one.entries[0].as_str() == "a" && one.entries[1].as_str() == "b");
        assert_eq!(found.map(|one| one.differ), expected, "{first:?} {second:?}");
    }

    #[test]
    fn figures_bounds_times_yes_and_no_and_lists_are_compared() {
        let parcel = |answer: &'static str| ("Quand arrive mon colis ?", answer);
        check(parcel("Le colis arrive sous 3 jours."), parcel("Le colis arrive sous 5 jours."), Some(Differ::Figure));
        check(
            ("Rendre un article ?", "Rendez l'article jusqu'à 30 jours avant la fin de garantie."),
            ("Retour d'article ?", "L'article se rend dans un délai maximum de 30 jours précédant la fin de garantie."),
            Some(Differ::Bound),
        );
        check(
            ("Acheter des jetons ?", "Les jetons s'achètent toute l'année."),
            ("Quels jetons acheter ?", "Les jetons s'achètent le 1er octobre."),
            Some(Differ::Time),
        );
        check(
            ("Puis-je annuler ma commande ?", "Oui, la commande peut être annulée."),
            ("Annuler une commande ?", "Non, la commande ne peut pas être annulée."),
            Some(Differ::YesNo),
        );
        check(
            ("Chercher une clé ?", "La recherche se fait uniquement par : code client, code produit, numéro."),
            ("Exporter les clés ?", "Filtrez par critère (nom, code client, code produit, numéro)."),
            Some(Differ::List),
        );
    }

    #[test]
    fn other_subjects_and_agreeing_statements_are_left_alone() {
        check(
            ("Délai du colis ?", "Le colis arrive sous 3 jours."),
            ("Durée du stage ?", "Le stage dure 5 jours."),
            None,
        );
        check(
            ("Délai du colis ?", "Le colis arrive sous 3 jours."),
            ("Colis ?", "Comptez 3 jours pour le colis."),
            None,
        );
    }
}
