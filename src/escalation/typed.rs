//! Choices made in words: "oui", "2", "annuler", "corriger l'e-mail". What a word means depends on what was asked.

use super::action::{Action, Field};
use super::form::{Form, Stage};
use super::prompt;
use super::words::{polished, words};
use crate::model::Urgency;

const YES: [&str; 20] = [
    "oui",
    "ouais",
    "ok",
    "okay",
    "d accord",
    "daccord",
    "dac",
    "yes",
    "yep",
    "volontiers",
    "bien sur",
    "parfait",
    "c est bon",
    "c est ok",
    "je veux bien",
    "avec plaisir",
    "allez y",
    "vas y",
    "entendu",
    "tres bien",
];
const NO: [&str; 7] = ["non", "nan", "no", "nope", "pas du tout", "surtout pas", "non non"];
const SEND: [&str; 16] = [
    "envoyer",
    "envoie",
    "envoyez",
    "envoyez la",
    "envoie la",
    "confirmer",
    "confirme",
    "confirmez",
    "je confirme",
    "valider",
    "valide",
    "validez",
    "je valide",
    "c est parfait",
    "tout est bon",
    "c est correct",
];
const CANCEL: [&str; 20] = [
    "annuler",
    "annule",
    "annulez",
    "annulation",
    "j annule",
    "je veux annuler",
    "stop",
    "laisse tomber",
    "laissez tomber",
    "abandonner",
    "abandonne",
    "j abandonne",
    "tant pis",
    "oublie",
    "oubliez",
    "non merci",
    "pas la peine",
    "ce n est pas la peine",
    "quitter",
    "plus besoin",
];
const SKIP: [&str; 13] = [
    "passer",
    "passe",
    "passez",
    "suivant",
    "aucun",
    "aucune",
    "aucune idee",
    "rien",
    "sans",
    "je ne sais pas",
    "je sais pas",
    "aucun produit",
    "pas de societe",
];
const NEW: [&str; 6] =
    ["nouvelle", "une nouvelle", "nouvelle demande", "une nouvelle demande", "un nouveau ticket", "nouveau ticket"];
const ADD: [&str; 5] = ["ajouter", "ajoute", "ajoutez", "ajoute la", "l ajouter"];
const MAIL: [&str; 6] = ["par mail", "par e mail", "par email", "par courriel", "e mail", "mail"];
const TICKET: [&str; 8] = [
    "ticket",
    "un ticket",
    "creer un ticket",
    "ouvrir un ticket",
    "une demande",
    "creer une demande",
    "ici",
    "faire une demande",
];
/// What is cancelled or sent.
const OBJECTS: [&str; 7] = [" la demande", " ma demande", " cette demande", " le ticket", " tout", " ca", " la"];
const EDIT: [&str; 12] = [
    "corriger",
    "corrige",
    "corrigez",
    "modifier",
    "modifie",
    "modifiez",
    "changer",
    "change",
    "changez",
    "rectifier",
    "rectifie",
    "rectifiez",
];
const WISH: [&str; 5] = ["je veux ", "je voudrais ", "je souhaite ", "il faut ", "peut on "];

/// The choice that `text` is, after what `form` asked; `None` when it is something else.
pub(super) fn choice(text: &str, form: &Form) -> Option<Action> {
    if let Some(number) = number(text) {
        return form.offered.get(number.checked_sub(1)?).cloned();
    }
    let words_said = words(text).join(" ");
    let said = polished(&words_said);
    let is_label = |action: &&Action| words(&prompt::label(action, form)).join(" ") == said;
    form.offered.iter().find(is_label).cloned().or_else(|| meaning(said, form))
}

/// Whether `text` is a number that none of the choices has.
pub(super) fn is_past_the_choices(text: &str, form: &Form) -> bool {
    number(text).is_some_and(|number| number == 0 || number > form.offered.len())
}

/// "oui, et c'est urgent".
pub(super) fn begins_with_yes(text: &str) -> bool {
    words(text).first().is_some_and(|word| YES.contains(&word.as_str()))
}

fn meaning(said: &str, form: &Form) -> Option<Action> {
    let is = |list: &[&str]| list.contains(&said);
    if is(&CANCEL) || is_with_object(said, &CANCEL) {
        return Some(Action::Cancel);
    }
    if let Some(correction) = correction(said) {
        return Some(correction);
    }
    let after_yes = said.split_once(' ').filter(|(yes, _)| YES.contains(yes)).map_or(said, |(_, rest)| rest);
    let sends = SEND.contains(&after_yes) || is_with_object(after_yes, &SEND);
    if is(&MAIL) && matches!(form.stage, Stage::Offer | Stage::Summary) {
        return Some(Action::Mail);
    }
    match form.stage {
        Stage::Offer if is(&YES) || is(&TICKET) || sends => Some(Action::Ticket),
        Stage::Offer if is(&NO) => Some(Action::Cancel),
        Stage::Existing if is(&YES) || is(&ADD) => {
            form.offered.iter().find(|action| matches!(action, Action::Add(_))).cloned()
        }
        Stage::Existing if is(&NO) || is(&NEW) => Some(Action::New),
        Stage::Summary if is(&YES) || sends => Some(Action::Confirm),
        Stage::Summary if is(&NO) => Some(Action::Correct),
        Stage::Correct if is(&NO) || is(&SKIP) => Some(Action::Skip),
        Stage::Correct => field(said).map(Action::Edit),
        Stage::Ask(Field::Product | Field::Company) if is(&SKIP) || is(&NO) => Some(Action::Skip),
        Stage::Ask(Field::Subject) if is(&SKIP) => Some(Action::Skip),
        Stage::Ask(Field::Urgency) if is(&NO) => Some(Action::Urgency(Urgency::Normal)),
        Stage::Ask(Field::Urgency) if is(&YES) => Some(Action::Urgency(Urgency::Urgent)),
        Stage::Offer | Stage::Existing | Stage::Summary | Stage::Ask(_) => None,
    }
}

