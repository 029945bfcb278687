-- What people do not want to read: words, and single posts. One row of words may serve several places of an app.
CREATE TABLE filters (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL,
	title TEXT NOT NULL,
	action INTEGER NOT NULL,           -- 0 warn, 1 hide, 2 blur
	contexts INTEGER NOT NULL,         -- bits: 1 home, 2 notifications, 4 public, 8 thread, 16 account
	expires_at BIGINT                  -- NULL: never
);
CREATE INDEX filters_account ON filters (account_id, id);

CREATE TABLE filter_keywords (
	id BIGINT PRIMARY KEY,
	filter_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	keyword TEXT NOT NULL,
	whole_word INTEGER NOT NULL
);
CREATE INDEX filter_keywords_account ON filter_keywords (account_id, filter_id, id);

CREATE TABLE filter_statuses (
	id BIGINT PRIMARY KEY,
	filter_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL
);
CREATE UNIQUE INDEX filter_statuses_filter ON filter_statuses (account_id, filter_id, post_id);
CREATE INDEX filter_statuses_post ON filter_statuses (post_id);
