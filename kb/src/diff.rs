//! What became of a text, line by line.

use serde::Serialize;

/// Beyond so many pairs of lines between the first and the last difference, all of it counts as replaced.
const MOST_PAIRS: usize = 16_000_000;

/// One line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", content = "text", rename_all = "snake_case")]
pub enum Line {
    /// In both.
    Same(String),
    /// Only in the text before.
    Removed(String),
    /// Only in the text after.
    Added(String),
}

/// All lines of `before` and `after`, in order.
pub fn lines(before: &str, after: &str) -> Vec<Line> {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let mut out = Vec::new();
    let (mut i, mut j) = (0, 0);
    let ends = (before.len(), after.len());
    for (next_i, next_j) in matches(&before, &after).into_iter().chain([ends]) {
        out.extend(before[i..next_i].iter().map(|line| Line::Removed((*line).to_owned())));
        out.extend(after[j..next_j].iter().map(|line| Line::Added((*line).to_owned())));
        out.extend(before.get(next_i).map(|line| Line::Same((*line).to_owned())));
        (i, j) = (next_i + 1, next_j + 1);
    }
    out
}

/// Positions of the longest common subsequence.
pub(crate) fn matches(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let mut found: Vec<(usize, usize)> = (0..start).map(|at| (at, at)).collect();
    found.extend(between(&a[start..a.len() - end], &b[start..b.len() - end]).map(|(i, j)| (i + start, j + start)));
    found.extend((0..end).rev().map(|back| (a.len() - 1 - back, b.len() - 1 - back)));
    found
}

fn between(a: &[&str], b: &[&str]) -> impl Iterator<Item = (usize, usize)> {
    let width = b.len() + 1;
    let mut found = Vec::new();
    if a.len() * b.len() <= MOST_PAIRS {
        // Length of the longest common subsequence of what is left from (i, j) on.
        let mut left = vec![0_u32; (a.len() + 1) * width];
        for i in (0..a.len()).rev() {
            for j in (0..b.len()).rev() {
                left[i * width + j] = if a[i] == b[j] {
                    left[(i + 1) * width + j + 1] + 1
                } else {
                    left[(i + 1) * width + j].max(left[i * width + j + 1])
                };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < a.len() && j < b.len() {
            if a[i] == b[j] {
                found.push((i, j));
                (i, j) = (i + 1, j + 1);
            } else if left[(i + 1) * width + j] >= left[i * width + j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: &str) {
        let shown: String = lines(before, after)
            .into_iter()
            .map(|line| match line {
                Line::Same(text) => format!(" {text}"),
                Line::Removed(text) => format!("-{text}"),
                Line::Added(text) => format!("+{text}"),
            })
            .collect();
        assert_eq!(shown, expected, "{before:?} {after:?}");
    }

    #[test]
    fn changes_are_found() {
        check("a\nb\nc", "a\nb\nc", " a b c");
        check("a\nb\nc", "a\nx\nc", " a-b+x c");
        check("", "a\nb", "+a+b");
        check("a\nb", "", "-a-b");
        check("a\nb\nc\nd", "b\nd\ne", "-a b-c d+e");
        check("a\na", "a", " a-a");
    }
}
