//! Messages that lean on what was said before: a choice in words, a refusal, a question that leaves out its subject.
//! General French; nothing of any knowledge base.

use std::collections::HashSet;

use guichet_kb::fold::fold;

/// Words that say nothing about which option is meant.
const EMPTY: [&str; 40] = [
    "le", "la", "les", "l", "un", "une", "des", "de", "du", "d", "a", "au", "aux", "et", "en", "pour", "sur", "dans",
    "mon", "ma", "mes", "ce", "c", "est", "je", "j", "veux", "option", "choix", "numero", "comment", "ou", "quel",
    "quelle", "que", "qui", "plutot", "celle", "celui", "svp",
];

/// A message that refuses holds one of these, and little else.
const REFUSALS: [&str; 22] = [
    "non",
    "nn",
    "nan",
    "pas ca",
    "pas cela",
    "c est pas ca",
    "ce n est pas ca",
    "aucun",
    "aucune",
    "aucun des trois",
    "aucune des trois",
    "rien de tout ca",
    "ni l un ni l autre",
    "autre chose",
    "pas ma question",
    "pas la question",
    "rien a voir",
    "hors sujet",
    "pas du tout",
    "ca ne repond pas",
    "ca repond pas",
    "a cote",
];
/// Longest refusal, in words.
const REFUSAL_WORDS: usize = 8;

/// A question that leaves out its subject begins so.
const LEANS: [&str; 17] = [
    "et",
    "mais",
    "ou ca",
    "c est ou",
    "c est quel",
    "c est quoi",
    "ca prend",
    "ca coute",
    "quel menu",
    "quel delai",
    "combien de temps",
    "le delai",
    "dans quel menu",
    "et si",
    "meme chose",
    "pareil",
    "du coup",
];
/// Longest question that leaves out its subject, in words.
const LEANING_WORDS: usize = 9;

/// Share of the words of a message that an option must hold to be meant.
const MEANT: f64 = 0.6;

/// Which of `options` (their labels, in order) is chosen in words: "la deuxième", "la dernière", "2)", "l'option 3", or
/// words that only one of them holds.
pub(super) fn chosen(message: &str, options: &[&str]) -> Option<usize> {
    let words = words(message);
    if options.is_empty() || words.is_empty() {
        return None;
    }
    ordinal(&words, options.len()).or_else(|| by_words(&words, options))
}

/// Whether the message refuses what was just said.
pub(super) fn is_refusal(message: &str) -> bool {
    let words = words(message);
    let text = words.join(" ");
    let holds = |refusal: &str| text == refusal || format!(" {text} ").contains(&format!(" {refusal} "));
    words.len() <= REFUSAL_WORDS && !message.contains('?') && REFUSALS.into_iter().any(holds)
}

/// Whether the message is a question that leaves out its subject: it must be read with the one before.
pub(super) fn leans(message: &str) -> bool {
    let words = words(message);
    let text = format!("{} ", words.join(" "));
    words.len() <= LEANING_WORDS && LEANS.iter().any(|start| text.starts_with(&format!("{start} ")))
}

/// Two questions in one message; `None` when it holds one, or more than two.
pub(super) fn two_questions(message: &str) -> Option<[&str; 2]> {
    let parts: Vec<&str> = message
        .split_inclusive('?')
        .map(str::trim)
        .filter(|part| part.ends_with('?') && words(part).len() >= 3)
        .collect();
    let is_whole = message.trim_end().ends_with('?');
    match parts.as_slice() {
        [one, two] if is_whole => Some([one, two]),
        _ => None,
    }
}

fn ordinal(words: &[String], count: usize) -> Option<usize> {
    let place = |word: &str| match word {
        "premier" | "premiere" | "1er" | "1ere" | "un" | "une" => Some(1),
        "deuxieme" | "second" | "seconde" | "2e" | "2eme" | "deux" => Some(2),
        "troisieme" | "3e" | "3eme" | "trois" => Some(3),
        "dernier" | "derniere" => Some(count),
        number => number.parse().ok(),
    };
    // "la deuxième", but not "j'en ai deux": nothing may be left that says something.
    let mut places = words.iter().filter_map(|word| place(word));
    let place_said = places.next().filter(|_| places.next().is_none())?;
    let says_more = words.iter().any(|word| place(word).is_none() && !EMPTY.contains(&word.as_str()));
    (!says_more && (1..=count).contains(&place_said)).then(|| place_said - 1)
}

fn by_words(words: &[String], options: &[&str]) -> Option<usize> {
    let said: HashSet<&str> = words.iter().map(String::as_str).filter(|word| !EMPTY.contains(word)).collect();
    if said.is_empty() {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of words")]
    let share = |label: &&str| {
        let label: HashSet<String> = self::words(label).into_iter().collect();
        said.iter().filter(|word| label.contains(**word)).count() as f64 / said.len() as f64
    };
    let shares: Vec<f64> = options.iter().map(share).collect();
    let best = shares.iter().copied().fold(0.0, f64::max);
    let mut meant = shares.iter().enumerate().filter(|(_, share)| **share >= best);
    let (place, _) = meant.next().filter(|_| best >= MEANT)?;
    meant.next().is_none().then_some(place)
}

fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: [&str; 3] = [
        "Comment résilier un contrat ?",
        "Où lire les conditions de résiliation ?",
        "Puis-je résilier une option depuis la Boutique ?",
    ];

    #[test]
    fn an_option_is_chosen_in_words() {
        for (message, expected) in [
            ("2", Some(1)),
            ("3)", Some(2)),
            ("la deuxième", Some(1)),
            ("la 1ère svp", Some(0)),
            ("le dernier", Some(2)),
            ("l'option 3", Some(2)),
            ("les conditions", Some(1)),
            ("depuis la boutique", Some(2)),
            ("comment résilier un contrat", Some(0)),
            ("4", None),
            ("résilier", None),
            ("je veux une facture", None),
            ("il me faut 2 clés", None),
            ("", None),
        ] {
            assert_eq!(chosen(message, &OPTIONS), expected, "{message}");
        }
        assert_eq!(chosen("2", &[]), None);
    }

    #[test]
    fn a_refusal_is_told_from_a_question() {
        for message in ["non", "non, pas ça", "Aucune des trois", "ce n'est pas ma question", "rien à voir !"] {
            assert!(is_refusal(message), "{message}");
        }
        for message in ["pourquoi mon client n'est pas renouvelé ?", "non ?", "où est la clé", "merci"] {
            assert!(!is_refusal(message), "{message}");
        }
    }

    #[test]
    fn a_question_without_a_subject_leans_on_the_one_before() {
        for message in ["et pour un client MGE ?", "c'est quel menu ?", "et le délai ?", "Combien de temps ?"] {
            assert!(leans(message), "{message}");
        }
        for message in ["Où trouver les clés ?", "étape suivante", "mon client veut résilier et changer de produit"]
        {
            assert!(!leans(message), "{message}");
        }
    }

    #[test]
    fn two_questions_are_two() {
        assert_eq!(
            two_questions("Où est la clé ? Et comment résilier un contrat ?"),
            Some(["Où est la clé ?", "Et comment résilier un contrat ?"])
        );
        assert_eq!(two_questions("Où est la clé ?"), None);
        assert_eq!(two_questions("Ah bon ? Où est la clé ?"), None);
        assert_eq!(two_questions("Où est la clé ? Comment la rendre ? Qui appeler donc ?"), None);
        assert_eq!(two_questions("Où est la clé ? Où est le code ? Merci d'avance"), None);
    }
}
