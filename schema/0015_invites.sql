-- Codes with which people make an account where strangers may not, or need not wait for a moderator.
CREATE TABLE invites (
	id BIGINT PRIMARY KEY,
	code TEXT NOT NULL,
	account_id BIGINT NOT NULL,        -- who made it; 0: the command line
	max_uses BIGINT NOT NULL,          -- 0: any number
	uses BIGINT NOT NULL DEFAULT 0,
	expires_at BIGINT NOT NULL,        -- 0: never
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX invites_code ON invites (code);
CREATE INDEX invites_account ON invites (account_id);
ALTER TABLE users ADD COLUMN invite_id BIGINT;
