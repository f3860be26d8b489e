//! The rules of this repository that no compiler knows: who may depend on whom, which licences and doubled crates are
//! tolerated, and that prose and files agree. `CONTRIBUTING.md` gives the reasons.

#[path = "tidy/deploy.rs"]
mod deploy;
#[path = "tidy/doubles.rs"]
mod doubles;
#[path = "tidy/security.rs"]
mod security;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use doubles::TOLERATED_DOUBLES;
use serde_json::Value;

/// Our packages and the ones of ours that each may depend on.
const DIRECTION: [(&str, &[&str]); 4] = [
    ("guichet", &["guichet-bots", "guichet-index", "guichet-kb"]),
    ("guichet-bots", &[]),
    ("guichet-index", &["guichet-kb"]),
    ("guichet-kb", &[]),
];

/// Heavy libraries and the one package that may use each.
const OWNERS: [(&str, &str); 11] = [
    ("argon2", "guichet"),
    ("askama", "guichet"),
    ("axum", "guichet"),
    ("calamine", "guichet-kb"),
    ("config", "guichet"),
    ("hyper-util", "guichet"),
    ("lettre", "guichet"),
    ("pulldown-cmark", "guichet"),
    ("sqlx", "guichet"),
    ("tantivy", "guichet-index"),
    ("whatlang", "guichet"),
];

/// Paths of a library and the places below `src/` (beginnings of paths) whose code may name them.
const PLACES: [(&str, &[&str]); 12] = [
    ("argon2::", &["src/staff"]),
    ("askama::", &["src/console"]),
    ("axum::", &["src/http", "src/console", "src/app.rs", "src/portal_demo/server"]),
    ("config::Config::builder", &["src/config"]),
    ("hyper_util::", &["src/http"]),
    ("lettre::", &["src/clients/mail"]),
    ("pulldown_cmark::", &["src/reply"]),
    ("reqwest::", &["src/clients"]),
    ("use ring::", &["src/identity", "src/fuzzing"]),
    ("rustls::", &["src/clients/tls.rs"]),
    ("sqlx::", &["src/store"]),
    ("whatlang::", &["src/answer"]),
];

/// Crates that may be nowhere in the graph.
const BANNED: [(&str, &str); 4] = [
    ("native-tls", "rustls: one TLS, nothing to install"),
    ("openssl", "rustls: one TLS, nothing to install"),
    ("openssl-sys", "rustls: one TLS, nothing to install"),
    ("serde_yaml", "unmaintained; our files are TOML"),
];

/// Crates that none of our packages names in its own manifest, and what is used instead.
const BANNED_DIRECTLY: [(&str, &str); 6] = [
    ("chrono", "jiff"),
    ("failure", "thiserror or anyhow"),
    ("lazy_static", "std::sync::LazyLock"),
    ("log", "tracing"),
    ("once_cell", "std::sync::OnceLock"),
    ("time", "jiff"),
];

/// Beginnings of what counts as a path of this repository in prose.
const PATH_ROOTS: [&str; 11] =
    ["src/", "kb/", "index/", "bots/", "fuzz/", "tests/", "scripts/", ".ci/", ".github/", "docs/", "deploy/"];

/// Files that may hold a mail address or a machine path, each for a reason that stands here.
const FREE_TO_NAME: [&str; 4] = [
    "Cargo.lock",        // written by cargo
    "package-lock.json", // written by npm
    "LICENSE",           // texts of others
    "LICENSE-APACHE",
];

const LONGEST_FILE: usize = 500;

static METADATA: LazyLock<Value> = LazyLock::new(|| {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    // One platform: the others would be downloaded only for this test. `cargo deny` sees to them.
    let arguments = ["metadata", "--format-version=1", "--locked", "--filter-platform=x86_64-unknown-linux-gnu"];
    let output = Command::new(cargo).args(arguments).current_dir(root()).output().expect("cargo can be started");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata writes JSON")
});

