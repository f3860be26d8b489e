//! What is broken: announced by staff, told to partners, reported, solved for all at once.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::guichet::{Guichet, Partner, answer, directory};
use crate::tickets::{reference, staff, start};

/// Staff send `body`; what comes back.
async fn send(guichet: &Guichet, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    answer(staff(guichet, method, path).json(body)).await
}

async fn announce(guichet: &Guichet) {
    let incident = json!({
        "id": "boutique",
        "title": "La boutique est en panne",
        "text": "Elle revient à 14 h.\n\nN'appelez pas : nous y travaillons.",
        "keywords": ["xyzzy"],
    });
    let (status, kept) = send(guichet, Method::POST, "/incidents", &incident).await;
    assert_eq!((status, &kept["is_active"]), (StatusCode::CREATED, &json!(true)), "{kept}");
    assert_eq!(kept["tag"], "incident:boutique");
}

/// Reports the incident that a question about `xyzzy` is told of; the reference.
async fn report(partner: &Partner<'_>) -> String {
    partner.ask("xyzzy plugh ?").await;
    partner.send(&json!({"text": "Oui, je le signale", "option": "do:ticket"})).await;
    partner.ask("Léa Martin, lea@revendeur.example, société Dupond").await;
    let (_, done) = partner.send(&json!({"text": "Envoyer", "option": "do:confirm"})).await;
    reference(&done)
}

