-- Which accounts of this server were here on a day: for moderators' numbers, and kept as long as those reach back.
CREATE TABLE active_days (
	account_id BIGINT NOT NULL,
	day BIGINT NOT NULL,               -- ms of midnight UTC
	PRIMARY KEY (account_id, day)
) /*CLUSTERED*/;
CREATE INDEX active_days_day ON active_days (day, account_id);
INSERT INTO active_days (account_id, day)
	SELECT account_id, last_active_at - last_active_at % 86400000 FROM users WHERE last_active_at IS NOT NULL;

CREATE INDEX favourites_id ON favourites (id);
CREATE INDEX reports_resolved ON reports (resolved_at) WHERE resolved_at IS NOT NULL;
-- Of other servers.
CREATE INDEX accounts_domain ON accounts (domain, id) WHERE domain <> '';
CREATE INDEX posts_domain ON posts (domain, id) WHERE domain <> '';