#[test]
fn our_packages_depend_on_each_other_in_one_direction() {
    let ours: BTreeSet<&str> = our_packages().map(|package| text(&package["name"])).collect();
    let expected: BTreeMap<&str, BTreeSet<&str>> =
        DIRECTION.iter().map(|(name, may)| (*name, may.iter().copied().collect())).collect();
    let found: BTreeMap<&str, BTreeSet<&str>> = our_packages()
        .map(|package| (text(&package["name"]), direct(package, true).filter(|name| ours.contains(name)).collect()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn heavy_libraries_stay_in_the_package_they_belong_to() {
    for (library, owner) in OWNERS {
        let users: Vec<&str> = our_packages()
            .filter(|package| direct(package, false).any(|name| name == library))
            .map(|package| text(&package["name"]))
            .collect();
        assert_eq!(users, [owner], "who depends on {library}");
    }
}

#[test]
fn sql_and_http_stay_in_their_folders() {
    let mut strays = Vec::new();
    for (path, content) in sources("src") {
        for (library, places) in PLACES {
            let is_at_home = places.iter().any(|place| path.starts_with(place));
            let is_named = content.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(library));
            if is_named && !is_at_home {
                strays.push(format!("{path} names {library} which belongs in {}", places.join(", ")));
            }
        }
    }
    assert_none(&strays);
}

#[test]
fn every_licence_in_the_graph_is_allowed() {
    let allowed = allowed_licences();
    assert!(allowed.contains("MIT"), "the allow-list of deny.toml was not understood: {allowed:?}");
    let refused: Vec<String> = packages()
        .filter(|package| !package["license"].as_str().is_some_and(|licence| is_allowed(licence, &allowed)))
        .map(|package| format!("{}: {}", text(&package["name"]), package["license"]))
        .collect();
    assert_none(&refused);
}

#[test]
fn licence_expressions_are_read_as_spdx_reads_them() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Zlib".to_owned()]);
    let check = |expression: &str, expected: bool| {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    };
    check("MIT", true);
    check("GPL-3.0", false);
    check("GPL-3.0 OR MIT", true);
    check("GPL-3.0/MIT", true);
    check("MIT AND Zlib", true);
    check("MIT AND GPL-3.0", false);
    check("(GPL-3.0 OR MIT) AND Zlib", true);
    check("Zlib AND (GPL-3.0 OR LGPL-3.0)", false);
    check("GPL-3.0 AND Zlib OR MIT", true);
    check("MIT WITH Some-exception", false);
    check("", false);
}

#[test]
fn no_banned_crate_is_in_the_graph() {
    let mut found = Vec::new();
    for package in packages() {
        let name = text(&package["name"]);
        found.extend(BANNED.iter().filter(|ban| ban.0 == name).map(|ban| format!("{name}: {}", ban.1)));
    }
    for package in our_packages() {
        for name in direct(package, true) {
            let bans = BANNED_DIRECTLY.iter().filter(|ban| ban.0 == name);
            found.extend(bans.map(|ban| format!("{} names {name}: use {}", text(&package["name"]), ban.1)));
        }
    }
    assert_none(&found);
}

#[test]
fn crates_are_doubled_only_where_that_was_accepted() {
    let mut versions: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for package in shipped_packages() {
        versions.entry(text(&package["name"])).or_default().insert(compatible(text(&package["version"])));
    }
    let found: BTreeSet<String> = versions
        .iter()
        .filter(|(_, versions)| versions.len() > 1)
        .map(|(name, versions)| format!("{name} {}", versions.iter().cloned().collect::<Vec<_>>().join(" ")))
        .collect();
    let accepted: BTreeSet<String> =
        TOLERATED_DOUBLES.iter().map(|(name, versions, _)| format!("{name} {versions}")).collect();
    let new: Vec<&String> = found.difference(&accepted).collect();
    let gone: Vec<&String> = accepted.difference(&found).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "new doubles, to avoid or to add to TOLERATED_DOUBLES with a reason: {new:#?}\ngone, to remove there: {gone:#?}"
    );
}

#[test]
fn every_path_that_the_prose_names_exists() {
    let mut dead = Vec::new();
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "kb/README.md"] {
        let prose = fs::read_to_string(root().join(document)).unwrap_or_else(|error| panic!("{document}: {error}"));
        for path in named_paths(&prose) {
            // `src/policy` may be a folder or the file of that module; `kb/entries/<…>` is checked up to the `<`.
            let known = path.find(['<', '*', '{']).map_or(path, |end| &path[..=path[..end].rfind('/').unwrap_or(0)]);
            if !root().join(known).exists() && !root().join(format!("{known}.rs")).exists() {
                dead.push(format!("{document} names {path}"));
            }
        }
    }
    assert_none(&dead);
}

#[test]
fn every_source_file_is_declared_by_its_parent_module() {
    let mut orphans = Vec::new();
    for crate_root in ["src", "kb/src", "index/src", "bots/src"] {
        for (path, _) in sources(crate_root) {
            let path = Path::new(&path);
            if is_crate_root(path, crate_root) {
                continue;
            }
            let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("our file names are UTF-8");
            let folder = path.parent().expect("a source file is in a folder");
            let (module, folder) = if stem == "mod" {
                let module = folder.file_name().and_then(|name| name.to_str()).expect("our folder names are UTF-8");
                (module, folder.parent().expect("mod.rs is below the crate's root"))
            } else {
                (stem, folder)
            };
            let declaration = format!("mod {module};");
            let is_declared = parents(folder, crate_root).iter().any(|parent| {
                let content = fs::read_to_string(root().join(parent)).unwrap_or_default();
                let mut lines = content.lines().map(str::trim);
                lines.any(|line| line == declaration || line.ends_with(&format!(" {declaration}")))
            });
            if !is_declared {
                orphans.push(format!("{}: no `{declaration}`", path.display()));
            }
        }
    }
    assert_none(&orphans);
}

