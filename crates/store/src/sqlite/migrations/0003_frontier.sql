-- What status pages ask of the frontier costs what it shows, not what the frontier holds.

-- Since when a target stands as it does.
ALTER TABLE targets ADD COLUMN since INTEGER;

-- The host is that of the address as asked, with its `www.`: politeness knows it by that name. Earlier
-- rows have the canonical address's.
UPDATE targets SET host = substr(ask, instr(ask, '://') + 3, instr(substr(ask, instr(ask, '://') + 3) || '/', '/') - 1)
    WHERE ask GLOB 'http*://*' AND instr(ask, '@') = 0 AND instr(ask, host || '/') <> instr(ask, '://') + 3;

DROP INDEX targets_shown;
CREATE INDEX targets_shown ON targets (kind, state, outlet, visited, due);

-- Ends in `took`, so that the requests of a day are counted without a look at the table.
DROP INDEX requests_of_host;
CREATE INDEX requests_of_host ON requests (host, at, took);
