//! What staff who answer a partner may see of the portal: what this partner sees there, as long as the proof of who it is
//! holds. Every look is kept in the audit, before anything is shown.

use tokio::time::Instant;

use super::{Conversations, TurnError, new_id, now};
use crate::clients::portal::PortalError;
use crate::clients::portal::guarded::Guarded;
use crate::lookup::{Found, Looker, Subject, Wanted, look_up};
use crate::model::{Audit, Contract, ContractId, Customer, CustomerId, Lookup, Partner, Visitor};
use crate::text::dates;

/// What the portal says of a partner.
#[derive(Debug)]
pub(crate) enum PartnerFile {
    /// There is no portal here.
    NoPortal,
    /// The partner has not proved who it is.
    Anonymous,
    /// The proof has ended.
    Expired,
    /// What there is.
    Known(Box<Known>),
}

/// What there is.
#[derive(Debug)]
pub(crate) struct Known {
    /// Who asks.
    pub(crate) visitor: Visitor,
    /// The company; none when the portal is silent.
    pub(crate) partner: Option<Partner>,
    /// Of several customers, those that may be meant; else the one.
    pub(crate) customers: Vec<Customer>,
    /// The contracts of the one customer, or those that may be meant.
    pub(crate) contracts: Vec<Contract>,
    /// Why there is nothing more.
    pub(crate) trouble: Option<Trouble>,
}

/// Why nothing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// This partner has nothing that is called so.
    Unknown,
    /// This user may not see contracts.
    NotAllowed,
    /// The portal did not answer.
    Silent,
}

impl Conversations {
    /// What the partner of a conversation sees in the portal, for `who`: its company, and what is found for `searched`; without
    /// that, the customer that the conversation is about.
    pub(crate) async fn partner_file(&self, id: &str, who: &str, searched: &str) -> Result<PartnerFile, TurnError> {
        let conversation = self.find_for_staff(id).await?;
        let Some(portal) = &self.lookups.portal else { return Ok(PartnerFile::NoPortal) };
        let Some((visitor, valid_until)) = self.store.find_visitor(id).await? else {
            return Ok(PartnerFile::Anonymous);
        };
        if valid_until <= now() {
            return Ok(PartnerFile::Expired);
        }
        let looker = Looker {
            portal: Guarded::new(portal.as_ref(), &visitor),
            visitor: &visitor,
            deadline: Instant::now() + self.lookups.patience,
            today: dates::day((self.lookups.clock)()),
        };
        let about = conversation.state.about.filter(|about| about.until > now());
        let subject = match about {
            _ if !searched.is_empty() => Some((Subject::Named, vec![searched.to_owned()])),
            Some(about) => Some((Subject::Customer(about.customer), Vec::new())),
            None => None,
        };
        let partner = tokio::time::timeout_at(looker.deadline, looker.portal.find_partner()).await;
        let mut known = Known {
            partner: partner.ok().and_then(Result::ok).map(|read| read.value),
            customers: Vec::new(),
            contracts: Vec::new(),
            trouble: None,
            visitor: visitor.clone(),
        };
        if known.partner.is_none() {
            known.trouble = Some(Trouble::Silent);
        }
        if let Some((about, names)) = subject {
            let text = searched.to_owned();
            let wanted = Wanted { entry: None, text, names, about, kept: None, is_certain: true };
            found(&looker, look_up(&looker, &wanted, None).await, &mut known).await;
        }
        self.keep_look(id, who, &known).await?;
        Ok(PartnerFile::Known(Box::new(known)))
    }

    /// Two lines: what was looked at in the portal, and who of the staff did it.
    async fn keep_look(&self, id: &str, who: &str, known: &Known) -> Result<(), TurnError> {
        let customer: Option<CustomerId> = match &known.customers[..] {
            [customer] => Some(customer.id.clone()),
            _ => None,
        };
        let contract: Option<ContractId> = match &known.contracts[..] {
            [contract] => Some(contract.id.clone()),
            _ => None,
        };
        let seen = customer.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default();
        let lookup = Lookup {
            id: new_id(),
            conversation: id.to_owned(),
            partner: known.visitor.partner.clone(),
            user: known.visitor.user.clone(),
            outcome: outcome(known).to_owned(),
            customer,
            contract,
            entry: None,
            at: now(),
        };
        let audit = Audit {
            at: lookup.at,
            who: who.to_owned(),
            what: "conversation.portal_read".to_owned(),
            object: id.to_owned(),
            after: format!("{} {seen}", known.visitor.partner.as_str()).trim_end().to_owned(),
            ..Audit::default()
        };
        Ok(self.store.keep_staff_lookup(&lookup, &audit).await?)
    }
}

/// Puts what was found into `known`; of one customer, the contracts too.
async fn found(looker: &Looker<'_>, found: Found, known: &mut Known) {
    match found {
        Found::Customer(customer) | Found::NoContract(customer) => {
            match looker.contracts(&customer).await {
                Ok(contracts) => known.contracts = contracts.value,
                Err(PortalError::NotAllowed) => known.trouble = Some(Trouble::NotAllowed),
                Err(_) => known.trouble = Some(Trouble::Silent),
            }
            known.customers = vec![customer];
        }
        Found::Customers(customers) => known.customers = customers,
        Found::Contracts(contracts) | Found::Near(_, contracts) => known.contracts = contracts,
        Found::Contract(dossier) => known.contracts = vec![dossier.contract.value],
        Found::Unknown(_) | Found::WrongSiret | Found::Nothing => known.trouble = Some(Trouble::Unknown),
        Found::NotAllowed => known.trouble = Some(Trouble::NotAllowed),
        Found::Silent => known.trouble = Some(Trouble::Silent),
    }
}

/// As the audit of lookups names it.
fn outcome(known: &Known) -> &'static str {
    match known.trouble {
        Some(Trouble::Unknown) => "unknown",
        Some(Trouble::NotAllowed) => "not_allowed",
        Some(Trouble::Silent) => "silent",
        None if known.customers.len() > 1 => "choice",
        None => "found",
    }
}
