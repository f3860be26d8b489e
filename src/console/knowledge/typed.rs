//! The form of an entry: its fields as people type them, and back.

use guichet_kb::composed::Template;
use guichet_kb::entry::{body, one_line};
use guichet_kb::reference::{self, Reference};
use guichet_kb::{Checks, Contacts, Entry, EntryId, Image, KnowledgeBase, image};
use serde::Deserialize;

use crate::text::knowledge as text;

/// What was typed. Lists are one item a line.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Typed {
    pub(super) id: String,
    pub(super) question: String,
    pub(super) category: String,
    pub(super) audience: String,
    pub(super) owner: String,
    pub(super) review_by: String,
    pub(super) follow_ups: String,
    pub(super) facts: String,
    pub(super) variants: String,
    pub(super) must: String,
    pub(super) must_not: String,
    pub(super) answer: String,
    pub(super) composed: String,
    #[serde(flatten)]
    pub(super) asked: Asked,
}

/// What is to be done with what was typed: the same for entries and other documents.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    /// The last revision that was looked at; empty for a new document.
    pub(super) seen: String,
    /// Why, for the history.
    pub(super) reason: String,
    /// What the button says.
    pub(super) then: String,
    /// Not before this: a local date and time, or nothing.
    pub(super) publish_at: String,
    /// When it is archived, or nothing.
    pub(super) expire_at: String,
}

/// Something that is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Name of the field; empty when it is all of it.
    pub(super) field: &'static str,
    pub(super) message: String,
}

impl Typed {
    /// The fields of `entry`.
    pub(super) fn of(entry: &Entry) -> Self {
        let ids: Vec<&str> = entry.follow_ups.iter().map(EntryId::as_str).collect();
        Self {
            id: entry.id.to_string(),
            question: entry.question.clone(),
            category: entry.category.clone(),
            audience: entry.audience.as_str().to_owned(),
            owner: entry.owner.clone(),
            review_by: entry.review_by.map(|day| day.to_string()).unwrap_or_default(),
            follow_ups: ids.join("\n"),
            facts: entry.facts.join("\n"),
            variants: entry.variants.join("\n"),
            must: entry.checks.must.join("\n"),
            must_not: entry.checks.must_not.join("\n"),
            answer: entry.answer.clone(),
            composed: entry.composed.clone(),
            asked: Asked::default(),
        }
    }

    /// The entry that was typed, and what is wrong with it: as much as can be said of it alone.
    pub(super) fn entry(&self) -> (Option<Entry>, Vec<Wrong>) {
        let mut wrong = Vec::new();
        let mut complain = |field, message: &str| wrong.push(Wrong { field, message: message.to_owned() });
        let id: Option<EntryId> = self.id.trim().parse().ok();
        if id.is_none() {
            complain("id", text::WRONG_ID);
        }
        if one_line(&self.question).is_empty() {
            complain("question", text::NO_QUESTION);
        }
        if body(&self.answer).is_empty() {
            complain("answer", text::NO_ANSWER);
        }
        let review_by = match self.review_by.trim() {
            "" => None,
            day => day.parse().map_err(|_| complain("review_by", text::WRONG_DAY)).ok(),
        };
        let mut follow_ups = Vec::new();
        for line in lines(&self.follow_ups) {
            match line.parse() {
                Ok(id) => follow_ups.push(id),
                Err(_) => wrong.push(Wrong { field: "follow_ups", message: text::wrong_follow_up(&line) }),
            }
        }
        let (facts, composed) = (lines(&self.facts), body(&self.composed));
        if !composed.is_empty()
            && let Err(problems) = Template::read(&composed, &facts)
        {
            let problems = problems.iter().map(|problem| text::in_template(problem.line, &problem.message));
            wrong.extend(problems.map(|message| Wrong { field: "composed", message }));
        }
        let entry = id.map(|id| Entry {
            follow_ups,
            facts,
            composed,
            review_by,
            audience: self.audience.parse().unwrap_or_default(),
            owner: one_line(&self.owner),
            variants: lines(&self.variants),
            checks: Checks { must: lines(&self.must), must_not: lines(&self.must_not) },
            ..Entry::new(id, &self.question, &self.category, &self.answer)
        });
        (entry, wrong)
    }
}

