-- How often something that was said before has changed: whoever shows the conversation reads it again.
ALTER TABLE conversations ADD COLUMN changes BIGINT NOT NULL DEFAULT 0;
-- Until when the partner, and the person who holds the conversation, are taken to be writing. What they write is nowhere.
ALTER TABLE conversations ADD COLUMN partner_writes_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN agent_writes_until BIGINT NOT NULL DEFAULT 0;
