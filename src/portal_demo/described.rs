//! What `docs/portal-openapi.yaml` says, to hold requests and answers against it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use jsonschema::Validator;
use serde_json::{Value, json};

/// The description.
pub(crate) struct Description {
    root: Value,
    /// By the schema as text: making one is slow.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// A request as it arrived.
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a str,
    /// Path below `/v1`, without the query.
    pub(crate) path: &'a str,
    /// Decoded.
    pub(crate) query: Vec<(String, String)>,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Option<Value>,
}

/// An answer as it is sent.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Description {
    pub(crate) fn load() -> Self {
        let text = include_str!("../../docs/portal-openapi.yaml");
        Self { root: serde_saphyr::from_str(text).expect("the description is YAML"), validators: Mutex::default() }
    }

    /// How many operations there are.
    pub(crate) fn operations(&self) -> Vec<&str> {
        let paths = self.root["paths"].as_object().expect("there are paths");
        let methods = paths.values().filter_map(Value::as_object).flatten();
        methods.filter_map(|(_, operation)| operation["operationId"].as_str()).collect()
    }

    /// The operation that `asked` calls, by its id.
    pub(crate) fn operation_of(&self, asked: &Asked<'_>) -> Option<&str> {
        self.find(asked)?["operationId"].as_str()
    }

    /// What is wrong with a request.
    pub(crate) fn faults_of_request(&self, asked: &Asked<'_>) -> Vec<String> {
        let Some(operation) = self.find(asked) else { return vec![format!("no operation {}", asked.path)] };
        let mut faults = Vec::new();
        let parameters: Vec<&Value> =
            operation["parameters"].as_array().into_iter().flatten().map(|it| self.resolved(it)).collect();
        for parameter in &parameters {
            let name = parameter["name"].as_str().expect("a parameter has a name");
            let value = match parameter["in"].as_str() {
                Some("query") => asked.query.iter().find(|(key, _)| key == name).map(|(_, value)| value),
                Some("header") => asked.headers.get(&name.to_lowercase()),
                _ => continue,
            };
            match value {
                None if parameter["required"] == true => faults.push(format!("{name} is missing")),
                None => {}
                Some(text) => {
                    let is_number = self.resolved(&parameter["schema"])["type"] == "integer";
                    let value =
                        if is_number { text.parse::<i64>().map_or(json!(text), Value::from) } else { json!(text) };
                    faults
                        .extend(self.faults(&parameter["schema"], &value).into_iter().map(|f| format!("{name}: {f}")));
                }
            }
        }
        let is_known = |name: &str| parameters.iter().any(|it| it["in"] == "query" && it["name"] == name);
        faults.extend(asked.query.iter().filter(|(name, _)| !is_known(name)).map(|(name, _)| format!("{name}?")));
        if let Some(body) = &asked.body {
            faults.extend(self.faults(&operation["requestBody"]["content"]["application/json"]["schema"], body));
        }
        faults
    }

    /// What is wrong with the answer to a request.
    pub(crate) fn faults_of_answer(&self, asked: &Asked<'_>, answered: &Answered) -> Vec<String> {
        let Some(operation) = self.find(asked) else { return Vec::new() };
        let responses = &operation["responses"];
        let said = responses.get(answered.status.to_string()).unwrap_or(&responses["default"]);
        let response = self.resolved(said);
        if answered.status < 400 && said == &responses["default"] {
            return vec![format!("status {} is not described", answered.status)];
        }
        let mut faults = Vec::new();
        if answered.status == 200
            && let Some(headers) = response["headers"].as_object()
        {
            for (name, header) in headers {
                let schema = &self.resolved(header)["schema"];
                match answered.headers.get(&name.to_lowercase()) {
                    Some(value) => faults.extend(self.faults(schema, &json!(value))),
                    None => faults.push(format!("no header {name}")),
                }
            }
        }
        let content_type = answered.headers.get("content-type").map_or("", String::as_str);
        match response["content"].as_object() {
            None if answered.body.is_empty() => {}
            None => faults.push("a body where there is none".to_owned()),
            Some(content) => match content.get(content_type) {
                None => faults.push(format!("content type {content_type}")),
                Some(media) => match serde_json::from_slice(&answered.body) {
                    Ok(body) => faults.extend(self.faults(&media["schema"], &body)),
                    Err(error) => faults.push(error.to_string()),
                },
            },
        }
        faults
    }

    fn find(&self, asked: &Asked<'_>) -> Option<&Value> {
        let paths = self.root["paths"].as_object()?;
        let (_, path) = paths.iter().find(|(template, _)| matches(template, asked.path))?;
        path.get(asked.method.to_lowercase())
    }

    /// What a `$ref` stands for.
    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        let Some(reference) = value["$ref"].as_str() else { return value };
        self.root.pointer(reference.trim_start_matches('#')).expect("what is referred to exists")
    }

    fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let validator = {
            let mut known = self.validators.lock().expect("no test panics with the lock");
            Arc::clone(known.entry(schema.to_string()).or_insert_with(|| Arc::new(self.validator(schema))))
        };
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    fn validator(&self, schema: &Value) -> Validator {
        // References are to the components of the whole document.
        let whole = json!({ "allOf": [schema], "components": self.root["components"] });
        jsonschema::draft202012::options().should_validate_formats(true).build(&whole).expect("a right schema")
    }
}

fn matches(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(known, part)| known == part || (known.starts_with('{') && !part.is_empty()))
}
