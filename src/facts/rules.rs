//! The rules of the house, read from `rules.fr.toml`: numbers and sentences are data, only their meaning is code.

use guichet_kb::EntryId;
use serde::Deserialize;

use crate::model::Range;

/// The rules of the knowledge base that the binary carries.
pub(crate) const CARRIED: &str = include_str!("../../kb/rules.fr.toml");

/// All rules. Each is needed: a missing one is an error when the file is read, not when somebody asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rules {
    /// What a renewal costs.
    pub(crate) renewal_price: Plain,
    /// Until when a contract can be terminated.
    pub(crate) termination_notice: Notice,
    /// Which contracts are terminated online.
    pub(crate) termination_online: Online,
    /// When the invoice of a renewal goes out.
    pub(crate) renewal_invoice: InvoiceMonth,
    /// When keys come.
    pub(crate) keys_delay: KeysDelay,
    /// When indices change.
    pub(crate) index_change: IndexChange,
    /// Whether contracts renew by themselves.
    pub(crate) tacit_renewal: Tacit,
    /// Why a contract is not renewed.
    pub(crate) not_renewed: NotRenewed,
}

/// A rule without numbers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plain {
    source: EntryId,
    text: String,
}

/// How long before the end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notice {
    source: EntryId,
    text: String,
    /// In days.
    pub(crate) days: u16,
}

/// Which ranges have no button.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Online {
    source: EntryId,
    text: String,
    /// Terminated by other means only.
    pub(crate) ranges_offline: Vec<Range>,
}

/// In which month an invoice goes out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvoiceMonth {
    source: EntryId,
    text: String,
    /// Months before the one in which the term begins.
    pub(crate) months_before: u8,
}

/// How long keys take.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeysDelay {
    source: EntryId,
    text: String,
    /// Hours after the quote is validated.
    pub(crate) hours: u16,
}

/// On which day of the year indices change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndexChange {
    source: EntryId,
    text: String,
    /// 1 to 12.
    pub(crate) month: i8,
    /// 1 to 28.
    pub(crate) day: i8,
}

/// Whether it is so when nothing else is said.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tacit {
    source: EntryId,
    text: String,
    /// Contracts renew by themselves.
    pub(crate) default: bool,
}

/// Why a contract is not renewed, in the order in which it is said.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotRenewed {
    source: EntryId,
    text: String,
    /// The reasons that count.
    pub(crate) reasons: Vec<ReasonKind>,
}

/// A reason why a contract is not renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReasonKind {
    /// Invoice N-1 is not paid.
    PreviousInvoiceUnpaid,
    /// The partner is in collection.
    InCollection,
    /// A termination or a reactivation was asked for.
    ChangeRequested,
}

/// Which rule; `as_str` is its name in the file, and what an answer cites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RuleId {
    RenewalPrice,
    TerminationNotice,
    TerminationOnline,
    RenewalInvoice,
    KeysDelay,
    IndexChange,
    TacitRenewal,
    NotRenewed,
}

/// What an answer cites besides a rule's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Citation<'a> {
    /// The rule.
    pub(crate) rule: RuleId,
    /// The entry that states it.
    pub(crate) source: &'a EntryId,
    /// How it is said.
    pub(crate) text: &'a str,
}

/// Why the rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RulesError {
    /// It is no TOML, or a rule or a number is missing, unknown or impossible.
    #[error("rules.fr.toml cannot be read")]
    Toml(#[from] toml::de::Error),
    /// A number makes no sense.
    #[error("rules.fr.toml: {0}")]
    Senseless(&'static str),
    /// The rule says that it comes from there.
    #[error("rules.fr.toml: the rule {rule} comes from the entry {entry}, which does not exist", rule = .0.as_str(), entry = .1)]
    NoEntry(RuleId, EntryId),
}

impl RuleId {
    /// All of them.
    pub(crate) const ALL: [Self; 8] = [
        Self::RenewalPrice,
        Self::TerminationNotice,
        Self::TerminationOnline,
        Self::RenewalInvoice,
        Self::KeysDelay,
        Self::IndexChange,
        Self::TacitRenewal,
        Self::NotRenewed,
    ];

    /// The name of the rule.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::RenewalPrice => "renewal_price",
            Self::TerminationNotice => "termination_notice",
            Self::TerminationOnline => "termination_online",
            Self::RenewalInvoice => "renewal_invoice",
            Self::KeysDelay => "keys_delay",
            Self::IndexChange => "index_change",
            Self::TacitRenewal => "tacit_renewal",
            Self::NotRenewed => "not_renewed",
        }
    }
}

