//! Why a question got its decision, in curators' words.

use std::fmt::Write;

use guichet_index::Why;

use super::french;
use crate::answer::explanation::Explanation;
use crate::policy::Reason;

/// How many candidates are told.
const TOLD: usize = 3;

/// An explanation as text, line by line.
pub(crate) fn explanation(of: &Explanation) -> String {
    let mut out = String::new();
    let mut line = |text: String| writeln!(out, "  {}", french(&text)).expect("a string can be written to");
    line(because(of));
    line(format!("Lu : « {} »", of.read.sentence.trim()));
    for correction in &of.read.corrections {
        let why = match correction.why {
            Why::Chat => "écriture de messagerie",
            Why::Apostrophe => "apostrophe oubliée",
            Why::Typo => "faute de frappe",
        };
        line(format!("« {} » compris « {} » ({why})", correction.said, correction.means));
    }
    for synonym in &of.read.synonyms {
        line(format!("« {} » renvoie à : {}", synonym.said, synonym.means.join(", ")));
    }
    if let Some(topic) = &of.orientation {
        line(format!("Sujet hors des fiches, avant toutes les fiches : {} ({})", topic.topic, topic.id));
    }
    for (place, candidate) in of.candidates.iter().take(TOLD).enumerate() {
        line(format!(
            "{}. {} ({:+.2}) : lettres {}, mots {}, sens {} ; au plus près : « {} »",
            place + 1,
            candidate.entry,
            candidate.score,
            percent(candidate.letters),
            percent(candidate.words),
            percent(candidate.meaning),
            candidate.nearest,
        ));
    }
    out
}

/// The rule that decided, with the figures it looked at.
pub(crate) fn because(of: &Explanation) -> String {
    let (measures, thresholds) = (&of.measures, &of.thresholds);
    match of.reason {
        Reason::Person => "La personne demande un conseiller.".to_owned(),
        Reason::SmallTalk => "C’est un message de politesse ou de bavardage.".to_owned(),
        Reason::NearSmallTalk => "Aucune fiche n’est proche ; le sens est celui d’un bavardage.".to_owned(),
        Reason::Customer => "La question porte sur un client donné : elle se lit dans son dossier.".to_owned(),
        Reason::Clear => format!(
            "Réponse directe : confiance {}, il en faut {}.",
            percent(measures.confidence),
            percent(thresholds.answer)
        ),
        Reason::Unsure => format!(
            "Choix proposé : confiance {}, il en faut {} pour répondre.",
            percent(measures.confidence),
            percent(thresholds.answer)
        ),
        Reason::UnknownWords => format!(
            "Choix proposé : les fiches ne connaissent que {} des mots, il en faut {}.",
            percent(measures.known_share),
            percent(thresholds.known_share)
        ),
        Reason::SaysTooLittle => format!(
            "Choix proposé : {} mot parlant, il en faut {} (ou une formulation proche à {}).",
            measures.telling_words,
            thresholds.telling_words,
            percent(thresholds.foreseen)
        ),
        Reason::Unlikely => format!(
            "Silence : confiance {}, il en faut {} pour proposer un choix.",
            percent(measures.confidence),
            percent(thresholds.offer)
        ),
        Reason::Nothing => "Silence : aucune fiche n’a de mot ni de lettres en commun avec la question.".to_owned(),
        Reason::Given => "Rien n’était à deviner.".to_owned(),
    }
}

fn percent(share: f32) -> String {
    format!("{:.0} %", share * 100.0)
}
