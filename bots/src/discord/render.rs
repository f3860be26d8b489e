//! A reply as messages of Discord: the JSON of their bodies, within all limits. Pure.

use serde_json::{Value, json};

use super::custom_id::Pressed;
use super::markdown;
use super::split::{shortened, split};
use super::text;
use crate::{Choice, Outbound, SourceKind};

/// Discord's limits, in UTF-16 units: text of a message, text and title of an embed, labels. An embed is kept far below
/// its limit of 4,096: nobody reads so much at once.
const MAX_CONTENT: usize = 2000;
const MAX_EMBED: usize = 3500;
const MAX_TITLE: usize = 256;
const MAX_FOOTER: usize = 300;
const MAX_BUTTON: usize = 80;
const MAX_CHOICE: usize = 100;
const MAX_BUTTONS: usize = 5;
const MAX_CHOICES: usize = 25;
/// The bar beside an answer.
const COLOUR: u32 = 0x1f_4e_8c;

/// Flag of a message that only one person sees.
const EPHEMERAL: u32 = 1 << 6;

/// What is shown of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look<'a> {
    /// The kept reply, which buttons name.
    pub(super) post: &'a str,
    /// Others read it.
    pub(super) is_public: bool,
}

/// The messages of a reply, in order; none of one that is silent. Mentions are switched off in each.
pub(super) fn messages(reply: &Outbound, options: &[Choice], look: Look<'_>) -> Vec<Value> {
    if reply.is_silent() {
        return Vec::new();
    }
    let source = reply.sources.iter().find(|source| source.kind == SourceKind::Entry);
    let paragraphs = markdown::paragraphs(&reply.blocks);
    let mut bodies: Vec<Value> = match source.filter(|_| reply.decision == "answer" || reply.decision == "lookup") {
        Some(source) => {
            let title = source.label.as_deref().unwrap_or(&source.id);
            let footer = format!("{}\u{a0}: {} · {}", text::SOURCE, shortened(title, MAX_TITLE / 2), source.id);
            let pages = split(&paragraphs, MAX_EMBED);
            let last = pages.len().saturating_sub(1);
            let image = markdown::first_image(&reply.blocks);
            let body = |(number, page): (usize, &String)| {
                let mut embed = json!({ "description": page, "color": COLOUR });
                if number == 0 {
                    embed["title"] = json!(shortened(title, MAX_TITLE));
                }
                if number == last {
                    embed["footer"] = json!({ "text": shortened(&footer, MAX_FOOTER) });
                    // One is all that an embed shows; the others are links in the text.
                    if let Some(url) = image {
                        embed["image"] = json!({ "url": url });
                    }
                }
                json!({ "embeds": [embed] })
            };
            pages.iter().enumerate().map(body).collect()
        }
        None => split(&paragraphs, MAX_CONTENT).iter().map(|page| json!({ "content": page })).collect(),
    };
    if bodies.is_empty() {
        bodies.push(json!({ "content": "…" }));
    }
    let last = bodies.len() - 1;
    for (number, body) in bodies.iter_mut().enumerate() {
        body["allowed_mentions"] = json!({ "parse": [] });
        body["components"] = if number == last { json!(rows(reply, options, look)) } else { json!([]) };
    }
    bodies
}

/// One message of plain text, which is Markdown already.
pub(super) fn said(text: &str) -> Value {
    json!({ "content": shortened(text, MAX_CONTENT), "allowed_mentions": { "parse": [] }, "components": [] })
}

/// Several, when the text is long.
pub(super) fn said_at_length(paragraphs: &[String]) -> Vec<Value> {
    split(paragraphs, MAX_CONTENT).iter().map(|page| said(page)).collect()
}

/// The same message with a button that opens the form towards a person.
pub(super) fn with_form(mut body: Value, post: Option<&str>) -> Value {
    body["components"] = json!([row(&[form(post)])]);
    body
}

/// The same message, seen by one person only.
pub(super) fn ephemeral(mut body: Value) -> Value {
    body["flags"] = json!(EPHEMERAL);
    body
}

/// The options that are shown: steps towards a person are one button in public, since they ask for names and addresses.
fn rows(reply: &Outbound, options: &[Choice], look: Look<'_>) -> Vec<Value> {
    let shown: Vec<(usize, &Choice)> =
        options.iter().enumerate().filter(|(_, choice)| !(look.is_public && choice.is_step())).collect();
    let mut rows = Vec::new();
    let are_buttons = shown.len() <= MAX_BUTTONS && shown.iter().all(|(_, choice)| length_of(choice) <= MAX_BUTTON);
    if are_buttons && !shown.is_empty() {
        let button = |(place, choice): &(usize, &Choice)| {
            button(&choice.label, &Pressed::Choose(look.post.to_owned(), *place), if *place == 0 { 1 } else { 2 })
        };
        rows.push(row(&shown.iter().map(button).collect::<Vec<_>>()));
    } else if !shown.is_empty() {
        let choices = shown.iter().take(MAX_CHOICES).map(
            |(place, choice)| json!({ "label": shortened(&choice.label, MAX_CHOICE), "value": place.to_string() }),
        );
        rows.push(row(&[json!({
            "type": 3,
            "custom_id": Pressed::Menu(look.post.to_owned()).to_string(),
            "placeholder": text::CHOOSE,
            "options": choices.collect::<Vec<_>>(),
        })]));
    }
    let mut last = Vec::new();
    if reply.decision == "answer" {
        last.push(button(text::USEFUL, &Pressed::Rate(look.post.to_owned(), true), 2));
        last.push(button(text::NOT_USEFUL, &Pressed::Rate(look.post.to_owned(), false), 2));
    }
    if look.is_public && options.iter().any(Choice::is_step) {
        last.push(form(Some(look.post)));
    }
    if !last.is_empty() {
        rows.push(row(&last));
    }
    rows
}

