//! The invented companies: three partners, four establishments, two hundred customers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use guichet_kb::fold::fold;
use jiff::Timestamp;
use jiff::civil::Date;

use super::contracts::{PRODUCTS, Plan, days};
use super::state::{self, State};
use super::{names, numbers};
use crate::clients::portal::{FamilyIndex, InformationRequest, NewInformationRequest};
use crate::model::{
    ActivationKey, Collection, Contact, Contract, ContractId, Customer, Establishment, EstablishmentId, Invoice,
    Partner, PartnerId, Right, UserId, Visitor,
};
use crate::opening;

/// Everything that the demo portal knows. Only information requests are ever added.
pub(crate) struct World {
    pub(super) now: Timestamp,
    pub(super) partners: Vec<Partner>,
    pub(super) users: Vec<User>,
    pub(super) customers: Vec<Customer>,
    /// By end date.
    pub(super) contracts: Vec<Contract>,
    /// Newest first.
    pub(super) invoices: Vec<Invoice>,
    pub(super) keys: BTreeMap<ContractId, Vec<ActivationKey>>,
    pub(super) indices: Vec<FamilyIndex>,
    pub(super) requests: Mutex<BTreeMap<(UserId, String), Recorded>>,
}

/// Somebody who may sign in, as people see it.
pub(crate) struct Person<'a> {
    /// The name.
    pub(crate) name: &'a str,
    /// The name of the company.
    pub(crate) partner: &'a str,
    /// What a token says.
    pub(crate) visitor: &'a Visitor,
}

/// Somebody who signs in.
pub(super) struct User {
    pub(super) name: &'static str,
    pub(super) visitor: Visitor,
}

/// An information request with what it was asked with.
#[derive(Clone)]
pub(super) struct Recorded {
    pub(super) contract: ContractId,
    pub(super) asked: NewInformationRequest,
    pub(super) request: InformationRequest,
}

/// Partners: id, code, name, sites (id, name, city), how many customers.
type PartnerPlan =
    (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str, &'static str)], usize);

const PARTNERS: [PartnerPlan; 3] = [
    (
        "P-1",
        "0071236",
        "Alizé Informatique",
        &[("E-11", "Alizé Informatique Lyon", "Lyon"), ("E-12", "Alizé Informatique Nantes", "Nantes")],
        100,
    ),
    ("P-2", "0098745", "Cap Gestion Conseil", &[("E-21", "Cap Gestion Conseil", "Bordeaux")], 70),
    ("P-3", "0045872", "Brume & Associés", &[("E-31", "Brume & Associés", "Lille")], 30),
];

/// Users: id, name, partner, sites, rights that they lack.
type UserPlan = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [Right]);

const USERS: [UserPlan; 7] = [
    ("U-11", "Claire Aubry", "P-1", &["E-11"], &[]),
    ("U-12", "Hugo Besnard", "P-1", &["E-11"], &[Right::ParentView]),
    ("U-13", "Nadia Colin", "P-1", &["E-12"], &[Right::ParentView, Right::Prices, Right::Keys, Right::Invoices]),
    ("U-14", "Sonia Girard", "P-1", &["E-11", "E-12"], &[Right::ParentView]),
    ("U-21", "Marc Delorme", "P-2", &["E-21"], &[]),
    ("U-31", "Inès Estève", "P-3", &["E-31"], &[]),
    ("U-32", "Paul Ferrand", "P-3", &["E-31"], &[Right::Contracts, Right::Prices, Right::Keys, Right::Requests]),
];

/// Customers of the first partner whom people ask about: name, site, product, state, loyal. They come first.
const KNOWN: [(&str, &str, usize, State, bool); 12] = [
    ("Garage Martin", "E-11", 0, State::UnpaidBefore, false),
    ("Garage Martin & Fils", "E-12", 1, State::Running, true),
    ("SCI Dumas", "E-11", 3, State::Running, true),
    ("Menuiserie Dubreuil", "E-11", 0, State::Terminable, false),
    ("Clinique Saint-Jean", "E-11", 3, State::TooLate, false),
    ("Nord Emballages", "E-11", 1, State::ReactivationAsked, false),
    ("Hôtel Beaurivage", "E-11", 0, State::TerminationAsked, false),
    ("Aquitaine Fret", "E-11", 4, State::Running, false),
    ("Bati Concept", "E-11", 2, State::Draft, false),
    ("Clim’Azur", "E-12", 5, State::Renewed, false),
    ("Béton du Midi", "E-11", 2, State::Invoiced, true),
    ("Les Jardins de Cana", "E-12", 3, State::LastDay, false),
];

