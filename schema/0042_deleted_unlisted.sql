-- Posts that everybody could read who had their address, and that were deleted: their pages say so. Those that were public
-- are in compliance_events.
CREATE TABLE deleted_unlisted (
	account_id BIGINT NOT NULL,
	post_id    BIGINT NOT NULL,
	PRIMARY KEY (account_id, post_id)
);
