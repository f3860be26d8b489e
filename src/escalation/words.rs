//! The words of a message, without accents, capitals and politeness.

use guichet_kb::fold::fold;

/// What surrounds a choice and changes nothing in it.
const POLITE: [&str; 10] = [
    "finalement",
    "en fait",
    "svp",
    "stp",
    "merci",
    "s il vous plait",
    "s il te plait",
    "bonjour",
    "merci beaucoup",
    "alors",
];

/// The words of `text`, folded.
pub(super) fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Nothing but politeness: neither a choice nor a fact.
pub(super) fn is_only_polite(text: &str) -> bool {
    polished(&words(text).join(" ")).is_empty()
}

/// `said` without politeness around it.
pub(super) fn polished(said: &str) -> &str {
    let mut rest = said;
    loop {
        let before = rest;
        for word in POLITE {
            if rest == word {
                return "";
            }
            rest = rest.strip_suffix(word).filter(|start| start.ends_with(' ')).unwrap_or(rest).trim();
            rest = rest.strip_prefix(word).filter(|end| end.starts_with(' ')).unwrap_or(rest).trim();
        }
        if rest == before {
            return rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn politeness_is_not_content() {
        assert_eq!(words("L’e-mail, c’est ÇA !"), ["l", "e", "mail", "c", "est", "ca"]);
        assert_eq!(polished("finalement non merci"), "non");
        assert_eq!(polished("bonjour oui s il vous plait"), "oui");
        assert!(is_only_polite("Bonjour, merci !") && is_only_polite("🙂") && !is_only_polite("oui merci"));
    }
}
