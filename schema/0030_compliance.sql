-- Everything up to here a licensee says it has done.
CREATE TABLE compliance_marks (
	licensee_id BIGINT PRIMARY KEY,
	upto BIGINT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX compliance_events_account ON compliance_events (account_id, seq);

-- Lists of ids that a licensee has compared with what is there, and exports: work that takes a while.
CREATE TABLE data_jobs (
	licensee_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	app_id BIGINT NOT NULL,
	key_id BIGINT NOT NULL,
	kind INTEGER NOT NULL,             -- enum data_job_kind
	name TEXT NOT NULL,
	ask TEXT NOT NULL,                 -- JSON: what is wanted
	secret TEXT NOT NULL,              -- in the addresses of its files, which are asked for without a key
	state INTEGER NOT NULL,            -- enum data_job_state
	place BIGINT NOT NULL,             -- how far it is
	done BIGINT NOT NULL,              -- lines written
	error TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL,          -- 0: not yet
	expires_at BIGINT NOT NULL,        -- when its files go
	PRIMARY KEY (licensee_id, id)
);
CREATE INDEX data_jobs_expiry ON data_jobs (expires_at);
CREATE TABLE data_job_files (
	licensee_id BIGINT NOT NULL,
	job_id BIGINT NOT NULL,
	n INTEGER NOT NULL,                -- from 1
	name TEXT NOT NULL,
	bytes BIGINT NOT NULL,
	lines BIGINT NOT NULL,
	sha256 TEXT NOT NULL,              -- in hexadecimal
	first_id BIGINT NOT NULL,
	last_id BIGINT NOT NULL,
	ledger_index BIGINT NOT NULL,      -- of the last record it is delivered by
	PRIMARY KEY (licensee_id, job_id, n)
);
