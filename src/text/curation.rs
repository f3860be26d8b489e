//! What deserves a curator's look, in French.

use std::fmt::Write;

use super::french;
use crate::curation::confusions::{Confusion, Example};
use crate::curation::contradictions::{Contradiction, Differ};
use crate::curation::hard_to_find::{HardToFind, Reason};
use crate::curation::report::Report;
use crate::curation::twins::Twins;

/// The report, each list cut after `most`.
pub(crate) fn report(report: &Report, most: usize) -> String {
    let mut out = format!("{} fiches ; {} formulations remises à l'épreuve.\n", report.entries, report.held_out);
    let failed = report.failed_checks.iter().filter(|check| check.failure.is_error()).count();
    let others = report.failed_checks.len() - failed;
    writeln!(
        out,
        "Questions témoins : {failed} égarent un partenaire, {others} coûtent un tour (voir « guichet kb check »)."
    )
    .expect("a string can be written to");
    list(&mut out, "Fiches confondues", &report.confusions, most, confusion);
    list(&mut out, "Contradictions possibles", &report.contradictions, most, contradiction);
    list(&mut out, "Fiches difficiles à trouver", &report.hard_to_find, most, hard_to_find);
    list(&mut out, "Fiches jumelles", &report.twins, most, twins);
    french(&out)
}

fn list<T>(out: &mut String, title: &str, all: &[T], most: usize, line: impl Fn(&T) -> String) {
    write!(out, "\n{title} : {}\n", if all.is_empty() { "aucune".to_owned() } else { all.len().to_string() })
        .expect("a string can be written to");
    all.iter().take(most).for_each(|one| out.push_str(&line(one)));
    if all.len() > most {
        writeln!(out, "  … et {} de plus (--all)", all.len() - most).expect("a string can be written to");
    }
}

fn confusion(of: &Confusion) -> String {
    let back = if of.given_back > 0 { format!(", l'inverse {} fois", of.given_back) } else { String::new() };
    let Confusion { taken, tried, .. } = of;
    let mut out =
        format!("- {} perd {taken} de ses {tried} formulations au profit de {}{back}\n", of.pair[0], of.pair[1]);
    for Example { entry, text, is_check } in &of.examples {
        let kind = if *is_check { "question témoin" } else { "formulation" };
        out.push_str(&format!("    {kind} de {entry} : « {text} »\n"));
    }
    out
}

fn contradiction(of: &Contradiction) -> String {
    let why = match of.differ {
        Differ::Figure => "chiffres différents",
        Differ::Bound => "même chiffre, limite ici et fenêtre là",
        Differ::Time => "dates ou périodes différentes",
        Differ::YesNo => "oui et non",
        Differ::List => "une liste fermée, une autre plus longue",
        Differ::Exclusion => "l'une exclut ce dont l'autre parle",
    };
    let mut out = format!("- {why} (sujet commun à {:.0} %)\n", of.closeness * 100.0);
    for (entry, statement) in of.entries.iter().zip(&of.statements) {
        out.push_str(&format!("    {entry} : « {} »\n", statement.replace('\n', " / ")));
    }
    out
}

fn hard_to_find(of: &HardToFind) -> String {
    let reasons: Vec<String> = of
        .reasons
        .iter()
        .map(|reason| match reason {
            Reason::SeldomFirst => {
                format!("en tête pour {} de ses {} formulations et questions témoins", of.first, of.tried)
            }
            Reason::FewFormulations => format!("{} formulations seulement", of.formulations),
            Reason::UniformFormulations => {
                format!("formulations trop semblables ({:.0} % de mots communs)", of.uniformity * 100.0)
            }
        })
        .collect();
    format!("- {} : {}\n", of.entry, reasons.join(" ; "))
}

fn twins(of: &Twins) -> String {
    let answers = match of.answers {
        1.0 => "même réponse".to_owned(),
        share => format!("réponses communes à {:.0} %", share * 100.0),
    };
    format!("- {} et {} : {answers}, questions à {:.0} %\n", of.entries[0], of.entries[1], of.questions * 100.0)
}
