//! Settings of the web chat on pages of others.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Widget {
    pub(crate) origins: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) privacy_url: Option<String>,
}

impl Widget {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        for origin in &self.origins {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            let is_origin = host.is_some_and(|host| {
                !host.is_empty()
                    && host.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-' | '.' | ':' | '[' | ']'))
            });
            ensure!(
                is_origin,
                "widget.origins: {origin} is not an origin such as https://portail.editeur.example (no path, no *)"
            );
        }
        let is_page = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        ensure!(
            self.privacy_url.as_ref().is_none_or(is_page),
            "widget.privacy_url is the address of a page, such as https://editeur.example/confidentialite"
        );
        Ok(())
    }
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
}
