//! The world as one user may see it.

use std::sync::PoisonError;

use guichet_kb::fold::fold;

use super::world::{Recorded, User, World};
use crate::clients::portal::{
    ContractQuery, CustomerQuery, FamilyIndex, InformationRequest, InvoiceQuery, NewInformationRequest, Page,
    PageQuery, RequestStatus, View,
};
use crate::facts::{company, typing};
use crate::model::{
    ActivationKey, Contract, ContractId, Customer, CustomerId, EstablishmentId, Invoice, Partner, PartnerId, Right,
    UserId, Visitor,
};

const DEFAULT_LIMIT: u8 = 25;

/// Why something is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// It does not exist or is not for this user.
    NotFound,
    /// A right is missing.
    Forbidden,
    /// The cursor belongs to no such list.
    Cursor,
    /// The key was used for something else.
    Conflict,
}

/// The world as one user may see it.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    world: &'a World,
    user: &'a User,
}

impl World {
    /// The world as `user` may see it; `None` when there is no such user.
    pub(crate) fn seen_by(&self, user: &UserId) -> Option<Seen<'_>> {
        let user = self.users.iter().find(|known| known.visitor.user == *user)?;
        Some(Seen { world: self, user })
    }
}

impl<'a> Seen<'a> {
    /// The user himself.
    pub(crate) fn me(self) -> (&'static str, &'a Visitor) {
        (self.user.name, &self.user.visitor)
    }

    /// His company.
    pub(crate) fn partner(self, id: &PartnerId) -> Result<&'a Partner, Denied> {
        let own = self.world.partners.iter().find(|partner| partner.id == *id && *id == self.user.visitor.partner);
        own.ok_or(Denied::NotFound)
    }

    /// Customers, best first, or by name.
    pub(crate) fn customers(self, query: &CustomerQuery) -> Result<Page<Customer>, Denied> {
        self.require(Right::Contracts, query.view)?;
        let visible = self.world.customers.iter().filter(|it| self.lists(query.view, &it.partner, &it.establishment));
        let with_code = visible.filter(|customer| query.code.as_ref().is_none_or(|code| customer.code == *code));
        let mut found: Vec<(company::Nearness, &Customer)> = match &query.q {
            Some(q) => with_code.filter_map(|customer| Some((nearness(q, customer)?, customer))).collect(),
            None => with_code.map(|customer| (company::Nearness::EXACT, customer)).collect(),
        };
        found.sort_by_cached_key(|(nearness, customer)| (*nearness, fold(&customer.name), customer.id.clone()));
        let found = found.into_iter().map(|(_, customer)| customer);
        page(found, &query.page, &format!("customers {:?} {:?} {:?}", query.q, query.code, query.view))
    }

    /// One customer.
    pub(crate) fn customer(self, id: &CustomerId) -> Result<&'a Customer, Denied> {
        self.require(Right::Contracts, View::Establishment)?;
        let customer = self.world.customers.iter().find(|customer| customer.id == *id);
        customer.filter(|it| self.user.visitor.may_see(&it.partner, &it.establishment)).ok_or(Denied::NotFound)
    }

    /// Contracts, by end date.
    pub(crate) fn contracts(self, query: &ContractQuery) -> Result<Page<Contract>, Denied> {
        self.require(Right::Contracts, query.view)?;
        let is_asked = |contract: &&Contract| {
            self.lists(query.view, &contract.partner, &contract.establishment)
                && query.serial_number.as_ref().is_none_or(|serial| contract.serial_number == *serial)
                && query.serial_like.as_ref().is_none_or(|like| typing::is_within(like, &contract.serial_number, 1))
                && query.customer_id.as_ref().is_none_or(|id| contract.customer.id == *id)
                && query.status.is_none_or(|status| contract.status == status)
                && query.ends_from.is_none_or(|first| contract.end_on >= first)
                && query.ends_until.is_none_or(|last| contract.end_on <= last)
        };
        let found = self.world.contracts.iter().filter(is_asked);
        let whole = ContractQuery { page: PageQuery::default(), ..query.clone() };
        let page = page(found, &query.page, &format!("{whole:?}"))?;
        Ok(Page { items: page.items.into_iter().map(|it| self.with_visible_parts(it)).collect(), ..page })
    }

    /// One contract.
    pub(crate) fn contract(self, id: &ContractId) -> Result<Contract, Denied> {
        self.require(Right::Contracts, View::Establishment)?;
        let contract = self.world.contracts.iter().find(|contract| contract.id == *id);
        let visible = contract.filter(|it| self.user.visitor.may_see(&it.partner, &it.establishment));
        visible.map(|contract| self.with_visible_parts(contract.clone())).ok_or(Denied::NotFound)
    }

    /// The keys of a contract.
    pub(crate) fn keys(self, id: &ContractId) -> Result<&'a [ActivationKey], Denied> {
        self.contract(id)?;
        self.require(Right::Keys, View::Establishment)?;
        Ok(self.world.keys.get(id).map_or(&[], Vec::as_slice))
    }

    /// Invoices, newest first.
    pub(crate) fn invoices(self, query: &InvoiceQuery) -> Result<Page<Invoice>, Denied> {
        self.require(Right::Invoices, query.view)?;
        let is_asked = |invoice: &&Invoice| {
            self.lists(query.view, &invoice.partner, &invoice.establishment)
                && query.number.as_ref().is_none_or(|number| invoice.number == *number)
                && query.contract_id.as_ref().is_none_or(|id| invoice.contract.as_ref() == Some(id))
                && query.customer_id.as_ref().is_none_or(|id| invoice.customer == *id)
                && query.status.is_none_or(|status| invoice.status == status)
        };
        let found = self.world.invoices.iter().filter(is_asked);
        let whole = InvoiceQuery { page: PageQuery::default(), ..query.clone() };
        page(found, &query.page, &format!("{whole:?}"))
    }

    /// The indices of a year.
    pub(crate) fn indices(self, year: i16) -> Result<Vec<FamilyIndex>, Denied> {
        self.require(Right::Prices, View::Establishment)?;
        Ok(self.world.indices.iter().filter(|index| index.year == year).cloned().collect())
    }

    /// Records an information request, once for each key of a user.
    pub(crate) fn record(
        self,
        id: &ContractId,
        key: &str,
        asked: &NewInformationRequest,
    ) -> Result<InformationRequest, Denied> {
        let contract = self.contract(id)?.id;
        self.require(Right::Requests, View::Establishment)?;
        let mut requests = self.world.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (self.user.visitor.user.clone(), key.to_owned());
        if let Some(known) = requests.get(&key) {
            let is_same = known.contract == contract && known.asked == *asked;
            return if is_same { Ok(known.request.clone()) } else { Err(Denied::Conflict) };
        }
        let request = InformationRequest {
            id: format!("R-{}", requests.len() + 1),
            kind: asked.kind,
            status: RequestStatus::Received,
            created_at: self.world.now,
        };
        requests.insert(key, Recorded { contract, asked: asked.clone(), request: request.clone() });
        Ok(request)
    }

    fn require(self, right: Right, view: View) -> Result<(), Denied> {
        let visitor = &self.user.visitor;
        let may_view = view == View::Establishment || visitor.may(Right::ParentView);
        if visitor.may(right) && may_view { Ok(()) } else { Err(Denied::Forbidden) }
    }

    /// Whether a list in this view shows it: the own establishments only, unless the whole company is asked for.
    fn lists(self, view: View, partner: &PartnerId, establishment: &EstablishmentId) -> bool {
        let visitor = &self.user.visitor;
        let is_own = visitor.establishments.contains(establishment);
        visitor.may_see(partner, establishment) && (is_own || view == View::Parent)
    }

    fn with_visible_parts(self, mut contract: Contract) -> Contract {
        if !self.user.visitor.may(Right::Prices) {
            contract.pricing = None;
        }
        if !self.user.visitor.may(Right::Invoices) {
            contract.previous_invoice = None;
        }
        contract
    }
}