/// "corriger l'e-mail", "je voudrais changer mon nom", "modifier". Nothing may follow: "modifier l'adresse de
/// livraison" is a request.
fn correction(said: &str) -> Option<Action> {
    let said = WISH.iter().find_map(|wish| said.strip_prefix(wish)).unwrap_or(said);
    let (verb, object) = said.split_once(' ').unwrap_or((said, ""));
    if !EDIT.contains(&verb) {
        return None;
    }
    if object.is_empty() { Some(Action::Correct) } else { field(object).map(Action::Edit) }
}

/// "l'e-mail", "mon nom", "société".
fn field(said: &str) -> Option<Field> {
    let articles = ["l ", "le ", "la ", "mon ", "ma ", "mes ", "d "];
    let noun = articles.iter().find_map(|article| said.strip_prefix(article)).unwrap_or(said);
    match noun {
        "nom" | "prenom" | "nom et prenom" => Some(Field::Name),
        "mail" | "e mail" | "email" | "adresse" | "adresse mail" | "adresse e mail" | "courriel" => Some(Field::Email),
        "societe" | "entreprise" => Some(Field::Company),
        "objet" | "sujet" | "titre" => Some(Field::Subject),
        "message" | "demande" | "description" | "texte" | "question" => Some(Field::Request),
        "produit" | "logiciel" => Some(Field::Product),
        "urgence" | "priorite" => Some(Field::Urgency),
        _ => None,
    }
}

/// "annuler ma demande", "envoyez tout": a verb of `list` and what is at hand.
fn is_with_object(said: &str, list: &[&str]) -> bool {
    OBJECTS.iter().filter_map(|object| said.strip_suffix(object)).any(|verb| list.contains(&verb))
}

/// "2", "2.", "2)", "n° 2".
fn number(text: &str) -> Option<usize> {
    let text = text.trim().trim_start_matches(['n', '°', '#', 'º']).trim_start().trim_end_matches(['.', ')', ' ']);
    if text.len() > 2 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(stage: Stage, text: &str, expected: Option<&str>) {
        let offered = ["do:ticket", "do:add:G-0000-0007", "do:cancel"].map(|id| id.parse().expect("an action"));
        let form = Form { stage, offered: offered.into(), ..Form::default() };
        assert_eq!(choice(text, &form).map(String::from).as_deref(), expected, "{text} at {stage:?}");
    }

    #[test]
    fn words_choose_as_buttons_do() {
        for (stage, text, expected) in [
            (Stage::Offer, "oui", "do:ticket"),
            (Stage::Offer, "Oui, merci !", "do:ticket"),
            (Stage::Offer, "par e-mail svp", "do:mail"),
            (Stage::Offer, "non merci", "do:cancel"),
            (Stage::Offer, "Non", "do:cancel"),
            (Stage::Offer, "1", "do:ticket"),
            (Stage::Offer, "3.", "do:cancel"),
            (Stage::Existing, "oui", "do:add:G-0000-0007"),
            (Stage::Existing, "une nouvelle demande", "do:new"),
            (Stage::Summary, "Oui, envoyez", "do:confirm"),
            (Stage::Summary, "envoyez la demande svp", "do:confirm"),
            (Stage::Summary, "non", "do:edit"),
            (Stage::Summary, "corriger l'e-mail", "do:edit:email"),
            (Stage::Ask(Field::Name), "je voudrais modifier mon adresse e-mail", "do:edit:email"),
            (Stage::Ask(Field::Name), "Annulez ma demande", "do:cancel"),
            (Stage::Ask(Field::Name), "annuler", "do:cancel"),
            (Stage::Ask(Field::Product), "je ne sais pas", "do:skip"),
            (Stage::Correct, "mon nom", "do:edit:name"),
            (Stage::Ask(Field::Urgency), "oui", "do:urgency:urgent"),
        ] {
            check(stage, text, Some(expected));
        }
    }

    #[test]
    fn a_number_that_no_choice_has_is_told_from_other_words() {
        let offered = ["do:ticket", "do:cancel"].map(|id| id.parse().expect("an action"));
        let form = Form { offered: offered.into(), ..Form::default() };
        for (text, expected) in
            [("3", true), ("n° 7.", true), ("0", true), ("2", false), ("100", false), ("7 clés", false), ("", false)]
        {
            assert_eq!(is_past_the_choices(text, &form), expected, "{text}");
        }
    }

    #[test]
    fn other_words_choose_nothing() {
        for (stage, text) in [
            (Stage::Ask(Field::Request), "annuler un contrat"),
            (Stage::Ask(Field::Request), "modifier l'adresse de livraison"),
            (Stage::Ask(Field::Name), "oui"),
            (Stage::Ask(Field::Email), "mail"),
            (Stage::Offer, "9"),
            (Stage::Offer, "0"),
            (Stage::Offer, "où sont les clés ?"),
            (Stage::Summary, ""),
            (Stage::Summary, "merci"),
        ] {
            check(stage, text, None);
        }
    }
}
