//! What is shipped for operators, held against the code: a dashboard over a metric that was renamed shows nothing, and
//! nobody is told.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use super::{assert_none, root};

/// Files that name metrics.
const READERS: [&str; 2] = ["deploy/grafana/guichet.json", "deploy/prometheus/alerts.yml"];
/// What Prometheus makes of one histogram.
const PARTS: [&str; 3] = ["_bucket", "_count", "_sum"];

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The words of `text` that begin with `guichet_`.
fn named(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("guichet_")).collect()
}

/// The metric without what a histogram adds to its name.
fn metric<'a>(name: &'a str, known: &BTreeSet<&str>) -> &'a str {
    let part = PARTS.iter().find_map(|part| name.strip_suffix(part));
    part.filter(|whole| known.contains(whole)).unwrap_or(name)
}

#[test]
fn dashboards_and_alerts_name_the_metrics_that_there_are() {
    let code = read("src/measure.rs");
    let known = named(&code);
    assert!(known.contains("guichet_turn_seconds"), "{known:?}");
    let mut findings = Vec::new();
    for path in READERS {
        let text = read(path);
        let unknown = named(&text).into_iter().filter(|name| !known.contains(metric(name, &known)));
        findings.extend(unknown.map(|name| format!("{path} names {name}, which src/measure.rs does not")));
        for labels in text.split("by (").skip(1).filter_map(|rest| rest.split(')').next()) {
            let unknown = labels.split(", ").filter(|label| *label != "le" && !code.contains(&format!("\"{label}\"")));
            findings
                .extend(unknown.map(|label| format!("{path} sums by {label}, which is no label of src/measure.rs")));
        }
    }
    let shown = read(READERS[0]);
    let shown: BTreeSet<&str> = named(&shown).into_iter().map(|name| metric(name, &known)).collect();
    findings.extend(known.difference(&shown).map(|name| format!("{} does not show {name}", READERS[0])));
    assert_none(&findings);
}

#[test]
fn files_for_operators_can_be_read() {
    let dashboard: Value = serde_json::from_str(&read(READERS[0])).expect("the dashboard is JSON");
    let panels = dashboard["panels"].as_array().expect("it has panels");
    assert!(panels.iter().all(|panel| panel["description"].is_string()), "each panel says what it shows");
    let alerts: Value = serde_saphyr::from_str(&read(READERS[1])).expect("the alerts are YAML");
    for rule in alerts["groups"][0]["rules"].as_array().expect("it has rules") {
        let says = ["summary", "description"].iter().all(|name| rule["annotations"][name].is_string());
        assert!(says && rule["labels"]["severity"].is_string(), "{rule}");
    }
}

/// There is no Docker where this is tested: what it would complain about, and what it would not.
#[test]
fn what_compose_starts_fits_together() {
    let compose: Value = serde_saphyr::from_str(&read("compose.yaml")).expect("compose.yaml is YAML");
    let services = compose["services"].as_object().expect("it has services");
    assert!(compose["services"]["guichet"]["deploy"]["replicas"].as_u64() >= Some(2), "two replicas");
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|one| Some(one.as_str()?.to_owned())).collect()
    };
    let mut findings = Vec::new();
    for (name, service) in services {
        let needed = match &service["depends_on"] {
            Value::Object(needed) => needed.keys().cloned().collect(),
            other => texts(other),
        };
        findings
            .extend(needed.iter().filter(|one| !services.contains_key(*one)).map(|one| format!("{name} needs {one}")));
        let networks = texts(&service["networks"]);
        let unknown =
            networks.iter().filter(|one| !compose["networks"].as_object().is_some_and(|all| all.contains_key(*one)));
        findings.extend(unknown.map(|one| format!("{name} is in the network {one}, which is not declared")));
        for mounted in texts(&service["volumes"]) {
            let source = mounted.split(':').next().unwrap_or_default();
            let is_there = match source.strip_prefix("./") {
                Some(path) => root().join(path).exists(),
                None => compose["volumes"].as_object().is_some_and(|all| all.contains_key(source)),
            };
            if !is_there {
                findings.push(format!("{name} mounts {source}, which is not there"));
            }
        }
        let open = texts(&service["ports"]).into_iter().filter(|port| !port.starts_with("127.0.0.1:"));
        findings.extend(open.map(|port| format!("{name} publishes {port} to everybody")));
        for variable in service["environment"].as_object().into_iter().flatten().map(|(variable, _)| variable) {
            if let Some(setting) = variable.strip_prefix("GUICHET__")
                && !is_setting(&setting.to_lowercase().split("__").collect::<Vec<_>>())
            {
                findings.push(format!("{variable} is no setting"));
            }
        }
    }
    assert_none(&findings);
}

#[test]
fn the_settings_of_the_package_are_settings() {
    let mut section = String::new();
    let mut findings = Vec::new();
    for line in read("deploy/debian/guichet.toml").lines().map(|line| line.trim_start_matches("# ")) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut section);
        } else if let Some((key, _)) = line.split_once(" = ")
            && !is_setting(&[&section, key])
        {
            findings.push(format!("{section}.{key} is no setting"));
        }
    }
    assert_none(&findings);
}

/// Whether the manual has the setting, in force or as an example.
fn is_setting(path: &[&str]) -> bool {
    let manual = read("src/config/default.toml");
    let Some((key, section)) = path.split_last() else { return false };
    let header = format!("[{}]", section.join("."));
    let lines = manual.lines().map(|line| line.trim_start_matches("# "));
    let after = lines.skip_while(|line| *line != header).skip(1);
    after
        .take_while(|line| !line.starts_with('['))
        .any(|line| line.split_once(" = ").is_some_and(|(name, _)| name == *key))
}

/// While an update goes on, replicas of the version before work on the same tables.
#[test]
fn migrations_take_nothing_away() {
    let folder = root().join("src/store/migrations");
    let files = fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").path());
    let mut findings = Vec::new();
    for path in files {
        let sql = fs::read_to_string(&path).expect("SQL is text").to_uppercase();
        let statements = sql.lines().filter(|line| !line.trim_start().starts_with("--"));
        let taken = statements.filter(|line| {
            // Without an index it takes longer, and that is all.
            line.contains("RENAME ") || line.contains("DROP ") && !line.contains("DROP INDEX ")
        });
        findings.extend(taken.map(|line| format!("{}: {line}", path.display())));
    }
    assert_none(&findings);
}
