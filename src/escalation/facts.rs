//! What a message says of the person and of the request: several facts in one message are taken together, as in
//! "Léa Martin, lea@revendeur.example, société Dupond".

use super::pieces::{segments, tokens, trimmed};
use super::shape;
use super::urgency;
use crate::model::{EmailAddress, Urgency};

/// What was found in one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) name: Option<String>,
    pub(super) email: Option<EmailAddress>,
    /// Was meant as an address and is none.
    pub(super) bad_email: Option<String>,
    pub(super) company: Option<String>,
    pub(super) urgency: Option<Urgency>,
    /// A part of the message asks something.
    pub(super) question: Option<String>,
    /// What was understood as none of these.
    pub(super) rest: String,
}

/// What may be taken from words that do not say what they are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    /// Who the person is is asked for: "chez Dupond" is a company. Elsewhere only "ma société est Dupond" is.
    pub(super) who: bool,
    /// A name is asked for.
    pub(super) name: bool,
    /// A company may be said beside the name.
    pub(super) company: bool,
}

/// After one of them comes a name.
const NAME_WORDS: [&str; 3] = ["appelle", "nomme", "nom"];
/// After one of them comes a company.
const COMPANY_WORDS: [&str; 5] = ["societe", "entreprise", "ste", "chez", "boite"];
/// Between such a word and what it announces.
const LINKS: [&str; 7] = ["est", "c", "plutot", "en", "fait", "sera", "s"];

/// Marks after a fact that are no part of it.
const OUTSIDE: [char; 10] = ['.', '!', ' ', '\u{a0}', ':', '(', '<', '«', '"', '-'];

impl Facts {
    /// Reads `text`.
    pub(super) fn read(text: &str, wanted: Wanted) -> Self {
        let mut facts = Self { urgency: urgency::said(text), ..Self::default() };
        let mut rest = Vec::new();
        let mut questions = Vec::new();
        for segment in segments(text) {
            let is_address = segment.contains('@') && segment.split_whitespace().count() <= 3;
            if shape::is_question(segment) && !is_address {
                questions.push(segment);
                continue;
            }
            for part in facts.take_address(segment) {
                let left = facts.take_announced(part, wanted);
                facts.take_bare(left, wanted, &mut rest);
            }
        }
        facts.question = (!questions.is_empty()).then(|| questions.join(", "));
        facts.rest = rest.join(" ");
        facts
    }

    /// Nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.name.is_none() && self.email.is_none() && self.bad_email.is_none() && self.company.is_none()
    }

    /// Takes the address in `segment`; what stands around it is left.
    fn take_address<'a>(&mut self, segment: &'a str) -> Vec<&'a str> {
        let Some(at) = segment.find('@') else { return vec![segment] };
        let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '«' | '»' | '"' | ':' | '=');
        let start = segment[..at].rfind(ends).map_or(0, |start| start + char_len(segment, start));
        let end = segment[at..].find(ends).map_or(segment.len(), |end| at + end);
        let word = segment[start..end].trim_end_matches(['.', '!', '\u{a0}']);
        match word.parse() {
            Ok(email) => self.email = self.email.take().or(Some(email)),
            Err(_) => self.bad_email = self.bad_email.take().or_else(|| Some(word.to_owned())),
        }
        vec![&segment[..start], &segment[end..]]
    }

    /// Takes what a word such as "société" announces; what stands before it is left.
    fn take_announced<'a>(&mut self, part: &'a str, wanted: Wanted) -> &'a str {
        let tokens = tokens(part);
        let Some(place) = tokens.iter().position(|token| is_announcing(&token.folded)) else { return part };
        let mut value = &tokens[place + 1..];
        while let [first, rest @ ..] = value
            && LINKS.contains(&first.folded.as_str())
        {
            value = rest;
        }
        let has_link = value.len() < tokens.len() - place - 1;
        let Some(value) = value.first().map(|token| part[token.start..].trim_end_matches(OUTSIDE)) else {
            return part;
        };
        let is_own = place > 0 && matches!(tokens[place - 1].folded.as_str(), "mon" | "ma" | "m");
        let has_colon = part[tokens[place].end..].trim_start().starts_with([':', '=']);
        let is_told = wanted.who || has_colon || (is_own && (has_link || tokens[place].folded != "nom"));
        let is_remark = if wanted.who { urgency::said(part).is_some() } else { is_remark(part, value) };
        let is_of_company = COMPANY_WORDS.contains(&tokens[place].folded.as_str());
        let is_right = if is_of_company { shape::is_company(value) } else { shape::is_name(value) };
        if !is_told || is_remark || !is_right {
            return part;
        }
        let field = if is_of_company { &mut self.company } else { &mut self.name };
        field.get_or_insert_with(|| value.to_owned());
        &part[..tokens[place].start]
    }

    /// Takes `part`, that says not what it is, for what is wanted and has its shape.
    fn take_bare(&mut self, part: &str, wanted: Wanted, rest: &mut Vec<String>) {
        let Some(bare) = trimmed(part) else { return };
        let takes_company = wanted.company && self.company.is_none();
        if takes_company && shape::is_surely_company(bare) {
            self.company = Some(bare.to_owned());
        } else if wanted.name && self.name.is_none() && shape::is_name(bare) && !is_remark(part, bare) {
            self.name = Some(bare.to_owned());
        } else if takes_company && self.name.is_some() && shape::is_company(bare) {
            self.company = Some(bare.to_owned());
        } else {
            rest.push(part.trim().to_owned());
        }
    }
}

