//! Files of agents are fetched from the desk, and from nowhere that an answer or a redirect may name.

use super::fault::{Act, Server};
use super::tests::zendesk;
use crate::clients::tickets::{DeskError, DeskFile, TicketDesk};

fn file(url: String) -> DeskFile {
    DeskFile { name: "clé.pdf".into(), url: Some(url), media_type: "application/pdf".into(), size: 9 }
}

fn moved(to: String) -> Act {
    Act::Answer(302, vec![("Location", to)], String::new())
}

/// A desk whose files are redirected to `to`, one of its own addresses or somebody else's.
async fn desk(to: impl Fn() -> String + Send + Sync + 'static) -> Server {
    Server::start(move |seen| match seen {
        seen if seen.is("GET /attachments/here") => Act::Answer(200, Vec::new(), "%PDF-1.7".to_owned()),
        seen if seen.is("GET /attachments/moved") => moved(to()),
        seen if seen.is("GET /attachments/again") => moved("/attachments/here".to_owned()),
        seen if seen.is("GET /attachments/broken") => Act::Answer(500, Vec::new(), "x".to_owned()),
        _ => Act::Answer(404, Vec::new(), "x".to_owned()),
    })
    .await
}

#[tokio::test]
async fn a_file_is_fetched_with_our_credentials_and_after_a_redirect_without_them() {
    let server = desk(|| "/attachments/here".to_owned()).await;
    let desk = zendesk(&server);
    for path in ["here", "moved"] {
        let content = desk.fetch(&file(format!("{}/attachments/{path}", server.url)), 8).await.expect("it is fetched");
        assert_eq!(content, b"%PDF-1.7", "{path}");
    }
    let authorized: Vec<bool> = server.seen().iter().map(|seen| seen.header("authorization").is_some()).collect();
    assert_eq!(authorized, [true, true, false]);
}

#[tokio::test]
async fn nobody_else_is_asked_for_a_file() {
    let other = Server::start(|_| Act::Answer(200, Vec::new(), "%PDF-1.7".to_owned())).await;
    let elsewhere = format!("{}/x", other.url);
    let place = elsewhere.clone();
    let server = desk(move || place.clone()).await;
    let here = format!("{}/attachments", server.url);
    let at = server.url.replace("http://", "http://user:word@");
    let urls = [
        elsewhere.clone(),
        format!("{here}/moved"),
        "file:///etc/passwd".to_owned(),
        "http://169.254.169.254/latest".to_owned(),
        "/attachments/here".to_owned(),
        at.replace("127.0.0.1", "127.0.0.2"),
    ];
    for url in urls {
        let failure = zendesk(&server).fetch(&file(url.clone()), 100).await.expect_err("it is somebody else");
        assert!(matches!(failure, DeskError::Refused { status: 403, .. }), "{url}: {failure:?}");
    }
    assert_eq!(other.seen().len(), 0);
    // One redirect leads to a file; more lead nowhere.
    let server = desk(|| "/attachments/again".to_owned()).await;
    let failure = zendesk(&server).fetch(&file(format!("{}/attachments/moved", server.url)), 100).await;
    assert!(matches!(failure, Err(DeskError::Refused { status: 302, .. })), "{failure:?}");
    let without = DeskFile { url: None, ..file(String::new()) };
    assert!(matches!(zendesk(&server).fetch(&without, 100).await, Err(DeskError::Refused { status: 403, .. })));
}

#[tokio::test]
async fn what_is_too_large_is_not_read_to_its_end_and_what_fails_may_come_later() {
    let server = desk(String::new).await;
    let fetch = async |path: &str, most: usize| {
        zendesk(&server).fetch(&file(format!("{}/attachments/{path}", server.url)), most).await.expect_err("it fails")
    };
    assert!(matches!(fetch("here", 7).await, DeskError::Refused { status: 413, .. }));
    assert!(matches!(fetch("gone", 100).await, DeskError::Refused { status: 404, .. }));
    assert!(matches!(fetch("broken", 100).await, DeskError::Unavailable { .. }));
}
