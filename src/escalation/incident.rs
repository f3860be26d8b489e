//! Known incidents: while one is active it is shown as a banner, and a question about it is answered with it before the
//! knowledge base is searched.

use jiff::Timestamp;

use super::subject::{share, terms};
use crate::model::Incident;

/// Share of terms in common with one of its questions from which a question is about an incident.
const SAME: f64 = 0.5;

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

    fn incident(id: &str, keywords: &[&str], questions: &[&str], starts: &str, ends: Option<&str>) -> Incident {
        let moment = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Incident {
            id: id.parse().expect("an id"),
            title: "Un incident".to_owned(),
            text: "Nous y travaillons.".to_owned(),
            keywords: texts(keywords),
            questions: texts(questions),
            starts: moment(starts),
            ends: ends.map(moment),
            problem: None,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn incidents() -> [Incident; 2] {
        [
            incident(
                "cles-2026-11",
                &["clé retard", "code d’activation"],
                &["Je n’ai pas reçu ma clé d’activation"],
                "2026-11-02T08:00:00+01:00",
                Some("2026-11-02T12:00:00+01:00"),
            ),
            incident("boutique", &["boutique"], &[], "2026-11-02T09:00:00+01:00", None),
        ]
    }

    fn check(now: &str, question: &str, expected: Option<&str>) {
        let incidents = incidents();
        let found = matching(&incidents, now.parse().expect("a moment"), question);
        assert_eq!(found.map(|found| found.id.as_str()), expected, "{question} at {now}");
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
