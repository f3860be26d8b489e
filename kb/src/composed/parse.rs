//! A template as text to a template as a tree.

use super::catalogue::{self, Kind, Known};
use super::{Branch, Node, Problem, Template};
use crate::rules::RuleId;

/// How deep `if` and `case` may be nested: far beyond what anybody can read, and far from where the stack ends.
const DEEPEST: usize = 32;

/// A piece of the text.
struct Token<'a> {
    line: usize,
    what: What<'a>,
}

enum What<'a> {
    Text(&'a str),
    /// `{% … %}`, trimmed.
    Tag(&'a str),
    /// `{{…}}`, trimmed.
    Place(&'a str),
}

/// Reads `text`; lines are counted from 0.
pub(super) fn parse(text: &str) -> Result<Template, Vec<Problem>> {
    let (tokens, mut problems) = tokens(text);
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), problems: Vec::new(), depth: 0 };
    let (nodes, end) = parser.nodes();
    if let Some((line, tag)) = end {
        parser.problem(line, format!("`{{% {tag} %}}` closes nothing"));
    }
    problems.append(&mut parser.problems);
    if problems.is_empty() { Ok(Template { nodes }) } else { Err(problems) }
}

/// A tag that is alone on its line takes the line with it.
fn tokens(text: &str) -> (Vec<Token<'_>>, Vec<Problem>) {
    let (mut tokens, mut problems) = (Vec::new(), Vec::new());
    for (line, whole) in text.split_inclusive('\n').enumerate() {
        let is_alone =
            whole.trim().starts_with("{%") && whole.trim().ends_with("%}") && whole.matches("{%").count() == 1;
        let mut rest = if is_alone { whole.trim() } else { whole };
        // In one pass: looking for each of the two to the end, again and again, would take minutes on a long line of tags.
        while let Some((start, _)) = rest.match_indices('{').find(|(at, _)| rest[at + 1..].starts_with(['%', '{'])) {
            let is_tag = rest[start..].starts_with("{%");
            let close = if is_tag { "%}" } else { "}}" };
            // After the opening: `{%}` is not closed.
            let Some(length) = rest[start + 2..].find(close) else {
                problems.push(Problem {
                    line,
                    message: format!("`{}` is not closed on this line", &rest[start..start + 2]),
                });
                break;
            };
            let inside = rest[start + 2..start + 2 + length].trim();
            tokens.push(Token { line, what: What::Text(&rest[..start]) });
            tokens.push(Token { line, what: if is_tag { What::Tag(inside) } else { What::Place(inside) } });
            rest = &rest[start + 2 + length + 2..];
        }
        tokens.push(Token { line, what: What::Text(rest) });
    }
    tokens.retain(|token| !matches!(token.what, What::Text("")));
    (tokens, problems)
}

struct Parser<'a> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token<'a>>>,
    problems: Vec<Problem>,
    /// How many lists of nodes are open, one in the other.
    depth: usize,
}

/// The tag that ended a list of nodes.
type End<'a> = Option<(usize, &'a str)>;

impl<'a> Parser<'a> {
    fn problem(&mut self, line: usize, message: impl Into<String>) {
        self.problems.push(Problem { line, message: message.into() });
    }

    /// Nodes until a tag that belongs to what is around them.
    fn nodes(&mut self) -> (Vec<Node>, End<'a>) {
        self.depth += 1;
        let found = self.nodes_here();
        self.depth -= 1;
        found
    }

    fn nodes_here(&mut self) -> (Vec<Node>, End<'a>) {
        let mut nodes: Vec<Node> = Vec::new();
        while let Some(Token { line, what }) = self.tokens.next() {
            match what {
                What::Text(text) => match nodes.last_mut() {
                    Some(Node::Text(before)) => before.push_str(text),
                    _ => nodes.push(Node::Text(text.to_owned())),
                },
                What::Place(inside) => self.place(line, inside, &mut nodes),
                What::Tag(tag) => match tag.split_once(' ').unwrap_or((tag, "")) {
                    ("if" | "case", _) if self.depth > DEEPEST => {
                        self.problem(line, "`if` and `case` are nested too deeply to be understood");
                    }
                    ("if", rest) => nodes.extend(self.if_node(line, rest)),
                    ("case", rest) => nodes.extend(self.case_node(line, rest)),
                    ("when" | "else" | "end", _) => return (nodes, Some((line, tag))),
                    _ => self.problem(line, format!("unknown tag `{{% {tag} %}}`: if, case, when, else and end exist")),
                },
            }
        }
        (nodes, None)
    }

