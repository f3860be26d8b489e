//! What a provider says of itself (OpenID Connect Discovery 1.0, §3).

use serde::Deserialize;

use super::OidcError;
use crate::clients::encrypted::is_encrypted_or_local;

/// Where that stands, after the issuer.
pub(super) const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// Where everything is, and what the provider can do.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    pub(super) userinfo_endpoint: Option<String>,
    pub(super) end_session_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// What `json` says, when it is about `issuer` and names only addresses to which secrets may be told.
    pub(super) fn read(json: &[u8], issuer: &str) -> Result<Self, OidcError> {
        let unusable = OidcError::Unusable;
        let metadata: Self =
            serde_json::from_slice(json).map_err(|_| unusable("what it says of itself is not understood"))?;
        if metadata.issuer != issuer {
            return Err(unusable("it calls itself otherwise than console.oidc.issuer"));
        }
        let needed = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        let more = [&metadata.userinfo_endpoint, &metadata.end_session_endpoint];
        let is_safe = |address: &String| is_encrypted_or_local(address) && !address.contains('#');
        if !needed.into_iter().chain(more.into_iter().flatten()).all(is_safe) {
            return Err(unusable("one of its addresses does not begin with https://"));
        }
        Ok(metadata)
    }

    /// Whether our secret goes into the form, not the header: only when the provider knows nothing else.
    pub(super) fn wants_secret_in_form(&self) -> bool {
        // Without a word, the header (§3).
        let Some(methods) = &self.token_endpoint_auth_methods_supported else { return false };
        let knows = |name: &str| methods.iter().any(|method| method == name);
        knows("client_secret_post") && !knows("client_secret_basic")
    }

    /// Whether an answer that names this issuer, or none, can be the provider's (RFC 9207).
    pub(super) fn may_answer_as(&self, issuer: Option<&str>) -> bool {
        match issuer {
            Some(issuer) => issuer == self.issuer,
            None => !self.authorization_response_iss_parameter_supported,
        }
    }
}
