//! What a lookup takes from a portal that is not honest, and where it looks first.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use guichet_bots::terminal;
use jiff::civil::date;
use jiff::{Timestamp, ToSpan};
use tokio::time::Instant;

use super::*;
use crate::answer::Engine;
use crate::clients::portal::memory::MemoryPortal;
use crate::clients::portal::{
    ContractQuery, CustomerQuery, FamilyIndex, InformationRequest, InvoiceQuery, NewInformationRequest, Page, Portal,
};
use crate::facts::dossier::{Part, Why};
use crate::facts::values::values;
use crate::model::{ActivationKey, Partner, PartnerId, UserId};
use crate::portal_demo::World;
use crate::reply::composed::{Composition, compose};

/// The demo portal, where each thing may be told otherwise than it is; it remembers in which views it was asked.
struct Lying {
    honest: MemoryPortal,
    contract: fn(&mut Contract),
    customer: fn(&mut Customer),
    invoice: fn(&mut Invoice),
    key: fn(&mut ActivationKey),
    asked: Mutex<Vec<View>>,
}

impl Default for Lying {
    fn default() -> Self {
        Self {
            honest: MemoryPortal::new(World::new(date(2026, 11, 24)).into()),
            contract: |_| (),
            customer: |_| (),
            invoice: |_| (),
            key: |_| (),
            asked: Mutex::default(),
        }
    }
}

impl Lying {
    fn note(&self, view: View) {
        self.asked.lock().expect("no test panics with the lock").push(view);
    }
}

#[async_trait]
impl Portal for Lying {
    async fn find_me(&self, user: &UserId) -> Result<Read<Visitor>, PortalError> {
        self.honest.find_me(user).await
    }

    async fn find_partner(&self, user: &UserId, id: &PartnerId) -> Result<Read<Partner>, PortalError> {
        self.honest.find_partner(user, id).await
    }

    async fn list_customers(&self, user: &UserId, query: &CustomerQuery) -> Result<Read<Page<Customer>>, PortalError> {
        self.note(query.view);
        let mut page = self.honest.list_customers(user, query).await?;
        page.value.items.iter_mut().for_each(self.customer);
        Ok(page)
    }

    async fn find_customer(&self, user: &UserId, id: &CustomerId) -> Result<Read<Customer>, PortalError> {
        let mut customer = self.honest.find_customer(user, id).await?;
        (self.customer)(&mut customer.value);
        Ok(customer)
    }

    async fn list_contracts(&self, user: &UserId, query: &ContractQuery) -> Result<Read<Page<Contract>>, PortalError> {
        self.note(query.view);
        let mut page = self.honest.list_contracts(user, query).await?;
        page.value.items.iter_mut().for_each(self.contract);
        Ok(page)
    }

    async fn find_contract(&self, user: &UserId, id: &ContractId) -> Result<Read<Contract>, PortalError> {
        let mut contract = self.honest.find_contract(user, id).await?;
        (self.contract)(&mut contract.value);
        Ok(contract)
    }

    async fn list_keys(&self, user: &UserId, id: &ContractId) -> Result<Read<Vec<ActivationKey>>, PortalError> {
        let mut keys = self.honest.list_keys(user, id).await?;
        keys.value.iter_mut().for_each(self.key);
        Ok(keys)
    }

    async fn list_invoices(&self, user: &UserId, query: &InvoiceQuery) -> Result<Read<Page<Invoice>>, PortalError> {
        self.note(query.view);
        let mut page = self.honest.list_invoices(user, query).await?;
        page.value.items.iter_mut().for_each(self.invoice);
        Ok(page)
    }

    async fn list_indices(&self, user: &UserId, year: i16) -> Result<Read<Vec<FamilyIndex>>, PortalError> {
        self.honest.list_indices(user, year).await
    }

    async fn create_request(
        &self,
        user: &UserId,
        id: &ContractId,
        key: &str,
        request: &NewInformationRequest,
    ) -> Result<InformationRequest, PortalError> {
        self.honest.create_request(user, id, key, request).await
    }
}

/// What `user` finds with `text`, for the answer of `entry`.
async fn look(portal: &Lying, user: &str, entry: &str, text: &str) -> Found {
    look_on(date(2026, 11, 24), portal, user, entry, text).await
}

async fn look_on(today: Date, portal: &Lying, user: &str, entry: &str, text: &str) -> Found {
    let visitor = portal.honest.find_me(&user.parse().expect("an id")).await.expect("an invented user").value;
    let looker = Looker {
        portal: Guarded::new(portal, &visitor),
        visitor: &visitor,
        deadline: Instant::now() + Duration::from_secs(60),
        today,
    };
    let engine = Engine::carried();
    let template = engine.knowledge_base().entry(entry).and_then(guichet_kb::Entry::template);
    let wanted = Wanted {
        entry: entry.parse().ok(),
        text: text.to_owned(),
        names: engine.names_in(text),
        about: Subject::Named,
        kept: None,
        is_certain: true,
    };
    look_up(&looker, &wanted, template.as_ref()).await
}

