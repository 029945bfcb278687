-- Who may take the network's data, under which plan, and how much was taken. The ledger's files hold every delivery;
-- these rows are sums of it up to meter_state.counted, changed with it in one transaction.

-- What an author allows their public posts to be licensed for: bits of enum data_use. No row: the operator's default.
CREATE TABLE account_licences (
	account_id BIGINT PRIMARY KEY,
	uses INTEGER NOT NULL,
	changed_at BIGINT NOT NULL
);

-- A plan is never changed: setting it makes its next version. id is what the ledger's records name as their terms.
CREATE TABLE plans (
	id BIGINT PRIMARY KEY,
	name TEXT NOT NULL,
	version INTEGER NOT NULL,
	terms TEXT NOT NULL,               -- JSON, members as in meter/plan_fields.c
	created_at BIGINT NOT NULL,
	UNIQUE (name, version)
);

CREATE TABLE licensees (
	id BIGINT PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	email TEXT NOT NULL DEFAULT '',
	suspended_at BIGINT NOT NULL DEFAULT 0,
	created_at BIGINT NOT NULL
);

-- Which plan a licensee has from when on.
CREATE TABLE licensee_plans (
	licensee_id BIGINT NOT NULL,
	starts_at BIGINT NOT NULL,
	plan_id BIGINT NOT NULL,
	PRIMARY KEY (licensee_id, starts_at)
);

CREATE TABLE data_projects (
	licensee_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	name TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (licensee_id, id),
	UNIQUE (licensee_id, name)
);

CREATE TABLE data_apps (
	licensee_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	project_id BIGINT NOT NULL,
	name TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (licensee_id, id),
	UNIQUE (licensee_id, project_id, name)
);

CREATE TABLE data_keys (
	id BIGINT PRIMARY KEY,
	token_hash TEXT NOT NULL UNIQUE,   -- the token itself is shown once
	hint TEXT NOT NULL,                -- its last characters, to tell keys apart
	licensee_id BIGINT NOT NULL,
	app_id BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL DEFAULT 0, -- 0: never
	revoked_at BIGINT NOT NULL DEFAULT 0,
	last_used_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX data_keys_licensee ON data_keys (licensee_id);

-- The one row of it: everything before this index of the ledger is in usage_days.
CREATE TABLE meter_state (
	id INTEGER PRIMARY KEY,
	counted BIGINT NOT NULL
);

CREATE TABLE usage_days (
	licensee_id BIGINT NOT NULL,
	day INTEGER NOT NULL,              -- days since 1970, UTC
	app_id BIGINT NOT NULL,
	terms BIGINT NOT NULL,             -- plans.id
	posts_included BIGINT NOT NULL DEFAULT 0, -- charged reads that the plan includes
	posts_extra BIGINT NOT NULL DEFAULT 0,    -- charged reads beyond
	posts_repeated BIGINT NOT NULL DEFAULT 0, -- delivered again: free
	users_extra BIGINT NOT NULL DEFAULT 0,
	users_repeated BIGINT NOT NULL DEFAULT 0,
	answers_broken BIGINT NOT NULL DEFAULT 0,
	cost_micro BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (licensee_id, day, app_id, terms)
);

-- Answers a licensee gave a name of its own: given again, its posts are free, whenever that is.
CREATE TABLE data_requests (
	licensee_id BIGINT NOT NULL,
	request BIGINT NOT NULL,           -- ledger_record.request
	ledger_index BIGINT NOT NULL,
	PRIMARY KEY (licensee_id, request, ledger_index)
);
