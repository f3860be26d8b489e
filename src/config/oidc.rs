//! Settings of the provider of identities by which staff sign in.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

use crate::model::{Role, Secret};

/// The scope without which a provider does not say who somebody is.
const OPENID: &str = "openid";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Oidc {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_secret: Option<Secret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_secret_file: Option<PathBuf>,
    pub(crate) public_url: String,
    #[serde(default = "name")]
    pub(crate) name: String,
    #[serde(default = "scopes")]
    pub(crate) scopes: Vec<String>,
    #[serde(default = "roles_claim")]
    pub(crate) roles_claim: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) default_role: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ask: Option<String>,
    #[serde(default)]
    pub(crate) role: Vec<RoleOf>,
}

/// Which role a value of the claim gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleOf {
    pub(crate) value: String,
    pub(crate) role: Role,
}

impl Oidc {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(!self.client_id.trim().is_empty(), "console.oidc.client_id is empty");
        ensure!(
            self.client_secret.is_none() || self.client_secret_file.is_none(),
            "console.oidc.client_secret and client_secret_file exclude each other"
        );
        ensure!(
            self.scopes.iter().any(|scope| scope == OPENID),
            "console.oidc.scopes must have \"{OPENID}\": without it, a provider does not say who somebody is"
        );
        ensure!(!self.public_url.ends_with('/'), "console.oidc.public_url must not end with a /");
        ensure!(!self.roles_claim.is_empty(), "console.oidc.roles_claim is empty");
        ensure!(
            !self.role.is_empty() || self.default_role.is_some(),
            "[[console.oidc.role]] is missing: nobody would have a role"
        );
        Ok(())
    }

    /// What shows the provider that it is us, when there is something.
    ///
    /// # Errors
    /// When the file cannot be read, or there is nothing in it.
    pub(crate) fn secret(&self) -> anyhow::Result<Option<Secret>> {
        let secret = match (&self.client_secret, &self.client_secret_file) {
            (Some(secret), _) => secret.reveal().to_owned(),
            (None, Some(file)) => std::fs::read_to_string(file)
                .with_context(|| format!("console.oidc.client_secret_file: cannot read {}", file.display()))?,
            (None, None) => return Ok(None),
        };
        let secret = secret.trim();
        ensure!(!secret.is_empty(), "the secret of [console.oidc] is empty");
        Ok(Some(Secret::new(secret)))
    }
}

fn name() -> String {
    "le compte de l’entreprise".to_owned()
}

fn scopes() -> Vec<String> {
    [OPENID, "profile", "email"].map(str::to_owned).into()
}

fn roles_claim() -> String {
    "groups".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "issuer = \"https://identite.example\"\nclient_id = \"guichet\"\n\
                         public_url = \"https://guichet.example\"\n";
    const ROLE: &str = "[[role]]\nvalue = \"conseillers\"\nrole = \"agent\"\n";

    fn read(more: &str) -> anyhow::Result<Oidc> {
        let oidc: Oidc = toml::from_str(&format!("{LEAST}{more}"))?;
        oidc.check()?;
        Ok(oidc)
    }

    #[test]
    fn little_must_be_said_and_contradictions_are_refused() {
        let oidc = read(ROLE).expect("it is enough");
        assert_eq!((oidc.roles_claim.as_str(), oidc.role[0].role, oidc.default_role), ("groups", Role::Agent, None));
        assert!(oidc.secret().expect("nothing is read").is_none());
        for (more, named) in [
            (String::new(), "role"),
            (format!("scopes = [\"email\"]\n{ROLE}"), "openid"),
            (format!("roles_claim = \"\"\n{ROLE}"), "roles_claim"),
            (format!("client_secret = \"a\"\nclient_secret_file = \"b\"\n{ROLE}"), "client_secret_file"),
            ("[[role]]\nvalue = \"x\"\nrole = \"root\"\n".to_owned(), "root"),
        ] {
            let error = format!("{:#}", read(&more).expect_err("it is refused"));
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn a_secret_may_stand_in_a_file() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("secret");
        let oidc =
            read(&format!("client_secret_file = {:?}\n{ROLE}", file.display().to_string())).expect("it is right");
        assert!(oidc.secret().is_err(), "there is no file");
        std::fs::write(&file, "sésame\n").expect("it is written");
        assert_eq!(oidc.secret().expect("it is read"), Some(Secret::new("sésame")));
        std::fs::write(&file, "\n").expect("it is written");
        assert!(oidc.secret().is_err(), "there is nothing in it");
    }
}
