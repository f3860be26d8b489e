//! Names of companies: `la société Dupont Frères`, `mon client Martin`, `chez Nord Emballages`.
//!
//! French writes a name with a capital, and says what it names just before. A word counts as a name when it has a capital
//! that nothing else explains and when the knowledge base does not use it: the names of products do not count.

use guichet_kb::fold::fold;

/// What stands before the name of a company. Folded.
#[rustfmt::skip]
pub(super) const BEFORE_A_NAME: [&str; 41] = [
    "m", "mr", "mme", "monsieur", "madame", "maitre", "docteur", "dr", "societe", "societes", "ste", "soc", "client", "cliente", "entreprise", "maison", "garage", "boulangerie", "cabinet",
    "pharmacie", "restaurant", "hotel", "menuiserie", "plomberie", "transports", "transport", "imprimerie", "atelier",
    "ateliers", "ets", "etablissements", "association", "mairie", "boucherie", "domaine", "clinique", "librairie",
    "scierie", "chateau", "laboratoire", "chez",
];
/// What may belong to somebody: `le contrat de Lefebvre`. Folded.
#[rustfmt::skip]
const BELONGINGS: [&str; 14] = [
    "contrat", "contrats", "abonnement", "facture", "factures", "cle", "cles", "code", "dossier", "devis", "licence",
    "montant", "echeance", "renouvellement",
];
/// Legal forms: with a name beside them they are a company.
pub(super) const LEGAL_FORMS: [&str; 9] = ["sarl", "sas", "sasu", "eurl", "sci", "snc", "scop", "gaec", "earl"];
/// What stands before the name of a product.
const MAKERS: [&str; 6] = ["sage", "ligne", "microsoft", "windows", "google", "gamme"];
/// What ends the name of a family's company.
pub(super) const FAMILY: [&str; 4] = ["fils", "freres", "associes", "cie"];
/// Trades that name a company even without a capital, when a word that nobody knows follows.
#[rustfmt::skip]
pub(super) const TRADES: [&str; 14] = [
    "garage", "boulangerie", "pharmacie", "menuiserie", "plomberie", "imprimerie", "boucherie", "librairie", "scierie",
    "ets", "transports", "restaurant", "clinique", "sarl",
];
/// Words with a capital that name no company.
#[rustfmt::skip]
const NOT_COMPANIES: [&str; 26] = [
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
    "decembre", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "monsieur", "madame", "france", "etat", "internet",
    "mme", "mr", "bonjour", "merci",
];
/// Share of capital letters from which capitals mean nothing: the whole question is shouted.
const SHOUTED: f32 = 0.5;
/// A family name has at least this many letters.
const SHORTEST_NAME: usize = 3;

pub(super) struct Word {
    /// As it was written.
    pub(super) text: String,
    pub(super) folded: String,
    has_capital: bool,
    starts_sentence: bool,
    is_known: bool,
}

impl Word {
    pub(super) fn is_name(&self) -> bool {
        self.has_capital && !self.starts_sentence && self.is_strange()
    }

    /// Nothing that the knowledge base or French grammar explains.
    pub(super) fn is_strange(&self) -> bool {
        !self.is_known
            && self.folded.len() >= SHORTEST_NAME
            && self.folded.chars().all(char::is_alphabetic)
            && !NOT_COMPANIES.contains(&self.folded.as_str())
    }

    /// With a capital that only a name would have, were it not a word that the knowledge base uses.
    pub(super) fn is_capital(&self) -> bool {
        self.has_capital
            && !self.starts_sentence
            && self.folded.len() >= SHORTEST_NAME
            && self.folded.chars().all(char::is_alphabetic)
            && !NOT_COMPANIES.contains(&self.folded.as_str())
    }

    fn is_one_of(&self, list: &[&str]) -> bool {
        list.contains(&self.folded.as_str())
    }
}

/// True when `question` names a company.
pub(super) fn is_named(question: &str, is_known: &dyn Fn(&str) -> bool) -> bool {
    let is_shouted = is_shouted(question);
    let words = words(question, is_known, is_shouted);
    let pairs = words.windows(2).any(|pair| {
        let [one, next] = pair else { return false };
        let introduced = one.is_one_of(&BEFORE_A_NAME) && next.is_name();
        // « Garage Martin »: some names are words of the knowledge base too.
        let by_trade = one.is_one_of(&TRADES) && (next.is_strange() || next.is_capital());
        let by_form = (one.is_one_of(&LEGAL_FORMS) && next.is_strange() && !next.starts_sentence)
            || (next.is_one_of(&LEGAL_FORMS) && one.is_strange());
        let family = next.is_one_of(&FAMILY) && (one.has_capital || one.is_strange()) && next.has_capital;
        // « Solutions Béton »: one of two words with a capital may be a word that everybody knows, the maker of a product apart.
        let capitals = one.is_capital() && next.is_capital() && !one.is_one_of(&MAKERS);
        let two_words = capitals && (one.is_strange() || next.is_strange());
        introduced || by_trade || by_form || family || two_words
    });
    // `mon client la société Dupont`, `Dupont et Fils`, `Martin & Cie`.
    let triples = words.windows(3).any(|triple| {
        let [one, between, last] = triple else { return false };
        let to = |word: &Word| matches!(word.folded.as_str(), "de" | "d" | "pour" | "chez");
        (one.is_one_of(&BEFORE_A_NAME) && is_link(between) && last.is_name())
            || (one.is_one_of(&BELONGINGS) && to(between) && last.is_name())
            || (one.has_capital && between.folded == "et" && last.is_one_of(&FAMILY))
    });
    // « le contrat de aquitaine fret »: nothing has a capital, and nobody knows either word.
    let owned = words.windows(4).any(|four| {
        let [what, of, one, two] = four else { return false };
        let is_of = matches!(of.folded.as_str(), "de" | "du" | "d" | "pour" | "chez");
        what.is_one_of(&BELONGINGS) && is_of && one.is_strange() && two.is_strange()
    });
    pairs || triples || owned || is_sign(&words)
}