/// "je suis bloqué", "c'est urgent": something is said of the case, not of the person.
fn is_remark(part: &str, bare: &str) -> bool {
    let is_said_of = tokens(part).iter().any(|token| matches!(token.folded.as_str(), "suis" | "est"));
    urgency::said(part).is_some() || (is_said_of && !bare.starts_with(char::is_uppercase))
}

fn is_announcing(word: &str) -> bool {
    NAME_WORDS.contains(&word) || COMPANY_WORDS.contains(&word)
}

fn char_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHO: Wanted = Wanted { who: true, name: true, company: true };

    /// Name, address, company.
    fn check(text: &str, expected: [&str; 3]) {
        let facts = Facts::read(text, WHO);
        let email = facts.email.as_ref().map_or("", EmailAddress::as_str);
        let found = [facts.name.as_deref().unwrap_or(""), email, facts.company.as_deref().unwrap_or("")];
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn several_facts_are_taken_from_one_message() {
        let all = ["Léa Martin", "lea@revendeur.example", "Dupond"];
        check("Léa Martin, lea@revendeur.example, société Dupond", all);
        check("Bonjour, je suis Léa Martin de la société Dupond. Mon mail : lea@revendeur.example.", all);
        check("Léa Martin lea@revendeur.example Dupond", all);
        check("Léa Martin chez Dupond\nlea@revendeur.example", all);
        check("mon nom c'est Léa Martin, ma société c'est Dupond ; lea@revendeur.example", all);
        check("Je m’appelle Léa Martin (<lea@revendeur.example>), Dupond", all);
        check("société : Dupond, e-mail : lea@revendeur.example, nom : Léa Martin", all);
        check("Dupond SARL, Léa Martin", ["Léa Martin", "", "Dupond SARL"]);
        check("Marie Le Goff", ["Marie Le Goff", "", ""]);
        check("Le Goff Marie et mon adresse est m@x.example", ["Le Goff Marie", "m@x.example", ""]);
        check("J. Martin. Dupond SA", ["J. Martin", "", "Dupond SA"]);
        check("lea@revendeur.example ?", ["", "lea@revendeur.example", ""]);
    }

    #[test]
    fn what_is_no_fact_is_left() {
        let none = ["", "", ""];
        for text in
            ["c'est urgent", "je suis bloqué", "mon mail est", "bonjour", "", "🙂", "au fait où sont les clés ?"]
        {
            check(text, none);
        }
        let facts = Facts::read("les clés ne marchent pas", WHO);
        assert_eq!((facts.name, facts.rest.as_str()), (None, "les clés ne marchent pas"));
    }

    #[test]
    fn a_name_is_taken_only_where_it_is_wanted_or_announced() {
        let read = |text| Facts::read(text, Wanted::default()).name;
        assert_eq!(read("Léa Martin"), None);
        assert_eq!(read("mon nom c'est plutôt Léa Martine").as_deref(), Some("Léa Martine"));
        assert_eq!(read("le nom est faux"), None);
        let company = |text| Facts::read(text, Wanted::default()).company;
        assert_eq!(company("ma société c'est Dupond").as_deref(), Some("Dupond"));
        for text in ["chez le client depuis ce matin", "ma société est bloquée", "la société Dupond est concernée"]
        {
            assert_eq!(company(text), None, "{text}");
        }
    }

    #[test]
    fn a_broken_address_and_a_question_are_kept_apart() {
        let facts = Facts::read("Léa Martin, lea@revendeur, où sont les clés ?", WHO);
        assert_eq!(facts.name.as_deref(), Some("Léa Martin"));
        assert_eq!(facts.bad_email.as_deref(), Some("lea@revendeur"));
        assert_eq!(facts.question.as_deref(), Some("où sont les clés ?"));
    }
}
