-- What is talked about more than usual: hashtags, posts, links (core/trends.h). A few hundred rows, made anew every few
-- minutes.
CREATE TABLE trends (
	kind INTEGER NOT NULL,             -- 0 tag, 1 post, 2 link
	id BIGINT NOT NULL,                -- of tags, posts, preview_cards
	peak BIGINT NOT NULL,              -- the highest score, in thousandths
	peak_at BIGINT NOT NULL,           -- since when it halves
	PRIMARY KEY (kind, id)
) /*CLUSTERED*/;
-- What moderators said of them.
CREATE TABLE trend_reviews (
	kind INTEGER NOT NULL,             -- as above; 3 a site that links lead to
	id BIGINT NOT NULL,
	allowed INTEGER NOT NULL,
	reviewed_at BIGINT NOT NULL,
	PRIMARY KEY (kind, id)
) /*CLUSTERED*/;
CREATE INDEX tags_used ON tags (last_used_at);
CREATE UNIQUE INDEX tags_id ON tags (id);
