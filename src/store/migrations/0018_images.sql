-- Bytes of images, by the hash that stands in their address: what a message has shown stays as long as messages do.
CREATE TABLE pictures (
    hash TEXT PRIMARY KEY,
    -- png, jpeg, webp, gif
    kind TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    content BYTEA NOT NULL,
    -- When a name began to show something else, or nothing; none: that has not happened.
    left_at BIGINT
);

-- Images of answers, by what they are called there.
CREATE TABLE images (
    name TEXT PRIMARY KEY,
    -- What is shown under this name.
    hash TEXT NOT NULL REFERENCES pictures (hash),
    -- What the file said when it was read last; none: it was brought in the console.
    base TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX images_by_hash ON images (hash);
