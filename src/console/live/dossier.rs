//! What the partner of a conversation sees in the portal.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed};
use super::HERE;
use crate::app::App;
use crate::conversation::{PartnerFile, PortalKnown};
use crate::model::{Contract, Customer};
use crate::text::live as text;

/// How many customers and contracts are shown.
const MOST: usize = 20;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::console) struct Wanted {
    q: String,
}

struct ContractLine {
    title: String,
    facts: Vec<(&'static str, String)>,
}

#[derive(Template, Default)]
#[template(path = "live/dossier.html")]
struct DossierPage {
    frame: Frame,
    id: String,
    searched: String,
    /// Why nothing, or not all, is shown.
    hint: Option<&'static str>,
    partner: Vec<(&'static str, String)>,
    customers: Vec<String>,
    contracts: Vec<ContractLine>,
}

/// `GET /console/conversations/{id}/dossier`
pub(in crate::console) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Query(Wanted { q }): Query<Wanted>,
) -> Result<Response, Refusal> {
    let searched = q.trim().to_owned();
    let file = app.conversations.partner_file(&id, signed.name(), &searched).await?;
    let page = DossierPage { frame: Frame::new(text::DOSSIER, HERE, &signed), id, searched, ..DossierPage::default() };
    let page = match file {
        PartnerFile::NoPortal => DossierPage { hint: Some(text::NO_PORTAL), ..page },
        PartnerFile::Anonymous => DossierPage { hint: Some(text::ANONYMOUS), ..page },
        PartnerFile::Expired => DossierPage { hint: Some(text::EXPIRED), ..page },
        PartnerFile::Known(known) => filled(page, *known),
    };
    Ok(render(&page))
}

fn filled(page: DossierPage, known: PortalKnown) -> DossierPage {
    let partner = known.partner.map(|partner| {
        let sites: Vec<String> = partner
            .establishments
            .iter()
            .filter(|site| known.visitor.establishments.contains(&site.id))
            .map(|site| format!("{} ({})", site.name, site.city))
            .collect();
        vec![
            (text::PARTNER, format!("{} ({})", partner.name, partner.code)),
            (text::SITES, sites.join(", ")),
            (text::USER, known.visitor.user.as_str().to_owned()),
        ]
    });
    let customer = |customer: Customer| format!("{} ({}, {})", customer.name, customer.code, customer.city);
    DossierPage {
        hint: known.trouble.map(text::trouble),
        partner: partner.unwrap_or_default(),
        customers: known.customers.into_iter().take(MOST).map(customer).collect(),
        contracts: known.contracts.iter().take(MOST).map(contract_line).collect(),
        ..page
    }
}

fn contract_line(contract: &Contract) -> ContractLine {
    let options: Vec<String> = contract.options.iter().map(|option| option.name.clone()).collect();
    let mut facts = vec![
        (text::CUSTOMER, contract.customer.name.clone()),
        (text::STATUS, text::contract_status(contract.status).to_owned()),
        (text::PERIOD, text::period(contract.start_on, contract.end_on)),
        (text::VERSION, contract.product.version.clone()),
    ];
    if let Some(is_tacit) = contract.is_tacit {
        facts.push((text::TACIT, if is_tacit { "oui" } else { "non" }.to_owned()));
    }
    if !options.is_empty() {
        facts.push((text::OPTIONS, options.join(", ")));
    }
    ContractLine { title: format!("{} · {}", contract.product.name, contract.serial_number), facts }
}
