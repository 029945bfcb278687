-- Accounts that search engines are told of.
CREATE INDEX accounts_indexable ON accounts (id) WHERE indexable = 1;
