//! Whether a question asks how something is done, rather than what is so for one customer.
//!
//! `Comment changer la raison sociale de la société Dupont ?` wants the procedure: the name is only an example. Where a
//! code is given, the customer's own facts are wanted in any case.

use guichet_kb::fold::fold;

#[rustfmt::skip]
const HOW: [&str; 25] = [
    "comment", "cmt", "coment", "procedure", "demarche", "demarches", "marche a suivre", "que faire", "quoi faire",
    "on fait quoi", "je fais quoi", "fais quoi", "a qui", "qui contacter", "qui dois je", "faut il", "il faut",
    "est il possible", "c est possible", "puis je", "peut on", "on peut", "quels documents", "quelles pieces", "par ou",
];

/// True when `question` asks how.
pub(super) fn is_asked(question: &str) -> bool {
    let words: Vec<String> = fold(question)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let text = format!(" {} ", words.join(" "));
    HOW.iter().any(|how| text.contains(&format!(" {how} ")))
}

#[cfg(test)]
mod tests {
    use super::is_asked;

    #[test]
    fn procedures_are_told_from_facts() {
        for question in ["Comment changer le nom de la société Dupont ?", "Dupont SARL déménage, que faire ?"] {
            assert!(is_asked(question), "{question}");
        }
        for question in ["Quand expire le contrat de la société Dupont ?", "le montant pour Dupont SARL svp"] {
            assert!(!is_asked(question), "{question}");
        }
    }
}
