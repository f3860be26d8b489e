-- Files that people send. BYTEA is a name of PostgreSQL; SQLite keeps bytes as they come, whatever a column is called.
CREATE TABLE attachments (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    content BYTEA NOT NULL,
    -- The ticket, and the comment when the file came with one; without a ticket it is removed after a day.
    reference TEXT REFERENCES tickets (reference),
    comment_id TEXT REFERENCES ticket_comments (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX attachments_by_conversation ON attachments (conversation_id, created_at);
CREATE INDEX attachments_by_ticket ON attachments (reference, created_at);
