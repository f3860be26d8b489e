//! One handler per operation of `docs/portal-openapi.yaml`.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Demo;
use super::answer::{Acting, Asked, Id, tagged};
use super::problem::Problem;
use crate::clients::portal::{
    ContractQuery, CustomerQuery, FamilyIndex, InformationRequest, InvoiceQuery, NewInformationRequest, Page,
    PageQuery, View,
};
use crate::model::{
    ActivationKey, Contract, ContractId, ContractStatus, Customer, CustomerId, EstablishmentId, Invoice, InvoiceStatus,
    KeyKind, PartnerId, Right, UserId,
};
use crate::portal_demo::Seen;

type Answer<T> = Result<Json<T>, Problem>;

const LONGEST_MESSAGE: usize = 2_000;

#[derive(Serialize)]
pub(super) struct MeOut {
    user_id: UserId,
    name: &'static str,
    partner_id: PartnerId,
    establishment_ids: Vec<EstablishmentId>,
    rights: Vec<&'static str>,
}

#[derive(Serialize)]
pub(super) struct ItemsOut<T> {
    items: Vec<T>,
}

#[derive(Serialize)]
pub(super) struct KeyOut {
    id: String,
    contract_id: ContractId,
    kind: KeyKind,
    version: String,
    ordered_at: Timestamp,
    available_at: Option<Timestamp>,
    key: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct CustomersIn {
    q: Option<String>,
    code: Option<String>,
    #[serde(default)]
    view: View,
    limit: Option<u8>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ContractsIn {
    serial_number: Option<String>,
    serial_like: Option<String>,
    customer_id: Option<CustomerId>,
    status: Option<ContractStatus>,
    ends_from: Option<Date>,
    ends_until: Option<Date>,
    #[serde(default)]
    view: View,
    limit: Option<u8>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct InvoicesIn {
    number: Option<String>,
    contract_id: Option<ContractId>,
    customer_id: Option<CustomerId>,
    status: Option<InvoiceStatus>,
    #[serde(default)]
    view: View,
    limit: Option<u8>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct IndicesIn {
    year: i16,
}

pub(super) async fn me(State(demo): State<Demo>, Acting(user): Acting) -> Answer<MeOut> {
    let (name, visitor) = seen(&demo, &user)?.me();
    let rights = Right::NAMES.iter().filter(|(right, _)| visitor.may(*right)).map(|(_, name)| *name);
    Ok(Json(MeOut {
        user_id: visitor.user.clone(),
        name,
        partner_id: visitor.partner.clone(),
        establishment_ids: visitor.establishments.iter().cloned().collect(),
        rights: rights.collect(),
    }))
}

pub(super) async fn partner(
    State(demo): State<Demo>,
    Acting(user): Acting,
    Id(id): Id<PartnerId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(tagged(&headers, seen(&demo, &user)?.partner(&id)?))
}

pub(super) async fn customers(
    State(demo): State<Demo>,
    Acting(user): Acting,
    Asked(asked): Asked<CustomersIn>,
) -> Answer<Page<Customer>> {
    let is_right = |q: &String| (2..=100).contains(&q.chars().count());
    if !asked.q.as_ref().is_none_or(is_right) || !is_code(asked.code.as_deref(), 2) {
        return Err(Problem::INVALID_PARAMETER);
    }
    let page = page(asked.limit, asked.cursor)?;
    let query = CustomerQuery { q: asked.q, code: asked.code, view: asked.view, page };
    Ok(Json(seen(&demo, &user)?.customers(&query)?))
}

pub(super) async fn customer(
    State(demo): State<Demo>,
    Acting(user): Acting,
    Id(id): Id<CustomerId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(tagged(&headers, seen(&demo, &user)?.customer(&id)?))
}

pub(super) async fn contracts(
    State(demo): State<Demo>,
    Acting(user): Acting,
    Asked(asked): Asked<ContractsIn>,
) -> Answer<Page<Contract>> {
    if !is_code(asked.serial_number.as_deref(), 4) || !is_code(asked.serial_like.as_deref(), 4) {
        return Err(Problem::INVALID_PARAMETER);
    }
    let query = ContractQuery {
        serial_number: asked.serial_number,
        serial_like: asked.serial_like,
        customer_id: asked.customer_id,
        status: asked.status,
        ends_from: asked.ends_from,
        ends_until: asked.ends_until,
        view: asked.view,
        page: page(asked.limit, asked.cursor)?,
    };
    Ok(Json(seen(&demo, &user)?.contracts(&query)?))
}

pub(super) async fn contract(
    State(demo): State<Demo>,
    Acting(user): Acting,
    Id(id): Id<ContractId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(tagged(&headers, &seen(&demo, &user)?.contract(&id)?))
}

pub(super) async fn keys(
    State(demo): State<Demo>,
    Acting(user): Acting,
    Id(id): Id<ContractId>,
) -> Result<Response, Problem> {
    let keys = seen(&demo, &user)?.keys(&id)?;
    let items = keys.iter().map(KeyOut::from).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(ItemsOut { items })).into_response())
}

pub(super) async fn create_request(
    State(demo): State<Demo>,
    Acting(user): Acting,
    Id(id): Id<ContractId>,
    headers: HeaderMap,
    body: Result<Json<NewInformationRequest>, JsonRejection>,
) -> Result<(StatusCode, Json<InformationRequest>), Problem> {
    let is_key = |key: &&str| {
        (8..=64).contains(&key.len()) && key.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-'))
    };
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).filter(is_key);
    let key = key.ok_or(Problem::INVALID_PARAMETER)?;
    let Json(asked) = body.map_err(|rejection| match rejection {
        JsonRejection::MissingJsonContentType(_) => Problem::UNSUPPORTED_MEDIA_TYPE,
        _ => Problem::INVALID_BODY,
    })?;
    if !(1..=LONGEST_MESSAGE).contains(&asked.message.chars().count()) {
        return Err(Problem::INVALID_BODY);
    }
    Ok((StatusCode::ACCEPTED, Json(seen(&demo, &user)?.record(&id, key, &asked)?)))
}

pub(super) async fn invoices(
    State(demo): State<Demo>,
    Acting(user): Acting,
    Asked(asked): Asked<InvoicesIn>,
) -> Answer<Page<Invoice>> {
    // The dash may stand in the number of an invoice.
    let number = asked.number.as_ref().map(|number| number.replace('-', "0"));
    if !is_code(number.as_deref(), 4) {
        return Err(Problem::INVALID_PARAMETER);
    }
    let query = InvoiceQuery {
        number: asked.number,
        contract_id: asked.contract_id,
        customer_id: asked.customer_id,
        status: asked.status,
        view: asked.view,
        page: page(asked.limit, asked.cursor)?,
    };
    Ok(Json(seen(&demo, &user)?.invoices(&query)?))
}

pub(super) async fn indices(
    State(demo): State<Demo>,
    Acting(user): Acting,
    Asked(asked): Asked<IndicesIn>,
) -> Answer<ItemsOut<FamilyIndex>> {
    if !(2000..=2100).contains(&asked.year) {
        return Err(Problem::INVALID_PARAMETER);
    }
    Ok(Json(ItemsOut { items: seen(&demo, &user)?.indices(asked.year)? }))
}

impl From<&ActivationKey> for KeyOut {
    fn from(key: &ActivationKey) -> Self {
        Self {
            id: key.id.clone(),
            contract_id: key.contract.clone(),
            kind: key.kind,
            version: key.version.clone(),
            ordered_at: key.ordered_at,
            available_at: key.available_at,
            key: key.key.as_ref().map(|key| key.reveal().to_owned()),
        }
    }
}

fn seen<'a>(demo: &'a Demo, user: &UserId) -> Result<Seen<'a>, Problem> {
    demo.world.seen_by(user).ok_or(Problem::FORBIDDEN)
}

fn page(limit: Option<u8>, cursor: Option<String>) -> Result<PageQuery, Problem> {
    let is_right = limit.is_none_or(|limit| (1..=100).contains(&limit));
    if is_right { Ok(PageQuery { limit, cursor }) } else { Err(Problem::INVALID_PARAMETER) }
}

/// Capitals and digits, `least` to twenty.
fn is_code(code: Option<&str>, least: usize) -> bool {
    let is_right = |code: &str| {
        (least..=20).contains(&code.len()) && code.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
    };
    code.is_none_or(is_right)
}
