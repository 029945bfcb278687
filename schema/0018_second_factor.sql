-- Codes of a second factor (RFC 6238), and those to write down for when the telephone is lost.
CREATE TABLE totp (
	account_id BIGINT PRIMARY KEY,
	secret TEXT NOT NULL,              -- base32
	enabled_at BIGINT,                 -- NULL: being set up
	last_step BIGINT NOT NULL DEFAULT 0, -- no code of this or an earlier step is taken any more
	failures BIGINT NOT NULL DEFAULT 0,
	failures_since BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE recovery_codes (
	account_id BIGINT NOT NULL,
	code_hash TEXT NOT NULL,
	PRIMARY KEY (account_id, code_hash)
) /*CLUSTERED*/;

-- Keys people log in with instead of a password (WebAuthn).
CREATE TABLE passkeys (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL,
	credential TEXT NOT NULL,          -- base64url
	algorithm INTEGER NOT NULL,        -- COSE: -7, -257, -8
	public_key TEXT NOT NULL,          -- base64url, as libfido2 takes it
	counter BIGINT NOT NULL,
	name TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	used_at BIGINT
);
CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential);
CREATE INDEX passkeys_account ON passkeys (account_id);

-- What a browser has begun and has to finish soon, once: a login whose password was right, the question to a passkey.
CREATE TABLE challenges (
	token_hash TEXT PRIMARY KEY,
	kind TEXT NOT NULL,                -- second, passkey-login, passkey-add
	account_id BIGINT NOT NULL,        -- 0: not known yet
	expires_at BIGINT NOT NULL
);
CREATE INDEX challenges_expiry ON challenges (expires_at);

-- Who logged in, as its owner is shown it.
CREATE TABLE logins (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL,
	how TEXT NOT NULL,                 -- password, totp, recovery, passkey
	ip TEXT NOT NULL,
	user_agent TEXT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE INDEX logins_account ON logins (account_id, id);
CREATE INDEX logins_age ON logins (created_at);

-- Asked to be deleted; the account's suspended_at is the same. It is deleted a while later, unless its owner comes back.
ALTER TABLE users ADD COLUMN leaving_at BIGINT;
CREATE INDEX users_leaving ON users (leaving_at) WHERE leaving_at IS NOT NULL;
