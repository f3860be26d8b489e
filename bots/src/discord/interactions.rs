//! Commands, buttons and forms: answered within three seconds, or promised and answered later. They come by the gateway
//! or as signed requests; both are answered alike.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use serenity::model::application::Interaction;
use serenity::model::guild::Member;
use serenity::model::id::{ApplicationId, ChannelId, GuildId, InteractionId, UserId};
use serenity::model::user::User;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::fault::Fault;
use super::permissions::Permissions;
use super::render::{self, ephemeral};
use super::{Discord, text};

/// Discord waits for three seconds; the way there and back takes some of it.
const PATIENCE: Duration = Duration::from_millis(2_000);

/// How long Discord takes what was promised, and how long is waited between two tries while it takes nothing.
const PROMISED: Duration = Duration::from_secs(14 * 60);
const PAUSE: Duration = Duration::from_secs(5);

/// Kinds of answers to interactions.
mod kind {
    pub(super) const PONG: u8 = 1;
    pub(super) const MESSAGE: u8 = 4;
    pub(super) const MESSAGE_LATER: u8 = 5;
    pub(super) const SUGGESTIONS: u8 = 8;
    pub(super) const FORM: u8 = 9;
}

/// Who does something, and where.
#[derive(Debug, Clone)]
pub(super) struct Who {
    pub(super) interaction: InteractionId,
    token: String,
    pub(super) user: UserId,
    pub(super) channel: ChannelId,
    pub(super) guild: Option<GuildId>,
    /// What we may do there.
    permissions: Option<Permissions>,
    /// One of the support agents.
    pub(super) is_staff: bool,
}

/// What is answered.
#[derive(Debug)]
pub(super) enum Answer {
    /// Messages; in a server only who asked sees them, unless they are public.
    Say { bodies: Vec<Value>, is_public: bool },
    /// A form.
    Form(Value),
    /// Proposals while something is typed.
    Suggestions(Vec<Value>),
    /// A sign of life.
    Pong,
}

impl Answer {
    /// One message that only who asked sees.
    pub(super) fn whispered(body: Value) -> Self {
        Self::Say { bodies: vec![body], is_public: false }
    }
}

/// What follows the first answer.
pub(super) enum Later {
    /// The whole answer, which was promised.
    Promised(JoinHandle<Answer>),
    /// More messages.
    More(Vec<Value>),
}

impl Discord {
    /// The first answer to an interaction, as Discord takes it, and what follows.
    pub(super) async fn answer(self: &Arc<Self>, interaction: Interaction) -> (Value, Option<(Who, Later)>) {
        let Some(who) = self.who(&interaction) else { return (json!({ "type": kind::PONG }), None) };
        let is_typing = matches!(interaction, Interaction::Autocomplete(_));
        let discord = Arc::clone(self);
        let doing = who.clone();
        let mut work = tokio::spawn(async move { discord.do_or_explain(&doing, &interaction).await });
        match tokio::time::timeout(PATIENCE, &mut work).await {
            Ok(done) => {
                let (first, more) = bodies(done.unwrap_or_else(|_| unavailable()), &who);
                (first, (!more.is_empty()).then_some((who, Later::More(more))))
            }
            // Who types sees proposals at once or none; nothing can be promised there.
            Err(_) if is_typing => {
                work.abort();
                (bodies(Answer::Suggestions(Vec::new()), &who).0, None)
            }
            Err(_) => {
                let mut data = json!({});
                if who.guild.is_some() {
                    data = ephemeral(data);
                }
                (json!({ "type": kind::MESSAGE_LATER, "data": data }), Some((who, Later::Promised(work))))
            }
        }
    }

    /// Keeps the promise, or says the rest.
    pub(super) async fn go_on(&self, who: &Who, later: Later) {
        let more = match later {
            Later::More(more) => more,
            Later::Promised(work) => {
                let answer = match work.await.unwrap_or_else(|_| unavailable()) {
                    answer @ Answer::Say { .. } => answer,
                    // A form cannot be shown any more.
                    _ => Answer::whispered(render::said(text::NO_LONGER_HERE)),
                };
                let (first, more) = bodies(answer, who);
                let mut first = first["data"].clone();
                // Whether others see it was decided by the promise.
                if let Some(body) = first.as_object_mut() {
                    body.remove("flags");
                }
                if let Err(fault) = patiently(|| self.api.respond_later(&who.token, &first)).await {
                    return self.report(&fault);
                }
                more
            }
        };
        for body in more {
            if let Err(fault) = patiently(|| self.api.follow_up(&who.token, &body)).await {
                return self.report(&fault);
            }
        }
    }

