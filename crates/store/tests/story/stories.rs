//! The log, the cursors over it, and stories.

use courant_model::{ArticleId, Change, ChangeKind, Evidence, Language, OutletId, Placement, Seq, StoryId};
use courant_store::StoreError;
use courant_store::contract::{Batch, PlacementBatch, StoryAsk, StoryOrder};

use crate::support::{Place, at, every_record, five, kinds, url};

fn step(from: Seq, to: u64, placements: Vec<Placement>) -> PlacementBatch {
    PlacementBatch { from, to: Seq(to), placements, touched: Vec::new(), snapshot: None }
}

fn founded(article: ArticleId) -> Placement {
    Placement::Founded { article, story: StoryId::founded_by(article, 0) }
}

fn joined(article: ArticleId, founder: ArticleId) -> Placement {
    let evidence = vec![Evidence::Words { score: 0.5, shared: vec!["pegasus".to_owned()] }, Evidence::Link(founder)];
    Placement::Joined { article, story: StoryId::founded_by(founder, 0), evidence }
}

fn merged(from: ArticleId, into: ArticleId) -> Placement {
    Placement::Merged {
        from: StoryId::founded_by(from, 0),
        into: StoryId::founded_by(into, 0),
        evidence: vec![Evidence::SharedLink("x.example/report".to_owned())],
    }
}

