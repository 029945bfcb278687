-- When an account was last told by mail of something that may be a stranger's doing: of each kind once an hour.
CREATE TABLE mail_told (
	account_id BIGINT NOT NULL,
	kind TEXT NOT NULL,                -- of mails
	at BIGINT NOT NULL,
	PRIMARY KEY (account_id, kind)
) /*CLUSTERED*/;

-- Browsers an account was logged in with. A browser keeps the random number of its own that is hashed here.
CREATE TABLE known_browsers (
	account_id BIGINT NOT NULL,
	browser_hash TEXT NOT NULL,
	seen_at BIGINT NOT NULL,
	PRIMARY KEY (account_id, browser_hash)
) /*CLUSTERED*/;
CREATE INDEX known_browsers_seen ON known_browsers (seen_at);