/// How near what was typed is to a customer: its name, or one of its numbers.
fn nearness(q: &str, customer: &Customer) -> Option<company::Nearness> {
    let digits: String = q.chars().filter(|c| !c.is_whitespace()).collect();
    let is_number = digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        let has_siret = customer.siret.as_ref().is_some_and(|siret| digits.len() >= 9 && siret.starts_with(&digits));
        return (customer.code == digits || has_siret).then_some(company::Nearness::EXACT);
    }
    company::nearness(q, &customer.name)
}

/// The part of `all` that `wanted` names. A cursor is the place where the part begins, signed with the list's name.
fn page<'a, T: Clone + 'a>(
    all: impl Iterator<Item = &'a T>,
    wanted: &PageQuery,
    list: &str,
) -> Result<Page<T>, Denied> {
    let mark = &blake3::hash(list.as_bytes()).to_hex()[..16];
    let begin = match &wanted.cursor {
        None => 0,
        Some(cursor) => cursor
            .strip_suffix(mark)
            .and_then(|place| place.strip_suffix('.')?.parse().ok())
            .filter(|begin| *begin > 0)
            .ok_or(Denied::Cursor)?,
    };
    let limit = usize::from(wanted.limit.unwrap_or(DEFAULT_LIMIT));
    let mut items: Vec<T> = all.skip(begin).take(limit + 1).cloned().collect();
    let has_more = items.len() > limit;
    items.truncate(limit);
    Ok(Page { items, next_cursor: has_more.then(|| format!("{}.{mark}", begin + limit)) })
}