const BY_SERIAL: &str = "Est-ce que le contrat 62962963 est réabonné ?";
const BY_NAME: &str = "Le contrat de la SCI Dumas est-il réabonné ?";
const BY_SIRET: &str = "Le contrat du client SIRET 39424779500013 est-il réabonné ?";
const BY_INVOICE: &str = "La facture FA2656678 est-elle réglée ?";

async fn is_found(portal: Lying, text: &str) -> bool {
    matches!(look(&portal, "U-12", "facture-relance", text).await, Found::Contract(_))
}

async fn by_code() -> String {
    let world = World::new(date(2026, 11, 24));
    let dumas = world.all_contracts().iter().find(|it| it.serial_number == "62962963").expect("it is known");
    format!("Où en est le client {} ?", dumas.customer.code)
}

#[tokio::test]
async fn an_honest_portal_is_believed() {
    for text in [BY_SERIAL, BY_NAME, BY_SIRET, BY_INVOICE, &by_code().await] {
        assert!(is_found(Lying::default(), text).await, "{text}");
    }
}

/// Each thing that comes back belongs to this partner, to a site in the view, and is what was asked for.
#[tokio::test]
async fn what_is_not_the_visitors_or_not_what_was_asked_for_is_not_taken() {
    let contract = async |what: &str, contract: fn(&mut Contract)| {
        for text in [BY_SERIAL, BY_NAME, BY_SIRET, BY_INVOICE, &by_code().await] {
            let portal = Lying { contract, ..Lying::default() };
            assert!(!is_found(portal, text).await, "{what}: {text}");
        }
    };
    contract("of another partner", |it| it.partner = "P-2".parse().expect("an id")).await;
    contract("of a site that is not his", |it| it.establishment = "E-12".parse().expect("an id")).await;
    contract("of another partner's customer", |it| it.customer.partner = "P-2".parse().expect("an id")).await;
    contract("of another site's customer", |it| it.customer.establishment = "E-12".parse().expect("an id")).await;
    contract("with another partner's invoice", |it| {
        it.previous_invoice.as_mut().expect("it has one").partner = "P-2".parse().expect("an id");
    })
    .await;
    contract("with another customer's invoice", |it| {
        it.previous_invoice.as_mut().expect("it has one").customer = "C-1001".parse().expect("an id");
    })
    .await;
    contract("with another contract's invoice", |it| {
        it.previous_invoice.as_mut().expect("it has one").contract = Some("K-10001".parse().expect("an id"));
    })
    .await;
    let serial = Lying { contract: |it| it.serial_number = "12345678".to_owned(), ..Lying::default() };
    assert!(!is_found(serial, BY_SERIAL).await, "another serial number");
    let whose = Lying { contract: |it| it.customer.id = "C-1001".parse().expect("an id"), ..Lying::default() };
    assert!(!is_found(whose, BY_INVOICE).await, "the invoice is of another customer than the contract");

    let customer = async |what: &str, customer: fn(&mut Customer), texts: &[&str]| {
        for text in texts {
            let portal = Lying { customer, ..Lying::default() };
            assert!(!is_found(portal, text).await, "{what}: {text}");
        }
    };
    let by_code = by_code().await;
    let all = [BY_NAME, BY_SIRET, by_code.as_str()];
    customer("another partner's", |it| it.partner = "P-2".parse().expect("an id"), &all).await;
    customer("another site's", |it| it.establishment = "E-12".parse().expect("an id"), &all).await;
    customer("with another code", |it| it.code = "00000001".to_owned(), &[&by_code]).await;
    customer("with another SIRET", |it| it.siret = Some("73282932000074".to_owned()), &[BY_SIRET]).await;
    customer("with another name", |it| it.name = "Garage Martin".to_owned(), &[BY_NAME]).await;

    let invoice = async |what: &str, invoice: fn(&mut Invoice)| {
        assert!(!is_found(Lying { invoice, ..Lying::default() }, BY_INVOICE).await, "{what}");
    };
    invoice("another partner's", |it| it.partner = "P-2".parse().expect("an id")).await;
    invoice("another site's", |it| it.establishment = "E-12".parse().expect("an id")).await;
    invoice("another number", |it| it.number = "FA2699999".to_owned()).await;
    invoice("another customer's", |it| it.customer = "C-1001".parse().expect("an id")).await;
    invoice("another contract's", |it| it.contract = Some("K-10001".parse().expect("an id"))).await;
}

