-- What an article says of others: the outlets that it credits, the claims that it reviews. JSON in the
-- shapes of `rows.rs`.

ALTER TABLE articles ADD COLUMN credits TEXT NOT NULL DEFAULT '[]';
ALTER TABLE articles ADD COLUMN claims TEXT NOT NULL DEFAULT '[]';
