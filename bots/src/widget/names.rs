//! Short names for what only one file knows: private members, and variables that are nobody's property.
//!
//! A word is renamed everywhere or nowhere, so that scopes need not be understood: it is declared somewhere as a constant,
//! variable, function, class or only parameter, and nowhere looks like a property, a key, a method or an export.

use std::collections::{HashMap, HashSet};

use super::lean::Token;

const SHORT_KEYWORDS: [&str; 6] = ["as", "do", "if", "in", "is", "of"];
const KEYWORDS: [&str; 7] = ["async", "get", "of", "set", "static", "undefined", "this"];

/// What each name that can be shortened becomes; the most frequent ones become the shortest.
pub(super) fn short<'a>(tokens: &[Token<'a>]) -> HashMap<&'a str, String> {
    let (declared, taken) = (declared(tokens), properties(tokens));
    let words: HashSet<&str> = tokens.iter().filter_map(Token::word).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for token in tokens {
        match token {
            Token::Private(name) => *counts.entry(name).or_default() += 1,
            Token::Word(word) if declared.contains(word) && !taken.contains(word) => {
                *counts.entry(word).or_default() += 1;
            }
            Token::Word(_) | Token::Verbatim(_) | Token::Sign(_) => {}
        }
    }
    let mut names: Vec<(&str, usize)> = counts.into_iter().collect();
    names.sort_by_key(|&(name, count)| (usize::MAX - count, name));
    let mut private = labels();
    let mut free =
        labels().filter(|label| !words.contains(label.as_str()) && !SHORT_KEYWORDS.contains(&label.as_str()));
    let mut shorten = |name: &str| match name.starts_with('#') {
        true => private.next().map(|label| format!("#{label}")),
        false => free.next(),
    };
    names.into_iter().filter_map(|(name, _)| Some((name, shorten(name)?))).collect()
}

/// a to z, then aa to zz.
fn labels() -> impl Iterator<Item = String> {
    let letters = || 'a'..='z';
    letters().map(String::from).chain(letters().flat_map(move |a| letters().map(move |b| format!("{a}{b}"))))
}

/// Words that are declared.
fn declared<'a>(tokens: &[Token<'a>]) -> HashSet<&'a str> {
    let mut declared = HashSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(word) = token.word() else { continue };
        let before = at.checked_sub(1).and_then(|at| tokens[at].word());
        let is_declared = matches!(before, Some("const" | "let" | "function" | "class"));
        let arrow = [Token::Sign('='), Token::Sign('>')];
        let follows = |place: usize| tokens.get(place..place + 2) == Some(&arrow[..]);
        let in_parentheses = at.checked_sub(1).map(|at| &tokens[at]) == Some(&Token::Sign('('))
            && tokens.get(at + 1) == Some(&Token::Sign(')'));
        let is_parameter = follows(at + 1) || (in_parentheses && follows(at + 2));
        if (is_declared || is_parameter) && !KEYWORDS.contains(&word) {
            declared.insert(word);
        }
    }
    declared
}

/// Words that others may know: properties, keys, methods, what is exported.
fn properties<'a>(tokens: &[Token<'a>]) -> HashSet<&'a str> {
    let mut found = HashSet::new();
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let sign = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
            Some(Token::Sign(sign)) => Some(*sign),
            _ => None,
        };
        match token {
            Token::Sign(sign @ ('(' | '[' | '{')) => open.push(*sign),
            Token::Sign(')' | ']' | '}') => {
                open.pop();
            }
            Token::Verbatim(text) => {
                // The text of a template ends the code before it and begins the code after it.
                if token.is_template() && text.starts_with('}') {
                    open.pop();
                }
                if token.is_template() && text.ends_with("${") {
                    open.push('$');
                }
            }
            Token::Word(_) | Token::Private(_) | Token::Sign(_) => {}
        }
        let Some(word) = token.word() else { continue };
        let (before, after) = (sign(at.checked_sub(1)), sign(Some(at + 1)));
        let is_property = before == Some('.') && sign(at.checked_sub(2)) != Some('.');
        let in_braces = open.last() == Some(&'{');
        let is_shorthand = in_braces && matches!(before, Some('{' | ',')) && matches!(after, Some(',' | '}' | '='));
        let is_exported = (1..=3).any(|back| at.checked_sub(back).and_then(|at| tokens[at].word()) == Some("export"));
        if is_property || after == Some(':') || is_shorthand || is_exported || is_method(tokens, at) {
            found.insert(word);
        }
    }
    found
}

/// Whether the word at `at` is the name of a method: a list in parentheses and a body follow.
fn is_method(tokens: &[Token<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).map(|at| &tokens[at]);
    let is_function = before.and_then(Token::word).is_some_and(|word| word == "function");
    if is_function || tokens.get(at + 1) != Some(&Token::Sign('(')) {
        return false;
    }
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate().skip(at + 1) {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') if depth == 1 => return tokens.get(place + 1) == Some(&Token::Sign('{')),
            Token::Sign(')') => depth -= 1,
            _ => {}
        }
    }
    false
}
