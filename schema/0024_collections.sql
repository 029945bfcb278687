-- Accounts that somebody recommends together.
CREATE TABLE collections (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL,        -- whose it is
	name TEXT NOT NULL,
	description TEXT NOT NULL,
	language TEXT NOT NULL,            -- empty: not said
	tag TEXT NOT NULL,                 -- as written, without '#'; empty: none
	sensitive INTEGER NOT NULL,
	discoverable INTEGER NOT NULL,     -- listed on the profile; else only who has the id finds it
	updated_at BIGINT NOT NULL
);
CREATE INDEX collections_account ON collections (account_id, id);

CREATE TABLE collection_items (
	collection_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	state INTEGER NOT NULL,            -- core/collections.h
	PRIMARY KEY (collection_id, account_id)
) /*CLUSTERED*/;
CREATE INDEX collection_items_account ON collection_items (account_id, id);