/// What `entry` names and is nowhere, and what of its `images` it does not say: it can be saved so, and the gate would refuse
/// it.
pub(super) fn dangling(entry: &Entry, knowledge_base: &KnowledgeBase, images: &[Image]) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let is_there = |id: &str| id == entry.id.as_str() || knowledge_base.entry(id).is_some();
    for id in entry.follow_ups.iter().filter(|id| !is_there(id.as_str())) {
        wrong.push(Wrong { field: "follow_ups", message: text::no_entry(id.as_str()) });
    }
    for found in reference::find(&entry.answer) {
        let Contacts { link, .. } = &knowledge_base.contacts;
        let message = match found.reference {
            Reference::Contact(name, field) => {
                knowledge_base.contacts.markdown(name, field).is_none().then(|| text::no_contact(name))
            }
            Reference::Link(name) => (!link.contains_key(name)).then(|| text::no_link(name)),
            Reference::Entry(id) => (!is_there(id)).then(|| text::no_entry(id)),
            Reference::Unknown(inside) => Some(text::unknown_reference(inside)),
            // Below, with those of the composed answer.
            Reference::Image { .. } => None,
        };
        wrong.extend(message.map(|message| Wrong { field: "answer", message }));
    }
    for (field, markdown) in [("answer", &entry.answer), ("composed", &entry.composed)] {
        for (_, name, alt) in image::shown(markdown) {
            let message = match image::find(images, name) {
                None => Some(text::no_image(name)),
                Some(_) => alt.is_empty().then(|| text::no_alternative(name)),
            };
            wrong.extend(message.map(|message| Wrong { field, message }));
        }
    }
    wrong
}

/// The lines of a list that hold something.
fn lines(typed: &str) -> Vec<String> {
    typed.lines().map(one_line).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_comes_back_from_its_form_as_it_was() {
        for entry in crate::answer::Engine::carried().entries() {
            let (back, wrong) = Typed::of(entry).entry();
            let mut back = back.expect("it has an id");
            back.status = entry.status;
            assert_eq!((&back, wrong), (entry, vec![]));
        }
    }

    #[test]
    fn everything_that_is_wrong_is_said_with_its_field() {
        let typed = Typed {
            id: "É".into(),
            review_by: "demain".into(),
            follow_ups: "a\r\nB".into(),
            composed: "{{nothing.here}}".into(),
            ..Typed::default()
        };
        let (entry, wrong) = typed.entry();
        let fields: Vec<&str> = wrong.iter().map(|wrong| wrong.field).collect();
        assert_eq!((entry, fields), (None, vec!["id", "question", "answer", "review_by", "follow_ups", "composed"]));
    }

    #[test]
    fn what_is_nowhere_is_told() {
        let knowledge_base = crate::answer::Engine::carried().knowledge_base();
        let answer = "{{contact.cles.email}} {{contact.x.email}} [a](link:x) [b](entry:x) [c](entry:soi) {{x}}";
        let entry = Entry::new("soi".parse().expect("an id"), "Où ?", "", answer);
        assert_eq!(dangling(&entry, knowledge_base, &[]).len(), 4);
        let gif = Image::read("a.gif".parse().expect("a name"), b"GIF89a\x01\0\x01\0").expect("an image");
        let answer = "![a](a.gif) ![](a.gif) ![b](b.gif)";
        let entry = Entry::new("soi".parse().expect("an id"), "Où ?", "", answer);
        assert_eq!(dangling(&entry, knowledge_base, &[gif]).len(), 2);
    }
}
