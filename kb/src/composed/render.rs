//! A template with facts to Markdown in which every fact is still a mark: what it stands for is put in after the Markdown
//! was understood, so that nothing in a fact can be taken for markup.

use std::collections::BTreeSet;

use super::catalogue::{Group, Known};
use super::{Node, Template};
use crate::rules::RuleId;

/// The first of the characters that stand for marks: private ones, which are taken out of texts.
const FIRST_MARK: u32 = 0xF_0000;
const LAST_MARK: u32 = 0xF_FFFD;

/// What is known of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// What it says when it is tested: one of its domain.
    Is(&'static str),
    /// It could not be read.
    Unknown,
}

/// What stands at a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The value of a fact.
    Fact(&'static Known),
    /// The sentence of a rule.
    Rule(RuleId),
}

/// What a template says.
#[derive(Debug, Default)]
pub struct Rendered {
    /// Markdown; the place of a mark is the character that [`mark_of`] knows.
    pub markdown: String,
    /// What the marks stand for, in order.
    pub marks: Vec<Mark>,
    /// The facts that decided what is said, each once.
    pub decided_by: Vec<&'static Known>,
    /// What could not be read and would have said more.
    pub unknown: BTreeSet<Group>,
}

/// The number of the mark that `c` stands for.
pub fn mark_of(c: char) -> Option<usize> {
    let code = u32::from(c);
    (FIRST_MARK..=LAST_MARK).contains(&code).then(|| (code - FIRST_MARK) as usize)
}

impl Template {
    /// What it says when names say what `test` says; `answer` is the plain answer of the entry.
    pub fn render(&self, answer: &str, test: &dyn Fn(&'static Known) -> Said) -> Rendered {
        let mut rendered = Rendered::default();
        walk(&self.nodes, answer, test, &mut rendered);
        rendered
    }
}

fn walk(nodes: &[Node], answer: &str, test: &dyn Fn(&'static Known) -> Said, to: &mut Rendered) {
    for node in nodes {
        match node {
            Node::Text(text) => push(text, to),
            Node::Answer => push(answer, to),
            Node::Value(known, _) => mark(Mark::Fact(known), to),
            Node::Rule(rule, _) => mark(Mark::Rule(*rule), to),
            Node::Case { on, branches, otherwise, .. } => match test(on) {
                Said::Unknown => drop(to.unknown.insert(on.group)),
                Said::Is(value) => {
                    if !to.decided_by.contains(on) {
                        to.decided_by.push(on);
                    }
                    let taken = branches.iter().find(|branch| branch.values.contains(&value)).map(|it| &it.nodes);
                    if let Some(nodes) = taken.or(otherwise.as_ref().map(|(nodes, _)| nodes)) {
                        walk(nodes, answer, test, to);
                    }
                }
            },
        }
    }
}

/// Text of curators. What looks like a mark in it would stand for a fact that it does not name.
fn push(text: &str, to: &mut Rendered) {
    to.markdown.extend(text.chars().filter(|c| mark_of(*c).is_none()));
}

fn mark(mark: Mark, to: &mut Rendered) {
    let code = FIRST_MARK + u32::try_from(to.marks.len()).unwrap_or_default();
    if let Some(c) = char::from_u32(code).filter(|_| code <= LAST_MARK) {
        to.markdown.push(c);
        to.marks.push(mark);
    }
}
