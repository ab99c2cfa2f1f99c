//! What articles are to each other.

use courant_model::{ArticleId, ChangeKind, OutletId, ProjectId};
use courant_store::contract::Relations;

use crate::support::{Place, at, draft, every_record, last_change, record_one};

#[tokio::test]
async fn relations_are_kept_whole_and_logged_where_they_change() {
    for Place { record, .. } in every_record().await {
        let first = record_one(&*record, draft("https://a.example/1", 0), at(0)).await.id();
        let second = record_one(&*record, draft("https://a.example/2", 0), at(0)).await.id();
        let none = record.relations(&[first, second]).await.unwrap();
        assert_eq!(none, Vec::new());
        let mut wanted = Relations {
            article: second,
            copy_of: Some(first),
            cites: vec![
                (OutletId::new("b"), "As b reported.".to_owned()),
                (OutletId::new("c"), "C said so.".to_owned()),
            ],
            projects: vec![(ProjectId::new("phones"), "Seventeen newsrooms looked at it.".to_owned())],
        };
        let nobody = Relations { article: ArticleId::from_bytes([9; 16]), ..wanted.clone() };
        let last = record.relate(&[wanted.clone(), nobody], at(1)).await.unwrap();
        assert_eq!(record.relations(&[first, second]).await.unwrap(), [wanted.clone()]);
        let change = last_change(&*record).await;
        assert_eq!((change.seq, change.kind, change.article), (last, ChangeKind::ArticleUpdated, Some(second)));
        assert_eq!(change.facts.get("changed"), Some("copies cites projects"));
        assert_eq!(record.relate(&[wanted.clone()], at(2)).await.unwrap(), last, "nothing new, nothing logged");
        wanted.cites.pop();
        record.relate(&[wanted.clone()], at(3)).await.unwrap();
        assert_eq!(last_change(&*record).await.facts.get("changed"), Some("cites"));
        assert_eq!(record.relations(&[second]).await.unwrap(), [wanted]);
    }
}
