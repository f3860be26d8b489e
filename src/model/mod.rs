//! Nouns: values without IO, one file each. Those of the portal are written as `docs/portal-openapi.yaml` says: that
//! contract is ours, so their shape on the wire is their own and needs no second set of types.

mod about;
mod activation_key;
mod asker;
mod attachment;
mod candidate;
mod commit;
mod contact;
mod contract;
mod conversation;
mod customer;
mod decimal;
mod decision;
mod email_address;
mod event;
mod fact;
mod feedback;
mod image;
mod incident;
mod invoice;
mod job;
mod lookup;
mod message;
mod money;
mod partner;
mod percent;
mod person;
mod portal_id;
mod presence;
mod publication;
mod question;
mod renewal_index;
mod revision;
mod secret;
mod setting;
mod staff;
mod taking_over;
mod ticket;
mod turn;
mod visitor;

pub(crate) use about::{About, Asking, CONTRACT_CHOICE, CUSTOMER_CHOICE, REQUEST_CHOICE};
pub(crate) use activation_key::{ActivationKey, KeyKind};
pub(crate) use asker::Asker;
pub(crate) use attachment::{Attachment, File, NewFile, SentFile};
pub(crate) use candidate::Candidate;
pub(crate) use commit::{Commit, KnownRequests, TicketCommit};
pub(crate) use guichet_kb::rules::Range;

pub(crate) use contact::Contact;
pub(crate) use contract::{
    ChangeKind, ChangeRequest, ChangeStatus, Contract, ContractOption, ContractStatus, Pricing, Product,
};
pub(crate) use conversation::{Conversation, State};
pub(crate) use customer::Customer;
pub(crate) use decision::Decision;
pub(crate) use email_address::EmailAddress;
pub(crate) use event::{EventComment, EventKind, TicketEvent};
pub(crate) use fact::{Fact, FactValue, Read};
pub(crate) use feedback::{Feedback, Votes};
pub(crate) use image::{ImageChange, KnownImage, Picture};
pub(crate) use incident::{Incident, IncidentId};
pub(crate) use invoice::{Invoice, InvoiceKind, InvoiceStatus};
pub(crate) use job::{Job, JobState, NewJob};
pub(crate) use lookup::Lookup;
pub(crate) use message::{AgentMessage, Message, Said, TicketNotice};
pub(crate) use money::Money;
pub(crate) use partner::{Collection, Establishment, Partner};
pub(crate) use percent::Percent;
pub(crate) use person::{Elsewhere, Holding, KnownAs, Person, PersonReport};
pub(crate) use portal_id::{ContractId, CustomerId, EstablishmentId, InvoiceId, PartnerId, UserId};
pub(crate) use presence::{Presence, Side};
pub(crate) use publication::{
    Progress, ProgressStep, Publication, PublicationAction, PublicationItem, PublicationState,
};
pub(crate) use question::{MAX_CHARS, Question, QuestionError};
pub(crate) use renewal_index::RenewalIndex;
pub(crate) use revision::{Document, DocumentChange, InForce, KnowledgeCommit, Known, Revision};
pub(crate) use secret::Secret;
pub(crate) use setting::SettingVersion;
pub(crate) use staff::{Account, Audit, ExternalId, Permission, Role, Session};
pub(crate) use taking_over::{Note, TakenOver, first_name};
pub(crate) use ticket::{
    Comment, CommentAuthor, HistoryLine, Requester, Speaker, Ticket, TicketDraft, TicketRef, TicketStatus,
    TranscriptLine, Urgency,
};
pub(crate) use turn::{EntrySums, Gap, OpenQuestion, TimeSums, TurnKind, TurnRecord, TurnSums};
pub(crate) use visitor::{Right, Visitor};
