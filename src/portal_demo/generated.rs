//! Other worlds than the one that is shown: partners, sites, users, rights, customers and contracts by a seed. What must hold
//! in every world is tested in many.

use jiff::civil::Date;

use super::contracts::PRODUCTS;
use super::world::{User, World};
use super::{names, state};
use crate::model::{Collection, Contact, Establishment, Partner, Right, Visitor};

/// Few names, so that partners and sites share them.
const NAMES: u64 = 24;

/// Numbers that follow from a seed (SplitMix64).
struct Numbers(u64);

impl Numbers {
    /// Below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    fn place(&mut self, end: usize) -> usize {
        usize::try_from(self.below(end as u64)).expect("it is below a length")
    }
}

impl World {
    /// The world of `seed` on `today`: two to four partners with one to three sites, users with any rights, customers whose
    /// names come twice, contracts in any state.
    pub(crate) fn generated(today: Date, seed: u64) -> Self {
        let mut numbers = Numbers(seed);
        let mut world = Self::empty(today);
        for n in 1..=2 + numbers.below(3) {
            let sites: Vec<String> = (1..=1 + numbers.below(3)).map(|site| format!("E-{n}{site}")).collect();
            world.partners.push(partner(n, &sites, &mut numbers));
            for k in 1..=1 + numbers.below(3) {
                let visitor = visitor(n, k, &sites, &mut numbers);
                world.users.push(User { name: "Une personne", visitor });
            }
            for _ in 0..4 + numbers.below(9) {
                let site = &sites[numbers.place(sites.len())];
                let name = names::company(usize::try_from(numbers.below(NAMES)).expect("a small number"));
                let customer = world.add_customer(&format!("P-{n}"), site, name, numbers.below(9) == 0);
                for _ in 0..=numbers.below(3) {
                    let state = state::ALL[numbers.place(state::ALL.len())];
                    let product = numbers.place(PRODUCTS.len());
                    world.add_contract(customer.clone(), product, state, numbers.below(2) == 0, today);
                }
            }
        }
        world.sorted()
    }
}

fn partner(n: u64, sites: &[String], numbers: &mut Numbers) -> Partner {
    let site = |id: &String| Establishment {
        id: id.parse().expect("an id"),
        name: format!("Site {id}"),
        siret: super::numbers::siret(20_000 + n),
        city: if id.ends_with('1') { "Lyon".to_owned() } else { format!("Ville {id}") },
    };
    Partner {
        id: format!("P-{n}").parse().expect("an id"),
        code: format!("00{:05}", 10_000 + n * 1_111),
        name: format!("Partenaire {n}"),
        collection: match numbers.below(3) {
            0 => Collection::UnderWay { since: None },
            1 => Collection::Reminded { since: None },
            _ => Collection::None { since: None },
        },
        establishments: sites.iter().map(site).collect(),
    }
}

fn visitor(n: u64, k: u64, sites: &[String], numbers: &mut Numbers) -> Visitor {
    let own = numbers.place(sites.len());
    let mut establishments = std::collections::BTreeSet::new();
    for (at, id) in sites.iter().enumerate() {
        if at == own || numbers.below(3) == 0 {
            establishments.insert(id.parse().expect("an id"));
        }
    }
    // Three of four: a user without any rights shows little.
    let rights = Right::NAMES.map(|(right, _)| right).into_iter().filter(|_| numbers.below(4) > 0).collect();
    Visitor {
        partner: format!("P-{n}").parse().expect("an id"),
        user: format!("U-{n}{k}").parse().expect("an id"),
        establishments,
        rights,
        contact: Contact::default(),
    }
}
