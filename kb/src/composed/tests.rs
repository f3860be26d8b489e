//! What templates say, and what is refused in them.

use super::*;

fn read(text: &str, facts: &[&str]) -> Result<Template, Vec<Problem>> {
    let facts: Vec<String> = facts.iter().map(|fact| (*fact).to_owned()).collect();
    Template::read(text, &facts)
}

fn check(text: &str, facts: &[&str], line: usize, named: &str) {
    let problems = read(text, facts).expect_err(text);
    let is_named = problems.iter().any(|problem| problem.line == line && problem.message.contains(named));
    assert!(is_named, "{text}: {problems:?}");
}

#[test]
fn what_is_said_depends_on_what_facts_say() {
    let text = "Contrat {{contract.product}}.\n\n{% case renewal %}\n{% when done %}\nFait le {{renewal.done_on}}.\n\
                {% when ending %}\nFin.\n{% else %}\nAutre : {{rule.tacit_renewal}}\n{% end %}\n\n{{answer}}";
    let template = read(text, &["contract.product", "renewal", "renewal.done_on"]).expect("it is right");
    let said = |value: &'static str| template.render("Réponse.", &|_| Said::Is(value));
    let done = said("done");
    assert_eq!(done.marks.len(), 2);
    assert_eq!(done.markdown, "Contrat \u{f0000}.\n\nFait le \u{f0001}.\n\nRéponse.");
    assert_eq!(done.decided_by[0].name, "renewal");
    assert!(said("ending").markdown.contains("Fin."));
    assert_eq!(said("manual").marks[1], Mark::Rule(RuleId::TacitRenewal));
    let unknown = template.render("Réponse.", &|_| Said::Unknown);
    assert!(unknown.unknown.contains(&Group::Contract));
    assert_eq!(unknown.markdown, "Contrat \u{f0000}.\n\n\nRéponse.");
    assert_eq!(mark_of('\u{f0001}'), Some(1));
    assert_eq!(mark_of('a'), None);
}

#[test]
fn only_facts_and_rules_are_marks() {
    let template = read("A\u{f0000} {{answer}} {{rule.keys_delay}}", &[]).expect("it is right");
    let said = template.render("B\u{f0001}\u{f0002}", &|_| Said::Unknown);
    assert_eq!((said.markdown.as_str(), said.marks.len()), ("A B \u{f0000}", 1));
}

#[test]
fn what_may_be_missing_is_asked_for_first() {
    let text = "{% if pricing.loyalty_bonus %}Prime : {{pricing.loyalty_bonus}}{% else %}Aucune{% end %}";
    let template = read(text, &["pricing.loyalty_bonus"]).expect("it is right");
    assert_eq!(template.render("", &|_| Said::Is("absent")).markdown, "Aucune");
    assert_eq!(template.groups().into_iter().collect::<Vec<_>>(), [Group::Prices]);
    check("{{pricing.loyalty_bonus}}", &["pricing.loyalty_bonus"], 0, "may be missing");
    check("\n{{pricing.reference_price}}", &["pricing.reference_price"], 1, "may be unknown");
    check("{{termination.days_left}}", &["termination.days_left"], 0, "exists only where `termination` is");
}

#[test]
fn unknown_names_and_broken_tags_are_refused_with_their_line() {
    check("a\n{{contract.end}}", &[], 1, "unknown fact `contract.end`");
    check("{{rule.nope}}", &[], 0, "no rule `nope`");
    check("{{renewal}}", &["renewal"], 0, "not shown");
    check("{% if renewal %}x{% end %}", &["renewal"], 0, "is …");
    check("{% if renewal is gone %}x{% end %}", &["renewal"], 0, "never `gone`");
    check("{% if contract.end_on is x %}x{% end %}", &["contract.end_on"], 0, "nothing to test");
    check("a\n{% case renewal %}\n{% when done %}", &["renewal"], 1, "no `{% end %}`");
    check("{% end %}", &[], 0, "closes nothing");
    check("{% loop %}", &[], 0, "unknown tag");
    check("{{contract.end_on", &[], 0, "not closed");
    check("{%}", &[], 0, "not closed");
    check(&"{% if contract.end_on %}".repeat(8_000), &[], 0, "nested too deeply");
    check("{% case renewal %}x{% when done %}{% else %}{% end %}", &["renewal"], 0, "nothing may stand");
}

#[test]
fn unreachable_branches_and_missing_cases_are_refused() {
    let facts = &["contract.range"];
    check("{% case contract.range %}{% when pme %}a{% end %}", facts, 0, "missing cases of `contract.range`: mge");
    let twice = "{% case contract.range %}\n{% when pme %}\na\n{% when pme, mge %}\nb\n{% end %}";
    check(twice, facts, 3, "unreachable");
    let idle = "{% case contract.range %}\n{% when pme, mge %}\na\n{% else %}\nb\n{% end %}";
    check(idle, facts, 3, "unreachable");
    let nested = "{% if contract.range is mge %}\n{% if contract.range is pme %}a{% end %}\n{% end %}";
    check(nested, facts, 1, "unreachable");
    let always = "{% if contract.range is mge %}\n{% if contract.range is mge %}a{% end %}\n{% end %}";
    check(always, facts, 1, "always so");
}

#[test]
fn facts_are_declared_and_declared_facts_are_used() {
    check("{{contract.end_on}}", &[], 0, "not declared in `facts`: contract.end_on");
    check("Rien.", &["contract.end_on"], 0, "not used: contract.end_on");
}
