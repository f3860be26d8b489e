//! Addresses of portals: what comes below `/s/<key>/` comes from the pages of that site, and is otherwise what it would be
//! without. The key stands in the address and not in a header, because a browser asks by it alone whether a page may ask at all.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::{Code, Problem};
use crate::config;

/// Where the addresses of sites begin.
const PREFIX: &str = "/s/";

/// The site whose page asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Site {
    pub(super) key: Arc<str>,
    /// Which pages may ask.
    pub(super) origins: Arc<[String]>,
}

/// All sites, by key.
#[derive(Clone)]
pub(super) struct Sites(Arc<HashMap<Arc<str>, Site>>);

impl Sites {
    pub(super) fn new(settings: &[config::Site]) -> Self {
        let site = |site: &config::Site| {
            let key: Arc<str> = site.key.as_str().into();
            (Arc::clone(&key), Site { key, origins: site.origins.as_slice().into() })
        };
        Self(Arc::new(settings.iter().map(site).collect()))
    }

    /// The site of `uri` and the address below it; none when there is no such site, or nothing for pages there.
    fn below(&self, uri: &Uri) -> Option<(Site, Uri)> {
        let (key, path) = uri.path().strip_prefix(PREFIX)?.split_once('/')?;
        let site = self.0.get(key).filter(|_| is_for_partners(path))?;
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(format!("/{path}{query}").parse::<PathAndQuery>().ok()?);
        Some((site.clone(), Uri::from_parts(parts).ok()?))
    }
}

/// Whether a page of others has to do with `path`: the console and what belongs to operators have one address.
fn is_for_partners(path: &str) -> bool {
    match path.split_once('/') {
        Some(("api", rest)) => rest.starts_with("v1/") && !rest.starts_with("v1/staff"),
        Some(("images", _)) => true,
        Some(_) => false,
        None => !matches!(path, "" | "console" | "docs" | "openapi.json" | "healthz" | "readyz"),
    }
}

/// Takes the key of the site off the address, before anything is found by it.
pub(super) async fn enter(State(sites): State<Sites>, mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with(PREFIX) {
        let Some((site, uri)) = sites.below(request.uri()) else { return Problem::new(Code::NotFound).into_response() };
        *request.uri_mut() = uri;
        request.extensions_mut().insert(site);
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_site_is_the_one_without_it_for_what_concerns_partners() {
        let settings = config::Site { key: "nord".to_owned(), origins: vec!["https://nord.example".to_owned()] };
        let sites = Sites::new(&[settings]);
        let below = |address: &str| sites.below(&address.parse().expect("an address")).map(|(_, uri)| uri.to_string());
        for (address, expected) in [
            ("/s/nord/guichet.js", "/guichet.js"),
            ("/s/nord/contact?reference=G-1", "/contact?reference=G-1"),
            ("/s/nord/api/v1/conversations", "/api/v1/conversations"),
            ("/s/nord/images/a.png", "/images/a.png"),
        ] {
            assert_eq!(below(address).as_deref(), Some(expected), "{address}");
        }
        for address in [
            "/s/sud/guichet.js",
            "/s/nord",
            "/s/nord/",
            "/s/nord/console",
            "/s/nord/console/lacunes",
            "/s/nord/api/v1/staff/tickets",
            "/s/nord/s/nord/guichet.js",
            "/s/nord/readyz",
        ] {
            assert_eq!(below(address), None, "{address}");
        }
    }
}
