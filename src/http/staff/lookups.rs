//! What was looked up in the portal: who, about whom, when, why.

use axum::Json as JsonOut;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Staff;
use crate::app::App;
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::model::Lookup;

/// How many of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Listed {
    /// At most so many; 50 by default.
    limit: Option<i64>,
}

/// Lookups, newest first.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct LookupsOut {
    lookups: Vec<LookupOut>,
}

/// One look into the portal. It holds nothing that was read there.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct LookupOut {
    id: String,
    conversation: String,
    /// The company that asked.
    partner: String,
    /// The person who asked.
    user: String,
    /// The customer, when one was found.
    customer: Option<String>,
    /// The contract, when one was found.
    contract: Option<String>,
    /// The entry whose answer needed it.
    entry: Option<String>,
    /// `found`, `partial`, `choice`, `near`, `unknown`, `not_allowed` or `silent`.
    outcome: String,
    /// Milliseconds since 1970.
    at: i64,
}

impl From<Lookup> for LookupOut {
    fn from(lookup: Lookup) -> Self {
        Self {
            id: lookup.id,
            conversation: lookup.conversation,
            partner: lookup.partner.into(),
            user: lookup.user.into(),
            customer: lookup.customer.map(Into::into),
            contract: lookup.contract.map(Into::into),
            entry: lookup.entry.map(Into::into),
            outcome: lookup.outcome,
            at: lookup.at,
        }
    }
}

/// List what was looked up in the portal.
#[utoipa::path(
    get,
    path = "/api/v1/staff/lookups",
    tag = "staff",
    params(("limit" = Option<i64>, Query, description = "1 to 500; 50 by default")),
    security(("staff" = [])),
    responses(
        (status = 200, description = "The last lookups, newest first", body = LookupsOut),
        (status = 400, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not a token of the staff", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn list_lookups(
    State(app): State<App>,
    _: Staff,
    Query(listed): Query<Listed>,
) -> Result<JsonOut<LookupsOut>, Problem> {
    let lookups = app.store.list_lookups(super::limit(listed.limit)).await?;
    Ok(JsonOut(LookupsOut { lookups: lookups.into_iter().map(LookupOut::from).collect() }))
}
