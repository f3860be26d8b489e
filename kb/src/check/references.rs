//! Every contact, link and entry that an entry names exists.

use super::entries;
use crate::diagnostic::Diagnostic;
use crate::knowledge_base::Loaded;
use crate::reference::{self, Reference};

pub(super) fn run(loaded: &Loaded, found: &mut Vec<Diagnostic>) {
    let knowledge_base = &loaded.knowledge_base;
    for (entry, origin) in entries(loaded) {
        for id in &entry.follow_ups {
            if knowledge_base.entry(id.as_str()).is_none() {
                let message = format!("follow_ups: there is no entry `{id}`");
                found.push(Diagnostic::error(&origin.file, origin.follow_ups_line, message));
            }
        }
        for reference in reference::find(&entry.answer) {
            let problem = match reference.reference {
                Reference::Contact(name, field) => knowledge_base.contacts.markdown(name, field).is_none().then(|| {
                    format!("`contacts.toml` has no such field: {{{{contact.{name}.{field:?}}}}}").to_lowercase()
                }),
                Reference::Link(name) => (!knowledge_base.contacts.link.contains_key(name))
                    .then(|| format!("`contacts.toml` has no link `{name}`")),
                Reference::Entry(id) => knowledge_base.entry(id).is_none().then(|| format!("there is no entry `{id}`")),
                // Loading has looked whether it is there.
                Reference::Image { .. } => None,
                Reference::Unknown(inside) => {
                    Some(format!("`{{{{{inside}}}}}` is not {{{{contact.NAME.email|phone|hours}}}}"))
                }
            };
            if let Some(message) = problem {
                found.push(Diagnostic::error(&origin.file, origin.answer_line + reference.line, message));
            }
        }
    }
}
