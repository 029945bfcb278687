-- Web Push: where an app wants to be told of notifications. One for each token.
CREATE TABLE push_subscriptions (
	account_id BIGINT NOT NULL,
	token_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	endpoint TEXT NOT NULL,
	p256dh TEXT NOT NULL,              -- the app's public key, base64url
	auth TEXT NOT NULL,                -- its secret, base64url
	access_token TEXT NOT NULL,        -- of token_id, as clients expect it in what they are sent
	standard INTEGER NOT NULL,         -- RFC 8291; else the draft that most apps still speak
	alerts BIGINT NOT NULL,            -- bits 1 << kind of notification
	policy INTEGER NOT NULL,           -- from whom: 0 all, 1 followed, 2 follower, 3 none
	created_at BIGINT NOT NULL,
	PRIMARY KEY (account_id, token_id)
)/*CLUSTERED*/;

-- Kinds of jobs that may have to wait for others have a lane of their own.
ALTER TABLE jobs ADD COLUMN lane INTEGER NOT NULL DEFAULT 0;
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (lane, run_at);
