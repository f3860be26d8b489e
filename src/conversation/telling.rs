//! What is said of what a lookup found, and what the next turn keeps of it. No IO.

use guichet_bots::{Choice, Outbound};
use guichet_kb::Entry;
use guichet_kb::composed::Template;
use jiff::Timestamp;

use crate::answer::Engine;
use crate::facts::dossier::Dossier;
use crate::facts::values::values;
use crate::lookup::{Found, Wanted};
use crate::model::{
    About, Asking, CONTRACT_CHOICE, CUSTOMER_CHOICE, Contract, ContractId, Customer, CustomerId, Decision, Visitor,
};
use crate::reply;
use crate::reply::composed::{self, Composition};
use crate::text::{Phrase, Sentence, dates, lookup as text};

/// What a lookup is told with.
pub(super) struct Telling<'a> {
    pub(super) engine: &'a Engine,
    /// The entry that the question leads to.
    pub(super) entry: Option<&'a Entry>,
    /// Its template.
    pub(super) template: Option<&'a Template>,
    pub(super) wanted: &'a Wanted,
    /// Who asks.
    pub(super) visitor: &'a Visitor,
    /// The answer without a portal.
    pub(super) plain: &'a Outbound,
    pub(super) now: Timestamp,
    /// Until when what is told may be kept.
    pub(super) until: i64,
}

/// What the rest of the turn takes from a lookup.
pub(super) struct Outcome {
    pub(super) reply: Outbound,
    pub(super) about: Option<About>,
    pub(super) asking: Option<Asking>,
    /// For the audit.
    pub(super) name: &'static str,
    pub(super) customer: Option<CustomerId>,
    pub(super) contract: Option<ContractId>,
}

impl Telling<'_> {
    /// What is said of `found`.
    pub(super) fn tell(&self, found: Found) -> Outcome {
        match found {
            Found::Contract(dossier) => self.contract(&dossier),
            Found::Customer(customer) => self.customer(&customer),
            Found::NoContract(customer) => {
                let mut outcome = self.customer(&customer);
                outcome.reply = self.with_entry(text::NO_CONTRACT, None);
                outcome
            }
            Found::Customers(customers) => {
                let label = |it: &Customer| (format!("{CUSTOMER_CHOICE}{}", it.id.as_str()), text::customer_label(it));
                let said = self.and_where(text::WHICH_CUSTOMER.into(), customers.iter());
                self.choice(&said, customers.iter().map(label).collect(), "choice")
            }
            Found::Contracts(contracts) => {
                let label = |it: &Contract| (format!("{CONTRACT_CHOICE}{}", it.id.as_str()), text::contract_label(it));
                let customer = contracts.first().map(|contract| contract.customer.id.clone());
                let about = contracts.first().map(|contract| self.about(&contract.customer, None));
                let said = self.and_where(text::WHICH_CONTRACT.into(), contracts.iter().map(|it| &it.customer));
                let outcome = self.choice(&said, contracts.iter().map(label).collect(), "choice");
                Outcome { customer, about, ..outcome }
            }
            Found::Near(asked, contracts) => {
                let label = |it: &Contract| (format!("{CONTRACT_CHOICE}{}", it.id.as_str()), text::near_label(it));
                let said = self.and_where(text::near(&asked), contracts.iter().map(|it| &it.customer));
                self.choice(&said, contracts.iter().map(label).collect(), "near")
            }
            Found::Unknown(asked) => outcome(said(text::unknown(&asked)), "unknown"),
            Found::WrongSiret => outcome(said(text::WRONG_SIRET.into()), "unknown"),
            Found::Nothing => outcome(self.with_entry(text::NOT_IN_DOSSIER, None), "unknown"),
            Found::NotAllowed => outcome(self.with_entry(text::NOT_ALLOWED, None), "not_allowed"),
            Found::Silent => outcome(self.with_entry(text::SILENT, Some(text::SILENT_NOWHERE)), "silent"),
        }
    }

    fn contract(&self, dossier: &Dossier) -> Outcome {
        let contract = &dossier.contract.value;
        let knowledge_base = self.engine.knowledge_base();
        let (Some(entry), Some(template), Some(rules)) = (self.entry, self.template, &knowledge_base.rules) else {
            return self.customer(&contract.customer);
        };
        let values = values(dossier, rules, self.now, dates::day(self.now));
        let composition = Composition { entry, template, values: &values, rules, knowledge_base };
        Outcome {
            about: Some(self.about(&contract.customer, Some(&contract.id))),
            customer: Some(contract.customer.id.clone()),
            contract: Some(contract.id.clone()),
            ..outcome(composed::compose(&composition), if dossier.is_whole() { "found" } else { "partial" })
        }
    }

    /// The customer is known; the question leads to no entry, or to one that says where to look.
    fn customer(&self, customer: &Customer) -> Outcome {
        let mut reply = match self.entry {
            Some(_) => self.with_entry(text::NOT_IN_DOSSIER, None),
            None => said(text::what_about(customer)),
        };
        if !self.visitor.establishments.contains(&customer.establishment) {
            reply::add(&mut reply, &[text::FROM_PARENT_VIEW.into()], Vec::new());
        }
        Outcome {
            about: Some(self.about(customer, None)),
            customer: Some(customer.id.clone()),
            ..outcome(reply, "found")
        }
    }

    fn about(&self, customer: &Customer, contract: Option<&ContractId>) -> About {
        About {
            customer: customer.id.clone(),
            contract: contract.cloned(),
            entry: self.wanted.entry.clone(),
            until: self.until,
        }
    }

    /// `question`, after a line that says so when none of `customers` is of the visitor's own establishments.
    fn and_where<'a>(&self, question: Phrase, customers: impl Iterator<Item = &'a Customer>) -> Vec<Phrase> {
        let is_elsewhere = |it: &Customer| !self.visitor.establishments.contains(&it.establishment);
        let mut customers = customers.peekable();
        let are_elsewhere = customers.peek().is_some() && customers.all(is_elsewhere);
        let line = are_elsewhere.then(|| text::ALL_FROM_PARENT_VIEW.into());
        line.into_iter().chain([question]).collect()
    }

    fn choice(&self, said: &[Phrase], choices: Vec<(String, String)>, name: &'static str) -> Outcome {
        let mut reply = reply::of(&Decision::Lookup(None));
        reply::add(&mut reply, said, Vec::new());
        reply.options = choices.iter().map(|(id, label)| Choice { id: id.clone(), label: label.clone() }).collect();
        let asking =
            Asking { entry: self.wanted.entry.clone(), text: self.wanted.text.clone(), choices, until: self.until };
        Outcome { asking: Some(asking), ..outcome(reply, name) }
    }

    /// The plain answer after `sentence`; without an entry, `alone` or the sentence.
    fn with_entry(&self, sentence: Sentence, alone: Option<Sentence>) -> Outbound {
        match self.entry {
            Some(entry) => {
                let mut reply = said(sentence.into());
                reply::append_entry(&mut reply, entry, self.engine.knowledge_base());
                reply
            }
            None => match alone {
                Some(alone) => said(alone.into()),
                None if sentence.id == text::NOT_IN_DOSSIER.id => self.plain.clone(),
                None => said(sentence.into()),
            },
        }
    }
}

fn said(phrase: Phrase) -> Outbound {
    let mut reply = reply::of(&Decision::Lookup(None));
    reply::add(&mut reply, &[phrase], Vec::new());
    reply
}

fn outcome(reply: Outbound, name: &'static str) -> Outcome {
    Outcome { reply, about: None, asking: None, name, customer: None, contract: None }
}
