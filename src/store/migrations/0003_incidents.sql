-- What is known to be broken: said as a banner, and first to who asks about it.
CREATE TABLE incidents (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    -- Lists of texts: what a question about it holds, and what people ask because of it.
    keywords TEXT NOT NULL,
    questions TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    -- None: until somebody ends it.
    ends_at BIGINT,
    -- The ticket that stands for all reports of it.
    problem TEXT REFERENCES tickets (reference),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX incidents_by_problem ON incidents (problem);

-- The tags of tickets once more, to find tickets by them. A ticket that was there before gets its rows when it changes.
CREATE TABLE ticket_tags (
    reference TEXT NOT NULL REFERENCES tickets (reference),
    tag TEXT NOT NULL,
    PRIMARY KEY (reference, tag)
);
CREATE INDEX ticket_tags_by_tag ON ticket_tags (tag, reference);
