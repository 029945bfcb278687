-- What the people who run the server say of it at length. A new version is added; old ones stay to be read.
CREATE TABLE documents (
	kind INTEGER NOT NULL,             -- core/documents.h
	day BIGINT NOT NULL,               -- ms of midnight UTC: when it begins to hold
	text TEXT NOT NULL,                -- as written
	html TEXT NOT NULL,
	written_at BIGINT NOT NULL,
	PRIMARY KEY (kind, day)
);
