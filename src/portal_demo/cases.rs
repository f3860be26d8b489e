//! One contract in each state for each product: what composed answers are tried on.

use jiff::Timestamp;
use jiff::civil::Date;

use super::World;
use super::contracts::{PRODUCTS, Plan};
use super::state::{self, State};
use crate::facts::dossier::{Dossier, Part};
use crate::model::Read;

/// A contract in a state, with everything that is known of it.
pub(crate) struct Case {
    /// What the contract is like, in French.
    pub(crate) state: &'static str,
    /// What is known.
    pub(crate) dossier: Dossier,
    /// When.
    pub(crate) now: Timestamp,
}

/// Every state with every product, on `today`.
pub(crate) fn cases(today: Date) -> Vec<Case> {
    let world = World::new(today);
    let mut cases = Vec::new();
    for state in state::ALL {
        for product in 0..PRODUCTS.len() {
            let number = cases.len() as u64;
            let customer = world.customers[0].clone();
            let is_loyal = product % 2 == 0;
            let made = Plan { number, customer, product, state, is_loyal }.make(today, world.now, &world.indices);
            let dossier = Dossier {
                is_own_site: true,
                may_see_prices: true,
                may_see_invoices: true,
                partner: Part::Read(Read { value: world.partners[0].clone(), read_at: world.now }),
                invoices: Part::Read(Read { value: made.invoices, read_at: world.now }),
                named_invoice: None,
                keys: Part::Read(Read { value: made.keys, read_at: world.now }),
                contract: Read { value: made.contract, read_at: world.now },
            };
            cases.push(Case { state: state.name(), dossier, now: world.now });
        }
    }
    cases
}

/// Everything that is known of each contract of the world of `today`: as its own partner sees it, as somebody sees it who
/// may see nothing but contracts, and with the last invoice named.
#[cfg(test)]
pub(crate) fn demo_dossiers(today: Date) -> Vec<Case> {
    use crate::facts::dossier::Why;
    use crate::model::Contract;

    let world = World::new(today);
    let whole = |contract: &Contract| {
        let partner = world.partners.iter().find(|partner| partner.id == contract.partner).expect("it has one");
        let mut invoices = world.invoices.clone();
        invoices.retain(|invoice| invoice.contract.as_ref() == Some(&contract.id));
        let read_at = world.now;
        Dossier {
            is_own_site: true,
            may_see_prices: true,
            may_see_invoices: true,
            partner: Part::Read(Read { value: partner.clone(), read_at }),
            invoices: Part::Read(Read { value: invoices, read_at }),
            named_invoice: None,
            keys: Part::Read(Read { value: world.keys[&contract.id].clone(), read_at }),
            contract: Read { value: contract.clone(), read_at },
        }
    };
    let mut cases = Vec::new();
    for contract in &world.contracts {
        let all = whole(contract);
        let named = world.invoices.iter().find(|invoice| invoice.contract.as_ref() == Some(&contract.id)).cloned();
        let bare = Contract { pricing: None, previous_invoice: None, ..contract.clone() };
        let little = Dossier {
            is_own_site: false,
            may_see_prices: false,
            may_see_invoices: false,
            partner: Part::Missing(Why::Silent),
            invoices: Part::Missing(Why::NotAllowed),
            keys: Part::Missing(Why::NotAllowed),
            contract: Read { value: bare, read_at: world.now },
            named_invoice: None,
        };
        let with_name = Dossier { named_invoice: named, ..all.clone() };
        let now = world.now;
        cases.extend([all, little, with_name].map(|dossier| Case { state: "", dossier, now }));
    }
    cases
}

impl State {
    /// What it shows, in French.
    fn name(self) -> &'static str {
        match self {
            Self::Renewed => "réabonné il y a un mois",
            Self::Running => "en cours",
            Self::Terminable => "14 jours pour résilier",
            Self::LastDay => "dernier jour pour résilier",
            Self::TooLate => "délai de résiliation passé",
            Self::TerminationAsked => "résiliation demandée",
            Self::TerminationAccepted => "résiliation acceptée",
            Self::ReactivationAsked => "réactivation demandée",
            Self::UnpaidBefore => "échu, facture N-1 impayée",
            Self::Expired => "expiré",
            Self::Terminated => "résilié",
            Self::Suspended => "suspendu",
            Self::Draft => "pas encore commencé",
            Self::NotTacit => "sans tacite reconduction",
            Self::Invoiced => "prochaine facture éditée",
        }
    }
}
