//! Images in answers: brought by curators or by files, shown to partners, and named wherever an answer is read.

use std::path::Path;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::curating::{draft, entry, publish, read};
use crate::guichet::{Guichet, answer, client, directory, run, two_cards};
use crate::tickets::staff;
use crate::{postgres, staff as people};

/// What there is to see of a PNG before its pixels: 640 by 480.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0";
/// Where people reach the service of these tests.
const PUBLIC: &str = "https://guichet.editeur.example";

fn start(dir: &Path, store: &str) -> Guichet {
    let path = dir.join("guichet.toml");
    let text = format!(
        "{store}[http]\npublic_url = \"{PUBLIC}/\"\n[knowledge]\nwatch_ms = 200\n{}[jobs]\npoll_ms = 50\n",
        people::SETTINGS
    );
    std::fs::write(&path, text).expect("a file");
    Guichet::start_with(dir, &["--kb", &two_cards(dir), "--config", path.to_str().expect("UTF-8")])
}

async fn bring(guichet: &Guichet, name: &str, content: Vec<u8>) -> (StatusCode, Value) {
    answer(staff(guichet, Method::POST, "/images").query(&[("name", name)]).body(content)).await
}

/// The first image in a reply: what it shows, and the rest.
fn image(reply: &Value) -> (Value, Value) {
    let blocks = reply["blocks"].as_array().expect("blocks");
    let mut spans = blocks.iter().filter_map(|block| block["spans"].as_array()).flatten();
    let span = spans.find(|span| span["image"].is_object()).unwrap_or_else(|| panic!("no image: {reply}"));
    (span["text"].clone(), span["image"].clone())
}

#[tokio::test]
async fn an_image_is_brought_published_with_its_answer_and_named_where_the_answer_is_read() {
    let dir = directory();
    let guichet = start(dir.path(), "");
    let (status, brought) = bring(&guichet, "Plan du métro.PNG", PNG.to_vec()).await;
    assert_eq!(status, StatusCode::CREATED, "{brought}");
    assert_eq!((&brought["width"], &brought["height"]), (&json!(640), &json!(480)));
    let (name, src) = (brought["name"].as_str().expect("a name"), brought["src"].as_str().expect("an address"));
    assert!(name.starts_with("plan-du-metro-") && name.ends_with(".png"), "{name}");
    assert_eq!(bring(&guichet, "autre.png", [PNG, b"x"].concat()).await.0, StatusCode::CREATED);
    let listed = read(&guichet, "/images?limit=1").await;
    assert_eq!((listed["images"].as_array().map(Vec::len), listed["next"].is_string()), (Some(1), true), "{listed}");

    // Without words, or unknown, it does not pass.
    let plan = "Où trouver le plan du métro ?";
    let wordless = entry("plan-metro", plan, &[], &format!("Le voici :\n\n![]({name})"));
    let number = draft(&guichet, &wordless, None).await;
    let refused = publish(&guichet, "plan-metro", number, &json!({})).await;
    assert!(refused["report"]["refused"].to_string().contains("no alternative text"), "{refused}");
    let unknown = entry("plan-metro", plan, &[], "Le voici :\n\n![Le plan](absent.png)");
    let number = draft(&guichet, &unknown, Some(number)).await;
    let refused = publish(&guichet, "plan-metro", number, &json!({})).await;
    assert!(refused["report"]["refused"].to_string().contains("no image `absent.png`"), "{refused}");
    let right = entry("plan-metro", plan, &[], &format!("Le voici :\n\n![Le plan des trois lignes]({name})"));
    let number = draft(&guichet, &right, Some(number)).await;
    let published = publish(&guichet, "plan-metro", number, &json!({})).await;
    assert_eq!(published["state"], "published", "{published}");

    let partner = guichet.partner().await;
    let (words, shown) = image(&partner.ask(plan).await);
    assert_eq!(words, "Le plan des trois lignes");
    assert_eq!(shown, json!({ "src": src, "width": 640, "height": 480 }));
    assert_served(&guichet, src).await;

    // Whoever works on a request gets an address that leads there from anywhere.
    let request = json!({
        "request_key": "1", "name": "Léa Martin", "email": "lea@revendeur.example",
        "subject": "Plan", "description": "La carte est illisible.",
    });
    let path = format!("/api/v1/conversations/{}/tickets", partner.id);
    let (_, asked) = answer(guichet.post(&path).bearer_auth(&partner.token).json(&request)).await;
    let reference = asked["reference"].as_str().expect("a reference");
    let transcript = read(&guichet, &format!("/tickets/{reference}")).await["transcript"].to_string();
    assert!(transcript.contains(&format!("Le plan des trois lignes ({PUBLIC}/{src})")), "{transcript}");
}

