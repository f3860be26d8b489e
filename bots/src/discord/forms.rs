//! The form towards a person: what it asks, and the request that it becomes.

use std::fmt::Write as _;

use serde_json::{Value, json};
use serenity::model::application::{ActionRowComponent, ModalInteractionData};
use serenity::model::channel::Message;
use serenity::model::id::ChannelId;

use super::buttons::is_from_here;
use super::fault::{Attempt, Fault};
use super::interactions::{Answer, Who};
use super::split::{length, shortened};
use super::spot::{self, Spot, snowflake};
use super::text::{self, modal};
use super::{Discord, markdown, render};
use crate::{AssistantError, Place, Request};

/// How much of a thread goes with a request.
const MAX_THREAD: usize = 6_000;

/// For which conversation a form is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// The private one of whoever fills it in.
    Private,
    /// That of a kept reply.
    Post(String),
    /// That of a thread.
    Thread(ChannelId),
}

impl Form {
    fn id(&self) -> String {
        match self {
            Self::Private => "form".to_owned(),
            Self::Post(post) => format!("form:post:{post}"),
            Self::Thread(thread) => format!("form:thread:{thread}"),
        }
    }

    fn parse(id: &str) -> Option<Self> {
        match id.split(':').collect::<Vec<_>>().as_slice() {
            ["form"] => Some(Self::Private),
            ["form", "post", post] => Some(Self::Post((*post).to_owned())),
            ["form", "thread", thread] => snowflake(thread).map(ChannelId::new).map(Self::Thread),
            _ => None,
        }
    }

    /// The form as Discord takes it.
    pub(super) fn body(&self) -> Value {
        let field = |id: &str, label: &str, style: u8, max: u32, is_required: bool| {
            json!({ "type": 1, "components": [{
                "type": 4, "custom_id": id, "label": label, "style": style, "max_length": max, "required": is_required,
            }] })
        };
        json!({
            "custom_id": self.id(),
            "title": modal::TITLE,
            "components": [
                field("name", modal::NAME, 1, 100, true),
                field("email", modal::EMAIL, 1, 200, true),
                field("company", modal::COMPANY, 1, 100, false),
                field("subject", modal::SUBJECT, 1, 150, true),
                field("description", modal::DESCRIPTION, 2, 3000, true),
            ],
        })
    }
}

impl Discord {
    /// Hands the request over.
    pub(super) async fn filled_in(&self, who: &Who, data: &ModalInteractionData) -> Result<Answer, Fault> {
        let place = match Form::parse(&data.custom_id) {
            Some(Form::Private) => Some(Spot::User(who.user).place(who.user)),
            Some(Form::Post(post)) => match self.memory.find_post(&post).await? {
                Some(post) if is_from_here(&post, who) => self.memory.find_place(&post.place).await?,
                _ => None,
            },
            // A form is sent where it was opened.
            Some(Form::Thread(thread)) if thread == who.channel => {
                self.memory.find_place(&Spot::Thread(thread).to_string()).await?
            }
            _ => None,
        };
        let Some(place) = place else { return Ok(Answer::whispered(render::said(text::GONE))) };
        if place.owner != spot::account(who.user) && !who.is_staff {
            return Ok(Answer::whispered(render::said(text::NOT_YOURS)));
        }
        let given = |id: &str| field(data, id).trim().to_owned();
        let thread = match place.id.parse() {
            Ok(Spot::Thread(thread)) => Some(thread),
            _ => None,
        };
        let mut description = given("description");
        if let Some(thread) = thread {
            let _ = write!(description, "\n\n{}\n{}", text::PUBLIC_THREAD, self.thread_as_text(thread).await);
        }
        let request = Request {
            key: who.interaction.to_string(),
            name: given("name"),
            email: given("email"),
            company: Some(given("company")).filter(|company| !company.is_empty()),
            subject: given("subject"),
            description,
        };
        let conversation = self.assistant.conversation_at(&place).await?;
        let requested = match self.assistant.request(&conversation, request).await {
            Ok(requested) => requested,
            Err(AssistantError::Refused(sentence)) => {
                return Ok(Answer::whispered(render::said(&markdown::escape(&sentence))));
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(thread) = thread {
            self.say_in_thread(thread, who, &requested.reference, &place).await;
        }
        let sentence = text::requested(&requested.reference, &requested.promise);
        Ok(Answer::whispered(render::said(&sentence)))
    }

    /// Tells the thread that its request is on its way; it is, whether the thread hears of it or not.
    async fn say_in_thread(&self, thread: ChannelId, who: &Who, reference: &str, place: &Place) {
        let body = render::said(&text::requested_publicly(reference));
        let nonce = super::nonce(&format!("{}/{}", who.interaction, place.id), 0);
        if let Err(fault) = self.api.send(thread, &body, &nonce, Attempt::SendInThread).await {
            self.report(&fault);
        }
    }

    /// What people said in the thread, for who did not follow it. A request is not refused because it cannot be read.
    async fn thread_as_text(&self, thread: ChannelId) -> String {
        match self.api.history(thread).await {
            Ok(messages) => transcript(&messages),
            Err(fault) => {
                self.report(&fault);
                String::new()
            }
        }
    }
}

/// One line for each message of a person; the bot's own are in the conversation already.
fn transcript(messages: &[Message]) -> String {
    let of_people = messages.iter().filter(|message| !message.author.bot && !message.content.trim().is_empty());
    let line = |message: &Message| {
        let name = message.author.global_name.as_deref().unwrap_or(&message.author.name);
        format!("{name}\u{a0}: {}", message.content.trim())
    };
    newest(&of_people.map(line).collect::<Vec<_>>(), MAX_THREAD)
}

/// The last of `lines`, as many as fit: what was said last says best what is asked for.
fn newest(lines: &[String], max: usize) -> String {
    let mut left = max;
    let mut kept = Vec::new();
    for line in lines.iter().rev() {
        let Some(rest) = left.checked_sub(length(line) + 1) else {
            if kept.is_empty() {
                kept.push(shortened(line, max));
            }
            kept.push("[…]".to_owned());
            break;
        };
        left = rest;
        kept.push(line.clone());
    }
    kept.reverse();
    kept.join("\n")
}

fn field<'a>(data: &'a ModalInteractionData, id: &str) -> &'a str {
    let parts = data.components.iter().flat_map(|row| &row.components);
    let mut found = parts.filter_map(|part| match part {
        ActionRowComponent::InputText(input) if input.custom_id == id => input.value.as_deref(),
        _ => None,
    });
    found.next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_thread_the_last_words_are_kept() {
        let lines = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(newest(&lines(&["un", "deux"]), 20), "un\ndeux");
        assert_eq!(newest(&lines(&["le premier", "un", "deux"]), 10), "[…]\nun\ndeux");
        assert_eq!(newest(&lines(&["un", "le deuxième"]), 9), "[…]\nle deuxi…");
        assert_eq!(newest(&[], 9), "");
    }

    #[test]
    fn a_form_knows_its_conversation_again() {
        for form in [Form::Private, Form::Post("0123456789abcdef".into()), Form::Thread(ChannelId::new(7))] {
            assert_eq!(Form::parse(&form.id()), Some(form));
        }
        assert_eq!(Form::parse("form:thread:x"), None);
        assert_eq!(Form::parse("formulaire"), None);
    }
}
