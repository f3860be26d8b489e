//! What the description of the API says of all resources at once: its head, how one proves who one is, and the refusals
//! that come before any handler runs.

use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, PathItem, Ref, RefOr, ResponseBuilder};

/// Refusals of whatever cannot be read: status and description.
const OF_BODIES: [(&str, &str); 4] = [
    ("400", "Not JSON"),
    ("413", "Body too large"),
    ("415", "Not declared as JSON"),
    ("422", "Unknown, missing or wrong field"),
];

/// `openapi` as it came from the handlers, made whole.
pub(super) fn described(mut openapi: OpenApi) -> OpenApi {
    openapi.info.title = "Guichet".to_owned();
    openapi.info.version = env!("CARGO_PKG_VERSION").to_owned();
    openapi.info.description =
        Some("Questions of partners, answered from a curated FAQ. Errors are problem+json (RFC 9457).".to_owned());
    let bearer = |what: &str| {
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(what)).build())
    };
    let components = openapi.components.get_or_insert_default();
    components.add_security_scheme("conversation", bearer("The token of the conversation"));
    components.add_security_scheme("staff", bearer("The token of somebody of the staff"));
    for (path, item) in &mut openapi.paths.paths {
        if path.starts_with("/api/") {
            operations(item).for_each(add_refusals);
        }
    }
    openapi
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().flatten()
}

/// What the handler describes itself stays.
fn add_refusals(operation: &mut Operation) {
    let is_queried = operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
        RefOr::Ref(_) => false,
    });
    let mut refusals =
        vec![("429", "Too much at once; Retry-After says when to try again"), ("503", "Try again later")];
    if operation.request_body.is_some() {
        refusals.extend(OF_BODIES);
    } else if is_queried {
        refusals.push(("400", "A parameter is missing or wrong"));
    }
    for (status, description) in refusals {
        let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new().description(description).content("application/problem+json", problem);
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| response.build().into());
    }
}
