//! Outlets that are not in the catalogue's files, each as one JSON value.

use async_trait::async_trait;
use courant_model::{Outlet, OutletId};
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

    async fn remove_outlet(&self, id: &OutletId) -> Result<bool, StoreError> {
        let id = id.clone();
        self.write(move |tx| {
            let removed = tx.prepare_cached("DELETE FROM outlets WHERE id = ?1")?.execute([id.as_str()])?;
            if removed > 0 {
                tx.prepare_cached("DELETE FROM targets WHERE outlet = ?1")?.execute([id.as_str()])?;
            }
            Ok(removed > 0)
        })
        .await
    }
}
