//! Whoever is signed in is not asked for what the portal has said.

use guichet_bots::terminal;

use super::house::House;
use super::moody::Mood;
use crate::conversation::Sent;

const TROUBLE: &str = "La version 12 refuse d'ouvrir mon dossier comptable";

/// A conversation, and what sends to it.
struct Talk<'a> {
    house: &'a House,
    id: String,
    token: String,
}

impl<'a> Talk<'a> {
    async fn begin(house: &'a House, user: Option<&str>, is_over: bool) -> Self {
        let (id, token) = house.open_conversation(user, is_over).await;
        Self { house, id, token }
    }

    /// Sends words, or presses the button whose id is in brackets; what comes back, as it is read.
    async fn send(&self, sent: &str) -> String {
        let option = sent.strip_prefix('[').and_then(|id| id.strip_suffix(']')).map(str::to_owned);
        let sent = Sent { text: sent.to_owned(), option, ..Sent::default() };
        let reply = self.house.conversations.turn(&self.id, &self.token, sent).await.expect("a reply");
        terminal::plain(&reply).replace('\u{a0}', " ")
    }

    async fn ask_for_a_person(&self, about: &str) -> String {
        self.send("Je veux parler à un conseiller").await;
        self.send(about).await
    }
}

#[tokio::test]
async fn whoever_is_signed_in_is_shown_the_summary_at_once_and_corrects_it() {
    let house = House::open(Mood::Good).await;
    let talk = Talk::begin(&house, Some("U-11"), false).await;
    let summary = talk.ask_for_a_person(TROUBLE).await;
    for line in ["Nom : Claire Aubry", "Société : Alizé Informatique", "E-mail : claire.aubry@alize.example"] {
        assert!(summary.contains(line), "{line}: {summary}");
    }
    assert!(summary.contains("do:confirm") || summary.contains("Envoyer"), "{summary}");
    talk.send("[do:edit]").await;
    talk.send("[do:edit:email]").await;
    let corrected = talk.send("compta@alize.example").await;
    assert!(corrected.contains("E-mail : compta@alize.example") && corrected.contains("Nom : Claire Aubry"));
    let sent = talk.send("[do:confirm]").await;
    assert!(sent.contains("Votre demande est enregistrée"), "{sent}");
}

#[tokio::test]
async fn a_proof_that_is_over_or_none_says_nothing() {
    let house = House::open(Mood::Good).await;
    for (user, is_over) in [(Some("U-11"), true), (None, false)] {
        let asked = Talk::begin(&house, user, is_over).await.ask_for_a_person(TROUBLE).await;
        assert!(asked.contains("il me faut votre nom") && !asked.contains("Claire"), "{asked}");
    }
}
