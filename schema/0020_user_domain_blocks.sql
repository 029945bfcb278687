-- Servers that an account wants nothing of.
CREATE TABLE user_domain_blocks (
	account_id BIGINT NOT NULL,
	domain TEXT NOT NULL,              -- in lower case
	id BIGINT NOT NULL,                -- orders the list
	PRIMARY KEY (account_id, domain)
) /*CLUSTERED*/;
CREATE UNIQUE INDEX user_domain_blocks_id ON user_domain_blocks (account_id, id);