/// Families and their index in the year before, this year, the next and the one after.
const INDICES: [(&str, [&str; 4]); 4] = [
    ("L100", ["1.022", "1.035", "1.0425", "1.04"]),
    ("ONLINE", ["1.015", "1.02", "1.0275", "1.03"]),
    ("PAIE", ["1.018", "1.028", "1.031", "1.03"]),
    ("MGE", ["1.03", "1.05", "1.055", "1.05"]),
];

impl World {
    /// The world on `today`, at six in the morning.
    pub(crate) fn new(today: Date) -> Self {
        let mut world = Self {
            partners: PARTNERS.iter().enumerate().map(|(n, plan)| partner(n, plan, today)).collect(),
            users: USERS.iter().map(user).collect(),
            ..Self::empty(today)
        };
        for plan in &PARTNERS {
            world.populate(plan, today);
        }
        world.sorted()
    }

    /// A world without anybody on `today`.
    pub(super) fn empty(today: Date) -> Self {
        let morning = today.at(6, 0, 0, 0).to_zoned_datetime(opening::paris());
        let now = morning.expect("a demo is dated within the years that a clock shows").timestamp();
        Self {
            now,
            partners: Vec::new(),
            users: Vec::new(),
            customers: Vec::new(),
            contracts: Vec::new(),
            invoices: Vec::new(),
            keys: BTreeMap::new(),
            indices: indices(today.year()),
            requests: Mutex::default(),
        }
    }

    /// The same in the order in which lists are given.
    pub(super) fn sorted(mut self) -> Self {
        self.contracts.sort_by(|a, b| (a.end_on, &a.id).cmp(&(b.end_on, &b.id)));
        self.invoices.sort_by(|a, b| (b.issued_on, &b.id).cmp(&(a.issued_on, &a.id)));
        self
    }

    /// The moment at which all of it is true.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// All contracts, whosever they are.
    #[cfg(test)]
    pub(crate) fn all_contracts(&self) -> &[Contract] {
        &self.contracts
    }

    /// Everybody who may sign in.
    pub(crate) fn people(&self) -> impl Iterator<Item = Person<'_>> {
        self.users.iter().map(|user| {
            let partner = self.partners.iter().find(|partner| partner.id == user.visitor.partner);
            Person { name: user.name, partner: partner.map_or("", |partner| &partner.name), visitor: &user.visitor }
        })
    }

    /// The customers of a partner with their contracts: the known ones first; every fifth has two; the last is the
    /// partner's own equipment.
    fn populate(&mut self, plan: &PartnerPlan, today: Date) {
        let (id, _, partner_name, sites, count) = plan;
        let known: &[_] = if *id == "P-1" { &KNOWN } else { &[] };
        for n in 0..*count {
            let is_internal = n + 1 == *count;
            let (name, site, product, state, is_loyal) = match known.get(n) {
                Some((name, site, product, state, is_loyal)) => {
                    ((*name).to_owned(), *site, *product, *state, *is_loyal)
                }
                None if is_internal => ((*partner_name).to_owned(), sites[0].0, 0, State::Running, false),
                // A name of the first partner that others have too, with other facts.
                None if n == 0 => ("Garage Martin".to_owned(), sites[0].0, 1, State::Renewed, true),
                None => {
                    let state = state::ALL[n % state::ALL.len()];
                    (names::company(n), sites[n % sites.len()].0, n * 5 / 3 % PRODUCTS.len(), state, n % 3 == 0)
                }
            };
            let customer = self.add_customer(id, site, name, is_internal);
            self.add_contract(customer.clone(), product, state, is_loyal, today);
            if n % 5 == 4 {
                self.add_contract(customer, (product + 3) % PRODUCTS.len(), State::Running, false, today);
            }
        }
    }

    pub(super) fn add_customer(&mut self, partner: &str, site: &str, name: String, is_internal: bool) -> Customer {
        let number = self.customers.len() as u64;
        let establishment: EstablishmentId = site.parse().expect("an id");
        let sites = self.partners.iter().flat_map(|partner| &partner.establishments);
        let city = sites.into_iter().find(|known| known.id == establishment).map(|site| site.city.clone());
        let customer = Customer {
            id: format!("C-{}", 1_001 + number).parse().expect("an id"),
            code: numbers::customer_code(number),
            name,
            siret: (number % 13 != 8).then(|| numbers::siret(number)),
            city: city.expect("every site is one of the partners'"),
            partner: partner.parse().expect("an id"),
            establishment,
            is_internal,
        };
        self.customers.push(customer.clone());
        customer
    }

    pub(super) fn add_contract(
        &mut self,
        customer: Customer,
        product: usize,
        state: State,
        is_loyal: bool,
        today: Date,
    ) {
        let number = self.contracts.len() as u64;
        let made = Plan { number, customer, product, state, is_loyal }.make(today, self.now, &self.indices);
        self.keys.insert(made.contract.id.clone(), made.keys);
        self.invoices.extend(made.invoices);
        self.contracts.push(made.contract);
    }
}

