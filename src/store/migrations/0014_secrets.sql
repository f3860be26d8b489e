-- Secrets that all processes of one installation share and that nobody configures, by what they are for.
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    secret TEXT NOT NULL
);
