//! What a composed entry says, case by case: for whoever writes one.

use axum::Json as JsonOut;
use axum::extract::State;
use guichet_bots::Outbound;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Staff;
use crate::app::App;
use crate::http::extract::{Path, Query};
use crate::http::problem::{Code, Problem};
use crate::simulation::{Named, Simulated, simulate};
use crate::text::{dates, problem as text};

/// On which day.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct DayIn {
    today: Option<Date>,
}

/// What is said, with the cases in which it is.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SimulationOut {
    texts: Vec<TextOut>,
}

/// One text.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TextOut {
    cases: Vec<CaseOut>,
    /// What is said in the first of the cases; in the others, dates and numbers differ.
    reply: Outbound,
}

/// One case.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct CaseOut {
    /// What the contract is like, in French.
    #[schema(example = "dernier jour pour résilier")]
    state: String,
    #[schema(example = "Sage 100 Comptabilité")]
    product: String,
    #[schema(example = "2026-11-24")]
    today: String,
}

impl From<Simulated> for TextOut {
    fn from(simulated: Simulated) -> Self {
        let case = |Named { state, product, today }: Named| CaseOut { state, product, today: today.to_string() };
        Self { cases: simulated.cases.into_iter().map(case).collect(), reply: simulated.reply }
    }
}

/// Try a composed entry on invented contracts: every state with every product.
#[utoipa::path(
    get,
    path = "/api/v1/staff/entries/{id}/simulation",
    tag = "staff",
    params(
        ("id" = String, Path, description = "Id of the entry", example = "resiliation-demander"),
        ("today" = Option<String>, Query, description = "The day (YYYY-MM-DD); today by default"),
    ),
    security(("staff" = [])),
    responses(
        (status = 200, description = "What is said in which cases", body = SimulationOut),
        (status = 400, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not a token of the staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such entry, or one that is not composed", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn simulate_entry(
    _: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(day): Query<DayIn>,
) -> Result<JsonOut<SimulationOut>, Problem> {
    let engine = app.live.engine();
    let today = day.today.unwrap_or_else(|| dates::day(Timestamp::now()));
    // A demo is dated within the years that a clock shows.
    if !(2000..=2100).contains(&today.year()) {
        return Err(Problem::new(Code::InvalidParameter));
    }
    let not_found = || Problem::new(Code::EntryNotFound).with_detail(text::NO_ENTRY);
    // A hundred contracts take some milliseconds.
    let simulated = tokio::task::spawn_blocking(move || {
        let entry = engine.knowledge_base().entry(&id)?;
        simulate(entry, engine.knowledge_base(), &[today]).ok()
    });
    let texts = simulated.await.map_err(|error| Problem::internal(Code::Internal, &error))?.ok_or_else(not_found)?;
    Ok(JsonOut(SimulationOut { texts: texts.into_iter().map(TextOut::from).collect() }))
}