impl Rules {
    /// The rules that `text` says; `knows` tells which entries exist.
    ///
    /// # Errors
    /// When one is missing or makes no sense, or comes from an entry that does not exist.
    pub(crate) fn read(text: &str, knows: impl Fn(&EntryId) -> bool) -> Result<Self, RulesError> {
        let rules: Self = toml::from_str(text)?;
        if !(1..=366).contains(&rules.termination_notice.days) {
            return Err(RulesError::Senseless("termination_notice.days must be 1 to 366"));
        }
        if !(1..=12).contains(&rules.renewal_invoice.months_before) {
            return Err(RulesError::Senseless("renewal_invoice.months_before must be 1 to 12"));
        }
        let IndexChange { month, day, .. } = rules.index_change;
        // Every year has such a day.
        if !(1..=12).contains(&month) || !(1..=28).contains(&day) {
            return Err(RulesError::Senseless("index_change must be a day that every year has"));
        }
        for rule in RuleId::ALL {
            let source = rules.cite(rule).source;
            if !knows(source) {
                return Err(RulesError::NoEntry(rule, source.clone()));
            }
        }
        Ok(rules)
    }

    /// What an answer that rests on `rule` cites.
    pub(crate) fn cite(&self, rule: RuleId) -> Citation<'_> {
        macro_rules! parts {
            ($name:ident) => {
                (&self.$name.source, self.$name.text.as_str())
            };
        }
        let (source, text) = match rule {
            RuleId::RenewalPrice => parts!(renewal_price),
            RuleId::TerminationNotice => parts!(termination_notice),
            RuleId::TerminationOnline => parts!(termination_online),
            RuleId::RenewalInvoice => parts!(renewal_invoice),
            RuleId::KeysDelay => parts!(keys_delay),
            RuleId::IndexChange => parts!(index_change),
            RuleId::TacitRenewal => parts!(tacit_renewal),
            RuleId::NotRenewed => parts!(not_renewed),
        };
        Citation { rule, source, text }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The rules as they are carried.
    pub(in crate::facts) fn carried() -> Rules {
        Rules::read(CARRIED, |_| true).expect("the carried rules are right")
    }

    #[test]
    fn every_carried_rule_comes_from_a_published_entry() {
        let known = crate::knowledge::load(None).expect("the binary carries a knowledge base").knowledge_base;
        let entries = known.public_entries();
        let rules = Rules::read(CARRIED, |id| entries.iter().any(|entry| entry.id == *id)).expect("right rules");
        assert_eq!(rules.termination_notice.days, 60);
        assert!(RuleId::ALL.iter().all(|rule| !rules.cite(*rule).text.is_empty()));
    }

    #[test]
    fn what_is_missing_unknown_or_senseless_is_refused_and_named() {
        let check = |from: &str, to: &str, named: &str| {
            assert!(CARRIED.contains(from), "{from}");
            let error = Rules::read(&CARRIED.replacen(from, to, 1), |id| id.as_str() != "absente");
            let error = format!("{:#}", anyhow::Error::from(error.expect_err(to)));
            assert!(error.contains(named), "{error}");
        };
        check("[keys_delay]", "[keys_dealy]", "keys_dealy");
        check("days = 60", "", "days");
        check("days = 60", "days = 60\nweeks = 2", "weeks");
        check("days = 60", "days = 0", "termination_notice.days");
        check("days = 60", "days = \"60\"", "days");
        check("[\"mge\"]", "[\"mgee\"]", "mgee");
        check("month = 1", "month = 13", "index_change");
        check("months_before = 1", "months_before = 0", "months_before");
        check("source = \"reabonnement-absent\"", "source = \"absente\"", "absente");
        check("\"in_collection\"", "\"in_colection\"", "in_colection");
    }
}
