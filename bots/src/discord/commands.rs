//! The slash commands: what Discord is told of them, and what each does.

use serde_json::{Value, json};
use serenity::model::application::{CommandData, CommandDataOptionValue};

use super::asked::Asked;
use super::fault::Fault;
use super::forms::Form;
use super::interactions::{Answer, Who};
use super::split::{length, shortened};
use super::spot::{self, Spot};
use super::{Discord, markdown, render, text};
use crate::{AssistantError, Progress};

/// Begins a chosen suggestion: what follows is the id of the entry.
const SUGGESTED: &str = "fiche:";
/// Discord's limit for names and values of suggestions.
const MAX_SUGGESTION: usize = 100;
/// And how many of them it shows.
const MAX_SUGGESTIONS: usize = 25;
const MAX_QUESTION: u32 = 1000;
/// An option of type text.
const TEXT: u8 = 3;

/// All commands, as Discord takes them. Those of agents are shown to those who may manage threads; whoever calls one
/// needs a role of support besides.
pub(super) fn all() -> Value {
    let text = |name: &str, description: &str, is_required: bool| json!({ "type": TEXT, "name": name, "description": description, "required": is_required, "max_length": MAX_QUESTION });
    let suggested = |name: &str, description: &str| {
        let mut option = text(name, description, true);
        option["autocomplete"] = json!(true);
        option
    };
    let command = |name: &str, description: &str, options: Vec<Value>| json!({ "name": name, "type": 1, "description": description, "options": options, "contexts": [0, 1] });
    let for_agents = |name: &str, description: &str, options: Vec<Value>| {
        let mut command = command(name, description, options);
        // Manage Threads.
        command["default_member_permissions"] = json!(1_u64 << 34);
        command["contexts"] = json!([0]);
        command
    };
    json!([
        command(
            "question",
            "Poser une question ; vous seul voyez la réponse",
            vec![suggested("question", "Votre question")]
        ),
        command("demande", "Écrire à un conseiller", Vec::new()),
        command(
            "contrat",
            "Interroger le dossier d’un client",
            vec![suggested("client", "Nom, code ou numéro de contrat")]
        ),
        command(
            "lier",
            "Relier votre compte au portail",
            vec![text("code", "Le code que donne le portail ; vide pour ne plus relier", false)]
        ),
        command("statut", "Où en sont vos demandes", Vec::new()),
        command("aide", "Ce que je sais faire", Vec::new()),
        for_agents("publier", "Publier ici la réponse d’une fiche", vec![suggested("question", "La question")]),
        for_agents("resolu", "Marquer ce fil comme résolu", Vec::new()),
        for_agents("transmettre", "Faire de ce fil une demande", Vec::new()),
    ])
}

impl Discord {
    /// Does what a command asks.
    pub(super) async fn command(&self, who: &Who, data: &CommandData) -> Result<Answer, Fault> {
        let given = |name: &str| {
            data.options
                .iter()
                .find(|option| option.name == name)
                .and_then(|option| option.value.as_str())
                .unwrap_or_default()
        };
        match data.name.as_str() {
            "question" => self.ask_in_private(who, given("question")).await,
            "contrat" => self.ask_in_private(who, &text::about_contract(given("client"))).await,
            "demande" => {
                let form = match self.own_thread(who).await? {
                    Some(_) => Form::Thread(who.channel),
                    None => Form::Private,
                };
                Ok(Answer::Form(form.body()))
            }
            "lier" => self.link(who, given("code")).await,
            "statut" => self.status(who).await,
            "aide" => Ok(Answer::whispered(render::said(text::HELP))),
            "publier" | "resolu" | "transmettre" if !who.is_staff => {
                Ok(Answer::whispered(render::said(text::STAFF_ONLY)))
            }
            "publier" => self.publish(who, given("question")).await,
            "resolu" => self.mark_solved(who).await,
            "transmettre" => Ok(match self.memory.find_place(&Spot::Thread(who.channel).to_string()).await? {
                Some(_) => Answer::Form(Form::Thread(who.channel).body()),
                None => Answer::whispered(render::said(text::ONLY_IN_A_THREAD)),
            }),
            _ => Ok(Answer::whispered(render::said(text::HELP))),
        }
    }

