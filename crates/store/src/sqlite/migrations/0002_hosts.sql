-- Hosts as many workers share them: who holds which, what each was asked, the files that speak for an
-- origin.

ALTER TABLE targets ADD COLUMN changed INTEGER;

-- An address is as it is printed; `next` and `gap` as before.
ALTER TABLE hosts ADD COLUMN address TEXT;
ALTER TABLE hosts ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
CREATE INDEX hosts_at ON hosts (address) WHERE address IS NOT NULL;

-- `name` is a host, or `@` and an address. `asked`: a request may have been made under this claim.
-- `abandoned`: its worker died.
CREATE TABLE claims (
    name      TEXT PRIMARY KEY NOT NULL,
    worker    TEXT NOT NULL,
    until     INTEGER NOT NULL,
    asked     INTEGER NOT NULL,
    abandoned INTEGER NOT NULL
) STRICT;

CREATE INDEX claims_of ON claims (worker);

CREATE TABLE origin_files (
    origin        TEXT NOT NULL,
    file          TEXT NOT NULL,
    status        INTEGER,
    body          BLOB NOT NULL,
    etag          TEXT,
    last_modified TEXT,
    fetched       INTEGER NOT NULL,
    PRIMARY KEY (origin, file)
) STRICT;

INSERT INTO origin_files (origin, file, status, body, fetched)
    SELECT origin, 'robots', status, body, fetched FROM robots;
DROP TABLE robots;

-- `took` is missing where a request was refused before it was made.
CREATE TABLE requests (
    host    TEXT NOT NULL,
    at      INTEGER NOT NULL,
    url     TEXT NOT NULL,
    robots  TEXT NOT NULL,
    waited  INTEGER NOT NULL,
    gap     INTEGER NOT NULL,
    took    INTEGER,
    status  INTEGER,
    bytes   INTEGER NOT NULL,
    failure TEXT
) STRICT;

CREATE INDEX requests_of_host ON requests (host, at);
CREATE INDEX requests_at ON requests (at);
