-- Under which name a payment provider knows a licensee: for its own pages.
CREATE TABLE pay_customers (
	licensee_id BIGINT NOT NULL,
	provider TEXT NOT NULL,
	customer TEXT NOT NULL,
	PRIMARY KEY (licensee_id, provider)
);