    /// Answers an interaction that came by the gateway.
    pub(super) async fn answer_at_gateway(self: &Arc<Self>, interaction: Interaction) {
        let (id, token) = (interaction.id(), interaction.token().to_owned());
        let (first, later) = self.answer(interaction).await;
        if let Err(fault) = self.api.respond(id, &token, &first).await {
            return self.report(&fault);
        }
        if let Some((who, later)) = later {
            self.go_on(&who, later).await;
        }
    }

    /// Does what is asked; when it cannot be done, says so.
    async fn do_or_explain(&self, who: &Who, interaction: &Interaction) -> Answer {
        if !self.settings.serves(who.guild.map(GuildId::get)) {
            if let Interaction::Autocomplete(_) = interaction {
                return Answer::Suggestions(Vec::new());
            }
            return Answer::whispered(render::said(text::NOT_HERE));
        }
        let done = match interaction {
            Interaction::Command(command) => self.command(who, &command.data).await,
            Interaction::Autocomplete(command) => self.complete(who, &command.data).await,
            Interaction::Component(component) => self.pressed(who, &component.data).await,
            Interaction::Modal(form) => self.filled_in(who, &form.data).await,
            _ => Ok(Answer::Pong),
        };
        let fault = match done {
            Ok(answer) => return answer,
            Err(fault) => self.explained(fault, who.channel, who.permissions).await,
        };
        self.report(&fault);
        match (interaction, fault) {
            (Interaction::Autocomplete(_), _) => Answer::Suggestions(Vec::new()),
            (_, Fault::MissingPermission { permission, .. }) => {
                Answer::whispered(render::said(&text::missing_permission(&permission)))
            }
            _ => unavailable(),
        }
    }

    /// Who is behind an interaction; none behind a sign of life.
    fn who(&self, interaction: &Interaction) -> Option<Who> {
        let (user, member, channel, guild, application, permissions) = match interaction {
            Interaction::Command(it) | Interaction::Autocomplete(it) => {
                (&it.user, it.member.as_deref(), it.channel_id, it.guild_id, it.application_id, it.app_permissions)
            }
            Interaction::Component(it) => {
                (&it.user, it.member.as_ref(), it.channel_id, it.guild_id, it.application_id, it.app_permissions)
            }
            Interaction::Modal(it) => {
                (&it.user, it.member.as_ref(), it.channel_id, it.guild_id, it.application_id, it.app_permissions)
            }
            _ => return None,
        };
        self.know(application);
        Some(Who {
            interaction: interaction.id(),
            token: interaction.token().to_owned(),
            user: id_of(user, member),
            channel,
            guild,
            permissions,
            is_staff: member.is_some_and(|member| self.is_staff(member)),
        })
    }

    fn is_staff(&self, member: &Member) -> bool {
        member.roles.iter().any(|role| self.settings.staff_roles.contains(&role.get()))
    }

    /// Calls about interactions name the application; an interaction says which it is.
    fn know(&self, application: ApplicationId) {
        if self.api.http.application_id().is_none() {
            self.api.http.set_application_id(application);
        }
    }
}

/// Does `call` until it is done, as long as Discord would still take it.
async fn patiently<F: Future<Output = Result<(), Fault>>>(call: impl Fn() -> F) -> Result<(), Fault> {
    let until = Instant::now() + PROMISED;
    loop {
        match call().await {
            Err(fault) if fault.is_passing() && Instant::now() < until => {
                tokio::time::sleep(fault.wait().unwrap_or(PAUSE)).await;
            }
            done => return done,
        }
    }
}

fn id_of(user: &User, member: Option<&Member>) -> UserId {
    member.map_or(user.id, |member| member.user.id)
}

fn unavailable() -> Answer {
    Answer::whispered(render::said(text::UNAVAILABLE))
}

/// The first body, as Discord takes it, and the messages that follow.
fn bodies(answer: Answer, who: &Who) -> (Value, Vec<Value>) {
    match answer {
        Answer::Pong => (json!({ "type": kind::PONG }), Vec::new()),
        Answer::Form(form) => (json!({ "type": kind::FORM, "data": form }), Vec::new()),
        Answer::Suggestions(choices) => {
            (json!({ "type": kind::SUGGESTIONS, "data": { "choices": choices } }), Vec::new())
        }
        Answer::Say { bodies, is_public } => {
            let is_hidden = who.guild.is_some() && !is_public;
            let mut bodies = bodies.into_iter().map(|body| if is_hidden { ephemeral(body) } else { body });
            let first = bodies.next().unwrap_or_else(|| render::said(text::PASSED_ON));
            (json!({ "type": kind::MESSAGE, "data": first }), bodies.collect())
        }
    }
}