    fn place(&mut self, line: usize, inside: &str, nodes: &mut Vec<Node>) {
        if inside.starts_with("contact.") {
            // Filled in with the rest of the Markdown.
            nodes.push(Node::Text(format!("{{{{{inside}}}}}")));
        } else if inside == "answer" {
            nodes.push(Node::Answer);
        } else if let Some(name) = inside.strip_prefix("rule.") {
            match RuleId::ALL.into_iter().find(|rule| rule.as_str() == name) {
                Some(rule) => nodes.push(Node::Rule(rule, line)),
                None => self.problem(line, format!("there is no rule `{name}`")),
            }
        } else if let Some(known) = self.known(line, inside) {
            if matches!(known.kind, Kind::Choice(_) | Kind::Flag) {
                self.problem(line, format!("`{inside}` is tested with `{{% case {inside} %}}`, not shown"));
            }
            nodes.push(Node::Value(known, line));
        }
    }

    fn known(&mut self, line: usize, name: &str) -> Option<&'static Known> {
        let known = catalogue::find(name);
        if known.is_none() {
            self.problem(line, format!("unknown fact `{name}`; the README lists them all"));
        }
        known
    }

    /// `{% if NAME %}`, `{% if NAME is VALUE, VALUE %}`.
    fn if_node(&mut self, line: usize, rest: &str) -> Option<Node> {
        let (name, values) = rest.split_once(" is ").unwrap_or((rest, ""));
        let known = self.known(line, name.trim());
        let values = match (known, values) {
            (Some(known), "") => self.first_value(line, known).into_iter().collect(),
            (Some(known), values) => self.values(line, known, values),
            (None, _) => Vec::new(),
        };
        let (then, mut end) = self.nodes();
        let mut otherwise = Vec::new();
        if end.is_some_and(|(_, tag)| tag == "else") {
            (otherwise, end) = self.nodes();
        }
        self.expect_end(line, "if", end);
        let branches = vec![Branch { values, nodes: then, line }];
        Some(Node::Case { on: known?, branches, otherwise: Some((otherwise, line)), line, is_if: true })
    }

    /// What `{% if NAME %}` asks.
    fn first_value(&mut self, line: usize, known: &'static Known) -> Option<&'static str> {
        if matches!(known.kind, Kind::Choice(_)) {
            let name = known.name;
            self.problem(line, format!("`{name}` is one of several: write `{{% if {name} is … %}}`"));
            return None;
        }
        known.domain().first().copied()
    }

    fn case_node(&mut self, line: usize, rest: &str) -> Option<Node> {
        let known = self.known(line, rest.trim());
        let (before, mut end) = self.nodes();
        let is_blank = |node: &Node| matches!(node, Node::Text(text) if text.trim().is_empty());
        if !before.iter().all(is_blank) {
            self.problem(line, "nothing may stand between `case` and the first `when`");
        }
        let (mut branches, mut otherwise) = (Vec::new(), None);
        while let Some((at, tag)) = end {
            let (nodes, next) = match tag.split_once(' ').unwrap_or((tag, "")) {
                ("when", values) if otherwise.is_none() => {
                    let values = known.map(|known| self.values(at, known, values)).unwrap_or_default();
                    let (nodes, next) = self.nodes();
                    branches.push(Branch { values, nodes: Vec::new(), line: at });
                    (nodes, next)
                }
                ("else", _) if otherwise.is_none() => {
                    let (nodes, next) = self.nodes();
                    otherwise = Some((nodes, at));
                    end = next;
                    continue;
                }
                ("end", _) => break,
                _ => {
                    self.problem(at, format!("`{{% {tag} %}}` must not stand here"));
                    break;
                }
            };
            if let Some(branch) = branches.last_mut() {
                branch.nodes = nodes;
            }
            end = next;
        }
        self.expect_end(line, "case", end);
        Some(Node::Case { on: known?, branches, otherwise, line, is_if: false })
    }

    fn expect_end(&mut self, line: usize, what: &str, end: End<'_>) {
        if end.is_none_or(|(_, tag)| tag != "end") {
            self.problem(line, format!("`{{% {what} … %}}` has no `{{% end %}}`"));
        }
    }

    fn values(&mut self, line: usize, known: &'static Known, text: &str) -> Vec<&'static str> {
        let mut values = Vec::new();
        for value in text.split(',').map(str::trim) {
            match known.domain().iter().find(|candidate| **candidate == value) {
                Some(value) => values.push(*value),
                None if known.domain().is_empty() => {
                    self.problem(line, format!("`{}` is always there: there is nothing to test", known.name));
                }
                None => {
                    let domain = known.domain().join(", ");
                    self.problem(line, format!("`{}` is never `{value}`; it is one of {domain}", known.name));
                }
            }
        }
        values
    }
}