/// A ticket as staff see it once `is_right`.
async fn ticket_once(guichet: &Guichet, reference: &str, is_right: fn(&Value) -> bool) -> Value {
    for _ in 0..600 {
        let (_, ticket) = answer(staff(guichet, Method::GET, &format!("/tickets/{reference}"))).await;
        if is_right(&ticket) {
            return ticket;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{reference} never becomes what it should be");
}

#[tokio::test]
async fn an_incident_is_told_before_the_faq_and_its_reports_are_solved_together() {
    let dir = directory();
    let guichet = start(dir.path());
    announce(&guichet).await;
    let (_, banner) = answer(guichet.get("/api/v1/incidents")).await;
    assert_eq!(banner["incidents"][0]["title"], "La boutique est en panne");

    let (first, second, bystander) = (guichet.partner().await, guichet.partner().await, guichet.partner().await);
    let told = first.ask("xyzzy plugh ?").await;
    assert_eq!(told["decision"], "incident", "{told}");
    assert_eq!((&told["sources"][0]["kind"], &told["sources"][0]["id"]), (&json!("text"), &json!("incident/boutique")));
    assert_eq!(told["sources"][0]["label"], "La boutique est en panne");
    assert!(told["blocks"][2].to_string().contains("N’appelez pas\u{a0}: nous"), "{told}");
    let options: Vec<&Value> = told["options"].as_array().expect("a list").iter().map(|option| &option["id"]).collect();
    assert_eq!(options, ["do:ticket", "do:cancel"]);

    // One report before the problem is named, one after.
    let early = report(&first).await;
    let problem = crate::tickets::open_ticket_about(&bystander, "plugh grault ?").await;
    let (status, changed) = send(&guichet, Method::PATCH, "/incidents/boutique", &json!({"problem": problem})).await;
    assert_eq!((status, &changed["problem"]), (StatusCode::OK, &json!(problem)), "{changed}");
    let late = report(&second).await;
    let (_, seen) = answer(staff(&guichet, Method::GET, &format!("/tickets/{late}"))).await;
    assert!(seen["history"].to_string().contains(&format!("attached to problem {problem}")), "{seen}");
    let (_, list) = answer(staff(&guichet, Method::GET, "/tickets?tag=incident:boutique")).await;
    let listed: Vec<&Value> = list["tickets"].as_array().expect("a list").iter().map(|t| &t["reference"]).collect();
    assert_eq!(listed, [&json!(late), &json!(early)]);

    let solved = json!({"text": "La boutique est revenue.", "public": true, "status": "solved", "request_key": "1"});
    let path = format!("/tickets/{problem}/comments");
    let response = staff(&guichet, Method::POST, &path).json(&solved).send().await.expect("it answers");
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    for (reference, partner) in [(&early, &first), (&late, &second)] {
        let ticket = ticket_once(&guichet, reference, |ticket| ticket["ticket"]["status"] == "solved").await;
        assert_eq!(ticket["comments"][0]["text"], "La boutique est revenue.");
        assert_eq!(ticket["comments"][0]["author"], "Inès");
        assert!(ticket["history"].to_string().contains(&format!("with problem {problem}")), "{ticket}");
        let history = partner.history().await;
        let said = history.iter().filter(|message| message["author"] == "agent").count();
        assert_eq!(said, 1, "{history:?}");
    }
    // Each of three partners: acknowledged and answered; the support box is told of three.
    crate::tickets::mails(dir.path(), 9).await;
}

#[tokio::test]
async fn what_is_over_is_no_longer_told_and_what_the_faq_says_can_be_chosen() {
    let dir = directory();
    let guichet = start(dir.path());
    let incident = json!({"id": "zendesk", "title": "Zendesk est lent", "text": "Patience.", "keywords": ["zendesk"]});
    let (status, _) = send(&guichet, Method::POST, "/incidents", &incident).await;
    assert_eq!(status, StatusCode::CREATED);
    let (status, problem) = send(&guichet, Method::POST, "/incidents", &incident).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("incident-exists")));

    let partner = guichet.partner().await;
    let told = partner.ask("comment créer un ticket zendesk ?").await;
    assert_eq!(told["decision"], "incident", "{told}");
    assert_eq!(told["options"].as_array().map(Vec::len), Some(3), "report, no need, and the entry: {told}");
    let chosen = partner.ask("3").await;
    assert_eq!(chosen["decision"], "answer", "{chosen}");
    assert_eq!(chosen["options"], json!([]), "nothing was begun, so nothing goes on");
    let told = partner.ask("comment créer un ticket zendesk ?").await;
    assert_eq!(told["decision"], "incident", "{told}");
    let left = partner.ask("pas nécessaire").await;
    assert!(left.to_string().contains("rien n’est envoyé"), "{left}");

    let (status, over) = send(&guichet, Method::PATCH, "/incidents/zendesk", &json!({"ended": true})).await;
    assert_eq!((status, &over["is_active"]), (StatusCode::OK, &json!(false)), "{over}");
    assert_eq!(partner.ask("comment créer un ticket zendesk ?").await["decision"], "answer");
    let (_, banner) = answer(guichet.get("/api/v1/incidents")).await;
    assert_eq!(banner["incidents"], json!([]));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_only_staff_may_announce() {
    let dir = directory();
    let guichet = start(dir.path());
    let right = json!({"id": "a", "title": "Titre", "text": "Texte"});
    for (name, value, code) in [
        ("id", json!("Pas un id"), "invalid-body"),
        ("title", json!(" "), "invalid-body"),
        ("text", json!(""), "question-empty"),
        ("starts", json!(i64::MAX), "invalid-body"),
        ("keywords", json!(vec!["x"; 51]), "invalid-body"),
        ("problem", json!("G-0000-0000"), "ticket-not-found"),
        ("colour", json!("red"), "invalid-body"),
    ] {
        let mut wrong = right.clone();
        wrong[name] = value;
        let (_, problem) = send(&guichet, Method::POST, "/incidents", &wrong).await;
        assert_eq!(problem["code"], code, "{name}: {problem}");
    }
    let (_, problem) = send(&guichet, Method::PATCH, "/incidents/absent", &json!({"ended": true})).await;
    assert_eq!(problem["code"], "incident-not-found");
    let (_, list) = answer(staff(&guichet, Method::GET, "/incidents")).await;
    assert_eq!(list["incidents"], json!([]));
    let (status, _) = answer(guichet.get("/api/v1/staff/incidents")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}
