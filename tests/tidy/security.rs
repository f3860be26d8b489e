//! What `docs/security.md` says is held by a test is held by one.

use std::fs;

use super::{assert_none, repository_files, root};

#[test]
fn every_test_that_the_threat_model_names_exists() {
    let prose = fs::read_to_string(root().join("docs/security.md")).expect("the threat model");
    let quoted = prose.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_test = |name: &&str| {
        name.contains('_') && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let settings = ["token_file", "client_secret_file"];
    let named: Vec<&str> = quoted.filter(is_test).filter(|name| !settings.contains(name)).collect();
    assert!(named.len() > 30, "the tests that the table names were not understood: {named:?}");
    let sources = repository_files().into_iter().filter(|path| path.ends_with(".rs"));
    let all: String = sources.map(|path| fs::read_to_string(root().join(path)).unwrap_or_default()).collect();
    let gone: Vec<String> =
        named.iter().filter(|name| !all.contains(&format!("fn {name}("))).map(ToString::to_string).collect();
    assert_none(&gone);
}
