-- Hashtags an account shows on its profile, with the numbers its posts keep true.
CREATE TABLE featured_tags (
	account_id BIGINT NOT NULL,
	name TEXT NOT NULL,
	display TEXT NOT NULL,
	id BIGINT NOT NULL,
	posts BIGINT NOT NULL,             -- public and unlisted ones of the account with it
	last_post_id BIGINT NOT NULL,      -- of those; 0: none
	PRIMARY KEY (account_id, name)
) /*CLUSTERED*/;
