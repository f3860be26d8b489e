//! Discord's own description of its API, and what a request has against it. The file is not ours and is not kept here:
//! it is read from a directory, and when it is absent that is reported.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};

/// Discord's description.
pub(super) struct Contract {
    document: Value,
    /// Made when first needed.
    validators: Mutex<BTreeMap<String, Option<Arc<Validator>>>>,
}

static CONTRACT: LazyLock<Option<Arc<Contract>>> = LazyLock::new(|| {
    let dir = std::env::var_os("GUICHET_CONTRACTS_DIR").map(PathBuf::from);
    let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/contracts");
    let file = dir.clone().unwrap_or(default).join("discord-openapi.json");
    let Ok(text) = std::fs::read_to_string(&file) else {
        assert!(dir.is_none(), "GUICHET_CONTRACTS_DIR is set and {} cannot be read", file.display());
        eprintln!(
            "contracts: Discord's description is absent (set GUICHET_CONTRACTS_DIR): requests are not held against it"
        );
        return None;
    };
    let document = serde_json::from_str(&text).expect("the description is JSON");
    Some(Arc::new(Contract { document, validators: Mutex::default() }))
});

impl Contract {
    pub(super) fn load() -> Option<Arc<Self>> {
        CONTRACT.clone()
    }

    /// What a request has against the description.
    pub(super) fn violations(&self, method: &str, path: &str, body: &Value) -> Vec<String> {
        let Some(template) = self.template(path) else { return vec![format!("there is no path {path}")] };
        let operation = &self.document["paths"][&template][method.to_ascii_lowercase()];
        if operation.is_null() {
            return vec![format!("there is no {method} {template}")];
        }
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            let is_told = body.is_null() || body.as_object().is_some_and(serde_json::Map::is_empty);
            return if is_told { Vec::new() } else { vec![format!("{method} {template} takes no body: {body}")] };
        }
        let Some(validator) = self.validator(&format!("{method} {template}"), schema) else {
            return vec![format!("the schema of {method} {template} cannot be used")];
        };
        let told =
            |error: jsonschema::ValidationError<'_>| format!("{method} {template}, {}: {error}", error.instance_path());
        validator.iter_errors(body).map(told).collect()
    }

    /// The path of the description that `path` is one of; words before parameters.
    fn template(&self, path: &str) -> Option<String> {
        let parts: Vec<&str> = path.split('/').collect();
        let paths = self.document["paths"].as_object()?;
        let fits = |template: &&String| {
            let wanted: Vec<&str> = template.split('/').collect();
            wanted.len() == parts.len()
                && wanted.iter().zip(&parts).all(|(wanted, part)| {
                    let is_id = wanted.ends_with("_id}");
                    let is_number = part.parse::<u64>().is_ok_and(|id| id > 0);
                    wanted == part || (wanted.starts_with('{') && (!is_id || is_number))
                })
        };
        paths.keys().filter(fits).min_by_key(|template| template.matches('{').count()).cloned()
    }

    fn validator(&self, name: &str, schema: &Value) -> Option<Arc<Validator>> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || {
            let mut whole = json!({ "allOf": [schema] });
            whole["components"] = self.document["components"].clone();
            jsonschema::draft202012::new(&whole).ok().map(Arc::new)
        };
        validators.entry(name.to_owned()).or_insert_with(made).clone()
    }
}

#[test]
fn what_is_wrong_is_found() {
    let Some(contract) = Contract::load() else { return };
    let check = |method: &str, path: &str, body: Value, is_right: bool| {
        let violations = contract.violations(method, path, &body);
        assert_eq!(violations.is_empty(), is_right, "{method} {path} {body}: {violations:?}");
    };
    check("POST", "/channels/1/messages", json!({ "content": "a" }), true);
    check("POST", "/channels/1/messages", json!({ "content": 1 }), false);
    check("POST", "/channels/1/messages", json!({ "nonce": "x".repeat(26) }), false);
    check("POST", "/channels/x/messages", json!({ "content": "a" }), false);
    check("POST", "/channels/1/message", json!({}), false);
    check("DELETE", "/gateway/bot", Value::Null, false);
    let button = |label: &str| json!({ "components": [{ "type": 1, "components": [{ "type": 2, "style": 1, "label": label, "custom_id": "a" }] }] });
    check("POST", "/channels/1/messages", button("Oui"), true);
    check("POST", "/channels/1/messages", button(&"é".repeat(81)), false);
}
