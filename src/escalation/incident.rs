//! Known incidents: while one is active it is shown as a banner, and a question about it is answered with it before the
//! knowledge base is searched.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::subject::{share, terms};

/// Share of terms in common with one of its questions from which a question is about an incident.
const SAME: f64 = 0.5;

/// An incident, as support describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Incident {
    /// What it is called by; also the tag of the tickets about it.
    pub(crate) id: String,
    /// In one line, for the banner.
    pub(crate) title: String,
    /// What is known, and what to do meanwhile.
    pub(crate) text: String,
    /// Words or groups of words; a question that holds all words of one is about it.
    #[serde(default)]
    pub(crate) keywords: Vec<String>,
    /// Questions that people ask because of it.
    #[serde(default)]
    pub(crate) questions: Vec<String>,
    /// From when on it is said.
    pub(crate) starts: Timestamp,
    /// From when on it is no longer said; until then, as long as it is listed.
    #[serde(default)]
    pub(crate) ends: Option<Timestamp>,
}

impl Incident {
    /// Whether it is to be said `now`.
    pub(crate) fn is_active(&self, now: Timestamp) -> bool {
        self.starts <= now && self.ends.is_none_or(|ends| now < ends)
    }
}

/// The incidents that are active `now`, in their order.
pub(crate) fn active(incidents: &[Incident], now: Timestamp) -> impl Iterator<Item = &Incident> {
    incidents.iter().filter(move |incident| incident.is_active(now))
}

/// The active incident that `question` is about: the one with the most in common.
pub(crate) fn matching<'a>(incidents: &'a [Incident], now: Timestamp, question: &str) -> Option<&'a Incident> {
    let asked = terms(question);
    let likeness = |incident: &Incident| {
        let keywords = incident.keywords.iter().map(|keyword| {
            let words = terms(keyword);
            let is_said = !words.is_empty() && words.is_subset(&asked);
            // Any keyword is enough; the longer ones say more.
            if is_said { SAME + words.len() as f64 / 100.0 } else { 0.0 }
        });
        let questions = incident.questions.iter().map(|known| share(&terms(known), &asked));
        keywords.chain(questions).fold(0.0, f64::max)
    };
    let near = active(incidents, now).map(|incident| (likeness(incident), incident));
    let best = near.filter(|(likeness, _)| *likeness >= SAME).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, incident)| incident)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct File {
        incident: Vec<Incident>,
    }

    fn incidents() -> Vec<Incident> {
        let file: File = toml::from_str(
            r#"
            [[incident]]
            id = "cles-2026-11"
            title = "Les clés d’activation arrivent en retard"
            text = "Les clés demandées depuis ce matin arrivent avec deux heures de retard."
            keywords = ["clé retard", "code d’activation"]
            questions = ["Je n’ai pas reçu ma clé d’activation"]
            starts = "2026-11-02T08:00:00+01:00"
            ends = "2026-11-02T12:00:00+01:00"

            [[incident]]
            id = "boutique"
            title = "La boutique est en maintenance"
            text = "La boutique revient à 14 h."
            keywords = ["boutique"]
            starts = "2026-11-02T09:00:00+01:00"
            "#,
        )
        .expect("incidents");
        file.incident
    }

    fn check(now: &str, question: &str, expected: Option<&str>) {
        let incidents = incidents();
        let found = matching(&incidents, now.parse().expect("a moment"), question);
        assert_eq!(found.map(|incident| incident.id.as_str()), expected, "{question} at {now}");
    }

    #[test]
    fn an_incident_is_said_from_its_start_to_its_end() {
        for (now, expected) in [
            ("2026-11-02T07:59:59+01:00", 0),
            ("2026-11-02T08:00:00+01:00", 1),
            ("2026-11-02T11:59:59+01:00", 2),
            ("2026-11-02T12:00:00+01:00", 1),
            ("2027-11-02T12:00:00+01:00", 1),
        ] {
            assert_eq!(active(&incidents(), now.parse().expect("a moment")).count(), expected, "{now}");
        }
    }

    #[test]
    fn a_question_about_an_active_incident_finds_it() {
        let now = "2026-11-02T10:00:00+01:00";
        check(now, "pourquoi ma clé a-t-elle du retard ?", Some("cles-2026-11"));
        check(now, "Où est mon code d'activation", Some("cles-2026-11"));
        check(now, "je n'ai toujours pas reçu la clé d'activation", Some("cles-2026-11"));
        check(now, "La BOUTIQUE ne répond pas", Some("boutique"));
        check(now, "Comment inscrire un collègue à une formation ?", None);
        check(now, "", None);
        check("2026-11-02T13:00:00+01:00", "pourquoi ma clé a-t-elle du retard ?", None);
    }
}
