-- People of the staff. Links and sessions keep hashes of random secrets: a copy of the database opens nothing.
CREATE TABLE staff_accounts (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    -- None until the invitation was used.
    password_hash TEXT,
    created_at BIGINT NOT NULL
);

-- Links that work once: to choose a password, or, without an account, to become the first admin.
CREATE TABLE staff_links (
    token_hash TEXT PRIMARY KEY,
    account_id TEXT REFERENCES staff_accounts (id),
    expires_at BIGINT NOT NULL
);

CREATE TABLE staff_sessions (
    token_hash TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES staff_accounts (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    -- When the password was typed last.
    confirmed_at BIGINT NOT NULL
);
CREATE INDEX staff_sessions_by_account ON staff_sessions (account_id);

-- Wrong passwords, by a hash of what was typed as the address: an address that nobody has is locked like any other.
CREATE TABLE sign_in_failures (
    login_hash TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Who did what. Lines are only ever added.
CREATE TABLE audit_log (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    object TEXT NOT NULL,
    before_text TEXT NOT NULL,
    after_text TEXT NOT NULL
);
CREATE INDEX audit_log_by_object ON audit_log (object, id);

-- The inbox, newest first.
CREATE INDEX tickets_by_time ON tickets (created_at, reference);
