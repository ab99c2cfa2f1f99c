-- What articles are to each other: near copies, citations of outlets, projects. The sentence is the evidence.

CREATE TABLE copies (
    article  BLOB PRIMARY KEY NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    original BLOB NOT NULL
) STRICT;

CREATE INDEX copies_of ON copies (original);

CREATE TABLE cites (
    article  BLOB NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    outlet   TEXT NOT NULL,
    sentence TEXT NOT NULL,
    PRIMARY KEY (article, outlet)
) STRICT, WITHOUT ROWID;

CREATE INDEX cites_of ON cites (outlet);

CREATE TABLE article_projects (
    article  BLOB NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    project  TEXT NOT NULL,
    sentence TEXT NOT NULL,
    PRIMARY KEY (article, project)
) STRICT, WITHOUT ROWID;

CREATE INDEX articles_of_project ON article_projects (project);
