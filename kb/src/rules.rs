//! The rules of the house, read from `rules.fr.toml`: numbers and sentences are data, only their meaning is code, in the service.

use serde::{Deserialize, Serialize};

use crate::entry::EntryId;

/// The file of the rules.
pub const FILE: &str = "rules.fr.toml";

/// All rules. Each is needed: a missing one is an error when the file is read, not when somebody asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// What a renewal costs.
    pub renewal_price: Plain,
    /// Until when a contract can be terminated.
    pub termination_notice: Notice,
    /// Which contracts are terminated online.
    pub termination_online: Online,
    /// When the invoice of a renewal goes out.
    pub renewal_invoice: InvoiceMonth,
    /// When keys come.
    pub keys_delay: KeysDelay,
    /// When indices change.
    pub index_change: IndexChange,
    /// Whether contracts renew by themselves.
    pub tacit_renewal: Tacit,
    /// Why a contract is not renewed.
    pub not_renewed: NotRenewed,
}

/// A rule without numbers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plain {
    source: EntryId,
    text: String,
}

/// How long before the end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    source: EntryId,
    text: String,
    /// In days.
    pub days: u16,
}

/// Which ranges have no button.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Online {
    source: EntryId,
    text: String,
    /// Terminated by other means only.
    pub ranges_offline: Vec<Range>,
}

/// In which month an invoice goes out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvoiceMonth {
    source: EntryId,
    text: String,
    /// Months before the one in which the term begins.
    pub months_before: u8,
}

/// How long keys take.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysDelay {
    source: EntryId,
    text: String,
    /// Hours after the quote is validated.
    pub hours: u16,
}

/// On which day of the year indices change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexChange {
    source: EntryId,
    text: String,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 28.
    pub day: i8,
}

/// Whether it is so when nothing else is said.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tacit {
    source: EntryId,
    text: String,
    /// Contracts renew by themselves.
    pub default: bool,
}

/// Why a contract is not renewed, in the order in which it is said.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotRenewed {
    source: EntryId,
    text: String,
    /// The reasons that count.
    pub reasons: Vec<ReasonKind>,
}

/// A reason why a contract is not renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// Invoice N-1 is not paid.
    PreviousInvoiceUnpaid,
    /// The partner is in collection.
    InCollection,
    /// A termination or a reactivation was asked for.
    ChangeRequested,
}

/// Which customers a product is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// Small and middle companies.
    Pme,
    /// Middle and large companies: not terminated online.
    Mge,
}

/// Which rule; `as_str` is its name in the file, and what an answer cites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleId {
    /// What a renewal costs.
    RenewalPrice,
    /// Until when a contract can be terminated.
    TerminationNotice,
    /// Which contracts are terminated online.
    TerminationOnline,
    /// When the invoice of a renewal goes out.
    RenewalInvoice,
    /// When keys come.
    KeysDelay,
    /// When indices change.
    IndexChange,
    /// Whether contracts renew by themselves.
    TacitRenewal,
    /// Why a contract is not renewed.
    NotRenewed,
}

/// What an answer cites besides a rule's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Citation<'a> {
    /// The rule.
    pub rule: RuleId,
    /// The entry that states it.
    pub source: &'a EntryId,
    /// How it is said.
    pub text: &'a str,
}

/// Why the rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// It is no TOML, or a rule or a number is missing, unknown or impossible.
    #[error("{}", .0.message())]
    Toml(#[from] toml::de::Error),
    /// A number makes no sense.
    #[error("{0}")]
    Senseless(&'static str),
    /// The rule says that it comes from there.
    #[error("the rule {rule} comes from the entry {entry}, which does not exist", rule = .0.as_str(), entry = .1)]
    NoEntry(RuleId, EntryId),
}

impl RuleId {
    /// All of them.
    pub const ALL: [Self; 8] = [
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
    pub fn as_str(self) -> &'static str {
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
    pub fn read(text: &str, knows: impl Fn(&EntryId) -> bool) -> Result<Self, RulesError> {
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
    pub fn cite(&self, rule: RuleId) -> Citation<'_> {
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

impl RulesError {
    /// Line of `text` at which it is wrong; 0 when the whole file is meant.
    pub fn line(&self, text: &str) -> usize {
        let line_at = |place: usize| 1 + text[..place.min(text.len())].matches('\n').count();
        match self {
            Self::Toml(error) => error.span().map_or(0, |span| line_at(span.start)),
            Self::NoEntry(rule, _) => text.find(&format!("[{}]", rule.as_str())).map_or(0, line_at),
            Self::Senseless(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARRIED: &str = include_str!("../rules.fr.toml");

    #[test]
    fn what_is_missing_unknown_or_senseless_is_refused_and_named() {
        let check = |from: &str, to: &str, named: &str| {
            assert!(CARRIED.contains(from), "{from}");
            let text = CARRIED.replacen(from, to, 1);
            let error = Rules::read(&text, |id| id.as_str() != "absente").expect_err(to);
            assert!(error.to_string().contains(named), "{error}");
        };
        check("[keys_delay]", "[keys_dealy]", "keys_dealy");
        check("days = 60", "", "days");
        check("days = 60", "days = 60\nweeks = 2", "weeks");
        check("days = 60", "days = 0", "termination_notice.days");
        check("days = 60", "days = \"60\"", "60");
        check("[\"mge\"]", "[\"mgee\"]", "mgee");
        check("month = 1", "month = 13", "index_change");
        check("months_before = 1", "months_before = 0", "months_before");
        check("source = \"reabonnement-absent\"", "source = \"absente\"", "absente");
        check("\"in_collection\"", "\"in_colection\"", "in_colection");
    }

    #[test]
    fn an_error_has_its_line() {
        let text = CARRIED.replacen("source = \"reabonnement-absent\"", "source = \"absente\"", 1);
        let error = Rules::read(&text, |id| id.as_str() != "absente").expect_err("it does not exist");
        assert_eq!(text.lines().nth(error.line(&text) - 1), Some("[not_renewed]"));
        let text = CARRIED.replacen("days = 60", "days = \"60\"", 1);
        let error = Rules::read(&text, |_| true).expect_err("it is no number");
        assert!(text.lines().nth(error.line(&text) - 1).is_some_and(|line| line.contains("days")));
    }
}
