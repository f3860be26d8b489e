-- Who outside asked to be left alone for a while, or refuses us until somebody mends a setting: work whose key begins so is
-- not begun before that is over. A row goes when such work was done again.
CREATE TABLE holds (
    prefix TEXT PRIMARY KEY,
    held_since BIGINT NOT NULL,
    held_until BIGINT NOT NULL,
    reason TEXT NOT NULL,
    -- 1: it refuses us as the settings stand.
    is_to_be_mended BIGINT NOT NULL
);
