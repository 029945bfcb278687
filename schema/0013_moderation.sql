-- What is reported, what moderators do about it, and who is kept out.

ALTER TABLE accounts ADD COLUMN sensitized_at BIGINT; -- its media are hidden until one asks for them
ALTER TABLE notifications ADD COLUMN about BIGINT;    -- the report or the warning it tells of
ALTER TABLE users ADD COLUMN sign_up_ip TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN app_id BIGINT;           -- that they signed up with

CREATE TABLE reports (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL,        -- who reports
	target_id BIGINT NOT NULL,
	category INTEGER NOT NULL,         -- moderation/reports.h
	comment TEXT NOT NULL,
	forwarded INTEGER NOT NULL,
	rules TEXT NOT NULL,               -- JSON: ["1", …]
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	assigned_to BIGINT,
	resolved_at BIGINT,
	resolved_by BIGINT                 -- 0: the command line
);
CREATE INDEX reports_open ON reports (id) WHERE resolved_at IS NULL;
CREATE INDEX reports_account ON reports (account_id, id);
CREATE INDEX reports_target ON reports (target_id, id);

CREATE TABLE report_posts (
	report_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	PRIMARY KEY (report_id, post_id)
) /*CLUSTERED*/;

-- What was done to somebody, as they are told.
CREATE TABLE warnings (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL,        -- whom it is about
	by_id BIGINT NOT NULL,             -- 0: the command line
	action INTEGER NOT NULL,           -- moderation/actions.h
	text TEXT NOT NULL,
	report_id BIGINT,
	created_at BIGINT NOT NULL,
	overruled_at BIGINT                -- an appeal was granted
);
CREATE INDEX warnings_account ON warnings (account_id, id);

CREATE TABLE appeals (
	warning_id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL,
	text TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	state INTEGER NOT NULL,            -- 0 pending, 1 granted, 2 refused
	decided_at BIGINT,
	decided_by BIGINT
);
CREATE INDEX appeals_account ON appeals (account_id);
CREATE INDEX appeals_pending ON appeals (warning_id) WHERE state = 0;

-- Everything a moderator has done. Never changed, never deleted.
CREATE TABLE moderation_log (
	id BIGINT PRIMARY KEY,
	by_id BIGINT NOT NULL,             -- 0: the command line
	action TEXT NOT NULL,
	kind TEXT NOT NULL,                -- of what it was done to: "account", "report", …
	target_id BIGINT NOT NULL,
	label TEXT NOT NULL                -- how that was called then
);

-- Servers to talk to, or not.
CREATE TABLE domain_allows (
	id BIGINT PRIMARY KEY,
	domain TEXT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX domain_allows_domain ON domain_allows (domain);
CREATE TABLE domain_blocks (
	id BIGINT PRIMARY KEY,
	domain TEXT NOT NULL,
	severity INTEGER NOT NULL,         -- 0 silence, 1 suspend, 2 noop
	reject_media INTEGER NOT NULL,
	reject_reports INTEGER NOT NULL,
	private_comment TEXT,
	public_comment TEXT,
	obfuscate INTEGER NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX domain_blocks_domain ON domain_blocks (domain);

-- Who may not sign up.
CREATE TABLE email_domain_blocks (
	id BIGINT PRIMARY KEY,
	domain TEXT NOT NULL,
	allow_with_approval INTEGER NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX email_domain_blocks_domain ON email_domain_blocks (domain);
CREATE TABLE email_domain_attempts (   -- to sign up with a blocked one
	domain TEXT NOT NULL,
	day BIGINT NOT NULL,               -- ms of midnight UTC
	ip TEXT NOT NULL,
	attempts BIGINT NOT NULL,
	PRIMARY KEY (domain, day, ip)
) /*CLUSTERED*/;
CREATE TABLE ip_blocks (
	id BIGINT PRIMARY KEY,
	network TEXT NOT NULL,             -- "192.0.2.0/24"
	severity INTEGER NOT NULL,         -- 0 approval, 1 no sign-up, 2 no access
	comment TEXT NOT NULL,
	expires_at BIGINT,
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX ip_blocks_network ON ip_blocks (network);
CREATE TABLE canonical_email_blocks (
	id BIGINT PRIMARY KEY,
	hash TEXT NOT NULL,                -- SHA-256 of the address without dots and +…, hexadecimal
	account_id BIGINT                  -- whose suspension made it
);
CREATE UNIQUE INDEX canonical_email_blocks_hash ON canonical_email_blocks (hash);
CREATE INDEX canonical_email_blocks_account ON canonical_email_blocks (account_id) WHERE account_id IS NOT NULL;

-- What this server asks of people.
CREATE TABLE rules (
	id BIGINT PRIMARY KEY,
	text TEXT NOT NULL,
	hint TEXT NOT NULL,
	created_at BIGINT NOT NULL
);
