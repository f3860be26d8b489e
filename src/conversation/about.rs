//! Messages about the customer of the conversation: which question it is, and about whom. No IO.

use guichet_bots::Outbound;
use guichet_kb::EntryId;
use guichet_kb::fold::fold;

use super::turn::{self, Chosen, Decided, Todo};
use super::{TurnError, leaning};
use crate::answer::{Engine, Outcome};
use crate::escalation::{self, Context};
use crate::facts::mention::mentions;
use crate::lookup::{Subject, Wanted};
use crate::model::{About, Decision, State};
use crate::{reply, text};

/// Words that point at the customer of the conversation.
#[rustfmt::skip]
const POINTING: [&str; 18] = [
    "son", "sa", "ses", "leur", "leurs", "lui", "il", "elle", "ce client", "cette cliente", "ce contrat", "cette societe",
    "cette entreprise", "ce dossier", "cet abonnement", "celui ci", "le meme client", "pour eux",
];
/// Longest message that points, in words.
const POINTING_WORDS: usize = 14;
/// Beginnings of a message that asks the same about somebody else.
#[rustfmt::skip]
const SAME_FOR: [&str; 10] = [
    "et pour", "et chez", "et le client", "et la societe", "et celui de", "et celle de", "pareil pour",
    "meme question pour", "idem pour", "et concernant",
];
/// Longest message that asks the same about somebody else, in words.
const SAME_FOR_WORDS: usize = 10;
/// Words that say who is meant and ask nothing.
#[rustfmt::skip]
const WHOEVER: [&str; 24] = [
    "client", "cliente", "societe", "entreprise", "contrat", "dossier", "le", "la", "les", "l", "du", "de", "d", "un", "mon",
    "pour", "n", "no", "numero", "siret", "code", "serie", "bonjour", "svp",
];
/// Longest wish to forget, in words.
const FORGET_WORDS: usize = 9;
/// What is decided when a customer is forgotten.
const FORGET: &str = "oubli";

/// Whether `text` wishes the customer forgotten. « J’ai oublié mon mot de passe » is a question.
pub(super) fn is_wish_to_forget(text: &str) -> bool {
    let words = words(text);
    let holds = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let forgets = holds(&["oublie", "oublies", "oubliez", "oublier", "efface", "effacez"]);
    let whom = ["client", "cliente", "contrat", "dossier", "societe", "entreprise", "le", "la", "lui", "tout"];
    let is_own = holds(&["j", "ai", "mon", "ma", "passe"]);
    forgets && holds(&whom) && !is_own && words.len() <= FORGET_WORDS && !text.contains('?')
}

/// The customer is forgotten; so is what was shown of customers, see [`forgotten`].
pub(super) fn forget(mut state: State) -> Decided {
    state.just_given = None;
    let had_one = state.about.take().is_some() | state.asking.take().is_some();
    let mut reply = reply::of(&Decision::SmallTalk(FORGET.to_owned()));
    if had_one {
        forgotten(&mut reply, true);
    }
    Decided { state, reply, todo: Todo::Forget }
}

/// Says that it is done, or that nothing was there to forget, unless `reply` says so.
pub(super) fn forgotten(reply: &mut Outbound, had_some: bool) {
    if reply.blocks.is_empty() {
        let said = if had_some { text::lookup::FORGOTTEN } else { text::lookup::NOTHING_TO_FORGET };
        reply::add(reply, &[said.into()], Vec::new());
    }
}

/// The choice of customers or contracts that `text` makes in words. While a dialogue is under way, « oui » answers what it
/// asked last.
pub(super) fn chosen(state: &State, text: &str) -> Option<Chosen> {
    let asking = state.asking.as_ref()?;
    let labels: Vec<&str> = asking.choices.iter().map(|(_, label)| label.as_str()).collect();
    let is_yes = labels.len() == 1
        && state.form.is_none()
        && matches!(words(text).first().map(String::as_str), Some("oui" | "ok" | "ouais"));
    let place = if is_yes { Some(0) } else { leaning::chosen(text, &labels) }?;
    Chosen::parse(&asking.choices[place].0).ok()
}

/// The customer or contract that was chosen.
pub(super) fn picked(chosen: &Chosen) -> Option<Subject> {
    match chosen {
        Chosen::Customer(id) => Some(Subject::Customer(id.clone())),
        Chosen::Contract(id) => Some(Subject::Contract(id.clone())),
        Chosen::Entry(_) | Chosen::Action(_) | Chosen::Request(_) => None,
    }
}

/// The person said which customer or contract: the question that waited for it is looked up, and a dialogue that was under
/// way goes on.
pub(super) fn decide(engine: &Engine, mut state: State, text: &str, picked: Subject, context: &Context<'_>) -> Decided {
    let (entry, question) = match state.asking.take() {
        Some(asking) => (asking.entry, asking.text),
        None => (None, text.to_owned()),
    };
    let form = state.form.take().filter(|form| !form.only_tells_an_incident());
    let outcome = Outcome::certain(Decision::Lookup(entry.clone()), 1.0);
    let reply = turn::note(engine, &mut state, &question, &outcome);
    let wanted = Wanted { entry, text: question, names: Vec::new(), about: picked, kept: None, is_certain: true };
    turn::looked_up(state, reply, wanted, form.map(|form| escalation::resume(form, context)))
}

