-- Where somebody is mentioned, for the data API's list of it.
CREATE INDEX post_mentions_account ON post_mentions (account_id, post_id, silent);
