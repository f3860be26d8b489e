-- Every state of every document of the knowledge base that was ever saved; append only. A document is one of its files
-- (an entry, an orientation, the contacts, …) under a key that stays when the file moves.
CREATE TABLE revisions (
    document TEXT NOT NULL,
    -- From 1 on, in each document.
    number BIGINT NOT NULL,
    -- Where its file stands.
    path TEXT NOT NULL,
    -- The text of the file, byte for byte; none: the file was removed.
    content TEXT,
    -- draft, in_review, published, archived
    status TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- The revision that was in force when it was begun: another one since then means that somebody was faster.
    parent BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (document, number)
);

CREATE TABLE documents (
    document TEXT PRIMARY KEY,
    -- The last revision, and what lists show of it.
    latest BIGINT NOT NULL,
    status TEXT NOT NULL,
    title TEXT NOT NULL,
    category TEXT NOT NULL,
    -- What a search looks at: the last revision without accents and capitals.
    folded TEXT NOT NULL,
    review_by TEXT,
    -- The revision that is part of the knowledge base.
    in_force BIGINT,
    -- The revision that holds what the file said when it was read last.
    base BIGINT,
    -- A revision that holds what the file said and that could not be merged: somebody must choose.
    conflict BIGINT,
    updated_at BIGINT NOT NULL
);

-- One row: what tells that another knowledge base is in force.
CREATE TABLE knowledge (
    id BIGINT PRIMARY KEY,
    counter BIGINT NOT NULL,
    -- Hash of the files that were read last.
    files TEXT NOT NULL
);
INSERT INTO knowledge (id, counter, files) VALUES (1, 0, '');

-- A built index, for replicas that would have to build the same: one for each version of its form.
CREATE TABLE indexes (
    schema_version BIGINT PRIMARY KEY,
    content_hash TEXT NOT NULL,
    packed BYTEA NOT NULL
);

-- What was asked to be put in force or tried, and what became of it.
CREATE TABLE publications (
    id TEXT PRIMARY KEY,
    -- Which revisions of which documents, and what is done with them.
    items TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    is_preview BIGINT NOT NULL,
    -- How many real questions are asked again.
    replay BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    -- waiting, running, published, previewed, refused, cancelled
    state TEXT NOT NULL,
    progress TEXT NOT NULL,
    report TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX publications_by_state ON publications (state, run_at);
