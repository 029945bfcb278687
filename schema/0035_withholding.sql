-- What is fixed beforehand and goes into the ledger: commitments to keys, what is revealed of them, what a trace is about to
-- test. Whoever has something to say adds a row; the process that writes the ledger appends it and puts its index here.
CREATE TABLE ledger_statements (
	id BIGINT PRIMARY KEY,
	licensee_id BIGINT NOT NULL,       -- 0: of none
	text TEXT NOT NULL,                -- JSON; docs/ledger.md, "Statements"
	made_at BIGINT NOT NULL,
	ledger_index BIGINT NOT NULL DEFAULT -1 -- -1: not yet
);
CREATE INDEX ledger_statements_waiting ON ledger_statements (id) WHERE ledger_index < 0;

-- Which posts a licensee never gets (meter/withhold.h). A generation decides from its first post to that of the next one.
-- Rows are never deleted: what a licensee did not get yesterday it does not get tomorrow.
CREATE TABLE withhold_keys (
	licensee_id BIGINT NOT NULL,       -- 0: withheld from everybody who is no person
	generation BIGINT NOT NULL,        -- from 1
	secret TEXT NOT NULL,              -- in hexadecimal, as the salt; empty: lost, nothing is withheld by it
	salt TEXT NOT NULL,
	ppm BIGINT NOT NULL,               -- of a million posts
	from_id BIGINT NOT NULL,           -- the first post
	made_at BIGINT NOT NULL,
	commitment_id BIGINT NOT NULL,     -- ledger_statements.id
	reveal_id BIGINT NOT NULL DEFAULT 0, -- the same; 0: it is secret
	PRIMARY KEY (licensee_id, generation)
);
