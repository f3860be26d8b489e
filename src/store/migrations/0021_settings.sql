-- What staff set in the console in the place of the configuration; append only. The last version of each is in force.
CREATE TABLE settings (
    name TEXT NOT NULL,
    -- From 1 on, of each.
    number BIGINT NOT NULL,
    -- JSON. None: what the configuration says.
    value TEXT,
    author TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (name, number)
);
