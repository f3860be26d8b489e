-- Who the visitor of a conversation is, by the last proof.
CREATE TABLE visitors (
    conversation_id TEXT PRIMARY KEY REFERENCES conversations (id),
    -- Partner, user, establishments and rights, as JSON.
    visitor TEXT NOT NULL,
    valid_until BIGINT NOT NULL
);

-- Names (jti) of tokens that were taken: each is taken once.
CREATE TABLE used_tokens (
    id TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

-- Every look into the portal: who, which customer, when, why. No value that was read.
CREATE TABLE lookups (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL,
    partner TEXT NOT NULL,
    user_id TEXT NOT NULL,
    customer TEXT,
    contract TEXT,
    -- The entry whose answer needed it.
    entry TEXT,
    outcome TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX lookups_by_time ON lookups (at, id);

-- Codes by which somebody links an account of another channel, once. Only their hashes.
CREATE TABLE link_codes (
    code_hash TEXT PRIMARY KEY,
    visitor TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE TABLE account_links (
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    visitor TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (channel, account)
);

-- Until when facts of the portal may stay in a message, and in what the next turn knows.
ALTER TABLE messages ADD COLUMN facts_until BIGINT;
ALTER TABLE conversations ADD COLUMN facts_until BIGINT;
CREATE INDEX messages_by_facts ON messages (facts_until) WHERE facts_until IS NOT NULL;
CREATE INDEX conversations_by_facts ON conversations (facts_until) WHERE facts_until IS NOT NULL;
