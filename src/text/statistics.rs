//! What staff read of figures.

use jiff::civil::Date;

use super::insight;

pub(crate) const STATISTICS: &str = "Statistiques";
pub(crate) const QUESTIONS: &str = "Questions";
pub(crate) const QUESTIONS_HELP: &str = "Ce qui a été tapé, hors politesses et choix.";
pub(crate) const ANSWERED: &str = "Répondues d’emblée";
pub(crate) const ANSWERED_HELP: &str = "Une fiche, un dossier ou un incident a répondu sans rien demander.";
pub(crate) const CLARIFIED: &str = "Précisées";
pub(crate) const CLARIFIED_HELP: &str = "Un choix entre deux ou trois fiches a été proposé.";
pub(crate) const UNANSWERED: &str = "Sans réponse";
pub(crate) const UNANSWERED_HELP: &str = "Aucune fiche ne convenait.";
pub(crate) const ESCALATED: &str = "Suivies d’une demande";
pub(crate) const ESCALATED_HELP: &str = "La conversation a abouti à une demande au support.";
pub(crate) const LASTING: &str = "Résolues durablement";
pub(crate) const LASTING_HELP: &str =
    "Fiche donnée depuis plus de 7\u{a0}jours, sans demande ensuite sur le sujet ni avis négatif.";
pub(crate) const HELPFUL: &str = "Jugées utiles";
pub(crate) const HELPFUL_HELP: &str = "Parmi les réponses sur lesquelles un partenaire s’est prononcé.";
pub(crate) const TIME: &str = "Temps de réponse";
pub(crate) const TIME_HELP: &str = "La moitié des réponses est plus rapide.";
pub(crate) const BY_DAY: &str = "Questions par jour";
pub(crate) const BY_WEEK: &str = "Questions par semaine";
pub(crate) const BY_HOUR: &str = "Questions par heure de la journée";
pub(crate) const NO_CATEGORY: &str = "Fiches retirées";
/// The head of tables of figures, after the name.
pub(crate) const FIGURES: [&str; 5] = ["Questions", "Répondues", "Précisées", "Sans réponse", "Suivies d’une demande"];
/// The parts of a column.
pub(crate) const CHART_PARTS: [&str; 3] = ["répondues d’emblée", "précisées", "sans réponse"];
pub(crate) const EXPORT_FIGURES: [&str; 10] = [
    "De",
    "Questions",
    "Répondues d’emblée",
    "Précisées",
    "Sans réponse",
    "Suivies d’une demande",
    "Jugées utiles",
    "Jugées inutiles",
    "Fiches données depuis plus de 7 jours",
    "Résolues durablement",
];
pub(crate) const EXPORT_ENTRIES: [&str; 8] = [
    "Identifiant",
    "Question",
    "Rubrique",
    "Donnée",
    "Jugée utile",
    "Jugée inutile",
    "Donnée depuis plus de 7 jours",
    "Durablement",
];

/// From one day to another.
pub(crate) fn period(first: Date, last: Date) -> String {
    format!("du {} au {}", first.strftime("%d/%m/%Y"), last.strftime("%d/%m/%Y"))
}

/// A day below a column.
pub(crate) fn day(day: Date) -> String {
    day.strftime("%d/%m").to_string()
}

/// An hour of the day.
pub(crate) fn hour(hour: usize) -> String {
    format!("{hour}\u{a0}h")
}

/// How people came.
pub(crate) fn channel(name: &str) -> &str {
    match name {
        "web" => "Chat du site",
        "discord" => "Discord",
        "api" => "API",
        "terminal" => "Terminal",
        other => other,
    }
}

/// A number with its thousands apart.
pub(crate) fn number(number: i64) -> String {
    insight::number(usize::try_from(number).unwrap_or_default())
}

/// A share; a dash when it is of nothing.
pub(crate) fn share(share: Option<i64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{share}\u{a0}%"))
}

/// A part and what it is a part of.
pub(crate) fn of(part: i64, whole: i64) -> String {
    format!("{} sur {}", number(part), number(whole))
}

/// Points more or less than before.
pub(crate) fn change(now: Option<i64>, before: Option<i64>) -> String {
    match now.zip(before).map(|(now, before)| now - before) {
        None => String::new(),
        Some(0) => "stable".to_owned(),
        Some(points) if points > 0 => format!("▲\u{a0}{points}\u{a0}pt"),
        Some(points) => format!("▼\u{a0}{}\u{a0}pt", -points),
    }
}

/// More or less than before, in hundredths.
pub(crate) fn growth(now: i64, before: i64) -> String {
    if before == 0 {
        return String::new();
    }
    match (now - before) * 100 / before {
        0 => "stable".to_owned(),
        growth if growth > 0 => format!("▲\u{a0}{growth}\u{a0}%"),
        growth => format!("▼\u{a0}{}\u{a0}%", -growth),
    }
}

/// A time; a dash when there is none.
pub(crate) fn millis(time: Option<i64>) -> String {
    time.map_or_else(|| "–".to_owned(), |time| format!("{}\u{a0}ms", number(time)))
}

/// The time of the slowest.
pub(crate) fn slowest(time: Option<i64>) -> String {
    time.map_or_else(String::new, |_| format!("95\u{a0}% en {}", millis(time)))
}

/// What a chart shows, for who does not see it.
pub(crate) fn chart(most: Option<(&str, i64)>) -> String {
    match most {
        Some((label, questions)) => {
            format!("Colonnes empilées. Le plus grand nombre\u{a0}: {} ({label}).", number(questions))
        }
        None => "Aucune question sur la période.".to_owned(),
    }
}
