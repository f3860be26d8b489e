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
    let compose: Value = serde_saphyr::from_str(&read("compose.yaml")).expect("compose.yaml is YAML");
    assert!(compose["services"]["guichet"]["deploy"]["replicas"].as_u64() >= Some(2), "two replicas");
    for folder in ["./deploy/haproxy", "./deploy/prometheus"] {
        assert!(read("compose.yaml").contains(folder) && root().join(folder).is_dir(), "{folder}");
    }
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
