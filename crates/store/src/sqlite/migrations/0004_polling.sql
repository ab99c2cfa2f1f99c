-- When a list asked to be polled, kept for the 304s that follow: seconds, a bit for each hour (midnight's
-- first), a bit for each day (Monday's first).
ALTER TABLE targets ADD COLUMN fresh_for INTEGER;
ALTER TABLE targets ADD COLUMN quiet_hours INTEGER NOT NULL DEFAULT 0;
ALTER TABLE targets ADD COLUMN quiet_days INTEGER NOT NULL DEFAULT 0;
