-- Rules of filtered streams: what an app is told of, and the words it wants beside it.
CREATE TABLE data_rules (
	licensee_id BIGINT NOT NULL,
	app_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	value TEXT NOT NULL,
	tag TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (licensee_id, app_id, id)
);
CREATE UNIQUE INDEX data_rules_value ON data_rules (licensee_id, app_id, value);

-- What licensees must do with copies they hold. Written in the transaction that makes it true.
CREATE TABLE compliance_events (
	seq BIGINT PRIMARY KEY,            -- an id: its order is that of time
	kind INTEGER NOT NULL,             -- enum compliance_kind
	account_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,           -- 0: all of the account's
	uses_before INTEGER NOT NULL,      -- of COMPLIANCE_USER_LICENCE: what its posts might be used for
	uses_after INTEGER NOT NULL,
	at BIGINT NOT NULL
);

-- Which of them a licensee says it has done.
CREATE TABLE compliance_acks (
	licensee_id BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (licensee_id, seq)
);
