-- A thread is read from this index alone.
DROP INDEX posts_reply;
CREATE INDEX posts_reply ON posts (reply_to, id, account_id, reply_to_account) WHERE reply_to IS NOT NULL;
