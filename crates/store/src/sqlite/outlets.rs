//! Outlets that are not in the catalogue's files, each as one JSON value.

use async_trait::async_trait;
use courant_model::Outlet;
use jiff::Timestamp;
use rusqlite::params;

use super::{Sqlite, rows};
use crate::StoreError;
use crate::contract::Outlets;

#[async_trait]
impl Outlets for Sqlite {
    async fn outlets(&self) -> Result<Vec<Outlet>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached("SELECT outlet FROM outlets ORDER BY id")?;
            let mut found = statement.query([])?;
            let mut outlets = Vec::new();
            while let Some(row) = found.next()? {
                outlets.push(rows::read("outlet", row.get_ref(0)?)?);
            }
            Ok(outlets)
        })
        .await
    }

    async fn put_outlet(&self, outlet: &Outlet, now: Timestamp) -> Result<(), StoreError> {
        let outlet = outlet.clone();
        self.write(move |tx| {
            tx.prepare_cached(
                "INSERT INTO outlets (id, outlet, put) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET outlet = excluded.outlet, put = excluded.put",
            )?
            .execute(params![outlet.id.as_str(), rows::write(&outlet), rows::micros(now)])?;
            Ok(())
        })
        .await
    }
}
