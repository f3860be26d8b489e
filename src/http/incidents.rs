//! What is known to be broken, for a banner.

use axum::Json as JsonOut;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Problem;
use crate::app::App;
use crate::escalation;
use crate::model::Incident;

/// Incidents that are active.
#[derive(Serialize, ToSchema)]
pub(super) struct BannersOut {
    incidents: Vec<BannerOut>,
}

/// An incident, as everybody may read it.
#[derive(Serialize, ToSchema)]
struct BannerOut {
    #[schema(example = "cles-2026-11")]
    id: String,
    /// In one line.
    title: String,
    /// What is known, and what to do meanwhile.
    text: String,
    /// From when on it is said, in milliseconds since 1970.
    starts: i64,
}

impl From<&Incident> for BannerOut {
    fn from(incident: &Incident) -> Self {
        Self {
            id: incident.id.as_str().to_owned(),
            title: incident.title.clone(),
            text: incident.text.clone(),
            starts: incident.starts.as_millisecond(),
        }
    }
}

/// List the incidents that are active now, for a banner.
#[utoipa::path(
    get,
    path = "/api/v1/incidents",
    tag = "incidents",
    responses((status = 200, description = "Active incidents, in the order of their start", body = BannersOut))
)]
pub(super) async fn list_banners(State(app): State<App>) -> Result<JsonOut<BannersOut>, Problem> {
    let known = app.conversations.incidents().await?;
    let active = escalation::active(&known, jiff::Timestamp::now());
    Ok(JsonOut(BannersOut { incidents: active.map(BannerOut::from).collect() }))
}