#[test]
fn no_source_file_is_too_long_to_read() {
    let long: Vec<String> = repository_files()
        .iter()
        .filter(|path| path.ends_with(".rs"))
        .filter_map(|path| Some((path, fs::read_to_string(root().join(path)).ok()?.lines().count())))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(path, lines)| format!("{path}: {lines} lines; is it two behaviours?"))
        .collect();
    assert_none(&long);
}

#[test]
fn no_file_names_a_developer_machine_or_a_real_mail_address() {
    let machine_paths = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
    let mut found = Vec::new();
    for path in repository_files() {
        let name = path.rsplit('/').next().unwrap_or(&path);
        if FREE_TO_NAME.contains(&name) {
            continue;
        }
        // Images and the like are not text.
        let Ok(content) = fs::read_to_string(root().join(&path)) else { continue };
        for (number, line) in content.lines().enumerate() {
            let paths = machine_paths.iter().filter(|machine| line.contains(**machine)).map(ToString::to_string);
            let addresses = mail_addresses(line).into_iter().filter(|address| !address.ends_with(".example"));
            found.extend(paths.chain(addresses).map(|what| format!("{path}:{}: {what}", number + 1)));
        }
    }
    assert_none(&found);
}

#[test]
fn mail_addresses_are_told_from_versions_and_decorators() {
    assert_eq!(
        mail_addresses("à cles@editeur.example, ou a.b+c@d.e.example."),
        ["cles@editeur.example", "a.b+c@d.e.example"]
    );
    let none: [&str; 0] = [];
    for line in ["@media print", "actions/checkout@v4", "tool@1.2.3", "user@localhost", "[email protected]", "x @ y.fr"]
    {
        assert_eq!(mail_addresses(line), none, "{line}");
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

fn text(value: &Value) -> &str {
    value.as_str().expect("cargo metadata gives text here")
}

fn list(value: &Value) -> std::slice::Iter<'_, Value> {
    value.as_array().expect("cargo metadata gives a list here").iter()
}

fn packages() -> impl Iterator<Item = &'static Value> {
    list(&METADATA["packages"])
}

/// The packages of this workspace, in the order of their names.
fn our_packages() -> impl Iterator<Item = &'static Value> {
    let mut ours: Vec<&Value> = packages().filter(|package| package["source"].is_null()).collect();
    ours.sort_by_key(|package| text(&package["name"]));
    ours.into_iter()
}

/// The crates that the manifest of `package` names.
fn direct(package: &'static Value, with_dev: bool) -> impl Iterator<Item = &'static str> {
    list(&package["dependencies"])
        .filter(move |dependency| with_dev || dependency["kind"] != "dev")
        .map(|dependency| text(&dependency["name"]))
}

/// What is in the binary or was needed to build it: all that is reached without development dependencies. Cargo's graph
/// also counts optional drivers of sqlx that no feature turns on; they are never compiled.
fn shipped_packages() -> Vec<&'static Value> {
    let nodes: BTreeMap<&str, &Value> =
        list(&METADATA["resolve"]["nodes"]).map(|node| (text(&node["id"]), node)).collect();
    let mut reached = BTreeSet::new();
    let mut to_visit: Vec<&str> = list(&METADATA["workspace_members"]).map(text).collect();
    while let Some(id) = to_visit.pop() {
        if reached.insert(id) {
            let shipped = |edge: &&Value| list(&edge["dep_kinds"]).any(|kind| kind["kind"] != "dev");
            to_visit.extend(list(&nodes[id]["deps"]).filter(shipped).map(|edge| text(&edge["pkg"])));
        }
    }
    packages().filter(|package| reached.contains(text(&package["id"]))).collect()
}

/// The part of a version that has to be equal for two versions to be one crate in the graph.
fn compatible(version: &str) -> String {
    let numbers: Vec<&str> = version.split(['-', '+']).next().unwrap_or(version).split('.').collect();
    let significant = numbers.iter().position(|number| *number != "0").unwrap_or(numbers.len() - 1);
    numbers[..=significant].join(".")
}

