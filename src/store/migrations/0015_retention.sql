-- What is old is looked for by when it began: that never changes, so that a turn does not pay for it.
CREATE INDEX conversations_by_time ON conversations (created_at, id);
