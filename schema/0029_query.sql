-- What queries of the data API walk (src/query/arms.c): replies to an account, and a conversation without its first post.
CREATE INDEX posts_reply_account ON posts (reply_to_account, id) WHERE reply_to_account IS NOT NULL;
CREATE INDEX posts_thread ON posts (thread_id, id) WHERE thread_id <> id AND boost_of IS NULL;
