//! Whether a text is a question, a name, a company: judged by its shape, so that a question asked in the middle of the
//! form is answered and not taken for a name.

use super::words::words;

/// A text that begins with one of them asks something.
const INTERROGATIVES: [&str; 28] = [
    "comment",
    "ou",
    "pourquoi",
    "quand",
    "combien",
    "quel",
    "quelle",
    "quels",
    "quelles",
    "qui",
    "que",
    "quoi",
    "est ce",
    "peut on",
    "puis je",
    "peux tu",
    "pouvez vous",
    "savez vous",
    "avez vous",
    "faut il",
    "dois je",
    "y a t il",
    "c est quoi",
    "c est ou",
    "c est quand",
    "c est combien",
    "a quoi",
    "a qui",
];
/// What may stand before an interrogative.
const BEFORE: [&str; 12] =
    ["au", "fait", "et", "mais", "bonjour", "dites", "dis", "moi", "sinon", "d", "ailleurs", "attendez"];
/// Words of sentences, never of names.
const SENTENCE_WORDS: [&str; 41] = [
    "je", "tu", "il", "elle", "on", "nous", "vous", "ils", "ne", "pas", "plus", "les", "mes", "mon", "ma", "vos",
    "votre", "ce", "cela", "ca", "est", "suis", "sont", "ai", "avez", "peut", "peux", "veux", "faut", "qui", "que",
    "pour", "avec", "dans", "sur", "car", "mais", "merci", "oui", "non", "ok",
];
/// Legal forms and the like: a name that holds one is a company's.
const COMPANY_WORDS: [&str; 14] = [
    "sarl",
    "sas",
    "sasu",
    "eurl",
    "sa",
    "scop",
    "snc",
    "sci",
    "gie",
    "cabinet",
    "groupe",
    "ets",
    "etablissements",
    "conseil",
];
const LONGEST_NAME: usize = 80;

/// Something is asked.
pub(super) fn is_question(text: &str) -> bool {
    if text.contains('?') {
        return true;
    }
    let words = words(text);
    let start = words.iter().position(|word| !BEFORE.contains(&word.as_str())).unwrap_or(words.len());
    let rest = format!("{} ", words[start..].join(" "));
    // One word alone is rather a name ("Quentin", "Où").
    words.len() > 1 && INTERROGATIVES.iter().any(|word| rest.starts_with(&format!("{word} ")))
}

/// A sentence that says something, where a name or an address was expected.
pub(super) fn is_sentence(text: &str) -> bool {
    words(text).len() >= 4
}

/// What a person can be called.
pub(super) fn is_name(text: &str) -> bool {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let is_part = |part: &&str| {
        part.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
            && part.chars().any(char::is_alphabetic)
    };
    let words = words(text);
    (1..=5).contains(&parts.len())
        && text.chars().count() <= LONGEST_NAME
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && parts.iter().all(is_part)
        && !words.iter().any(|word| SENTENCE_WORDS.contains(&word.as_str()))
}

/// What a company can be called.
pub(super) fn is_company(text: &str) -> bool {
    let count = text.split_whitespace().count();
    (1..=8).contains(&count) && text.chars().count() <= LONGEST_NAME && text.chars().any(char::is_alphanumeric)
}

/// A company and no person: it has a legal form.
pub(super) fn is_surely_company(text: &str) -> bool {
    is_company(text) && words(text).iter().any(|word| COMPANY_WORDS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_told_from_names() {
        for text in [
            "au fait où sont les clés ?",
            "au fait où sont les clés",
            "comment faire un devis",
            "Est-ce que ça coûte",
            "et combien ça coûte",
            "c'est quand la réponse",
            "Puis-je annuler",
        ] {
            assert!(is_question(text), "{text}");
        }
        for text in ["Léa Martin", "Quentin Où", "Comment", "société Dupond", "je suis Léa", "Moi", ""] {
            assert!(!is_question(text), "{text}");
        }
    }

    #[test]
    fn names_are_told_from_sentences_and_companies() {
        for text in ["Léa Martin", "Jean-Pierre de La Tour", "N’Guyen", "léa", "J. Martin"] {
            assert!(is_name(text), "{text}");
        }
        for text in ["", "x", "je sais pas", "les clés ne marchent pas", "Léa 2", "lea@x.example", "oui", "12 rue"] {
            assert!(!is_name(text), "{text}");
        }
        for text in ["Dupond SARL", "Cabinet Durand", "groupe 3 Rives"] {
            assert!(is_surely_company(text), "{text}");
        }
        for text in ["Léa Martin", "Dupond", ""] {
            assert!(!is_surely_company(text), "{text}");
        }
    }
}
