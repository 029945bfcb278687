-- The network: accounts, posts and what people do with them.
--
-- One text for SQLite and PostgreSQL. Ids come from the program (time-ordered, 64 bit). Times are milliseconds since
-- 1970 in BIGINT. Booleans are 0/1. Each table is keyed first by what it would be sharded by: posts and what belongs
-- to one post by the post, what belongs to an account by that account; a follow, block or favourite is written on both
-- sides. /*CLUSTERED*/ asks for rows stored in key order where the database can (SQLite: WITHOUT ROWID).

CREATE TABLE accounts (
	id BIGINT PRIMARY KEY,
	username TEXT NOT NULL,            -- as written
	username_key TEXT NOT NULL,        -- lower case
	domain TEXT NOT NULL,              -- '' is this server
	uri TEXT NOT NULL,                 -- ActivityPub id
	url TEXT NOT NULL,                 -- profile page
	display_name TEXT NOT NULL DEFAULT '',
	note TEXT NOT NULL DEFAULT '',     -- as written
	note_html TEXT NOT NULL DEFAULT '',
	fields TEXT NOT NULL DEFAULT '[]', -- JSON: [{"name","value","html","verified_at"}]
	avatar TEXT NOT NULL DEFAULT '',   -- file key in the blob store, '' for the default picture
	avatar_static TEXT NOT NULL DEFAULT '',
	avatar_description TEXT NOT NULL DEFAULT '',
	header TEXT NOT NULL DEFAULT '',
	header_static TEXT NOT NULL DEFAULT '',
	header_description TEXT NOT NULL DEFAULT '',
	actor_type TEXT NOT NULL DEFAULT 'Person', -- Person, Service (bot), Group, Organization, Application
	locked INTEGER NOT NULL DEFAULT 0,
	discoverable INTEGER NOT NULL DEFAULT 0,
	indexable INTEGER NOT NULL DEFAULT 0,
	hide_collections INTEGER NOT NULL DEFAULT 0,
	noindex INTEGER NOT NULL DEFAULT 0,
	moved_to BIGINT,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	suspended_at BIGINT,
	silenced_at BIGINT
);
CREATE UNIQUE INDEX accounts_name ON accounts (username_key, domain);
CREATE UNIQUE INDEX accounts_uri ON accounts (uri);
CREATE INDEX accounts_directory ON accounts (id) WHERE discoverable = 1;

-- Numbers that change often, apart from the wide row they belong to.
CREATE TABLE account_counts (
	account_id BIGINT PRIMARY KEY,
	posts BIGINT NOT NULL DEFAULT 0,
	followers BIGINT NOT NULL DEFAULT 0,
	following BIGINT NOT NULL DEFAULT 0,
	last_post_at BIGINT
);

-- Words of names (text/segment.h), to find accounts by.
CREATE TABLE account_words (
	word TEXT NOT NULL,
	account_id BIGINT NOT NULL,
	PRIMARY KEY (word, account_id)
) /*CLUSTERED*/;
CREATE INDEX account_words_account ON account_words (account_id);

