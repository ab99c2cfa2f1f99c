-- The record as first laid down.
--
-- Times are microseconds since 1970 (UTC). Ids of articles and stories are their 16 bytes. A `key`
-- is a canonical URL less its scheme: what makes a page the same page. Columns named in the plural,
-- and dates, rights and captures, are JSON in the shapes of `rows.rs`.

CREATE TABLE outlets (
    id     TEXT PRIMARY KEY NOT NULL,
    outlet TEXT NOT NULL,
    put    INTEGER NOT NULL
) STRICT;

-- The frontier. `rank` is 0 for feeds and sitemaps and 1 for pages: the order in which they are leased.
CREATE TABLE targets (
    key           TEXT PRIMARY KEY NOT NULL,
    url           TEXT NOT NULL,
    ask           TEXT NOT NULL,
    kind          TEXT NOT NULL,
    rank          INTEGER NOT NULL,
    outlet        TEXT NOT NULL,
    host          TEXT NOT NULL,
    found_via     TEXT,
    language      TEXT,
    published     TEXT,
    etag          TEXT,
    last_modified TEXT,
    due           INTEGER NOT NULL,
    visited       INTEGER,
    failures      INTEGER NOT NULL,
    unchanged     INTEGER NOT NULL,
    state         TEXT NOT NULL,
    reason        TEXT,
    worker        TEXT,
    leased_until  INTEGER
) STRICT;

-- What is leased is in neither of the first two, so that a search never walks over it; they end in the
-- column that says so, so that it never looks at the table for it.
CREATE INDEX targets_order ON targets (rank, due, host, worker) WHERE worker IS NULL;
CREATE INDEX targets_queue ON targets (outlet, host, rank, due, worker) WHERE worker IS NULL;
CREATE INDEX targets_held ON targets (worker) WHERE worker IS NOT NULL;
CREATE INDEX targets_ending ON targets (leased_until, worker) WHERE worker IS NOT NULL;
CREATE INDEX targets_shown ON targets (state, visited);

CREATE TABLE hosts (
    host   TEXT PRIMARY KEY NOT NULL,
    next   INTEGER NOT NULL,
    gap    INTEGER NOT NULL,
    reason TEXT
) STRICT;

CREATE INDEX hosts_parked ON hosts (next);

CREATE TABLE robots (
    origin  TEXT PRIMARY KEY NOT NULL,
    status  INTEGER,
    body    BLOB NOT NULL,
    fetched INTEGER NOT NULL
) STRICT;

-- An article without its text, which stands in its revisions.
CREATE TABLE articles (
    id           BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    url          TEXT NOT NULL,
    outlet       TEXT NOT NULL,
    language     TEXT NOT NULL,
    confidence   REAL NOT NULL,
    title        TEXT NOT NULL,
    standfirst   TEXT,
    authors      TEXT NOT NULL,
    published    TEXT,
    modified     TEXT,
    section      TEXT,
    tags         TEXT NOT NULL,
    images       TEXT NOT NULL,
    links        TEXT NOT NULL,
    translations TEXT NOT NULL,
    paywalled    INTEGER NOT NULL,
    dateline     TEXT,
    agency       TEXT,
    rights       TEXT NOT NULL,
    moment       INTEGER NOT NULL,
    first_seen   INTEGER NOT NULL,
    last_seen    INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    revised      INTEGER NOT NULL,
    withdrawn    INTEGER
) STRICT;

CREATE INDEX articles_of_outlet ON articles (outlet, withdrawn, first_seen);

-- `digest` is the hash of title, standfirst, byline and body: a text that rotted on the disk is
-- reported, never shown.
CREATE TABLE revisions (
    article    BLOB NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    seen       INTEGER NOT NULL,
    extractor  INTEGER NOT NULL,
    title      TEXT NOT NULL,
    standfirst TEXT,
    byline     TEXT NOT NULL,
    body       TEXT NOT NULL,
    changed    TEXT NOT NULL,
    capture    TEXT,
    digest     BLOB NOT NULL,
    PRIMARY KEY (article, number)
) STRICT;

-- Every address that ever led to an article. The order of rows is the order in which they were learnt.
CREATE TABLE addresses (
    key     TEXT NOT NULL UNIQUE,
    article BLOB NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    url     TEXT NOT NULL
) STRICT;

CREATE INDEX addresses_of_article ON addresses (article);

CREATE TABLE links (
    key     TEXT NOT NULL,
    article BLOB NOT NULL,
    PRIMARY KEY (key, article)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    article BLOB,
    story   BLOB,
    facts   TEXT NOT NULL
) STRICT;

CREATE INDEX changes_of_article ON changes (article, seq) WHERE article IS NOT NULL;
CREATE INDEX changes_of_story ON changes (story, seq) WHERE story IS NOT NULL;

CREATE TABLE cursors (
    name TEXT PRIMARY KEY NOT NULL,
    seq  INTEGER NOT NULL
) STRICT;

CREATE TABLE stories (
    id         BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    title      TEXT NOT NULL,
    language   TEXT NOT NULL,
    title_from BLOB NOT NULL,
    first      INTEGER NOT NULL,
    last       INTEGER NOT NULL,
    changed    INTEGER NOT NULL,
    articles   INTEGER NOT NULL,
    breadth    INTEGER NOT NULL,
    outlets    TEXT NOT NULL,
    languages  TEXT NOT NULL
) STRICT;

CREATE INDEX stories_latest ON stories (last DESC, id);
CREATE INDEX stories_widest ON stories (breadth DESC, articles DESC, last DESC, id);
CREATE INDEX stories_changed ON stories (changed DESC, id);

CREATE TABLE story_members (
    article  BLOB PRIMARY KEY NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    story    BLOB NOT NULL,
    placed   INTEGER NOT NULL,
    evidence TEXT NOT NULL
) STRICT;

CREATE INDEX members_of_story ON story_members (story);

CREATE TABLE story_redirects (
    id       BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    into_id  BLOB NOT NULL,
    evidence TEXT NOT NULL
) STRICT;

CREATE INDEX redirects_into ON story_redirects (into_id);

CREATE TABLE snapshots (
    name TEXT PRIMARY KEY NOT NULL,
    seq  INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
