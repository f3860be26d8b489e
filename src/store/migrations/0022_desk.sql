-- When the other desk last said where the ticket stands, by its clock, which counts whole seconds; 0: it has not. What it
-- said earlier and comes late changes nothing.
ALTER TABLE tickets ADD COLUMN external_at BIGINT NOT NULL DEFAULT 0;
-- Up to which change there its comments were read; 0: never.
ALTER TABLE tickets ADD COLUMN external_read_at BIGINT NOT NULL DEFAULT 0;
-- Since when the clock of the promised answer stands still, because the partner must answer. None: it runs.
ALTER TABLE tickets ADD COLUMN paused_at BIGINT;
