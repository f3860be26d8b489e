-- Whether an answer helped, as the person says it: the last word counts.
CREATE TABLE feedback (
    message_id TEXT PRIMARY KEY REFERENCES messages (id),
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    -- 0: it did not.
    helpful BIGINT NOT NULL,
    -- Why not, in the person's words.
    reason TEXT,
    -- The entry that the answer gave, to count by it.
    entry TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX feedback_by_conversation ON feedback (conversation_id);
CREATE INDEX feedback_by_entry ON feedback (entry, updated_at);
