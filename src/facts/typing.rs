//! How far what was typed is from what was meant: one wrong, missing, added or swapped character is one error.

/// Whether `typed` becomes `meant` with at most `errors` errors (Damerau–Levenshtein, neighbours swapped once).
pub(crate) fn is_within(typed: &str, meant: &str, errors: usize) -> bool {
    if typed == meant {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (typed.chars().collect(), meant.chars().collect());
    if errors == 0 || a.len().abs_diff(b.len()) > errors {
        return false;
    }
    distance(&a, &b) <= errors
}

/// The three last rows of the table suffice.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let mut least = (above[j] + usize::from(x != y)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn each_kind_of_typing_error_counts_once() {
        for (typed, meant, errors) in [
            ("martin", "martin", 0),
            ("martyn", "martin", 1),
            ("matin", "martin", 1),
            ("marttin", "martin", 1),
            ("matrin", "martin", 1),
            ("matryn", "martin", 2),
            ("", "ab", 2),
            ("48210735", "48210753", 1),
        ] {
            assert!(is_within(typed, meant, errors), "{typed} {meant}");
            assert!(errors == 0 || !is_within(typed, meant, errors - 1), "{typed} {meant}");
        }
        assert!(!is_within("dumas", "dubois", 2));
    }
}