#[tokio::test]
async fn articles_are_placed_in_stories() {
    for Place { record, .. } in every_record().await {
        let ids = five(&*record).await;
        let story = StoryId::founded_by(ids[2], 0);
        assert_eq!(record.cursor("place").await.unwrap(), Seq::START);
        assert_eq!(record.snapshot().await.unwrap(), None);
        let batch = PlacementBatch {
            snapshot: Some(vec![1, 2, 3]),
            ..step(Seq::START, 5, vec![founded(ids[2]), joined(ids[1], ids[2]), founded(ids[4])])
        };
        assert_eq!(record.place(&batch, at(7)).await.unwrap(), Seq(8));
        assert_eq!(record.cursor("place").await.unwrap(), Seq(5));
        assert_eq!(record.cursor("index").await.unwrap(), Seq::START);
        assert_eq!(record.snapshot().await.unwrap(), Some((Seq(5), vec![1, 2, 3])));

        // Of two languages as frequent, that of the earlier article gives the title.
        let told = record.story(story).await.unwrap().unwrap();
        assert_eq!((told.title.as_str(), told.language, told.title_from), ("Title 1", Language::parse("en"), ids[1]));
        assert_eq!((told.first, told.last, told.changed), (at(3600), at(7200), at(7)));
        assert_eq!((told.articles, told.outlets), (2, vec![OutletId::new("a"), OutletId::new("b")]));
        assert_eq!(told.languages, [Language::parse("en"), Language::parse("de")]);
        assert_eq!(record.article(ids[1]).await.unwrap().unwrap().story, Some(story));

        let members = record.members(story).await.unwrap();
        assert_eq!(members.iter().map(|member| member.article).collect::<Vec<_>>(), [ids[1], ids[2]]);
        let Placement::Joined { evidence, .. } = joined(ids[1], ids[2]) else { unreachable!() };
        assert_eq!((&members[0].evidence, members[0].placed), (&evidence, at(7)));
        assert!(members[1].evidence.is_empty(), "the founder needs no evidence");

        let changes = record.changes(Seq(5), 10).await.unwrap();
        let told: Vec<_> = changes.iter().map(|c| (c.kind, c.article, c.story)).collect();
        let single = StoryId::founded_by(ids[4], 0);
        assert_eq!(
            told,
            [
                (ChangeKind::StoryCreated, Some(ids[2]), Some(story)),
                (ChangeKind::StoryJoined, Some(ids[1]), Some(story)),
                (ChangeKind::StoryCreated, Some(ids[4]), Some(single)),
            ]
        );
        assert_eq!(changes[1].facts.get("why"), Some("words link"));

        let account: Vec<Seq> =
            record.story_changes(story, 10).await.unwrap().iter().map(|change: &Change| change.seq).collect();
        assert_eq!(account, [7, 6, 3, 2].map(Seq), "of the story and of its members, newest first");
        assert_eq!(record.story_changes(story, 1).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_deposed_curator_writes_nothing() {
    for Place { record, .. } in every_record().await {
        let ids = five(&*record).await;
        record.place(&step(Seq::START, 1, vec![founded(ids[0])]), at(1)).await.unwrap();
        let late = PlacementBatch { snapshot: Some(vec![9]), ..step(Seq::START, 2, vec![founded(ids[1])]) };
        let error = record.place(&late, at(2)).await.unwrap_err();
        assert!(matches!(error, StoreError::Deposed { expected: Seq(0), found: Seq(1) }), "{error}");
        assert_eq!(record.article(ids[1]).await.unwrap().unwrap().story, None);
        assert_eq!(record.snapshot().await.unwrap(), None);
        assert_eq!(record.last_seq().await.unwrap(), Seq(6));
    }
}

#[tokio::test]
async fn merged_stories_redirect_for_good() {
    for Place { record, .. } in every_record().await {
        let ids = five(&*record).await;
        let story: Vec<StoryId> = ids.iter().map(|id| StoryId::founded_by(*id, 0)).collect();
        let all = ids.iter().map(|id| founded(*id)).collect();
        record.place(&step(Seq::START, 1, all), at(1)).await.unwrap();
        record.place(&step(Seq(1), 2, vec![merged(ids[0], ids[1])]), at(2)).await.unwrap();
        record.place(&step(Seq(2), 3, vec![merged(ids[1], ids[2]), merged(ids[1], ids[2])]), at(3)).await.unwrap();
        for id in &story[..3] {
            assert_eq!(record.story(*id).await.unwrap().unwrap().id, story[2], "flattened");
            assert_eq!(record.members(*id).await.unwrap().len(), 3);
        }
        let twice = record.stories(&[story[0], StoryId::from_bytes([9; 16]), story[3]]).await.unwrap();
        assert_eq!(twice.iter().map(|story| story.id).collect::<Vec<_>>(), [story[2], story[3]]);

        // Whoever still speaks of a merged story means the one that took it in.
        record.place(&step(Seq(3), 4, vec![joined(ids[3], ids[0])]), at(4)).await.unwrap();
        assert_eq!(record.article(ids[3]).await.unwrap().unwrap().story, Some(story[2]));
        assert_eq!(record.story(story[3]).await.unwrap(), None, "its only member left");

        let merges: Vec<Change> = record
            .story_changes(story[2], 100)
            .await
            .unwrap()
            .into_iter()
            .filter(|change| change.kind == ChangeKind::StoryMerged)
            .collect();
        assert_eq!(merges.iter().map(|change| change.story).collect::<Vec<_>>(), [Some(story[1]), Some(story[0])]);
        assert_eq!(merges[0].facts.get("into"), Some(story[2].to_string().as_str()));
    }
}

#[tokio::test]
async fn a_story_tells_of_the_articles_that_stand() {
    for Place { record, .. } in every_record().await {
        let ids = five(&*record).await;
        let story = StoryId::founded_by(ids[0], 0);
        let placements = vec![founded(ids[0]), joined(ids[2], ids[0])];
        record.place(&step(Seq::START, 5, placements), at(1)).await.unwrap();
        let withdraw = |text: &str| Batch { gone: vec![url(text)], ..Batch::default() };

        record.record(&withdraw("https://a.example/0"), at(2)).await.unwrap();
        let touch = |from: u64, to: u64| PlacementBatch { touched: vec![story], ..step(Seq(from), to, Vec::new()) };
        record.place(&touch(5, 8), at(3)).await.unwrap();
        let told = record.story(story).await.unwrap().unwrap();
        assert_eq!((told.title.as_str(), told.articles, told.changed), ("Title 2", 1, at(3)));
        assert_eq!((told.outlets, told.languages), (vec![OutletId::new("b")], vec![Language::parse("de")]));
        assert_eq!(record.members(story).await.unwrap().len(), 2, "the withdrawn one keeps its place");
        assert_eq!(kinds(&*record).await.last().map(String::as_str), Some("story.renamed"));

        record.record(&withdraw("https://a.example/2"), at(4)).await.unwrap();
        record.place(&touch(8, 9), at(5)).await.unwrap();
        let told = record.story(story).await.unwrap().unwrap();
        assert_eq!((told.title.as_str(), told.articles), ("Title 0", 2), "all withdrawn: of all");
    }
}

#[tokio::test]
async fn stories_are_listed() {
    for Place { record, .. } in every_record().await {
        let ids = five(&*record).await;
        let wide = StoryId::founded_by(ids[0], 0);
        let placements =
            vec![founded(ids[0]), joined(ids[2], ids[0]), founded(ids[3]), founded(ids[4]), joined(ids[1], ids[4])];
        record.place(&step(Seq::START, 5, placements), at(1)).await.unwrap();
        let touched = vec![StoryId::founded_by(ids[3], 0)];
        record.place(&PlacementBatch { touched, ..step(Seq(5), 6, Vec::new()) }, at(2)).await.unwrap();

        let all = StoryAsk { order: StoryOrder::Latest, at_least: 1, language: None, offset: 0, limit: 10 };
        let listed = |ask: StoryAsk| {
            let record = record.clone();
            let ids = ids.clone();
            async move {
                let (stories, count) = record.story_list(&ask).await.unwrap();
                let founders = stories.iter().map(|story| {
                    ids.iter().position(|id| StoryId::founded_by(*id, 0) == story.id).expect("a founder of ours")
                });
                (founders.collect::<Vec<_>>(), count)
            }
        };
        assert_eq!(listed(all.clone()).await, (vec![4, 3, 0], 3));
        assert_eq!(listed(StoryAsk { order: StoryOrder::Widest, ..all.clone() }).await, (vec![0, 4, 3], 3));
        assert_eq!(listed(StoryAsk { order: StoryOrder::Changed, limit: 1, ..all.clone() }).await, (vec![3], 3));
        assert_eq!(listed(StoryAsk { at_least: 2, ..all.clone() }).await, (vec![4, 0], 2));
        assert_eq!(listed(StoryAsk { offset: 1, limit: 1, ..all.clone() }).await, (vec![3], 3));
        let german = StoryAsk { language: Some(Language::parse("de")), ..all };
        assert_eq!(listed(german).await, (vec![0], 1));
        assert_eq!(record.story(wide).await.unwrap().unwrap().articles, 2);
    }
}

#[tokio::test]
async fn an_article_leaves_the_story_it_stood_in() {
    for Place { record, .. } in every_record().await {
        let ids = five(&*record).await;
        let placements = vec![founded(ids[0]), joined(ids[1], ids[0]), founded(ids[2])];
        record.place(&step(Seq::START, 5, placements), at(1)).await.unwrap();
        record.place(&step(Seq(5), 6, vec![joined(ids[1], ids[2])]), at(2)).await.unwrap();
        let left = record.story(StoryId::founded_by(ids[0], 0)).await.unwrap().unwrap();
        assert_eq!((left.articles, left.changed), (1, at(2)));
        let before = record.last_seq().await.unwrap();
        record.place(&step(Seq(6), 7, vec![joined(ids[1], ids[2])]), at(3)).await.unwrap();
        assert_eq!(record.last_seq().await.unwrap(), before, "told twice is told once");
    }
}

#[tokio::test]
async fn stories_can_be_forgotten_and_made_again_under_the_same_ids() {
    for Place { record, .. } in every_record().await {
        let ids = five(&*record).await;
        let placements = vec![founded(ids[0]), founded(ids[1]), merged(ids[1], ids[0])];
        let first = PlacementBatch { snapshot: Some(vec![1]), ..step(Seq::START, 5, placements.clone()) };
        record.place(&first, at(1)).await.unwrap();
        let told = record.story(StoryId::founded_by(ids[1], 0)).await.unwrap().unwrap();

        let logged = record.last_seq().await.unwrap();
        record.forget_stories(&[7], at(2)).await.unwrap();
        assert_eq!(record.story(told.id).await.unwrap(), None);
        assert_eq!(record.story(StoryId::founded_by(ids[1], 0)).await.unwrap(), None, "redirects too");
        assert_eq!(record.snapshot().await.unwrap(), Some((logged, vec![7])), "the old memory went with the stories");
        assert_eq!(record.cursor("place").await.unwrap(), Seq::START, "placing begins again");
        assert_eq!(record.article(ids[0]).await.unwrap().unwrap().story, None);
        assert!(logged > Seq(5), "the log keeps what happened");

        record.place(&step(Seq::START, 5, placements), at(1)).await.unwrap();
        assert_eq!(record.story(StoryId::founded_by(ids[1], 0)).await.unwrap(), Some(told));
    }
}

#[tokio::test]
async fn whoever_wakes_after_a_forgetting_takes_in_only_what_was_placed_since() {
    for place in every_record().await {
        let ids = five(&*place.record).await;
        let first = step(Seq::START, 5, vec![founded(ids[0]), joined(ids[1], ids[0])]);
        place.record.place(&first, at(1)).await.unwrap();
        place.record.forget_stories(&[7], at(2)).await.unwrap();
        // Placing again from the log's start, the process ends after two of five rows.
        place.record.place(&step(Seq::START, 2, vec![founded(ids[1])]), at(3)).await.unwrap();

        let place = place.close_and_open().await;
        let record = &place.record;
        assert_eq!(record.cursor("place").await.unwrap(), Seq(2));
        let (seq, memory) = record.snapshot().await.unwrap().unwrap();
        assert_eq!(memory, [7]);
        let since = record.changes(seq, 10).await.unwrap();
        let told: Vec<_> = since.iter().map(|change| (change.kind, change.article)).collect();
        assert_eq!(told, [(ChangeKind::StoryCreated, Some(ids[1]))]);
    }
    for Place { record, .. } in every_record().await {
        record.forget_stories(&[], at(0)).await.unwrap();
        assert_eq!(record.snapshot().await.unwrap(), Some((Seq::START, Vec::new())), "nothing to forget");
    }
}

#[tokio::test]
async fn a_placement_of_an_unknown_article_is_refused_whole() {
    for Place { record, .. } in every_record().await {
        let ids = five(&*record).await;
        let placements = vec![founded(ids[0]), founded(ArticleId::from_bytes([3; 16]))];
        let error = record.place(&step(Seq::START, 5, placements), at(1)).await.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt(_)), "{error}");
        assert_eq!(record.cursor("place").await.unwrap(), Seq::START);
        assert_eq!(record.article(ids[0]).await.unwrap().unwrap().story, None);
    }
}

#[tokio::test]
async fn the_log_is_read_in_pages() {
    for Place { record, .. } in every_record().await {
        assert_eq!(record.last_seq().await.unwrap(), Seq::START);
        five(&*record).await;
        let page = record.changes(Seq(1), 2).await.unwrap();
        assert_eq!(page.iter().map(|change| change.seq).collect::<Vec<_>>(), [Seq(2), Seq(3)]);
        assert_eq!(record.changes(Seq(5), 2).await.unwrap(), []);
        assert_eq!(record.changes(Seq(u64::MAX), 2).await.unwrap(), []);
        assert_eq!(record.changes(Seq::START, usize::MAX).await.unwrap().len(), 5);
    }
}
