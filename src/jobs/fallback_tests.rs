//! A desk that is silent for long: the support box is told instead, and each is told of the other once the desk is back.

use std::sync::Arc;

use super::mail_linked::MailLinked;
use super::mail_support::MailSupport;
use super::outgoing::{self, CREATE};
use super::ticket_comment::TicketComment;
use super::ticket_create::TicketCreate;
use super::ticket_note::TicketNote;
use super::{Failure, Kind, Office, Outgoing};
use crate::clients::mail::Mailer as _;
use crate::clients::mail::memory::MemoryMailer;
use crate::clients::subscribers::Courier;
use crate::clients::tickets::memory::{Fault, MemoryDesk};
use crate::conversation::Support;
use crate::desk::{self, TicketChange};
use crate::model::{Comment, CommentAuthor, Commit, Conversation, JobState, State, Ticket, TicketDraft, TicketStatus};
use crate::opening::{self, Opening};
use crate::store::Store;
use crate::text::ticket::tests::draft;

const BOX: &str = "support@editeur.example";
/// Longer than any wait between two tries.
const HOUR_MS: i64 = 60 * 60 * 1000;

struct House {
    store: Store,
    desk: Arc<MemoryDesk>,
    mailer: Arc<MemoryMailer>,
    kinds: Vec<Arc<dyn Kind>>,
    draft: TicketDraft,
    _folder: tempfile::TempDir,
}

const OUTGOING: fn() -> Outgoing =
    || Outgoing { has_desk: true, has_support_box: true, subscriptions: [].into(), platforms: &[] };

fn support() -> Support {
    Support { opening: Opening::default(), products: Vec::new(), zone: opening::paris() }
}

impl House {
    /// A ticket of this moment that waits to be created.
    async fn open(created_at: i64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&format!("sqlite://{}/t.db", folder.path().display())).await.expect("it opens");
        let (desk, mailer) = (Arc::new(MemoryDesk::default()), Arc::new(MemoryMailer::default()));
        let office = Arc::new(Office {
            store: store.clone(),
            desk: Some(Arc::clone(&desk) as _),
            mailer: Arc::clone(&mailer) as _,
            outgoing: OUTGOING(),
            subscribers: Vec::new(),
            courier: Courier::new().expect("the certificates can be read"),
            support_box: Some(BOX.parse().expect("an address")),
            support: support(),
            mail_after_ms: HOUR_MS,
            max_acknowledgements: 20,
            max_mail_bytes: 1_000,
        });
        let kinds: Vec<Arc<dyn Kind>> = vec![
            Arc::new(TicketCreate(Arc::clone(&office))),
            Arc::new(TicketComment(Arc::clone(&office))),
            Arc::new(TicketNote(Arc::clone(&office))),
            Arc::new(MailSupport(Arc::clone(&office))),
            Arc::new(MailLinked(office)),
        ];
        let draft = TicketDraft { created_at, ..draft() };
        let house = Self { store, desk, mailer, kinds, draft, _folder: folder };
        house.keep().await;
        house
    }

    async fn keep(&self) {
        let draft = &self.draft;
        let conversation = Conversation {
            id: draft.conversation.clone(),
            token_hash: String::new(),
            channel: "web".into(),
            state: State::default(),
            last_message: 0,
            created_at: 1,
            agent_seen_at: 0,
        };
        self.store.create_conversation(&conversation).await.expect("it is kept");
        let ticket = Ticket {
            request_key: "k".into(),
            status: TicketStatus::New,
            urgency: draft.urgency,
            assignee: None,
            tags: Vec::new(),
            external_id: None,
            updated_at: draft.created_at,
            due_at: draft.created_at,
            answered_at: None,
            paused_at: None,
            external_at: 0,
            draft: draft.clone(),
        };
        let commit = Commit {
            conversation: conversation.id,
            ticket: Some(ticket),
            jobs: vec![outgoing::job(CREATE, &draft.reference, None, draft.created_at)],
            at: draft.created_at,
            ..Commit::default()
        };
        self.store.commit_turn(&commit).await.expect("it is kept");
    }

    /// The partner adds something; its id.
    async fn add(&self, text: &str, created_at: i64) -> String {
        let comment = Comment {
            id: uuid::Uuid::now_v7().to_string(),
            reference: self.draft.reference.clone(),
            author: CommentAuthor::Partner("Léa Martin".into()),
            is_public: true,
            text: text.into(),
            created_at,
        };
        let id = comment.id.clone();
        let jobs = OUTGOING().said(&comment);
        let change = TicketChange { comment: Some(comment), jobs, at: created_at, ..TicketChange::default() };
        desk::change(&self.store, &OUTGOING(), &support(), &self.draft.reference, &change).await.expect("it is added");
        id
    }

    /// Each piece of work is tried, once in each round, until none is left.
    async fn work(&self, round: i64) {
        let now = super::now() + 60_000 + round * 2 * HOUR_MS;
        while let Some(claimed) = self.store.claim_job(now, now + HOUR_MS, "l").await.expect("it can be asked") {
            let kind = self.kinds.iter().find(|kind| kind.name() == claimed.job.kind).expect("its kind is known");
            match kind.run(&claimed).await {
                Ok(()) => {}
                Err(Failure::Retry { reason, .. }) => {
                    self.store.retry_job(&claimed, now + HOUR_MS, &reason, now).await.expect("it is put back");
                }
                Err(Failure::GiveUp { reason }) => panic!("{}: {reason}", claimed.job.kind),
            }
        }
    }

    /// The keys of the mails to the support box, each with that of the mail it follows.
    fn mails(&self) -> Vec<(String, Option<String>)> {
        let mut mails: Vec<_> = self.mailer.sent().into_iter().map(|mail| (mail.key, mail.in_reply_to)).collect();
        mails.sort();
        mails
    }
}

