//! The ids that the questions of a page already have: a JSON list of `{"id", "question"}` (other fields are ignored).

use std::collections::HashMap;

use serde::Deserialize;

use crate::entry::EntryId;
use crate::fold::fold;

/// Ids by question, compared without accents, capitals, punctuation and white space.
#[derive(Debug, Default)]
pub struct IdMap(HashMap<String, EntryId>);

#[derive(Deserialize)]
struct Item {
    id: EntryId,
    question: String,
}

impl IdMap {
    /// Reads the map.
    ///
    /// # Errors
    /// When `text` is not such a list.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        let items: Vec<Item> = serde_json::from_str(text)?;
        Ok(Self(items.into_iter().map(|item| (key(&item.question), item.id)).collect()))
    }

    /// The id of `question`.
    pub fn id(&self, question: &str) -> Option<&EntryId> {
        self.0.get(&key(question))
    }

    /// True when there is no id.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn key(question: &str) -> String {
    fold(question).chars().filter(|c| c.is_alphanumeric()).collect()
}
