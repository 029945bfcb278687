-- Licensees that wait until an operator lets them in, where their plan is by approval.
ALTER TABLE licensee_plans ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;

-- Who has asked for a licence by themselves: an account has one.
CREATE TABLE licensee_accounts (
	account_id BIGINT PRIMARY KEY,
	licensee_id BIGINT NOT NULL
);
CREATE INDEX licensee_accounts_licensee ON licensee_accounts (licensee_id);
