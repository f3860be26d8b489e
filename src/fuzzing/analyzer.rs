//! What people type, on its way into terms.

use guichet_index::{analyzer as index, plain};
use guichet_kb::fold::{fold, slug};

/// Whatever is typed becomes terms; capitals and the form of apostrophes change none of them.
pub fn analyzer(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let terms = index::terms(&text);
    assert!(terms.iter().all(|term| !term.is_empty()), "an empty term of {text:?}");
    assert_eq!(index::terms(&in_capitals(&text)), terms, "capitals of {text:?}");
    assert_eq!(index::terms(&text.replace('\'', "’")), terms, "apostrophes of {text:?}");
    index::terms(&plain(&text));
    assert_eq!(fold(&fold(&text)), fold(&text), "folded twice: {text:?}");
    let slug = slug(&text);
    assert!(slug.is_empty() || slug.parse::<guichet_kb::EntryId>().is_ok(), "{slug:?} of {text:?}");
}

/// The letters of French in capitals. Others have capitals that are other letters: `ı`, `ſ`, `µ`.
fn in_capitals(text: &str) -> String {
    let letter = |c: char| match c {
        'a'..='z' | 'à'..='ö' | 'ø'..='þ' | 'œ' => c.to_uppercase().next().unwrap_or(c),
        _ => c,
    };
    text.chars().map(letter).collect()
}
