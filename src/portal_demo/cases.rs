//! One contract in each state for each product: what composed answers are tried on.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::World;
use super::contracts::{PRODUCTS, Plan};
use super::state::{self, State};
use crate::facts::dossier::{Dossier, Part, Why};
use crate::model::{ActivationKey, Collection, InvoiceStatus, Money, Read};

/// A contract in a state, with everything that is known of it.
pub(crate) struct Case {
    /// What the contract is like, in French.
    pub(crate) state: &'static str,
    /// What is known.
    pub(crate) dossier: Dossier,
    /// When.
    pub(crate) now: Timestamp,
}

/// Every state with every product, on `today`, then what may come on top of a state.
pub(crate) fn cases(today: Date) -> Vec<Case> {
    let world = World::new(today);
    let mut cases = Vec::new();
    for state in state::ALL {
        for product in 0..PRODUCTS.len() {
            cases.push(Case { state: state.name(), dossier: whole(&world, state, product, today), now: world.now });
        }
    }
    for (name, state, change) in SITUATIONS {
        for product in 0..PRODUCTS.len() {
            let mut dossier = whole(&world, state, product, today);
            change(&mut dossier);
            cases.push(Case { state: name, dossier, now: world.now });
        }
    }
    cases
}

/// A contract in `state` for a product, with everything that is known of it.
fn whole(world: &World, state: State, product: usize, today: Date) -> Dossier {
    let place = state::ALL.iter().position(|known| *known == state).unwrap_or_default() * PRODUCTS.len() + product;
    let plan = Plan {
        number: place as u64,
        customer: world.customers[0].clone(),
        product,
        state,
        is_loyal: product.is_multiple_of(2),
    };
    let made = plan.make(today, world.now, &world.indices);
    Dossier {
        is_own_site: true,
        may_see_prices: true,
        may_see_invoices: true,
        partner: Part::Read(Read { value: world.partners[0].clone(), read_at: world.now }),
        invoices: Part::Read(Read { value: made.invoices, read_at: world.now }),
        named_invoice: None,
        keys: Part::Read(Read { value: made.keys, read_at: world.now }),
        contract: Read { value: made.contract, read_at: world.now },
    }
}

/// In French, of which state, what is different.
type Situation = (&'static str, State, fn(&mut Dossier));

/// What may come on top of a state.
const SITUATIONS: [Situation; 13] = [
    ("échu, partenaire en recouvrement", State::UnpaidBefore, in_collection),
    ("en cours, partenaire en recouvrement", State::Running, in_collection),
    ("en cours, partenaire relancé", State::Running, |it| partner(it, Collection::Reminded { since: None })),
    ("en cours, facture N-1 non échue", State::Running, |it| previous(it, InvoiceStatus::Due)),
    ("en cours, facture N-1 en retard", State::Running, |it| previous(it, InvoiceStatus::Overdue)),
    ("en cours, facture N-1 annulée", State::Running, |it| previous(it, InvoiceStatus::Cancelled)),
    ("clés en retard", State::Draft, |it| {
        keys(it, |key| key.ordered_at = key.ordered_at.saturating_sub(30.hours()).unwrap_or(key.ordered_at));
    }),
    ("aucune clé", State::Draft, |it| {
        if let Part::Read(keys) = &mut it.keys {
            keys.value.clear();
        }
    }),
    ("facture nommée dans la question, réglée", State::Running, |it| named(it, InvoiceStatus::Paid)),
    ("facture nommée dans la question, en retard", State::Running, |it| named(it, InvoiceStatus::Overdue)),
    ("client d’un autre établissement", State::Running, |it| it.is_own_site = false),
    ("sans le droit de voir prix, factures et clés", State::Running, |it| without(it, Why::NotAllowed)),
    ("portail à moitié muet", State::Running, |it| without(it, Why::Silent)),
];

fn in_collection(dossier: &mut Dossier) {
    let since = super::today(dossier.contract.read_at).saturating_sub(34.days());
    partner(dossier, Collection::UnderWay { since: Some(since) });
}

fn partner(dossier: &mut Dossier, collection: Collection) {
    if let Part::Read(partner) = &mut dossier.partner {
        partner.value.collection = collection;
    }
}

fn previous(dossier: &mut Dossier, status: InvoiceStatus) {
    if let Some(invoice) = &mut dossier.contract.value.previous_invoice {
        invoice.status = status;
        invoice.balance = if status == InvoiceStatus::Paid { Money::ZERO } else { invoice.total };
    }
}

fn keys(dossier: &mut Dossier, change: fn(&mut ActivationKey)) {
    if let Part::Read(keys) = &mut dossier.keys {
        keys.value.iter_mut().for_each(change);
    }
}

fn named(dossier: &mut Dossier, status: InvoiceStatus) {
    previous(dossier, status);
    let read_at = dossier.contract.read_at;
    dossier.named_invoice = dossier.contract.value.previous_invoice.clone().map(|value| Read { value, read_at });
}

/// Nothing but the contract itself could be had.
fn without(dossier: &mut Dossier, why: Why) {
    let is_allowed = why == Why::Silent;
    (dossier.may_see_prices, dossier.may_see_invoices) = (is_allowed, is_allowed);
    dossier.contract.value.pricing = None;
    if !is_allowed {
        dossier.contract.value.previous_invoice = None;
    }
    (dossier.partner, dossier.invoices, dossier.keys) = (Part::Missing(why), Part::Missing(why), Part::Missing(why));
}

/// Everything that is known of each contract of the world of `today`: as its own partner sees it, as somebody sees it who
/// may see nothing but contracts, and with the last invoice named.
#[cfg(test)]
pub(crate) fn demo_dossiers(today: Date) -> Vec<Case> {
    use crate::model::Contract;

    let world = World::new(today);
    let everything = |contract: &Contract| {
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
        let all = everything(contract);
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
        let named = named.map(|value| Read { value, read_at: world.now });
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