/// The outcome as it is when the message is about the customer of the conversation: what an entry would answer in general
/// is looked up for that customer.
pub(super) fn about_kept(engine: &Engine, state: &State, text: &str, outcome: &mut Outcome) -> bool {
    if state.about.is_none() || !points(text) {
        return false;
    }
    let entry = match &outcome.decision {
        Decision::Answer(entry) | Decision::Lookup(Some(entry)) => Some(entry.clone()),
        // Of those that may be meant, the first that has something to say about a customer.
        Decision::Clarify(entries) => {
            let composed = entries.iter().find(|id| is_composed(engine, id));
            composed.or(entries.first()).cloned()
        }
        Decision::Lookup(None) | Decision::SmallTalk(_) | Decision::Handoff | Decision::NoAnswer => None,
    };
    let Some(entry) = entry else { return false };
    outcome.decision = Decision::Lookup(Some(entry));
    true
}

/// What `text` says by itself, for the customer of the conversation when it points at one: « et ses clés ? » is not read with
/// the question before.
pub(super) fn alone(engine: &Engine, state: &State, text: &str) -> Result<Option<Outcome>, TurnError> {
    if state.about.is_none() || !points(text) || is_named(engine, text) {
        return Ok(None);
    }
    let mut outcome = engine.ask(text)?;
    Ok(about_kept(engine, state, text, &mut outcome).then_some(outcome))
}

/// Whether `text` names somebody: a name, or a number.
pub(super) fn is_named(engine: &Engine, text: &str) -> bool {
    !mentions(text).is_empty() || !engine.names_in(text).is_empty()
}

/// The entry that is asked again about somebody else: « et pour la SCI Dumas ? ».
pub(super) fn same_for(state: &State, text: &str) -> Option<EntryId> {
    let words = words(text);
    let line = format!("{} ", words.join(" "));
    let is_same = SAME_FOR.iter().any(|start| line.starts_with(&format!("{start} ")));
    let about = state.about.as_ref().filter(|_| is_same && words.len() <= SAME_FOR_WORDS)?;
    about.entry.clone()
}

/// What is to be looked up for `text` with this outcome, when something is.
pub(super) fn wanted_for(
    engine: &Engine,
    state: &State,
    text: &str,
    outcome: &Outcome,
    is_kept: bool,
) -> Option<Wanted> {
    match &outcome.decision {
        Decision::Lookup(entry) => Some(wanted(engine, state, text, entry.clone(), is_kept)),
        Decision::Answer(_)
        | Decision::Clarify(_)
        | Decision::SmallTalk(_)
        | Decision::Handoff
        | Decision::NoAnswer => maybe_named(engine, state, text, outcome),
    }
}

/// What is to be looked up for `text`.
fn wanted(engine: &Engine, state: &State, text: &str, entry: Option<EntryId>, is_kept: bool) -> Wanted {
    let kept = state.about.as_ref().filter(|_| is_kept);
    let entry = entry.filter(|_| is_kept || asks_something(engine, text) || same_for(state, text).is_some());
    let names = if is_kept { Vec::new() } else { engine.names_in(text) };
    Wanted {
        entry,
        text: text.to_owned(),
        names,
        about: kept.map_or(Subject::Named, |about| Subject::Customer(about.customer.clone())),
        kept: kept.and_then(|about| about.contract.clone()),
        is_certain: true,
    }
}

/// What is to be looked up for a question that an entry answers and that may name somebody: « peut-on encore résilier le
/// contrat de la Menuiserie Dubreuil ? ». Only for entries that have something to say about a customer.
fn maybe_named(engine: &Engine, state: &State, text: &str, outcome: &Outcome) -> Option<Wanted> {
    let entry = match &outcome.decision {
        Decision::Answer(entry) => entry,
        Decision::Clarify(entries) => entries.iter().find(|id| is_composed(engine, id))?,
        Decision::Lookup(_) | Decision::SmallTalk(_) | Decision::Handoff | Decision::NoAnswer => return None,
    };
    let mut wanted = wanted(engine, state, text, Some(entry.clone()), false);
    wanted.names.retain(|name| name.contains(' '));
    wanted.is_certain = false;
    (is_composed(engine, entry) && !wanted.names.is_empty()).then_some(wanted)
}

fn is_composed(engine: &Engine, id: &EntryId) -> bool {
    engine.knowledge_base().entry(id.as_str()).is_some_and(|entry| !entry.composed.is_empty())
}

/// What is known no longer than it may be.
pub(super) fn drop_old(state: &mut State, now: i64) {
    state.about = state.about.take().filter(|about: &About| about.until > now);
    state.asking = state.asking.take().filter(|asking| asking.until > now);
}

/// Whether anything is left besides who is meant: « client SCI Dumas » asks nothing.
fn asks_something(engine: &Engine, text: &str) -> bool {
    let names: Vec<String> = engine.names_in(text).iter().flat_map(|name| words(name)).collect();
    let is_empty = |word: &String| {
        WHOEVER.contains(&word.as_str()) || names.contains(word) || word.bytes().any(|byte| byte.is_ascii_digit())
    };
    !words(text).iter().all(is_empty)
}

fn points(text: &str) -> bool {
    let words = words(text);
    let line = format!(" {} ", words.join(" "));
    let points = POINTING.iter().any(|pointing| line.contains(&format!(" {pointing} ")));
    words.len() <= POINTING_WORDS && (points || line.starts_with(" et "))
}

fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
