-- Films and sounds: what their files hold. 0 and '' where there is none of it.
ALTER TABLE media ADD COLUMN duration_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN frame_rate TEXT NOT NULL DEFAULT '';   -- 30000/1001
ALTER TABLE media ADD COLUMN bit_rate BIGINT NOT NULL DEFAULT 0;    -- a second
ALTER TABLE media ADD COLUMN sound_codec TEXT NOT NULL DEFAULT '';  -- ffmpeg's name
ALTER TABLE media ADD COLUMN sound_rate INTEGER NOT NULL DEFAULT 0; -- Hz
ALTER TABLE media ADD COLUMN channels INTEGER NOT NULL DEFAULT 0;
