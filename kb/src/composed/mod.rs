//! Composed answers: what an entry says when the facts of one customer are known. A small template language over a
//! catalogue of facts, in the entry's own file; `kb/README.md` tells curators how to write it.
//!
//! `{{contract.end_on}}` shows a fact, `{{rule.keys_delay}}` the sentence of a rule, `{{answer}}` the plain answer;
//! `{% case renewal %}{% when done %}…{% else %}…{% end %}` chooses by what a fact says, `{% if collection.since %}…{% end %}`
//! by whether it is there. A template that was checked never shows a hole: every case is thought of.

pub mod catalogue;
mod check;
mod parse;
mod render;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use catalogue::{Group, Kind, Known, When};
pub use render::{Mark, Rendered, Said, mark_of};

use crate::diagnostic::Diagnostic;
use crate::entry::Entry;
use crate::knowledge_base::{KnowledgeBase, Origin};
use crate::rules::RuleId;

/// A template that can be rendered.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    nodes: Vec<Node>,
}

/// Something wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line inside the template, from 0.
    pub line: usize,
    /// What it is.
    pub message: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Node {
    Text(String),
    /// With its line.
    Value(&'static Known, usize),
    /// With its line.
    Rule(RuleId, usize),
    Answer,
    Case {
        on: &'static Known,
        branches: Vec<Branch>,
        /// What is said in all other cases, with its line.
        otherwise: Option<(Vec<Node>, usize)>,
        line: usize,
        /// Whether it was written as `if`: then saying nothing otherwise is meant.
        is_if: bool,
    },
}

#[derive(Debug, PartialEq, Eq)]
struct Branch {
    values: Vec<&'static str>,
    nodes: Vec<Node>,
    line: usize,
}

impl Template {
    /// Reads and checks the template of an entry that declares the facts `declared`.
    ///
    /// # Errors
    /// When it cannot be read, or would say something wrong in some case; all problems at once.
    pub fn read(text: &str, declared: &[String]) -> Result<Self, Vec<Problem>> {
        let template = parse::parse(text)?;
        let problems = check::check(&template, declared);
        if problems.is_empty() { Ok(template) } else { Err(problems) }
    }

    /// The groups of facts that it may need.
    pub fn groups(&self) -> BTreeSet<Group> {
        let mut groups = BTreeSet::new();
        visit(&self.nodes, &mut |node| {
            if let Node::Value(known, _) | Node::Case { on: known, .. } = node {
                groups.insert(known.group);
            }
        });
        groups
    }

    /// Whether it asks for anything about a contract besides its customer.
    pub fn needs_contract(&self) -> bool {
        let mut needs = false;
        visit(&self.nodes, &mut |node| {
            if let Node::Value(known, _) | Node::Case { on: known, .. } = node {
                needs |= !["customer", "partner", "collection"].contains(&known.name.split('.').next().unwrap_or(""));
            }
        });
        needs
    }

    fn rests_on_rules(&self) -> bool {
        let mut rests = false;
        visit(&self.nodes, &mut |node| match node {
            Node::Rule(..) => rests = true,
            Node::Value(known, _) | Node::Case { on: known, .. } => rests |= !known.rules.is_empty(),
            Node::Text(_) | Node::Answer => {}
        });
        rests
    }
}

fn visit(nodes: &[Node], see: &mut dyn FnMut(&Node)) {
    for node in nodes {
        see(node);
        if let Node::Case { branches, otherwise, .. } = node {
            branches.iter().for_each(|branch| visit(&branch.nodes, see));
            otherwise.iter().for_each(|(nodes, _)| visit(nodes, see));
        }
    }
}

impl Entry {
    /// The template of its composed answer; `None` when there is none, or none that can be trusted.
    pub fn template(&self) -> Option<Template> {
        if self.composed.is_empty() {
            return None;
        }
        Template::read(&self.composed, &self.facts).ok()
    }
}

/// What is wrong with the templates of all entries.
pub(crate) fn check(all: &KnowledgeBase, origins: &[Origin], found: &mut Vec<Diagnostic>) {
    for (entry, origin) in all.entries.iter().zip(origins) {
        found.extend(check_entry(entry, origin));
        if all.rules.is_none() && entry.template().is_some_and(|template| template.rests_on_rules()) {
            let message = "this composed answer needs `rules.fr.toml`, which is missing or wrong";
            found.push(Diagnostic::error(&origin.file, origin.composed_line, message));
        }
    }
}

/// What is wrong with the template of one entry, whatever stands beside it.
pub fn check_entry(entry: &Entry, origin: &Origin) -> Vec<Diagnostic> {
    if entry.composed.is_empty() {
        let message = "`facts` is declared and nothing is composed with it: write it after a line `+++ client`";
        let error = || Diagnostic::error(&origin.file, origin.facts_line, message);
        return (!entry.facts.is_empty()).then(error).into_iter().collect();
    }
    let problems = Template::read(&entry.composed, &entry.facts).err().unwrap_or_default();
    let error =
        |problem: Problem| Diagnostic::error(&origin.file, origin.composed_line + problem.line, problem.message);
    problems.into_iter().map(error).collect()
}