fn partner(n: usize, (id, code, name, sites, _): &PartnerPlan, today: Date) -> Partner {
    let site = |(at, (id, name, city)): (usize, &(&str, &str, &str))| Establishment {
        id: id.parse().expect("an id"),
        name: (*name).to_owned(),
        siret: numbers::siret((10_000 + 10 * n + at) as u64),
        city: (*city).to_owned(),
    };
    let collection = match *id {
        "P-2" => Collection::Reminded { since: Some(days(today, -8)) },
        "P-3" => Collection::UnderWay { since: Some(days(today, -34)) },
        _ => Collection::None { since: None },
    };
    Partner {
        id: id.parse().expect("an id"),
        code: (*code).to_owned(),
        name: (*name).to_owned(),
        collection,
        establishments: sites.iter().enumerate().map(site).collect(),
    }
}

fn user((id, name, partner, sites, lacks): &UserPlan) -> User {
    let rights: BTreeSet<Right> =
        Right::NAMES.iter().map(|(right, _)| *right).filter(|right| !lacks.contains(right)).collect();
    let company = PARTNERS.iter().find(|(id, ..)| id == partner).map(|(_, _, company, ..)| *company);
    let visitor = Visitor {
        partner: partner.parse::<PartnerId>().expect("an id"),
        user: id.parse().expect("an id"),
        establishments: sites.iter().map(|site| site.parse().expect("an id")).collect(),
        rights,
        contact: Contact::read(Some(name), Some(&address(name, partner)), company),
    };
    User { name, visitor }
}

/// The invented address of an invented person: `claire.aubry@alize.example`.
fn address(name: &str, partner: &str) -> String {
    let domain = match partner {
        "P-1" => "alize",
        "P-2" => "cap-gestion",
        _ => "brume",
    };
    format!("{}@{domain}.example", fold(name).split_whitespace().collect::<Vec<_>>().join("."))
}

/// The indices of four years, from the one before `year`.
fn indices(year: i16) -> Vec<FamilyIndex> {
    let of_family = |(family, values): &(&str, [&str; 4])| {
        let years = (year - 1..).zip(*values);
        let make = |(year, value): (i16, &str)| FamilyIndex {
            family: (*family).to_owned(),
            year,
            value: value.parse().expect("a multiplier"),
        };
        years.map(make).collect::<Vec<_>>()
    };
    INDICES.iter().flat_map(of_family).collect()
}

/// Days are counted where the portal stands.
pub(crate) fn today(now: Timestamp) -> Date {
    now.to_zoned_datetime(opening::paris()).date()
}