fn is_link(word: &Word) -> bool {
    matches!(word.folded.as_str(), "de" | "d" | "du" | "des" | "la" | "le" | "les" | "l" | "aux" | "au" | "et")
}

/// `Garage du Centre`, `EARL de la Vallée`: after a trade or a legal form and small words, a capital makes a name even of
/// a common word.
fn is_sign(words: &[Word]) -> bool {
    (0..words.len()).any(|at| {
        let begins = words[at].is_one_of(&TRADES) || words[at].is_one_of(&LEGAL_FORMS);
        let links = words[at + 1..].iter().take_while(|word| is_link(word) && !word.has_capital).count();
        let next = words.get(at + 1 + links).filter(|next| links <= 2 && next.has_capital && !next.starts_sentence);
        begins && next.is_some_and(|next| !next.is_one_of(&LEGAL_FORMS) && !next.is_one_of(&NOT_COMPANIES))
    })
}

pub(super) fn is_shouted(question: &str) -> bool {
    let letters = question.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = question.chars().filter(|c| c.is_uppercase()).count();
    letters > 0 && capitals as f32 / letters as f32 > SHOUTED
}

pub(super) fn words(question: &str, is_known: &dyn Fn(&str) -> bool, is_shouted: bool) -> Vec<Word> {
    let mut words = Vec::new();
    let mut starts_sentence = true;
    let mut word = String::new();
    for c in question.chars().chain([' ']) {
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            let folded = fold(&word);
            let is_title = matches!(folded.as_str(), "m" | "mr" | "mme" | "dr" | "ste");
            words.push(Word {
                text: word.clone(),
                has_capital: !is_shouted && word.chars().next().is_some_and(char::is_uppercase),
                starts_sentence,
                is_known: is_known(&folded),
                folded,
            });
            word.clear();
            starts_sentence = false;
            // `M. Lefebvre`: the name goes on.
            if is_title && c == '.' {
                continue;
            }
        }
        // After `&` the same name goes on.
        starts_sentence |= matches!(c, '.' | '?' | '!' | ':' | ';' | '\n' | '«' | '"');
    }
    words
}

#[cfg(test)]
mod tests {
    fn is_named(question: &str) -> bool {
        let known = "le la de mon une un client contrat facture cle sage paie est il pour quand renouvele ou en societe \
                     entreprise chez lyon pas numero quel montant du prochain mes comment trouver nouvelle raison sociale \
                     changer veut passer sur avec et excel sarl sas garage";
        super::is_named(question, &|word| known.split_whitespace().any(|known| known == word))
    }

    #[test]
    fn companies_are_recognised() {
        for question in [
            "Quel est le montant du prochain contrat pour la société Vernet Frères ?",
            "le contrat de mon client Ribaud est renouvelé ?",
            "facture du garage hortense pas renouvelé",
            "Quand passer chez Belmont ?",
            "Le contrat de Sud Charpentes est-il renouvelé ?",
            "contrat SARL Morvan",
            "numéro de la boulangerie pelissier",
            "facture Aubry et Fils",
            "le K-bis de Contrat Béton",
            "quel contrat de aquitaine fret",
            "le contrat de M. Lefebvre est-il à jour ?",
            "facture du client mme Vasseur",
            "quelle échéance pour le contrat de Morvan ?",
            "clé du Garage du Centre",
            "numéro EARL de la Vallée",
        ] {
            assert!(is_named(question), "{question}");
        }
    }

    #[test]
    fn general_questions_name_nobody() {
        for question in [
            "mon client veut changer de raison sociale",
            "Où trouver la facture de mon client ?",
            "Mon client est passé sur Sage Paie en Janvier. Comment trouver le numéro ?",
            "COMMENT TROUVER LA CLE DE MON CLIENT SVP MERCI",
            "passer de SARL en SAS",
            "Un client de Lyon veut changer",
            "Il veut passer sur Sage Batigest",
            "la société a changé",
            "Quel montant pour une entreprise avec Excel ?",
            "Bonjour Madame, comment trouver la clé ?",
            "passer en SARL avec un nouveau nom",
            "une facture de Sage",
        ] {
            assert!(!is_named(question), "{question}");
        }
    }
}
