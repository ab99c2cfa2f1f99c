//! What is derived, made anew: the index from the record, stories from the log.

use anyhow::{Context, Result};
use courant_model::Seq;
use courant_store::contract::Role;
use courant_story::Placer;

use crate::pipeline::curate::{Curator, Until};
use crate::pipeline::index::index_once;
use crate::place::Place;

/// Makes a new index from the record beside the live one, then puts it in its place: readers find
/// with the old one until then.
pub(crate) async fn index(place: &Place, mut progress: impl FnMut(Seq, Seq)) -> Result<()> {
    let _role = place.record.take(Role::Curator).await?;
    let mut feed = place.index.rebuild().await.context("cannot begin a new index")?;
    let last = place.record.last_seq().await?;
    let mut done = Seq::START;
    while done < last {
        let next = index_once(place, feed.as_mut(), done).await?;
        if next == done {
            break;
        }
        done = next;
        progress(done, last);
    }
    feed.publish().await?;
    feed.close().await?;
    Ok(())
}

/// Forgets every placement and reads the log again from its start. What people decided stays.
pub(crate) async fn stories(place: &Place) -> Result<()> {
    {
        let _role = place.record.take(Role::Curator).await?;
        let nothing = Placer::new(place.settings.placing()).snapshot();
        place.record.forget_stories(&nothing, place.clock.now()).await?;
    }
    let curator = Curator::take(place).await?;
    curator.run(Until::CaughtUp, &tokio_util::sync::CancellationToken::new()).await
}
