-- What people bring here and take with them.

-- A file somebody gave to be taken in. Its bytes lie in DATA/imports/ID until it is done.
CREATE TABLE imports (
	account_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	kind TEXT NOT NULL,                -- transfer/imports.c: "follows", "mastodon", …
	overwrite INTEGER NOT NULL DEFAULT 0, -- take away what is not in the file
	state INTEGER NOT NULL,            -- 0 being sent, 1 waiting or under way, 2 finished, 3 failed
	bytes BIGINT NOT NULL DEFAULT 0,
	total BIGINT NOT NULL DEFAULT 0,   -- entries in the file; 0: not counted yet
	done BIGINT NOT NULL DEFAULT 0,
	taken BIGINT NOT NULL DEFAULT 0,
	known BIGINT NOT NULL DEFAULT 0,   -- were here already
	refused BIGINT NOT NULL DEFAULT 0,
	problems BIGINT NOT NULL DEFAULT 0, -- rows of import_problems
	error TEXT NOT NULL DEFAULT '',
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (account_id, id)
) /*CLUSTERED*/;
CREATE INDEX imports_open ON imports (updated_at) WHERE state < 2;

-- What could not be taken, or not whole, and why.
CREATE TABLE import_problems (
	import_id BIGINT NOT NULL,
	n BIGINT NOT NULL,
	place TEXT NOT NULL,               -- "line 7", "data/tweets.js, 12"
	item TEXT NOT NULL,                -- as the file calls it
	words TEXT NOT NULL,
	PRIMARY KEY (import_id, n)
) /*CLUSTERED*/;

-- Which post came from where, so that none comes twice.
CREATE TABLE imported_posts (
	account_id BIGINT NOT NULL,
	origin TEXT NOT NULL,              -- its address there, or "twitter:ID"
	post_id BIGINT NOT NULL,
	PRIMARY KEY (account_id, origin)
) /*CLUSTERED*/;
CREATE INDEX imported_posts_post ON imported_posts (post_id);

-- Archives of accounts. The file is DATA/archives/ID.zip until it expires.
CREATE TABLE archives (
	account_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	state INTEGER NOT NULL,            -- 0 being made, 1 ready, 2 failed
	bytes BIGINT NOT NULL DEFAULT 0,
	posts BIGINT NOT NULL DEFAULT 0,
	error TEXT NOT NULL DEFAULT '',
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	PRIMARY KEY (account_id, id)
) /*CLUSTERED*/;
CREATE INDEX archives_expiry ON archives (expires_at);
