//! A desk, a mail server and the work that goes there, for tests.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::desk_close::DeskClose;
use super::desk_reconcile::DeskReconcile;
use super::mail_linked::MailLinked;
use super::mail_support::MailSupport;
use super::outgoing::{self, CREATE};
use super::ticket_comment::TicketComment;
use super::ticket_create::TicketCreate;
use super::ticket_note::TicketNote;
use super::{Failure, Kind, Office, Outgoing};
use crate::attachments::Limits;
use crate::clients::mail::memory::MemoryMailer;
use crate::clients::subscribers::Courier;
use crate::clients::tickets::memory::MemoryDesk;
use crate::conversation::{Hours, Support};
use crate::desk::{self, TicketChange};
use crate::model::{Comment, CommentAuthor, Commit, Conversation, State, Ticket, TicketDraft, TicketStatus};
use crate::opening::{self, Opening};
use crate::store::{Store, StoreError};
use crate::text::ticket::tests::draft;

pub(super) const BOX: &str = "support@editeur.example";
/// Longer than any wait between two tries.
const HOUR_MS: i64 = 60 * 60 * 1000;

pub(super) struct House {
    pub(super) store: Store,
    pub(super) desk: Arc<MemoryDesk>,
    pub(super) mailer: Arc<MemoryMailer>,
    kinds: Vec<Arc<dyn Kind>>,
    /// Why work was not done, each time.
    pub(super) failures: Mutex<Vec<String>>,
    pub(super) draft: TicketDraft,
    _folder: tempfile::TempDir,
}

pub(super) const OUTGOING: fn() -> Outgoing =
    || Outgoing { has_desk: true, has_support_box: true, subscriptions: [].into(), platforms: &[] };

pub(super) fn support() -> Support {
    Support { hours: Hours::new(Opening::default()), products: Vec::new(), zone: opening::paris() }
}

impl House {
    /// A ticket of this moment that waits to be created.
    pub(super) async fn open(created_at: i64) -> Self {
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
            files: Limits { per_ticket: 2, media_types: vec!["application/pdf".parse().expect("a kind")] },
            max_file_bytes: 20,
            max_mail_bytes: 1_000,
        });
        let kinds: Vec<Arc<dyn Kind>> = vec![
            Arc::new(TicketCreate(Arc::clone(&office))),
            Arc::new(TicketComment(Arc::clone(&office))),
            Arc::new(TicketNote(Arc::clone(&office))),
            Arc::new(MailSupport(Arc::clone(&office))),
            Arc::new(DeskReconcile::new(Arc::clone(&office), Duration::from_secs(600))),
            Arc::new(DeskClose::new(Arc::clone(&office), 7)),
            Arc::new(MailLinked(office)),
        ];
        let draft = TicketDraft { created_at, ..draft() };
        let house = Self { store, desk, mailer, kinds, failures: Mutex::default(), draft, _folder: folder };
        house.keep(&house.draft).await;
        house
    }

    /// Keeps a ticket that waits to be created.
    pub(super) async fn keep(&self, draft: &TicketDraft) {
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
    pub(super) async fn add(&self, text: &str, created_at: i64) -> String {
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
    pub(super) async fn work(&self, round: i64) {
        let now = super::now() + 60_000 + round * 2 * HOUR_MS;
        while let Some(claimed) = self.store.claim_job(now, now + HOUR_MS, "l").await.expect("it can be asked") {
            let kind = self.kinds.iter().find(|kind| kind.name() == claimed.job.kind).expect("its kind is known");
            match kind.run(&claimed).await {
                Ok(()) => {}
                Err(
                    Failure::Retry { reason, .. } | Failure::Busy { reason, .. } | Failure::ToBeMended { reason, .. },
                ) => {
                    self.failures.lock().expect("no test panics with the lock").push(reason.clone());
                    match self.store.retry_job(&claimed, now + HOUR_MS, &reason, now).await {
                        // It is over, although it failed.
                        Ok(()) | Err(StoreError::Conflict) => {}
                        Err(error) => panic!("it is not put back: {error}"),
                    }
                }
                Err(Failure::GiveUp { reason }) => panic!("{}: {reason}", claimed.job.kind),
            }
        }
    }

    /// The keys of the mails to the support box, each with that of the mail it follows.
    pub(super) fn mails(&self) -> Vec<(String, Option<String>)> {
        let mut mails: Vec<_> = self.mailer.sent().into_iter().map(|mail| (mail.key, mail.in_reply_to)).collect();
        mails.sort();
        mails
    }
}