fn length_of(choice: &Choice) -> usize {
    super::split::length(&choice.label)
}

fn form(post: Option<&str>) -> Value {
    button(text::WRITE_TO_A_PERSON, &Pressed::Write(post.map(str::to_owned)), 2)
}

fn button(label: &str, pressed: &Pressed, style: u8) -> Value {
    json!({ "type": 2, "style": style, "label": shortened(label, MAX_BUTTON), "custom_id": pressed.to_string() })
}

fn row(components: &[Value]) -> Value {
    json!({ "type": 1, "components": components })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Block, Source, Span};

    fn reply(decision: &str, text: &str) -> Outbound {
        Outbound {
            decision: decision.into(),
            confidence: 1.0,
            blocks: vec![Block::Paragraph { spans: vec![Span { text: text.into(), ..Span::default() }], source: 0 }],
            sources: vec![Source {
                kind: SourceKind::Entry,
                id: "cle-obtenir".into(),
                revision: None,
                read_at: None,
                updated_at: None,
                label: Some("Comment obtenir une clé ?".into()),
            }],
            options: Vec::new(),
        }
    }

    fn choice(id: &str, label: &str) -> Choice {
        Choice { id: id.into(), label: label.into() }
    }

    const PUBLIC: Look<'_> = Look { post: "p", is_public: true };
    const PRIVATE: Look<'_> = Look { post: "p", is_public: false };

    #[test]
    fn an_answer_names_its_entry_and_asks_whether_it_was_useful() {
        let messages = messages(&reply("answer", "Au portail."), &[], PUBLIC);
        assert_eq!(messages.len(), 1);
        let embed = &messages[0]["embeds"][0];
        assert_eq!(embed["title"], "Comment obtenir une clé ?");
        assert_eq!(embed["description"], "Au portail.");
        assert!(embed["footer"]["text"].as_str().is_some_and(|text| text.ends_with("cle-obtenir")));
        assert_eq!(messages[0]["allowed_mentions"], json!({ "parse": [] }));
        assert_eq!(messages[0]["components"][0]["components"][0]["custom_id"], "rate:p:1");
    }

    #[test]
    fn an_answer_shows_its_first_image() {
        let mut reply = reply("answer", "Le menu");
        let Block::Paragraph { spans, .. } = &mut reply.blocks[0] else { panic!("a paragraph") };
        spans[0].image = Some(crate::Picture { src: "images/a.png".into(), width: 2, height: 1 });
        let embed = &messages(&reply, &[], PUBLIC)[0]["embeds"][0];
        assert_eq!((&embed["description"], &embed["image"]), (&json!("Le menu"), &Value::Null));
        let embed = &messages(&reply.with_images_at("https://a.example"), &[], PUBLIC)[0]["embeds"][0];
        assert_eq!(embed["image"]["url"], "https://a.example/images/a.png");
        assert_eq!(embed["description"], "[Le menu](<https://a.example/images/a.png>)");
    }

    #[test]
    fn a_long_answer_has_its_title_first_and_its_buttons_last() {
        let messages = messages(&reply("answer", &"Une phrase. ".repeat(600)), &[], PUBLIC);
        assert_eq!(messages.len(), 3);
        assert!(messages[0]["embeds"][0]["title"].is_string() && messages[0]["components"] == json!([]));
        assert!(messages[2]["embeds"][0]["footer"].is_object() && messages[2]["embeds"][0]["title"].is_null());
    }

    #[test]
    fn few_short_options_are_buttons_and_others_a_menu() {
        let short = [choice("a", "Une carte"), choice("b", "Une clé")];
        let message = &messages(&reply("clarify", "Que voulez-vous savoir ?"), &short, PUBLIC)[0];
        assert_eq!(message["components"][0]["components"][1]["custom_id"], "choose:p:1");
        assert_eq!(message["content"], "Que voulez-vous savoir ?");

        let long = [choice("a", &"é".repeat(120))];
        let menu = &messages(&reply("clarify", "Quoi ?"), &long, PUBLIC)[0]["components"][0]["components"][0];
        assert_eq!((&menu["type"], &menu["custom_id"]), (&json!(3), &json!("menu:p")));
        assert_eq!(menu["options"][0]["label"].as_str().map(|label| label.chars().count()), Some(100));

        let many: Vec<Choice> = (0..40).map(|n| choice("a", &n.to_string())).collect();
        let menu = &messages(&reply("clarify", "Quoi ?"), &many, PUBLIC)[0]["components"][0]["components"][0];
        assert_eq!(menu["options"].as_array().map(Vec::len), Some(25));
    }

    #[test]
    fn steps_towards_a_person_are_a_form_in_public() {
        let options = [choice("do:ticket", "Oui"), choice("do:mail", "Par e-mail"), choice("a", "Une carte")];
        let public = &messages(&reply("noanswer", "Je ne sais pas."), &options, PUBLIC)[0]["components"];
        assert_eq!(public[0]["components"].as_array().map(Vec::len), Some(1));
        assert_eq!(public[0]["components"][0]["custom_id"], "choose:p:2");
        assert_eq!(public[1]["components"][0]["custom_id"], "write:p");
        let private = &messages(&reply("noanswer", "Je ne sais pas."), &options, PRIVATE)[0]["components"];
        assert_eq!(private[0]["components"][0]["custom_id"], "choose:p:0");
    }
}
