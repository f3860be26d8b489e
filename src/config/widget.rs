//! Settings of the web chat on pages of others.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

/// Longest key of a site, in characters.
const MAX_KEY: usize = 40;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Widget {
    pub(crate) origins: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) privacy_url: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) sites: Vec<Site>,
}

/// A portal with an address of its own below `/s/`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Site {
    pub(crate) key: String,
    #[serde(default)]
    pub(crate) origins: Vec<String>,
}

impl Widget {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let of_sites = self.sites.iter().flat_map(|site| &site.origins);
        for origin in self.origins.iter().chain(of_sites) {
            ensure!(
                is_origin(origin),
                "widget.origins: {origin} is not an origin such as https://portail.editeur.example (no path, no *)"
            );
        }
        for (place, Site { key, .. }) in self.sites.iter().enumerate() {
            let is_key =
                (1..=MAX_KEY).contains(&key.len()) && key.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'));
            ensure!(
                is_key,
                "widget.sites: the key {key:?} has other than 1 to {MAX_KEY} letters a to z, digits or hyphens"
            );
            let is_taken = self.sites[..place].iter().any(|earlier| earlier.key == *key);
            ensure!(!is_taken, "widget.sites: the key {key:?} stands there twice");
        }
        let is_page = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        ensure!(
            self.privacy_url.as_ref().is_none_or(is_page),
            "widget.privacy_url is the address of a page, such as https://editeur.example/confidentialite"
        );
        Ok(())
    }
}

fn is_origin(origin: &str) -> bool {
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty() && host.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-' | '.' | ':' | '[' | ']'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_a_host_and_a_port() {
        let check = |origin: &str| Widget { origins: vec![origin.to_owned()], ..Widget::default() }.check().is_ok();
        for origin in ["https://portail.editeur.example", "http://localhost:8000", "http://[::1]:8000"] {
            assert!(check(origin), "{origin}");
        }
        let wrong =
            ["*", "https://*.editeur.example", "portail.editeur.example", "https://portail.editeur.example/", ""];
        for origin in wrong.into_iter().chain(["https://", "null", "https://Portail.editeur.example"]) {
            assert!(!check(origin), "{origin}");
        }
    }
    #[test]
    fn a_site_has_a_key_of_its_own_that_can_stand_in_an_address() {
        let check = |keys: &[&str]| {
            let site = |key: &&str| Site { key: (*key).to_owned(), origins: vec!["https://nord.example".to_owned()] };
            Widget { sites: keys.iter().map(site).collect(), ..Widget::default() }.check()
        };
        assert!(check(&["nord", "sud-2"]).is_ok());
        for wrong in [&["nord", "nord"][..], &[""], &["Nord"], &["a/b"], &["é"]] {
            assert!(check(wrong).is_err(), "{wrong:?}");
        }
        let site = Site { key: "nord".to_owned(), origins: vec!["nord.example".to_owned()] };
        assert!(Widget { sites: vec![site], ..Widget::default() }.check().is_err());
    }
}
