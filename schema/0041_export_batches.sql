-- What each batch of an export's file was recorded as. A file is made anew without what may not go out any more:
-- left_out are its lines that went, judged is when and by what it was last looked through (dataapi/export_sieve.h).
CREATE TABLE data_job_batches (
	licensee_id BIGINT NOT NULL,
	job_id BIGINT NOT NULL,
	n INTEGER NOT NULL,                -- of the file
	ledger_index BIGINT NOT NULL,
	receipt TEXT NOT NULL,
	charged INTEGER NOT NULL,
	repeated INTEGER NOT NULL,
	cost_micro BIGINT NOT NULL,
	PRIMARY KEY (licensee_id, job_id, n, ledger_index)
);
ALTER TABLE data_job_files ADD COLUMN left_out BIGINT NOT NULL DEFAULT 0;
ALTER TABLE data_job_files ADD COLUMN judged TEXT NOT NULL DEFAULT '';
