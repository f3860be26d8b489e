-- One row for each turn: what was asked, what was decided, what came of it. Messages hold the same in replies that would
-- have to be read one by one; figures and gaps are asked for by time. A forgotten conversation leaves rows without text.
CREATE TABLE turns (
    -- Id of the reply, in the order of time.
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    channel TEXT NOT NULL,
    -- question: typed; choice: an option that leads to an entry; step: of the way to a person, small talk and the like.
    kind TEXT NOT NULL,
    -- As in a reply: answer, clarify, …
    decision TEXT NOT NULL,
    -- In thousandths.
    confidence BIGINT NOT NULL,
    -- The entry that was given; of a choice that was offered, the one that was chosen.
    entry TEXT,
    -- What was typed, masked; none once it was forgotten.
    question TEXT,
    partner TEXT,
    took_ms BIGINT NOT NULL,
    -- What is said of the answer: 1 it helped, 0 it did not.
    helpful BIGINT,
    -- The ticket that the question led to.
    ticket TEXT,
    -- 1: a ticket on it came within the days that make an answer a lasting one.
    reopened BIGINT NOT NULL,
    -- Why curators should look: unanswered, unsure, unhelpful, escalated; none: all is well.
    gap TEXT,
    -- What was done about it; none: nothing yet.
    handled TEXT
);
CREATE INDEX turns_by_time ON turns (at);
CREATE INDEX turns_by_conversation ON turns (conversation_id, id);
CREATE INDEX turns_by_partner ON turns (partner, at) WHERE partner IS NOT NULL;
CREATE INDEX turns_open ON turns (at) WHERE gap IS NOT NULL AND handled IS NULL;
CREATE INDEX turns_ignored ON turns (at) WHERE handled = 'ignored';
