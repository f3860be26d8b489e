-- Figures are summed by hour from this index alone, in its order: with a million turns, reading rows takes three times as
-- long.
ALTER TABLE turns ADD COLUMN hour BIGINT NOT NULL DEFAULT 0;
UPDATE turns SET hour = at / 3600000;
DROP INDEX turns_by_time;
CREATE INDEX turns_by_hour ON turns (hour, channel, kind, decision, entry, helpful, reopened, gap, ticket, took_ms);
