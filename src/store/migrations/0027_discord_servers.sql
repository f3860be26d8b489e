-- Where the buttons of a reply work, and what of a conversation could not be brought to its place.
ALTER TABLE posts ADD COLUMN server TEXT;
ALTER TABLE places ADD COLUMN undelivered TEXT NOT NULL DEFAULT '[]';