/// What is left of a list that holds others' things is no list: it would say that there is nothing.
#[tokio::test]
async fn keys_and_invoices_of_another_contract_are_not_checked_rather_than_absent() {
    let part = async |portal: Lying, entry: &str| match look(&portal, "U-12", entry, BY_SERIAL).await {
        Found::Contract(dossier) => *dossier,
        other => panic!("{other:?}"),
    };
    let honest = part(Lying::default(), "cles-codes-clients").await;
    assert!(matches!(&honest.keys, Part::Read(keys) if keys.value.len() == 2));
    let key = Lying { key: |it| it.contract = "K-10001".parse().expect("an id"), ..Lying::default() };
    assert!(matches!(part(key, "cles-codes-clients").await.keys, Part::Missing(Why::Silent)));
    for lie in [
        (|it| it.contract = Some("K-10001".parse().expect("an id"))) as fn(&mut Invoice),
        |it| it.customer = "C-1001".parse().expect("an id"),
        |it| it.partner = "P-2".parse().expect("an id"),
    ] {
        let portal = Lying { invoice: lie, ..Lying::default() };
        let dossier = part(portal, "facture-reabonnement-non-recue").await;
        assert!(matches!(dossier.invoices, Part::Missing(Why::Silent)));
    }
}

/// Whoever may see the whole company looks in his own establishment first, and beyond only when nothing is there.
#[tokio::test]
async fn the_own_establishment_comes_first_and_the_company_only_with_the_right() {
    use View::{Establishment, Parent};
    let asked = async |user: &str, text: &str| {
        let portal = Lying::default();
        let found = look(&portal, user, "reabonnement-verifier", text).await;
        let views = portal.asked.lock().expect("no test panics with the lock").clone();
        let is_own = match found {
            Found::Contract(dossier) => Some(dossier.is_own_site),
            _ => None,
        };
        (is_own, views)
    };
    let here = "Est-ce que le contrat 62962963 est réabonné ?";
    let there = "Est-ce que le contrat 55308642 est réabonné ?";
    assert_eq!(asked("U-11", here).await, (Some(true), vec![Establishment; 2]));
    assert_eq!(asked("U-11", there).await, (Some(false), vec![Establishment, Establishment, Parent, Parent]));
    let (found, views) = asked("U-12", there).await;
    assert_eq!(found, None);
    assert!(!views.is_empty() && views.iter().all(|view| *view == Establishment), "{views:?}");
}

/// Not when the portal last brought its own data up to date; of several readings, the oldest.
#[tokio::test]
async fn what_is_shown_tells_when_it_was_read() {
    let stale = Lying { contract: |it| it.as_of = Timestamp::UNIX_EPOCH, ..Lying::default() };
    let now = stale.honest.world().now();
    let entry = "cles-codes-clients";
    let Found::Contract(mut dossier) = look(&stale, "U-12", entry, BY_SERIAL).await else { panic!("it is found") };
    assert_eq!((dossier.contract.value.as_of, dossier.contract.read_at), (Timestamp::UNIX_EPOCH, now));
    let Part::Read(keys) = &mut dossier.keys else { panic!("they are read") };
    keys.read_at = now - 25.minutes();

    let knowledge_base = Engine::carried().knowledge_base();
    let rules = knowledge_base.rules.as_ref().expect("with rules");
    let entry = knowledge_base.entry(entry).expect("it is there");
    let template = entry.template().expect("it is composed");
    let values = values(&dossier, rules, now, date(2026, 11, 24));
    let composition = Composition { entry, template: &template, values: &values, rules, knowledge_base };
    let told = terminal::plain(&compose(&composition)).replace('\u{a0}', " ");
    assert!(told.contains("Données du portail au 24 novembre 2026 à 5 h 35."), "{told}");
}

/// A customer with two contracts, of which one ends on 8 January and one, as told here, on 15 December.
#[tokio::test]
async fn the_period_of_a_question_chooses_among_contracts_that_end_in_it() {
    let chosen = async |today: Date, period: &str| {
        let contract = |it: &mut Contract| {
            if it.id.as_str() == "K-10006" {
                it.end_on = date(2026, 12, 15);
            }
        };
        let portal = Lying { contract, ..Lying::default() };
        let text = format!("svp le contrat de la clinique saint-jean qui finit {period} il est réabonné ou pas ??");
        match look_on(today, &portal, "U-12", "reabonnement-verifier", &text).await {
            Found::Contract(dossier) => Some(dossier.contract.value.id.as_str().to_owned()),
            Found::Contracts(contracts) => {
                assert_eq!(contracts.len(), 2);
                None
            }
            other => panic!("{other:?}"),
        }
    };
    let (december, january) = (Some("K-10006".to_owned()), Some("K-10005".to_owned()));
    let today = date(2026, 11, 24);
    assert_eq!(chosen(today, "fin d'année").await, december);
    assert_eq!(chosen(today, "le mois prochain").await, december);
    assert_eq!(chosen(today, "en janvier").await, january);
    assert_eq!(chosen(today, "début 2027, enfin l'année prochaine").await, january);
    assert_eq!(chosen(date(2026, 12, 10), "le mois prochain").await, january);
    assert_eq!(chosen(today, "en mars").await, None, "none ends then");
    assert_eq!(chosen(today, "bientôt").await, None);
}
