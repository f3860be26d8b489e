//! What a provider says of somebody, to who that is here: a name, an address and a role. Pure.

use serde_json::{Map, Value};

use crate::model::{EmailAddress, Role};

/// Longest name.
const LONGEST_NAME: usize = 80;

/// Which roles a provider gives.
#[derive(Debug, Clone)]
pub(crate) struct Roles {
    /// The claim that says what somebody is there for; a dot leads inside.
    pub(crate) claim: String,
    /// What its values mean.
    pub(crate) of: Vec<(String, Role)>,
    /// The role of who has none of those.
    pub(crate) otherwise: Option<Role>,
}

/// Somebody who has a place here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Colleague {
    pub(super) name: String,
    pub(super) email: EmailAddress,
    pub(super) role: Role,
}

/// Why somebody has no place here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stranger {
    NoRole,
    /// None, none that can be used, or one that nobody checked.
    NoEmail,
}

impl Roles {
    /// The claims without which nobody has a place.
    pub(crate) fn wanted(&self) -> Vec<String> {
        // Some names have a dot in them: the first part is asked for, which such a name does not begin with.
        let first = self.claim.split('.').next().unwrap_or_default();
        vec!["email".to_owned(), if first.contains(':') { self.claim.clone() } else { first.to_owned() }]
    }

    /// Who somebody with these claims is here.
    pub(super) fn read(&self, claims: &Map<String, Value>) -> Result<Colleague, Stranger> {
        let role = self.role(claims).ok_or(Stranger::NoRole)?;
        // Whoever may choose an address there could otherwise have somebody else's here. Many providers say nothing of it:
        // then the company gave the address.
        let is_checked = matches!(claims.get("email_verified"), None | Some(Value::Null | Value::Bool(true)));
        let email = text(claims, "email").filter(|_| is_checked).and_then(|email| email.parse::<EmailAddress>().ok());
        let email = email.ok_or(Stranger::NoEmail)?;
        Ok(Colleague { name: name(claims, &email), email, role })
    }

    /// The highest of the roles that the claim gives.
    fn role(&self, claims: &Map<String, Value>) -> Option<Role> {
        let values: Vec<&str> = match find(claims, &self.claim) {
            Some(Value::String(value)) => vec![value],
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let given = |role: &Role| self.of.iter().any(|(value, of)| of == role && values.contains(&value.as_str()));
        Role::ALL.into_iter().rev().find(given).or(self.otherwise)
    }
}

/// The claim of that name; or, when there is none, the one that its dots lead to.
fn find<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let inside = || {
        let mut parts = name.split('.');
        let first = claims.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get(part))
    };
    claims.get(name).or_else(inside)
}

/// As colleagues and partners see it: what the provider calls the person, or what stands before the @.
fn name(claims: &Map<String, Value>, email: &EmailAddress) -> String {
    let parts = || {
        let parts = ["given_name", "family_name"].iter().filter_map(|part| text(claims, part));
        Some(parts.collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
    };
    let before = || email.as_str().split('@').next().unwrap_or_default().to_owned();
    let name = text(claims, "name").or_else(parts).unwrap_or_else(before);
    name.chars().take(LONGEST_NAME).collect::<String>().trim_end().to_owned()
}

/// A claim that is a text with something in it, on one line.
fn text(claims: &Map<String, Value>, name: &str) -> Option<String> {
    let text = claims.get(name)?.as_str()?;
    let text: String = text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn roles(claim: &str) -> Roles {
        let of = [("g-agents", Role::Agent), ("g-admins", Role::Admin), ("g-relecture", Role::Reviewer)];
        Roles { claim: claim.to_owned(), of: of.map(|(value, role)| (value.to_owned(), role)).into(), otherwise: None }
    }

    fn claims(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(claims) => claims,
            other => panic!("{other} is no object"),
        }
    }

    fn check(claim: &str, said: Value, expected: Option<Role>) {
        let told = said.to_string();
        assert_eq!(roles(claim).role(&claims(said)), expected, "{claim} in {told}");
    }

    #[test]
    fn the_highest_role_of_the_claim_counts() {
        check("groups", json!({ "groups": ["paie", "g-agents"] }), Some(Role::Agent));
        check("groups", json!({ "groups": ["g-agents", "g-admins", "g-relecture"] }), Some(Role::Admin));
        check("groups", json!({ "groups": "g-relecture" }), Some(Role::Reviewer));
        check("groups", json!({ "groups": ["G-AGENTS", "g-agents "] }), None);
        check("groups", json!({ "groups": 7 }), None);
        check("groups", json!({}), None);
        check("realm_access.roles", json!({ "realm_access": { "roles": ["g-agents"] } }), Some(Role::Agent));
        check("realm_access.roles", json!({ "realm_access": ["g-agents"] }), None);
        check(
            "https://editeur.example/roles",
            json!({ "https://editeur.example/roles": ["g-agents"] }),
            Some(Role::Agent),
        );
    }

    #[test]
    fn the_role_of_all_others_is_nobodys_unless_it_is_set() {
        let open = Roles { otherwise: Some(Role::Reader), ..roles("groups") };
        assert_eq!(open.role(&claims(json!({ "groups": ["paie"] }))), Some(Role::Reader));
        assert_eq!(open.role(&claims(json!({ "groups": ["g-agents"] }))), Some(Role::Agent));
    }

    #[test]
    fn an_address_must_be_there_and_not_be_said_to_be_unchecked() {
        let read = |mut said: Map<String, Value>| {
            said.insert("groups".to_owned(), json!("g-agents"));
            roles("groups").read(&said).map(|colleague| colleague.email.as_str().to_owned())
        };
        let email = json!("zoe.petit@editeur.example");
        assert!(read(claims(json!({ "email": email }))).is_ok());
        assert!(read(claims(json!({ "email": email, "email_verified": true }))).is_ok());
        for wrong in [json!({}), json!({ "email": "zoé" }), json!({ "email": email, "email_verified": false })] {
            assert_eq!(read(claims(wrong)), Err(Stranger::NoEmail));
        }
        assert_eq!(roles("groups").read(&claims(json!({ "email": email }))), Err(Stranger::NoRole));
    }

    #[test]
    fn people_have_the_name_that_is_said_best() {
        let email: EmailAddress = "zoe.petit@editeur.example".parse().expect("an address");
        for (said, expected) in [
            (json!({ "name": " Zoé Petit ", "given_name": "Z" }), "Zoé Petit"),
            (json!({ "given_name": "Zoé", "family_name": "Petit" }), "Zoé Petit"),
            (json!({ "family_name": "Petit", "name": "" }), "Petit"),
            (json!({ "name": "Zoé\u{7}Petit" }), "Zoé Petit"),
            (json!({ "name": 7 }), "zoe.petit"),
        ] {
            assert_eq!(name(&claims(said), &email), expected);
        }
        assert_eq!(name(&claims(json!({ "name": "é".repeat(200) })), &email).chars().count(), LONGEST_NAME);
    }

    #[test]
    fn what_is_missing_in_a_token_is_asked_for_by_its_own_name() {
        assert_eq!(roles("groups").wanted(), ["email", "groups"]);
        assert_eq!(roles("realm_access.roles").wanted(), ["email", "realm_access"]);
        assert_eq!(roles("https://editeur.example/roles").wanted(), ["email", "https://editeur.example/roles"]);
    }
}