#[tokio::test]
async fn what_the_desk_does_not_take_for_long_goes_to_the_box_and_the_two_are_linked_when_it_is_back() {
    let house = House::open(1).await;
    let comment = house.add("Toujours bloqué.", 2).await;
    house.desk.fail_next([Some(Fault::Unavailable)]);
    house.work(0).await;
    let first = format!("{}/support", house.draft.reference);
    let second = format!("{first}/{comment}");
    let told = vec![(first.clone(), None), (second.clone(), Some(first.clone()))];
    assert_eq!(house.mails(), told, "the desk is silent");

    for round in 1..4 {
        house.work(round).await;
    }
    let mut all = told;
    all.extend([&first, &second].map(|before| (format!("{before}/linked"), Some(before.clone()))));
    all.sort();
    assert_eq!(house.mails(), all);
    let mails = house.mailer.sent();
    for mail in mails.iter().filter(|mail| mail.key.ends_with("/linked")) {
        assert!(mail.text.contains("ticket n°\u{a0}1") && mail.to.as_str() == BOX, "{mail:?}");
    }
    let tickets = house.desk.tickets();
    assert_eq!(tickets.len(), 1);
    let (notes, added): (Vec<_>, Vec<_>) = tickets[0].comments.iter().partition(|comment| comment.author.is_none());
    assert_eq!(added.iter().map(|comment| comment.text.as_str()).collect::<Vec<_>>(), ["Toujours bloqué."]);
    assert_eq!(notes.len(), 2, "{notes:?}");
    for key in [&first, &second] {
        let id = house.mailer.message_id(key);
        assert!(notes.iter().any(|note| note.text.contains(&id) && note.text.contains(BOX)), "{id}: {notes:?}");
    }
    assert!(house.store.list_jobs(JobState::Queued, 9).await.expect("it can be read").is_empty());
}

#[tokio::test]
async fn a_desk_that_is_soon_back_leaves_the_box_alone() {
    let now = super::now();
    let house = House::open(now).await;
    house.add("Toujours bloqué.", now + 1).await;
    house.desk.fail_next([Some(Fault::Unavailable)]);
    for round in 0..4 {
        house.work(round).await;
    }
    let tickets = house.desk.tickets();
    assert_eq!((house.mails(), tickets.len(), tickets[0].comments.len()), (Vec::new(), 1, 1));
}