    /// Proposes questions that are near what is being typed; for `/contrat`, customers of who types.
    pub(super) async fn complete(&self, who: &Who, data: &CommandData) -> Result<Answer, Fault> {
        let typed = data.options.iter().find_map(|option| match &option.value {
            CommandDataOptionValue::Autocomplete { value, .. } => Some(value.as_str()),
            _ => None,
        });
        let typed = typed.unwrap_or_default();
        let (found, prefix) = match data.name.as_str() {
            "contrat" => (self.assistant.customers(&spot::account(who.user), typed).await?, ""),
            _ => (self.assistant.suggest(typed).await?, SUGGESTED),
        };
        let choice = |choice: &crate::Choice| json!({ "name": shortened(&choice.label, MAX_SUGGESTION), "value": format!("{prefix}{}", choice.id) });
        // What Discord would refuse whole is left out: a value is no text to be cut.
        let fits = |choice: &&crate::Choice| length(&choice.id) + prefix.len() <= MAX_SUGGESTION;
        Ok(Answer::Suggestions(found.iter().filter(fits).take(MAX_SUGGESTIONS).map(choice).collect()))
    }

    /// Asks in the private conversation of who calls.
    async fn ask_in_private(&self, who: &Who, question: &str) -> Result<Answer, Fault> {
        let asked = self.asked(who, Spot::User(who.user), question);
        let shown = self.take(&asked).await?;
        self.memory.keep_post(&shown.post).await?;
        Ok(Answer::Say { bodies: shown.bodies, is_public: false })
    }

    /// The question of a command: as it was typed, or one that was suggested.
    fn asked(&self, who: &Who, spot: Spot, question: &str) -> Asked {
        let (text, option) = match question.strip_prefix(SUGGESTED) {
            Some(entry) => (entry.to_owned(), Some(entry.to_owned())),
            None => (question.to_owned(), None),
        };
        Asked { id: who.interaction.to_string(), place: spot.place(who.user), text, option, server: who.guild }
    }

    async fn link(&self, who: &Who, code: &str) -> Result<Answer, Fault> {
        let account = spot::account(who.user);
        let code = code.trim();
        let sentence = if code.is_empty() {
            match self.assistant.unlink(&account).await? {
                true => text::UNLINKED.to_owned(),
                false => text::NOT_LINKED.to_owned(),
            }
        } else {
            match self.assistant.link(&account, code).await {
                Ok(name) => text::linked_to(&markdown::escape(&name)),
                Err(AssistantError::Refused(sentence)) => markdown::escape(&sentence),
                Err(error) => return Err(error.into()),
            }
        };
        Ok(Answer::whispered(render::said(&sentence)))
    }

    /// Where the requests of who calls stand: those of his private conversation, and those of the thread when it is his.
    async fn status(&self, who: &Who) -> Result<Answer, Fault> {
        let mut places = vec![Spot::User(who.user).place(who.user)];
        places.extend(self.own_thread(who).await?);
        let mut lines = Vec::new();
        for place in places {
            let conversation = self.assistant.conversation_at(&place).await?;
            let requests = self.assistant.requests(&conversation).await?;
            lines.extend(requests.iter().map(|request| {
                text::request_line(&request.reference, &markdown::escape(&request.subject), &request.status)
            }));
        }
        if lines.is_empty() {
            lines.push(text::NO_REQUESTS.to_owned());
        }
        Ok(Answer::Say { bodies: render::said_at_length(&[lines.join("\n")]), is_public: false })
    }

    /// An agent shows everybody what an entry says.
    async fn publish(&self, who: &Who, question: &str) -> Result<Answer, Fault> {
        let asked = self.asked(who, Spot::Channel(who.channel, who.user), question);
        let shown = self.take(&asked).await?;
        if shown.is_for_private {
            return Ok(Answer::whispered(render::said(text::NOTHING_OF_A_CUSTOMER)));
        }
        self.memory.keep_post(&shown.post).await?;
        Ok(Answer::Say { bodies: shown.bodies, is_public: shown.is_answer })
    }

    /// An agent says that a thread is done.
    async fn mark_solved(&self, who: &Who) -> Result<Answer, Fault> {
        if self.memory.find_place(&Spot::Thread(who.channel).to_string()).await?.is_none() {
            return Ok(Answer::whispered(render::said(text::ONLY_IN_A_THREAD)));
        }
        self.mark(who.channel, Progress::Solved).await?;
        Ok(Answer::Say { bodies: vec![render::said(text::SOLVED_HERE)], is_public: true })
    }

    /// The place of the thread where somebody calls, when the conversation there is his.
    pub(super) async fn own_thread(&self, who: &Who) -> Result<Option<crate::Place>, Fault> {
        let place = self.memory.find_place(&Spot::Thread(who.channel).to_string()).await?;
        Ok(place.filter(|place| place.owner == spot::account(who.user)))
    }
}
