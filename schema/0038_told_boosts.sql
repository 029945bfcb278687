-- A boost of a post that is withheld is not told of either, also when both are gone.
ALTER TABLE compliance_events ADD COLUMN boost_of BIGINT NOT NULL DEFAULT 0;
