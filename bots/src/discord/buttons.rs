//! Buttons and menus below replies. What they mean is in the notebook, so that they work after a restart; whose they are
//! is there too.

use serenity::model::application::{ComponentInteractionData, ComponentInteractionDataKind};

use super::asked::{Asked, server_name};
use super::custom_id::Pressed;
use super::fault::Fault;
use super::forms::Form;
use super::interactions::{Answer, Who};
use super::spot::{self, Spot};
use super::{Discord, render, text};
use crate::{Place, Post};

impl Discord {
    /// Does what a button or a line of a menu stands for.
    pub(super) async fn pressed(&self, who: &Who, data: &ComponentInteractionData) -> Result<Answer, Fault> {
        let Ok(pressed) = data.custom_id.parse::<Pressed>() else { return Ok(gone()) };
        let (post, choice) = match &pressed {
            Pressed::Write(None) => return Ok(Answer::Form(Form::Private.body())),
            Pressed::Choose(post, place) => (post, Some(*place)),
            Pressed::Menu(post) => (post, line(data)),
            Pressed::Rate(post, _) | Pressed::Write(Some(post)) => (post, None),
        };
        let Some(post) = self.memory.find_post(post).await? else { return Ok(gone()) };
        let Some(place) = self.memory.find_place(&post.place).await? else { return Ok(gone()) };
        if !is_from_here(&post, who) {
            return Ok(gone());
        }
        if place.owner != spot::account(who.user) {
            return Ok(Answer::whispered(render::said(text::NOT_YOURS)));
        }
        match pressed {
            Pressed::Write(_) => Ok(Answer::Form(Form::Post(post.id).body())),
            Pressed::Rate(_, is_useful) => self.rated(&place, &post, is_useful).await,
            Pressed::Choose(..) | Pressed::Menu(_) => self.chosen(who, place, &post, choice).await,
        }
    }

    async fn rated(&self, place: &Place, post: &Post, is_useful: bool) -> Result<Answer, Fault> {
        let conversation = self.assistant.conversation_at(place).await?;
        self.assistant.rate(&conversation, &post.turn, is_useful).await?;
        let body = match is_useful {
            true => render::said(text::THANKS),
            false => render::with_form(render::said(text::THANKS_NOT_USEFUL), Some(&post.id)),
        };
        Ok(Answer::whispered(body))
    }

    async fn chosen(&self, who: &Who, place: Place, post: &Post, choice: Option<usize>) -> Result<Answer, Fault> {
        let Some(choice) = choice.and_then(|place| post.options.get(place)) else { return Ok(gone()) };
        let is_public = place.is_public;
        let asked = Asked {
            id: who.interaction.to_string(),
            place,
            text: choice.label.clone(),
            option: Some(choice.id.clone()),
            server: who.guild,
        };
        let mut shown = self.take(&asked).await?;
        if shown.is_for_private {
            let private = Asked { id: format!("{}/p", asked.id), place: Spot::User(who.user).place(who.user), ..asked };
            shown = self.take(&private).await?;
            self.memory.keep_post(&shown.post).await?;
            return Ok(Answer::Say { bodies: shown.bodies, is_public: false });
        }
        shown.post.shown_in = is_public.then(|| who.channel.to_string());
        self.memory.keep_post(&shown.post).await?;
        Ok(Answer::Say { bodies: shown.bodies, is_public })
    }
}

/// Whether a reply was shown on the server where somebody wants to do something with it.
pub(super) fn is_from_here(post: &Post, who: &Who) -> bool {
    post.server.as_ref().is_none_or(|server| *server == server_name(who.guild))
}

/// The place of the line that was chosen in a menu.
fn line(data: &ComponentInteractionData) -> Option<usize> {
    match &data.kind {
        ComponentInteractionDataKind::StringSelect { values } => values.first()?.parse().ok(),
        _ => None,
    }
}

fn gone() -> Answer {
    Answer::whispered(render::said(text::GONE))
}
