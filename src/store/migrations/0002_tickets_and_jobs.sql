-- A message that is sent again with the same client_id is not a new one.
ALTER TABLE messages ADD COLUMN client_id TEXT;
CREATE UNIQUE INDEX messages_client_id ON messages (conversation_id, client_id);

-- A request that a person must answer. The row is the truth of the built-in desk, and the copy of what another desk says.
CREATE TABLE tickets (
    reference TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    -- Makes asking twice for the same ticket one ticket: chosen by whoever asks, unique in the conversation.
    request_key TEXT NOT NULL,
    -- Everything asked for, as it was asked for.
    draft TEXT NOT NULL,
    requester_email TEXT NOT NULL,
    subject TEXT NOT NULL,
    status TEXT NOT NULL,
    urgency TEXT NOT NULL,
    assignee TEXT,
    tags TEXT NOT NULL,
    -- The id that another desk gave it; none while it has not answered, or in the built-in desk.
    external_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- When the first answer of a person is promised, and when it came.
    due_at BIGINT NOT NULL,
    answered_at BIGINT,
    UNIQUE (conversation_id, request_key)
);
CREATE INDEX tickets_by_requester ON tickets (requester_email, status);
CREATE INDEX tickets_by_status ON tickets (status, created_at);
CREATE INDEX tickets_by_external_id ON tickets (external_id);

CREATE TABLE ticket_comments (
    id TEXT PRIMARY KEY,
    reference TEXT NOT NULL REFERENCES tickets (reference),
    -- partner, agent
    author_kind TEXT NOT NULL,
    author TEXT NOT NULL,
    -- 0: only staff sees it.
    is_public BIGINT NOT NULL,
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX ticket_comments_by_ticket ON ticket_comments (reference, created_at);

-- Who changed what, append only.
CREATE TABLE ticket_history (
    id TEXT PRIMARY KEY,
    reference TEXT NOT NULL REFERENCES tickets (reference),
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX ticket_history_by_ticket ON ticket_history (reference, at);

-- Durable work that leaves the house.
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- Version of the payload's form.
    version BIGINT NOT NULL,
    payload TEXT NOT NULL,
    -- The same work is queued once.
    idempotency_key TEXT NOT NULL UNIQUE,
    -- queued, running, done, dead
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    lease_token TEXT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX jobs_to_run ON jobs (state, run_at);

-- What came in from outside and was taken: a second delivery is refused.
CREATE TABLE inbox (
    id TEXT PRIMARY KEY,
    received_at BIGINT NOT NULL
);
