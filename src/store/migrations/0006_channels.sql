-- Where conversations are held on platforms, what was shown there, and which process speaks for all.
CREATE TABLE places (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    platform TEXT NOT NULL,
    owner TEXT NOT NULL,
    is_public BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX places_by_conversation ON places (conversation_id);

CREATE TABLE posts (
    id TEXT PRIMARY KEY,
    asked TEXT NOT NULL UNIQUE,
    turn TEXT NOT NULL,
    digest TEXT NOT NULL,
    place_id TEXT NOT NULL,
    shown_in TEXT,
    messages TEXT NOT NULL,
    options TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    lease_until BIGINT NOT NULL
);
