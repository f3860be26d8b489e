//! What became of a text, line by line or word by word.

use serde::Serialize;

/// Beyond so many pairs of lines or words between the first and the last difference, all of it counts as replaced.
const MOST_PAIRS: usize = 16_000_000;

/// One part of a comparison: a line, or some words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", content = "text", rename_all = "snake_case")]
pub enum Part {
    /// In both.
    Same(String),
    /// Only in the text before.
    Removed(String),
    /// Only in the text after.
    Added(String),
}

/// All lines of `before` and `after`, in order.
pub fn lines(before: &str, after: &str) -> Vec<Part> {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let mut out = Vec::new();
    let (mut i, mut j) = (0, 0);
    let ends = (before.len(), after.len());
    for (next_i, next_j) in matches(&before, &after).into_iter().chain([ends]) {
        out.extend(before[i..next_i].iter().map(|line| Part::Removed((*line).to_owned())));
        out.extend(after[j..next_j].iter().map(|line| Part::Added((*line).to_owned())));
        out.extend(before.get(next_i).map(|line| Part::Same((*line).to_owned())));
        (i, j) = (next_i + 1, next_j + 1);
    }
    out
}

/// The words and what is between them of `before` and `after`, in order; what belongs together is one part.
pub fn words(before: &str, after: &str) -> Vec<Part> {
    let (before, after) = (tokens(before), tokens(after));
    let mut changes = Changes::default();
    let (mut i, mut j) = (0, 0);
    for (next_i, next_j) in matches(&before, &after).into_iter().chain([(before.len(), after.len())]) {
        changes.differ(&before[i..next_i].concat(), &after[j..next_j].concat());
        if let Some(same) = before.get(next_i) {
            changes.same(same);
        }
        (i, j) = (next_i + 1, next_j + 1);
    }
    changes.flush();
    changes.parts
}

/// Parts of a comparison while they are put together.
#[derive(Default)]
struct Changes {
    parts: Vec<Part>,
    removed: String,
    added: String,
    /// Spaces after a change: whether they are part of it shows what follows.
    spaces: String,
}

impl Changes {
    fn differ(&mut self, removed: &str, added: &str) {
        if removed.is_empty() && added.is_empty() {
            return;
        }
        let spaces = std::mem::take(&mut self.spaces);
        self.removed += &format!("{spaces}{removed}");
        self.added += &format!("{spaces}{added}");
    }

    fn same(&mut self, text: &str) {
        let follows_change = !self.removed.is_empty() || !self.added.is_empty();
        if follows_change && text == " " {
            self.spaces.push(' ');
            return;
        }
        self.flush();
        match self.parts.last_mut() {
            Some(Part::Same(last)) => last.push_str(text),
            _ => self.parts.push(Part::Same(text.to_owned())),
        }
    }

    fn flush(&mut self) {
        let texts = [&mut self.removed, &mut self.added, &mut self.spaces].map(std::mem::take);
        let [removed, added, spaces] = texts;
        let all = [Part::Removed(removed), Part::Added(added), Part::Same(spaces)];
        let is_full = |part: &Part| match part {
            Part::Same(text) | Part::Removed(text) | Part::Added(text) => !text.is_empty(),
        };
        self.parts.extend(all.into_iter().filter(is_full));
    }
}

/// Words, and each character between them.
fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() {
            start.get_or_insert(at);
            continue;
        }
        found.extend(start.take().map(|start| &text[start..at]));
        found.push(&text[at..at + c.len_utf8()]);
    }
    found.extend(start.map(|start| &text[start..]));
    found
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
                Part::Same(text) => format!(" {text}"),
                Part::Removed(text) => format!("-{text}"),
                Part::Added(text) => format!("+{text}"),
            })
            .collect();
        assert_eq!(shown, expected, "{before:?} {after:?}");
    }

    #[test]
    fn words_that_change_together_are_one_change() {
        let check = |before: &str, after: &str, expected: &str| {
            let shown: String = words(before, after)
                .into_iter()
                .map(|part| match part {
                    Part::Same(text) => text,
                    Part::Removed(text) => format!("[-{text}]"),
                    Part::Added(text) => format!("[+{text}]"),
                })
                .collect();
            assert_eq!(shown, expected, "{before:?} {after:?}");
        };
        check("Au guichet 3, le matin.", "Au guichet 4, le matin.", "Au guichet [-3][+4], le matin.");
        check("un deux trois", "un six sept trois", "un [-deux][+six sept] trois");
        check("rouge vif", "bleu pâle", "[-rouge vif][+bleu pâle]");
        check("a\nb", "a\nb\nc", "a\nb[+\nc]");
        check("", "été", "[+été]");
        check("même", "même", "même");
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
