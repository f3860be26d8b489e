//! Words as they are typed in a chat: `cmt jpeux` → `comment je peux`.

use std::collections::HashMap;
use std::sync::LazyLock;

use guichet_kb::fold::fold;

static TABLE: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let text = include_str!("../../data/chat_spelling.fr.tsv");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).map(|(said, means)| (fold(said), means)).collect()
});

/// What `folded` means; `None` when it is a word like any other.
pub(super) fn meaning(folded: &str) -> Option<&'static str> {
    TABLE.get(folded).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = include_str!("../../data/chat_spelling.fr.tsv").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            let (said, means) = line.split_once('\t').unwrap_or_else(|| panic!("no tab in {line:?}"));
            assert!(!means.is_empty(), "{line:?}");
            // With an accent it would also stand for the word without: `dé` would make `des` of every `de`.
            assert!(said.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{line:?} is not folded");
            assert_ne!(fold(said), fold(means), "{line:?} says nothing");
        }
    }

    #[test]
    fn chat_words_are_known() {
        assert_eq!(meaning("pk"), Some("pourquoi"));
        assert_eq!(meaning("contrat"), None);
    }
}
