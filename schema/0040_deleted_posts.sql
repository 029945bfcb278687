-- Whether a post that is not there had been public, and was deleted: its page says so.
CREATE INDEX compliance_events_deleted ON compliance_events (post_id) WHERE kind = 1 AND boost_of = 0;
