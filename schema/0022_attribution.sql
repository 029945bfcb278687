-- Sites that may name an account as the author of their pages (fediverse:creator).
CREATE TABLE attribution_domains (
	account_id BIGINT NOT NULL,
	domain TEXT NOT NULL,              -- lower case; of its subdomains as well
	position INTEGER NOT NULL,
	PRIMARY KEY (account_id, domain)
) /*CLUSTERED*/;
