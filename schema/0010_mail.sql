-- Mail that waits to be handed to the mail server. A sender leases a row before it sends: two never send one mail. The
-- text is written when it is sent, so that no secret of a link lies here.
CREATE TABLE mails (
	id BIGINT PRIMARY KEY,
	kind TEXT NOT NULL,
	account_id BIGINT NOT NULL,
	address TEXT NOT NULL,
	locale TEXT NOT NULL,
	run_at BIGINT NOT NULL,            -- far away: given up, error says why
	lease_until BIGINT NOT NULL DEFAULT 0,
	attempts INTEGER NOT NULL DEFAULT 0,
	error TEXT NOT NULL DEFAULT '',
	created_at BIGINT NOT NULL
);
CREATE INDEX mails_due ON mails (run_at);
CREATE INDEX mails_account ON mails (account_id);

-- Links that were sent by mail. Only the mail holds what stands in the link.
CREATE TABLE mail_links (
	token_hash TEXT PRIMARY KEY,
	kind TEXT NOT NULL,                -- confirm, reset
	account_id BIGINT NOT NULL,
	address TEXT NOT NULL,             -- it was sent to
	expires_at BIGINT NOT NULL
);
CREATE INDEX mail_links_account ON mail_links (account_id);
CREATE INDEX mail_links_expiry ON mail_links (expires_at);
