-- Who of the staff has taken a conversation over; the state says the same to whoever has loaded it. None: the assistant answers.
ALTER TABLE conversations ADD COLUMN agent TEXT;
-- When that person was last known to be there.
ALTER TABLE conversations ADD COLUMN agent_seen_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX conversations_taken_over ON conversations (agent) WHERE agent IS NOT NULL;
CREATE INDEX conversations_by_update ON conversations (updated_at, id);

-- What staff tell each other about a conversation. No channel reads it.
CREATE TABLE conversation_notes (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    who TEXT NOT NULL,
    text TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX conversation_notes_by_conversation ON conversation_notes (conversation_id, at);