/// What is at an address is always the same, for pages of others too, and nothing but an image.
async fn assert_served(guichet: &Guichet, src: &str) {
    let found = guichet.get(&format!("/{src}")).send().await.expect("it answers");
    assert_eq!(found.status(), StatusCode::OK);
    let header = |name: &str| found.headers()[name].to_str().expect("ASCII").to_owned();
    assert_eq!(header("content-type"), "image/png");
    assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cross-origin-resource-policy"), "cross-origin");
    let tag = header("etag");
    assert_eq!(found.bytes().await.expect("a body"), PNG);
    let again = guichet.get(&format!("/{src}")).header("if-none-match", tag).send().await.expect("it answers");
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    for wrong in
        [src.replace(".png", ".gif"), src.replace(".png", ""), "images/0.png".into(), "images/..%2fx.png".into()]
    {
        let (status, _) = answer(guichet.get(&format!("/{wrong}"))).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn what_is_no_image_is_refused_with_a_reason() {
    let dir = directory();
    let guichet = start(dir.path(), "");
    for (content, status, code) in [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), StatusCode::UNPROCESSABLE_ENTITY, "image-refused"),
        (Vec::new(), StatusCode::UNPROCESSABLE_ENTITY, "image-refused"),
        (vec![0; 1_000_001], StatusCode::PAYLOAD_TOO_LARGE, "body-too-large"),
    ] {
        let (found, problem) = bring(&guichet, "a.png", content).await;
        assert_eq!((found, &problem["code"]), (status, &json!(code)), "{problem}");
    }
    let (status, _) = answer(client().post(format!("{}/api/v1/staff/images", guichet.url)).body(PNG.to_vec())).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn files_and_console_are_two_editors_of_images_too() {
    let dir = directory();
    let guichet = start(dir.path(), "");
    let kb = dir.path().join("kb");
    std::fs::create_dir_all(kb.join("images")).expect("a directory");
    std::fs::write(kb.join("images/comptoir.png"), PNG).expect("a file");
    let card = kb.join("entries/fr/cartes/carte-annuler.md");
    let text = std::fs::read_to_string(&card).expect("a file") + "\n![Le comptoir](comptoir.png)\n";
    std::fs::write(&card, text).expect("a file");
    let question = "comment annuler une carte";
    for attempt in 0.. {
        let reply = guichet.partner().await.ask(question).await;
        if reply.to_string().contains("Le comptoir") {
            assert_eq!(image(&reply).1["width"], 640);
            break;
        }
        assert!(attempt < 600, "the files are never read");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (_, brought) = bring(&guichet, "plan.png", [PNG, b"x"].concat()).await;
    let name = brought["name"].as_str().expect("a name");
    guichet.stop();

    let arguments = ["--kb", kb.to_str().expect("UTF-8")];
    let export = |to: &Path| {
        let to = to.to_str().expect("UTF-8");
        let done = run(dir.path(), &["kb", "export", "--stored", "--to", to, arguments[0], arguments[1]]);
        String::from_utf8(done.stdout).expect("UTF-8")
    };
    assert_eq!(export(&kb), "4 files, 1 written, 0 removed\n");
    assert_eq!(std::fs::read(kb.join("images").join(name)).expect("a file"), [PNG, b"x"].concat(), "byte for byte");
    assert_eq!(export(&kb), "4 files, 0 written, 0 removed\n");
    let synced = run(dir.path(), &["kb", "sync", arguments[0], arguments[1]]);
    assert!(synced.status.success(), "{synced:?}");
    let checked = run(dir.path(), &["kb", "check", arguments[0], arguments[1]]);
    let found = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(found.contains(&format!("images/{name}:0: warning: nothing shows this image")), "{found}");
    assert!(!found.contains("no image") && !found.contains("alternative text"), "{found}");

    // As plain files, with what they show and nothing else.
    let to = dir.path().join("copy");
    let to_text = to.to_str().expect("UTF-8");
    let done = run(dir.path(), &["kb", "export", "--format", "markdown", "--to", to_text, arguments[0], arguments[1]]);
    assert!(done.status.success(), "{done:?}");
    assert!(to.join("images/comptoir.png").exists() && !to.join("images").join(name).exists());
    let json = run(dir.path(), &["kb", "export", arguments[0], arguments[1]]);
    let source = dir.path().join("source");
    std::fs::create_dir_all(source.join("images")).expect("a directory");
    std::fs::write(source.join("faq.json"), json.stdout).expect("a file");
    std::fs::copy(kb.join("images/comptoir.png"), source.join("images/comptoir.png")).expect("a copy");
    let (faq, new) = (source.join("faq.json"), dir.path().join("new"));
    let (faq, new_text) = (faq.to_str().expect("UTF-8"), new.to_str().expect("UTF-8"));
    let imported = run(dir.path(), &["kb", "import", faq, "--to", new_text]);
    assert!(imported.status.success(), "{imported:?}");
    assert_eq!(std::fs::read(new.join("images/comptoir.png")).expect("a file"), PNG);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_brought_at_one_replica_is_shown_by_the_other() {
    let Some(url) = postgres::new_database().await else { return };
    let store = format!("[store]\nurl = \"{url}\"\n");
    let dirs = [directory(), directory()];
    let [one, two] = [0, 1].map(|at| start(dirs[at].path(), &store));
    let (_, brought) = bring(&one, "plan.png", PNG.to_vec()).await;
    assert_served(&two, brought["src"].as_str().expect("an address")).await;
}
