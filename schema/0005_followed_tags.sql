-- Hashtags whose posts come to one's home.
CREATE TABLE followed_tags (
	account_id BIGINT NOT NULL,
	name TEXT NOT NULL,                -- folded
	id BIGINT NOT NULL,                -- orders the list
	PRIMARY KEY (account_id, name)
) /*CLUSTERED*/;
CREATE UNIQUE INDEX followed_tags_id ON followed_tags (account_id, id);
CREATE INDEX followed_tags_name ON followed_tags (name, account_id);
