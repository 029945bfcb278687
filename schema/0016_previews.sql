-- Cards under posts with a link: what the page says of itself. One for each address, shared by all posts with it.
CREATE TABLE preview_cards (
	id BIGINT PRIMARY KEY,
	url TEXT NOT NULL,                 -- as the page names itself
	site_id BIGINT NOT NULL,
	kind INTEGER NOT NULL,             -- 0 link, 1 photo, 2 video
	title TEXT NOT NULL,
	description TEXT NOT NULL,
	language TEXT NOT NULL,
	author_name TEXT NOT NULL,
	author_url TEXT NOT NULL,
	author_id BIGINT,                  -- an account the page names as its author
	provider_name TEXT NOT NULL,
	provider_url TEXT NOT NULL,
	html TEXT NOT NULL,                -- of a video: a frame
	embed_url TEXT NOT NULL,           -- of a photo
	image TEXT NOT NULL,               -- file key, '' without
	image_text TEXT NOT NULL,
	blurhash TEXT NOT NULL,
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	published_at BIGINT NOT NULL,      -- 0: not said
	updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX preview_cards_url ON preview_cards (url);
-- Addresses as people write them.
CREATE TABLE preview_links (
	url TEXT PRIMARY KEY,
	card_id BIGINT NOT NULL,           -- 0: there was nothing to make a card of
	looked_at BIGINT NOT NULL
);
CREATE INDEX preview_links_looked ON preview_links (looked_at);
-- Sites, for moderators to say whether their links may be trends.
CREATE TABLE preview_sites (
	id BIGINT PRIMARY KEY,
	domain TEXT NOT NULL
);
CREATE UNIQUE INDEX preview_sites_domain ON preview_sites (domain);

ALTER TABLE posts ADD COLUMN card_id BIGINT;
-- Public posts with a card.
CREATE TABLE card_posts (
	card_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	PRIMARY KEY (card_id, post_id)
) /*CLUSTERED*/;
-- Who posted it, by day (Trends::Link.history), as tag_days.
CREATE TABLE card_days (
	card_id BIGINT NOT NULL,
	day BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	uses BIGINT NOT NULL,
	PRIMARY KEY (card_id, day, account_id)
) /*CLUSTERED*/;
CREATE INDEX card_days_day ON card_days (day);
