-- Direct posts by conversation, as each of those in it has them: what was deleted or never told to one is not there.
CREATE TABLE conversation_posts (
	account_id BIGINT NOT NULL,
	thread_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	PRIMARY KEY (account_id, thread_id, post_id)
) /*CLUSTERED*/;
CREATE INDEX conversation_posts_post ON conversation_posts (post_id);

CREATE TABLE conversations (
	account_id BIGINT NOT NULL,
	thread_id BIGINT NOT NULL,
	last_id BIGINT NOT NULL,           -- newest of conversation_posts
	unread INTEGER NOT NULL,
	PRIMARY KEY (account_id, thread_id)
) /*CLUSTERED*/;
CREATE INDEX conversations_last ON conversations (account_id, last_id);

INSERT INTO conversation_posts (account_id, thread_id, post_id)
	SELECT d.account_id, p.thread_id, p.id FROM direct_posts d JOIN posts p ON p.id = d.post_id
	UNION
	SELECT a.account_id, p.thread_id, p.id FROM account_posts a JOIN posts p ON p.id = a.post_id WHERE a.visibility = 3;
INSERT INTO conversations (account_id, thread_id, last_id, unread)
	SELECT account_id, thread_id, MAX(post_id), 0 FROM conversation_posts GROUP BY account_id, thread_id;
