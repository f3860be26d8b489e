//! Two editors changed the same document: what both did, put together.
//!
//! Entries are merged field by field, lists by what was added and removed, answers and other texts by lines.

use std::hash::Hash;

use crate::diff;
use crate::document::{DocumentKey, DocumentKind};
use crate::entry::{Checks, Entry};
use crate::front_matter;

/// The document that `ours` and `theirs` both made of `base`; none when they changed the same thing in two ways.
pub fn merge(key: &DocumentKey, base: &str, ours: &str, theirs: &str) -> Option<String> {
    if let Some(whole) = pick(&base, &ours, &theirs) {
        return Some(whole.to_owned());
    }
    let entry = |text| front_matter::parse("", text).0.map(|(entry, _)| entry);
    match (key.kind(), entry(base), entry(ours), entry(theirs)) {
        (DocumentKind::Entry, Some(base), Some(ours), Some(theirs)) => {
            Some(front_matter::write(&entries(&base, &ours, &theirs)?))
        }
        (DocumentKind::Entry | DocumentKind::Orientation | DocumentKind::Table, ..) => texts(base, ours, theirs),
    }
}

fn entries(base: &Entry, ours: &Entry, theirs: &Entry) -> Option<Entry> {
    let (checks, our_checks, their_checks) = (&base.checks, &ours.checks, &theirs.checks);
    Some(Entry {
        id: pick(&base.id, &ours.id, &theirs.id)?,
        question: pick(&base.question, &ours.question, &theirs.question)?,
        category: pick(&base.category, &ours.category, &theirs.category)?,
        status: pick(&base.status, &ours.status, &theirs.status)?,
        audience: pick(&base.audience, &ours.audience, &theirs.audience)?,
        owner: pick(&base.owner, &ours.owner, &theirs.owner)?,
        review_by: pick(&base.review_by, &ours.review_by, &theirs.review_by)?,
        follow_ups: list(&base.follow_ups, &ours.follow_ups, &theirs.follow_ups),
        facts: list(&base.facts, &ours.facts, &theirs.facts),
        variants: list(&base.variants, &ours.variants, &theirs.variants),
        checks: Checks {
            must: list(&checks.must, &our_checks.must, &their_checks.must),
            must_not: list(&checks.must_not, &our_checks.must_not, &their_checks.must_not),
        },
        answer: texts(&base.answer, &ours.answer, &theirs.answer)?,
        composed: texts(&base.composed, &ours.composed, &theirs.composed)?,
    })
}

/// What one of them changed, or both in the same way.
fn pick<T: PartialEq + Clone>(base: &T, ours: &T, theirs: &T) -> Option<T> {
    if ours == theirs || base == theirs {
        Some(ours.clone())
    } else if base == ours {
        Some(theirs.clone())
    } else {
        None
    }
}

/// Ours, without what they removed, then what they added.
fn list<T: PartialEq + Eq + Hash + Clone>(base: &[T], ours: &[T], theirs: &[T]) -> Vec<T> {
    if base == ours {
        return theirs.to_vec();
    }
    let kept = ours.iter().filter(|item| !base.contains(item) || theirs.contains(item));
    let added = theirs.iter().filter(|item| !base.contains(item) && !ours.contains(item));
    kept.chain(added).cloned().collect()
}

/// The lines that both made of `base`; none when they changed lines beside each other in two ways.
fn texts(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let lines = |text| str::split_inclusive(text, '\n').collect::<Vec<_>>();
    let (base, ours, theirs) = (lines(base), lines(ours), lines(theirs));
    let in_ours = diff::matches(&base, &ours);
    let in_theirs: std::collections::HashMap<usize, usize> = diff::matches(&base, &theirs).into_iter().collect();
    let stable = in_ours.into_iter().filter_map(|(at, our)| Some((at, our, *in_theirs.get(&at)?)));
    let mut out = String::new();
    let (mut i, mut j, mut k) = (0, 0, 0);
    for (next_i, next_j, next_k) in stable.chain([(base.len(), ours.len(), theirs.len())]) {
        let part = pick(&&base[i..next_i], &&ours[j..next_j], &&theirs[k..next_k])?;
        out.extend(part.iter().copied());
        out.extend(base.get(next_i).copied());
        (i, j, k) = (next_i + 1, next_j + 1, next_k + 1);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_apart_are_merged_and_the_same_line_is_a_conflict() {
        for (base, ours, theirs, expected) in [
            ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", Some("A\nb\nC\n")),
            ("a\nb\nc\n", "a\nc\n", "a\nb\nc\nd\n", Some("a\nc\nd\n")),
            ("a\nb\n", "a\nx\n", "a\ny\n", None),
            ("a\n", "b\n", "b\n", Some("b\n")),
            ("a\n", "a\n", "", Some("")),
            ("a", "a\nb", "a\nc", None),
        ] {
            assert_eq!(texts(base, ours, theirs).as_deref(), expected, "{base:?} {ours:?} {theirs:?}");
        }
    }

    fn entry(question: &str, variants: &[&str], answer: &str) -> String {
        let mut entry = Entry::new("a".parse().expect("an id"), question, "X", answer);
        entry.variants = variants.iter().map(|text| (*text).to_owned()).collect();
        front_matter::write(&entry)
    }

    #[test]
    fn fields_are_merged_and_both_may_add_a_variant_at_the_same_place() {
        let key: DocumentKey = "entry:a".parse().expect("a key");
        let base = entry("Où ?", &["un", "deux"], "Là.");
        let ours = entry("Où donc ?", &["un", "deux", "trois"], "Là.");
        let theirs = entry("Où ?", &["deux", "quatre"], "Là-bas.");
        assert_eq!(
            merge(&key, &base, &ours, &theirs),
            Some(entry("Où donc ?", &["deux", "trois", "quatre"], "Là-bas."))
        );
        let other = entry("Quand ?", &["un", "deux"], "Là.");
        assert_eq!(merge(&key, &base, &ours, &other), None);
        assert_eq!(merge(&key, &base, &base, &other), Some(other.clone()));
        assert_eq!(merge(&key, &base, &other, &base), Some(other));
    }
}
