//! Which words of a message may be the name of a company: what a portal is asked for. Too much rather than too little: the
//! portal knows the names, and what is none is found nowhere.

use super::names::{BEFORE_A_NAME, FAMILY, LEGAL_FORMS, TRADES, Word, is_shouted, words};

/// Words that stand between two words of a name.
const BETWEEN: [&str; 10] = ["de", "du", "des", "d", "la", "le", "les", "l", "et", "sur"];
/// What stands before a name and is no part of it.
const NO_PART: [&str; 10] =
    ["client", "cliente", "societe", "societes", "ste", "soc", "entreprise", "maison", "chez", "association"];
/// Words of so many letters are hardly names.
const SHORT: usize = 3;
/// A portal is asked at most so often for one message.
const MOST: usize = 6;

/// Stretches of `question` that may be names, the most telling first.
pub(crate) fn phrases(question: &str, is_known: &dyn Fn(&str) -> bool) -> Vec<String> {
    let words = words(question, is_known, is_shouted(question));
    let is_part: Vec<bool> = (0..words.len()).map(|at| is_part_of_name(&words, at)).collect();
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if !is_part[at] {
            at += 1;
            continue;
        }
        let end = end_of_run(&words, &is_part, at);
        let run = &words[at..end];
        if run.iter().any(|word| word.is_strange() || word.is_capital()) {
            // « la fac du réab garage martin », « pourquoi Nord Emballages »: a name may begin in the middle of a run.
            let begins = |place: usize| {
                let is_name = |at: usize| run[at].is_name();
                place == 0 || is_trade(&run[place]) || (is_name(place) && !is_name(place - 1))
            };
            let starts = (0..run.len()).filter(|place| begins(*place));
            found.extend(starts.map(|place| (weight(&run[place..], place), joined(&run[place..]))));
            found.extend(run.iter().filter(|word| word.is_strange()).map(|word| (1, word.text.clone())));
        }
        at = end;
    }
    // « fidélité garage martin »: a name may be a word that everybody knows.
    let pairs =
        words.windows(2).filter(|pair| TRADES.contains(&pair[0].folded.as_str()) && pair[1].folded.len() > SHORT);
    found.extend(pairs.map(|pair| (0, joined(pair))));
    found.sort_by_key(|(weight, _)| usize::MAX - weight);
    let mut phrases: Vec<String> = Vec::new();
    for (_, phrase) in found {
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
    phrases.truncate(MOST);
    phrases
}

fn is_part_of_name(words: &[Word], at: usize) -> bool {
    let word = &words[at];
    let folded = word.folded.as_str();
    let before = at.checked_sub(1).map(|before| &words[before]);
    let introduced = before.is_some_and(|before| {
        let leads = BEFORE_A_NAME.contains(&before.folded.as_str()) || TRADES.contains(&before.folded.as_str());
        (leads || LEGAL_FORMS.contains(&before.folded.as_str()) || before.is_capital()) && word.is_capital()
    });
    // « Nord Emballages »: the first word of a name may be one that everybody knows.
    let leads = word.is_capital() && words.get(at + 1).is_some_and(Word::is_name);
    let is_soft = is_trade(word) || LEGAL_FORMS.contains(&folded) || FAMILY.contains(&folded);
    !NO_PART.contains(&folded) && (word.is_name() || introduced || leads || is_soft || word.is_strange())
}

fn is_trade(word: &Word) -> bool {
    let folded = word.folded.as_str();
    TRADES.contains(&folded) || (BEFORE_A_NAME.contains(&folded) && !NO_PART.contains(&folded))
}

/// Where the run of words that begins at `start` ends: small words may stand inside it.
fn end_of_run(words: &[Word], is_part: &[bool], start: usize) -> usize {
    let mut end = start + 1;
    while end < words.len() {
        let small = words[end..].iter().take(2).take_while(|word| BETWEEN.contains(&word.folded.as_str())).count();
        match is_part.get(end + small) {
            Some(true) => end += small + 1,
            _ => break,
        }
    }
    end
}

/// A name that begins with a trade tells more than a run that merely holds strange words; longer ones tell more.
fn weight(run: &[Word], place: usize) -> usize {
    let begins_well = usize::from(place > 0 || run.first().is_some_and(|word| is_trade(word) || word.is_name()));
    10 * begins_well + run.len()
}

fn joined(run: &[Word]) -> String {
    run.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    fn phrases(question: &str) -> Vec<String> {
        let known = "le la de mon une un client contrat facture cle sage paie est il pour quand renouvele ou en societe \
                     entreprise chez pas numero quel montant du prochain mes comment trouver nouvelle et sa prime fidelite \
                     elle sortie fac reab indice applique au serie na";
        super::phrases(question, &|word| known.split_whitespace().any(|known| known == word))
    }

    #[test]
    fn names_stand_first() {
        for (question, first) in [
            ("Quel est le montant du prochain contrat pour la société Dupont Frères ?", "Dupont Frères"),
            ("fidélité Transports Lagarde", "Transports Lagarde"),
            ("la fac du réab garage fontaine elle est sortie ou pas ?", "garage fontaine"),
            ("et pour la SCI Dumas ?", "SCI Dumas"),
            ("Quel indice est appliqué au contrat Paie de la Clinique Saint-Jean ?", "Clinique Saint Jean"),
            ("Pourquoi Nord Emballages n'a pas renouvelé ?", "Nord Emballages"),
            ("client Les Jardins de Cana", "Les Jardins de Cana"),
            ("contrat du garage martin et fils", "garage martin et fils"),
        ] {
            assert_eq!(
                phrases(question).first().map(String::as_str),
                Some(first),
                "{question} {:?}",
                phrases(question)
            );
        }
        assert_eq!(phrases("où trouver la clé ?"), [""; 0]);
    }
}
