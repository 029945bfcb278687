-- What the people who run the server say to everybody on it.
CREATE TABLE announcements (
	id BIGINT PRIMARY KEY,
	text TEXT NOT NULL,
	starts_at BIGINT,                  -- of what is announced; NULL: no matter
	ends_at BIGINT,                    -- afterwards it is not shown any more
	all_day INTEGER NOT NULL,
	published_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL
);

CREATE TABLE announcement_reads (
	account_id BIGINT NOT NULL,
	announcement_id BIGINT NOT NULL,
	PRIMARY KEY (account_id, announcement_id)
) /*CLUSTERED*/;

-- Each emoji somebody has reacted with; it stays when nobody does any more.
CREATE TABLE announcement_emojis (
	id BIGINT PRIMARY KEY,
	announcement_id BIGINT NOT NULL,
	name TEXT NOT NULL                 -- the character, or the shortcode of a custom one
);
CREATE UNIQUE INDEX announcement_emojis_name ON announcement_emojis (announcement_id, name);

CREATE TABLE announcement_reactions (
	emoji_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	PRIMARY KEY (emoji_id, account_id)
) /*CLUSTERED*/;
CREATE INDEX announcement_reactions_account ON announcement_reactions (account_id);