-- Who can log in. Only accounts of this server have one.
CREATE TABLE users (
	account_id BIGINT PRIMARY KEY,
	email TEXT NOT NULL,               -- as written
	email_key TEXT NOT NULL,           -- lower case
	password_hash TEXT NOT NULL,       -- argon2id
	role TEXT NOT NULL DEFAULT 'user', -- user, moderator, admin, owner
	locale TEXT NOT NULL DEFAULT 'en',
	default_visibility INTEGER NOT NULL DEFAULT 0,
	default_sensitive INTEGER NOT NULL DEFAULT 0,
	default_language TEXT,
	confirmed_at BIGINT,
	approved INTEGER NOT NULL DEFAULT 1,
	disabled INTEGER NOT NULL DEFAULT 0,
	sign_up_reason TEXT NOT NULL DEFAULT '',
	last_active_at BIGINT,
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (email_key);
CREATE INDEX users_staff ON users (role) WHERE role <> 'user';

CREATE TABLE apps (
	id BIGINT PRIMARY KEY,
	client_id TEXT NOT NULL,
	secret_hash TEXT NOT NULL,
	name TEXT NOT NULL,
	website TEXT,
	redirect_uris TEXT NOT NULL,       -- separated by newlines
	scopes TEXT NOT NULL,              -- separated by spaces
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX apps_client ON apps (client_id);

CREATE TABLE oauth_codes (
	code_hash TEXT PRIMARY KEY,
	app_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	redirect_uri TEXT NOT NULL,
	scopes TEXT NOT NULL,
	challenge TEXT NOT NULL,           -- PKCE S256, '' without
	expires_at BIGINT NOT NULL
);

CREATE TABLE tokens (
	id BIGINT PRIMARY KEY,
	token_hash TEXT NOT NULL,
	app_id BIGINT,
	account_id BIGINT,                 -- NULL: the app itself (client_credentials)
	scopes TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	revoked_at BIGINT
);
CREATE UNIQUE INDEX tokens_hash ON tokens (token_hash);
CREATE INDEX tokens_account ON tokens (account_id);

-- Browser sessions.
CREATE TABLE sessions (
	id BIGINT PRIMARY KEY,
	token_hash TEXT NOT NULL,
	account_id BIGINT NOT NULL,
	ip TEXT NOT NULL,
	user_agent TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX sessions_hash ON sessions (token_hash);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE posts (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL,
	domain TEXT NOT NULL,              -- '' is this server
	uri TEXT NOT NULL,
	url TEXT NOT NULL,                 -- '' for boosts
	boost_of BIGINT,                   -- set: this row is a boost and carries no text
	reply_to BIGINT,
	reply_to_account BIGINT,
	thread_id BIGINT NOT NULL,         -- id of the first post of the conversation
	visibility INTEGER NOT NULL,       -- 0 public, 1 unlisted, 2 private (followers), 3 direct
	text TEXT NOT NULL,                -- as written ('' for remote)
	html TEXT NOT NULL,
	spoiler TEXT NOT NULL DEFAULT '',
	sensitive INTEGER NOT NULL DEFAULT 0,
	language TEXT,
	app_id BIGINT,
	has_media INTEGER NOT NULL DEFAULT 0,
	has_poll INTEGER NOT NULL DEFAULT 0,
	has_mentions INTEGER NOT NULL DEFAULT 0,
	has_tags INTEGER NOT NULL DEFAULT 0,
	created_at BIGINT NOT NULL,
	edited_at BIGINT
);
-- Public posts that are not boosts, newest first: the public timelines. Kept small by its condition.
CREATE INDEX posts_public ON posts (id) WHERE visibility = 0 AND boost_of IS NULL;
CREATE INDEX posts_reply ON posts (reply_to) WHERE reply_to IS NOT NULL;
CREATE UNIQUE INDEX posts_remote_uri ON posts (uri) WHERE domain <> '';

CREATE TABLE post_counts (
	post_id BIGINT PRIMARY KEY,
	replies BIGINT NOT NULL DEFAULT 0,
	boosts BIGINT NOT NULL DEFAULT 0,
	favourites BIGINT NOT NULL DEFAULT 0
);

-- An account's posts and boosts: its profile, and what its followers' timelines are rebuilt from.
CREATE TABLE account_posts (
	account_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	visibility INTEGER NOT NULL,
	kind INTEGER NOT NULL,             -- bits: 1 reply to somebody else, 2 boost, 4 has media, 8 reply to self
	PRIMARY KEY (account_id, post_id)
) /*CLUSTERED*/;
CREATE INDEX account_posts_direct ON account_posts (visibility, account_id, post_id) WHERE visibility = 3;
-- All its columns stand in it, or SQLite would rather walk the account.
CREATE INDEX account_posts_media ON account_posts ((kind & 4), account_id, post_id, kind, visibility)
	WHERE (kind & 4) = 4;
-- Direct posts of others that an account was told of.
CREATE TABLE direct_posts (
	account_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	PRIMARY KEY (account_id, post_id)
) /*CLUSTERED*/;

CREATE TABLE post_mentions (
	post_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	position INTEGER NOT NULL DEFAULT 0, -- in the text
	silent INTEGER NOT NULL DEFAULT 0, -- addressed but not named in the text
	PRIMARY KEY (post_id, account_id)
) /*CLUSTERED*/;

CREATE TABLE tags (                    -- of public posts
	name TEXT PRIMARY KEY,             -- folded
	display TEXT NOT NULL,             -- as first written
	id BIGINT NOT NULL,
	last_used_at BIGINT NOT NULL
);
CREATE TABLE post_tags (
	post_id BIGINT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (post_id, name)
) /*CLUSTERED*/;
CREATE TABLE tag_posts (
	name TEXT NOT NULL,
	post_id BIGINT NOT NULL,           -- public posts only
	PRIMARY KEY (name, post_id)
) /*CLUSTERED*/;
-- Uses of a tag by day: people and posts (Tag.history).
CREATE TABLE tag_days (
	name TEXT NOT NULL,
	day BIGINT NOT NULL,               -- ms of midnight UTC
	account_id BIGINT NOT NULL,
	uses BIGINT NOT NULL,
	PRIMARY KEY (name, day, account_id)
) /*CLUSTERED*/;

CREATE TABLE media (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL,
	post_id BIGINT,
	position INTEGER NOT NULL DEFAULT 0, -- -1: an edit took it away, the history still shows it
	state INTEGER NOT NULL,            -- 0 processing, 1 ready, 2 failed
	kind TEXT NOT NULL,                -- image, gifv, video, audio, unknown
	file TEXT NOT NULL,                -- file key of the original as we keep it
	preview TEXT NOT NULL,
	upload TEXT NOT NULL DEFAULT '',   -- file key of what was uploaded, while processing
	remote_url TEXT NOT NULL DEFAULT '',
	description TEXT,
	focus_x DOUBLE PRECISION NOT NULL DEFAULT 0,
	focus_y DOUBLE PRECISION NOT NULL DEFAULT 0,
	width INTEGER NOT NULL DEFAULT 0,
	height INTEGER NOT NULL DEFAULT 0,
	preview_width INTEGER NOT NULL DEFAULT 0,
	preview_height INTEGER NOT NULL DEFAULT 0,
	blurhash TEXT NOT NULL DEFAULT '',
	error TEXT NOT NULL DEFAULT '',
	bytes BIGINT NOT NULL DEFAULT 0,
	created_at BIGINT NOT NULL
);
CREATE INDEX media_post ON media (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX media_state ON media (state) WHERE state = 0;
CREATE INDEX media_free ON media (created_at) WHERE post_id IS NULL; -- swept when nobody posts them

CREATE TABLE post_edits (
	post_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	text TEXT NOT NULL,
	html TEXT NOT NULL,
	spoiler TEXT NOT NULL,
	sensitive INTEGER NOT NULL,
	media TEXT NOT NULL,               -- JSON: [{"id","description"}], as it was
	poll TEXT NOT NULL,                -- JSON: ["option", …], '' without
	created_at BIGINT NOT NULL,
	PRIMARY KEY (post_id, id)
) /*CLUSTERED*/;

CREATE TABLE polls (
	post_id BIGINT PRIMARY KEY,        -- also the poll's id
	expires_at BIGINT,
	multiple INTEGER NOT NULL,
	hide_totals INTEGER NOT NULL,
	voters BIGINT NOT NULL DEFAULT 0,
	closed INTEGER NOT NULL DEFAULT 0  -- its end has been announced
);
CREATE INDEX polls_open ON polls (expires_at) WHERE closed = 0;
CREATE TABLE poll_options (
	post_id BIGINT NOT NULL,
	position INTEGER NOT NULL,
	title TEXT NOT NULL,
	votes BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (post_id, position)
) /*CLUSTERED*/;
CREATE TABLE poll_votes (
	post_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (post_id, account_id, position)
) /*CLUSTERED*/;

-- Favourites and boosts, on the account's side (its lists, its flags) and on the post's side (who did it).
CREATE TABLE favourites (
	account_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	id BIGINT NOT NULL,                -- cursor
	PRIMARY KEY (account_id, post_id)
) /*CLUSTERED*/;
CREATE INDEX favourites_order ON favourites (account_id, id);
CREATE TABLE post_favourites (
	post_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	PRIMARY KEY (post_id, id)
) /*CLUSTERED*/;
CREATE TABLE account_boosts (
	account_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,           -- the post boosted
	boost_id BIGINT NOT NULL,
	PRIMARY KEY (account_id, post_id)
) /*CLUSTERED*/;
CREATE TABLE post_boosts (
	post_id BIGINT NOT NULL,
	boost_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	PRIMARY KEY (post_id, boost_id)
) /*CLUSTERED*/;
CREATE TABLE bookmarks (
	account_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	PRIMARY KEY (account_id, post_id)
) /*CLUSTERED*/;
CREATE INDEX bookmarks_order ON bookmarks (account_id, id);
CREATE INDEX bookmarks_post ON bookmarks (post_id);
CREATE TABLE pins (
	account_id BIGINT NOT NULL,
	post_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	PRIMARY KEY (account_id, post_id)
) /*CLUSTERED*/;
CREATE TABLE thread_mutes (
	account_id BIGINT NOT NULL,
	thread_id BIGINT NOT NULL,
	PRIMARY KEY (account_id, thread_id)
) /*CLUSTERED*/;

-- A follow is written on both sides, with the same id and options.
CREATE TABLE following (
	account_id BIGINT NOT NULL,
	target_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	show_boosts INTEGER NOT NULL DEFAULT 1,
	notify INTEGER NOT NULL DEFAULT 0,
	languages TEXT NOT NULL DEFAULT '', -- separated by commas, '' is all
	PRIMARY KEY (account_id, target_id)
) /*CLUSTERED*/;
CREATE INDEX following_order ON following (account_id, id);
CREATE TABLE followers (
	account_id BIGINT NOT NULL,        -- who is followed
	follower_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	show_boosts INTEGER NOT NULL DEFAULT 1,
	notify INTEGER NOT NULL DEFAULT 0,
	languages TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (account_id, follower_id)
) /*CLUSTERED*/;
CREATE INDEX followers_order ON followers (account_id, id);
CREATE INDEX followers_notify ON followers (account_id, follower_id) WHERE notify = 1;
CREATE TABLE follow_requests (
	account_id BIGINT NOT NULL,        -- who is asked
	requester_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	show_boosts INTEGER NOT NULL DEFAULT 1,
	notify INTEGER NOT NULL DEFAULT 0,
	languages TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (account_id, requester_id)
) /*CLUSTERED*/;
CREATE INDEX follow_requests_sent ON follow_requests (requester_id, account_id);
CREATE INDEX follow_requests_order ON follow_requests (account_id, id);

CREATE TABLE blocks (
	account_id BIGINT NOT NULL,
	target_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	PRIMARY KEY (account_id, target_id)
) /*CLUSTERED*/;
CREATE INDEX blocks_order ON blocks (account_id, id);
CREATE TABLE blocked_by (
	account_id BIGINT NOT NULL,        -- who is blocked
	blocker_id BIGINT NOT NULL,
	PRIMARY KEY (account_id, blocker_id)
) /*CLUSTERED*/;
CREATE TABLE mutes (
	account_id BIGINT NOT NULL,
	target_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	notifications INTEGER NOT NULL DEFAULT 1, -- hide notifications too
	expires_at BIGINT,
	PRIMARY KEY (account_id, target_id)
) /*CLUSTERED*/;
CREATE INDEX mutes_order ON mutes (account_id, id);
CREATE INDEX mutes_target ON mutes (target_id);
CREATE INDEX mutes_expiry ON mutes (expires_at) WHERE expires_at IS NOT NULL;
-- What one writes for oneself about another account.
CREATE TABLE account_notes (
	account_id BIGINT NOT NULL,
	target_id BIGINT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (account_id, target_id)
) /*CLUSTERED*/;
-- Accounts one recommends on one's profile.
CREATE TABLE endorsements (
	account_id BIGINT NOT NULL,
	target_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	PRIMARY KEY (account_id, target_id)
) /*CLUSTERED*/;
CREATE INDEX endorsements_order ON endorsements (account_id, id);

CREATE TABLE lists (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL,
	title TEXT NOT NULL,
	replies_policy INTEGER NOT NULL DEFAULT 1, -- 0 followed, 1 list, 2 none
	exclusive INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX lists_account ON lists (account_id);
CREATE TABLE list_accounts (
	list_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	PRIMARY KEY (list_id, account_id)
) /*CLUSTERED*/;
CREATE INDEX list_accounts_member ON list_accounts (account_id);
CREATE INDEX list_accounts_order ON list_accounts (list_id, id);

CREATE TABLE notifications (
	account_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	kind INTEGER NOT NULL,             -- core/notifications.h
	from_id BIGINT NOT NULL,
	post_id BIGINT,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (account_id, id)
) /*CLUSTERED*/;
CREATE INDEX notifications_post ON notifications (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX notifications_from ON notifications (account_id, from_id, id);
CREATE INDEX notifications_kind ON notifications (account_id, kind, id);

CREATE TABLE markers (
	account_id BIGINT NOT NULL,
	timeline INTEGER NOT NULL,         -- 0 home, 1 notifications
	last_read_id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (account_id, timeline)
) /*CLUSTERED*/;

CREATE TABLE custom_emojis (
	shortcode TEXT NOT NULL,
	domain TEXT NOT NULL,
	file TEXT NOT NULL,
	static_file TEXT NOT NULL,
	category TEXT,
	visible INTEGER NOT NULL DEFAULT 1,
	PRIMARY KEY (domain, shortcode)
);

-- Idempotency-Key of POST /api/v1/statuses, kept an hour.
CREATE TABLE idempotency (
	account_id BIGINT NOT NULL,
	key TEXT NOT NULL,
	post_id BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (account_id, key)
) /*CLUSTERED*/;

-- Work to be done later or elsewhere; survives restarts.
CREATE TABLE jobs (
	id BIGINT PRIMARY KEY,
	kind TEXT NOT NULL,
	payload TEXT NOT NULL,
	run_at BIGINT NOT NULL,
	lease_until BIGINT NOT NULL DEFAULT 0, -- somebody is at it until then
	attempts INTEGER NOT NULL DEFAULT 0,
	error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX jobs_due ON jobs (run_at);

-- Small facts of this installation: keys, instance title changes, marks.
CREATE TABLE settings (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
);
