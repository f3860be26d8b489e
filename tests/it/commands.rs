//! What somebody at a terminal sees.

use std::process::Output;

use serde_json::{Value, json};

use crate::guichet::{Guichet, directory, run, run_with, two_cards};

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[test]
fn ask_gives_the_documented_line_for_each_question_in_order() {
    let dir = directory();
    let input = "{\"q\":\"comment créer un ticket zendesk ?\"}\n{\"q\":\"bonjour\"}\n";
    let output = run_with(dir.path(), &["ask", "--jsonl"], input.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let lines: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let [answer, greeting] = lines.as_slice() else { panic!("two lines: {lines:?}") };
    assert_eq!(answer["q"], "comment créer un ticket zendesk ?");
    assert_eq!((&answer["decision"], &answer["answer_id"]), (&json!("answer"), &json!("zendesk-creer-demande")));
    assert_eq!(answer["ranked"][0][0], "zendesk-creer-demande");
    assert!(answer["ranked"].as_array().is_some_and(|ranked| ranked.len() <= 10));
    assert!(answer["confidence"].as_f64().is_some_and(|confidence| (0.0..=1.0).contains(&confidence)));
    assert_eq!((&greeting["decision"], &greeting["answer_id"]), (&json!("smalltalk"), &Value::Null));

    let kb = two_cards(dir.path());
    let output = run_with(dir.path(), &["--kb", &kb, "ask", "--jsonl"], b"{\"q\":\"une carte\"}\n");
    let vague: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert_eq!((&vague["decision"], vague["options"].as_array().map(Vec::len)), (&json!("clarify"), Some(2)));
}

#[test]
fn ask_shows_the_answer_its_source_and_the_reasons() {
    let dir = directory();
    let shown = stdout(&run(dir.path(), &["ask", "comment créer un ticket zendesk ?"]));
    for part in ["1. Compte", "Fiche\u{a0}: ", "(zendesk-creer-demande)", "[answer, confiance "] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn a_conversation_can_be_had_in_the_terminal() {
    let dir = directory();
    let output = run_with(dir.path(), &["--kb", &two_cards(dir.path()), "chat"], b"une carte\n1\n");
    let shown = stdout(&output);
    assert!(shown.contains("1. "), "{shown}");
    assert!(shown.contains("Fiche\u{a0}: "), "{shown}");
}

#[test]
fn settings_are_printed_and_the_manual_too() {
    let dir = directory();
    let shown = stdout(&run(dir.path(), &["config", "print"]));
    assert!(shown.contains("listen = \"127.0.0.1:8080\""), "{shown}");
    assert!(shown.contains(&dir.path().display().to_string()), "{shown}");
    assert!(stdout(&run(dir.path(), &["config", "print", "--default"])).contains("# Address and port"));
}

#[test]
fn the_index_tells_its_size() {
    let dir = directory();
    assert!(stdout(&run(dir.path(), &["index", "rebuild"])).contains("74 entries"));
    let stats: Value = serde_json::from_str(&stdout(&run(dir.path(), &["index", "stats", "--json"]))).expect("JSON");
    assert_eq!(stats["entries"], 74);
    assert!(stats["bytes_on_disk"].as_u64().is_some_and(|bytes| bytes > 10_000));
}

#[test]
fn labelled_questions_are_scored() {
    let dir = directory();
    let file = dir.path().join("labelled.jsonl");
    let line = r#"{"q":"comment créer un ticket zendesk ?","gold":["zendesk-creer-demande"],"ok":[],"scope":"in","style":"x"}"#;
    std::fs::write(&file, format!("{line}\n")).expect("a file");
    let file = file.to_str().expect("UTF-8");
    let report: Value = serde_json::from_str(&stdout(&run(dir.path(), &["kb", "eval", file, "--json"]))).expect("JSON");
    assert_eq!(report["decisions"]["rank1"], json!({"value": 1.0, "low": 1.0, "high": 1.0, "n": 1}));
    assert!(stdout(&run(dir.path(), &["kb", "eval", file])).contains("rank1            1.000  [1.000, 1.000]  n=1"));
}

#[test]
fn any_faq_becomes_a_knowledge_base_with_one_command() {
    let dir = directory();
    let (faq, kb) = (dir.path().join("faq.json"), dir.path().join("kb"));
    let list = json!([
        {"id": "colis", "category": "Livraison", "question": "Où est mon colis ?", "answer": "Au **dépôt**."},
        {"id": "retour", "category": "Livraison", "question": "Comment renvoyer un article ?", "answer": "1. a\n2. b"},
    ]);
    std::fs::write(&faq, list.to_string()).expect("a file");
    let (faq, kb) = (faq.to_str().expect("UTF-8"), kb.to_str().expect("UTF-8"));
    let imported = run(dir.path(), &["kb", "import", faq, "--to", kb]);
    assert_eq!(imported.status.code(), Some(0), "{}", stdout(&imported));
    assert!(stdout(&run(dir.path(), &["--kb", kb, "ask", "mon colis"])).contains("(colis)"));
    assert_eq!(run(dir.path(), &["--kb", kb, "kb", "check"]).status.code(), Some(0));
}

#[tokio::test]
async fn health_tells_a_ready_service_from_none() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let url = format!("{}/readyz", guichet.url);
    assert_eq!(run(dir.path(), &["health", "--url", &url]).status.code(), Some(0));
    guichet.stop();
    assert_eq!(run(dir.path(), &["health", "--url", &url]).status.code(), Some(1));
}

/// What curators look at before they publish: every case, what is said in it, and the same as JSON.
#[test]
fn a_composed_entry_can_be_tried_case_by_case() {
    let dir = directory();
    let days = ["--today", "2026-11-24", "--today", "2026-12-31"];
    let simulate = |entry: &str, more: &[&str]| {
        let output = run(dir.path(), &[&["kb", "simulate", entry], &days[..], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        stdout(&output).replace(['\u{a0}', '\u{202f}'], " ")
    };
    // The text that stands under a case.
    let under = |shown: &str, case: &str| {
        let block = shown.split("── ").find(|block| block.lines().any(|line| line == case));
        block.unwrap_or_else(|| panic!("{case}: {shown}")).split_once("\n\n").expect("cases, then a text").1.to_owned()
    };

    let shown = simulate("resiliation-demander", &[]);
    assert!(shown.starts_with("── 1 ──\n2026-11-24 | en cours | Sage 100 Comptabilité\n"), "{shown}");
    let check = |case: &str, said: &str| {
        let text = under(&shown, case);
        assert!(text.contains(said), "{case}: {text}");
    };
    check("2026-11-24 | 14 jours pour résilier | Sage 100 Comptabilité", "peut être résilié en ligne jusqu’au");
    check("2026-11-24 | dernier jour pour résilier | Sage Paie & RH", "peut être résilié en ligne jusqu’au");
    check("2026-11-24 | délai de résiliation passé | Sage Paie & RH", "Il est trop tard pour résilier");
    check("2026-11-24 | en cours | Ligne 1000 Finance", "mais pas en ligne");
    check("2026-12-31 | résiliation demandée | XRT Trésorerie", "est déjà demandée, depuis le");
    check("2026-12-31 | résilié | Sage 100C Online", "il n’y a rien à résilier");

    let shown = simulate("reabonnement-absent", &[]);
    let check = |case: &str, said: &str| {
        let text = under(&shown, case);
        assert!(text.contains(said), "{case}: {text}");
    };
    check("2026-11-24 | échu, facture N-1 impayée | Sage 100 Comptabilité", "n’est pas réglée");
    check(
        "2026-11-24 | échu, partenaire en recouvrement | Sage Paie & RH",
        "Une procédure de recouvrement est en cours",
    );
    check("2026-11-24 | portail à moitié muet | Sage Paie & RH", "Je n’ai pas pu vérifier");
    check(
        "2026-11-24 | sans le droit de voir prix, factures et clés | Sage Paie & RH",
        "Vos droits ne me permettent pas",
    );

    let shown = simulate("cles-delai-commande", &[]);
    let late = under(&shown, "2026-11-24 | clés en retard | Sage 100 Comptabilité");
    let expected = under(&shown, "2026-11-24 | pas encore commencé | Sage 100 Comptabilité");
    assert!(expected.contains("sont attendues avant le") && late != expected, "{late}\n{expected}");

    let json: Value = serde_json::from_str(&simulate("reabonnement-absent", &["--json"])).expect("JSON");
    let texts = json.as_array().expect("a list");
    let cases: usize = texts.iter().map(|text| text["cases"].as_array().map_or(0, Vec::len)).sum();
    assert_eq!(cases, 28 * 6 * 2, "each state, each product, each day, once");
    assert!(texts.iter().all(|text| text["text"].as_str().is_some_and(|text| !text.is_empty())), "{texts:?}");

    for wrong in [&["kb", "simulate", "tarifs-produits"][..], &["kb", "simulate", "zzz"], &["kb", "simulate"]] {
        assert_eq!(run(dir.path(), wrong).status.code(), Some(2), "{wrong:?}");
    }
}
