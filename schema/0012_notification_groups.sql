-- What happened to the same post within some hours is told together, and so are new followers.
ALTER TABLE notifications ADD COLUMN group_id BIGINT NOT NULL DEFAULT 0;    -- the notification its group began with; 0: alone
ALTER TABLE notifications ADD COLUMN filtered INTEGER NOT NULL DEFAULT 0;   -- 1: waits in a request
CREATE INDEX notifications_group ON notifications (account_id, group_id, id);
-- Of few rows most of the time, but SQLite does not take an index of those alone for what it would find there.
CREATE INDEX notifications_filtered ON notifications (account_id, filtered, from_id, id);
DROP INDEX notifications_post;
CREATE INDEX notifications_post ON notifications (post_id, kind, id) WHERE post_id IS NOT NULL;

-- Whose notifications are filtered or dropped; without a row it is as core/notification_policy.c says.
CREATE TABLE notification_policies (
	account_id BIGINT PRIMARY KEY,
	rules INTEGER NOT NULL              -- two bits for each rule, core/notification_policy.h
);

-- From whom all is accepted, whatever the policy.
CREATE TABLE notification_permissions (
	account_id BIGINT NOT NULL,
	from_id BIGINT NOT NULL,
	PRIMARY KEY (account_id, from_id)
) /*CLUSTERED*/;

-- From whom filtered notifications wait.
CREATE TABLE notification_requests (
	account_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	from_id BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,         -- when the newest came
	PRIMARY KEY (account_id, id)
) /*CLUSTERED*/;
CREATE UNIQUE INDEX notification_requests_from ON notification_requests (account_id, from_id);
