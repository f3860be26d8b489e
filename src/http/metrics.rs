//! What operators count and time, on a port of its own: it is not for partners.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;

use super::problem::{Code, Problem};
use crate::measure;
use crate::store::Store;

/// The text format of Prometheus.
const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `GET /metrics`, and nothing else.
pub(crate) fn router(handle: PrometheusHandle, store: Store) -> Router {
    Router::new()
        .route("/metrics", get(render))
        .fallback(async || Problem::new(Code::NotFound))
        .with_state((handle, store))
}

async fn render(State((handle, store)): State<(PrometheusHandle, Store)>) -> Result<impl IntoResponse, Problem> {
    let (counts, oldest) = store.measure_jobs(jiff::Timestamp::now().as_millisecond()).await?;
    measure::queue(&counts, oldest);
    handle.run_upkeep();
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE)], handle.render()))
}
