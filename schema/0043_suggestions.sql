-- Accounts that somebody does not want suggested to them any more.
CREATE TABLE suggestion_dismissals (
	account_id BIGINT NOT NULL,
	target_id BIGINT NOT NULL,
	PRIMARY KEY (account_id, target_id)
) /*CLUSTERED*/;
