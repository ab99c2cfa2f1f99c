//! Who holds what, and what outlives a process.

use courant_model::{Seq, Target};
use courant_store::StoreError;
use courant_store::contract::{LeaseAsk, Role};

use crate::support::{ask, at, draft, every_record, five, page, record_one};

#[tokio::test]
async fn a_role_is_held_by_one() {
    for place in every_record().await {
        let held = place.record.take(Role::Curator).await.unwrap();
        let again = place.open_again().await;
        let Err(error) = again.take(Role::Curator).await else { panic!("two curators") };
        assert!(matches!(error, StoreError::Taken { role: "curator", .. }), "{error}");
        drop(held);
        assert!(again.take(Role::Curator).await.is_ok());
    }
}

#[tokio::test]
async fn a_dead_workers_targets_are_free_when_the_next_one_starts() {
    for place in every_record().await {
        let record = &place.record;
        let targets: Vec<Target> = (0..3).map(|i| page(&format!("https://{i}.example/"), 0)).collect();
        record.add_targets(&targets).await.unwrap();
        let lease = |name: &'static str| {
            let record = record.clone();
            let ask = LeaseAsk { limit: 1, ..ask(name, at(1)) };
            async move { record.lease(&ask, at(1)).await.unwrap().len() }
        };
        let living = record.enter("living").await.unwrap();
        let dying = record.enter("dying / of a \"name\"").await.unwrap();
        assert_eq!(lease("living").await + lease("dying / of a \"name\"").await + lease("never entered").await, 3);
        let again = place.open_again().await;
        let Err(error) = again.enter("living").await else { panic!("two of one name") };
        assert!(matches!(error, StoreError::Taken { role: "worker", .. }), "{error}");

        drop(dying);
        let _next = again.enter("next").await.unwrap();
        assert_eq!(again.lease(&ask("next", at(1)), at(1)).await.unwrap().len(), 1, "the dead one's alone");
        again.release("next").await.unwrap();

        drop(living);
        let _same = again.enter("living").await.unwrap();
        assert_eq!(again.lease(&ask("living", at(1)), at(1)).await.unwrap().len(), 2, "its own from before");
    }
}

#[tokio::test]
async fn what_was_written_is_there_for_the_next_to_open() {
    for place in every_record().await {
        let ids = five(&*place.record).await;
        let beside = place.open_again().await;
        assert_eq!(beside.last_seq().await.unwrap(), Seq(5));
        record_one(&*beside, draft("https://b.example/1", 0), at(1)).await;
        assert_eq!(place.record.last_seq().await.unwrap(), Seq(6), "each sees the other's");
        drop(beside);
        let place = place.close_and_open().await;
        assert_eq!(place.record.article_ids(None, 10).await.unwrap().len(), 6);
        assert_eq!(place.record.articles(&ids).await.unwrap().len(), 5);
    }
}
