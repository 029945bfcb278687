-- What moderators said of a hashtag.
ALTER TABLE tags ADD COLUMN usable INTEGER NOT NULL DEFAULT 1;   -- may stand in posts
ALTER TABLE tags ADD COLUMN listable INTEGER NOT NULL DEFAULT 1; -- is found by searching
