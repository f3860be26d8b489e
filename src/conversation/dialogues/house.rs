//! The service with the demo portal on one given day, in a folder of its own.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::date;

use super::moody::{Mood, Moody};
use crate::answer::Engine;
use crate::attachments::Limits;
use crate::clients::tickets::TicketDesk;
use crate::conversation::{Absence, Bell, Conversations, Elsewhere, Hours, Incidents, Lookups, Support};
use crate::jobs::{Outgoing, Wake};
use crate::live::Live;
use crate::model::Visitor;
use crate::opening::{self, Opening, Slots};
use crate::portal_demo::World;
use crate::redact::Redaction;
use crate::store::Store;

/// How long a turn waits for the portal here.
pub(super) const PATIENCE: Duration = Duration::from_millis(300);

/// The service, and the folder that goes with it.
pub(super) struct House {
    pub(super) conversations: Arc<Conversations>,
    pub(super) world: Arc<World>,
    _folder: tempfile::TempDir,
}

/// Ten in the morning in Paris on the day of the world.
fn clock() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().expect("a moment")
}

impl House {
    pub(super) async fn open(mood: Mood) -> Self {
        Self::patient(mood, PATIENCE).await
    }

    /// The same, where a turn waits so long for the portal.
    pub(super) async fn patient(mood: Mood, patience: Duration) -> Self {
        Self::with(World::new(date(2026, 11, 24)), mood, patience, None).await
    }

    /// The same with the customers of `world`.
    pub(super) async fn of(world: World, mood: Mood, patience: Duration) -> Self {
        Self::with(world, mood, patience, None).await
    }

    /// The same beside another desk, which a turn waits so long for.
    pub(super) async fn beside(desk: Arc<dyn TicketDesk>, patience: Duration) -> Self {
        let elsewhere = Some(Elsewhere { desk, patience });
        Self::with(World::new(date(2026, 11, 24)), Mood::Good, PATIENCE, elsewhere).await
    }

    async fn with(world: World, mood: Mood, patience: Duration, elsewhere: Option<Elsewhere>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("guichet.db").display());
        let world = Arc::new(world);
        let portal = Moody::new(Arc::clone(&world), mood);
        let store = Store::open(&url).await.expect("a database");
        let conversations = Conversations {
            live: Arc::new(Live::fixed(Arc::clone(Engine::carried()), store.clone())),
            store,
            outgoing: Outgoing {
                has_desk: elsewhere.is_some(),
                has_support_box: false,
                subscriptions: Vec::new().into(),
                platforms: &[],
            },
            wake: Wake::default(),
            bell: Bell::new(),
            // Nobody has hours, so that no reply tells the time of the day.
            support: Support { hours: Hours::new(never()), products: Vec::new(), zone: opening::paris() },
            incidents: Incidents::default(),
            files: Limits { per_ticket: 1, media_types: vec!["text/plain".parse().expect("a kind")] },
            lookups: Lookups {
                portal: Some(Arc::new(portal)),
                patience,
                facts_stay: Duration::from_secs(3_600),
                clock,
            },
            absence: Absence { away_ms: 1_000, answer_ms: 1_000 },
            redaction: Redaction::default(),
            elsewhere,
            public_url: Some("https://guichet.editeur.example".to_owned()),
        };
        Self { conversations: Arc::new(conversations), world, _folder: folder }
    }

    /// A conversation of an invented user, or of nobody.
    pub(super) async fn open_conversation(&self, user: Option<&str>, is_over: bool) -> (String, String) {
        let opened = self.conversations.open("web").await.expect("it opens");
        if let Some(user) = user {
            let visitor = self.visitor(user);
            let until = Timestamp::now().as_millisecond() + if is_over { -1 } else { 600_000 };
            let kept = self.conversations.store.keep_visitor(&opened.id, &visitor, &opened.id, until).await;
            kept.expect("the proof is new");
        }
        (opened.id, opened.token)
    }

    pub(super) fn visitor(&self, user: &str) -> Visitor {
        let person = self.world.people().find(|person| person.visitor.user.as_str() == user).expect("an invented user");
        person.visitor.clone()
    }
}

fn never() -> Opening {
    let (monday, tuesday, wednesday) = (Slots::default(), Slots::default(), Slots::default());
    let (thursday, friday) = (Slots::default(), Slots::default());
    Opening { monday, tuesday, wednesday, thursday, friday, ..Opening::default() }
}
