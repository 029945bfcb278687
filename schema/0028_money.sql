-- Money, in micro-units of the one configured currency. Entries and their lines are never changed or deleted; what
-- was wrong is set right by another entry. docs/money.md.

CREATE TABLE book_entries (
	id BIGINT PRIMARY KEY,
	kind INTEGER NOT NULL,             -- enum entry_kind
	licensee_id BIGINT NOT NULL,
	day INTEGER NOT NULL,              -- days since 1970, UTC: the day it counts for
	reference TEXT NOT NULL UNIQUE,    -- what it is for: nothing is booked twice
	terms BIGINT NOT NULL DEFAULT 0,   -- of ENTRY_DAY: plans.id whose fee is in it; 0: none
	memo TEXT NOT NULL DEFAULT '',
	created_at BIGINT NOT NULL
);
CREATE INDEX book_entries_licensee ON book_entries (licensee_id, kind, day);

-- The lines of an entry add up to 0: credits are positive, debits negative.
CREATE TABLE book_lines (
	entry_id BIGINT NOT NULL,
	book INTEGER NOT NULL,             -- enum book
	licensee_id BIGINT NOT NULL,       -- as of the entry
	amount_micro BIGINT NOT NULL,
	PRIMARY KEY (entry_id, book)
);
CREATE INDEX book_lines_licensee ON book_lines (licensee_id, book);

-- How far the days of a licensee are booked: those up to this one, included, will not change any more.
CREATE TABLE licensee_books (
	licensee_id BIGINT PRIMARY KEY,
	day INTEGER NOT NULL,
	invoiced INTEGER NOT NULL DEFAULT -1 -- the last month that was invoiced, or had nothing to say
);

-- Invoices and credit notes, as they were made.
CREATE TABLE invoices (
	id BIGINT PRIMARY KEY,
	kind INTEGER NOT NULL,             -- enum invoice_kind
	number BIGINT NOT NULL,            -- 1, 2, … of its kind, without gaps
	licensee_id BIGINT NOT NULL,
	month INTEGER NOT NULL,            -- months since January 1970
	refers BIGINT NOT NULL DEFAULT 0,  -- of credit notes: the invoice they are about
	total_micro BIGINT NOT NULL,
	document TEXT NOT NULL,            -- JSON: all that it says
	created_at BIGINT NOT NULL,
	UNIQUE (kind, number)
);
CREATE UNIQUE INDEX invoices_month ON invoices (licensee_id, month) WHERE kind = 1;
CREATE INDEX invoices_licensee ON invoices (licensee_id, id);
CREATE INDEX invoices_refers ON invoices (refers);

-- The last number given, raised in the transaction that makes the document.
CREATE TABLE invoice_numbers (
	kind INTEGER PRIMARY KEY,
	last BIGINT NOT NULL
);
INSERT INTO invoice_numbers (kind, last) VALUES (1, 0), (2, 0);

-- What a licensee was sent to a payment provider to pay.
CREATE TABLE checkouts (
	id BIGINT PRIMARY KEY,
	licensee_id BIGINT NOT NULL,
	provider TEXT NOT NULL,
	amount_micro BIGINT NOT NULL,
	currency TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	paid_at BIGINT NOT NULL DEFAULT 0
);

-- Messages of payment providers that were dealt with.
CREATE TABLE payment_events (
	provider TEXT NOT NULL,
	event TEXT NOT NULL,               -- its id there
	outcome TEXT NOT NULL,
	received_at BIGINT NOT NULL,
	PRIMARY KEY (provider, event)
);
