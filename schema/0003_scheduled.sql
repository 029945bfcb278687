-- Posts that wait for their time.
CREATE TABLE scheduled_posts (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL,
	at BIGINT NOT NULL,
	params TEXT NOT NULL,              -- JSON: ScheduledStatus.params
	idempotency TEXT NOT NULL,         -- '' without
	created_at BIGINT NOT NULL,
	error TEXT NOT NULL DEFAULT ''     -- why it could not be posted; tried again when it gets another time
);
CREATE INDEX scheduled_posts_account ON scheduled_posts (account_id, id);
CREATE INDEX scheduled_posts_due ON scheduled_posts (at) WHERE error = '';

-- Media they hold.
CREATE TABLE scheduled_media (
	media_id BIGINT PRIMARY KEY,
	scheduled_id BIGINT NOT NULL
);
CREATE INDEX scheduled_media_post ON scheduled_media (scheduled_id);
