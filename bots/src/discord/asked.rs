//! From a question to what is shown: the turn, and what of its reply may be said where others read it.

use serde_json::Value;
use serenity::model::id::GuildId;

use super::fault::Fault;
use super::render::{self, Look};
use super::{Discord, text};
use crate::{AssistantError, ConversationKey, Inbound, Outbound, Place, Post, SourceKind};

/// A question, wherever it came from.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// Discord's id of the message or interaction.
    pub(super) id: String,
    /// Where the conversation is held.
    pub(super) place: Place,
    /// What was asked, or the label of what was chosen.
    pub(super) text: String,
    /// What was chosen.
    pub(super) option: Option<String>,
    /// The server whose members see the reply; none in direct messages.
    pub(super) server: Option<GuildId>,
}

/// What is shown.
pub(super) struct Shown {
    /// What will be kept of it.
    pub(super) post: Post,
    /// Bodies of its messages, in order.
    pub(super) bodies: Vec<Value>,
    /// It touches a customer, or requests made elsewhere, and was asked in public: it is to be answered in private.
    pub(super) is_for_private: bool,
    /// It is an answer of an entry.
    pub(super) is_answer: bool,
}

impl Discord {
    /// Takes the turn and draws the reply. Where others read, nothing personal is shown or asked for.
    pub(super) async fn take(&self, asked: &Asked) -> Result<Shown, Fault> {
        let conversation = self.assistant.conversation_at(&asked.place).await?;
        let digest = super::digest(&asked.text);
        // A reply that is made again keeps its buttons, and what of it was sent.
        let known = self.memory.find_answer(&asked.id).await?;
        let messages = known.iter().filter(|known| known.digest == digest).flat_map(|known| known.messages.clone());
        let mut post = Post {
            messages: messages.collect(),
            id: known.map_or_else(super::random_id, |known| known.id),
            asked: asked.id.clone(),
            turn: asked.id.clone(),
            digest,
            place: asked.place.id.clone(),
            shown_in: None,
            server: Some(server_name(asked.server)),
            options: Vec::new(),
        };
        let inbound = Inbound { text: asked.text.clone(), option: asked.option.clone(), id: Some(asked.id.clone()) };
        let reply = match self.assistant.turn(&conversation, inbound).await {
            Ok(reply) => reply,
            Err(AssistantError::Refused(sentence)) => {
                let bodies = vec![render::said(&super::markdown::escape(&sentence))];
                return Ok(Shown { post, bodies, is_for_private: false, is_answer: false });
            }
            Err(error) => return Err(error.into()),
        };
        if asked.place.is_public && is_personal(&reply) {
            return Ok(Shown {
                post,
                bodies: vec![render::said(text::MOVED_TO_PRIVATE)],
                is_for_private: true,
                is_answer: false,
            });
        }
        if asked.place.is_public && reply.decision == "handoff" {
            self.leave_the_dialogue(&conversation, asked).await?;
            let body = render::with_form(render::said(text::HANDOFF_IN_PUBLIC), Some(&post.id));
            return Ok(Shown { post, bodies: vec![body], is_for_private: false, is_answer: false });
        }
        post.options.clone_from(&reply.options);
        let look = Look { post: &post.id, is_public: asked.place.is_public };
        let bodies = render::messages(&reply, &post.options, look);
        Ok(Shown { post, bodies, is_for_private: false, is_answer: reply.decision == "answer" })
    }

    /// The dialogue towards a person asks for a name and an address: not where others read. The form asks for them.
    async fn leave_the_dialogue(&self, conversation: &ConversationKey, asked: &Asked) -> Result<(), Fault> {
        let cancel = Inbound {
            text: text::WRITE_TO_A_PERSON.to_owned(),
            option: Some("do:cancel".to_owned()),
            id: Some(format!("{}/form", asked.id)),
        };
        self.assistant.turn(conversation, cancel).await?;
        Ok(())
    }
}

/// The server of a reply, as it is kept.
pub(super) fn server_name(server: Option<GuildId>) -> String {
    server.map_or_else(|| "direct".to_owned(), |server| server.to_string())
}

/// How far a request of this very place has got, or which of several is meant: its answers are said here as well.
const REQUESTS_OF_HERE: [&str; 2] = ["request/state", "request/which"];

/// Whether a reply says something about one customer, or would, or speaks of requests that are none of this place's.
fn is_personal(reply: &Outbound) -> bool {
    let is_of_here = reply.sources.iter().any(|source| REQUESTS_OF_HERE.contains(&source.id.as_str()));
    let is_elsewhere = reply.decision == "request" && !is_of_here;
    is_elsewhere || reply.decision == "lookup" || reply.sources.iter().any(|source| source.kind == SourceKind::Fact)
}