/// The quoted words of `allow = [ … ]` in deny.toml.
fn allowed_licences() -> BTreeSet<String> {
    let deny = fs::read_to_string(root().join("deny.toml")).expect("deny.toml can be read");
    let list = deny.split_once("\nallow = [").and_then(|(_, rest)| rest.split_once("\n]")).map_or("", |(list, _)| list);
    let lines = list.lines().map(|line| line.split('#').next().unwrap_or(line));
    lines.flat_map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned)).collect()
}

/// `expression` as SPDX reads it (AND binds closer than OR; the old `/` is OR): true when an allowed choice exists.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "+WITH+");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let is_allowed = one_of(&mut rest, allowed);
    is_allowed && rest.is_empty()
}

fn one_of(rest: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut is_any = all_of(rest, allowed);
    while let ["OR", after @ ..] = *rest {
        *rest = after;
        is_any |= all_of(rest, allowed);
    }
    is_any
}

fn all_of(rest: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut is_every = term(rest, allowed);
    while let ["AND", after @ ..] = *rest {
        *rest = after;
        is_every &= term(rest, allowed);
    }
    is_every
}

fn term(rest: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let [word, after @ ..] = *rest else { return false };
    *rest = after;
    if *word != "(" {
        return allowed.contains(*word);
    }
    let is_inside = one_of(rest, allowed);
    let [")", after @ ..] = *rest else { return false };
    *rest = after;
    is_inside
}

/// What stands in backticks outside code blocks and looks like a path of this repository.
fn named_paths(prose: &str) -> Vec<&str> {
    let mut paths = Vec::new();
    for block in prose.split("```").step_by(2) {
        let inline = block.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
        paths.extend(inline.filter(|word| !word.contains(' ') && PATH_ROOTS.iter().any(|root| word.starts_with(root))));
    }
    paths
}

fn is_crate_root(path: &Path, crate_root: &str) -> bool {
    let folder = Path::new(crate_root);
    [folder.join("main.rs"), folder.join("lib.rs")].iter().any(|root| root == path)
        || path.parent() == Some(&folder.join("bin"))
}

/// The files that may declare the modules of `folder`.
fn parents(folder: &Path, crate_root: &str) -> Vec<PathBuf> {
    if folder == Path::new(crate_root) {
        vec![folder.join("main.rs"), folder.join("lib.rs")]
    } else {
        vec![folder.with_extension("rs"), folder.join("mod.rs")]
    }
}

/// Every .rs file below `folder` with its content.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut paths = Vec::new();
    walk(&root().join(folder), &mut paths);
    let rust = paths.into_iter().filter(|path| path.ends_with(".rs"));
    rust.map(|path| {
        let content = fs::read_to_string(root().join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        (path, content)
    })
    .collect()
}

/// What git tracks or would track; where there is no git, what a walk finds.
fn repository_files() -> Vec<String> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    if let Ok(output) = Command::new("git").args(arguments).current_dir(root()).output()
        && output.status.success()
    {
        let names = String::from_utf8_lossy(&output.stdout).into_owned();
        return names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    }
    let mut paths = Vec::new();
    walk(root(), &mut paths);
    paths
}

/// The files below `folder`, relative to the repository, in order.
fn walk(folder: &Path, paths: &mut Vec<String>) {
    let items = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut items: Vec<PathBuf> = items.map(|item| item.expect("the folder can be listed").path()).collect();
    items.sort();
    for item in items {
        let name = item.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !item.is_dir() {
            let relative = item.strip_prefix(root()).expect("the walk stays inside the repository");
            paths.push(relative.to_string_lossy().into_owned());
        } else if !matches!(name, ".git" | "target" | "node_modules" | "data" | "artefacts") {
            walk(&item, paths);
        }
    }
}

/// Everything in `line` that could be written to.
fn mail_addresses(line: &str) -> Vec<String> {
    let is_local = |c: &char| c.is_ascii_alphanumeric() || "._%+-".contains(*c);
    let is_domain = |c: &char| c.is_ascii_alphanumeric() || ".-".contains(*c);
    let mut addresses = Vec::new();
    for (at, _) in line.match_indices('@') {
        let before: Vec<char> = line[..at].chars().rev().take_while(is_local).collect();
        let local: String = before.iter().rev().collect();
        let domain: String = line[at + 1..].chars().take_while(is_domain).collect();
        let domain = domain.trim_end_matches(['.', '-']);
        let has_top_level = domain
            .rsplit_once('.')
            .is_some_and(|(_, last)| last.len() >= 2 && last.chars().all(|c| c.is_ascii_alphabetic()));
        if !local.is_empty() && has_top_level {
            addresses.push(format!("{local}@{domain}"));
        }
    }
    addresses
}
