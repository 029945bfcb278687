-- What a mail is about, where that is not an account: an invoice. Its account_id is 0.
ALTER TABLE mails ADD COLUMN about BIGINT NOT NULL DEFAULT 0;
