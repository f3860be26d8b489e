-- Portable SQL: SQLite and PostgreSQL. Ids are text, times are milliseconds since 1970, structures are JSON as text.

CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    -- Hash of the secret that proves whose conversation it is.
    token_hash TEXT NOT NULL,
    channel TEXT NOT NULL,
    -- What the next turn must know.
    state TEXT NOT NULL,
    -- Number of the last message; a turn that was computed on an older one is refused and computed again.
    last_message BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    number BIGINT NOT NULL,
    author TEXT NOT NULL,
    -- What a person wrote.
    text TEXT,
    -- What the assistant replied.
    reply TEXT,
    sent_at BIGINT NOT NULL,
    UNIQUE (conversation_id, number)
);
