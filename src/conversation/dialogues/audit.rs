//! Every turn that asked the portal leaves one line, whatever came of it.

use super::house::House;
use super::moody::Mood;
use crate::conversation::Sent;

const QUESTION: &str = "Pourquoi le contrat de Garage Martin n'a pas été réabonné ?";

/// The outcomes that the audit holds after `user` asked `text`.
async fn kept(mood: Mood, user: &str, text: &str) -> Vec<String> {
    let house = House::open(mood).await;
    let (id, token) = house.open_conversation(Some(user), false).await;
    let sent = Sent { text: text.to_owned(), ..Sent::default() };
    house.conversations.turn(&id, &token, sent).await.expect("a reply");
    let lines = house.conversations.store.list_lookups(9).await.expect("the audit");
    let is_whose = |line: &crate::model::Lookup| line.user.as_str() == user && line.conversation == id;
    assert!(lines.iter().all(is_whose), "{lines:?}");
    lines.into_iter().map(|line| line.outcome).collect()
}

#[tokio::test]
async fn every_outcome_is_kept_and_so_is_what_went_wrong() {
    for (mood, user, text, outcome) in [
        (Mood::Good, "U-12", QUESTION, "found"),
        (Mood::Good, "U-14", QUESTION, "choice"),
        (Mood::Good, "U-12", "Le contrat de la Clinique Saint-Jean est-il réabonné ?", "choice"),
        (Mood::Good, "U-12", "Est-ce que le contrat 70617248 est réabonné ?", "near"),
        (Mood::Good, "U-12", "Est-ce que le contrat 12121212 est réabonné ?", "unknown"),
        (Mood::Good, "U-12", "Le contrat du client SIRET 39424779500014 est-il réabonné ?", "unknown"),
        (Mood::Good, "U-32", "Est-ce que le contrat 70617284 est réabonné ?", "not_allowed"),
        (Mood::Leaky, "U-11", "Est-ce que le contrat 70617284 est réabonné ?", "unknown"),
        (Mood::Half, "U-12", QUESTION, "partial"),
        (Mood::HalfSlow, "U-12", QUESTION, "partial"),
        (Mood::Silent, "U-12", QUESTION, "silent"),
        (Mood::Slow, "U-12", QUESTION, "silent"),
        // The question may be about somebody, or not: the portal was asked all the same.
        (Mood::Silent, "U-12", "Peut-on encore résilier le contrat de la Menuiserie Dubreuil ?", "silent"),
    ] {
        assert_eq!(kept(mood, user, text).await, [outcome], "{mood:?} {user} {text}");
    }
}
