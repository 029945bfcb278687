-- Posts that quote a post. Whether one may is up to its author; who had posted before was never asked.
ALTER TABLE posts ADD COLUMN quote_of BIGINT;                        -- stays when that post is gone
ALTER TABLE posts ADD COLUMN quote_state INTEGER NOT NULL DEFAULT 0;  -- core/quotes.h
ALTER TABLE posts ADD COLUMN quote_policy INTEGER NOT NULL DEFAULT 2; -- likewise; 2 is nobody
CREATE INDEX posts_quote ON posts (quote_of, id) WHERE quote_of IS NOT NULL;
ALTER TABLE post_counts ADD COLUMN quotes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN default_quote_policy INTEGER NOT NULL DEFAULT 0; -- of posts to come; 0 is public
