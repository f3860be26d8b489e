//! What is wrong with a template that can be read: branches that nothing reaches, cases that nobody thought of, facts that
//! may be missing where they are shown.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{Group, Known, When};
use super::{Node, Problem, Template};

/// What the branches around a place say: each name with what it can still be there.
type Around = BTreeMap<&'static str, Vec<&'static str>>;

/// What is wrong with `template`, whose entry declares `declared`.
pub(super) fn check(template: &Template, declared: &[String]) -> Vec<Problem> {
    let mut checker = Checker { problems: Vec::new(), used: BTreeSet::new() };
    checker.nodes(&template.nodes, &Around::new());
    let Checker { mut problems, used } = checker;
    let declared: BTreeSet<&str> = declared.iter().map(String::as_str).collect();
    let missing: Vec<&str> = used.iter().copied().filter(|name| !declared.contains(name)).collect();
    if !missing.is_empty() {
        problems
            .push(Problem { line: 0, message: format!("used and not declared in `facts`: {}", missing.join(", ")) });
    }
    let idle: Vec<&str> = declared.iter().copied().filter(|name| !used.contains(name)).collect();
    if !idle.is_empty() {
        problems.push(Problem { line: 0, message: format!("declared in `facts` and not used: {}", idle.join(", ")) });
    }
    problems
}

struct Checker {
    problems: Vec<Problem>,
    used: BTreeSet<&'static str>,
}

impl Checker {
    fn problem(&mut self, line: usize, message: String) {
        self.problems.push(Problem { line, message });
    }

    fn nodes(&mut self, nodes: &[Node], around: &Around) {
        for node in nodes {
            match node {
                Node::Text(_) | Node::Rule(..) | Node::Answer => {}
                Node::Value(known, line) => {
                    self.used.insert(known.name);
                    self.value(known, *line, around);
                }
                Node::Case { on, branches, otherwise, line, is_if } => {
                    self.used.insert(on.name);
                    self.reachable(on, *line, around);
                    let mut left: Vec<&'static str> =
                        around.get(on.name).cloned().unwrap_or_else(|| on.domain().to_vec());
                    for branch in branches {
                        let taken: Vec<&'static str> =
                            branch.values.iter().copied().filter(|value| left.contains(value)).collect();
                        for value in branch.values.iter().filter(|value| !taken.contains(value)) {
                            let message = format!("unreachable: `{}` cannot be `{value}` here", on.name);
                            self.problem(branch.line, message);
                        }
                        left.retain(|value| !taken.contains(value));
                        self.branch(&branch.nodes, on, taken, around);
                    }
                    match otherwise {
                        Some((_, line)) if left.is_empty() && *is_if => {
                            self.problem(*line, format!("`{}` is always so here: the `if` says nothing", on.name));
                        }
                        Some((_, line)) if left.is_empty() => {
                            self.problem(*line, format!("unreachable: every case of `{}` is taken", on.name));
                        }
                        Some((nodes, _)) => self.branch(nodes, on, left, around),
                        None if left.is_empty() => {}
                        None => {
                            let message = format!("missing cases of `{}`: {}", on.name, left.join(", "));
                            self.problem(*line, message);
                        }
                    }
                }
            }
        }
    }

    fn branch(&mut self, nodes: &[Node], on: &'static Known, values: Vec<&'static str>, around: &Around) {
        let mut inside = around.clone();
        inside.insert(on.name, values);
        self.nodes(nodes, &inside);
    }

    /// A fact that is shown must be there wherever it is shown.
    fn value(&mut self, known: &'static Known, line: usize, around: &Around) {
        self.reachable(known, line, around);
        if known.when == When::Sometimes && around.get(known.name).is_none_or(|values| values != &["present"]) {
            let name = known.name;
            self.problem(line, format!("`{name}` may be missing: put the passage into `{{% if {name} %}}`"));
        }
        let is_of_group = |name: &&str| super::catalogue::find(name).is_some_and(|other| other.group == known.group);
        if known.group != Group::Contract && !around.keys().any(is_of_group) {
            let message = format!(
                "`{}` may be unknown: put the passage into a `{{% case … %}}` or `{{% if … %}}` on a fact of the same group",
                known.name
            );
            self.problem(line, message);
        }
    }

    /// A fact that depends on another one must stand where that one says so.
    fn reachable(&mut self, known: &'static Known, line: usize, around: &Around) {
        let When::Only(other, values) = known.when else { return };
        let is_said = around.get(other).is_some_and(|left| left.iter().all(|value| values.contains(value)));
        if !is_said {
            let message = format!("`{}` exists only where `{other}` is {}", known.name, values.join(", "));
            self.problem(line, message);
        }
    }
}
