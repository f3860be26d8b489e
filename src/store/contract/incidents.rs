//! Incidents, and the tickets about them.

use jiff::Timestamp;

use super::*;
use crate::model::{Audit, HistoryLine, Incident};

on_both_engines! {
    an_incident_is_kept_changed_and_over_once_it_ends
    tickets_are_found_by_their_tags
    of_many_reports_at_once_one_becomes_the_problem
}

fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).expect("a moment")
}

fn incident(id: &str) -> Incident {
    Incident {
        id: id.parse().expect("an id"),
        title: "Les clés arrivent en retard".into(),
        text: "Deux heures de retard.".into(),
        keywords: vec!["clé retard".into()],
        questions: Vec::new(),
        starts: moment(100),
        ends: None,
        problem: None,
        updated_at: moment(50),
    }
}

async fn an_incident_is_kept_changed_and_over_once_it_ends(store: Store) {
    conversation(&store, "c1").await;
    store.commit_turn(&Commit { ticket: Some(ticket(1)), ..commit(0, "x") }).await.expect("it is kept");
    store.create_incident(&incident("cles"), &Audit::default()).await.expect("it is kept");
    assert!(matches!(store.create_incident(&incident("cles"), &Audit::default()).await, Err(StoreError::Conflict)));
    assert_eq!(store.find_incident("cles").await.expect("it can be read"), Some(incident("cles")));
    assert_eq!(store.find_incident("autre").await.expect("it can be read"), None);

    let after = Incident {
        text: "Une heure de retard.".into(),
        ends: Some(moment(300)),
        problem: Some(reference(1)),
        updated_at: moment(200),
        ..incident("cles")
    };
    store.change_incident(&after, moment(50), &Audit::default()).await.expect("it is changed");
    assert!(matches!(store.change_incident(&after, moment(50), &Audit::default()).await, Err(StoreError::Conflict)));
    assert_eq!(store.list_incidents(10).await.expect("they can be read"), std::slice::from_ref(&after));
    let current = async |now| store.list_current_incidents(moment(now)).await.expect("they can be read").len();
    assert_eq!((current(1).await, current(299).await, current(300).await), (1, 1, 0));
    let of = async |number| store.list_incidents_of(&reference(number)).await.expect("they can be read");
    assert_eq!((of(1).await, of(2).await), (vec![after], Vec::new()));
}

async fn tickets_are_found_by_their_tags(store: Store) {
    conversation(&store, "c1").await;
    let tagged =
        |number, tags: &[&str]| Ticket { tags: tags.iter().map(|tag| (*tag).to_owned()).collect(), ..ticket(number) };
    let line = HistoryLine { who: "Guichet".into(), what: "attached".into(), at: 3 };
    let first = Commit {
        ticket: Some(tagged(1, &["web", "incident:cles", "incident:cles"])),
        ticket_history: vec![line],
        ..commit(0, "x")
    };
    store.commit_turn(&first).await.expect("it is kept");
    store.commit_turn(&Commit { ticket: Some(tagged(2, &["web"])), ..commit(1, "y") }).await.expect("it is kept");
    let with = async |tag: &str| {
        let filter = TicketFilter { tag: Some(tag.to_owned()), limit: 10, ..TicketFilter::default() };
        store.list_tickets(&filter).await.expect("they can be read").len()
    };
    assert_eq!((with("web").await, with("incident:cles").await, with("incident").await), (2, 1, 0));
    let history = store.list_history(&reference(1)).await.expect("it can be read");
    assert_eq!(history.iter().map(|line| line.what.as_str()).collect::<Vec<_>>(), ["created", "attached"]);

    let unsolved = async |tag: &str| store.list_unsolved_with_tag(tag).await.expect("they can be read");
    assert_eq!(unsolved("web").await.len(), 2);
    let change = TicketCommit {
        seen: 2,
        after: Ticket { status: TicketStatus::Solved, updated_at: 5, ..tagged(1, &["autre"]) },
        who: "Inès".into(),
        history: Vec::new(),
        comment: None,
        files: Vec::new(),
        sent: Vec::new(),
        told: Vec::new(),
        jobs: Vec::new(),
        delivery: None,
        at: 5,
    };
    assert!(store.commit_ticket(&change).await.expect("it is kept"));
    assert_eq!((with("incident:cles").await, with("autre").await), (0, 1), "tags that are taken away find nothing");
    assert_eq!((unsolved("web").await, unsolved("autre").await), (vec![reference(2)], Vec::new()));
}

async fn of_many_reports_at_once_one_becomes_the_problem(store: Store) {
    conversation(&store, "c1").await;
    for number in 1..=5 {
        let commit = Commit { ticket: Some(ticket(number)), ..commit(i64::try_from(number).expect("small") - 1, "x") };
        store.commit_turn(&commit).await.expect("it is kept");
    }
    store.create_incident(&incident("cles"), &Audit::default()).await.expect("it is kept");
    let line = Audit { at: 20, what: "incident.changed".into(), ..Audit::default() };
    let id = incident("cles").id;
    let found = futures_util::future::join_all((1..=5).map(|number| {
        let (store, id, line) = (store.clone(), id.clone(), line.clone());
        async move { store.problem_of(&id, &reference(number), &line).await.expect("it can be asked") }
    }));
    let found = found.await;
    assert!(found[0].is_some() && found.iter().all(|problem| *problem == found[0]), "{found:?}");
    let after = store.find_incident("cles").await.expect("it can be read").expect("it is there");
    // It has changed for whoever has it open, although its clock was ahead.
    assert_eq!((&after.problem, after.updated_at), (&found[0], moment(51)));
    let lines = store.list_audit("incident.changed", None, 10).await.expect("they can be read");
    assert_eq!(lines.len(), 1);
    let unheard_of = "autre".parse().expect("an id");
    assert_eq!(store.problem_of(&unheard_of, &reference(1), &line).await.expect("it can be asked"), None);
}
