//! A desk that is silent for long: the support box is told instead, and each is told of the other once the desk is back.

use super::house::{BOX, House};
use crate::clients::mail::Mailer as _;
use crate::clients::tickets::memory::Fault;
use crate::model::JobState;

#[tokio::test]
async fn what_the_desk_does_not_take_for_long_goes_to_the_box_and_the_two_are_linked_when_it_is_back() {
    let house = House::open(1).await;
    let comment = house.add("Toujours bloqué.", 2).await;
    house.desk.fail_next([Some(Fault::Unavailable)]);
    house.work(0).await;
    let first = format!("{}/support", house.draft.reference);
    let second = format!("{first}/{comment}");
    let told = vec![(first.clone(), None), (second.clone(), Some(first.clone()))];
    assert_eq!(house.mails(), told, "the desk is silent");

    for round in 1..4 {
        house.work(round).await;
    }
    let mut all = told;
    all.extend([&first, &second].map(|before| (format!("{before}/linked"), Some(before.clone()))));
    all.sort();
    assert_eq!(house.mails(), all);
    let mails = house.mailer.sent();
    for mail in mails.iter().filter(|mail| mail.key.ends_with("/linked")) {
        assert!(mail.text.contains("ticket n°\u{a0}1") && mail.to.as_str() == BOX, "{mail:?}");
    }
    let tickets = house.desk.tickets();
    assert_eq!(tickets.len(), 1);
    let (notes, added): (Vec<_>, Vec<_>) = tickets[0].comments.iter().partition(|comment| comment.author.is_none());
    assert_eq!(added.iter().map(|comment| comment.text.as_str()).collect::<Vec<_>>(), ["Toujours bloqué."]);
    assert_eq!(notes.len(), 2, "{notes:?}");
    for key in [&first, &second] {
        let id = house.mailer.message_id(key);
        assert!(notes.iter().any(|note| note.text.contains(&id) && note.text.contains(BOX)), "{id}: {notes:?}");
    }
    assert!(house.store.list_jobs(JobState::Queued, 9).await.expect("it can be read").is_empty());
}

#[tokio::test]
async fn a_desk_that_is_soon_back_leaves_the_box_alone() {
    let now = super::now();
    let house = House::open(now).await;
    house.add("Toujours bloqué.", now + 1).await;
    house.desk.fail_next([Some(Fault::Unavailable)]);
    for round in 0..4 {
        house.work(round).await;
    }
    let tickets = house.desk.tickets();
    assert_eq!((house.mails(), tickets.len(), tickets[0].comments.len()), (Vec::new(), 1, 1));
}

#[tokio::test]
async fn each_mail_names_the_whole_thread_that_it_follows() {
    let house = House::open(1).await;
    let mut all = vec![format!("{}/support", house.draft.reference)];
    for (text, at) in [("Toujours bloqué.", 2), ("Encore.", 3), ("Et encore.", 4)] {
        let id = house.add(text, at).await;
        all.push(format!("{}/{id}", all[0]));
    }
    house.desk.fail_next([Some(Fault::Unavailable)]);
    for round in 0..6 {
        house.work(round).await;
    }
    let mails = house.mailer.sent();
    let of = |key: &str| {
        let mail = mails.iter().find(|mail| mail.key == key).unwrap_or_else(|| panic!("{key} was never sent"));
        mail.thread.iter().chain(&mail.in_reply_to).cloned().collect::<Vec<_>>()
    };
    assert_eq!(of(&all[0]), [""; 0]);
    assert_eq!(of(&all[1])[0], all[0], "it begins with the first one");
    let last = of(&format!("{}/linked", all[3]));
    assert_eq!((last.first(), last.last()), (Some(&all[0]), Some(&all[3])));
    assert!(last.len() > 2, "what was said between is named as well: {last:?}");
}
