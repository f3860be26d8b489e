//! A turn that needs the portal: asked after the decision and before the commit, outside of any transaction, within a time
//! limit. What goes wrong there leaves the plain answer, and says so.

use std::sync::Arc;
use std::time::Duration;

use guichet_bots::Outbound;
use jiff::Timestamp;
use tokio::time::Instant;

use super::telling::Telling;
use super::{Conversations, TurnError, new_id};
use crate::answer::Engine;
use crate::clients::portal::Portal;
use crate::clients::portal::guarded::Guarded;
use crate::lookup::{Found, Looker, Wanted, look_up};
use crate::model::{Commit, Conversation, Lookup, State};
use crate::text::dates;
use crate::{reply, text};

/// The portal, and how it may be used.
#[derive(Clone)]
pub(crate) struct Lookups {
    /// None: nothing is looked up.
    pub(crate) portal: Option<Arc<dyn Portal>>,
    /// How long a turn waits for it, in all.
    pub(crate) patience: Duration,
    /// How long facts stay in a conversation.
    pub(crate) facts_stay: Duration,
    /// What time it is for rules and days.
    pub(crate) clock: fn() -> Timestamp,
}

impl Conversations {
    /// Puts what the portal says into `reply`, `state` and `commit`; `reply` holds the answer without it.
    pub(super) async fn looked_up(
        &self,
        engine: &Engine,
        conversation: &Conversation,
        wanted: Wanted,
        state: &mut State,
        reply: &mut Outbound,
        commit: &mut Commit,
    ) -> Result<(), TurnError> {
        let Some(portal) = &self.lookups.portal else { return Ok(()) };
        let Some((visitor, valid_until)) = self.store.find_visitor(&conversation.id).await? else {
            let hint = if wanted.is_certain { text::lookup::SIGN_IN } else { text::lookup::MAYBE_SIGN_IN };
            reply::add(reply, &[hint.into()], Vec::new());
            return Ok(());
        };
        if valid_until <= commit.at {
            reply::add(reply, &[text::lookup::SIGN_IN_AGAIN.into()], Vec::new());
            return Ok(());
        }
        let now = (self.lookups.clock)();
        let entry = wanted.entry.as_ref().and_then(|id| engine.knowledge_base().entry(id.as_str()));
        let has_rules = engine.knowledge_base().rules.is_some();
        let template = entry.and_then(|entry| engine.template(&entry.id)).filter(|_| has_rules);
        let looker = Looker {
            portal: Guarded::new(portal.as_ref(), &visitor),
            visitor: &visitor,
            deadline: Instant::now() + self.lookups.patience,
            today: dates::day(now),
        };
        let found = look_up(&looker, &wanted, template).await;
        let is_found = matches!(found, Found::Contract(_) | Found::Customers(_) | Found::Contracts(_));
        let until = commit.at + i64::try_from(self.lookups.facts_stay.as_millis()).unwrap_or(i64::MAX / 2);
        let telling = Telling { engine, entry, template, wanted: &wanted, visitor: &visitor, plain: reply, now, until };
        let outcome = telling.tell(found);
        commit.lookup = Some(Lookup {
            id: new_id(),
            conversation: conversation.id.clone(),
            partner: visitor.partner.clone(),
            user: visitor.user.clone(),
            customer: outcome.customer,
            contract: outcome.contract,
            entry: wanted.entry.clone(),
            outcome: outcome.name.to_owned(),
            at: commit.at,
        });
        // The portal was asked about words that might have been a name: the audit has it, the answer stays.
        if !wanted.is_certain && !is_found {
            return Ok(());
        }
        *reply = Outbound { confidence: reply.confidence, ..outcome.reply };
        if outcome.about.is_some() || outcome.asking.is_some() {
            commit.facts_until = Some(until);
        }
        if outcome.about.is_some() {
            state.about = outcome.about;
            state.unanswered = None;
        }
        state.asking = outcome.asking;
        Ok(())
    }
}
