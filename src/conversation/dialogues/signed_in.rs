//! Whoever is signed in is not asked for what the portal has said.

use guichet_bots::terminal;

use super::house::House;
use super::moody::Mood;
use crate::conversation::Sent;
use crate::model::TicketRef;
use crate::store::TicketFilter;

pub(super) const TROUBLE: &str = "La version 12 refuse d'ouvrir mon dossier comptable";

/// A conversation, and what sends to it.
pub(super) struct Talk<'a> {
    house: &'a House,
    pub(super) id: String,
    pub(super) token: String,
}

impl<'a> Talk<'a> {
    pub(super) async fn begin(house: &'a House, user: Option<&str>, is_over: bool) -> Self {
        let (id, token) = house.open_conversation(user, is_over).await;
        Self { house, id, token }
    }

    /// Sends words, or presses the button whose id is in brackets; what comes back, as it is read.
    pub(super) async fn send(&self, sent: &str) -> String {
        let option = sent.strip_prefix('[').and_then(|id| id.strip_suffix(']')).map(str::to_owned);
        let sent = Sent { text: sent.to_owned(), option, ..Sent::default() };
        let reply = self.house.conversations.turn(&self.id, &self.token, sent).await.expect("a reply");
        terminal::plain(&reply).replace('\u{a0}', " ")
    }

    pub(super) async fn ask_for_a_person(&self, about: &str) -> String {
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

/// A request that `user` sent, in a conversation that is over for him: its reference.
async fn sent_before(house: &House, user: Option<&str>, typed: &str) -> (String, TicketRef) {
    let talk = Talk::begin(house, user, false).await;
    let mut reply = talk.ask_for_a_person(TROUBLE).await;
    if reply.contains("il me faut votre nom") {
        reply = talk.send(typed).await;
    }
    assert!(reply.contains("Envoyer"), "{reply}");
    talk.send("[do:confirm]").await;
    let store = &house.conversations.store;
    let state = store.find_conversation(&talk.id).await.expect("it is read").expect("it is there").state;
    (talk.id, state.last_ticket.expect("it was sent"))
}

#[tokio::test]
async fn an_open_request_is_found_from_another_conversation_and_added_to() {
    let house = House::open(Mood::Good).await;
    let (before, reference) = sent_before(&house, Some("U-11"), "").await;
    let talk = Talk::begin(&house, Some("U-11"), false).await;
    talk.send("bonjour").await;
    let offered = talk.ask_for_a_person(TROUBLE).await;
    assert!(offered.contains(&format!("({reference})")), "{offered}");
    let conversations = &house.conversations;
    let file = conversations.send_file(&talk.id, &talk.token, "text/plain", "journal.txt", b"erreur 42".to_vec()).await;
    let file = file.expect("it is kept");
    let added = talk.send(&format!("[do:add:{reference}]")).await;
    assert!(added.contains(reference.as_str()) && added.contains("par e-mail"), "{added}");
    let store = &conversations.store;
    let comments = store.list_comments(&reference).await.expect("comments");
    let text = &comments[0].text;
    assert!(text.starts_with(TROUBLE) && text.contains("Partenaire\u{a0}: bonjour"), "{text}");
    let files = store.list_attachments(&reference).await.expect("files");
    assert_eq!(files[0].id, file.id);
    let ticket = store.find_ticket(&reference).await.expect("it is read").expect("it is there");
    assert_eq!(ticket.draft.conversation, before);
}

#[tokio::test]
async fn nobody_finds_a_request_by_an_address_that_was_merely_typed() {
    let house = House::open(Mood::Good).await;
    let typed = "Claire Aubry, claire.aubry@alize.example, société Alizé";
    // Signed in, she does not find what somebody asked for with her address: he would read what she adds.
    sent_before(&house, None, typed).await;
    let summary = Talk::begin(&house, Some("U-11"), false).await.ask_for_a_person(TROUBLE).await;
    assert!(summary.contains("Je l’envoie"), "{summary}");
    // And nobody finds hers by typing her address, or being signed in as another.
    sent_before(&house, Some("U-11"), "").await;
    let stranger = Talk::begin(&house, None, false).await;
    stranger.ask_for_a_person(TROUBLE).await;
    let summary = stranger.send(typed).await;
    assert!(summary.contains("Je l’envoie"), "{summary}");
    for (user, is_over) in [("U-12", false), ("U-11", true)] {
        let asked = Talk::begin(&house, Some(user), is_over).await.ask_for_a_person(TROUBLE).await;
        assert!(!asked.contains("demande ouverte"), "{asked}");
    }
}

#[tokio::test]
async fn a_request_keeps_by_ids_who_asked_and_whom_it_is_about() {
    let house = House::open(Mood::Good).await;
    let talk = Talk::begin(&house, Some("U-12"), false).await;
    talk.send("Pourquoi le contrat de Garage Martin n'a pas été réabonné ?").await;
    talk.ask_for_a_person(TROUBLE).await;
    talk.send("[do:confirm]").await;
    let store = &house.conversations.store;
    let tickets = store.list_tickets(&TicketFilter { limit: 9, ..TicketFilter::default() }).await.expect("tickets");
    let asker = tickets[0].draft.asker.clone().expect("somebody was signed in");
    let customer = asker.customer.as_ref().map(|customer| customer.as_str());
    assert_eq!((asker.partner.as_str(), asker.user.as_str(), customer), ("P-1", "U-12", Some("C-1001")));
}

#[tokio::test]
async fn a_proof_that_is_over_or_none_says_nothing() {
    let house = House::open(Mood::Good).await;
    for (user, is_over) in [(Some("U-11"), true), (None, false)] {
        let asked = Talk::begin(&house, user, is_over).await.ask_for_a_person(TROUBLE).await;
        assert!(asked.contains("il me faut votre nom") && !asked.contains("Claire"), "{asked}");
    }
}
