//! The schema, in numbered steps that are never altered once released: the record remembers the
//! checksum of each step it took, so that a record and a program that disagree notice it at once.
//!
//! A file is a record of Courant's by its `application_id`; another program's database is refused
//! before anything is written to it.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::StoreError;

/// One step of the schema.
struct Migration {
    number: u32,
    name: &'static str,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "record", sql: include_str!("migrations/0001_record.sql") },
    Migration { number: 2, name: "hosts", sql: include_str!("migrations/0002_hosts.sql") },
    Migration { number: 3, name: "frontier", sql: include_str!("migrations/0003_frontier.sql") },
    Migration { number: 4, name: "polling", sql: include_str!("migrations/0004_polling.sql") },
    Migration { number: 5, name: "said", sql: include_str!("migrations/0005_said.sql") },
    Migration { number: 6, name: "relations", sql: include_str!("migrations/0006_relations.sql") },
];

/// `Cour`, in the header of every record.
const APPLICATION_ID: i32 = i32::from_be_bytes(*b"Cour");

/// Brings the schema of `connection` up to date, in one transaction. `place` is for messages.
pub(super) fn migrate(connection: &mut Connection, place: &str) -> Result<(), StoreError> {
    apply(connection, place, MIGRATIONS)
}

fn apply(connection: &mut Connection, place: &str, migrations: &[Migration]) -> Result<(), StoreError> {
    let unusable = |why: String| StoreError::Unusable { place: place.to_owned(), why };
    let failed = |error: rusqlite::Error| unusable(error.to_string());
    // Immediate, so that of two processes that open a new record one waits for the other.
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let application: i32 = tx.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(failed)?;
    if application != APPLICATION_ID {
        let tables: i64 = tx.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
        if application != 0 || tables != 0 {
            return Err(unusable("it is a database of another program: name another file".to_owned()));
        }
        tx.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
        tx.execute_batch(
            "CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT",
        )
        .map_err(failed)?;
    }
    let found: u32 =
        tx.query_row("SELECT coalesce(max(number), 0) FROM migrations", [], |row| row.get(0)).map_err(failed)?;
    let known = migrations.last().map_or(0, |migration| migration.number);
    if found > known {
        return Err(StoreError::Newer { place: place.to_owned(), found, known });
    }
    for migration in migrations {
        let checksum = blake3::hash(migration.sql.as_bytes()).to_hex();
        let taken: Option<String> = tx
            .query_row("SELECT checksum FROM migrations WHERE number = ?1", [migration.number], |row| row.get(0))
            .optional()
            .map_err(failed)?;
        match taken {
            Some(taken) if taken == checksum.as_str() => {}
            Some(_) => {
                return Err(unusable(format!(
                    "its schema step {} ({}) is not this courant's: use the courant that wrote it",
                    migration.number, migration.name
                )));
            }
            None => {
                tx.execute_batch(migration.sql).map_err(failed)?;
                tx.execute(
                    "INSERT INTO migrations (number, name, checksum) VALUES (?1, ?2, ?3)",
                    params![migration.number, migration.name, checksum.as_str()],
                )
                .map_err(failed)?;
            }
        }
    }
    tx.commit().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Migration = Migration { number: 1, name: "one", sql: "CREATE TABLE a (x INTEGER) STRICT" };
    const TWO: Migration = Migration { number: 2, name: "two", sql: "ALTER TABLE a ADD COLUMN y INTEGER" };

    fn memory() -> Connection {
        Connection::open_in_memory().unwrap()
    }

    #[test]
    fn steps_are_numbered_without_gaps() {
        for (i, migration) in MIGRATIONS.iter().enumerate() {
            assert_eq!(migration.number as usize, i + 1);
        }
    }

    #[test]
    fn only_the_missing_steps_are_taken() {
        let mut connection = memory();
        apply(&mut connection, "here", &[ONE]).unwrap();
        apply(&mut connection, "here", &[ONE, TWO]).unwrap();
        apply(&mut connection, "here", &[ONE, TWO]).unwrap();
        connection.execute("INSERT INTO a (x, y) VALUES (1, 2)", []).unwrap();
    }

    #[test]
    fn an_altered_step_is_refused() {
        let mut connection = memory();
        apply(&mut connection, "here", &[ONE]).unwrap();
        let altered = Migration { sql: "CREATE TABLE a (x TEXT) STRICT", ..ONE };
        let error = apply(&mut connection, "here", &[altered]).unwrap_err();
        assert!(matches!(&error, StoreError::Unusable { why, .. } if why.contains("step 1 (one)")), "{error}");
    }

    #[test]
    fn a_newer_record_is_refused_and_left_alone() {
        let mut connection = memory();
        apply(&mut connection, "here", &[ONE, TWO]).unwrap();
        let error = apply(&mut connection, "here", &[ONE]).unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: 2, known: 1, .. }), "{error}");
    }

    #[test]
    fn a_step_that_fails_leaves_nothing_behind() {
        let mut connection = memory();
        let broken = Migration { number: 2, name: "broken", sql: "CREATE TABLE b (x INTEGER) STRICT; CREATE nonsense" };
        assert!(apply(&mut connection, "here", &[ONE, broken]).is_err());
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 0);
    }

    /// A record as the first step left it, with a target, hosts and a robots.txt.
    fn first_record() -> Connection {
        let mut connection = memory();
        apply(&mut connection, "here", &MIGRATIONS[..1]).unwrap();
        let targets = [
            ("a.example/1", "https://www.a.example/1?x=//a.example/", "a.example"),
            ("b.example", "http://b.example:8080/", "b.example:8080"),
            ("c.example/x", "https://m.c.example", "c.example"),
        ];
        for (key, ask, host) in targets {
            let sql = "INSERT INTO targets (key, url, ask, kind, rank, outlet, host, due, failures, unchanged, state)
                       VALUES (?1, 'https://' || ?1, ?2, 'page', 1, 'a', ?3, 5, 0, 0, 'open')";
            connection.execute(sql, [key, ask, host]).unwrap();
        }
        connection
            .execute_batch(
                "INSERT INTO hosts (host, next, gap, reason) VALUES ('a.example', 7, 2000000, '429');
                 INSERT INTO robots (origin, status, body, fetched) VALUES ('https://a.example', 200, x'ff41', 9);
                 INSERT INTO robots (origin, status, body, fetched) VALUES ('https://b.example', NULL, x'', 8);",
            )
            .unwrap();
        connection
    }

    #[test]
    fn a_record_of_the_first_step_is_carried_over() {
        let mut connection = first_record();
        migrate(&mut connection, "here").unwrap();
        let rows = |sql: &str| -> Vec<String> {
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let hosts = rows("SELECT key || ' ' || host FROM targets WHERE since IS NULL AND changed IS NULL ORDER BY key");
        assert_eq!(hosts, ["a.example/1 www.a.example", "b.example b.example:8080", "c.example/x m.c.example"]);
        let hosts = rows("SELECT concat_ws(' ', host, next, gap, reason, failures) FROM hosts WHERE address IS NULL");
        assert_eq!(hosts, ["a.example 7 2000000 429 0"]);
        let files = rows(
            "SELECT concat_ws(' ', origin, file, status, hex(body), fetched) FROM origin_files
             WHERE etag IS NULL AND last_modified IS NULL ORDER BY origin",
        );
        assert_eq!(files, ["https://a.example robots 200 FF41 9", "https://b.example robots  8"]);
        assert_eq!(rows("SELECT name FROM sqlite_schema WHERE name = 'robots'"), [""; 0]);
        assert_eq!(rows("PRAGMA integrity_check"), ["ok"]);
    }

    #[test]
    fn another_programs_database_is_refused() {
        let mut connection = memory();
        connection.execute_batch("CREATE TABLE bookmarks (x)").unwrap();
        let error = apply(&mut connection, "here", &[ONE]).unwrap_err();
        assert!(error.to_string().contains("another program"), "{error}");
    }
}
